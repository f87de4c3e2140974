"""Connects to the file of a store, locked down, as reading or writing it wants it."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

Setting = str | bool | int | float | list[str]
# What a database of another kind would be read by is neither looked for on the disk nor fetched from the network.
_NOTHING_MORE: Mapping[str, Setting] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
# Texts are then handed over as polars keeps them.
_ARROW: Mapping[str, Setting] = {"arrow_output_version": "1.4"}
# A received workbook can then reach neither the disk nor the network through SQL, whatever text it carries.
_LOCKED_DOWN: Mapping[str, Setting] = {
    "enable_external_access": "false",
    "allowed_configs": "['external_threads']",
    "lock_configuration": "true",
}
# A commit then writes the log alone, so that a failure tells apart what is not kept (the commit) from what is kept but
# not yet written through (the checkpoint that follows every merge).
_NO_CHECKPOINT: Mapping[str, Setting] = {"checkpoint_threshold": "1TB"}
_EVERY: Mapping[str, Setting] = {**_NOTHING_MORE, **_ARROW, **_NO_CHECKPOINT}
# Grouping sets are to be added up as rows come in, not from all rows written down first.
_REWRITING = "grouping_sets"
# Merging reads and writes a little at a time; pages beyond this are read again rather than kept. With 128 MB a
# correction of 13,300 rows into a store of ten years found no room.
_PAGES: Mapping[str, Setting] = {"memory_limit": "200MB"}
_GROUP = 14_336
"""Rows that stand together. So many of one table in one transaction go into the file at once, and the log says only
where; fewer go into the log, stay in memory until it is written through, and are then written once more."""
_NAME = "store"
"""What SQL calls the database of the file, whatever the file is called."""
MEMORY = "memory"
"""What SQL calls a database that is in memory only, and which every connection to the same store sees."""
_PATH = f"SET search_path = '{_NAME}.main,{MEMORY}.main'"


def connected(path: Path, *, read_only: bool) -> DuckDBPyConnection:
    """Return a connection to the database file `path`, which is made if it is to be written to; raises duckdb.Error."""
    kept = {} if read_only else _PAGES
    kind = "READ_ONLY" if read_only else f"ROW_GROUP_SIZE {_GROUP}"
    connection = duckdb.connect(":memory:", config={**_EVERY, **kept, "temp_directory": f"{path}.tmp"})
    try:
        literal = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{literal}' AS {_NAME} (TYPE duckdb, {kind}); {_PATH}")
        if (_REWRITING,) in connection.execute("FROM duckdb_optimizers()").fetchall():
            connection.execute(f"SET disabled_optimizers = '{_REWRITING}'")
        connection.execute(";".join(f"SET {name} = {value}" for name, value in _LOCKED_DOWN.items()))
    except BaseException:
        connection.close()
        raise
    return connection


def connected_beside(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """Return another connection to the database that `connected` gave `connection` to."""
    other = connection.cursor()
    other.execute(_PATH)
    return other
