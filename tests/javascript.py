"""Have workbooks written by JavaScript: ExcelJS and SheetJS, which web systems of offices are built with.

Both come from `package.json` (`npm ci`), and so do the schema of SARIF, the Open XML SDK that judges our workbooks,
what the page's charts are made from and what judges whether everybody can use the page; a test that needs them has
the marker `node`.
"""

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from tests.messes.model import Book, Cell, ErrorValue, Formula, Rich, Tab

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120
Library = Literal["exceljs", "sheetjs"]
PACKAGES: dict[Library, str] = {"exceljs": "exceljs", "sheetjs": "xlsx"}
SARIF = "@microsoft/jest-sarif"
SDK = "@ooxml-tools/validate"
CHARTS = ("@observablehq/plot", "esbuild")
AXE = "axe-core"
Job = dict[str, Any]


@cache
def javascript_available() -> str | None:
    """Return why there is no JavaScript to write with, None if there is."""
    if shutil.which("node") is None:
        return "needs Node.js (`node`)"
    if not all(package(name).is_dir() for name in (*PACKAGES.values(), *CHARTS, SARIF, SDK, AXE)):
        return "needs the packages of package.json: `npm ci`"
    return None


def package(name: str) -> Path:
    """Return the folder of an installed package."""
    return ROOT / "node_modules" / name


def run(library: Library, jobs: Sequence[Job]) -> None:
    """Do `jobs`, all in one process; raises CalledProcessError, or TimeoutExpired."""
    script = ROOT / "tests" / "node" / f"{library}.mjs"
    text = json.dumps(jobs, ensure_ascii=False)
    subprocess.run(["node", str(script)], input=text, encoding="utf-8", check=True, timeout=SECONDS, cwd=ROOT)


def write_msg(out: Path, headers: str, attachments: Sequence[tuple[str, bytes]]) -> None:
    """Write a message with `attachments`, name and bytes, as Outlook saves it."""
    told = [{"name": name, "content": content.hex()} for name, content in attachments]
    text = json.dumps({"out": str(out), "headers": headers, "attachments": told}, ensure_ascii=False)
    script = ROOT / "tests" / "node" / "msg.mjs"
    subprocess.run(["node", str(script)], input=text, encoding="utf-8", check=True, timeout=SECONDS, cwd=ROOT)


def sdk_errors(paths: Sequence[Path]) -> dict[Path, list[str]]:
    """Return what Microsoft's Open XML SDK finds wrong in each workbook; it takes a second for 10,000 cells.

    Raises CalledProcessError, or TimeoutExpired.
    """
    script = ROOT / "tests" / "node" / "validate.mjs"
    asked = json.dumps([str(path) for path in paths])
    done = subprocess.run(
        ["node", str(script)],
        input=asked, encoding="utf-8", check=True, timeout=5 * SECONDS, cwd=ROOT, stdout=subprocess.PIPE,
    )  # fmt: skip
    return {Path(path): errors for path, errors in json.loads(done.stdout).items()}


def written(book: Book, out: Path, shared: bool = True) -> Job:
    """Return the job to write `book` anew to `out`."""
    tabs = [_tab(tab) for tab in book.tabs]
    return {"out": str(out), "tabs": tabs, "properties": dict(book.properties), "shared": shared}


def saved(path: Path, out: Path, tabs: Iterable[Tab] = (), shared: bool = True) -> Job:
    """Return the job to open the file `path`, type in the cells of `tabs`, and save it as `out`."""
    return {"path": str(path), "out": str(out), "tabs": [_tab(tab) for tab in tabs], "shared": shared}


def _tab(tab: Tab) -> dict[str, Any]:
    return {
        "name": tab.name,
        "state": tab.state,
        "cells": [
            _cell(*place, cell) for place, cell in sorted(tab.cells.items(), key=lambda entry: entry[0])
        ],
        "hidden_rows": sorted(tab.hidden_rows),
        "hidden_columns": sorted(tab.hidden_columns),
        "comments": [{"row": row, "column": at, "text": text} for (row, at), text in tab.comments.items()],
        "merges": list(tab.merges),
    }


def _cell(row: int, column: int, cell: Cell) -> dict[str, Any]:
    place = {"row": row, "column": column, "format": cell.format}
    match cell.value:
        case ErrorValue(text):
            return place | {"kind": "error", "value": text}
        case Formula(text, value):
            return place | {"kind": "formula", "formula": text.removeprefix("="), "value": value}
        case Rich(runs):
            return place | {"kind": "rich", "value": list(runs)}
        case datetime() | date() as moment:
            return place | {"kind": "day", "value": f"{moment:%Y-%m-%d}"}
    return place | {"kind": "plain", "value": cell.value}
