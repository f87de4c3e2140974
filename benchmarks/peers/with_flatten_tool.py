"""Turns each workbook into JSON with flatten-tool and validates each row with jsonschema. Nothing is merged."""

import json
import sys
import tempfile
import warnings
from pathlib import Path

import flattentool
import jsonschema
from telling import Tally

warnings.simplefilter("ignore")
task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
tally = Tally(task)
Validator = jsonschema.Draft202012Validator
checks = {
    name: Validator(sheet["schema"], format_checker=Validator.FORMAT_CHECKER)
    for name, sheet in task["sheets"].items()
}
sheets = {sheet["tab"]: name for name, sheet in task["sheets"].items()}
known = {
    name: column
    for sheet in task["sheets"].values()
    for name, column in sheet["schema"]["properties"].items()
}


def _read(path):
    out, types, places = (Path(folder) / name for name in ("rows.json", "types.json", "places.json"))
    types.write_text(json.dumps({"type": "object", "properties": known}), encoding="utf-8")
    flattentool.unflatten(
        path, input_format="xlsx", output_name=str(out), root_list_path="rows", id_name="no such column",
        schema=str(types), cell_source_map=str(places), default_configuration="skipRows 2,headerRows 2",
    )  # fmt: skip
    where, kept = json.loads(places.read_text(encoding="utf-8")), {name: [] for name in checks}
    letters = {tuple(cell[0::3]): cell[1] for found in where.values() for cell in found if len(cell) == 4}
    for at, row in enumerate(json.loads(out.read_text(encoding="utf-8"))["rows"]):
        tab, number = where[f"rows/{at}"][0]
        if name := sheets.get(tab):
            kept[name].append(row)
            tally.findings += _findings(Path(path).name, tab, number, row, letters)
    for name, rows in kept.items():
        tally.keep(path, name, rows)


def _findings(file, tab, number, row, letters):
    for error in checks[sheets[tab]].iter_errors(row):
        missing = (name for name in error.validator_value if name not in row and name in error.message)
        column = error.path[0] if error.path else next(missing, None)
        place = letters.get((tab, column))
        yield file, tab, number, f"{place}{number}" if place else None


with tempfile.TemporaryDirectory() as folder:
    tally.each(task["paths"], _read)
tally.tell()
