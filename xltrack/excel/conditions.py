"""Conditions on cells, said once, and written as a formula for one row or for all rows of a table.

A condition is the text of a formula that is 1 (or true) where something is the matter. It names cells as
`⟦sheet.column⟧` and says `⟦sheet⟧` for "this row has something in it". For one row (`in_row`) the names become
addresses, for all rows (`in_column`) the names of columns: then the formula yields one number a row. For that to work
in every program, conditions multiply and add instead of AND and OR, which would take all rows together.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xltrack.excel.places import Place
from xltrack.forms import Sheet

_CELL = re.compile(r"⟦(\w+)\.(\w+)⟧")
NO_BREAK_SPACE = "\u00a0"
OWN = "@"
"""Stands for a cell until the columns that share a formula are known."""
_ROW = re.compile(r"⟦(\w+)⟧")


def cell(sheet: str, column: str) -> str:
    """Return what a condition writes for the cell of `column` in the row asked about, or on the cover."""
    return f"⟦{sheet}.{column}⟧"


def filled_row(sheet: str) -> str:
    """Return the condition: the row of `sheet` has something in it."""
    return f"⟦{sheet}⟧"


def column_name(sheet: str, column: str) -> str:
    """Return the name under which the workbook knows the filled part of a column."""
    return f"col_{sheet}_{column}"


def counted_name(sheet: str, code: str) -> str:
    """Return the name of the verdict: how many cells of `sheet` have what the finding code `code` says."""
    return f"count_{sheet}_{code}"


def wrong_name(sheet: str, column: str, code: str) -> str:
    """Return the name of the array that says in which rows of `sheet` the cell of `column` has what `code` says."""
    return f"wrong_{sheet}_{column}_{code}"


def row_name(sheet: str, column: str, code: str) -> str:
    """Return the name of that condition for the row of the cell that asks."""
    return f"row_{sheet}_{column}_{code}"


def filled_name(sheet: str) -> str:
    """Return the name of the array that says which rows of `sheet` have something in them."""
    return f"filled_{sheet}"


def row_filled_name(sheet: str) -> str:
    """Return the name of that condition for the row of the cell that asks."""
    return f"row_filled_{sheet}"


def key_name(sheet: str) -> str:
    """Return the name of the array with the key of every row of `sheet`, as `clean_key` writes it."""
    return f"key_{sheet}"


def clean_key(cells: Sequence[str]) -> str:
    """Return the text of the cells of a key, without the blanks that nobody sees around the words."""
    return '&"|"&'.join(f'TRIM(SUBSTITUTE({at}&"","{NO_BREAK_SPACE}"," "))' for at in cells)


def literal(text: str) -> str:
    """Return `text` as it is written inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def every(*conditions: str) -> str:
    """Return the condition that all of `conditions` hold."""
    return "*".join(_closed(one) for one in conditions)


def some(*conditions: str) -> str:
    """Return the condition that at least one of `conditions` holds."""
    return (
        conditions[0] if len(conditions) == 1 else "(" + "+".join(_closed(one) for one in conditions) + ">0)"
    )


def no(condition: str) -> str:
    """Return the condition that `condition`, which is 0 or 1, does not hold."""
    is_denial = condition.startswith("(1-") and _closed(condition) == condition
    return condition[3:-1] if is_denial else f"(1-{_closed(condition)})"


def blank(at: str) -> str:
    """Return the condition that the cell `at` says nothing: it is empty, or holds a dash, "N/A" and the like."""
    return f'ISNUMBER(FIND("|"&LOWER(TRIM({at}))&"|",nothing))'


def given(at: str) -> str:
    """Return the condition that the cell `at` says something; an error value fails, and with it what it is part of."""
    return every(f"(LEN({at})>0)", no(blank(at)))


