"""Fills the sheets of tasks and milestones: what a province undertook, and how far its plans have come."""

from collections.abc import Iterator, Sequence
from datetime import date

from xltrack.demo.applications import task_of
from xltrack.demo.names import agency
from xltrack.demo.occasion import Occasion, Row, chance
from xltrack.demo.scale import PLANS_36
from xltrack.demo.trades import MILLION
from xltrack.forms import Unit

_LONG_TASKS = (
    # group, kind, name, first year, last year
    ("N2", "assigned", "Thông tin, truyền thông về năng suất chất lượng", 2021, 2022),
    ("N2", "assigned", "Chuyên mục năng suất chất lượng trên báo, đài của tỉnh", 2023, 2025),
    ("N3", "assigned", "Đào tạo, tập huấn về năng suất chất lượng", 2021, 2023),
    ("N3", "assigned", "Đào tạo chuyên gia năng suất chất lượng", 2024, 2025),
)
_CHOICE_OF_TASKS = (
    (
        "N4",
        "science_technology",
        "Xây dựng mô hình điểm áp dụng đồng bộ hệ thống quản lý và công cụ cải tiến",
    ),
    ("N5", "science_technology", "Nâng cao năng lực thử nghiệm của phòng thử nghiệm"),
    ("N1", "assigned", "Rà soát, hoàn thiện mức hỗ trợ doanh nghiệp nâng cao năng suất chất lượng"),
    ("N6", "assigned", "Trao đổi kinh nghiệm về năng suất chất lượng với các tổ chức quốc tế"),
)
_STEPS = (
    # kind, content, month and day due, kind of due date
    ("study", "Nghiên cứu các văn bản, hướng dẫn", (5, 31), "within"),
    ("draft", "Xây dựng dự thảo kế hoạch", (6, 15), "before"),
    ("comments_internal", "Lấy ý kiến trong cơ quan, chỉnh sửa lần 1", (6, 30), "before"),
    ("comments_departments", "Lấy ý kiến các sở, ngành, chỉnh sửa lần 2", (7, 15), "before"),
    ("review", "Báo cáo lãnh đạo xem xét", (7, 30), "before"),
    ("submit", "Hoàn thiện, trình ban hành kế hoạch", (8, 5), "before"),
    ("issue", "Ban hành kế hoạch", (8, 30), "none"),
)
"""Steps and dates of Bắc Giang's timetable of April 2021."""


def task_rows(occasion: Occasion) -> list[Row]:
    """Return the tasks that run in the year, of every province the unit covers."""
    rows = [row for part in occasion.parts for row in _tasks(part)]
    return [_as_of(occasion, row) for row in rows if _runs(row, occasion.year)]


def milestone_rows(occasion: Occasion) -> list[Row]:
    """Return the milestones of both plans; a merged unit carries on the plan that got furthest."""
    return [*_milestones_1322(occasion), *_milestones_36(occasion)]


def _tasks(part: Unit) -> Iterator[Row]:
    name = "Hỗ trợ doanh nghiệp nâng cao năng suất chất lượng giai đoạn 2021 - 2025"
    yield _task(part, 1, ("N4", "assigned", name), (2021, 2025)) | {"task_id": task_of(part.code)}
    for number, (group, kind, title, first, last) in enumerate(_LONG_TASKS, start=2):
        yield _task(part, number, (group, kind, title), (first, last))
    draw = chance("tasks", part.code)
    for number, what in enumerate(draw.sample(_CHOICE_OF_TASKS, 2), start=6):
        first = draw.randint(2021, 2024)
        yield _task(part, number, what, (first, min(first + draw.randint(0, 2), 2025)))
    if part.code in PLANS_36:
        first = PLANS_36[part.code][0]
        what = ("", "assigned", "Khảo sát, đo lường năng suất của doanh nghiệp trên địa bàn")
        yield _task(part, 8, what, (first, min(first + 2, 2025)))


def _task(part: Unit, number: int, what: tuple[str, str, str], years: tuple[int, int]) -> Row:
    group, kind, name = what
    draw = chance("task", part.code, number)
    # The first task pays all enterprises of the province over five years.
    state = draw.randint(30, 60) * (500 if number == 1 else 50) * MILLION
    row: Row = {
        "task_id": f"NV{part.bare_code}-{years[0]}-{number:02}",
        "programme": "1322" if group else "36",
        "task_name": f"{name} (dựng thử)",
        "task_kind": kind,
        "level": "national" if kind == "science_technology" and draw.random() < 0.2 else "province",
        "volume": f"{draw.randint(5, 60)} doanh nghiệp",
        "expected_result": "Báo cáo kết quả, hồ sơ nghiệm thu",
        "lead_agency": "Sở Khoa học và Công nghệ",
        "coordinating_agencies": "Sở Công Thương; Hội Doanh nghiệp tỉnh",
        "start_date": date(years[0], 1, 15),
        "end_date": date(years[1], 10, 31) if years[1] < 2025 or draw.random() < 0.5 else date(2025, 12, 5),
        "budget_state": state,
        "budget_other": state * draw.randint(1, 6) // 10 if group in ("N4", "") else 0,
    }
    return row | ({"task_group": group} if group else {})


