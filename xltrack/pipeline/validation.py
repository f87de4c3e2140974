"""Has received files read and checked, several at once, each out of this process's reach."""

import errno
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from xltrack.files import reason_not_read
from xltrack.findings import Finding, catalogue
from xltrack.forms import Schemas, load_schemas
from xltrack.intake import Received, is_lock, receive
from xltrack.intake.sandbox import Ask, Garbled, Parcel, Stopped, at_work, unpack
from xltrack.pipeline.dating import dated
from xltrack.pipeline.examiners import examiners_for, order
from xltrack.pipeline.keeping import Accept, Kept
from xltrack.pipeline.model import Answer, Asked, Claims, Examined, FileResult, Returns, Validation, unread
from xltrack.pipeline.ready import Came, ready_workbooks
from xltrack.pipeline.received import check_apart, received_files
from xltrack.pipeline.together import Job, examine_together, groups
from xltrack.pipeline.watching import Watch, silent
from xltrack.stages import stage

if TYPE_CHECKING:
    from xltrack.store import Standing

_LOG = logging.getLogger(__name__)
_STOPPED: Mapping[str, str] = {
    "died": "XLT140",
    "slow": "XLT141",
    "late": "XLT141",
    "memory": "XLT142",
    "fault": "XLT143",
}


def validate(
    paths: Sequence[Path | str],
    *,
    schemas: Path | None = None,
    received: datetime | None = None,
    returns: Returns | None = None,
    waivers: "Sequence[Standing]" = (),
    watch: Watch = silent,
) -> Validation:
    """Return what is wrong with each file of `paths` (files and folders), without touching any store.

    Of several files it is said too where two units support one enterprise or pay for one tool (XLT616, XLT624).

    `waivers` are those to be shown at the findings, as `xltrack.store.read_waivers` reads them. `received` is when
    the files arrived; None leaves lateness unchecked. `returns` asks for an answer to every sender: her own workbook,
    marked. Raises UnknownName for a path that does not exist, SchemaError for schemas that cannot be used, OutputError
    for returns that cannot be written; never for what a sender sent.
    """
    if returns:
        check_apart(returns.directory, [Path(path) for path in paths])
    came = ready_workbooks(map(Path, paths), schemas)
    files = received_files((*map(Path, paths), *came), returns=returns.directory if returns else None)
    with examining(files, schemas, received, watch, came=came) as read:
        examined = [one.result for one in read]
    results = tuple(_with(waivers, result) for result in _compared(examined, schemas))
    if returns is None:
        return Validation(results)
    from xltrack.pipeline.returning import write_returns

    with stage("answers"):
        return Validation(results, write_returns(results, returns, load_schemas(schemas), watch))


def _compared(results: Sequence[FileResult], schemas: Path | None) -> Sequence[FileResult]:
    if not any(result.claims for result in results):
        return results
    from xltrack.pipeline.among import compared

    with stage("compare"):
        return compared(results, load_schemas(schemas))


def _with(waivers: "Sequence[Standing]", result: FileResult) -> FileResult:
    if not waivers:
        return result
    from xltrack.pipeline.waiving import with_waivers

    return with_waivers(result, waivers)


@contextmanager
def examining(
    files: Sequence[Path],
    schemas: Path | None,
    received: datetime | None,
    watch: Watch = silent,
    *,
    rows: bool = False,
    partly: bool = False,
    came: Mapping[Path, Came] = MappingProxyType({}),
) -> Iterator[Iterator[Examined]]:
    """Give each file examined, in the order given, as soon as it is there; `rows` asks for workbook and bytes too.

    They are begun beside what else is done within this before the first is asked for, such as opening a store. With
    `partly` the good rows of a file with errors are taken, where that is a way (`hold_back`). `came` says of files that
    came by mail when they did.
    """
    claims = len(files) > 1 and not rows
    declared = load_schemas(schemas)
    work = order(declared.directory)
    kept = Kept(work)
    asking = _Asking(declared, received, came, rows, partly, claims, kept)
    with at_work(work, asking.examine, list(groups(files)), examiners_for(files)) as examined:
        yield _watched(chain.from_iterable(examined), len(files), watch)
    kept.end()


def _watched(examined: Iterable[Examined], count: int, watch: Watch) -> Iterator[Examined]:
    for number, one in enumerate(examined, start=1):
        watch("validate", number, count, one.result.path.name)
        yield one


