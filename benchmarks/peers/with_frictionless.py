"""Validates each filled sheet against a Table Schema of types, limits, lists and keys. Nothing is merged."""

import json
import sys
from pathlib import Path

from frictionless import Dialect, Resource, Schema
from frictionless.formats import ExcelControl
from telling import Tally, letter

TYPES = {"string": "string", "integer": "integer", "number": "number", "date": "date", "boolean": "string"}
AS_TYPED = {"date": {"format": "%d/%m/%Y"}, "number": {"decimalChar": ",", "groupChar": "."}}
"""How Vietnamese write what stands in a cell as text; integers have no such setting."""
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "enum")
task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
tally = Tally(task)


def _field(name, column, is_required):
    limits = {limit: column[limit] for limit in LIMITS if limit in column}
    kind = "date" if column.get("format") == "date" else TYPES[column["type"]]
    constraints = {**limits, "required": is_required}
    return {"name": name, "type": kind, "constraints": constraints, **AS_TYPED.get(kind, {})}


def _table_schema(sheet):
    schema = sheet["schema"]
    columns = schema["properties"].items()
    fields = [_field(name, column, name in schema["required"]) for name, column in columns]
    return Schema.from_descriptor({"fields": fields, "primaryKey": sheet["key"]})


def _read(path):
    for sheet in task["sheets"].values():
        dialect = Dialect(
            header_rows=[3], comment_rows=[1, 2, 4], controls=[ExcelControl(sheet=sheet["tab"])]
        )
        told = Resource(
            path=Path(path).name,
            basepath=str(Path(path).parent),
            dialect=dialect,
            schema=_table_schema(sheet),
        ).validate(limit_errors=1_000_000)
        if told.errors:
            raise ValueError(told.errors[0].note)
        _account(Path(path).name, sheet["tab"], told.tasks[0])


def _account(file, tab, told):
    tally.counted += told.stats["rows"]
    for error in told.errors:
        row, field = getattr(error, "row_number", None), getattr(error, "field_number", None)
        tally.findings.append((file, tab, row, f"{letter(field)}{row}" if row and field else None))


tally.each(task["paths"], _read)
tally.tell()
