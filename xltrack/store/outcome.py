"""What became of the files of a merge, and what only the store can know about them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import polars as pl

from xltrack.findings import Finding
from xltrack.forms import Form
from xltrack.hanoi import clock
from xltrack.reading.filled import Texts
from xltrack.reading.model import Table
from xltrack.store.connection import Store
from xltrack.store.fault_findings import Asking, fault_findings
from xltrack.store.history import history_findings
from xltrack.store.schema import statement
from xltrack.store.submission import State, Submission, Verdict

_WAITING = {"no_base": "XLT607", "base_held": "XLT608"}
"""Why a submission is held, where its reason alone says all."""


# Empty columns weigh too, five hundred of them for every file.
_EMPTY = pl.DataFrame()


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What became of one file in a merge.

    `verdict` is the file's own, or duplicate (it adds nothing), or held (nothing says yet that it counts); a file that
    came before and is kept in part stays partial. `state` and `reason` are those of the view `submission_state` once
    the whole merge is done; `findings` are those that only the store can make (XLT6xx).
    """

    sha256: str
    verdict: Verdict
    state: State
    reason: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """One submission given to a merge, without its bytes and rows.

    `tables` are its sheets emptied, for their addresses; `first` names the file that had brought the same bytes before,
    if any.
    """

    sha256: str
    verdict: Verdict
    form: Form | None
    tables: Mapping[str, Table]
    first: str | None


def verdicts(store: Store) -> Mapping[str, Verdict]:
    """Return what became of every file of `store` by its SHA-256, as `MergeOutcome.verdict` where it came once."""
    query = "SELECT sha256, verdict, state FROM submission JOIN submission_state USING (sha256)"
    return {sha256: _standing(state, verdict) for sha256, verdict, state in store.rows(query)}


def taken(submission: Submission, first: str | None) -> Taken:
    """Return what is remembered of `submission` until the merge is done."""
    workbook = submission.workbook
    emptied = {name: replace(table, frame=_EMPTY, raw=Texts()) for name, table in workbook.tables.items()}
    return Taken(workbook.sha256, submission.verdict, workbook.form, emptied, first)


def outcomes(store: Store, files: Sequence[Taken]) -> tuple[MergeOutcome, ...]:
    """Return what became of each of `files`, as the store stands now."""
    asked = list({file.sha256 for file in files})
    rows = store.facts(statement("merged"), {"submissions": asked})
    facts = {row["sha256"]: row for row in rows}
    askings = {file.sha256: _asking(file, facts[file.sha256]) for file in files}
    faults = fault_findings(store, [asking for asking in askings.values() if asking is not None])
    known = {file.sha256: (file.form, file.tables) for file in files if file.form is not None}
    history = history_findings(store, known)
    return tuple(
        _outcome(file, facts[file.sha256], [*faults.get(file.sha256, []), *history.get(file.sha256, [])])
        for file in files
    )


def _asking(file: Taken, facts: Mapping[str, Any]) -> Asking | None:
    """Return what is asked about a file whose rows must be looked at together with those of others."""
    if file.form is None or (facts["held_set"] is None and facts["corrected_return"] is None):
        return None
    return Asking(file.sha256, file.form, file.tables, facts["held_set"], facts["corrected_return"])


def _outcome(file: Taken, facts: Mapping[str, Any], faults: Sequence[Finding]) -> MergeOutcome:
    verdict = _standing(facts["state"], file.verdict if file.first is None else facts["verdict"])
    if file.first is not None and verdict == "accepted":
        verdict = "duplicate"
    findings = (
        *_again(file, verdict), *_findings(file, facts), *_replacing(facts), *faults, *_meanwhile(facts),
        *_reported_twice(facts),
    )  # fmt: skip
    return MergeOutcome(file.sha256, verdict, facts["state"], facts["reason"], findings)


def _standing(state: State, verdict: Verdict) -> Verdict:
    return state if state in ("duplicate", "held") else verdict


def _again(file: Taken, verdict: Verdict) -> Iterator[Finding]:
    """Yield that the file came before, unless something is still to be done about it."""
    if file.first is not None and verdict == "duplicate":
        yield Finding("XLT601", facts={"first": file.first})


def _findings(file: Taken, facts: Mapping[str, Any]) -> Iterator[Finding]:
    reason = facts["reason"]
    if reason == "same_content":
        yield Finding("XLT604", facts={"first": facts["first"]})
    if reason == "same_number":
        yield Finding("XLT602", facts={"other": _listed(facts["other"])})
    if reason == "parts_missing":
        absent = sorted(set(range(1, facts["part_count"] + 1)) - set(facts["parts"]))
        yield Finding("XLT603", facts={"missing": ", ".join(map(str, absent))})
    if reason == "parts_disagree":
        yield _disagreeing(file, facts)
    if reason in _WAITING:
        yield Finding(_WAITING[reason])
    if reason in ("newer_number", "later_arrival") and facts["base_no"] is not None:
        yield Finding("XLT614", facts={"number": facts["base_no"], "files": _listed(facts["base_files"])})
    elif reason in ("later_arrival", "later_held"):
        yield Finding("XLT615", facts={"files": _listed(facts["later_files"])})


def _disagreeing(file: Taken, facts: Mapping[str, Any]) -> Finding:
    """Return XLT606 at the cell of the cover that contradicts the other parts: the number of parts, mostly."""
    said = {name: facts[name] for name in ("part_no", "part_count")} | {"beside": _listed(facts["beside"])}
    cover = file.tables.get(file.form.cover.id) if file.form else None
    if cover is None:
        return Finding("XLT606", facts=said)
    column = "part_count" if 1 <= facts["part_no"] <= facts["part_count"] else "part_no"
    return Finding("XLT606", cover.tab, *cover.place(column, 0), column, str(facts[column]), said)


def _replacing(facts: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield that the file outdoes earlier ones of its own number: who merges it is not shown what these are told."""
    replaced = sorted({(one["at"].replace(tzinfo=UTC), one["file"]) for one in facts["replaced"] or ()})
    if replaced:
        files = ", ".join(f"{name} ({clock(moment)})" for moment, name in replaced)
        yield Finding("XLT627", facts={"files": files})


def _meanwhile(facts: Mapping[str, Any]) -> Iterator[Finding]:
    if facts["standing_files"] is not None:
        yield Finding("XLT628", facts={"files": _listed(facts["standing_files"])})


def _reported_twice(facts: Mapping[str, Any]) -> Iterator[Finding]:
    if facts["successor"] is not None:
        yield Finding("XLT605", facts={"units": f"{facts['successor']}, {_listed(facts['predecessors'])}"})


def _listed(names: Collection[str] | None) -> str | None:
    """Return `names`, each once, as one text; None where there are none."""
    return ", ".join(sorted(set(names))) if names else None
