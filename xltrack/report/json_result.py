"""The JSON that `xltrack validate --format json` prints; its schema is schemas/validate-result.schema.json."""

import json
from collections.abc import Iterable
from typing import Any

from xltrack.findings import Finding, hint, message, severity
from xltrack.language import Lang
from xltrack.reading import Ledger
from xltrack.report.received import ReceivedFile

SCHEMA_VERSION = "1.0"


def as_json(files: Iterable[ReceivedFile], lang: Lang) -> str:
    """Return the results of `files` as a JSON text."""
    document = {"schema_version": SCHEMA_VERSION, "files": [_file(file, lang) for file in files]}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _file(file: ReceivedFile, lang: Lang) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "sha256": file.sha256,
        "verdict": file.verdict,
        "form": file.form,
        "unit": file.unit,
        "round": file.round,
        "findings": [_finding(finding, lang) for finding in file.findings],
        "ledger": _ledger(file.ledger),
    }


def _finding(finding: Finding, lang: Lang) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": severity(finding),
        "sheet": finding.sheet,
        "row": finding.row,
        "cell": finding.cell,
        "column": finding.column,
        "value": finding.value,
        "message": message(finding, lang),
        "hint": hint(finding, lang),
    }


def _ledger(ledger: Ledger) -> dict[str, Any]:
    return {"cells": ledger.cells, "mapped": ledger.mapped, "ignored": dict(ledger.ignored)}
