"""The first sheet: one page that a minister can read."""

from collections.abc import Sequence

from xlsxwriter import Workbook

from xltrack.excel.age import DATED
from xltrack.excel.formats import GREY
from xltrack.excel.heads import Kind
from xltrack.excel.national_charts import write_charts
from xltrack.excel.national_map import write_map
from xltrack.excel.national_page import Look, Page
from xltrack.excel.national_source import PeriodAndKind, Source
from xltrack.excel.national_tiles import tiles_of, write_tiles
from xltrack.hanoi import clock
from xltrack.language import Text
from xltrack.rollup.summary import Reported, Summary, as_of_lines, summarise
from xltrack.rollup.years import lacking_years

NAME = Text("Tổng quan", "Overview")
_TITLE = Text(
    "Nâng cao năng suất, chất lượng: tổng hợp quốc gia", "Productivity and quality: national figures"
)
_SUBTITLE = Text(
    "Chương trình 1322 (Quyết định 1322/QĐ-TTg) và Kế hoạch 36 (Quyết định 36/QĐ-TTg). Số ước thực hiện đứng ở cột "
    "riêng, không cộng với số thực hiện.",
    "Programme 1322 (Decision 1322/QĐ-TTg) and Plan 36 (Decision 36/QĐ-TTg). Estimates stand in columns of their own "
    "and are never added to actual figures.",
)
_LINES: tuple[tuple[str, dict[str, str], Text | None], ...] = (
    ("enterprises_supported", {}, None),
    ("enterprises_first_supported", {}, Text("  trong đó lần đầu", "  for the first time")),
    ("pilot_models", {}, None),
    ("cooperatives_supported", {}, None),
    ("households_supported", {}, None),
    ("certificates_issued", {}, None),
    ("participants", {}, None),
    ("certified_experts", {}, Text("Chuyên gia đạt chuẩn", "Certified experts")),
    ("funding", {"funding_kind": "disbursed"}, Text("Giải ngân (triệu đồng)", "Disbursed (million VND)")),
    (
        "funding_state",
        {"funding_kind": "disbursed"},
        Text("  trong đó ngân sách nhà nước", "  of which state budget"),
    ),
)
_OTHER_SOURCES = Text("  nguồn khác", "  other sources")
_LABEL, _TREND, _GAP = 30, 13, 3
_YEAR, _NARROW = 12, 10.5
"""Widths in characters of the columns of years: where there are many they may just hold the national sums of money."""
_FEWEST, _FEW = 6, 7
"""How many columns of years there is room for at least, and how many are not narrow."""
_TOOLS = 8
_RED, _GREEN = "#9C0006", "#2E6B34"
_PERIODS = {
    "annual": Text("báo cáo năm", "annual returns"),
    "half": Text("báo cáo 6 tháng", "half-year returns"),
    "five_year": Text("báo cáo 5 năm", "five-year returns"),
}
_GROUPS = {
    "province": Text("Tỉnh, thành phố", "Provinces"),
    "other": Text("Bộ, ngành", "Ministries and agencies"),
}


def write_overview(book: Workbook, look: Look, source: Source) -> None:
    """Write the sheet: results against targets, coverage with names, years, charts, tools, units by year."""
    page = Page(book, look, source.lang, NAME, _title(source))
    summary = summarise(source.rollup)
    if source.notice:
        page.warn(source.notice)
    _dated(page, source)
    page.note(_SUBTITLE, *as_of_lines(source.rollup))
    columns = source.with_spans
    last = 1 + max(len(columns), _FEWEST)
    left = last + 2
    half = (last - 1) // 2
    year = _YEAR if len(columns) <= _FEW else _NARROW
    spans = (
        (0, 1),
        (2, 1 + half),
        (2 + half, last),
        (left, left + 1),
        (left + 2, left + 1 + max(len(source.years), 2)),
    )
    page.row += 1
    write_tiles(page, tiles_of(source, summary), spans)
    page.row += 1
    write_map(page, source, left)
    _coverage(page, summary, last)
    _lacking(page, source, last)
    first = _by_year(page, source, columns)
    write_charts(book, page, source, (first, len(_LINES)), _LABEL + _TREND + (last - 1) * year)
    _tools(page, source, summary, last)
    page.sheet.set_column(0, 0, _LABEL)
    page.sheet.set_column(1, 1, _TREND)
    page.sheet.set_column(2, last, year)
    page.sheet.set_column(last + 1, last + 1, _GAP)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.center_horizontally()
    page.sheet.set_first_sheet()
    page.sheet.activate()


def _title(source: Source) -> Text:
    if source.unit_name is None:
        return _TITLE
    name = source.unit_name
    return Text(f"{name}: nâng cao năng suất, chất lượng", f"{name}: productivity and quality")


