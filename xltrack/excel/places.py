"""Where every column of a sheet stands in the workbook, in the words that formulas use."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from xltrack.forms import Sheet

TITLE, HELP, IDS, HEADER, FIRST = range(5)
"""The rows of a table sheet, counted from 0; FIRST is the first row of data."""
RESERVE = 1_500
"""Rows below the table that are checked like those in it: people paste more rows than there was room for."""
CARD_IDS, CARD_LABELS, CARD_VALUES, CARD_HELP = range(4)
"""The columns of the cover, counted from 0."""
CARD_FIRST = 6
"""The row of the cover's first column, counted from 0; what stands above is the heading of the report."""


@dataclass(frozen=True)
class Place:
    """The cells of one sheet by column id.

    `own` is the first cell ("C5"), `cell` the same as seen from any column of its row ("$C5", on the cover
    "$C$12"), `area` all cells of the column that are checked ("$C$5:$C$2004"). `row` is the whole row ("$A5:$W5"), None
    on the cover. `first` and `last` are the rows of the table, counted from 1, `deepest` the last one checked.
    """

    own: Mapping[str, str]
    cell: Mapping[str, str]
    area: Mapping[str, str]
    row: str | None
    first: int
    last: int
    deepest: int
    end: str


def table_place(sheet: Sheet, capacity: int) -> Place:
    """Return where the columns of a table with `capacity` rows stand."""
    letters = {column.id: xl_col_to_name(number) for number, column in enumerate(sheet.columns)}
    first, last = FIRST + 1, FIRST + capacity
    deepest = last + RESERVE
    end = xl_col_to_name(len(sheet.columns) - 1)
    return Place(
        own={column: f"{letter}{first}" for column, letter in letters.items()},
        cell={column: f"${letter}{first}" for column, letter in letters.items()},
        area={column: f"${letter}${first}:${letter}${deepest}" for column, letter in letters.items()},
        row=f"$A{first}:${end}{first}",
        first=first,
        last=last,
        deepest=deepest,
        end=end,
    )


def card_place(sheet: Sheet) -> Place:
    """Return where the columns of the cover stand: one below the other."""
    letter = xl_col_to_name(CARD_VALUES)
    rows = {column.id: CARD_FIRST + number + 1 for number, column in enumerate(sheet.columns)}
    return Place(
        own={column: f"{letter}{row}" for column, row in rows.items()},
        cell={column: f"${letter}${row}" for column, row in rows.items()},
        area={column: f"${letter}${row}" for column, row in rows.items()},
        row=None,
        first=CARD_FIRST + 1,
        last=CARD_FIRST + len(sheet.columns),
        deepest=CARD_FIRST + len(sheet.columns),
        end=xl_col_to_name(CARD_HELP),
    )
