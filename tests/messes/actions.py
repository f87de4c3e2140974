"""What people and programs do to a workbook: each takes a model and gives another, by the words of `cases.toml`.

`sheet` is the id of a sheet of the form, `row` the number of a row of the truth (from 0), `column` a column id.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tests.messes.model import Book, Cell, ErrorValue, Formula, Label, Place, Rich, Tab, Value, address
from tests.messes.truth import FORM

Action = Callable[..., Book]
ACTIONS: dict[str, Action] = {}


def action(function: Action) -> Action:
    """Make `function` known by its name."""
    ACTIONS[function.__name__] = function
    return function


def places_of(book: Book, sheet: str) -> dict[Label, Place]:
    """Return where the values of a sheet stand."""
    return {
        label: place
        for label, (_, place) in book.labels().items()
        if isinstance(label, Label) and label.sheet == sheet
    }


def row_of(book: Book, sheet: str, number: int) -> int:
    """Return the row in the file of a row of the truth; raises LookupError where it is gone."""
    for label, place in places_of(book, sheet).items():
        if label.number == number:
            return place[0]
    raise LookupError(sheet, number)


def heading_row(book: Book, sheet: str, what: str = "heading") -> int:
    """Return the row of the headings, or of the ids ("id"); raises LookupError where they are gone."""
    for label, (tab, place) in book.labels().items():
        if tab.key == sheet and isinstance(label, str) and label.startswith(f"{what} {sheet}."):
            return place[0]
    raise LookupError(sheet)


def first_row(book: Book, sheet: str) -> int:
    """Return the row of the first row of the truth; raises LookupError where all are gone."""
    rows = [place[0] for place in places_of(book, sheet).values()]
    if not rows:
        raise LookupError(sheet)
    return min(rows)


def column_of(book: Book, sheet: str, column: str) -> int:
    """Return the number of the column in the file; raises LookupError where it is gone."""
    for label, (_, place) in book.labels().items():
        if label == f"heading {sheet}.{column}" or (
            isinstance(label, Label) and label[::2] == (sheet, column)
        ):
            return place[1]
    raise LookupError(sheet, column)


def blank_place(book: Book, label: Label) -> tuple[Tab, Place]:
    """Return where a value belongs that the truth leaves blank; raises LookupError where its row or column is gone."""
    tab = book.tab(label.sheet)
    if FORM.by_id[label.sheet].layout == "card":
        row, column = book.find(f"heading {label.sheet}.{label.column}")[1]
        return tab, (row, column + 1)
    return tab, (row_of(book, label.sheet, label.number), column_of(book, label.sheet, label.column))


def value_of(typed: Any) -> Value:
    """Return what `typed` in `cases.toml` stands for."""
    match typed:
        case {"formula": text}:
            return Formula(text, typed.get("value"))
        case {"error": text}:
            return ErrorValue(text)
        case {"rich": runs}:
            return Rich(tuple(runs), typed.get("phonetic", ""))
        case {"repeat": text, "times": times}:
            return text * times
    return typed


def cell_of(typed: Any, label: str | None = None) -> Cell:
    """Return a cell with what is `typed`; a day has the format of days."""
    value = value_of(typed)
    return Cell(value, "day" if isinstance(value, date) else None, label)


def _unlabelled(cell: Cell, label: str | None = None) -> Cell:
    return replace(cell, label=label)


# Worksheets


def _require_free(book: Book, name: str) -> None:
    if name.casefold() in {tab.name.casefold() for tab in book.tabs}:
        raise LookupError(name)


@action
def rename_tab(book: Book, sheet: str, to: str) -> Book:
    """Give a worksheet another name."""
    _require_free(book, to)
    return book.with_tab(replace(book.tab(sheet), name=to))


@action
def copy_tab(book: Book, sheet: str, rows: int | None = None) -> Book:
    """Copy a worksheet as "… (2)" with its first `rows` rows of data, all of them by default."""
    tab = book.tab(sheet)
    to = f"{tab.name} (2)"
    _require_free(book, to)
    last = heading_row(book, sheet) + (tab.last_row if rows is None else rows)
    cells = {place: _unlabelled(cell) for place, cell in tab.cells.items() if place[0] <= last}
    copy = Tab(f"copy of {sheet}", to, cells, merges=tab.merges, hidden_rows=tab.hidden_rows)
    at = book.tabs.index(tab) + 1
    return replace(book, tabs=(*book.tabs[:at], copy, *book.tabs[at:]))


@action
def delete_tab(book: Book, sheet: str) -> Book:
    """Delete a worksheet."""
    return book.without(sheet)


@action
def add_tab(book: Book, name: str, rows: Sequence[Sequence[Value]], state: str = "visible") -> Book:
    """Add a worksheet of the sender's own."""
    return book.with_tab(Tab(name, name, _cells(rows, 1), state=state))


