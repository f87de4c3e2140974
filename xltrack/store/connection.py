"""Opens the store: one DuckDB file, locked down, of the version that this xltrack writes."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb

from xltrack.errors import (
    OutputError,
    StoreBehind,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreVersion,
    XltrackError,
)
from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.stages import stage
from xltrack.store.chain import head
from xltrack.store.current import create_views, refresh_current
from xltrack.store.database import connected, connected_beside
from xltrack.store.failures import named_failures, not_written_through
from xltrack.store.head import forget_head, head_path, read_head, write_head
from xltrack.store.identities import load_identities
from xltrack.store.links import add_links
from xltrack.store.patience import patiently
from xltrack.store.reference import load_reference
from xltrack.store.schema import (
    EARLIER,
    STORE_VERSION,
    Present,
    StoredSheet,
    check_types,
    extend_tables,
    note_version,
    present_columns,
    statement,
    stored_sheets,
    version_of,
)
from xltrack.store.snapshot import take_snapshot

if TYPE_CHECKING:
    import polars as pl

_LOG = logging.getLogger(__name__)
_LONG_LOG = 64 * 2**20
"""A log of so many bytes is written into the file before more is merged; until then all of it is in memory too."""
Parameters = Sequence[object] | Mapping[str, object]


class Store:
    """An open store. Its tables, and TEMP tables and views beside them, are read with `rows` and `frame`.

    Use it as a context manager, or call `close`. One program at a time may write; several may read.
    """

    def __init__(
        self, path: Path, schemas: Schemas, *, read_only: bool, as_of: datetime | None = None
    ) -> None:
        """Connect to the database file `path`, which is checked by nobody yet; use `open_store`."""
        self.path = path
        self.schemas = schemas
        self.read_only = read_only
        self.snapshot: TemporaryDirectory[str] | None = None
        self._kept = False
        self.as_of = as_of
        self.sheets: Mapping[str, StoredSheet] = stored_sheets(schemas)
        with _private_files():
            self.connection = connected(path, read_only=read_only)

    def rows(self, query: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Return the rows of `query`, its `parameters` bound ("?" or "$name"); raises StoreDamaged."""
        with named_failures(self.path):
            return self.connection.execute(query, parameters).fetchall()

    def facts(self, query: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """Return the rows of `query`, each by the names of its columns; raises StoreDamaged."""
        with named_failures(self.path):
            found = self.connection.execute(query, parameters)
            names = [name for name, *_ in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def frame(self, query: str, parameters: Parameters = (), *, coded: bool = False) -> "pl.DataFrame":
        """Return the result of `query` as a frame, as `query_frame`; raises StoreDamaged."""
        # To import polars takes as long as to tell a status, which needs no frame.
        from xltrack.store.frames import query_frame  # noqa: PLC0415

        with named_failures(self.path):
            return query_frame(self.connection, query, parameters, coded=coded)

    def beside(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own, as another thread needs.

        What is TEMP in this one is not in it, what is made in the database `MEMORY` is.
        """
        return connected_beside(self.connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that the context writes, or nothing if it fails, and write the file through at the end.

        What the context has kept already (`keep`) stays when it fails later. The current submissions are chosen anew
        before the last commit. Raises OutputError if the disk is full and StoreDamaged if a page cannot be read; the
        store is then as it was at the last commit. A failure after the last commit is the StoreError of `settle`.
        """
        if self.read_only:
            raise StoreError(reason=_opened_for_reading(self.path))
        with named_failures(self.path):
            self._kept = False
            self.connection.begin()
            try:
                yield
                refresh_current(self.connection, self.sheets)
                self._commit()
            except BaseException:
                self._roll_back()
                if self._kept:
                    self._settle_after_failure()
                raise
            self.settle()

    def keep(self) -> None:
        """Commit what was written so far within `transaction`, and go on; the log is written into the file if long."""
        self._commit()
        self._kept = True
        self._write_head()
        if self._log_size() > _LONG_LOG:
            self.checkpoint()
        self.connection.begin()

    def settle(self) -> None:
        """Write through what is committed: the head of the chain beside the file, and the log into it.

        Raises StoreError if either fails, which says that everything committed is kept.
        """
        try:
            self._write_head()
        finally:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Bring everything into the one file: a write-ahead log that is lost takes its commits with it.

        Raises StoreError if that fails, which says that everything committed is kept, and where; the store is then to
        be closed, and the next program that opens it reads the log.
        """
        try:
            with _private_files():
                self.connection.execute("CHECKPOINT")
        except duckdb.Error as failure:
            raise StoreError(reason=not_written_through(self.path, str(failure))) from failure

    def close(self) -> None:
        """Close the store; it may be closed twice."""
        self.connection.close()
        if self.snapshot is not None:
            self.snapshot.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _commit(self) -> None:
        with _private_files():
            self.connection.commit()

    def _write_head(self) -> None:
        newest = head(self.connection)
        if newest.chain_no and newest != read_head(self.path):
            write_head(self.path, newest)

    def _log_size(self) -> int:
        log = self.path.with_name(f"{self.path.name}.wal")
        return log.stat().st_size if log.exists() else 0

    def _settle_after_failure(self) -> None:
        # The failure is what is to be told; what cannot be written through now is in the log, which is kept.
        with suppress(duckdb.Error, XltrackError):
            self.connection.begin()
            refresh_current(self.connection, self.sheets)
            self._commit()
            self.settle()

    def _roll_back(self) -> None:
        # A commit that failed has already ended the transaction; the first failure is the one to tell.
        try:
            self.connection.rollback()
        except duckdb.Error:
            return


def open_store(
    path: Path,
    schemas: Schemas,
    *,
    create: bool = False,
    read_only: bool = False,
    as_of: datetime | None = None,
) -> Store:
    """Return the store at `path`, opened with the units, rounds, lists and sheets of `schemas`.

    With `create` a store that does not exist is made, readable by its owner only where the system knows owners. A
    column or sheet that `schemas` declare and the store lacks is added, or null if `read_only`. A store of an earlier
    version is brought to this one first, even if `read_only`.

    With `as_of`, a moment with its zone, the store tells what was known then, and is opened for reading only: files
    that had not come yet, and waivers that had not been written, are not there.

    While another program writes to it, a store is read as it was at its last commit, in a copy of its own; whoever
    wants to write waits as long as `patient` says.

    Raises StoreMissing, StoreLocked (naming the program that holds it), StoreVersion (a later one), StoreDamaged (the
    file is another program's, or its pages fail their checksums), StoreBehind (it lacks records that were merged),
    OutputError (it cannot be made there), and StoreError (no right to open it; a column changed its type).
    """
    with stage("open_store"):
        if not (read_only or as_of):
            return patiently(partial(_open, path, schemas, create=create))
        return _open_to_read(path, schemas, as_of)


def _open_to_read(path: Path, schemas: Schemas, as_of: datetime | None) -> Store:
    opening = partial(_open, path, schemas, read_only=True, as_of=as_of)
    try:
        return opening()
    except StoreLocked:
        return _open_snapshot(path, schemas, as_of) or patiently(opening)


def _open_snapshot(path: Path, schemas: Schemas, as_of: datetime | None) -> Store | None:
    """Return a copy of the store opened for reading, which is removed when it is closed; None if none can be taken."""
    folder = TemporaryDirectory(prefix="xltrack-", ignore_cleanup_errors=True)
    try:
        copy = take_snapshot(path, Path(folder.name))
        if copy is not None:
            store = _open(copy, schemas, read_only=True, as_of=as_of)
            store.path, store.snapshot = path, folder
            _tell_being_written(path)
            return store
    except BaseException:
        folder.cleanup()
        raise
    folder.cleanup()
    return None


def _tell_being_written(path: Path) -> None:
    """Log that a copy is read: a warning whose `text` is in both languages."""
    text = Text(
        f"Kho dữ liệu `{path}` đang được ghi: đọc lần ghi cuối.",
        f"The store `{path}` is being written: its last commit is read.",
    )
    _LOG.warning("%s", text.en, extra={"text": text})


def _open(
    path: Path,
    schemas: Schemas,
    *,
    create: bool = False,
    read_only: bool = False,
    as_of: datetime | None = None,
) -> Store:
    if not path.exists():
        if not create or read_only:
            raise StoreMissing(path=path)
        if not path.parent.is_dir():
            raise OutputError(path=path, reason=Text("thư mục không tồn tại", "the directory does not exist"))
        forget_head(path)
    elif not path.is_file():
        raise StoreDamaged(path=path, reason=Text("đây là thư mục", "it is a directory"))
    with named_failures(path):
        store = Store(path, schemas, read_only=read_only, as_of=as_of)
        try:
            present = present_columns(store.connection)
            if read_only and _version(store.connection, present) in EARLIER:
                store.close()
                _open(path, schemas).close()
                store = Store(path, schemas, read_only=read_only, as_of=as_of)
                present = present_columns(store.connection)
            _prepare(store, present, create=create and not read_only)
        except BaseException:
            store.close()
            raise
    return store


def _prepare(store: Store, present: Present, *, create: bool) -> None:
    connection = store.connection
    version = _version(connection, present)
    if version:
        _check_version(store.path, version)
    elif not present and not create and read_head(store.path) is None:
        # Whoever was making it was stopped before anything was written.
        raise StoreMissing(path=store.path)
    elif present or not create:
        reason = Text("không có bảng `store_meta`", "it has no table `store_meta`")
        raise StoreDamaged(path=store.path, reason=reason)
    check_types(store.sheets, present)
    if not store.read_only:
        present = _made_tables(store, present, is_earlier=version in EARLIER)
        if version in EARLIER:
            store.settle()
    check_head(store)
    connection.begin()
    load_reference(connection, store.schemas)
    load_identities(connection, store.schemas, store.as_of)
    create_views(connection, store.sheets, present, store.as_of)
    connection.commit()


def check_head(store: Store) -> None:
    """Raise StoreBehind if the chain in `store` does not hold the head that is written beside it."""
    outside = read_head(store.path)
    if outside is None:
        return
    found = store.rows("SELECT hash FROM chain WHERE chain_no = ?", [outside.chain_no])
    if found != [(outside.hash,)]:
        raise StoreBehind(
            path=store.path,
            last=head(store.connection).chain_no,
            head=outside.chain_no,
            file=head_path(store.path),
        )


def _version(connection: duckdb.DuckDBPyConnection, present: Present) -> str:
    """Return the version of a store, "" if it has none."""
    return version_of(connection) if "store_meta" in present else ""


def _check_version(path: Path, version: str) -> None:
    if version != STORE_VERSION and version not in EARLIER:
        raise StoreVersion(path=path, found=version, expected=STORE_VERSION)


def _made_tables(store: Store, present: Present, *, is_earlier: bool) -> Present:
    """Return the columns of the sheets once everything is there that this version stores."""
    with _private_files():
        store.connection.begin()
        if is_earlier:
            from xltrack.store.migrations import migrate  # noqa: PLC0415  # seldom, and long to import

            migrate(store.connection, store.sheets)
            present = present_columns(store.connection)
        store.connection.execute(statement("tables"))
        if not present:
            note_version(store.connection)
        found = extend_tables(store.connection, store.sheets, present)
        found = add_links(store.connection, store.sheets, found)
        store.connection.commit()
    return found


@contextmanager
def _private_files() -> Iterator[None]:
    """Let files that DuckDB makes meanwhile be readable by their owner only; Windows gives them the folder's rights."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _opened_for_reading(path: Path) -> Text:
    return Text(
        f"Kho dữ liệu `{path}` chỉ được mở để đọc nên không ghi được.",
        f"The store `{path}` was opened for reading only, so nothing can be written to it.",
    )
