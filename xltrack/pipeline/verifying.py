"""Verifies a store: against itself, against its figures, and against its originals, read anew."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb

from xltrack.errors import ProgramError, StoreDamaged
from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.language import Text
from xltrack.pipeline.rereading import Stored, reread, stored
from xltrack.pipeline.watching import Watch, silent
from xltrack.rollup.compute import roll_up
from xltrack.store import Store, open_store, rows_said
from xltrack.store.chain import head
from xltrack.store.submission import WITH_ROWS
from xltrack.store.verify import faults, removed
from xltrack.version import VERSION

_BATCH = 32
PERIODS: tuple[PeriodKind, ...] = ("half", "annual", "five_year")


@dataclass(frozen=True)
class Verification:
    """What `verify` found: `faults`, each in a sentence, and how much was held against what.

    `notes` tell of files that another version, or other schemas, read otherwise than this. `records` and `head` are
    those of the chain, `submissions` the files in the store, `reread` those whose originals were read anew; None where
    that was not done. `not_reread` counts the others by why: "redacted" (something of them was removed on purpose, and
    the original with it), else the verdict by which nothing of them is among the rows.
    """

    faults: tuple[Text, ...]
    notes: tuple[Text, ...] = ()
    records: int | None = None
    head: str | None = None
    submissions: int | None = None
    reread: int | None = None
    not_reread: Mapping[str, int] = field(default_factory=dict)

    @property
    def in_order(self) -> bool:
        """Return whether everything is as it was recorded."""
        return not self.faults


def verify(
    store: Path | str, *, schemas: Path | None = None, originals: bool = True, watch: Watch = silent
) -> Verification:
    """Return whether the store at the path `store` holds what was merged into it, and if not, what differs.

    Held are: every page against its checksum; the chain against its hashes and the head beside the store; records,
    findings, waivers, originals and rows against the chain and the control totals; the figures of all rounds against
    the rows; and, with `originals`, the rows against the received files, which are read anew as when they came. A store
    that is damaged is a fault found. Raises StoreMissing, StoreLocked, StoreVersion, StoreError, SchemaError.
    """
    declared = load_schemas(schemas)
    try:
        with open_store(Path(store), declared, read_only=True) as opened:
            found = [*faults(opened), *_figures(opened, declared)]
            # What is damaged is not read as if it were what came.
            read = _reread(opened, declared, watch) if originals and not found else None
            return _verification(opened, found, read)
    except (StoreDamaged, duckdb.Error) as failure:
        return Verification((_told(failure),))


def _verification(store: Store, found: Sequence[Text], read: "_Reread | None") -> Verification:
    newest = head(store.connection)
    ((submissions,),) = store.rows("SELECT count(*) FROM submission")
    return Verification(
        (*found, *(read.faults if read else ())),
        read.notes if read else (),
        records=newest.chain_no,
        head=newest.hash,
        submissions=submissions,
        reread=read.files if read else None,
        not_reread=read.others if read else {},
    )


@dataclass(frozen=True)
class _Reread:
    files: int
    others: Mapping[str, int]
    faults: tuple[Text, ...]
    notes: tuple[Text, ...]


def _reread(store: Store, schemas: Schemas, watch: Watch) -> _Reread:
    left_out = removed(store)
    kept = stored(store)
    files = [file for file in kept if file.verdict in WITH_ROWS and file.sha256 not in left_out]
    others = [file for file in kept if file.verdict not in WITH_ROWS or file.sha256 in left_out]
    passed = Counter("redacted" if file.sha256 in left_out else file.verdict for file in others)
    differing = list(_differing(store, files, schemas, watch))
    same = [
        file
        for file in differing
        if (file.tool_version, file.schemas_version) == (VERSION, schemas.fingerprint)
    ]
    changed = [file for file in differing if file not in same]
    return _Reread(
        len(files), passed, tuple(map(_read_otherwise, same)), tuple(map(_read_otherwise, changed))
    )


def _differing(store: Store, files: Sequence[Stored], schemas: Schemas, watch: Watch) -> Iterator[Stored]:
    """Yield those of `files` whose originals now say other rows than were merged."""
    by_sha256 = {file.sha256: file for file in files}
    submissions = reread(store, files, schemas, watch)
    while batch := list(islice(submissions, _BATCH)):
        said = rows_said(store, batch)
        for submission in batch:
            file = by_sha256[submission.workbook.sha256]
            row = said[file.sha256]
            if (row["content_sha256"], row["control_totals"]) != (file.content_sha256, file.control_totals):
                yield file


def _read_otherwise(file: Stored) -> Text:
    name = f"`{file.file_name}` ({file.sha256[:12]})"
    return Text(
        f"{name}: đọc lại tệp gốc cho số liệu khác với số liệu đã hợp nhất (bằng xltrack {file.tool_version}).",
        f"{name}: read anew, the original says other rows than were merged (by xltrack {file.tool_version}).",
    )


def _figures(store: Store, schemas: Schemas) -> Iterator[Text]:
    """Yield which figures do not agree with the rows: control totals, rows and figures then do not either."""
    for period in PERIODS:
        try:
            roll_up(store, schemas, period, with_rows=False)
        except ProgramError as failure:
            yield Text(failure.message("vi"), failure.message("en"))


def _told(failure: StoreDamaged | duckdb.Error) -> Text:
    if isinstance(failure, StoreDamaged):
        return Text(failure.message("vi"), failure.message("en"))
    line = str(failure).splitlines()[0]
    return Text(f"Kho dữ liệu không đọc được: {line}", f"The store cannot be read: {line}")
