"""The sheets of figures: by unit, by tool, by size and sector, funding."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from xlsxwriter import Workbook

from xltrack.excel.heads import Cell, Head
from xltrack.excel.national_page import Look, Page
from xltrack.excel.national_source import PeriodAndKind, Source
from xltrack.language import Text
from xltrack.rollup.labels import TITLES

BY_UNIT = Text("Theo đơn vị", "By unit")
BY_TOOL = Text("Theo công cụ", "By tool")
BY_SIZE = Text("Quy mô - ngành", "Size and sector")
FUNDING = Text("Kinh phí", "Funding")

_UNIT_MEASURES: tuple[tuple[str, str | None, Text | None], ...] = (
    ("enterprises_supported", None, None),
    ("enterprises_first_supported", None, Text("Lần đầu", "First time")),
    ("pilot_models", None, None),
    ("cooperatives_supported", None, Text("Hợp tác xã", "Cooperatives")),
    ("applications", None, None),
    ("certificates_issued", None, Text("Giấy chứng nhận", "Certificates")),
    ("participants", None, None),
    ("certified_experts", None, Text("Chuyên gia đạt chuẩn", "Certified experts")),
    ("tasks", None, None),
    ("funding", "disbursed", Text("Giải ngân (đồng, hiện theo triệu)", "Disbursed (VND, shown in millions)")),
    (
        "funding_state",
        "disbursed",
        Text("Trong đó NSNN (đồng, hiện theo triệu)", "Of which state (VND, shown in millions)"),
    ),
)
_VIEWS = {"34": Text("34 tỉnh", "34 provinces"), "63": Text("63 tỉnh", "63 provinces")}
_STATES = {
    "reported": Text("Đã báo cáo", "Reported"),
    "incomplete": Text("Một phần", "In part"),
    "missing": Text("Chưa báo cáo", "Not reported"),
}
_GROUPS = {"province": Text("Tỉnh, thành phố", "Province"), "other": Text("Bộ, ngành", "Ministry")}
_NO_ADDING = Text(
    "Một doanh nghiệp áp dụng nhiều công cụ đứng ở nhiều dòng: tổng các dòng lớn hơn số doanh nghiệp.",
    "An enterprise that applies several tools stands in several lines: their sum exceeds the number of enterprises.",
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """One measure along one dimension; `spare` columns of codes keep it below tables with more columns."""

    measure: str
    dimension: str
    funding_kind: str | None = None
    spare: int = 0


def write_by_unit(book: Workbook, look: Look, source: Source) -> None:
    """Write one row per view, unit and year; who has not reported has no figures, and is never a zero."""
    page = Page(
        book, look, source.lang, BY_UNIT, Text("Kết quả theo đơn vị báo cáo", "Results by reporting unit")
    )
    page.note(
        Text(
            "Chọn cách nhìn 34 hoặc 63 tỉnh ở cột đầu. Không cộng hai cách nhìn với nhau; số đếm không trùng "
            "không cộng được giữa các đơn vị.",
            "Choose the view of 34 or 63 provinces in the first column. Never add the two views; distinct "
            "counts do not add up over units.",
        )
    )
    heads = [
        Head(Text("Cách nhìn", "View"), width=12), Head(Text("Nhóm", "Group"), width=16),
        Head(Text("Đơn vị", "Unit"), width=36), Head(Text("Kỳ", "Period"), width=11),
        Head(Text("Loại số liệu", "Figures"), width=18), Head(Text("Tình trạng", "State"), width=14),
    ]  # fmt: skip
    for measure, kind, title in _UNIT_MEASURES:
        heads.append(Head(title or source.measure(measure), "money" if kind else "number", 12))
    rows = page.table(heads, list(_unit_rows(source)), freeze=True)
    colours = {"missing": "#9C0006", "incomplete": "#7A4B00"}
    page.mark(5, rows, {_STATES[state].to(source.lang): colour for state, colour in colours.items()})
    page.close()


def _unit_rows(source: Source) -> Iterator[list[Cell]]:
    spans = [one for one in source.with_spans if one not in source.years]
    for one in (*reversed(source.years), *spans):
        for view in _VIEWS:
            for unit in source.rollup.units.filter(pl.col("view") == view).to_dicts():
                yield from _unit_row(source, one, view, unit)


def _unit_row(source: Source, one: PeriodAndKind, view: str, unit: Mapping[str, str]) -> Iterator[list[Cell]]:
    period, kind = one
    code = unit["unit_code"]
    year = source.round_of(period)
    state = source.state(view, code, year) if year else None
    known = (view, code, period, kind) in source.with_figures
    reported = year is not None and kind in source.kinds(view, code, year)
    missing = state == "missing" and kind == _main_kind(source, period)
    if known or reported or missing:
        group = _GROUPS[unit["unit_group"]].to(source.lang)
        shown = _STATES[state].to(source.lang) if state else None
        head = [
            _VIEWS[view].to(source.lang),
            group,
            source.named(unit),
            period.replace("-", "–"),
            _kind(source, kind),
            shown,
        ]
        yield [
            *head,
            *(
                [None] * len(_UNIT_MEASURES)
                if missing and not known
                else _unit_values(source, one, view, code)
            ),
        ]


def _main_kind(source: Source, period: str) -> str:
    """Return the kind of figures under which those who have not reported are listed: the first of the period."""
    return next(kind for one, kind in source.columns if one == period)


def _unit_values(source: Source, one: PeriodAndKind, view: str, unit: str) -> Iterator[int | None]:
    """Yield the figures of a unit that has some: what is absent is 0 only where the unit itself was to report it."""
    absent = 0 if source.speaks_for_itself(view, unit, one[0]) else None
    for measure, kind, _ in _UNIT_MEASURES:
        yield source.of_units.get((measure, *one, view, unit, kind), absent)


def _kind(source: Source, kind: str) -> str | None:
    return source.label("figures_kinds", kind)


def write_by_tool(book: Workbook, look: Look, source: Source) -> None:
    """Write enterprises, applications and money by tool, and enterprises by group of tasks."""
    page = Page(
        book, look, source.lang, BY_TOOL, Text("Kết quả theo công cụ, hệ thống", "Results by tool and system")
    )
    page.note(_NO_ADDING)
    _matrix(
        page,
        source,
        source.measure("enterprises_supported"),
        _Cut("enterprises_supported", "tool"),
        source.with_spans,
    )
    _matrix(page, source, Text("Lượt áp dụng", "Applications"), _Cut("applications", "tool"), source.years)
    _matrix(
        page,
        source,
        source.measure("certificates_issued"),
        _Cut("certificates_issued", "tool"),
        source.with_spans,
    )
    _matrix(
        page,
        source,
        Text(
            "Kinh phí giải ngân theo công cụ (ô giữ đồng, hiện theo triệu)",
            "Funding disbursed by tool (cells hold VND, shown in millions)",
        ),
        _Cut("funding", "tool", "disbursed"),
        source.with_spans,
    )
    _matrix(
        page,
        source,
        Text("Doanh nghiệp theo nhóm nhiệm vụ, giải pháp", "Enterprises by group of tasks"),
        _Cut("enterprises_supported", "task_group"),
        source.with_spans,
    )
    _matrix(
        page,
        source,
        Text("Nhiệm vụ theo nhóm nhiệm vụ, giải pháp", "Tasks by group of tasks"),
        _Cut("tasks", "task_group"),
        source.years,
    )
    page.close()


def write_by_size(book: Workbook, look: Look, source: Source) -> None:
    """Write enterprises by size (Decree 80/2021/NĐ-CP), by sector, and money by size."""
    title = Text("Doanh nghiệp được hỗ trợ theo quy mô và ngành", "Enterprises supported by size and sector")
    page = Page(book, look, source.lang, BY_SIZE, title)
    page.note(
        Text(
            "Quy mô tính theo Điều 5 Nghị định 80/2021/NĐ-CP (lao động và doanh thu hoặc nguồn vốn); thiếu số "
            "liệu thì lấy quy mô tự khai; không có thì “Không rõ”.",
            "Size follows article 5 of Decree 80/2021/NĐ-CP (workers and revenue or capital); where data are "
            "missing, the declared size; else “Not stated”.",
        )
    )
    for dimension, name in (
        ("size", Text("Theo quy mô", "By size")),
        ("size_sector", Text("Theo khu vực", "By sector group")),
    ):
        _matrix(page, source, name, _Cut("enterprises_supported", dimension), source.with_spans)
    _matrix(
        page,
        source,
        Text(
            "Theo ngành kinh tế (hai phiên bản VSIC không cộng chung)",
            "By section (two versions of VSIC, never mixed)",
        ),
        _Cut("enterprises_supported", "sector"),
        source.with_spans,
    )
    _matrix(
        page,
        source,
        Text(
            "Kinh phí giải ngân theo quy mô doanh nghiệp (ô giữ đồng, hiện theo triệu)",
            "Funding disbursed by size (cells hold VND, shown in millions)",
        ),
        _Cut("funding", "size", "disbursed"),
        source.with_spans,
    )
    page.close()


def write_funding(book: Workbook, look: Look, source: Source) -> None:
    """Write money by kind of figure, source and year; restatements apart."""
    page = Page(
        book,
        look,
        source.lang,
        FUNDING,
        Text("Kinh phí (ô giữ đồng, hiện theo triệu)", "Funding (cells hold VND, shown in millions)"),
    )
    page.note(
        Text(
            "Dự toán, phân bổ, giải ngân, quyết toán không bao giờ cộng với nhau. Ô giữ đủ từng đồng, hiển thị "
            "theo triệu đồng.",
            "Estimated, allocated, disbursed and settled are never added to one another. Cells keep every đồng "
            "and show millions.",
        )
    )
    page.section(Text("Theo loại số và nguồn", "By kind of figure and source"))
    columns = source.with_spans
    heads = [
        Head(Text("Loại số", "Kind"), width=34),
        Head(Text("Nguồn", "Source"), width=34),
        *source.heads(columns, "money", 12),
    ]
    page.table(heads, list(_money_rows(source, columns)))
    _matrix(
        page,
        source,
        Text("Giải ngân theo nội dung chi", "Disbursed by spending item"),
        _Cut("funding", "spending_item", "disbursed", spare=1),
        columns,
    )
    _matrix(
        page,
        source,
        Text("Giải ngân theo đối tượng", "Disbursed by subject"),
        _Cut("funding", "subject_kind", "disbursed", spare=1),
        columns,
    )
    page.section(
        Text(
            "Số của năm khác năm báo cáo: so sánh, không cộng", "Lines of another year: compared, never added"
        )
    )
    _restatements(page, source)
    page.close()


def _money_rows(source: Source, columns: Sequence[PeriodAndKind]) -> Iterator[list[Cell]]:
    whole, state = (
        Text("Tổng số", "Total").to(source.lang),
        Text("Ngân sách nhà nước", "State budget").to(source.lang),
    )
    for kind in source.codes_of("funding", "funding_kind"):
        name = source.name("funding_kind", kind)
        yield [name, whole, *(source.value("funding", one, funding_kind=kind) for one in columns)]
        yield [name, state, *(source.value("funding_state", one, funding_kind=kind) for one in columns)]
        for code in source.codes_of("funding", "source"):
            values = [source.value("funding", one, funding_kind=kind, source=code) for one in columns]
            if any(values):
                yield [name, f"– {source.name('source', code)}", *values]


def _restatements(page: Page, source: Source) -> None:
    heads = [
        Head(Text("Đơn vị", "Unit"), width=34), Head(Text("Loại số và nguồn", "Kind and source"), width=34),
        Head(Text("Báo cáo năm", "Return of"), "text"), Head(Text("Số của năm", "Of year"), "text"),
        Head(Text("Số nêu lại", "Restated"), "money"), Head(Text("Số đã báo cáo", "Reported"), "money"),
        Head(Text("Chênh lệch", "Difference"), "money"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            source.named(row),
            f"{source.name('funding_kind', row['funding_kind'])} – {source.name('source', row['source'])}",
            str(row["return_year"]), str(row["year"]), row["restated"], row["reported"], row["difference"],
        ]
        for row in source.rollup.restatements.to_dicts()
    ]  # fmt: skip
    page.table(heads, rows)


def _matrix(page: Page, source: Source, title: Text, cut: _Cut, columns: Sequence[PeriodAndKind]) -> None:
    """Write one row per code of the dimension and one column per period, with heat.

    Of one unit not every cut is made: those are left out.
    """
    fixed = {"funding_kind": cut.funding_kind} if cut.funding_kind else {}
    rows: list[list[Cell]] = []
    for code in source.codes_of(cut.measure, cut.dimension):
        values = [source.value(cut.measure, one, **fixed, **{cut.dimension: code}) for one in columns]
        if any(values):
            rows.append([source.name(cut.dimension, code), *[code] * cut.spare, *values])
    if source.rollup.unit and not rows:
        return
    page.section(title)
    heads = [Head(TITLES[cut.dimension], width=34 if cut.spare else 56)]
    heads += [Head(Text("Mã", "Code"), width=34)] * cut.spare
    heads += source.heads(columns, "money" if fixed else "number", 12)
    first, last = page.table(heads, rows)
    for column in range(1 + cut.spare, len(heads)):
        page.heat(first, column, last, column)
