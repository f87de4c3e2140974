"""Fills the sheets of focal agencies, training, targets and obstacles."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from xltrack.demo.names import agency
from xltrack.demo.occasion import MADE_UP, Occasion, Row, chance
from xltrack.demo.scale import PLANS_36

_COURSES = (
    ("course", "Đào tạo áp dụng hệ thống quản lý chất lượng ISO 9001"),
    ("workshop", "Tập huấn 5S và Kaizen"),
    ("workshop", "Tập huấn sản xuất tinh gọn (Lean)"),
    ("seminar", "Hội thảo nâng cao năng suất dựa trên khoa học, công nghệ và đổi mới sáng tạo"),
    ("broadcast", "Phóng sự về doanh nghiệp áp dụng công cụ cải tiến"),
    ("article", "Tin, bài về năng suất chất lượng"),
    ("workshop", "Tập huấn truy xuất nguồn gốc, mã số, mã vạch"),
)
_EXPERTS = ("expert", "Đào tạo chuyên gia năng suất chất lượng")
_OBSTACLES = (
    (
        "funding",
        "Kinh phí sự nghiệp bố trí cho chương trình còn thấp so với nhu cầu",
        "Ngân sách tỉnh khó cân đối",
        "Bổ sung hỗ trợ từ ngân sách trung ương",
        "other_ministry",
    ),
    (
        "mechanism",
        "Thủ tục hỗ trợ doanh nghiệp còn nhiều bước",
        "Quy định về hồ sơ thanh toán chưa rõ",
        "Hướng dẫn mẫu hồ sơ rút gọn",
        "most",
    ),
    (
        "staff",
        "Thiếu cán bộ chuyên trách về năng suất",
        "Biên chế giảm, công việc kiêm nhiệm",
        "Tổ chức đào tạo chuyên gia tại địa phương",
        "most",
    ),
    (
        "awareness",
        "Doanh nghiệp nhỏ chưa quan tâm đến đo lường năng suất",
        "Chưa thấy lợi ích trước mắt",
        "Tăng cường truyền thông, mô hình điểm",
        "province",
    ),
    (
        "mechanism",
        "Chưa có cơ chế ưu đãi thuế cho doanh nghiệp đầu tư nâng cao năng suất",
        "Vượt thẩm quyền của địa phương",
        "Xem xét cơ chế ưu đãi riêng",
        "prime_minister",
    ),
)
_REORGANISATION = (
    "reorganisation",
    "Mức hỗ trợ của các tỉnh trước sáp nhập khác nhau",
    "Nghị quyết cũ chỉ áp dụng cho tỉnh trước sáp nhập",
    "Ban hành nghị quyết thống nhất mức hỗ trợ",
    "province",
)


def focal_agency_rows(occasion: Occasion) -> list[Row]:
    """Return the focal agency of each programme; merged units also show the former one, closed on 30/6/2025.

    A few units have none for Plan 36: the status report lists them.
    """
    draw = chance("focal", occasion.parts[0].code)
    since = date(2021, 3, 1) + timedelta(days=draw.randint(1, 90))
    first = _agency(occasion, "1322", since)
    if occasion.merged:
        old = first | {
            "agency_name": agency(f"tỉnh {occasion.parts[0].name.vi}"),
            "valid_to": date(2025, 6, 30),
        }
        rows = [old, _agency(occasion, "1322", date(2025, 7, 1))]
    else:
        rows = [first]
    has_plan = any(part.code in PLANS_36 for part in occasion.parts)
    if has_plan or draw.random() < 0.9:
        rows.append(_agency(occasion, "36", date(2025, 7, 1) if occasion.merged else since))
    return rows


def _agency(occasion: Occasion, programme: str, since: date) -> Row:
    bare = occasion.unit.bare_code
    return {
        "programme": programme,
        "agency_name": agency(occasion.title),
        "implementing_body": "Chi cục Tiêu chuẩn Đo lường Chất lượng"
        if since.year < 2025
        else "Phòng Quản lý tiêu chuẩn",
        "designation_no": f"{300 + int(bare)}/UBND-KT (dựng thử)",
        "designated_on": since,
        "contact_position": "Trưởng phòng",
        "office_phone": "024 0000 0000",
        "office_email": f"tieuchuan-{bare}@dung-thu.example",
        "proposed_content": "Hỗ trợ doanh nghiệp áp dụng hệ thống quản lý, công cụ cải tiến năng suất",
        "valid_from": since,
    }


def training_rows(occasion: Occasion) -> list[Row]:
    """Return the year's courses and media; about every second province trains certified experts."""
    draw = occasion.random("training")
    chosen = draw.sample(_COURSES, 3 + draw.randint(0, 2) + len(occasion.parts) // 2)
    chosen += [_EXPERTS] * sum(draw.random() < 0.55 for _ in occasion.parts)
    return [_course(occasion, number, what) for number, what in enumerate(chosen, start=1)]


def _course(occasion: Occasion, number: int, what: tuple[str, str]) -> Row:
    kind, title = what
    draw = occasion.random(f"course {number}")
    start = date(occasion.year, 3, 1) + timedelta(days=draw.randint(0, 220))
    row: Row = {
        "course_id": f"DT{occasion.unit.bare_code}-{occasion.year}-{number:02}",
        "kind": kind,
        "title": f"{title}, đợt {number}",
        "topic": title,
        "organiser": agency(occasion.title),
        "start_date": start,
        "end_date": start + timedelta(days=draw.randint(0, 4)),
        "sessions": draw.randint(1, 6),
    }
    if kind in ("broadcast", "article"):
        return row
    people = draw.randint(25, 110)
    row |= {"participants": people, "women": round(people * draw.uniform(0.25, 0.6))}
    row |= {"enterprises": round(people * draw.uniform(0.4, 0.8))}
    row |= {"mode": draw.choice(("in_person", "in_person", "online", "mixed"))}
    return row | ({"certified_experts": draw.randint(2, 5)} if kind == "expert" else {})


def target_rows(
    occasion: Occasion, counted: Mapping[int, int], rows: Mapping[str, Sequence[Row]]
) -> list[Row]:
    """Return targets of the year and of the five years; `counted` is the unit's enterprises by year."""
    draw = occasion.random("targets")
    now, before = counted[occasion.year], counted.get(occasion.year - 1)
    pilots = {row["tax_code"] for row in rows["applications"] if row["pilot_model"]}
    courses = [row for row in rows["training"] if row["kind"] not in ("broadcast", "article")]
    values = [
        ("ENT-SUPPORTED", now + draw.randint(-3, 3), now),
        ("PILOT-MODELS", max(1, len(pilots)), len(pilots)),
        ("COURSES", len(courses), len(courses)),
        ("LABOUR-PRODUCTIVITY", 7.0, round(draw.uniform(5.5, 8.2), 1)),
        ("TFP-SHARE", 45.0, round(draw.uniform(41.0, 48.0), 1)),
    ]
    yearly = [_target(occasion, *value) for value in values]
    if before and not occasion.merged:
        growth = round(100 * (now / before - 1), 1)
        yearly.append(_target(occasion, "ENT-GROWTH", 10.0, growth) | {"baseline_value": float(before)})
    return [*yearly, _five_years(occasion, sum(counted.values())), _own(occasion)]


def _target(occasion: Occasion, code: str, target: float, actual: float) -> Row:
    entry = occasion.schemas.code_lists["indicators"].by_code[code]
    return {
        "programme": entry.parent,
        "period_kind": "annual",
        "period": str(occasion.year),
        "indicator_code": code,
        "indicator_name": entry.label.vi,
        "unit": entry.extra["unit"],
        "baseline_year": occasion.year - 1,
        "target_value": float(target),
        "actual_value": float(actual),
        "document_no": f"{100 + int(occasion.unit.bare_code)}/KH-UBND (dựng thử)",
    }


def _five_years(occasion: Occasion, so_far: int) -> Row:
    row = _target(occasion, "ENT-SUPPORTED", max(20, 5 * round(so_far / 4)), so_far)
    return row | {
        "period_kind": "five_year",
        "period": "2021-2025",
        "baseline_year": 2020,
        "baseline_value": 0.0,
    }


def _own(occasion: Occasion) -> Row:
    """Return an indicator of the province's own."""
    draw = occasion.random("own target")
    share = round(draw.uniform(20, 40) + 4 * (occasion.year - 2021), 1)
    return {
        "programme": "1322",
        "period_kind": "annual",
        "period": str(occasion.year),
        "indicator_code": "DP-01",
        "indicator_name": "Tỷ lệ doanh nghiệp được hỗ trợ dùng mã vạch có truy xuất nguồn gốc",
        "unit": "%",
        "baseline_year": 2020,
        "baseline_value": 20.0,
        "target_value": 60.0,
        "actual_value": share,
        "estimate_value": round(share + 1.5, 1),
    }


def obstacle_rows(occasion: Occasion) -> list[Row]:
    """Return two to four obstacles with what is proposed and who must decide."""
    draw = occasion.random("obstacles")
    chosen = draw.sample(_OBSTACLES, draw.randint(2, 4))
    if occasion.merged:
        chosen = [_REORGANISATION, *chosen[:3]]
    return [
        {
            "sequence": number,
            "category": category,
            "obstacle": f"{obstacle} {MADE_UP}",
            "cause": cause,
            "proposal": proposal,
            "deciding_level": level,
            "proposed_deadline": f"Quý II/{occasion.year + 1}",
            "status": draw.choice(("open", "open", "in_progress", "resolved")),
        }
        for number, (category, obstacle, cause, proposal, level) in enumerate(chosen, start=1)
    ]
