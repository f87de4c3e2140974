"""What the gate says of a file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xltrack.findings import Finding, severity
from xltrack.language import Text

if TYPE_CHECKING:
    from xltrack.intake.opened import Opened

State = Literal["visible", "hidden", "veryHidden"]
Verdict = Literal["passed", "quarantined", "refused", "passed_over"]
# Macros, embedded objects, connections: what could act when a person opens the file.
ACTIVE = frozenset({"XLT108", "XLT110", "XLT111"})
# What programs leave beside workbooks, and what xltrack itself wrote.
_NO_SUBMISSION = frozenset({"XLT109", "XLT148"})
_LETTERS = 300
_PART = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What one worksheet holds that readers of values pass over.

    `cells` counts the cells with content, `errors` maps addresses to error texts ("#REF!"), `uncalculated`
    maps addresses of formulas that were never calculated to the formula ("=B2*2", "=" where the text is shared).
    `formulas` counts all formulas. `state` is that of the tab. `hidden_rows` are the numbers of hidden rows with
    content, `hidden_columns` the letters of hidden columns no further right than the last content; `is_filtered`
    says whether a filter hides rows. `merges` are the merged ranges ("A2:A4"), `tables` the ranges of native tables
    by name. `comments` gives the text of notes and threaded comments by address, `answered` the addresses of those in
    which xltrack had written, `explained` of those in which nothing stands above that. `drawings` counts pictures,
    shapes, text boxes and charts.

    `marks` gives, for cells with content, what their format says beyond the value: "struck" (struck through),
    "percent" (a percent format), "tcvn3" or "vni" (a font of a legacy encoding), "undefined" (the format is not in
    the file: a date may look like a number), "beside:tỷ" (the format writes "tỷ" beside a number), "divided:2" (it
    shows a number divided by two thousands). Where a text has runs of its own, the mark holds for all of them.

    `blanks` counts cells that hold a value in which there is nothing to see. `is_plain` says that there is nothing
    in the XML of the cells that two readers could take differently, and that the parts are called what all expect.
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
    answered: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
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
    """One file as it arrived, before anything has looked into it: its bytes, and how many there are in the file.

    `arrival` is when it came, with its zone, if that is known of this file alone.
    """

    path: Path
    content: bytes = field(repr=False)
    size: int
    sha256: str
    arrival: datetime | None = None


@dataclass(frozen=True)
class Intake:
    """One file as it arrived: its bytes, read once, what the gate found, and whether a reader may have it.

    `sha256` is "" for a file that was not read whole. `findings` are those of 1xx; `facts` are empty unless the
    file passed, and then `opened` are its parts.
    """

    path: Path
    content: bytes = field(repr=False)
    sha256: str
    findings: tuple[Finding, ...] = ()
    facts: Facts = field(default_factory=Facts)
    opened: "Opened | None" = field(default=None, repr=False, compare=False)

    @property
    def verdict(self) -> Verdict:
        """Return what the findings amount to."""
        codes = {finding.code for finding in self.findings}
        if codes & ACTIVE:
            return "quarantined"
        if codes & _NO_SUBMISSION:
            return "passed_over"
        return "refused" if any(severity(finding) == "error" for finding in self.findings) else "passed"


class Refused(Exception):
    """The file is refused, or put into quarantine, for what `findings` say; it never leaves the gate."""

    def __init__(self, *findings: Finding) -> None:
        """Refuse with at least one of `findings`."""
        super().__init__(*(finding.code for finding in findings))
        self.findings = findings

    def within(self, place: Text) -> "Refused":
        """Return this refusal with the name of the `place` in front of its reason, where it has one."""
        vi, en = f"{place.vi}: ".__add__, f"{place.en}: ".__add__
        return Refused(*(_retold(finding, vi, en) for finding in self.findings))

    def naming(self, written: Mapping[str, str]) -> "Refused":
        """Return this refusal with parts, by which it goes by their folded names, called as they are `written`."""

        def call(said: str) -> str:
            return _PART.sub(lambda match: f"({written.get(match[1], match[1])})", said)

        return Refused(*(_retold(finding, call, call) for finding in self.findings))


def refused(code: str, **facts: object) -> Refused:
    """Return the refusal for the one finding `code`."""
    return Refused(Finding(code, facts=facts))


def damaged(vi: str, en: str) -> Refused:
    """Return the refusal of a damaged file, with its reason in both languages."""
    return refused("XLT102", reason=_told(vi, en))


def unusual(vi: str, en: str) -> Refused:
    """Return the refusal of a file built as no spreadsheet program builds it, with its reason in both languages."""
    return refused("XLT117", reason=_told(vi, en))


def overgrown(vi: str, en: str) -> Refused:
    """Return the refusal of a file with more in it than any return has, and what that is in both languages."""
    return refused("XLT118", reason=_told(vi, en))


def too_many(most: int, vi: str, en: str) -> Refused:
    """Return the refusal of a file with more than `most` of something, which is named in both languages."""
    number = f"{most:,}"
    return overgrown(f"hơn {number.replace(',', '.')} {vi}", f"more than {number} {en}")


def _told(vi: str, en: str) -> Text:
    """Return a reason that a message can bear, whatever of the file it names."""
    return Text(*(said if len(said) <= _LETTERS else f"{said[:_LETTERS]}…" for said in (vi, en)))


def _retold(finding: Finding, vi: Callable[[str], str], en: Callable[[str], str]) -> Finding:
    """Return `finding` with its reason, if it has one, retold in each language."""
    reason = finding.facts.get("reason")
    if not isinstance(reason, Text):
        return finding
    return replace(finding, facts={**finding.facts, "reason": Text(vi(reason.vi), en(reason.en))})
