"""What became of the files of a merge, and what only the store can know about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xltrack.findings import Finding
from xltrack.store.connection import Store
from xltrack.store.schema import statement
from xltrack.store.submission import WITH_ROWS, State, Submission, Verdict

_WAITING = {"parts_disagree": "XLT606", "no_base": "XLT607", "base_held": "XLT608"}
"""Why a submission is held, where its reason alone says all."""


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What became of one file in a merge.

    `verdict` is the file's own, or duplicate (it adds nothing), or held (nothing says yet that it counts). `state` and
    `reason` are those of the view `submission_state` once the whole merge is done. `rows` counts the rows of each
    sheet that the file added to the store; `findings` are those that only the store can make (XLT6xx).
    """

    sha256: str
    verdict: Verdict
    state: State
    reason: str | None
    rows: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """One submission given to a merge; `first` names the file that had brought the same bytes before, if any."""

    submission: Submission
    first: str | None


def outcomes(store: Store, taken: Sequence[Taken]) -> tuple[MergeOutcome, ...]:
    """Return what became of each of `taken`, as the store stands now."""
    asked = list({entry.submission.workbook.sha256 for entry in taken})
    facts = {
        row["sha256"]: row for row in store.frame(statement("merged"), {"submissions": asked}).to_dicts()
    }
    return tuple(_outcome(entry, facts[entry.submission.workbook.sha256]) for entry in taken)


def _outcome(entry: Taken, facts: Mapping[str, Any]) -> MergeOutcome:
    workbook = entry.submission.workbook
    verdict = entry.submission.verdict
    if entry.first is not None or facts["state"] == "duplicate":
        verdict = "duplicate"
    elif facts["state"] == "held":
        verdict = "held"
    added = entry.first is None and entry.submission.verdict in WITH_ROWS
    rows = {name: table.frame.height for name, table in workbook.tables.items()} if added else {}
    findings = tuple(_findings(entry, facts))
    return MergeOutcome(workbook.sha256, verdict, facts["state"], facts["reason"], rows, findings)


def _findings(entry: Taken, facts: Mapping[str, Any]) -> Iterator[Finding]:
    if entry.first is not None:
        yield Finding("XLT601", facts={"first": entry.first})
    if facts["reason"] == "same_content":
        yield Finding("XLT604", facts={"first": facts["first"]})
    if facts["reason"] == "same_number":
        yield Finding("XLT602", facts={"other": facts["other"]})
    if facts["reason"] == "parts_missing":
        absent = sorted(set(range(1, facts["part_count"] + 1)) - set(facts["parts"]))
        yield Finding("XLT603", facts={"missing": ", ".join(map(str, absent))})
    if facts["reason"] in _WAITING:
        yield Finding(_WAITING[facts["reason"]])
    if facts["units"] is not None:
        yield Finding("XLT605", facts={"units": facts["units"]})
