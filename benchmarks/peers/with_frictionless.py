"""Validates each filled sheet against a Table Schema of types, limits, lists and keys. Nothing is merged."""

import json
import sys
from pathlib import Path

from frictionless import Dialect, Resource, Schema
from frictionless.formats import ExcelControl

TYPES = {"string": "string", "integer": "integer", "number": "number", "date": "date", "boolean": "string"}
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "enum")
task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))


def _field(name, column, is_required):
    limits = {limit: column[limit] for limit in LIMITS if limit in column}
    kind = "date" if column.get("format") == "date" else TYPES[column["type"]]
    return {"name": name, "type": kind, "constraints": {**limits, "required": is_required}}


def _table_schema(sheet):
    schema = sheet["schema"]
    columns = schema["properties"].items()
    fields = [_field(name, column, name in schema["required"]) for name, column in columns]
    return Schema.from_descriptor({"fields": fields, "primaryKey": sheet["key"]})


rows = findings = 0
for path in map(Path, task["paths"]):
    for sheet in task["sheets"].values():
        dialect = Dialect(
            header_rows=[3], comment_rows=[1, 2, 4], controls=[ExcelControl(sheet=sheet["tab"])]
        )
        told = Resource(
            path=path.name, basepath=str(path.parent), dialect=dialect, schema=_table_schema(sheet)
        ).validate()
        rows += told.tasks[0].stats["rows"]
        findings += told.stats["errors"]
print(json.dumps({"rows": rows, "findings": findings}))
