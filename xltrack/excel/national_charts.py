"""The charts of the first sheet: enterprises and money by year."""

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from xltrack.excel.formats import FONT, GREY, NAVY
from xltrack.excel.national_page import Page
from xltrack.excel.national_source import Source
from xltrack.language import Text

_BLUE, _PALE_BLUE, _ORANGE = "#1F4E78", "#9DC3E6", "#E3A857"
_PIXELS = 7.2
"""How wide a character is in this font."""
_ROWS, _ROW = 12, 20
"""How many rows the charts stand over, and how high each is, in pixels."""


def write_charts(book: Workbook, page: Page, source: Source, lines: tuple[int, int], width: float) -> None:
    """Write two charts side by side over `width` characters: `lines` are the first row of figures and their number.

    Enterprises stand in the first of these rows; state budget and other sources in the last one and the one after.
    """
    first, number = lines
    last = 1 + len(source.years)
    name = page.sheet.get_name()
    enterprises = book.add_chart({"type": "column"})
    enterprises.add_series(_series(name, first, (first, last), _BLUE))
    _style(enterprises, source.measure("enterprises_supported").to(page.lang), "#,##0")
    enterprises.set_legend({"none": True})
    money = book.add_chart({"type": "column", "subtype": "stacked"})
    money.add_series(_series(name, first + number - 1, (first, last), _PALE_BLUE))
    money.add_series(_series(name, first + number, (first, last), _ORANGE))
    title = Text("Kinh phí giải ngân (triệu đồng)", "Funding disbursed (million VND)")
    _style(money, title.to(page.lang), "#,##0,,")
    money.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}})
    half = int(width * _PIXELS) // 2
    for place, chart in enumerate((enterprises, money)):
        chart.set_size({"width": half - 10, "height": _ROWS * _ROW - 12})
        page.sheet.insert_chart(
            page.row, 0, chart, {"x_offset": 2 + place * half, "y_offset": 6, "object_position": 1}
        )
    page.row += _ROWS


def _series(sheet: str, row: int, area: tuple[int, int], colour: str) -> dict[str, object]:
    first, last = area
    return {
        "name": [sheet, row, 0],
        "categories": [sheet, first - 1, 2, first - 1, last],
        "values": [sheet, row, 2, row, last],
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
