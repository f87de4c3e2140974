"""Lets SQL read polars frames, and polars read the results of SQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import duckdb
import polars as pl
from duckdb import DuckDBPyConnection

from xltrack.arrow import ArrowStream


@contextmanager
def registered(connection: DuckDBPyConnection, frames: Mapping[str, pl.DataFrame]) -> Iterator[None]:
    """Let statements read `frames` under their names while the context lasts."""
    for name, frame in frames.items():
        connection.register(name, ArrowStream(frame))
    try:
        yield
    except BaseException:
        # The transaction is aborted and takes the names with it; to ask again would hide why it failed.
        with suppress(duckdb.Error):
            _forget(connection, frames)
        raise
    _forget(connection, frames)


def _forget(connection: DuckDBPyConnection, frames: Mapping[str, pl.DataFrame]) -> None:
    for name in frames:
        connection.unregister(name)


def query_frame(
    connection: DuckDBPyConnection,
    query: str,
    parameters: Sequence[object] | Mapping[str, object],
    *,
    coded: bool = False,
) -> pl.DataFrame:
    """Return the result of `query`, its `parameters` bound, as a frame.

    What is kept as codes comes as texts, unless `coded`: then as categories, which take a quarter of the memory.
    """
    frame = pl.DataFrame(ArrowStream(connection.sql(query, params=parameters or None)))
    return frame if coded else frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
