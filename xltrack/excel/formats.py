"""The look of every workbook that xltrack writes: fonts, colours, number formats."""

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from xltrack.forms import Column

FONT = "Times New Roman"
"""The font of administrative documents (Decree 30/2020/NĐ-CP, annex I)."""

NAVY = "#1F4E78"
PALE = "#DCE6F1"
LINE = "#A9B8C6"
GREY = "#5A6775"
WHITE = "#FFFFFF"

_LABEL = {"text_wrap": True, "valign": "vcenter"}
_HEADING = {
    "bold": True,
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
    "border": 1,
    "border_color": LINE,
}
_BOX = {"border": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": True}

STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": NAVY, "valign": "vcenter"},
    "subtitle": {"bold": True, "font_size": 12, "font_color": NAVY, "valign": "vcenter"},
    "help": {"italic": True, "font_color": GREY, "valign": "vcenter"},
    "id": {"font_color": GREY, "font_size": 8},
    "heading": _HEADING | {"bg_color": PALE, "font_color": NAVY},
    "required heading": _HEADING | {"bg_color": NAVY, "font_color": WHITE},
    "nation": {"bold": True, "font_size": 13, "align": "center", "valign": "vcenter"},
    "motto": {"bold": True, "font_size": 13, "align": "center", "valign": "vcenter", "underline": 1},
    "report title": {
        "bold": True,
        "font_size": 16,
        "font_color": NAVY,
        "align": "center",
        "valign": "vcenter",
    }
    | {"text_wrap": True},
    "centred help": {
        "italic": True,
        "font_color": GREY,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "label": _BOX | {"bg_color": PALE, "font_color": NAVY, "bold": True, "indent": 1},
    "input": _BOX | {"locked": False, "align": "left", "indent": 1},
    "fixed input": _BOX | {"bg_color": "#F2F2F2", "align": "left", "indent": 1},
    "side help": _LABEL | {"italic": True, "font_color": GREY, "font_size": 10, "indent": 1},
    "text": _LABEL | {"indent": 1},
    "english": _LABEL | {"italic": True, "font_color": GREY, "font_size": 10},
    "number": {"valign": "vcenter", "align": "center", "bold": True, "font_color": NAVY},
    "remark": _BOX | {"bg_color": "#FFF8E1", "bold": True, "indent": 1},
    "link": _BOX | {"align": "center", "font_color": "#0563C1", "underline": 1, "bold": True},
    "entry": {"locked": False, "valign": "top"},
    "verdict": {
        "bold": True,
        "font_size": 14,
        "valign": "vcenter",
        "indent": 1,
        "border": 1,
        "border_color": LINE,
    },
    "line": _LABEL,
    "centred line": _LABEL | {"align": "center"},
    "line link": _LABEL | {"align": "center", "font_color": "#0563C1", "underline": 1},
}

_LINES = {"border": 1, "border_color": LINE}
MARKS: Mapping[str, Mapping[str, Any]] = {
    "wrong": _LINES | {"bg_color": "#F8CBC8", "font_color": "#9C0006"},
    "doubtful": _LINES | {"bg_color": "#FFDFAE", "font_color": "#7A4B00"},
    "missing": _LINES | {"bg_color": "#FFF3B8"},
    "whole": _LINES | {"num_format": "#,##0"},
    "lined": _LINES,
    "ready": {"bg_color": "#DDEFD9", "font_color": "#215C2B"},
    "not ready": {"bg_color": "#F8E1DF", "font_color": "#9C0006"},
}
"""What conditional formats lay over a cell.

"whole" drops the decimal point of whole amounts, "lined" draws the lines of a table. Each has the lines, because
LibreOffice lays only the first that applies over a cell. "ready" and "not ready" colour the verdict of the workbook.
"""

LOOKS: Mapping[str, Mapping[str, object]] = {
    "usual": {},
    "error": {},
    "general": {"num_format": 0},
    "percent": {"num_format": "0.######%"},
    "date": {"num_format": "dd/mm/yyyy"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm:ss", "shrink": True},
    "duration": {"num_format": "[h]:mm:ss", "shrink": True},
    "tcvn3": {"font_name": ".VnTime"},
    "vni": {"font_name": "VNI-Times"},
}
"""What a cell that somebody typed looks like, where that says how it is to be read (`xltrack.reading.moves.Look`).

What may be wider than its column shrinks: numbers do not run over, they would be shown as "####".
"""

_TEXT, _DIGITS, _THOUSANDS = 49, 1, 3
"""Built-in formats "@", "0" and "#,##0" (ISO/IEC 29500-1, 18.8.30)."""

WRAPPED = 50
"""Texts that may be longer than this, and texts of code lists, wrap in their cell; ids and other short ones shrink."""


class Formats:
    """The formats of one workbook, each made once: XlsxWriter compares every new one with all before it."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[object, ...], Format] = {}

    def __getitem__(self, style: str) -> Format:
        """Return the format of `style`, one of STYLES or MARKS."""
        return self.of(style)

    def of(self, style: str, **more: object) -> Format:
        """Return the format of `style` with the XlsxWriter properties `more` on top."""
        key = (style, *more.items())
        if key not in self._made:
            self._made[key] = self._book.add_format({**(STYLES.get(style) or MARKS[style]), **more})
        return self._made[key]

    def of_column(self, style: str, column: Column, whole: bool, look: str = "usual") -> Format:
        """Return the format of cells of `column`; `whole` says that money has no decimals in its unit.

        `look` is one of LOOKS, for a cell that somebody typed in another look than that of the column.
        """
        more: dict[str, object] = {"num_format": number_format(column, whole)}
        if column.type in ("boolean", "date") and style == "entry":
            more["align"] = "center"
        elif column.type == "string":
            fit = "text_wrap" if wraps(column) else "shrink"
            more |= {"align": "left", "indent": 1, fit: True}
        return self.of(style, **{**more, **LOOKS[look]})


def number_format(column: Column, whole: bool) -> str | int:
    """Return Excel's number format for `column`, one of its own by number: text, dd/mm/yyyy, #,##0 or decimals."""
    if column.type == "date":
        return "dd/mm/yyyy"
    if column.type in ("string", "boolean"):
        return _TEXT
    if column.type == "number" or (column.money and not whole):
        return "#,##0.0#####"
    return _DIGITS if is_year(column) else _THOUSANDS


def wraps(column: Column) -> bool:
    """Return whether texts of `column` wrap in their cell."""
    return column.code_list is not None or column.schema.get("maxLength", 0) > WRAPPED


def is_year(column: Column) -> bool:
    """Return whether `column` is bounded like a year, and so is shown without a thousands separator."""
    limits = column.schema.get("minimum", 0), column.schema.get("maximum", 0)
    return column.type == "integer" and 1900 <= limits[0] <= limits[1] <= 2200
