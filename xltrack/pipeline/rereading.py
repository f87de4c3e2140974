"""Reads the originals of a store anew, as when they came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from xltrack.forms import Schemas
from xltrack.intake import Received
from xltrack.intake.sandbox import Ask, run_all
from xltrack.pipeline.examiners import order
from xltrack.pipeline.model import Asked, Examined
from xltrack.pipeline.validation import examine_received
from xltrack.pipeline.watching import Watch
from xltrack.reading import Workbook
from xltrack.store import Source, Store, Submission, Verdict
from xltrack.store.originals import original_of

_STORED = """
SELECT sha256, file_name, received_at, source_kind, source, tool_version, schemas_version, verdict, content_sha256,
    control_totals
FROM submission
ORDER BY chain_no
"""


@dataclass(frozen=True)
class Stored:
    """What a store says of one file, as columns of its table `submission`; `received_at` with its zone."""

    sha256: str
    file_name: str
    received_at: datetime | None
    source_kind: Any
    source: str
    tool_version: str
    schemas_version: str
    verdict: Verdict
    content_sha256: str | None
    control_totals: str


def stored(store: Store) -> Sequence[Stored]:
    """Return what `store` says of each of its files, in the order in which they were recorded."""
    files = (Stored(*row) for row in store.rows(_STORED))
    return [
        replace(file, received_at=file.received_at and file.received_at.replace(tzinfo=UTC)) for file in files
    ]


def reread(store: Store, files: Sequence[Stored], schemas: Schemas, watch: Watch) -> Iterator[Submission]:
    """Yield each of `files` examined anew by `schemas`, with its arrival and source, and taken in part if it was."""
    examined = run_all(order(schemas.directory), partial(_again, store, schemas), files)
    for number, (file, one) in enumerate(zip(files, examined, strict=True), start=1):
        watch("reread", number, len(files), file.file_name)
        yield _submission(file, one)


def _again(store: Store, schemas: Schemas, file: Stored, ask: Ask) -> Examined:
    # Several threads ask at once; a connection serves one.
    content = original_of(store.beside(), file.sha256) or b""
    received = Received(Path(file.file_name), content, len(content), file.sha256, file.received_at)
    return examine_received(schemas, Asked(received, rows=True, partly=file.verdict == "partial"), ask)


def _submission(file: Stored, one: Examined) -> Submission:
    source = Source(file.source_kind, file.source)
    result, verdict = one.result, one.result.verdict
    if one.workbook is not None and verdict != "passed_over":
        return Submission(one.workbook, verdict, one.content, file.received_at, result.findings, source)
    # What is no submission any more was one when it came, and nothing was read of it then either.
    blank = Workbook(Path(file.file_name), file.sha256, None, None, {}, result.findings, result.ledger)
    return Submission(blank, file.verdict, one.content, file.received_at, result.findings, source)
