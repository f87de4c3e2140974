"""Checks schemas against the metaschema, so that a misspelt annotation is refused."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from xltrack.errors import SchemaError
from xltrack.forms.location import shipped


def check_directory(directory: Path) -> None:
    """Raise SchemaError for the first sheet or form under `directory` that the metaschema refuses.

    The metaschema is always the shipped one: the annotations that xltrack understands are its own.
    """
    metaschema = json.loads((shipped("schemas") / "metaschema.json").read_text(encoding="utf-8"))
    for path in sorted((directory / "forms").glob("*/*.json")):
        kind = {"$ref": "#/$defs/form"} if path.name == "form.json" else {}
        _check(path, metaschema, kind)


def _check(path: Path, metaschema: Mapping[str, Any], kind: Mapping[str, Any]) -> None:
    try:
        declared = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as failure:
        raise SchemaError(path=path, reason=str(failure)) from failure
    schema = {**kind, "$defs": metaschema["$defs"]} if kind else metaschema
    error = best_match(
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(declared)
    )
    if error is not None:
        raise SchemaError(path=path, reason=f"{error.json_path}: {error.message}")
