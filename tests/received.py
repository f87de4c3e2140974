"""Workbooks as provinces send them, from text tables; and what is said of them."""

from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

from tests.sheets import cover_rows, rows_of, write_xlsxwriter
from tests.test_reading import COVER, FORM, SCHEMAS
from xltrack.findings import Finding, message, severity
from xltrack.intake import inspect_file
from xltrack.reading import Workbook, read_workbook

QUIET = ("XLT201", "XLT203", "XLT204")
"""Workbooks in tests leave sheets and columns out; that is told elsewhere."""


def only(**tabs: list) -> dict[str, list]:
    """Return a workbook that says which form it is, with a cover and just the worksheets `tabs`."""
    return {"BIA": cover(), "_xltrack": [["form", FORM.id]], **tabs}


def typed(tab: str, table: str, title: str = "BÁO CÁO") -> dict[str, list]:
    """Return a workbook in which the worksheet `tab` is a title and `table`, whose first line are headings."""
    return only(**{tab: [[title], *rows_of(table)]})


def write(path: Path, found: Mapping[str, list], change: Callable[[Any], object] | None = None) -> Path:
    """Write `found` with XlsxWriter; `change` gets it as an openpyxl workbook, which is then saved over it."""
    write_xlsxwriter(path, found)
    if change is not None:
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
    return path


def read(path: Path) -> Workbook:
    """Return what is read of `path`; its cells add up, or there would be no result."""
    intake = inspect_file(path)
    assert not intake.findings, [message(finding, "vi") for finding in intake.findings]
    book = read_workbook(intake, SCHEMAS)
    ledger = book.ledger
    assert ledger.cells == ledger.mapped + sum(ledger.ignored.values()) == sum(intake.facts.cells.values())
    assert sum(place.cells for place in ledger.places) == sum(ledger.ignored.values())
    return book


def told(findings: Iterable[Finding], quiet: Container[str] = QUIET) -> list[str]:
    """Return what was found as "XLT216 F7", leaving out what is `quiet`."""
    return [f"{f.code} {f.cell or f.sheet}" for f in findings if f.code not in quiet]


def errors(book: Workbook) -> list[str]:
    """Return the codes of the errors that were found, leaving out what is QUIET."""
    return [f.code for f in book.findings if severity(f) == "error" and f.code not in QUIET]


def says(book: Workbook, code: str) -> str:
    """Return the Vietnamese message of the first finding `code`."""
    return message(next(finding for finding in book.findings if finding.code == code), "vi")


def reasons(book: Workbook, tab: str) -> dict[str, str]:
    """Return why cells of `tab` are no data, and where they stand, beside titles and headings."""
    usual = ("title", "help", "id_row", "heading")
    return {
        place.reason: " ".join(place.ranges)
        for place in book.ledger.places
        if place.tab == tab and place.reason not in usual
    }


def cover(**values: object) -> list[list]:
    """Return the rows of a cover that differs in `values` from a good one."""
    return cover_rows(FORM.cover, COVER | values)
