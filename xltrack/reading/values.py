"""What reading a cell needs to know, and what it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from xltrack.forms import Code, CodeList, Column
from xltrack.intake.styles import BESIDE, DIVIDED
from xltrack.reading.codes import Viewpoint

Value = str | int | float | bool | date | None
Marks = Mapping[str, Mapping[int, frozenset[str]]]
"""What the formats of cells say beyond their values: column id → place of the row → marks of `SheetFacts`."""
INT64 = 2**63


@dataclass(frozen=True)
class Setting:
    """What the workbook says about its cells: the money unit, the days of the round, the date system.

    `currencies` is the list of money units with their `factor`, `yes_no` the words for true and false,
    `lists` the code list of each column that has one, `currency` the money unit of the cover, `viewpoint` the round and
    the unit, once they are known.
    """

    currencies: CodeList
    yes_no: CodeList
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    factor: int = 1
    currency: Code | None = None
    viewpoint: Viewpoint | None = None
    date_1904: bool = False


class Beside(NamedTuple):
    """What the row and the format of a cell say of it.

    `parent` is the code of the same row that narrows its code list, `unit_is_percent` whether the row gives its unit as
    per cent, `marks` what the format says (`SheetFacts.marks`).
    """

    parent: str | None = None
    unit_is_percent: bool = False
    marks: frozenset[str] = frozenset()


class Oddity(NamedTuple):
    """What there is to say of one cell: its column, the place of its row, a finding's code and facts."""

    column: Column
    at: int
    code: str
    facts: Mapping[str, object]


class Converted(NamedTuple):
    """A value, or None; and the code of a finding with its facts, if there is something to say."""

    value: Value
    code: str | None = None
    facts: Mapping[str, object] = {}


NOTHING = Converted(None)
_TELLING = frozenset({"percent", "tcvn3", "vni"})


def shows_unit(marks: frozenset[str]) -> bool:
    """Return whether the format of a cell writes something beside its number, or shows it divided by thousands."""
    return any(mark.startswith((BESIDE, DIVIDED)) for mark in marks)


def marks_of(
    found: Mapping[str, frozenset[str]], columns: Mapping[str, str], rows: Sequence[int]
) -> dict[str, dict[int, frozenset[str]]]:
    """Return those of the marks `found` by address that tell how a cell is to be read, by column id and place.

    `columns` maps column ids to letters ("C"); `rows` are the numbers of the rows in the file.
    """
    ids = {letters: column_id for column_id, letters in columns.items()}
    places = {str(row): at for at, row in enumerate(rows)} if found else {}
    marks: dict[str, dict[int, frozenset[str]]] = {}
    for address, said in found.items():
        letters = address.rstrip("0123456789")
        at = places.get(address[len(letters) :])
        if at is not None and letters in ids and (said & _TELLING or shows_unit(said)):
            marks.setdefault(ids[letters], {})[at] = said
    return marks
