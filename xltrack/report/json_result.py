"""The JSON that `xltrack validate --format json` prints; its schema is schemas/validate-result.schema.json."""

import json
from collections.abc import Iterable
from typing import Any

from xltrack.findings import Finding, Waiver, hint, message, severity
from xltrack.language import Lang
from xltrack.reading import Ignored, Ledger
from xltrack.report.received import NOT_COMPARED, ReceivedFile

SCHEMA_VERSION = "1.3"


def as_json(files: Iterable[ReceivedFile], lang: Lang, *, ledger: bool = False) -> str:
    """Return the results of `files` as a JSON text; `ledger` adds where the cells stand that are no data."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "not_run": [{"codes": "XLT6xx", "message": NOT_COMPARED.to(lang)}],
        "files": [_file(file, lang, ledger) for file in files],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _file(file: ReceivedFile, lang: Lang, ledger: bool) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "sha256": file.sha256,
        "verdict": file.verdict,
        "form": file.form,
        "unit": file.unit,
        "round": file.round,
        "findings": [_finding(finding, lang) for finding in file.findings],
        "ledger": _ledger(file.ledger) | (_places(file.ledger) if ledger else {}),
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
        "waiver": _waiver(finding.waiver) if finding.waiver else None,
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "number": waiver.number,
        "reason": waiver.reason,
        "by": waiver.by,
        "until": waiver.until.isoformat(),
    }


def _ledger(ledger: Ledger) -> dict[str, Any]:
    return {"cells": ledger.cells, "mapped": ledger.mapped, "ignored": dict(ledger.ignored)}


def _places(ledger: Ledger) -> dict[str, Any]:
    return {"places": [_place(ignored) for ignored in ledger.places]}


def _place(ignored: Ignored) -> dict[str, Any]:
    return {
        "sheet": ignored.tab,
        "reason": ignored.reason,
        "cells": ignored.cells,
        "ranges": list(ignored.ranges),
        "more": ignored.more,
    }