def _dated(page: Page, source: Source) -> None:
    moment, kind = source.rollup.received_until, _PERIODS[source.rollup.period_kind]
    day = clock(moment) if moment else "–"
    text = DATED.to(page.lang).format(day=day, kind=kind.to(page.lang))
    page.sheet.write_string(page.row, 0, text, page.look.of(bold=True, font_color=GREY))
    page.row += 1


def _coverage(page: Page, summary: Summary, last: int) -> None:
    page.sheet.write_string(
        page.row, 0, Text("Độ phủ báo cáo", "Coverage").to(page.lang), page.look.section()
    )
    page.row += 1
    for group in summary.coverage:
        name = f"{_GROUPS[group.unit_group].to(page.lang)} {group.year}: {group.reported}/{group.expected}"
        absent = _absent(page, group)
        text = absent or Text("Đã nhận đủ", "All received").to(page.lang)
        rows = 1 + len(text) // (13 * last)
        colour = _RED if absent else _GREEN
        page.block(rows, (0, 1), name, page.look.of(bold=True, valign="top", indent=1, text_wrap=True))
        page.block(rows, (2, last), text, page.look.of(font_color=colour, valign="top", text_wrap=True))
        page.row += rows


def _lacking(page: Page, source: Source, last: int) -> None:
    """Write which years figures of several years lack."""
    for line in lacking_years(source.rollup):
        look = page.look.of(font_color=_RED, valign="top", indent=1, text_wrap=True)
        text = line.to(page.lang)
        rows = 1 + int(len(text) // (_LABEL + _TREND + _NARROW * (last - 1)))
        page.block(rows, (0, last), text, look)
        page.row += rows


def _absent(page: Page, group: Reported) -> str:
    """Return who has not reported, whose files do not count, and who reported in part, by name; "" if all did."""
    lists = (
        (Text("Chưa báo cáo", "Not reported"), group.absent),
        (Text("Đã gửi, chưa được tính", "Sent, but nothing counts"), group.not_counted),
        (Text("Mới báo cáo một phần", "Reported in part"), group.partial),
    )
    return ". ".join(f"{said.to(page.lang)}: {names.to(page.lang)}" for said, names in lists if names.vi)


def _by_year(page: Page, source: Source, columns: Sequence[PeriodAndKind]) -> int:
    """Write the table of years and return its first row of figures."""
    page.section(Text("Kết quả theo năm", "Results by year"))
    heads = [Text("Chỉ tiêu", "Indicator").to(page.lang), Text("Xu hướng", "Trend").to(page.lang)]
    heads += [source.period_name(*one) for one in columns]
    for column, head in enumerate(heads):
        page.sheet.write_string(page.row, column, head, page.look.head())
    first = page.row + 1
    for measure, cut, title in _LINES:
        values = [source.value(measure, one, **cut) for one in columns]
        _line(
            page,
            source,
            (title or source.measure(measure)).to(page.lang),
            "money" if cut else "number",
            values,
        )
    disbursed = {"funding_kind": "disbursed"}
    total = [source.value("funding", one, **disbursed) for one in columns]
    state = [source.value("funding_state", one, **disbursed) for one in columns]
    other = [None if t is None or s is None else t - s for t, s in zip(total, state, strict=True)]
    _line(page, source, _OTHER_SOURCES.to(page.lang), "money", other)
    page.row += 1
    return first


def _line(page: Page, source: Source, title: str, kind: Kind, values: Sequence[int | None]) -> None:
    page.row += 1
    page.sheet.write_string(page.row, 0, title, page.look.cell("text"))
    page.sheet.write_blank(page.row, 1, None, page.look.cell("text"))
    for column, value in enumerate(values, 2):
        page.write((page.row, column), value, kind)
    if source.is_series:
        page.trend((page.row, 1), 2, values[: len(source.years)])


def _tools(page: Page, source: Source, summary: Summary, last: int) -> None:
    """Write the tools that most enterprises apply, each with a bar."""
    period = next((one for one in reversed(source.with_spans) if one[0] == summary.span), None)
    period = period or (source.years[-1] if source.years else None)
    if period is None:
        return
    of_tool = {
        code: source.value("enterprises_supported", period, tool=code)
        for code in source.codes_of("enterprises_supported", "tool")
    }
    most = sorted(of_tool, key=lambda code: -(of_tool[code] or 0))[:_TOOLS]
    name = source.period_name(*period)
    page.section(
        Text(
            f"Công cụ được nhiều doanh nghiệp áp dụng nhất, {name}",
            f"Tools that most enterprises apply, {name}",
        )
    )
    first = page.row
    for code in most:
        page.block(1, (0, 3), source.name("tool", code) or code, page.look.cell("text"))
        page.block(1, (4, last), "", page.look.cell("bar"))
        page.write((page.row, 4), of_tool[code], "bar")
        page.row += 1
    if most:
        page.bars((first, 4), (page.row - 1, last), most=None)
