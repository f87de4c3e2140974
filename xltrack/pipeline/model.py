"""What the front door hands back: one result per received file, one per run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xltrack.checking.deadlines import Deadline
from xltrack.findings import Finding, Severity, severity
from xltrack.intake import Received
from xltrack.language import Lang
from xltrack.reading import Ledger
from xltrack.reading.reasons import LEFT_BEHIND

if TYPE_CHECKING:
    from xltrack.excel.relocate import Move
    from xltrack.reading import Workbook
    from xltrack.reading.moves import Stayed

Verdict = Literal[
    "accepted", "partial", "held", "rejected", "quarantined", "unreadable", "duplicate", "passed_over"
]


@dataclass(frozen=True)
class Asked:
    """A file to be examined, and what is wanted of it beside what is wrong: its `rows`.

    With `partly` the good rows of a file with errors are taken, where that is a way; there the arrival has a say, and
    nowhere else. `claims` says whether the file is
    one of several that are to be compared with one another. What is `kept` is to answer all that may be asked later.
    """

    file: Received
    rows: bool = False
    partly: bool = False
    claims: bool = False
    kept: bool = False


@dataclass(frozen=True)
class Together:
    """Files to be examined at once."""

    each: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a return says of enterprises that other files may say too, column by column: a large one has thousands.

    `code` is the finding if another does, told at the cells in the `rows` of the column `letter` of `tab`. There are
    `tools` where the claims are of tools, and `values` where something else than the tax codes stands in those cells.
    """

    code: Literal["XLT616", "XLT624"]
    tab: str
    letter: str
    rows: tuple[int, ...]
    tax_codes: tuple[str, ...]
    tools: tuple[str, ...] | None = None
    values: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for columns that are not of one length."""
        columns = (self.tax_codes, self.tools, self.values)
        if any(column is not None and len(column) != len(self.rows) for column in columns):
            raise ValueError(f"{self.code}: columns of several lengths")


@dataclass(frozen=True)
class FileResult:
    """What became of one file. `form` is the form's id, `unit` a unit code, `round` as "2025-annual".

    `claims` are there only until files are compared with one another.
    """

    path: Path
    sha256: str | None
    verdict: Verdict
    form: str | None
    unit: str | None
    round: str | None
    findings: tuple[Finding, ...]
    ledger: Ledger
    claims: tuple[Claims, ...] | None = None

    @property
    def counts(self) -> Mapping[Severity, int]:
        """Return how many findings there are of each severity."""
        return Counter(severity(finding) for finding in self.findings)

    @property
    def in_order(self) -> bool:
        """Return whether the file counts or is known already, or was no submission: then it was passed over."""
        return self.verdict in ("accepted", "duplicate") or self.is_passed_over

    @property
    def is_fault(self) -> bool:
        """Return whether xltrack itself failed on the file, so that nothing can be said of it."""
        return any(finding.code == "XLT143" for finding in self.findings)

    @property
    def is_unopened(self) -> bool:
        """Return whether the machine of the operator would not let it be read, for which no sender is to blame."""
        return any(finding.code == "XLT145" for finding in self.findings)

    @property
    def is_passed_over(self) -> bool:
        """Return whether the file is no submission but something that programs leave beside them."""
        return self.verdict == "passed_over"


@dataclass(frozen=True, slots=True)
class Placed:
    """A deadline that the arrival of a file decides, and how many of its findings stand `before` what it says."""

    before: int
    deadline: Deadline


@dataclass(frozen=True)
class Answer:
    """What a worker says of one file: the result, and as the pieces of parcels what not everybody wants of it.

    The result is the same whenever the file came; what its `deadlines` say is added when it is taken over (`dated`).
    `claims` are those of the result, `rows` of a workbook as a merge needs it; there are none where they were not
    asked for, and of `rows` that nobody wants yet none where they are too large.
    """

    result: FileResult
    deadlines: tuple[Placed, ...] = ()
    claims: tuple[bytes, ...] = ()
    rows: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Examined:
    """One examined file: its result, and what a merge keeps of it.

    `workbook`, with `raw` emptied, and the bytes `content` are there if rows were asked for and it is a submission.
    """

    result: FileResult
    workbook: "Workbook | None" = None
    content: bytes = field(default=b"", repr=False)


def unread(
    path: Path, sha256: str | None, findings: tuple[Finding, ...], verdict: Verdict = "unreadable"
) -> FileResult:
    """Return that nothing was read of the file at `path`, and why."""
    return FileResult(
        path, sha256, verdict, None, None, None, findings, Ledger(cells=0, mapped=0, ignored={})
    )


@dataclass(frozen=True)
class Returns:
    """Where returns go, in which language, and to whom corrected files are to be sent (None: to the ministry)."""

    directory: Path
    lang: Lang = "vi"
    send_to: str | None = None


@dataclass(frozen=True)
class Returned:
    """The answer to the file `path`: its `workbook`, marked (None if it could not be: `reason`), and a `letter`."""

    path: Path
    workbook: Path | None
    letter: Path
    reason: str = ""


@dataclass(frozen=True)
class Validation:
    """The result of `validate`: one entry per file, in the order of their paths; and the returns, if asked for."""

    files: tuple[FileResult, ...]
    returned: tuple[Returned, ...] = ()

    @property
    def in_order(self) -> bool:
        """Return whether every file is in order."""
        return all(file.in_order for file in self.files)


@dataclass(frozen=True)
class Migration:
    """The result of `migrate`: what was found in the file, the new `workbook` and the `listing` of all cells.

    Both are None where the file could not be read. `moves` are the cells that were moved, `stayed` those that were
    not, each with its reason.
    """

    file: FileResult
    workbook: Path | None = None
    listing: Path | None = None
    moves: "tuple[Move, ...]" = ()
    stayed: "tuple[Stayed, ...]" = ()

    @property
    def in_order(self) -> bool:
        """Return whether there is a new workbook, and nothing left that a person must decide or carry over."""
        return self.workbook is not None and not any(one.reason in LEFT_BEHIND for one in self.stayed)


@dataclass(frozen=True)
class Merge:
    """The result of `merge`: what became of each file."""

    files: tuple[FileResult, ...]

    @property
    def in_order(self) -> bool:
        """Return whether every file is in order."""
        return all(file.in_order for file in self.files)
