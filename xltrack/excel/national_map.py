"""The table of units by year on the first sheet, coloured by how many enterprises each has."""

from collections.abc import Mapping, Sequence

import polars as pl

from xltrack.excel.national_page import Page
from xltrack.excel.national_source import PeriodAndKind, Source
from xltrack.language import Text

_MEASURE = "enterprises_supported"
_NAME, _TREND, _YEAR, _NARROW, _FEW = 24, 13, 9, 6.5, 6
"""Widths in characters, of years where there are few and where there are many; how many are few."""
_LEAST = 30
"""Characters that all years have together: a large number with its words stands above them."""
_PALE_TEXT = {
    "font_color": "#B0786E", "italic": True, "font_size": 9, "align": "right", "valign": "vcenter",
    "bottom": 1, "bottom_color": "#E3E8EE",
}  # fmt: skip


def write_map(page: Page, source: Source, left: int) -> None:
    """Write from the page's next row, and the column `left`, on; the next row stays: the table stands beside the rest.

    Who has not reported is no zero.
    """
    row, years = page.row, source.years
    title = Text("Doanh nghiệp được hỗ trợ theo đơn vị và năm", "Enterprises supported by unit and year")
    page.sheet.write_string(row, left, title.to(page.lang), page.look.section())
    row += 1
    heads = [_head(source).to(page.lang)]
    heads += [Text("Xu hướng", "Trend").to(page.lang), *(source.period_name(*one) for one in years)]
    for column, head in enumerate(heads, left):
        page.sheet.write_string(row, column, head, page.look.head())
    units = _units(source)
    for at, unit in enumerate(units, row + 1):
        _line(page, source, (at, left), unit)
    if units:
        page.heat(row + 1, left + 2, row + len(units), left + 1 + len(years))
    _nation(page, source, row + 1 + len(units), left)
    _set_widths(page, [len(head) for head in heads[2:]], left)


def _set_widths(page: Page, heads: Sequence[int], left: int) -> None:
    """Make the columns of years as narrow as `heads`, the lengths of their headings, allow where there are many."""
    columns = max(len(heads), 2)
    year = max(_YEAR, _LEAST / columns) if len(heads) <= _FEW else max(_NARROW, *heads)
    for column, width in ((left, _NAME), (left + 1, _TREND)):
        page.sheet.set_column(column, column, width)
    page.sheet.set_column(left + 2, left + 1 + columns, year)


def _head(source: Source) -> Text:
    if source.rollup.unit:
        return Text("Đơn vị", "Unit")
    view = source.rollup.view
    return Text(f"Đơn vị ({view} tỉnh)", f"Unit ({view} provinces)")


def _units(source: Source) -> list[dict[str, str]]:
    """Return the provinces, and those of the others that have figures; of one unit also those that it was made of."""
    seen = {key[4] for key in source.of_units if key[0] == _MEASURE}
    own = pl.col("view") == source.rollup.view
    shown = source.rollup.units.filter(own).to_dicts()
    former = source.rollup.units.filter(~own).to_dicts() if source.rollup.unit else []
    known = [*shown, *(former if len(former) > 1 else [])]
    return [unit for unit in known if unit["unit_group"] == "province" or unit["unit_code"] in seen]


def _line(page: Page, source: Source, place: tuple[int, int], unit: Mapping[str, str]) -> None:
    row, left = place
    former = Text(" (tỉnh cũ)", " (former)").to(page.lang) if unit["view"] != source.rollup.view else ""
    page.write(place, f"{source.named(unit)}{former}", "text")
    page.sheet.write_blank(row, left + 1, None, page.look.cell("text"))
    values = [
        _cell(page, source, (row, column), unit, one) for column, one in enumerate(source.years, left + 2)
    ]
    if source.is_series and None not in values:
        page.trend((row, left + 1), left + 2, values)


def _cell(
    page: Page, source: Source, place: tuple[int, int], unit: Mapping[str, str], one: PeriodAndKind
) -> int | None:
    """Write one figure and return it, None where there is none."""
    view, code, year = unit["view"], unit["unit_code"], int(one[0][-4:])
    value = source.of_units.get((_MEASURE, *one, view, code, None))
    if value is None and source.state(view, code, year) == "missing":
        absent = Text("chưa BC", "absent").to(page.lang)
        page.sheet.write_string(*place, absent, page.look.of(**_PALE_TEXT))
        return None
    if value is None and one[1] in source.kinds(view, code, year):
        value = 0
    page.write(place, value, "number")
    return value


def _nation(page: Page, source: Source, row: int, left: int) -> None:
    """Write the line of the whole, which is no sum: an enterprise of several units counts once."""
    if source.rollup.unit:
        return
    name = Text("Cả nước", "Nation").to(page.lang)
    page.sheet.write_string(row, left, name, page.look.cell("text", bold=True))
    page.sheet.write_blank(row, left + 1, None, page.look.cell("text"))
    values = [source.value(_MEASURE, one) for one in source.years]
    for column, value in enumerate(values, left + 2):
        page.write((row, column), value, "number", bold=True)
    if source.is_series:
        page.trend((row, left + 1), left + 2, values)
