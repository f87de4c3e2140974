"""Writes a store out for other programs and for safe keeping, and makes it again from that.

A folder with one Parquet file per table and year of the return, the received files as they came, and `manifest.json`,
which is written last: versions, the columns of every table, the head of the chain, and the SHA-256 of every file.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from xltrack.errors import OutputError, StoreDamaged, StoreVersion
from xltrack.files import make_folder, replace_file
from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.store.chain import head
from xltrack.store.connection import Store, open_store
from xltrack.store.frames import registered
from xltrack.store.hash import store_hash
from xltrack.store.schema import STORE_VERSION, present_columns, quoted
from xltrack.version import VERSION

MANIFEST = "manifest.json"
ORIGINALS = "originals"
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
        raise OutputError(path=folder, reason=_TAKEN)
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

    Every file is held against its SHA-256 first. Raises OutputError if something is at `path`, StoreVersion for an
    export of another version, and StoreDamaged, naming the file, where one is missing or is not what was written.
    """
    if path.exists():
        raise OutputError(path=path, reason=_FILE_TAKEN)
    manifest = read_manifest(folder)
    for name, sha256 in manifest.files.items():
        _check(folder / name, sha256)
    with open_store(path, schemas, create=True) as store, store.transaction():
        _extend(store, manifest.columns)
        for name in manifest.files:
            _take(store, folder / name)
    with open_store(path, schemas, read_only=True) as store:
        if (store_hash(store), head(store.connection).hash) != (manifest.store_hash, manifest.head):
            reason = Text("số liệu khác với lúc xuất", "it says other things than when it was exported")
            raise StoreDamaged(path=folder, reason=reason)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Return what the export in `folder` says that it holds; raises StoreVersion and StoreDamaged."""
    path = folder / MANIFEST
    try:
        manifest = Manifest(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        reason = Text("không phải bản xuất trọn vẹn", "it is no complete export")
        raise StoreDamaged(path=path, reason=reason) from None
    if manifest.store_version != STORE_VERSION:
        raise StoreVersion(path=folder, found=manifest.store_version, expected=STORE_VERSION)
    return manifest


def _contents(store: Store, columns: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Yield every file of an export with its path in the folder."""
    for table in columns:
        if table != "original":
            yield from _parquet(store, table, columns[table])
    for (sha256,) in store.rows("SELECT sha256 FROM original ORDER BY 1"):
        ((content,),) = store.rows("SELECT content FROM original WHERE sha256 = ?", [sha256])
        yield f"{ORIGINALS}/{sha256}", bytes(content)


def _parquet(store: Store, table: str, columns: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    file = next((name for name in ("_submission", "submission", "sha256") if name in columns), None)
    if file is None or table == "waiver":
        yield f"{table}/all.parquet", _as_parquet(store.frame(f"FROM {quoted(table)}"))
        return
    source = f"FROM {quoted(table)} AS t LEFT JOIN (SELECT sha256, year FROM submission) AS s ON s.sha256 = t.{file}"
    for (year,) in store.rows(f"SELECT DISTINCT s.year {source} ORDER BY 1"):
        frame = store.frame(f"SELECT t.* {source} WHERE s.year IS NOT DISTINCT FROM $year", {"year": year})
        yield f"{table}/return_year={year or 'none'}/all.parquet", _as_parquet(frame)


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


def _extend(store: Store, columns: Mapping[str, Mapping[str, str]]) -> None:
    """Make what the exported store had and the schemas do not declare, or no longer."""
    present: Any = present_columns(store.connection)
    store.rows("DELETE FROM store_meta")
    for table, declared in columns.items():
        if table not in present:
            listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in declared.items())
            store.rows(f"CREATE TABLE {quoted(table)} ({listed})")
            continue
        for name in declared.keys() - present[table].keys():
            store.rows(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)} {declared[name]}")


def _take(store: Store, path: Path) -> None:
    if path.parent.name == ORIGINALS:
        store.rows("INSERT INTO original VALUES (?, ?)", [path.name, path.read_bytes()])
        return
    table = path.parent.parent.name if path.parent.name.startswith("return_year=") else path.parent.name
    frame = pl.read_parquet(path.read_bytes(), hive_partitioning=False)
    if frame.height:
        with registered(store.connection, {"incoming": frame}):
            store.rows(f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM incoming")
