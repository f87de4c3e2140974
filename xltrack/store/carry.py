"""Carries over from one store to another what cannot be read from the originals: records, decisions, times."""

from collections.abc import Collection

from xltrack.store.connection import Store
from xltrack.store.frames import registered
from xltrack.store.schema import present_columns, quoted

_READ_ANEW = {"store_meta", "submission", "original_piece", "finding", "sheet_place"}
_TIMES = "UPDATE submission SET merged_at = incoming.merged_at FROM incoming WHERE incoming.sha256 = submission.sha256"


def carry_decisions(source: Store, target: Store) -> None:
    """Copy the chain and every table of decisions from `source` into the empty `target`, within its transaction."""
    for table in present_columns(source.connection):
        if table not in _READ_ANEW and table not in source.sheets:
            _copy(source, target, table)


def carry_files(source: Store, target: Store, files: Collection[str]) -> None:
    """Copy all that `source` holds of `files` (SHA-256) as it is: what was removed of them cannot be read anew."""
    tables = {
        "submission": "sha256",
        "original_piece": "sha256",
        "finding": "submission",
        "sheet_place": "submission",
    }
    for table, column in (tables | dict.fromkeys(source.sheets, "_submission")).items():
        _copy(source, target, table, f"WHERE {column} IN (SELECT unnest($files))", files=list(files))


def carry_times(source: Store, target: Store) -> None:
    """Say in `target` when its files were merged into `source`."""
    with registered(
        target.connection, {"incoming": source.frame("SELECT sha256, merged_at FROM submission")}
    ):
        target.rows(_TIMES)


def _copy(source: Store, target: Store, table: str, condition: str = "", **parameters: object) -> None:
    frame = source.frame(f"SELECT * FROM {quoted(table)} {condition}", parameters)
    if frame.height:
        with registered(target.connection, {"incoming": frame}):
            target.rows(f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM incoming")
