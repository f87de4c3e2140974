"""Writes a store out for other programs and for safe keeping, and makes it again from that.

A folder with Parquet files per table and year of the return, what stands, the received files as they came, and
`manifest.json`, which is written last: versions, the columns of every table, the head of the chain, and the SHA-256 of
every file. The years are folders as Hive names them (`return_year=2025`), which other engines read as a column.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
from duckdb import DuckDBPyConnection

from xltrack.errors import OutputError, PlaceTaken, StoreDamaged, StoreVersion
from xltrack.files import make_folder, reason_of, replace_file
from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.store.chain import broken_at, head
from xltrack.store.connection import Store, open_store
from xltrack.store.failures import named_failures
from xltrack.store.frames import registered
from xltrack.store.hash import store_hash
from xltrack.store.head import forget_head, head_path
from xltrack.store.originals import insert_originals, original_of
from xltrack.store.schema import EARLIER, STORE_VERSION, present_columns, quoted, statement
from xltrack.version import VERSION

MANIFEST = "manifest.json"
ORIGINALS = "originals"
STANDING = "standing"
"""Where an export has what follows from the store and the schemas: which files and returns stand, units, tax codes."""
STANDING_TABLES = ("current_submission", "return", "unit", "tax_code_change")
MOST_ROWS = 1_000_000
"""A Parquet file has about so many rows at the most: few enough for one machine, enough for an engine of many."""
_NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
_TAKEN = Text("thư mục không rỗng, nên được giữ nguyên", "the folder is not empty, and is left as it is")
_FILE_TAKEN = Text("đã có tệp ở đó, nên được giữ nguyên", "a file is there, and left as it is")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds: `columns` with their SQL types by table, and the SHA-256 of every file by its path."""

    store_version: str
    xltrack: str
    schemas_version: str
    store_hash: str
    chain_no: int
    head: str
    columns: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str] = field(default_factory=dict)


def export_store(store: Store, folder: Path) -> Manifest:
    """Write everything that `store` holds into `folder`, which must be empty or not there, and return what it holds.

    The folder is its owner's only, where the system knows owners. Raises OutputError and StoreDamaged.
    """
    make_folder(folder)
    if any(folder.iterdir()):
        raise PlaceTaken(path=folder, reason=_TAKEN)
    folder.chmod(0o700)
    columns = present_columns(store.connection)
    files = {name: _written(folder / name, content) for name, content in _contents(store, columns)}
    newest = head(store.connection)
    made_by = (STORE_VERSION, VERSION, store.schemas.fingerprint)
    manifest = Manifest(*made_by, store_hash(store), newest.chain_no, newest.hash, columns, files)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    replace_file(folder / MANIFEST, text.encode())
    return manifest


def restore_store(folder: Path, path: Path, schemas: Schemas) -> Manifest:
    """Make at `path`, where nothing may be, the store that was exported to `folder`, and return what it holds.

    Every file is held against its SHA-256 first. An export of a store of an earlier version is brought to this one, as
    the store itself would be. Raises PlaceTaken if something is at `path`, StoreVersion for an export of a later
    version, and StoreDamaged, naming the file, where one is missing or is not what was written.
    """
    for place in (path, path.with_name(f"{path.name}.wal")):
        # With the log of a store that is no more beside it, DuckDB would not open the new one.
        if place.exists():
            raise PlaceTaken(path=place, reason=_FILE_TAKEN)
    manifest = read_manifest(folder)
    for name, sha256 in manifest.files.items():
        _check(folder / name, sha256)
    with _made_whole(path) as fresh:
        with _as_declared(folder):
            _fill(fresh, folder, manifest)
        with open_store(fresh, schemas) as store:
            store.settle()
            if not _holds(store, manifest):
                reason = Text("số liệu khác với lúc xuất", "it says other things than when it was exported")
                raise StoreDamaged(path=folder, reason=reason)
        forget_head(path)
        if head_path(fresh).exists():
            head_path(fresh).replace(head_path(path))
    return manifest


@contextmanager
def _made_whole(path: Path) -> Iterator[Path]:
    """Yield where to make the store that is moved to `path` at the end; nothing is left there if that fails."""
    try:
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            fresh = Path(folder) / path.name
            yield fresh
            fresh.chmod(0o600)
            fresh.replace(path)
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure


@contextmanager
def _as_declared(folder: Path) -> Iterator[None]:
    """Raise StoreDamaged where the files in `folder` do not go into the tables that its manifest declares."""
    try:
        yield
    except (duckdb.Error, pl.exceptions.PolarsError) as failure:
        reason = Text(
            f"các tệp không khớp với điều `{MANIFEST}` khai", f"its files are not what `{MANIFEST}` declares"
        )
        raise StoreDamaged(path=folder, reason=reason) from failure


