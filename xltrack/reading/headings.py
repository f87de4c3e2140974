"""Finds the heading row of a table, and which column is which."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xltrack.forms import Code, CodeList, Column, Sheet, fold
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.extract import Grid

_SEARCHED_ROWS = 60
_FEWEST = 3
_ID_ROW_TO_HEADINGS = 3
_LONGEST_HEADING = 300
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_UNIT_WORDS = re.compile(r"^\s*(?:đvt|đơn vị tính|đơn vị|unit)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where the parts of a table stand; rows and columns are places counted from 0.

    `columns` gives the place of each column found by its id, `twice` the places of columns found more than
    once, `strange` the headings that belong to no column, `money` the money unit named in a heading.
    """

    id_row: int | None
    heading_row: int | None
    columns: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    strange: Mapping[int, str] = field(default_factory=dict)
    money: Mapping[str, Code] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        """Return the place of the first row below the headings."""
        return max(-1 if row is None else row for row in (self.id_row, self.heading_row)) + 1


def find_layout(grid: Grid, sheet: Sheet, currencies: CodeList) -> Layout | None:
    """Return where the columns of `sheet` stand in `grid`; None if neither ids nor headings are found.

    The row of ids rules where there is one; columns without an id are found by their headings.
    """
    keys = heading_keys(sheet)
    id_row = _id_row(grid, sheet)
    heading_row = _heading_row(grid, keys, id_row, currencies)
    if id_row is None and heading_row is None:
        return None
    found = dict(_by_id(grid, sheet, id_row))
    headings = grid.rows[heading_row] if heading_row is not None else []
    for at, cell in enumerate(headings):
        if at not in found and (column_id := match_heading(cell, keys, currencies)):
            found[at] = column_id
    return _layout(grid, id_row, heading_row, found, currencies)


def heading_keys(sheet: Sheet) -> dict[str, str]:
    """Return the id of the column for each folded heading; titles go before synonyms, a shared one names nobody."""
    keys: dict[str, str] = {}
    for spellings in (_titles, _synonyms):
        found: dict[str, set[str]] = {}
        for column in sheet.columns:
            for spelling in spellings(column):
                found.setdefault(fold(spelling), set()).add(column.id)
        keys = {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1 and key} | keys
    return keys


def money_unit(cell: Cell, currencies: CodeList) -> Code | None:
    """Return the money unit that a heading names in parentheses, "(triệu đồng)"; None if it names none."""
    for inside in _PARENTHESES.findall(cell) if isinstance(cell, str) else ():
        found = currencies.find(_UNIT_WORDS.sub("", inside).strip())
        if len(found) == 1:
            return found[0]
    return None


def count_ids(grid: Grid, sheet: Sheet) -> int:
    """Return how many column ids of `sheet` the likeliest row of `grid` holds."""
    return max((_ids_in(row, sheet) for row in grid.rows[:_SEARCHED_ROWS]), default=0)


def count_headings(grid: Grid, sheet: Sheet, currencies: CodeList) -> int:
    """Return how many columns of `sheet` the likeliest row of `grid` heads."""
    keys = heading_keys(sheet)
    return max((len(_headed(row, keys, currencies)) for row in grid.rows[:_SEARCHED_ROWS]), default=0)


def _titles(column: Column) -> Iterator[str]:
    yield column.title.vi
    yield column.title.en
    yield column.title.vi + column.title.en


def _synonyms(column: Column) -> Iterator[str]:
    yield from (*column.synonyms, column.id)


def match_heading(cell: Cell, keys: Mapping[str, str], currencies: CodeList) -> str | None:
    """Return the id of the column that the text of `cell` heads, None if it heads none.

    Either language or both, an asterisk and a money unit in parentheses make no difference.
    """
    if not isinstance(cell, str) or not cell or len(cell) > _LONGEST_HEADING:
        return None
    text = _without_money(cell, currencies) if "(" in cell else cell
    for spelling in (text, *text.split("\n")):
        if found := keys.get(fold(spelling)):
            return found
    return None


def _without_money(text: str, currencies: CodeList) -> str:
    def kept(match: re.Match[str]) -> str:
        return "" if currencies.find(_UNIT_WORDS.sub("", match[1]).strip()) else match[0]

    return _PARENTHESES.sub(kept, text)


def _ids_in(row: Sequence[Cell], sheet: Sheet) -> int:
    return sum(1 for cell in row if type(cell) is str and cell.strip() in sheet.by_id)


def _id_row(grid: Grid, sheet: Sheet) -> int | None:
    needed = min(_FEWEST, len(sheet.columns))
    counts = [(_ids_in(row, sheet), -at) for at, row in enumerate(grid.rows[:_SEARCHED_ROWS])]
    best, at = max(counts, default=(0, 0))
    return -at if best >= needed else None


def _by_id(grid: Grid, sheet: Sheet, id_row: int | None) -> Iterator[tuple[int, str]]:
    for at, cell in enumerate(grid.rows[id_row] if id_row is not None else ()):
        if type(cell) is str and cell.strip() in sheet.by_id:
            yield at, cell.strip()


def _headed(row: Iterable[Cell], keys: Mapping[str, str], currencies: CodeList) -> set[str]:
    return {found for cell in row if (found := match_heading(cell, keys, currencies))}


def _heading_row(grid: Grid, keys: Mapping[str, str], id_row: int | None, currencies: CodeList) -> int | None:
    if id_row is not None:
        searched, needed = range(id_row + 1, min(id_row + 1 + _ID_ROW_TO_HEADINGS, len(grid.rows))), 1
    else:
        searched, needed = range(min(_SEARCHED_ROWS, len(grid.rows))), min(_FEWEST, len(set(keys.values())))
    best, at = max(((_score(grid.rows[at], keys, currencies), -at) for at in searched), default=(0, 0))
    return -at if best >= needed else None


def _score(row: Sequence[Cell], keys: Mapping[str, str], currencies: CodeList) -> int:
    """Return how many columns `row` heads, 0 where more than half of its cells head none: then it is data."""
    filled = len(row) - row.count(BLANK)
    headed = len(_headed(row, keys, currencies))
    return headed if headed * 2 >= filled else 0


def _layout(
    grid: Grid, id_row: int | None, heading_row: int | None, found: Mapping[int, str], currencies: CodeList
) -> Layout:
    headings = grid.rows[heading_row] if heading_row is not None else []
    places: dict[str, tuple[int, ...]] = {}
    for at, column_id in sorted(found.items()):
        places[column_id] = (*places.get(column_id, ()), at)
    units = {
        column_id: money_unit(headings[at[0]], currencies) for column_id, at in places.items() if headings
    }
    return Layout(
        id_row=id_row,
        heading_row=heading_row,
        columns={column_id: at[0] for column_id, at in places.items()},
        twice={column_id: at for column_id, at in places.items() if len(at) > 1},
        strange={at: str(cell) for at, cell in enumerate(headings) if cell != BLANK and at not in found},
        money={column_id: unit for column_id, unit in units.items() if unit},
    )