@action
def set_state(book: Book, sheet: str, state: str) -> Book:
    """Hide a worksheet."""
    return book.with_tab(replace(book.tab(sheet), state=state))


@action
def reverse_tabs(book: Book) -> Book:
    """Put the worksheets in another order."""
    return replace(book, tabs=book.tabs[::-1])


@action
def protect(book: Book, sheet: str) -> Book:
    """Protect a worksheet with a password."""
    return book.with_tab(replace(book.tab(sheet), protected=True))


# Rows


@action
def insert_rows(
    book: Book, sheet: str, before: str | int, rows: Sequence[Sequence[Value]], named: str = "", gap: int = 0
) -> Book:
    """Insert `rows` at the "top", before the "headings", a row of data, or at the "end" below `gap` blank rows.

    Their cells have the labels `named`, "`named` 2", "`named` 3" …
    """
    at = _row_before(book, sheet, before) + (gap if before == "end" else 0)
    return book.with_tab(book.tab(sheet).row_inserted(at, len(rows)).put(_cells(rows, at, named)))


def _row_before(book: Book, sheet: str, before: str | int) -> int:
    match before:
        case "top":
            return 1
        case "headings":
            return heading_row(book, sheet)
        case "end":
            return book.tab(sheet).last_row + 1
    return row_of(book, sheet, int(before))


def _cells(rows: Sequence[Sequence[Value]], at: int, named: str = "") -> dict[Place, Cell]:
    found = {
        (row, column): cell_of(value)
        for row, line in enumerate(rows, at)
        for column, value in enumerate(line, 1)
        if value != ""
    }
    for number, place in enumerate(sorted(found) if named else (), 1):
        found[place] = replace(found[place], label=named if number == 1 else f"{named} {number}")
    return found


@action
def row_with(
    book: Book, sheet: str, before: str | int, cells: dict[str, Value], named: str = "", gap: int = 0
) -> Book:
    """Insert one row that has `cells` in the columns named."""
    columns = {column_of(book, sheet, column): value for column, value in cells.items()}
    line = [columns.get(at, "") for at in range(1, max(columns) + 1)]
    return insert_rows(book, sheet, before, [line], named, gap)


@action
def put_beside(book: Book, sheet: str, rows: Sequence[Sequence[Value]], named: str, gap: int) -> Book:
    """Put `rows` beside the table, `gap` columns to the right, the first of them beside the headings."""
    tab, top = book.tab(sheet), heading_row(book, sheet)
    right = tab.width + gap
    cells = {(row, column + right): cell for (row, column), cell in _cells(rows, top, named).items()}
    return book.with_tab(tab.put(cells))


@action
def spread_rows(book: Book, sheet: str, gap: int) -> Book:
    """Leave `gap` blank rows between all rows of data."""
    first = first_row(book, sheet)
    return book.with_tab(book.tab(sheet).moved(lambda row: row + max(row - first, 0) * gap))


@action
def push_down(book: Book, sheet: str, row: int, to: int) -> Book:
    """Move a row and those below it down to row `to` of the file."""
    at = row_of(book, sheet, row)
    return book.with_tab(book.tab(sheet).moved(lambda old: old + to - at if old >= at else old))


@action
def paste_again(book: Book, sheet: str, row: int, named: str, change: dict[str, Value] | None = None) -> Book:
    """Paste a row again below the last one, with `change` typed over; its cells have labels "`named` column"."""
    tab, at, end = book.tab(sheet), row_of(book, sheet, row), book.tab(sheet).last_row + 1
    cells = {(end, column): _unlabelled(cell, _name(cell, named)) for column, cell in tab.row(at).items()}
    changed = {(end, column_of(book, sheet, column)): value for column, value in (change or {}).items()}
    tab = tab.put(cells)
    for place, value in changed.items():
        tab = tab.type(place, value)
    return book.with_tab(tab)


def _name(cell: Cell, named: str) -> str | None:
    return f"{named} {cell.label.column}" if isinstance(cell.label, Label) else None


@action
def repeat_headings(book: Book, sheet: str, before: int) -> Book:
    """Paste the headings again above a row of data."""
    tab, at = book.tab(sheet), row_of(book, sheet, before)
    cells = {(at, column): _unlabelled(cell) for column, cell in tab.row(heading_row(book, sheet)).items()}
    return book.with_tab(tab.row_inserted(at).put(cells))


