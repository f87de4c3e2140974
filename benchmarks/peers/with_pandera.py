"""Reads with pandas and calamine, texts as texts, and validates each filled sheet with pandera. Nothing is merged."""

import json
import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
CHECKS = {
    "minimum": pa.Check.ge,
    "maximum": pa.Check.le,
    "maxLength": lambda most: pa.Check.str_length(0, most),
    "pattern": pa.Check.str_matches,
    "enum": pa.Check.isin,
}


def _is_text(column):
    return column["type"] in ("string", "boolean") and column.get("format") != "date"


def _data_frame_schema(sheet):
    schema, kinds = sheet["schema"], {"integer": float, "number": float}
    return pa.DataFrameSchema(
        {
            name: pa.Column(
                kinds.get(column["type"]),
                [make(column[limit]) for limit, make in CHECKS.items() if limit in column],
                nullable=name not in schema["required"],
                coerce=column["type"] in kinds,
            )
            for name, column in schema["properties"].items()
        },
        unique=sheet["key"],
    )


schemas = {name: _data_frame_schema(sheet) for name, sheet in task["sheets"].items()}
rows = findings = 0
for path in task["paths"]:
    for name, sheet in task["sheets"].items():
        texts = {column: str for column, given in sheet["schema"]["properties"].items() if _is_text(given)}
        frame = pd.read_excel(
            path, sheet_name=sheet["tab"], header=2, skiprows=[3], engine="calamine", dtype=texts
        )
        rows += len(frame)
        try:
            schemas[name].validate(frame, lazy=True)
        except pa.errors.SchemaErrors as told:
            findings += len(told.failure_cases)
print(json.dumps({"rows": rows, "findings": findings}))
