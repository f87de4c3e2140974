"""Adds to what a worker says of a file what depends on its arrival, so that the worker need not know it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from xltrack.checking.deadlines import Deadline
from xltrack.findings import Finding, severity
from xltrack.pipeline.model import FileResult, Placed


def undated(
    findings: Sequence[Finding], deadlines: Iterable[Deadline]
) -> tuple[tuple[Finding, ...], tuple[Placed, ...]]:
    """Return `findings` without those of `deadlines` among them, and where these stood."""
    of_deadlines = {id(deadline.finding): deadline for deadline in deadlines}
    others: list[Finding] = []
    placed: list[Placed] = []
    for finding in findings:
        if id(finding) in of_deadlines:
            placed.append(Placed(len(others), of_deadlines[id(finding)]))
        else:
            others.append(finding)
    return tuple(others), tuple(placed)


def dated(result: FileResult, deadlines: Iterable[Placed], received: datetime | None) -> FileResult:
    """Return `result` on a file received at `received`: each finding at its place, and the verdict with them.

    None: nobody says when it came (`Deadline.on`).
    """
    findings, verdict = list(result.findings), result.verdict
    # From the last, so that each counts only what stands before it of the others.
    for placed in reversed(tuple(deadlines)):
        found = placed.deadline.on(received)
        if found is not None:
            findings.insert(placed.before, found)
            verdict = "rejected" if severity(found) == "error" else verdict
    return replace(result, findings=tuple(findings), verdict=verdict)
