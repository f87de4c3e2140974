"""The programme's documents as data, and where a person finds the cells to type them into.

A `.toml` file is one document typed as a province would type it: tab -> column -> the words of the dropdown, dates as
dd/mm/yyyy, numbers.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

HERE = Path(__file__).parent
COVER = "BIA"

Word = str | int | float
Rows = Mapping[str, list[dict[str, Word]]]
Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Document:
    """One document, for the workbook of the unit `unit` (its code) in the round `round`: `sheets` maps tabs to rows."""

    name: str
    unit: str
    round: str
    sheets: Rows


def read_document(name: str) -> Document:
    """Return the document `name`."""
    with (HERE / f"{name}.toml").open("rb") as file:
        content = tomllib.load(file)
    sheets = {
        tab: rows if isinstance(rows, list) else [rows] for tab, rows in content.items() if tab.isupper()
    }
    return Document(name, content["unit"], content["round"], sheets)


def all_documents() -> list[str]:
    """Return the names of all documents."""
    return sorted(path.stem for path in HERE.glob("*.toml"))


def words(document: Document, template: Path) -> Entries:
    """Return tab -> address -> word: the cells are found by the column ids that the workbook itself bears."""
    book = openpyxl.load_workbook(template)
    return {
        tab: {
            address: word
            for number, row in enumerate(rows)
            for column, word in row.items()
            for address in [_address(book[tab], column, number)]
        }
        for tab, rows in document.sheets.items()
    }


def _address(sheet: Any, column: str, number: int) -> str:
    """Return the cell of `column` in row `number` of the data; on the cover ids stand in column A, else in row 3."""
    if sheet.title == COVER:
        return next(f"C{cell.row}" for cell in sheet["A"] if cell.value == column)
    return next(f"{cell.column_letter}{5 + number}" for cell in sheet[3] if cell.value == column)


def as_value(word: Word) -> Word | date:
    """Return what a program stores for `word`: a day for dd/mm/yyyy, anything else as it is."""
    try:
        return datetime.strptime(str(word), "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return word


def as_keys(word: Word) -> str:
    """Return what a Vietnamese keyboard types for `word`."""
    return str(word).replace(".", ",") if isinstance(word, float) else str(word)
