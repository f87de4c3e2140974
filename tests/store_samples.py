"""Small submissions for the tests of the store, built without reading a file."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl.utils import get_column_letter

from xltrack.findings import Finding
from xltrack.forms import Round, Schemas, Sheet, load_schemas
from xltrack.reading import DTYPES, ROW, Cover, Ledger, Table, Workbook
from xltrack.reading.filled import Texts
from xltrack.store import Submission

SCHEMAS: Schemas = load_schemas()
FORM = SCHEMAS.form()
HALF, ANNUAL = (
    next(r for r in SCHEMAS.units.rounds if r.name == name) for name in ("2025-half", "2025-annual")
)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def day(number: int) -> datetime:
    """Return noon UTC of a day of November 2025."""
    return datetime(2025, 11, number, 12, tzinfo=UTC)


def table(sheet: Sheet, rows: Sequence[Mapping[str, Any]], first_row: int = 5) -> Table:
    """Return `rows` as the table that reading gives."""
    columns: dict[str, Any] = {ROW: pl.Int32()} | {column.id: DTYPES[column.type] for column in sheet.columns}
    data = [{ROW: first_row + number, **row} for number, row in enumerate(rows)]
    frame = pl.DataFrame(data, schema=columns, orient="row")
    letters = {column.id: get_column_letter(place) for place, column in enumerate(sheet.columns, 1)}
    card = {column.id: f"C{place}" for place, column in enumerate(sheet.columns, 1)}
    addresses = card if sheet.layout == "card" else letters
    return Table(sheet, sheet.tab, frame, Texts(), addresses)


@cache
def _blank() -> Mapping[str, Table]:
    """Return the sheets without rows; not before they are asked for: polars starts threads, which no fork survives."""
    return {sheet.id: table(sheet, []) for sheet in FORM.tables}


def enterprise(tax_code: str, name: str = "Công ty Mẫu", **more: Any) -> dict[str, Any]:
    """Return one row of the sheet of enterprises."""
    return {"tax_code": tax_code, "enterprise_name": name, "province_code": "T34-24"} | more


def submission(
    unit: str = "T34-24",
    rows: Rows | None = None,
    *,
    number: int = 1,
    kind: str = "full",
    part: tuple[int, int] = (1, 1),
    figures: str = "actual",
    round_: Round = ANNUAL,
    nil: bool = False,
    received: datetime | None = None,
    verdict: Any = "accepted",
    findings: tuple[Finding, ...] = (),
    salt: str = "",
    name: str | None = None,
    card: Mapping[str, Any] | None = None,
) -> Submission:
    """Return a submission of `unit`; `salt` changes its bytes and nothing else, `card` is more of its cover."""
    rows = rows or {}
    cover = Cover(SCHEMAS.units.by_code[unit], round_, figures, number, kind, *part, "million", nil)
    stated = {
        "form_id": FORM.id, "unit_code": unit, "period_kind": round_.period_kind, "year": round_.year,
        "figures_kind": figures, "submission_no": number, "submission_kind": kind, "part_no": part[0],
        "part_count": part[1], "nil_report": nil, **(card or {}),
    }  # fmt: skip
    tables = {**_blank(), **{name: table(FORM.by_id[name], said) for name, said in rows.items()}}
    tables[FORM.cover.id] = table(FORM.cover, [stated], first_row=1)
    content = repr((stated, sorted(rows.items()), salt)).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    path = Path(name or f"{unit}-{number}{kind[0]}{part[0]}{salt}-{sha256[:4]}.xlsx")
    cells = sum(t.frame.height for t in tables.values())
    workbook = Workbook(path, sha256, FORM, cover, tables, findings, Ledger(cells, cells, {}))
    return Submission(workbook, verdict, content, received, findings)


def refused(content: bytes = b"garbage", name: str = "hong.xlsx", **more: Any) -> Submission:
    """Return a file of which not even unit and round could be read."""
    workbook = Workbook(Path(name), hashlib.sha256(content).hexdigest(), None, None, {}, (), Ledger(0, 0, {}))
    return replace(Submission(workbook, "unreadable", content, None), **more)