def _runs(task: Row, year: int) -> bool:
    start, end = task["start_date"], task["end_date"]
    return isinstance(start, date) and isinstance(end, date) and start.year <= year <= end.year


def _as_of(occasion: Occasion, task: Row) -> Row:
    return task | {"status": "completed" if str(task["end_date"]) <= str(occasion.cut_off) else "doing"}


def _milestones_1322(occasion: Occasion) -> Iterator[Row]:
    yield from _timetable(occasion, "1322", 2021, len(_STEPS))
    for sequence, year in enumerate(range(2022, occasion.year + 1), start=len(_STEPS) + 1):
        yield _step(
            occasion,
            "1322",
            sequence,
            ("carry_out", f"Tổ chức thực hiện kế hoạch năm {year}", date(year, 12, 10)),
        )
    closing = ("complete", "Tổng kết giai đoạn 2021 - 2025", date(2025, 12, 12))
    yield _step(occasion, "1322", 20, closing)


def _milestones_36(occasion: Occasion) -> Iterator[Row]:
    """Yield the seven steps, then carrying out and completing where the plan has been issued."""
    issued, completed = _plan_of(occasion.parts)
    draw = chance("plan36", occasion.parts[0].code)
    begun = issued or draw.choice((2022, 2023, 2024, 2025))
    done = len(_STEPS) if issued else draw.choice((0, 1, 1, 2, 3, 4))
    yield from _timetable(occasion, "36", begun, done)
    if issued and issued < occasion.year:
        end = completed or 2026
        for sequence, kind, content, due in (
            (8, "carry_out", "Tổ chức thực hiện kế hoạch nâng cao năng suất", date(end, 8, 31)),
            (9, "complete", "Hoàn thành, đánh giá kết quả thực hiện kế hoạch", date(end, 10, 30)),
        ):
            yield _step(occasion, "36", sequence, (kind, content, due))


def _plan_of(parts: Sequence[Unit]) -> tuple[int | None, int | None]:
    plans = [PLANS_36[part.code] for part in parts if part.code in PLANS_36]
    return plans[0] if plans else (None, None)


def _timetable(occasion: Occasion, programme: str, year: int, done: int) -> Iterator[Row]:
    """Yield the seven steps of a plan drawn up in `year`, of which the first `done` were taken."""
    for sequence, (kind, content, (month, day), due_kind) in enumerate(_STEPS, start=1):
        due = date(year, month, day)
        row: Row = {
            "programme": programme,
            "sequence": sequence,
            "milestone_kind": kind,
            "content": content,
            "due_kind": due_kind,
            "lead_agency": "Phòng Quản lý tiêu chuẩn, chất lượng",
        }
        if due_kind != "none":
            text = f"Trong tháng {month}/{year}" if due_kind == "within" else f"Trước ngày {due:%d/%m/%Y}"
            row |= {"due_date": due, "due_text": text}
        row |= (
            _taken(occasion, programme, due, kind)
            if sequence <= done and year <= occasion.year
            else {"status": "planned"}
        )
        yield row


def _taken(occasion: Occasion, programme: str, due: date, kind: str) -> Row:
    """Return that a step was taken, a little before it was due; an issued plan has its document."""
    draw = chance("step", occasion.parts[0].code, programme, kind)
    on = date(due.year, due.month, max(1, due.day - draw.randint(0, 6)))
    row: Row = {"status": "completed", "done_on": on}
    if kind == "issue":
        number = f"{draw.randint(20, 400)}/KH-UBND (dựng thử)"
        row |= {"deliverable": f"Kế hoạch của {agency(occasion.title)} trình ban hành", "document_no": number}
        row |= {"document_date": on}
    return row


def _step(occasion: Occasion, programme: str, sequence: int, what: tuple[str, str, date]) -> Row:
    kind, content, due = what
    row: Row = {
        "programme": programme,
        "sequence": sequence,
        "milestone_kind": kind,
        "content": content,
        "start_date": date(due.year, 1, 5) if due.year <= occasion.year else date(occasion.year, 1, 5),
        "due_date": due,
        "due_kind": "before",
        "lead_agency": "Phòng Quản lý tiêu chuẩn, chất lượng",
    }
    if due <= occasion.cut_off or due.year < occasion.year:
        return row | {"status": "completed", "done_on": due}
    return row | {"status": "planned" if kind == "complete" else "doing"}
