"""Merges received files into the store, or tries what merging them would do."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xltrack.forms import load_schemas
from xltrack.pipeline.holding_back import NOTHING_TAKEN
from xltrack.pipeline.model import Examined, FileResult, Merge
from xltrack.pipeline.ready import Came, ready_workbooks
from xltrack.pipeline.received import received_files
from xltrack.pipeline.validation import examining
from xltrack.pipeline.waiving import with_waivers
from xltrack.pipeline.watching import Watch, silent
from xltrack.stages import stage
from xltrack.store import (
    MergeOutcome,
    Source,
    Submission,
    merge_workbooks,
    open_store,
    rehearsal,
    waivers,
)


def merge(
    paths: Sequence[Path | str],
    store: Path | str,
    *,
    schemas: Path | None = None,
    received: datetime | None = None,
    partial: bool = False,
    watch: Watch = silent,
) -> Merge:
    """Validate `paths` (files and folders) and merge them into the store at the path `store`, made if missing.

    If the machine fails, some of the files are merged, each whole. Merging again changes nothing, and the order of
    files has no say. `received` is when the files arrived, with a time zone; those of an inbox (`fetch`) know it
    themselves. With `partial` the good rows of a file with errors are merged and the others held back, each named in a
    finding (XLT625); XLT626 says of a file why none could be taken. Raises UnknownName, MailError, SchemaError and
    StoreError; never for what a sender sent.
    """
    given = _Given(ready_workbooks(map(Path, paths), schemas), received)
    with _reading(paths, Path(store), schemas, given, partial=partial, watch=watch) as read:
        return _merge(read, Path(store), schemas, given)


def rehearse(
    paths: Sequence[Path | str],
    store: Path | str,
    *,
    schemas: Path | None = None,
    received: datetime | None = None,
    partial: bool = False,
    watch: Watch = silent,
) -> Merge:
    """Return what `merge` would, having merged `paths` into a copy of the store; nothing is kept, no store is made.

    Raises what `merge` raises, and OutputError where there is no room for the copy.
    """
    given = _Given(ready_workbooks(map(Path, paths), schemas), received)
    with (
        _reading(paths, Path(store), schemas, given, partial=partial, watch=watch) as read,
        rehearsal(Path(store)) as copy,
    ):
        return _merge(read, copy, schemas, given)


@dataclass(frozen=True)
class _Given:
    """When and how files came: each of those `came` that came by mail, and when the others were `received`."""

    came: Mapping[Path, Came]
    received: datetime | None

    def arrival(self, path: Path) -> datetime | None:
        """Return when the file at `path` came."""
        came = self.came.get(path)
        return (came.arrival if came else None) or self.received

    def source(self, path: Path) -> Source | None:
        """Return in which message the file at `path` came, None if in none."""
        came = self.came.get(path)
        return Source(came.kind, came.reference) if came else None


def _reading(
    paths: Sequence[Path | str],
    store: Path,
    schemas: Path | None,
    given: _Given,
    *,
    partial: bool,
    watch: Watch,
) -> AbstractContextManager[Iterator[Examined]]:
    files = received_files((*map(Path, paths), *given.came), store)
    return examining(files, schemas, given.received, watch, rows=True, partly=partial, came=given.came)


def _merge(read: Iterator[Examined], store: Path, schemas: Path | None, given: _Given) -> Merge:
    examined: list[Examined] = []
    with open_store(store, load_schemas(schemas), create=True) as opened:
        submissions = _submissions(read, given, examined)
        outcomes = iter(merge_workbooks(opened, submissions))
        with stage("settle"):
            standing = waivers(opened)
            results = tuple(with_waivers(_settled(one.result, outcomes), standing) for one in examined)
            return Merge(results)


def _submissions(files: Iterator[Examined], given: _Given, examined: list[Examined]) -> Iterator[Submission]:
    """Yield what is to be merged, and keep in `examined` every result without its rows and bytes."""
    for one in files:
        examined.append(Examined(one.result))
        if one.workbook is not None and one.result.verdict != "passed_over":
            arrival, source = given.arrival(one.result.path), given.source(one.result.path)
            kept = tuple(finding for finding in one.result.findings if finding.code != NOTHING_TAKEN)
            yield Submission(one.workbook, one.result.verdict, one.content, arrival, kept, source)


def _settled(result: FileResult, outcomes: Iterator[MergeOutcome]) -> FileResult:
    """Return `result` with what only the store could know about it."""
    if result.sha256 is None:
        return result
    outcome = next(outcomes)
    return replace(result, verdict=outcome.verdict, findings=(*result.findings, *outcome.findings))
