"""Finds the heading row of a table, and which column is which."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from xltrack.forms import Code, CodeList, Sheet, fold
from xltrack.language import Text
from xltrack.reading.cells import BLANK, Cell, raw_text
from xltrack.reading.extract import Grid

_SEARCHED_ROWS = 60
_FEWEST = 3
_ID_ROW_TO_HEADINGS = 3
_LONGEST_HEADING = 300
_PARENTHESES = re.compile(r"\(([^()]*)\)")
# "1. Mã số thuế", "(2) Tên", "Doanh thu (3)": tables that are printed number their columns.
_NUMBERED = re.compile(
    r"^\s*(?:\(?[0-9]{1,2}[.)]|\[[0-9]{1,2}\]|\([A-Z]\))\s*|\s*(?:\([0-9A-Z]{1,2}\)|\[[0-9]{1,2}\])\s*$"
)
_TOTALS = frozenset({"tongso", "tong", "chung", "total"})
_UNIT_WORDS = re.compile(r"^\s*(?:đvt|đơn vị tính|đơn vị|unit)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """The headings of the sheet `title`: ids of columns by folded text, and the money units that may stand beside."""

    title: Text
    keys: Mapping[str, str]
    currencies: CodeList


@dataclass(frozen=True)
class Heads:
    """One row of headings or two: what is written over each column, and which column of the sheet it is."""

    row: int | None
    sub_row: int | None = None
    texts: Mapping[int, str] = field(default_factory=dict)
    found: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """Where the parts of a table stand; rows and columns are places counted from 0.

    `columns` gives the place of each column found by its id, `twice` the places of columns found more than
    once, `headings` the text that heads each place, `strange` the places whose heading belongs to no column,
    `money` the money unit named in a heading. `edited` gives for each place whose heading is not the one of its id
    that id, and where it is the heading of another column the id of that. `sub_row` is the second row of headings, if
    there are two.
    """

    id_row: int | None
    heading_row: int | None
    columns: Mapping[str, int]
    sub_row: int | None = None
    twice: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    headings: Mapping[int, str] = field(default_factory=dict)
    strange: frozenset[int] = frozenset()
    edited: Mapping[int, tuple[str, str | None]] = field(default_factory=dict)
    money: Mapping[str, Code] = field(default_factory=dict)

    @property
    def heading_rows(self) -> tuple[int, ...]:
        """Return the places of the rows of headings: none, one or two."""
        return tuple(row for row in (self.heading_row, self.sub_row) if row is not None)

    @property
    def first_row(self) -> int:
        """Return the place of the first row below the headings."""
        return max((*self.heading_rows, -1 if self.id_row is None else self.id_row)) + 1


def find_layout(grid: Grid, sheet: Sheet, known: Known) -> Layout | None:
    """Return where the columns of `sheet` stand in `grid`; None if neither ids nor headings are found.

    The row of ids rules where there is one; columns without an id are found by their headings, which may be
    spread over two rows.
    """
    id_row = _id_row(grid, sheet)
    row = _heading_row(grid, known, id_row)
    if id_row is None and row is None:
        return None
    heads = (
        likeliest_heads(grid.rows, row, known, 0 if id_row is None else id_row + 1)
        if row is not None
        else None
    )
    found = dict(_by_id(grid, sheet, id_row))
    by_id = dict(found)
    for at, column_id in (heads.found if heads else {}).items():
        found.setdefault(at, column_id)
    return _layout(heads or Heads(None), id_row, by_id, found, known.currencies)


def known_headings(sheet: Sheet, currencies: CodeList) -> Known:
    """Return the headings of `sheet`, with the money units of the list `currencies`."""
    return Known(sheet.title, sheet.headings, currencies)


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


def count_headings(grid: Grid, known: Known) -> int:
    """Return how many of the columns `known` the likeliest row of `grid` heads."""
    return max((len(_headed(row, known)) for row in grid.rows[:_SEARCHED_ROWS]), default=0)


def are_mostly_heads(heads: int, cells: int) -> bool:
    """Return whether a row with `heads` headings of a sheet in its `cells` heads a table of that sheet."""
    return heads >= _FEWEST and heads * 2 > cells


def match_heading(cell: Cell, known: Known) -> str | None:
    """Return the id of the column that the text of `cell` heads, None if it heads none.

    Either language or both, an asterisk, a number and a money unit in parentheses make no difference.
    """
    if not isinstance(cell, str) or not cell or len(cell) > _LONGEST_HEADING:
        return None
    text = _without_money(cell, known.currencies) if "(" in cell else cell
    return next((found for key in _keys(text) if (found := known.keys.get(key))), None)


@lru_cache(maxsize=2_000)
def _keys(text: str) -> tuple[str, ...]:
    """Return the folded keys of `text` and of each of its lines, as they stand and without a number."""
    spellings = dict.fromkeys((text, *text.split("\n")))
    bare = ((spelling, _NUMBERED.sub("", spelling)) for spelling in spellings)
    return tuple(dict.fromkeys(fold(spelling) for both in bare for spelling in both))


def likeliest_heads(rows: Sequence[Sequence[Cell]], row: int, known: Known, first: int) -> Heads:
    """Return the headings in `row`, joined with those of the row above or below where more columns are found so.

    No row above the place `first` is looked at.
    """
    single = _heads(row, None, {at: (text,) for at, text in _texts(rows[row]).items()}, known)
    pairs = [
        _heads(top, top + 1, _joined(rows[top], rows[top + 1]), known)
        for top in (row, row - 1)
        if top >= first and top + 1 < len(rows) and (top < row or _goes_on(rows[top], rows[top + 1]))
    ]
    best = max(pairs, key=lambda heads: len(set(heads.found.values())), default=single)
    return best if len(set(best.found.values())) > len(set(single.found.values())) else single


def _heads(row: int, sub_row: int | None, spellings: Mapping[int, tuple[str, ...]], known: Known) -> Heads:
    matches = {
        at: next((found for text in texts if (found := match_heading(text, known))), None)
        for at, texts in spellings.items()
    }
    texts = {at: texts[0] for at, texts in spellings.items()}
    return Heads(row, sub_row, texts, {at: found for at, found in matches.items() if found})


def _texts(row: Sequence[Cell]) -> dict[int, str]:
    return {at: raw_text(cell) for at, cell in enumerate(row) if cell != BLANK}


def _joined(top: Sequence[Cell], sub: Sequence[Cell]) -> dict[int, tuple[str, ...]]:
    """Return how each column may be headed where `top` stands over groups of columns that `sub` names."""
    above, below = _texts(top), _texts(sub)
    found: dict[int, tuple[str, ...]] = {}
    group = ""
    for at in range(len(top)):
        group = above.get(at, group)
        if at in below and group:
            alone = group if fold(below[at]) in _TOTALS else ""
            found[at] = (f"{group} {below[at]}", f"{below[at]} {group}", below[at], alone)
        elif at in below or at in above:
            found[at] = (below.get(at) or above[at],)
    return found


def _goes_on(top: Sequence[Cell], sub: Sequence[Cell]) -> bool:
    """Return whether `sub` only names columns within groups: none of its cells stands under a heading of one column."""
    places = {at for at, cell in enumerate(sub) if cell != BLANK}
    grouped = {at for at in places if top[at] == BLANK or (at + 1 in places and top[at + 1] == BLANK)}
    return places == grouped and all(isinstance(sub[at], str) for at in places)


def _without_money(text: str, currencies: CodeList) -> str:
    def kept(match: re.Match[str]) -> str:
        return "" if currencies.find(_UNIT_WORDS.sub("", match[1]).strip()) else match[0]

    return _PARENTHESES.sub(kept, text)


def _ids_in(row: Sequence[Cell], sheet: Sheet) -> int:
    return sum(map(sheet.by_id.__contains__, [cell.strip() for cell in row if type(cell) is str]))


def _id_row(grid: Grid, sheet: Sheet) -> int | None:
    needed = min(_FEWEST, len(sheet.columns))
    counts = [(_ids_in(row, sheet), -at) for at, row in enumerate(grid.rows[:_SEARCHED_ROWS])]
    best, at = max(counts, default=(0, 0))
    return -at if best >= needed else None


def _by_id(grid: Grid, sheet: Sheet, id_row: int | None) -> Iterator[tuple[int, str]]:
    for at, cell in enumerate(grid.rows[id_row] if id_row is not None else ()):
        if type(cell) is str and cell.strip() in sheet.by_id:
            yield at, cell.strip()


def _headed(row: Iterable[Cell], known: Known) -> set[str]:
    return {found for cell in row if (found := match_heading(cell, known))}


def _heading_row(grid: Grid, known: Known, id_row: int | None) -> int | None:
    fewest = min(_FEWEST, len(set(known.keys.values())))
    end = min(_SEARCHED_ROWS, len(grid.rows))
    if id_row is None:
        return _likeliest_row(grid, known, range(end), fewest)
    below = id_row + 1
    near = _likeliest_row(grid, known, range(below, min(below + _ID_ROW_TO_HEADINGS, len(grid.rows))), 1)
    if near is not None:
        return near
    # Titles may have been put in between, but no row of data.
    first = next((at for at in range(below, end) if _filled(grid.rows[at]) >= fewest), end)
    return _likeliest_row(grid, known, range(first, min(first + 1, end)), fewest)


def _likeliest_row(grid: Grid, known: Known, searched: Iterable[int], needed: int) -> int | None:
    best, at = max(((_score(grid.rows[at], known), -at) for at in searched), default=(0, 0))
    return -at if best >= needed else None


def _filled(row: Sequence[Cell]) -> int:
    return len(row) - row.count(BLANK)


def _score(row: Sequence[Cell], known: Known) -> int:
    """Return how many columns `row` heads, 0 where more than half of its cells head none: then it is data."""
    filled = _filled(row)
    headed = len(_headed(row, known))
    return headed if headed * 2 >= filled else 0


def _layout(
    heads: Heads, id_row: int | None, by_id: Mapping[int, str], found: Mapping[int, str], currencies: CodeList
) -> Layout:
    places: dict[str, tuple[int, ...]] = {}
    for at, column_id in sorted(found.items()):
        places[column_id] = (*places.get(column_id, ()), at)
    units = {
        column_id: money_unit(heads.texts.get(at[0], BLANK), currencies) for column_id, at in places.items()
    }
    return Layout(
        id_row=id_row,
        heading_row=heads.row,
        sub_row=heads.sub_row,
        columns={column_id: at[0] for column_id, at in places.items()},
        twice={column_id: at for column_id, at in places.items() if len(at) > 1},
        headings=heads.texts,
        strange=frozenset(at for at in heads.texts if at not in found),
        edited={
            at: (column_id, heads.found.get(at))
            for at, column_id in by_id.items()
            if at in heads.texts and heads.found.get(at) != column_id
        },
        money={column_id: unit for column_id, unit in units.items() if unit},
    )
