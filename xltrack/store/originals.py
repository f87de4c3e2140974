"""Received files as they came, cut into pieces.

A longer value stands apart in the file, and DuckDB copies it whenever others are appended to its table.
"""

from collections.abc import Collection, Iterable, Iterator

import polars as pl
from duckdb import DuckDBPyConnection

from xltrack.store.frames import registered

PIECE = 4_000
"""Bytes of a piece; DuckDB keeps values of up to 4,096 where they are."""
_SCHEMA = {"sha256": pl.String(), "piece_no": pl.Int32(), "content": pl.Binary()}
_MINE = "list_contains(CAST($files AS VARCHAR[]), sha256)"


def insert_originals(connection: DuckDBPyConnection, originals: Iterable[tuple[str, bytes]]) -> None:
    """Insert `originals`, the bytes of files with their SHA-256 before them; one without bytes has one empty piece."""
    pieces = [row for sha256, content in originals for row in _pieces(sha256, content)]
    with registered(connection, {"incoming": pl.DataFrame(pieces, schema=_SCHEMA, orient="row")}):
        connection.execute("INSERT INTO original_piece SELECT * FROM incoming")


def original_of(connection: DuckDBPyConnection, sha256: str) -> bytes | None:
    """Return the bytes of the file `sha256`, empty if they were removed; None if the store has none of it."""
    query = "SELECT content FROM original_piece WHERE sha256 = ? ORDER BY piece_no"
    pieces = connection.execute(query, [sha256]).fetchall()
    return b"".join(content for (content,) in pieces) if pieces else None


def remove_originals(connection: DuckDBPyConnection, files: Collection[str]) -> None:
    """Remove the bytes of `files` (SHA-256); that they were there stays."""
    asked = {"files": list(files)}
    connection.execute(f"DELETE FROM original_piece WHERE piece_no > 1 AND {_MINE}", asked)
    connection.execute(f"UPDATE original_piece SET content = ''::BLOB WHERE {_MINE}", asked)


def _pieces(sha256: str, content: bytes) -> Iterator[tuple[str, int, bytes]]:
    for number, start in enumerate(range(0, max(len(content), 1), PIECE), start=1):
        yield sha256, number, content[start : start + PIECE]
