"""Turns each workbook into JSON with flatten-tool and validates each row with jsonschema. Nothing is merged."""

import json
import sys
import tempfile
import warnings
from pathlib import Path

import flattentool
import jsonschema

warnings.simplefilter("ignore")
task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
checks = {name: jsonschema.Draft202012Validator(sheet["schema"]) for name, sheet in task["sheets"].items()}
columns = {name: set(sheet["schema"]["properties"]) for name, sheet in task["sheets"].items()}


def _sheet_of(row):
    return next((name for name, known in columns.items() if row.keys() <= known), None)


rows = findings = 0
with tempfile.TemporaryDirectory() as folder:
    out, types = Path(folder) / "rows.json", Path(folder) / "types.json"
    known = {
        name: column
        for sheet in task["sheets"].values()
        for name, column in sheet["schema"]["properties"].items()
    }
    types.write_text(json.dumps({"type": "object", "properties": known}), encoding="utf-8")
    for path in task["paths"]:
        flattentool.unflatten(
            path, input_format="xlsx", output_name=str(out), root_list_path="rows", id_name="no such column",
            schema=str(types), default_configuration="skipRows 2,headerRows 2",
        )  # fmt: skip
        for row in json.loads(out.read_text(encoding="utf-8"))["rows"]:
            if name := _sheet_of(row):
                rows += 1
                findings += sum(1 for _ in checks[name].iter_errors(row))
print(json.dumps({"rows": rows, "findings": findings}))
