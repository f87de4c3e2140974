"""What the peers are asked: which files, which sheets, and what a row of each must be, derived from the schema."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xltrack.forms import Column, Schemas, Sheet, load_schemas

FILLED = ("enterprises", "applications", "funding", "training")
"""The sheets that rounds fill, and that the peers are asked for."""
_KEPT = ("type", "format", "minimum", "maximum", "maxLength", "pattern")


def write_task(folder: Path, paths: Sequence[Path], out: Path | None = None) -> Path:
    """Write a task for a peer to `folder`: the workbooks `paths`, and where it writes rows and findings if asked to."""
    schemas = load_schemas()
    sheets = {
        sheet.id: {"tab": sheet.tab, "key": list(sheet.key), "schema": _json_schema(sheet, schemas)}
        for sheet in schemas.form().tables
        if sheet.id in FILLED
    }
    task = {"paths": [str(path) for path in paths], "sheets": sheets, "out": str(out) if out else None}
    path = folder / f"task-{len(paths)}.json"
    path.write_text(json.dumps(task, default=str), encoding="utf-8")
    return path


def _json_schema(sheet: Sheet, schemas: Schemas) -> dict[str, Any]:
    """Return what a row of `sheet` must be as it stands in the cells: texts of lists, not their codes."""
    return {
        "type": "object",
        "properties": {column.id: _of_cell(column, schemas) for column in sheet.columns},
        "required": [column.id for column in sheet.columns if column.required],
    }


def _of_cell(column: Column, schemas: Schemas) -> dict[str, Any]:
    codes = schemas.codes_of(column)
    if column.type == "boolean":
        return {"type": "string", "enum": ["Có", "Không"]}
    if codes is not None and not column.code_open:
        return {"type": "string", "enum": [codes.shown(entry) for entry in codes.codes]}
    return {name: column.schema[name] for name in _KEPT if name in column.schema}
