"""Sums of đồng without limit: 128 bits wide while they are compared, as narrow as they fit once they agree."""

import polars as pl

from xltrack.store import Store


def whole_frame(store: Store, query: str) -> pl.DataFrame:
    """Return the result of `query`, its sums as Int128: SQL widens a sum of 64-bit numbers, and so gives decimals."""
    return widened(store.frame(query))


def widened(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with the decimals that SQL gives for sums as Int128."""
    return frame.with_columns(pl.col(name).cast(pl.Int128) for name in _of_type(frame, pl.Decimal))


def narrowed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with every Int128 column whose values all fit as Int64, which every program reads."""
    fitting = [
        name for name in _of_type(frame, pl.Int128) if frame[name].cast(pl.Int64, strict=False).null_count()
        == frame[name].null_count()
    ]  # fmt: skip
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name in fitting)


def portable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with Int128 as decimals of 38 digits: Parquet knows those, and no integer beyond 64 bits."""
    return frame.with_columns(pl.col(name).cast(pl.Decimal(38, 0)) for name in _of_type(frame, pl.Int128))


def _of_type(frame: pl.DataFrame, kind: type[pl.DataType]) -> list[str]:
    return [name for name, dtype in frame.schema.items() if dtype.base_type() is kind]
