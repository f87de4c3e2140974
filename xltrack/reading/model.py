"""What reading gives: typed rows that know the cells they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase

import polars as pl

from xltrack.findings import Finding
from xltrack.forms import Form, Round, Sheet, Unit
from xltrack.reading.account import Ledger
from xltrack.reading.filled import Texts

ROW = "_row"
DTYPES: Mapping[str, pl.DataType] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}


@dataclass(frozen=True)
class Table:
    """One sheet of one workbook, typed.

    `frame` has `_row` (Int32, the row number in the file) and then every column of the sheet in declared
    order, typed by `DTYPES` (money in whole đồng, codes resolved); a column absent from the file is all null.
    `raw` has what stood in the cells of the same rows, as text (null where blank). A card has one row.
    A cell that says nothing ("-", "không có") or could not be read is null in `frame` but not in `raw`; the
    latter has an error among the findings.
    `addresses` maps column ids to the column letter ("C"), for a card to the whole address ("C7"); columns
    absent from the file are not in it.
    """

    sheet: Sheet
    tab: str
    frame: pl.DataFrame
    raw: Texts
    addresses: Mapping[str, str]

    def cell(self, column: str, row: int) -> str | None:
        """Return the address in the file of `column` in `row`, None if the file lacks the column."""
        address = self.addresses.get(column)
        if address is None or self.sheet.layout == "card":
            return address
        return f"{address}{row}"

    def place(self, column: str, row: int) -> tuple[int | None, str | None]:
        """Return the row and the address in the file of `column` in `row`: on a card each value has its own row."""
        cell = self.cell(column, row)
        if self.sheet.layout != "card":
            return row, cell
        return (int(cell.lstrip(ascii_uppercase)) if cell else None), cell


@dataclass(frozen=True)
class Cover:
    """Who reports what: the cover's facts that the rest of the work depends on, once they are known."""

    unit: Unit
    round: Round
    figures_kind: str
    submission_no: int
    submission_kind: str
    part_no: int
    part_count: int
    currency_unit: str
    nil_report: bool


@dataclass(frozen=True)
class Workbook:
    """One received workbook, read: `tables` by sheet id (the cover among them), and all that was found.

    `form` and `cover` are None where they could not be known; then there are error findings that say why.
    `facts` is the workbook's manifest: "form", "version", "unit", "year", "period", "schema", as far as it has one.
    `currency` is the code of the money unit in which amounts were taken to be typed, None where none is named: đồng.
    """

    path: Path
    sha256: str
    form: Form | None
    cover: Cover | None
    tables: Mapping[str, Table]
    findings: tuple[Finding, ...]
    ledger: Ledger
    facts: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
