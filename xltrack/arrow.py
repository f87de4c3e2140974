"""Passes tables between polars and DuckDB through the Arrow C stream interface alone, without pyarrow.

This module must not import duckdb: polars remembers the class of what it reads, that class keeps its module alive, and
DuckDB reports at the end of the program, on stderr, that something still refers to it.
"""

from typing import Protocol


class _Streamable(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class ArrowStream:
    """A frame or a query result that can be read once more with every stream that is asked of it.

    Handed over bare, a frame would make DuckDB import pyarrow.
    """

    def __init__(self, source: _Streamable) -> None:
        """Keep `source`, a polars DataFrame or a DuckDB relation; another of the same columns may take its place."""
        self.source = source

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the capsule that the Arrow PyCapsule interface defines."""
        return self.source.__arrow_c_stream__(requested_schema)
