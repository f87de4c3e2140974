"""The sheets with one row per thing: a native table over rows that wait to be filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from xltrack.errors import ProgramError
from xltrack.excel.conditions import OWN, counted_name, row_name
from xltrack.excel.formats import Formats, wraps
from xltrack.excel.live import Check, Mark, Scene, is_long
from xltrack.excel.places import FIRST, HEADER, HELP, IDS, TITLE
from xltrack.excel.typed import write_cell
from xltrack.excel.wording import Row, Typed
from xltrack.forms import Column, Sheet

ALLOWED = dict.fromkeys(
    ("objects", "format_cells", "format_columns", "format_rows", "insert_hyperlinks", "sort", "autofilter"),
    True,
)
"""What people may still do on a protected sheet, besides filling it in."""
FROZEN_WIDTH = 50
MOST_LINES = 8
"""A row with a very long text is not made higher than this; nobody could see the rows around it."""
PAGE_WIDTH = 280
"""Characters that stay in sight while scrolling, and characters that are legible across one page."""


class EntrySheet(Worksheet):  # type: ignore[misc]  # XlsxWriter publishes no types
    """A worksheet written in half the time, because our formulas use nothing newer than Excel 2010."""

    def _prepare_formula(self, formula: str, _expand_future_functions: bool = False) -> str:
        """Return `formula` as it is stored; XlsxWriter would search each for 150 newer functions."""
        return formula.removeprefix("=")


def write_table(
    sheet: Worksheet, scene: Scene, validations: Sequence[dict[str, Any]], formats: Formats
) -> None:
    """Write headings, table, formats, dropdowns, prompts and highlighting of an empty table sheet."""
    form_sheet = scene.sheet
    _write_headings(sheet, scene, formats)
    for number, column in enumerate(form_sheet.columns):
        whole = scene.wording.factor == 1
        sheet.set_column(number, number, column.width, formats.of_column("entry", column, whole))
        sheet.data_validation(FIRST, number, scene.place.deepest - 1, number, validations[number])
    sheet.freeze_panes(FIRST, _frozen(form_sheet))
    sheet.set_selection(FIRST, 0, FIRST, 0)
    sheet.set_tab_color("#7F9DB9")
    _set_page(sheet, form_sheet)


def write_rows(sheet: Worksheet, scene: Scene, rows: Sequence[Row], formats: Formats) -> None:
    """Write `rows` from the first row of the table on; raises ValueError for values that no cell can hold."""
    numbers = {column.id: number for number, column in enumerate(scene.sheet.columns)}
    for line, row in enumerate(rows, FIRST):
        lines = 1
        for name in row:
            column = scene.sheet.by_id.get(name)
            if column is None:
                raise ValueError(f"sheet {scene.sheet.id} has no column {name}")
            value = scene.wording.cell(scene.sheet, column, row)
            if value is not None:
                write_cell(sheet, (line, numbers[name]), value, _look(value, column, scene, formats))
            text = value.value if isinstance(value, Typed) else value
            if isinstance(text, str) and wraps(column):
                lines = max(lines, _lines(text, column.width * 1.1))
        if lines > 1:
            sheet.set_row(line, 15 * min(lines, MOST_LINES))


def _look(value: object, column: Column, scene: Scene, formats: Formats) -> Format | None:
    """Return the look of a cell that was typed in another than its column has."""
    if not isinstance(value, Typed) or value.look == "usual":
        return None
    return formats.of_column("entry", column, scene.wording.factor == 1, value.look)


@dataclass(frozen=True)
class Highlight:
    """A rule of highlighting: cells of `columns` are marked where `formula`, with OWN for the cell itself, holds."""

    mark: Mark
    formula: str
    columns: Sequence[str]


def highlights(scene: Scene, checks: Sequence[Check]) -> list[Highlight]:
    """Return what is laid over the cells of `scene`, gravest first; columns with one formula share a rule.

    A cell is marked where the condition of a check holds and the check counts it.
    """
    shared: dict[tuple[Mark, str], list[str]] = {}
    for check in checks:
        formula = f"{counted_name(scene.sheet.id, check.code)}*{_in_row(scene, check)}"
        shared.setdefault((check.mark, formula), []).extend((check.column, *check.beside))
    whole = [column.id for column in scene.sheet.columns if _may_be_whole(scene, column)]
    if whole:
        shared["whole", f"AND(ISNUMBER({OWN}),{OWN}=INT({OWN}))"] = whole
    order: tuple[Mark, ...] = ("wrong", "doubtful", "missing", "whole")
    every = [Highlight(mark, formula, columns) for (mark, formula), columns in shared.items()]
    return sorted(every, key=lambda one: order.index(one.mark))


def highlight(sheet: Worksheet, scene: Scene, rules: Sequence[Highlight], formats: Formats) -> None:
    """Lay `rules` over the cells of `scene`.

    The lines of the table are a rule too, for filled rows: LibreOffice draws no table styles, and hundreds of blank
    rows that look like something would be printed.
    """
    for rule in rules:
        first = scene.place.own[rule.columns[0]]
        ranges = " ".join(scene.place.area[column] for column in rule.columns)
        look = {"format": formats[rule.mark], "multi_range": ranges}
        criteria = "=" + rule.formula.replace(OWN, first)
        sheet.conditional_format(first, {"type": "formula", "criteria": criteria, **look})
    if scene.place.row:
        every_cell = f"A{scene.place.first}:{scene.place.end}{scene.place.deepest}"
        lined = {"type": "formula", "criteria": f"=COUNTA({scene.place.row})>0", "format": formats["lined"]}
        sheet.conditional_format(every_cell, lined)


def _in_row(scene: Scene, check: Check) -> str:
    """Return the condition of `check`, or a name for it where Excel's dialogue could not show the formula."""
    if is_long(scene, check):
        return row_name(scene.sheet.id, check.column, check.code)
    return scene.surroundings.in_row(check.condition, "" if check.beside else check.column)