@action
def delete_headings(book: Book, sheet: str) -> Book:
    """Clear the row of headings."""
    return _without_row(book, sheet, heading_row(book, sheet))


@action
def delete_ids(book: Book, sheet: str) -> Book:
    """Delete the hidden row of column ids."""
    at = heading_row(book, sheet, "id")
    return book.with_tab(book.tab(sheet).moved(lambda row: None if row == at else row - (row > at)))


def _without_row(book: Book, sheet: str, at: int) -> Book:
    tab = book.tab(sheet)
    return book.with_tab(
        replace(tab, cells={place: cell for place, cell in tab.cells.items() if place[0] != at})
    )


@action
def hide_rows(book: Book, sheet: str, rows: Sequence[int]) -> Book:
    """Hide rows of data."""
    tab = book.tab(sheet)
    hidden = frozenset(row_of(book, sheet, row) for row in rows)
    return book.with_tab(replace(tab, hidden_rows=tab.hidden_rows | hidden))


@action
def filter_rows(book: Book, sheet: str, rows: Sequence[int]) -> Book:
    """Set a filter that hides rows of data."""
    book = hide_rows(book, sheet, rows)
    tab, top = book.tab(sheet), heading_row(book, sheet)
    return book.with_tab(replace(tab, filtered=f"A{top}:{address(tab.last_row, tab.width)}"))


@action
def strike_row(book: Book, sheet: str, row: int) -> Book:
    """Strike a row through."""
    tab, at = book.tab(sheet), row_of(book, sheet, row)
    return book.with_tab(
        tab.put({(at, column): replace(cell, format=_struck(cell)) for column, cell in tab.row(at).items()})
    )


def _struck(cell: Cell) -> str:
    return "struck day" if cell.format == "day" else "struck"


@action
def format_blank_rows(book: Book, sheet: str, count: int) -> Book:
    """Format `count` rows without content below the data."""
    return book.with_tab(replace(book.tab(sheet), blank_rows=count))


# Columns and headings


@action
def retitle(book: Book, sheet: str, column: str, to: str) -> Book:
    """Write another heading over a column."""
    tab, place = book.find(f"heading {sheet}.{column}")
    return book.with_tab(tab.type(place, to))


@action
def retitle_all(book: Book, sheet: str, how: str) -> Book:
    """Write all headings otherwise: "upper", "vi" or "en" alone, "spaces" around and line breaks within, "unmarked"."""
    ways: dict[str, Callable[[str], str]] = {
        "upper": str.upper,
        "vi": lambda text: text.split("\n")[0],
        "en": lambda text: text.split("\n")[-1],
        "spaces": lambda text: "\u00a0 " + text.replace(" ", "\n") + " \u200b",
        "unmarked": lambda text: text.replace("*", "").split("(")[0],
    }
    tab = book.tab(sheet)
    for column, cell in tab.row(heading_row(book, sheet)).items():
        tab = tab.type((heading_row(book, sheet), column), ways[how](str(cell.value)))
    return book.with_tab(tab)


@action
def number_columns(book: Book, sheet: str) -> Book:
    """Write "Cột 1", "Cột 2" … over both ids and headings."""
    tab, rows = book.tab(sheet), (heading_row(book, sheet, "id"), heading_row(book, sheet))
    places = [(row, column) for row in rows for column in tab.row(rows[1])]
    return book.with_tab(tab.put({(row, column): Cell(f"Cột {column}") for row, column in places}))


@action
def insert_column(
    book: Book, sheet: str, before: str, heading: Value, values: Sequence[Value] = (), named: str = ""
) -> Book:
    """Insert a column of the sender's own; its heading has the label `named`."""
    at, top = column_of(book, sheet, before), heading_row(book, sheet)
    first = first_row(book, sheet)
    cells = {(first + row, at): cell_of(value) for row, value in enumerate(values) if value != ""}
    if heading != "":
        cells[top, at] = cell_of(heading, named or None)
    return book.with_tab(book.tab(sheet).column_inserted(at).put(cells))


@action
def move_column(book: Book, sheet: str, column: str) -> Book:
    """Move a column behind all others."""
    tab, at = book.tab(sheet), column_of(book, sheet, column)
    return book.with_tab(tab.moved(lambda row: row, lambda old: tab.width if old == at else old - (old > at)))


@action
def delete_column(book: Book, sheet: str, column: str) -> Book:
    """Delete a column."""
    return book.with_tab(book.tab(sheet).column_deleted(column_of(book, sheet, column)))


