"""Writes the figures for other programs: CSV, Parquet, JSON."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

import polars as pl

from xltrack.files import replace_file
from xltrack.rollup.exact import portable
from xltrack.rollup.model import Rollup

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rollup: Rollup, path: Path) -> None:
    """Write the long table of figures to `path`: UTF-8 with BOM, RFC 4180; raises OutputError.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are left as they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rollup.figures.columns)
    writer.writerows([_safe(value) for value in row] for row in rollup.figures.iter_rows())
    replace_file(path, text.getvalue().encode("utf-8-sig"))


def write_parquet(rollup: Rollup, path: Path) -> None:
    """Write the long table of figures to `path`; raises OutputError.

    `value` is a 64-bit integer, and a decimal of 38 digits in a roll-up where some sum exceeds 64 bits.
    """
    content = io.BytesIO()
    portable(rollup.figures).write_parquet(content)
    replace_file(path, content.getvalue())


def write_json(rollup: Rollup, path: Path) -> None:
    """Write all frames of the roll-up to `path`, each as a list of objects without nulls; raises OutputError."""
    document: dict[str, object] = {
        "period_kind": rollup.period_kind,
        "as_of": rollup.as_of.isoformat() if rollup.as_of else None,
        "schemas_version": rollup.schemas_version,
    }
    members = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in document.items()]
    members += [f"{json.dumps(name)}: {_objects(frame)}" for name, frame in rollup.frames.items()]
    text = "{" + ",\n".join(members) + "}\n"
    replace_file(path, text.encode())


def _objects(frame: pl.DataFrame) -> str:
    """Return the rows as a JSON list, one object a line."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
    names = frame.columns
    rows = (
        {name: v for name, v in zip(names, row, strict=True) if v is not None} for row in frame.iter_rows()
    )
    return "[" + ",\n ".join(encode(row) for row in rows) + "]"


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