def _may_be_whole(scene: Scene, column: Column) -> bool:
    return column.type == "number" or (column.money and scene.wording.factor > 1)


def _write_headings(sheet: Worksheet, scene: Scene, formats: Formats) -> None:
    form_sheet = scene.sheet
    start = _repeated(form_sheet)
    sheet.set_row(TITLE, 26, formats["title"])
    sheet.write_string(TITLE, start, f"{form_sheet.title.vi} — {form_sheet.title.en}", formats["title"])
    sheet.set_row(HELP, 18, formats["help"])
    sheet.write_string(HELP, start, f"{form_sheet.help.vi} — {form_sheet.help.en}", formats["help"])
    sheet.set_row(IDS, None, formats["id"], {"hidden": True})
    for number, column in enumerate(form_sheet.columns):
        sheet.write_string(IDS, number, column.id, formats["id"])
    headings = [heading(scene, column) for column in form_sheet.columns]
    bold = [
        _lines(text, column.width / 1.1 - 2)
        for text, column in zip(headings, form_sheet.columns, strict=True)
    ]
    sheet.set_row(HEADER, 15 * max(bold) + 6)
    _add_table(sheet, form_sheet, headings, scene.place.last, formats)


def heading(scene: Scene, column: Column) -> str:
    """Return the text of the heading cell of `column`: Vietnamese, a line break, English."""
    return "\n".join(column.heading(scene.wording.money))


def _add_table(
    sheet: Worksheet, form_sheet: Sheet, headings: Sequence[str], last: int, formats: Formats
) -> None:
    """Add the native table; the range is set afterwards, because XlsxWriter would visit each of its cells."""
    columns = [
        {"header": text, "header_format": formats["required heading" if column.required else "heading"]}
        for text, column in zip(headings, form_sheet.columns, strict=True)
    ]
    options = {"name": f"tbl_{form_sheet.id}", "columns": columns, "style": None}
    if sheet.add_table(HEADER, 0, FIRST, len(columns) - 1, options) != 0:
        raise ProgramError(reason=f"{form_sheet.tab}: XlsxWriter refused the table")
    whole = xl_range(HEADER, 0, last - 1, len(columns) - 1)
    sheet.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}


def _lines(text: str, width: float) -> int:
    """Return how many lines `text` takes in a column of `width` characters."""
    lines = 0
    for part in text.split("\n"):
        room = 0
        lines += 1
        for word in part.split(" "):
            if room and room + 1 + len(word) > width:
                lines, room = lines + 1, 0
            room += len(word) + (1 if room else 0)
    return lines


def _frozen(form_sheet: Sheet) -> int:
    """Return how many columns stay in sight: the first, and the second where both leave room for the others."""
    return 2 if sum(column.width for column in form_sheet.columns[:2]) <= FROZEN_WIDTH else 1


def _pages(form_sheet: Sheet) -> int:
    """Return how many pages side by side a sheet takes in print."""
    return 1 + sum(column.width for column in form_sheet.columns) // PAGE_WIDTH


def _repeated(form_sheet: Sheet) -> int:
    """Return how many columns stand on each of these pages; the title begins after them, where nothing cuts it."""
    return _frozen(form_sheet) if _pages(form_sheet) > 1 else 0


def _set_page(sheet: Worksheet, form_sheet: Sheet) -> None:
    """A4 landscape, fit to the width; a very wide sheet takes two pages, each with the first columns.

    No print area: a fixed one would leave rows that are added later off the paper.
    """
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(_pages(form_sheet), 0)
    sheet.repeat_rows(TITLE, HEADER)
    if _repeated(form_sheet):
        sheet.repeat_columns(0, _repeated(form_sheet) - 1)
    sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
