"""The first sheet: one page that a minister can read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from xltrack.excel.formats import FONT, GREY, NAVY
from xltrack.excel.national_page import Cell, Kind, Look, Page
from xltrack.excel.national_source import PeriodAndKind, Source
from xltrack.language import Text
from xltrack.rollup.summary import KINDS, Summary, as_of_lines, millions, number, summarise, target_of

NAME = Text("Tổng quan", "Overview")
_TITLE = Text(
    "Nâng cao năng suất, chất lượng: tổng hợp quốc gia", "Productivity and quality: national figures"
)
_SUBTITLE = Text(
    "Chương trình 1322 (Quyết định 1322/QĐ-TTg) và Kế hoạch 36 (Quyết định 36/QĐ-TTg)",
    "Programme 1322 (Decision 1322/QĐ-TTg) and Plan 36 (Decision 36/QĐ-TTg)",
)
_LINES: tuple[tuple[str, dict[str, str], Text | None], ...] = (
    ("enterprises_supported", {}, None),
    ("enterprises_first_supported", {}, None),
    ("pilot_models", {}, None),
    ("cooperatives_supported", {}, None),
    ("households_supported", {}, None),
    ("certificates_issued", {}, None),
    ("participants", {}, None),
    ("certified_experts", {}, None),
    (
        "funding",
        {"funding_kind": "disbursed"},
        Text("Giải ngân (đồng, hiện theo triệu)", "Disbursed (VND, in millions)"),
    ),
    (
        "funding_state",
        {"funding_kind": "disbursed"},
        Text("  trong đó ngân sách nhà nước", "  of which state budget"),
    ),
)
_OTHER_SOURCES = Text("  nguồn khác", "  other sources")
_LABEL, _YEAR = 38, 15
"""Widths of the columns of names and of years, in characters; a character takes about 7.2 pixels in this font."""
_BLUE, _PALE_BLUE, _ORANGE = "#1F4E78", "#9DC3E6", "#E3A857"
_RED, _GREEN = "#9C0006", "#2E6B34"
_PALE_TEXT = {
    "font_color": "#B0786E", "italic": True, "font_size": 9, "align": "right", "valign": "vcenter",
    "bottom": 1, "bottom_color": "#E3E8EE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fact:
    """One line of the table of results: what, how much, the target, what stands behind it."""

    title: Text
    value: str
    target: str
    remark: str


def write_overview(book: Workbook, look: Look, source: Source) -> None:
    """Write the sheet: results against targets, coverage with names, years, two charts, provinces by year."""
    page = Page(book, look, source.lang, NAME, _title(source))
    summary = summarise(source.rollup)
    if source.notice:
        page.warn(source.notice)
    page.note(_SUBTITLE, _received_until(source), *as_of_lines(source.rollup))
    columns = source.with_spans
    width = max(len(columns), 6)
    _facts(page, _all_facts(source, summary), width)
    _absent(page, summary, width)
    first = _by_year(page, source, columns)
    _charts(book, page, source, first)
    _heat_map(page, source, width + 2)
    for columns_, characters in (
        ((0, 0), _LABEL), ((1, width), _YEAR), ((width + 1, width + 1), 3), ((width + 2, width + 2), 40),
        ((width + 3, width + 2 + len(source.years)), 10),
    ):  # fmt: skip
        page.sheet.set_column(*columns_, characters)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.set_first_sheet()
    page.sheet.activate()


def _received_until(source: Source) -> Text:
    moment = source.rollup.received_until
    day = f"{moment:%d/%m/%Y %H:%M}" if moment else "–"
    kinds = {
        "annual": Text("năm", "annual"),
        "half": Text("6 tháng", "half-year"),
        "five_year": Text("5 năm", "five-year"),
    }
    kind = kinds[source.rollup.period_kind]
    return Text(
        f"Báo cáo {kind.vi}, các tệp nhận đến {day} (giờ Hà Nội). Số ước thực hiện đứng ở cột riêng, không cộng với số "
        "thực hiện.",
        f"{kind.en.capitalize()} returns, files received up to {day} (Hà Nội). Estimates stand in columns of their own "
        "and are never added to actual figures.",
    )


def _title(source: Source) -> Text:
    if source.unit_name is None:
        return _TITLE
    name = source.unit_name
    return Text(f"{name}: nâng cao năng suất, chất lượng", f"{name}: productivity and quality")


def _all_facts(source: Source, summary: Summary) -> Iterator[_Fact]:
    lang, rollup, span = source.lang, source.rollup, summary.span.replace("-", "–")
    pilots = [(c.figures_kind, number(c.national, lang)) for c in summary.pilot_models]
    experts = [(kind, number(value, lang)) for kind, value in summary.experts]
    yield _enterprises(source, summary, span)
    yield from _growth(source)
    yield _Fact(
        Text("Mô hình điểm 2021–2030", "Pilot models 2021–2030"),
        _by_kind(pilots, source),
        target_of(rollup, "PILOT-MODELS", "2021-2030", lang),
        Text("doanh nghiệp, đếm không trùng", "enterprises, distinct").to(lang),
    )
    yield _Fact(
        _titled(Text("Chuyên gia đạt chuẩn", "Certified experts"), span),
        _by_kind(experts, source),
        target_of(rollup, "EXPERTS", summary.span, lang),
        Text("người, cộng từ các khóa đào tạo", "persons, from the courses").to(lang),
    )
    yield _money(source, summary, span)
    yield from _plan36(source, summary)


def _titled(title: Text, span: str) -> Text:
    return Text(f"{title.vi} {span}".strip(), f"{title.en} {span}".strip())


def _enterprises(source: Source, summary: Summary, span: str) -> _Fact:
    title = _titled(Text("Doanh nghiệp được hỗ trợ", "Enterprises supported"), span)
    values = [(c.figures_kind, number(c.national, source.lang)) for c in summary.enterprises]
    sums = "; ".join(
        " − ".join(number(value, source.lang) for value in (c.units_34, c.several_34))
        + f" = {number(c.national, source.lang)}"
        for c in summary.enterprises
    )
    remark = Text("cộng 34 tỉnh, bộ ngành − trùng = cả nước: ", "sum over units − in several = nation: ").to(
        source.lang
    )
    return _Fact(title, _by_kind(values, source), "", remark + sums if sums else "")


def _money(source: Source, summary: Summary, span: str) -> _Fact:
    title = _titled(Text("Giải ngân (triệu đồng)", "Disbursed (million VND)"), span)
    values = [(m.figures_kind, millions(m.total, source.lang)) for m in summary.disbursed]
    state = "; ".join(millions(m.state, source.lang) for m in summary.disbursed)
    remark = Text("trong đó ngân sách nhà nước: ", "of which state budget: ").to(source.lang)
    return _Fact(title, _by_kind(values, source), "", remark + state if state else "")


def _growth(source: Source) -> Iterator[_Fact]:
    rows = source.rollup.national_targets.filter(
        (pl.col("indicator_code") == "ENT-GROWTH") & pl.col("value").is_not_null()
    )
    for row in rows.tail(1).to_dicts():
        value = f"{'+' if row['value'] > 0 else ''}{number(row['value'], source.lang)} %"
        detail = row["detail"] if source.lang == "vi" else row["detail_en"]
        target = f"{target_of(source.rollup, 'ENT-GROWTH', row['period'], source.lang)} %"
        yield _Fact(
            Text("Tăng số doanh nghiệp so với năm trước", "Growth on the year before"), value, target, detail
        )


def _plan36(source: Source, summary: Summary) -> Iterator[_Fact]:
    statuses = ("issued", "under_way", "completed")
    for view, provinces in summary.provinces.items():
        reached = " / ".join(str(summary.plan36[view, status]) for status in statuses)
        period = "2021-2025" if (summary.newest_year or 0) <= 2025 else "2026-2030"
        yield _Fact(
            Text(f"Kế hoạch 36, trên {provinces} tỉnh", f"Plan 36, of {provinces} provinces"),
            reached,
            target_of(source.rollup, "PROVINCES-PLAN36", period, source.lang),
            Text(
                "đã ban hành / đang thực hiện / hoàn thành (lũy kế)",
                "issued / under way / completed (or beyond)",
            ).to(source.lang),
        )


def _by_kind(values: Sequence[tuple[str, str]], source: Source) -> str:
    if not values:
        return Text("chưa có", "none yet").to(source.lang)
    return "; ".join(
        value if kind == "actual" else f"{value} ({KINDS[kind].to(source.lang).split()[0]})"
        for kind, value in values
    )


def _facts(page: Page, facts: Iterator[_Fact], width: int) -> None:
    page.row += 1
    half = (width - 1) // 2
    spans = ((0, 0), (1, half), (half + 1, half + 1), (half + 2, width))
    titles = (
        Text("Chỉ tiêu", "Indicator"), Text("Kết quả", "Result"), Text("Mục tiêu", "Target"),
        Text("Diễn giải", "What stands behind it"),
    )  # fmt: skip
    for title, span in zip(titles, spans, strict=True):
        _block(page, 1, span, title.to(page.lang), page.look.head())
    page.row += 1
    line = {"bottom": 1, "bottom_color": "#E3E8EE", "valign": "vcenter", "text_wrap": True}
    formats = (
        page.look.of(**line, indent=1),
        page.look.of(**line, bold=True, font_size=12, font_color=NAVY, align="center"),
        page.look.of(**line, align="center"),
        page.look.of(**line, font_color=GREY, font_size=10, indent=1),
    )
    for fact in facts:
        texts = (fact.title.to(page.lang), fact.value, fact.target or "–", fact.remark)
        for span, text, format_ in zip(spans, texts, formats, strict=True):
            _block(page, 2, span, text, format_)
        page.row += 2


def _block(page: Page, rows: int, span: tuple[int, int], text: str, format_: Format) -> None:
    """Write one text over `rows` rows and the columns of `span`."""
    if rows > 1 or span[0] != span[1]:
        page.sheet.merge_range(page.row, span[0], page.row + rows - 1, span[1], "", format_)
    page.sheet.write_string(page.row, span[0], text, format_)


def _absent(page: Page, summary: Summary, width: int) -> None:
    page.section(Text("Độ phủ báo cáo", "Coverage"))
    groups = {
        "province": Text("Tỉnh, thành phố", "Provinces"),
        "other": Text("Bộ, ngành", "Ministries and agencies"),
    }
    for group in summary.coverage:
        name = groups[group.unit_group].to(page.lang)
        lists = (
            (Text("Chưa báo cáo", "Not reported"), group.absent),
            (Text("Mới báo cáo một phần", "Reported in part"), group.partial),
        )
        absent = ". ".join(
            f"{said.to(page.lang)}: {names.to(page.lang)}" for said, names in lists if names.vi
        )
        text = absent or Text("Đã nhận đủ", "All received").to(page.lang)
        rows = 1 + len(text) // (11 * width)
        bold = page.look.of(bold=True, valign="top", indent=1, text_wrap=True)
        _block(page, rows, (0, 0), f"{name} {group.year}: {group.reported}/{group.expected}", bold)
        colour = _RED if absent else _GREEN
        _block(page, rows, (1, width), text, page.look.of(font_color=colour, valign="top", text_wrap=True))
        page.row += rows


def _by_year(page: Page, source: Source, columns: Sequence[PeriodAndKind]) -> int:
    """Write the table of years and return its first row of figures."""
    page.section(Text("Kết quả theo năm", "Results by year"))
    page.sheet.write_string(page.row, 0, Text("Chỉ tiêu", "Indicator").to(page.lang), page.look.head())
    for column, one in enumerate(columns, 1):
        page.sheet.write_string(page.row, column, source.period_name(*one), page.look.head())
    first = page.row + 1
    for measure, cut, title in _LINES:
        page.row += 1
        kind: Kind = "money" if cut else "number"
        _line(
            page,
            (title or source.measure(measure)).to(page.lang),
            kind,
            [source.value(measure, c, **cut) for c in columns],
        )
    page.row += 1
    disbursed = {"funding_kind": "disbursed"}
    total = [source.value("funding", c, **disbursed) for c in columns]
    state = [source.value("funding_state", c, **disbursed) or 0 for c in columns]
    other = [None if t is None else t - s for t, s in zip(total, state, strict=True)]
    _line(page, _OTHER_SOURCES.to(page.lang), "money", other)
    page.row += 1
    return first


def _line(page: Page, title: str, kind: Kind, values: Sequence[Cell]) -> None:
    page.sheet.write_string(page.row, 0, title, page.look.cell("text"))
    for column, value in enumerate(values, 1):
        page.write((page.row, column), value, kind)


def _charts(book: Workbook, page: Page, source: Source, first: int) -> None:
    last = len(source.years)
    name = page.sheet.get_name()
    page.row += 1
    enterprises = book.add_chart({"type": "column"})
    enterprises.add_series(_series(name, first, (first, last), _BLUE))
    _style(enterprises, source.measure("enterprises_supported").to(page.lang), "#,##0")
    enterprises.set_legend({"none": True})
    money = book.add_chart({"type": "column", "subtype": "stacked"})
    money.add_series(_series(name, first + len(_LINES) - 1, (first, last), _PALE_BLUE))
    money.add_series(_series(name, first + len(_LINES), (first, last), _ORANGE))
    _style(
        money,
        Text("Kinh phí giải ngân (triệu đồng)", "Funding disbursed (million VND)").to(page.lang),
        "#,##0,,",
    )
    money.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}})
    width = int((_LABEL + max(len(source.with_spans), 6) * _YEAR) * 7.2) // 2
    for number_, chart in enumerate((enterprises, money)):
        chart.set_size({"width": width - 12, "height": 270})
        page.sheet.insert_chart(page.row, 0, chart, {"x_offset": 4 + number_ * width, "object_position": 1})


def _series(sheet: str, row: int, area: tuple[int, int], colour: str) -> dict[str, object]:
    first, last = area
    return {
        "name": [sheet, row, 0],
        "categories": [sheet, first - 1, 1, first - 1, last],
        "values": [sheet, row, 1, row, last],
        "fill": {"color": colour},
        "gap": 70,
    }


def _style(chart: Chart, title: str, number_format: str) -> None:
    font = {"name": FONT, "size": 9, "color": GREY}
    lines = {"visible": True, "line": {"color": "#E3E8EE"}}
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "color": NAVY}, "overlay": False})
    chart.set_x_axis({"num_font": font, "line": {"color": "#C7D0DA"}})
    chart.set_y_axis(
        {"num_font": font, "num_format": number_format, "line": {"none": True}, "major_gridlines": lines}
    )
    chart.set_chartarea({"border": {"color": "#E3E8EE"}})


def _heat_map(page: Page, source: Source, left: int) -> None:
    """Write enterprises by province of the 34 and year beside the rest, coloured; who has not reported is no zero."""
    row, years = 3, source.years
    title = Text("Doanh nghiệp được hỗ trợ theo đơn vị và năm", "Enterprises supported by unit and year")
    page.sheet.write_string(row, left, title.to(page.lang), page.look.section())
    row += 1
    page.sheet.write_string(
        row, left, Text("Đơn vị (34 tỉnh)", "Unit (34 provinces)").to(page.lang), page.look.head()
    )
    for column, one in enumerate(years, left + 1):
        page.sheet.write_string(row, column, source.period_name(*one), page.look.head())
    units = source.rollup.units.filter(pl.col("view") == "34").to_dicts()
    seen = {key[4] for key in source.of_units if key[0] == "enterprises_supported"}
    shown = [unit for unit in units if unit["unit_group"] == "province" or unit["unit_code"] in seen]
    for number_, unit in enumerate(shown, row + 1):
        page.write((number_, left), source.named(unit), "text")
        for column, one in enumerate(years, left + 1):
            _heat_cell(page, source, (number_, column), unit["unit_code"], one)
    page.heat(row + 1, left + 1, row + len(shown), left + len(years))


def _heat_cell(page: Page, source: Source, place: tuple[int, int], unit: str, one: PeriodAndKind) -> None:
    year = int(one[0][-4:])
    value = source.of_units.get(("enterprises_supported", *one, "34", unit, None))
    if value is None and source.state("34", unit, year) == "missing":
        absent = Text("chưa BC", "absent").to(page.lang)
        page.sheet.write_string(*place, absent, page.look.of(**_PALE_TEXT))
    else:
        nothing = 0 if one[1] in source.kinds("34", unit, year) else None
        page.write(place, nothing if value is None else value, "number")
