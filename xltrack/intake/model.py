"""What the gate says of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from xltrack.findings import Finding
from xltrack.language import Text

State = Literal["visible", "hidden", "veryHidden"]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What one worksheet holds that readers of values pass over.

    `cells` counts the cells with content, `errors` maps addresses to error texts ("#REF!"), `uncalculated`
    maps addresses of formulas that were never calculated to the formula ("=B2*2", "=" where the text is shared).
    `formulas` counts all formulas. `state` is that of the tab. `hidden_rows` are the numbers of hidden rows with
    content, `hidden_columns` the letters of hidden columns no further right than the last content; `is_filtered`
    says whether a filter hides rows. `merges` are the merged ranges ("A2:A4"), `tables` the ranges of native tables
    by name. `comments` gives the text of notes and threaded comments by address. `drawings` counts pictures, shapes,
    text boxes and charts.

    `marks` gives, for cells with content, what their format says beyond the value: "struck" (struck through),
    "percent" (a percent format), "tcvn3" or "vni" (a font of a legacy encoding), "undefined" (the format is not in
    the file: a date may look like a number). Where a text has runs of its own, the mark holds for all of them.

    `blanks` counts cells that hold a value in which there is nothing to see. `is_plain` says that there is nothing
    in the XML of the cells that two readers could take differently.
    """

    cells: int
    errors: Mapping[str, str]
    uncalculated: Mapping[str, str]
    formulas: int = 0
    state: State = "visible"
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    is_filtered: bool = False
    merges: tuple[str, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    drawings: int = 0
    blanks: int = 0
    is_plain: bool = False


@dataclass(frozen=True)
class Facts:
    """What the gate learnt of a workbook: worksheets by tab, the custom document properties, the date system.

    `links` are the other workbooks that formulas refer to, as the file names them.
    """

    sheets: Mapping[str, SheetFacts] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    date_1904: bool = False
    links: tuple[str, ...] = ()

    @property
    def errors(self) -> dict[tuple[str, str], str]:
        """Return the text of every error cell by (tab, address)."""
        return {
            (tab, address): text
            for tab, sheet in self.sheets.items()
            for address, text in sheet.errors.items()
        }

    @property
    def uncalculated(self) -> dict[tuple[str, str], str]:
        """Return every formula without a calculated value by (tab, address)."""
        return {
            (tab, at): text for tab, sheet in self.sheets.items() for at, text in sheet.uncalculated.items()
        }

    @property
    def cells(self) -> dict[str, int]:
        """Return the number of cells with content by tab."""
        return {tab: sheet.cells for tab, sheet in self.sheets.items()}


@dataclass(frozen=True)
class Received:
    """One file as it arrived, before anything has looked into it: its bytes, and how many there are in the file."""

    path: Path
    content: bytes = field(repr=False)
    size: int
    sha256: str


@dataclass(frozen=True)
class Intake:
    """One file as it arrived: its bytes, read once, and whether they may be read further.

    `findings` are errors of 1xx (or the note that a lock file was passed over); where there is one, the bytes
    are given to no reader and `facts` are empty.
    """

    path: Path
    content: bytes = field(repr=False)
    sha256: str
    findings: tuple[Finding, ...] = ()
    facts: Facts = field(default_factory=Facts)


class Refused(Exception):
    """The file is refused for the reason in `finding`; it never leaves the gate."""

    def __init__(self, code: str, **facts: object) -> None:
        """Refuse with the finding `code` and its facts."""
        super().__init__(code)
        self.finding = Finding(code, facts=facts)


def damaged(vi: str, en: str) -> Refused:
    """Return the refusal of a damaged file, with its reason in both languages."""
    return Refused("XLT102", reason=Text(vi, en))
