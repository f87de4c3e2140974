"""One received file as it is merged, a plain value."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from xltrack.findings import Finding
from xltrack.hanoi import in_hanoi

if TYPE_CHECKING:
    from xltrack.reading.model import Workbook

Verdict = Literal["accepted", "partial", "held", "rejected", "quarantined", "unreadable", "duplicate"]
State = Literal["current", "correction", "superseded", "duplicate", "held", "rejected"]
WITH_ROWS = frozenset({"accepted", "partial"})


SourceKind = Literal["path", "message"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file came from: the `path` that the operator named, or the `message` it was attached to (its id)."""

    kind: SourceKind
    reference: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One received file with what was decided about it.

    The rows of `workbook` are stored if the verdict is accepted or partial; for partial they are the rows to keep.
    `content` are the file's bytes, `received_at` its arrival (without a zone: in Hà Nội) or None if that is not known,
    `findings` everything found in it, `source` where it came from if not from the path of `workbook`.
    """

    workbook: "Workbook"
    verdict: Verdict
    content: bytes
    received_at: datetime | None
    findings: tuple[Finding, ...] = ()
    source: Source | None = None

    @property
    def came_from(self) -> Source:
        """Return where the file came from, as the store keeps it."""
        given = self.source or Source("path", str(self.workbook.path))
        return Source(given.kind, storable(given.reference))

    @property
    def received_utc(self) -> datetime | None:
        """Return the arrival in UTC without a zone, as the store keeps it."""
        if self.received_at is None:
            return None
        return in_hanoi(self.received_at).astimezone(UTC).replace(tzinfo=None)

    @property
    def file_name(self) -> str:
        """Return the name under which the file came, as the store keeps it."""
        return storable(self.workbook.path.name)


def storable(text: str) -> str:
    r"""Return `text` as UTF-8 can carry it: a byte of a file name that is no UTF-8 is written as "\udce1"."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