@dataclass(frozen=True)
class _Asking:
    """What is wanted of each file; `received` is when those arrived of which `came` does not say it."""

    schemas: Schemas
    received: datetime | None
    came: Mapping[Path, Came]
    rows: bool
    partly: bool
    claims: bool
    kept: Kept

    def examine(self, paths: Sequence[Path], ask: Ask) -> list[Examined]:
        """Have files examined together."""
        return examine_together(ask, [self._job(path) for path in paths])

    def _job(self, path: Path) -> Job:
        try:
            with stage("receive"):
                file = _received(path)
        except OSError as failure:
            lost = Examined(unopened(path, failure))
            return lambda _: lost
        came = self.came.get(path)
        file = replace(file, arrival=(came and came.arrival) or self.received)
        asked = Asked(file, self.rows, self.partly, self.claims)
        return lambda ask: examine_received(self.schemas, asked, partial(self.kept.answer, ask))


def examine_received(schemas: Schemas, asked: Asked, ask: Callable[[Asked, Accept], Examined]) -> Examined:
    """Have one file examined that was received; in which folder it lies, nobody who reads it is told.

    Nor when it came, but where only that says whether good rows can be taken.
    """
    file = asked.file
    arrival = file.arrival if asked.partly else None
    nameless = replace(asked, file=replace(file, path=Path(file.path.name), arrival=arrival))
    try:
        return ask(nameless, partial(_taken, schemas, asked))
    except Stopped as stopped:
        return _not_read(file, stopped, rows=asked.rows)


def _received(path: Path) -> Received:
    """Return the file at `path`; raises OSError, as for a folder: it stands here for what nobody could look into."""
    if path.is_dir():
        list(path.iterdir())
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    return receive(path)


def unopened(path: Path, failure: OSError) -> FileResult:
    """Return the result on what could not be opened: a lock may be held by a program that is running."""
    if is_lock(path.name) and isinstance(failure, PermissionError):
        return unread(path, None, (Finding("XLT109"),), "passed_over")
    return unread(path, None, (Finding("XLT145", facts={"reason": reason_not_read(failure)}),))


def _taken(schemas: Schemas, asked: Asked, parcel: Parcel) -> Examined:
    """Return what is wanted of an answer; raises Garbled."""
    file = asked.file
    with stage("take_over"):
        answer: Answer = unpack(parcel, Answer)
        _check_codes(placed.deadline.finding for placed in answer.deadlines)
        result = dated(of_file(answer.result, file), answer.deadlines, file.arrival)
        if asked.claims:
            result = replace(result, claims=unpack(Parcel.of(answer.claims), tuple[Claims, ...] | None))
        if not asked.rows or result.sha256 is None:
            return Examined(result)
        from xltrack.pipeline.passage import workbook_of

        workbook = workbook_of(Parcel.of(answer.rows), schemas)
    workbook = replace(workbook, path=file.path, sha256=file.sha256, findings=result.findings)
    return Examined(result, workbook, file.content)


def of_file(result: FileResult, file: Received) -> FileResult:
    """Return `result` as one on `file`, whatever the worker says it is on; raises Garbled for codes that are none."""
    _check_codes(result.findings)
    # What was not read whole, or is no submission, is known by no hash and is not to be merged.
    sha256 = None if result.is_passed_over else file.sha256 or None
    return replace(result, path=file.path, sha256=sha256)


def _check_codes(findings: Iterable[Finding]) -> None:
    """Raise Garbled for codes that are none."""
    unknown = {finding.code for finding in findings} - catalogue().keys()
    if unknown:
        raise Garbled(f"findings {sorted(unknown)}")


def _not_read(file: Received, stopped: Stopped, *, rows: bool) -> Examined:
    found = what_stopped(stopped)
    result = unread(file.path, file.sha256 or None, (found,))
    _LOG.debug("%s: %s\n%s", file.path, stopped.reason, stopped.words)
    if not rows or not file.sha256:
        return Examined(result)
    from xltrack.reading import Workbook

    blank = Workbook(file.path, file.sha256, None, None, {}, (found,), result.ledger)
    return Examined(result, blank, file.content)


def what_stopped(stopped: Stopped) -> Finding:
    """Return what to say of a file whose worker did not come to its end."""
    return Finding(_STOPPED[stopped.reason], facts={"reason": stopped.words.partition("\n")[0]})