@action
def copy_column(book: Book, sheet: str, column: str) -> Book:
    """Copy a column, heading and ids and all, behind the last one."""
    tab, at = book.tab(sheet), column_of(book, sheet, column)
    copied = {(row, tab.width + 1): _unlabelled(cell) for (row, old), cell in tab.cells.items() if old == at}
    return book.with_tab(tab.put(copied))


@action
def hide_column(book: Book, sheet: str, column: str) -> Book:
    """Hide a column."""
    tab = book.tab(sheet)
    return book.with_tab(replace(tab, hidden_columns=tab.hidden_columns | {column_of(book, sheet, column)}))


# Cells and what hangs on them


@action
def merge_down(book: Book, sheet: str, column: str, rows: Sequence[int], kept: Sequence[int] = ()) -> Book:
    """Merge the cells of `column` in `rows`, as people do with a value that holds for all; the first is kept.

    Programs other than Excel leave what stands below it: in the rows `kept`.
    """
    tab, at = book.tab(sheet), column_of(book, sheet, column)
    places = [(row_of(book, sheet, row), at) for row in rows]
    for place in (place for row, place in zip(rows[1:], places[1:], strict=True) if row not in kept):
        tab = tab.type(place, None)
    ref = f"{address(*places[0])}:{address(*places[-1])}"
    return book.with_tab(replace(tab, merges=(*tab.merges, ref)))


@action
def comment(book: Book, at: str, text: str) -> Book:
    """Attach a note to a cell."""
    tab, place = book.find(label_of(at))
    return book.with_tab(replace(tab, comments={**tab.comments, place: text}))


@action
def draw(book: Book, sheet: str, count: int) -> Book:
    """Lay text boxes over a worksheet."""
    return book.with_tab(replace(book.tab(sheet), drawings=count))


@action
def resize_table(book: Book, sheet: str, rows: int) -> Book:
    """Leave only `rows` rows of data inside the native table."""
    tab, top = book.tab(sheet), heading_row(book, sheet)
    if not tab.tables:
        raise LookupError(sheet)
    ref = f"A{top}:{address(top + rows, len(FORM.by_id[sheet].columns))}"
    return book.with_tab(replace(tab, tables=dict.fromkeys(tab.tables, ref)))


# The workbook


@action
def forget_manifest(book: Book) -> Book:
    """Lose what the workbook says about itself, as in programs that keep neither properties nor very hidden sheets."""
    return replace(book.without("_xltrack"), properties={})


@action
def set_property(book: Book, name: str, to: str) -> Book:
    """Change what the workbook says about itself."""
    tab = book.tab("_xltrack")
    cells = {
        (row, 2): Cell(to) for (row, column), cell in tab.cells.items() if column == 1 and cell.value == name
    }
    return replace(book.with_tab(tab.put(cells)), properties={**book.properties, f"xltrack_{name}": to})


@action
def define(book: Book, **names: str) -> Book:
    """Define names that are of no use to us."""
    return replace(book, names={**book.names, **names})


@action
def link(book: Book, to: str) -> Book:
    """Refer to another workbook."""
    return replace(book, links=(*book.links, to))


@action
def claim_dimension(book: Book, ref: str) -> Book:
    """Name a wrong used range on every worksheet, or none ("")."""
    return replace(book, tabs=tuple(replace(tab, dimension=ref) for tab in book.tabs))


@action
def write_strings_inline(book: Book) -> Book:
    """Write texts into their cells."""
    return replace(book, strings="inline")


@action
def drop_styles(book: Book) -> Book:
    """Write no part for styles, so that a date is a mere number."""
    return replace(book, styles=False)


@action
def count_from_1904(book: Book) -> Book:
    """Count days from 1904."""
    return replace(book, date_1904=True)


@action
def replace_part(book: Book, name: str, content: str) -> Book:
    """Put another text into a part of the package."""
    return replace(book, parts={**book.parts, name: content.encode()})


def label_of(text: str) -> Label | str:
    """Return the label that `text` names: "enterprises[0].tax_code" a value of the truth, else a name of its own."""
    sheet, bracket, rest = text.partition("[")
    number, closing, column = rest.partition("].")
    return Label(sheet, int(number), column) if bracket and closing and number.isdecimal() else text


def apply(book: Book, step: dict[str, Any]) -> Book:
    """Return `book` after one step, {do = name, …}; raises LookupError where what it is about is gone."""
    return ACTIONS[step["do"]](book, **{name: value for name, value in step.items() if name != "do"})