def _fill(path: Path, folder: Path, manifest: Manifest) -> None:
    """Make at `path` the tables as they were, whatever is declared today, and put into them what was exported."""
    with named_failures(path), duckdb.connect(path) as connection:
        if manifest.store_version == STORE_VERSION:
            connection.execute(statement("tables"))
        for table, columns in manifest.columns.items():
            _extend(connection, table, columns)
        for name in manifest.files:
            _take(connection, name, (folder / name).read_bytes(), manifest)


def _extend(connection: DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    listed = [f"{quoted(name)} {kind}" for name, kind in columns.items()]
    connection.execute(f"CREATE TABLE IF NOT EXISTS {quoted(table)} ({', '.join(listed)})")
    for column in listed:
        connection.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN IF NOT EXISTS {column}")


def _holds(store: Store, manifest: Manifest) -> bool:
    """Return whether the chain holds and, where the version is the same, all says what it said."""
    if manifest.store_version != STORE_VERSION:
        return broken_at(store.connection) is None
    return (store_hash(store), head(store.connection).hash) == (manifest.store_hash, manifest.head)


def read_manifest(folder: Path) -> Manifest:
    """Return what the export in `folder` says that it holds; raises StoreVersion and StoreDamaged."""
    path = folder / MANIFEST
    try:
        manifest = _manifest(path.read_bytes())
    except (OSError, ValueError, TypeError):
        reason = Text("không phải bản xuất trọn vẹn", "it is no complete export")
        raise StoreDamaged(path=path, reason=reason) from None
    if manifest.store_version not in (*EARLIER, STORE_VERSION):
        raise StoreVersion(path=folder, found=manifest.store_version, expected=STORE_VERSION)
    return manifest


def _manifest(content: bytes) -> Manifest:
    """Return what `content` says; raises ValueError and TypeError if that is no manifest."""
    manifest = Manifest(**json.loads(content))
    named = (manifest.columns, manifest.files)
    if not all(isinstance(one, dict) for one in named) or not all(map(_is_within, manifest.files)):
        raise ValueError(content)
    return manifest


def _is_within(name: str) -> bool:
    """Return whether `name` is that of a file within the folder, whatever system reads it."""
    return not ({"", ".", ".."} & set(name.split("/")) or {"\\", ":"} & set(name))


def _contents(store: Store, columns: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Yield every file of an export with its path in the folder."""
    for table in columns:
        if table != "original_piece":
            yield from _parquet(store, table, columns[table])
    for view in STANDING_TABLES:
        yield f"{STANDING}/{view}/part-1.parquet", _as_parquet(store.frame(f"FROM {quoted(view)}"))
    for (sha256,) in store.rows("SELECT sha256 FROM original ORDER BY 1"):
        yield f"{ORIGINALS}/{sha256}", original_of(store.connection, sha256) or b""


def _parquet(store: Store, table: str, columns: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    column = next((name for name in ("_submission", "submission", "sha256") if name in columns), None)
    if column is None or table == "waiver":
        yield f"{table}/part-1.parquet", _as_parquet(store.frame(f"FROM {quoted(table)}"))
        return
    asked = {"table": quoted(table), "column": column}
    listed = store.frame(Template(statement("exported_files")).substitute(asked))
    query = Template(statement("exported_rows")).substitute(asked)
    for path, files in _parts(listed):
        with registered(store.connection, {"exported": files}):
            yield f"{table}/{path}", _as_parquet(store.frame(query))


def _parts(files: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the `files` (year, rows) of each Parquet file with its path; those of a year follow one another."""
    before = pl.col("rows").cum_sum().over("year") - pl.col("rows")
    parts = files.with_columns(part=1 + before // MOST_ROWS).group_by("year", "part", maintain_order=True)
    for (year, part), some in parts:
        yield f"return_year={_NO_YEAR if year is None else year}/part-{part}.parquet", some


def _as_parquet(frame: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def _written(path: Path, content: bytes) -> str:
    replace_file(path, content)
    return hashlib.sha256(content).hexdigest()


def _check(path: Path, sha256: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        found = ""
    if found != sha256:
        reason = Text("thiếu, hoặc không đúng như khi xuất", "it is missing, or not what was exported")
        raise StoreDamaged(path=path, reason=reason)


def _take(connection: DuckDBPyConnection, name: str, content: bytes, manifest: Manifest) -> None:
    kind, *_, last = name.split("/")
    if kind == ORIGINALS:
        if "original_piece" in manifest.columns:
            insert_originals(connection, [(last, content)])
        else:
            connection.execute("INSERT INTO original VALUES (?, ?)", [last, content])
        return
    if kind == STANDING:
        return
    frame = pl.read_parquet(content, hive_partitioning=False)
    if frame.height:
        with registered(connection, {"incoming": frame}):
            connection.execute(f"INSERT INTO {quoted(kind)} BY NAME SELECT * FROM incoming")
