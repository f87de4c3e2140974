"""A finding: one thing wrong with what was received, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from xltrack.language import Text

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why nothing needs to be done about a finding: somebody looked at it and answers for it, until a day."""

    number: int
    reason: str
    by: str
    until: date


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a finding when it was recorded: its message and its hint."""

    message: Text
    hint: Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at its place.

    `sheet` is the tab as it is named in the file, `cell` its address there ("C7"), `row` the row number of the
    file, `column` the column id of the form, `value` the raw text that stood in the cell. All are None where
    the problem is of a whole sheet or file. `facts` are the further values named in the message of the code;
    a fact in both languages is a `Text`; of one that was recorded the facts are gone, and what was `said` stands.
    A `waiver` takes nothing away: it stands where else the remedy would.
    """

    code: str
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None
    column: str | None = None
    value: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    said: Said | None = None
    waiver: Waiver | None = None
