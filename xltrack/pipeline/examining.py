"""What a worker of the sandbox does with one received file: everything that looks into it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xltrack.checking import check_workbooks, cover_first, deadlines_of, in_reading_order
from xltrack.checking.deadlines import on_arrival
from xltrack.errors import SchemaError
from xltrack.findings import Finding, in_use, severity
from xltrack.forms import Schemas, digest_of, load_schemas
from xltrack.intake import Intake, Received, inspect
from xltrack.intake.sandbox import Parcel, Passage, pack
from xltrack.language import Text
from xltrack.pipeline.claiming import claims_of
from xltrack.pipeline.condensing import condensed
from xltrack.pipeline.dating import dated, undated
from xltrack.pipeline.holding_back import hold_back
from xltrack.pipeline.model import Answer, Asked, Claims, FileResult, Placed, Together, Verdict, unread
from xltrack.pipeline.passage import parcel_of, passages
from xltrack.reading import Workbook, read_workbook, unread_workbook
from xltrack.stages import counted, stage

_VERDICTS: Mapping[str, Verdict] = {
    "refused": "unreadable",
    "quarantined": "quarantined",
    "passed_over": "passed_over",
}
_CHANGED = Text("vừa có người sửa, hãy chạy lại", "somebody has just changed it, run this again")

MOST_KEPT = 16 * 2**20
"""Bytes of rows that are sent although nobody wants them yet: five times what the largest return has."""


@dataclass(frozen=True)
class Reading:
    """One file examined: the result, the workbook with its rows, and what its arrival decides."""

    result: FileResult
    workbook: Workbook
    deadlines: tuple[Placed, ...] = ()


def examiner(*, schemas: Path, version: str) -> Callable[[Asked | Together], Parcel]:
    """Return the function that examines one file by the `schemas`, or several, whose parcels it returns as one.

    Raises SchemaError, as for schemas that are no longer of this `version`: answers are kept as those of it.
    """
    declared = load_schemas(schemas)
    if digest_of(schemas) != version:
        raise SchemaError(path=schemas, reason=_CHANGED)
    ways = passages(declared)

    def examine(asked: Asked | Together) -> Parcel:
        if isinstance(asked, Asked):
            return answer(asked, *read_together([asked], declared))
        readings = read_together(asked.each, declared)
        return Parcel.bundled([answer(*one) for one in zip(asked.each, readings, strict=True)])

    def answer(asked: Asked, reading: Reading) -> Parcel:
        _count(reading.workbook)
        with stage("hand_over"):
            said = Answer(reading.result, reading.deadlines)
            if asked.claims or asked.kept:
                found = pack(claims_of(reading.workbook, declared), tuple[Claims, ...] | None)
                said = replace(said, claims=found.pieces)
            if asked.rows or asked.kept:
                said = replace(said, rows=_rows(reading.workbook, asked, ways))
            return pack(said, Answer)

    return examine


def _rows(workbook: Workbook, asked: Asked, ways: Mapping[type, Passage]) -> tuple[bytes, ...]:
    """Return the pieces of `workbook`; none if they are only to be kept and are too large for that."""
    try:
        parcel = parcel_of(workbook, ways)
    except MemoryError:
        if asked.rows:
            raise
        return ()
    return parcel.pieces if asked.rows or parcel.size <= MOST_KEPT else ()


def read(
    file: Received, declared: Schemas, received: datetime | None = None, *, partial: bool = False
) -> Reading:
    """Return what is in `file` and what is wrong with it; with `partial`, the rows that can be taken (`hold_back`)."""
    (reading,) = read_together([Asked(replace(file, arrival=received), partly=partial)], declared)
    return replace(reading, result=dated(reading.result, reading.deadlines, received))


def read_together(asked: Sequence[Asked], declared: Schemas) -> list[Reading]:
    """Return what is in each file and what is wrong with it whenever it came: as of one at a time, but faster."""
    opened = [_opened(one.file, declared) for one in asked]
    books = {n: one for n, one in enumerate(opened) if isinstance(one, Workbook)}
    checked = check_workbooks(list(books.values()), declared)
    found = dict(zip(books, checked, strict=True))
    return [
        one if isinstance(one, Reading) else _checked(one, found[n], asked[n]) for n, one in enumerate(opened)
    ]


def _opened(file: Received, declared: Schemas) -> Workbook | Reading:
    with stage("gate"):
        intake = inspect(file)
    if intake.verdict != "passed":
        return refused(intake)
    with stage("typing"):
        return read_workbook(intake, declared)


def _checked(workbook: Workbook, checked: Sequence[Finding], asked: Asked) -> Reading:
    with stage("constraints"):
        deadlines = deadlines_of(workbook)
    own = cover_first(in_use((*workbook.findings, *checked)), workbook)
    found = in_use((*own, *(deadline.finding for deadline in deadlines)))
    findings, placed = undated(condensed(in_reading_order(found, workbook)), deadlines)
    reading = Reading(judged(workbook, findings), workbook, placed)
    return _partly(reading, checked, asked.file.arrival) if asked.partly else reading


def _partly(reading: Reading, checked: Sequence[Finding], received: datetime | None) -> Reading:
    result, workbook = reading.result, reading.workbook
    here = on_arrival((placed.deadline for placed in reading.deadlines), received)
    found = in_use((*workbook.findings, *in_reading_order((*checked, *here), workbook)))
    if verdict_of(found) != "rejected":
        return reading
    kept = hold_back(workbook, found)
    if isinstance(kept, Finding):
        return replace(reading, result=replace(result, findings=(*result.findings, kept)))
    taken, notes = kept
    result = replace(result, verdict="partial", findings=(*result.findings, *notes))
    return replace(reading, result=result, workbook=taken)


def _count(workbook: Workbook) -> None:
    counted("files", 1)
    counted(
        "rows", sum(table.frame.height for table in workbook.tables.values() if table.sheet.layout == "table")
    )


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict on a file that was read: one error rejects it."""
    return "rejected" if any(severity(finding) == "error" for finding in findings) else "accepted"


def refused(intake: Intake) -> Reading:
    """Return that nothing was read of a file which the gate did not let pass."""
    result = unread(intake.path, intake.sha256, intake.findings, _VERDICTS[intake.verdict])
    return Reading(result, unread_workbook(intake, intake.findings))


def judged(workbook: Workbook, findings: tuple[Finding, ...]) -> FileResult:
    """Return what became of a file that was read, by its `findings`."""
    form, cover = workbook.form, workbook.cover
    return FileResult(
        path=workbook.path,
        sha256=workbook.sha256,
        verdict=verdict_of(findings),
        form=form.id if form else None,
        unit=cover.unit.code if cover else None,
        round=cover.round.name if cover else None,
        findings=findings,
        ledger=workbook.ledger,
    )
