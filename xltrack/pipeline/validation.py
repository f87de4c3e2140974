"""Reads and checks received files, several at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from xltrack.checking import check_workbook
from xltrack.files import reason_of
from xltrack.findings import Finding, severity
from xltrack.forms import load_schemas
from xltrack.intake import Intake, inspect_file
from xltrack.pipeline.model import FileResult, Validation, Verdict
from xltrack.pipeline.parallel import map_in_processes
from xltrack.pipeline.received import is_temporary, received_files
from xltrack.pipeline.watching import Watch, silent
from xltrack.reading import Ledger, Workbook, read_workbook

NOTHING = Ledger(cells=0, mapped=0, ignored={})


@dataclass(frozen=True)
class Examined:
    """One examined file: its result, and what a merge keeps of it. `workbook` is None for what is no submission."""

    result: FileResult
    workbook: Workbook | None = None
    content: bytes = field(default=b"", repr=False)


def validate(
    paths: Sequence[Path | str],
    *,
    schemas: Path | None = None,
    received: datetime | None = None,
    watch: Watch = silent,
) -> Validation:
    """Return what is wrong with each file of `paths` (files and folders), without touching any store.

    `received` is when the files arrived; None leaves lateness unchecked. Raises UnknownName for a path that
    does not exist and SchemaError for schemas that cannot be used; never for what a sender sent.
    """
    files = received_files(map(Path, paths))
    return Validation(tuple(examined.result for examined in examine(files, schemas, received, watch)))


def examine(
    files: Sequence[Path], schemas: Path | None, received: datetime | None, watch: Watch = silent
) -> Iterator[Examined]:
    """Yield each file examined, in the order given, as soon as it is there."""
    load_schemas(schemas)
    examined = map_in_processes(partial(examine_file, schemas=schemas, received=received), files)
    for number, one in enumerate(examined, start=1):
        watch("validate", number, len(files), one.result.path.name)
        yield one


def examine_file(path: Path, schemas: Path | None = None, received: datetime | None = None) -> Examined:
    """Return one file examined."""
    if is_temporary(path):
        return Examined(FileResult(path, None, "unreadable", None, None, None, (Finding("XLT109"),), NOTHING))
    declared = load_schemas(schemas)
    try:
        intake = inspect_file(path)
    except OSError as failure:
        found = Finding("XLT102", facts={"reason": reason_of(failure)})
        return Examined(FileResult(path, None, "unreadable", None, None, None, (found,), NOTHING))
    if intake.findings:
        return _refused(intake)
    workbook = read_workbook(intake, declared)
    findings = (*workbook.findings, *check_workbook(workbook, declared, received))
    return Examined(_judged(workbook, findings), workbook, intake.content)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict on a file that was read: one error rejects it."""
    return "rejected" if any(severity(finding) == "error" for finding in findings) else "accepted"


def _refused(intake: Intake) -> Examined:
    unread = Workbook(intake.path, intake.sha256, None, None, {}, intake.findings, NOTHING)
    result = FileResult(intake.path, intake.sha256, "unreadable", None, None, None, intake.findings, NOTHING)
    return Examined(result, unread, intake.content)


def _judged(workbook: Workbook, findings: tuple[Finding, ...]) -> FileResult:
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