@dataclass(frozen=True)
class Surroundings:
    """Where conditions on the sheet `sheet` are asked: its tab, and the cells of its columns."""

    sheet: str
    tab: str
    place: Place

    def in_row(self, condition: str, own: str = "") -> str:
        """Return `condition` as a formula for the first row, to be filled down; on the cover for its one cell.

        The cell of the column `own` becomes OWN.
        """
        return _ROW.sub(self._has_row, _CELL.sub(lambda match: self._address(match, own), condition))

    @property
    def _has_row(self) -> str:
        return row_filled_name(self.sheet) if self.place.row else "1"

    def _address(self, match: re.Match[str], own: str) -> str:
        if match[1] != self.sheet:
            return column_name(match[1], match[2])
        return OWN if match[2] == own else self.place.cell[match[2]]

    def in_any_row(self, condition: str) -> str:
        """Return `condition` as a name says it, which takes the row of the cell that asks: as seen from row 1."""
        return _ROW.sub(self._has_row, _CELL.sub(self._from_above, condition))

    def _from_above(self, match: re.Match[str]) -> str:
        if match[1] != self.sheet:
            return column_name(match[1], match[2])
        cell_ = self.place.cell[match[2]]
        return f"{self.tab}!{cell_ if self.place.row is None else cell_.rstrip('0123456789') + '1'}"

    def in_column(self, condition: str) -> str:
        """Return `condition` as an array formula that is true in the rows for which it holds."""
        named = _CELL.sub(lambda match: column_name(match[1], match[2]), condition)
        rows = _ROW.sub(lambda match: filled_name(match[1]) if self.place.row else "1", named)
        return f"IFERROR(1*({rows})>0,FALSE)"


def names_of(sheet: Sheet, place: Place, used: str) -> Mapping[str, str]:
    """Return the names that conditions use for the cells of `sheet`: columns as far as the row in the cell `used`.

    `used` is the address of a cell with the number of rows down to the last one that has something in it.
    """
    tab, first, end = sheet.tab, place.first, place.end
    if place.row is None:
        return {column_name(sheet.id, column): f"{tab}!{at}" for column, at in place.cell.items()}
    columns = {column_name(sheet.id, c): _filled(tab, area, used) for c, area in place.area.items()}
    every_cell = f"{tab}!$A${first}:INDEX({tab}!${end}${first}:${end}${place.deepest},{used})"
    ones = f"TRANSPOSE(COLUMN({tab}!$A${first}:${end}${first})^0)"
    answers = [column.id for column in sheet.columns if column.type == "boolean"]
    rows = _saying(
        f"MMULT({no(blank(every_cell))},{ones})", [columns[column_name(sheet.id, c)] for c in answers]
    )
    here = [f"{tab}!{place.cell[c].rstrip('0123456789')}1" for c in answers]
    row = _saying(f"SUMPRODUCT({no(blank(f'{tab}!$A1:${end}1'))})", here)
    keys = {key_name(sheet.id): clean_key([columns[column_name(sheet.id, c)] for c in sheet.key])}
    return {**columns, **keys, filled_name(sheet.id): rows, row_filled_name(sheet.id): row}


def _saying(cells: str, answers: Sequence[str]) -> str:
    """Return: some of the `cells` says something, or one of the `answers`, to whom "Không" is one, is not blank."""
    return f"({'+'.join([cells, *(f'IFERROR(LEN(TRIM({at})),0)' for at in answers)])}>0)"


def _filled(tab: str, area: str, used: str) -> str:
    return f"{tab}!{area.partition(':')[0]}:INDEX({tab}!{area},{used})"


def _closed(condition: str) -> str:
    """Return `condition` in brackets, unless one function or bracket holds all of it already."""
    opened = re.match(r"[A-Z]*\(", condition)
    if opened is None:
        return condition if re.fullmatch(r"\w+|⟦\w+⟧", condition) else f"({condition})"
    depth, quoted = 0, False
    for at, letter in enumerate(condition):
        quoted ^= letter == '"'
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and at >= opened.end() - 1:
            return condition if at == len(condition) - 1 else f"({condition})"
    return f"({condition})"
