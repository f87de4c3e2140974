"""Writes the figures for other programs: CSV, Parquet, JSON."""

import io
import json
from datetime import date, datetime
from pathlib import Path

import polars as pl
from polars.dataframe.group_by import GroupBy

from xltrack.files import replace_file
from xltrack.rollup.exact import portable
from xltrack.rollup.model import Rollup
from xltrack.rollup.years import without_return

_FORMULA_START = r"^([=+\-@\t\r])"


def write_csv(rollup: Rollup, path: Path) -> None:
    """Write the long table of `stated` figures to `path`: UTF-8 with BOM, RFC 4180; raises OutputError.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are left as they are.
    """
    safe = stated(rollup).with_columns(pl.col(pl.String).str.replace(_FORMULA_START, "'${1}"))
    content = io.BytesIO()
    safe.write_csv(content, include_bom=True, line_terminator="\r\n")
    replace_file(path, content.getvalue())


def write_parquet(rollup: Rollup, path: Path) -> None:
    """Write the long table of `stated` figures to `path`; raises OutputError.

    `value` is a 64-bit integer, and a decimal of 38 digits in a roll-up where some sum exceeds 64 bits.
    """
    content = io.BytesIO()
    portable(stated(rollup)).write_parquet(content)
    replace_file(path, content.getvalue())


def write_json(rollup: Rollup, path: Path) -> None:
    """Write all frames of the roll-up to `path`, each as a list of objects without nulls; raises OutputError."""
    document: dict[str, object] = {
        "period_kind": rollup.period_kind,
        "as_of": rollup.as_of.isoformat(timespec="seconds") if rollup.as_of else None,
        "received_until": rollup.received_until.isoformat() if rollup.received_until else None,
        "merged_later": rollup.merged_later,
        "other_lists": rollup.other_lists,
        "schemas_version": rollup.schemas_version,
        "years_without_return": without_return(rollup),
    }
    members = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in document.items()]
    members += [f"{json.dumps(name)}: {_objects(frame)}" for name, frame in rollup.frames.items()]
    text = "{" + ",\n".join(members) + "}\n"
    replace_file(path, text.encode())


def stated(rollup: Rollup) -> pl.DataFrame:
    """Return the figures, each beside what it rests on: units_reported, units_expected, years_without_return and as_of.

    The units are counted in the rounds of the figure's period, once in each; `years_without_return` names the years of
    the period of which no return counts ("2021, 2022"), null if there are none; `as_of` is null where the figures are
    those of all that the store holds.
    """
    periods = _periods(rollup)
    lacking = _in_each(periods, pl.DataFrame({"year": without_return(rollup)}, {"year": pl.Int64})).agg(
        years_without_return=pl.col("year").cast(pl.String).sort().str.join(", ")
    )
    counted = _in_each(periods, rollup.coverage_rounds.filter(period_kind=rollup.period_kind)).agg(
        units_reported=pl.col("reported").sum(), units_expected=pl.col("expected").sum()
    )
    as_of = pl.lit(rollup.as_of.isoformat(timespec="seconds") if rollup.as_of else None, pl.String).alias(
        "as_of"
    )
    beside = periods.select("period").join(counted, "period", "left").join(lacking, "period", "left")
    return rollup.figures.join(beside, on="period", how="left", maintain_order="left").with_columns(as_of)


def _periods(rollup: Rollup) -> pl.DataFrame:
    """Return the periods of the figures, each with its first and last year."""
    ends = pl.col("period").str.split("-").list
    years = {"first": ends.first().cast(pl.Int64), "last": ends.last().cast(pl.Int64)}
    return rollup.figures.select("period").unique().with_columns(**years)


def _in_each(periods: pl.DataFrame, yearly: pl.DataFrame) -> GroupBy:
    """Return the rows of `yearly` in each period that has their year."""
    return (
        periods.join(yearly, how="cross")
        .filter(pl.col("year").is_between("first", "last"))
        .group_by("period")
    )


def _objects(frame: pl.DataFrame) -> str:
    """Return the rows as a JSON list, one object a line."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
    names = frame.columns
    rows = (
        {name: v for name, v in zip(names, row, strict=True) if v is not None} for row in frame.iter_rows()
    )
    return "[" + ",\n ".join(encode(row) for row in rows) + "]"


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
