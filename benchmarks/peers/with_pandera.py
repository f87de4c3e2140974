"""Reads with pandas and calamine, texts as texts, and validates each filled sheet with pandera. Nothing is merged."""

import json
import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from telling import Tally, letter, line_of_ids

task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
tally = Tally(task)
KINDS = {"integer": "Int64", "number": float}
CHECKS = {
    "minimum": pa.Check.ge,
    "maximum": pa.Check.le,
    "maxLength": lambda most: pa.Check.str_length(0, most),
    "pattern": pa.Check.str_matches,
    "enum": pa.Check.isin,
}


def _kind(column):
    return "datetime64[ns]" if column.get("format") == "date" else KINDS.get(column["type"])


def _data_frame_schema(sheet):
    schema = sheet["schema"]
    return pa.DataFrameSchema(
        {
            name: pa.Column(
                _kind(column),
                [make(column[limit]) for limit, make in CHECKS.items() if limit in column],
                nullable=name not in schema["required"],
                coerce=_kind(column) is not None,
            )
            for name, column in schema["properties"].items()
        },
        unique=sheet["key"],
    )


schemas = {name: _data_frame_schema(sheet) for name, sheet in task["sheets"].items()}


def _read(path):
    frames = {}
    for name, sheet in task["sheets"].items():
        texts = {
            column: str for column, given in sheet["schema"]["properties"].items() if _kind(given) is None
        }
        frames[name] = _table(path, sheet["tab"], list(sheet["schema"]["properties"]), texts)
    for name, frame in frames.items():
        try:
            schemas[name].validate(frame, lazy=True)
        except pa.errors.SchemaErrors as told:
            tally.findings += _findings(
                Path(path).name, task["sheets"][name]["tab"], frame, told.failure_cases
            )
        tally.keep(path, name, frame.to_dict("records") if task["out"] else frame.index)


def _table(path, tab, ids, texts):
    """Return a sheet, each row under its number in the file; look for the ids where they are not in the third row."""
    frame, top = (
        pd.read_excel(path, sheet_name=tab, header=2, skiprows=[3], engine="calamine", dtype=texts),
        2,
    )
    if not set(ids) <= set(frame.columns):
        top = line_of_ids(
            pd.read_excel(path, sheet_name=tab, header=None, nrows=20, engine="calamine").values, ids
        )
        frame = pd.read_excel(
            path, sheet_name=tab, header=top, skiprows=[top + 1], engine="calamine", dtype=texts
        )
    frame.index += top + 3
    return frame.dropna(how="all")


def _findings(file, tab, frame, cases):
    places = {name: letter(at) for at, name in enumerate(frame.columns, 1)}
    for column, index in zip(cases["column"], cases["index"], strict=True):
        row = None if pd.isna(index) else int(index)
        yield file, tab, row, f"{places[column]}{row}" if column in places and row else None


tally.each(task["paths"], _read)
tally.tell()
