"""Reads the cases under tests/cases: small sheets as markdown tables, and the findings expected.

# What is wrong, in words                 a case begins
Received: 2025-12-01 09:00                when it arrived, if that matters
## DOANH_NGHIEP                           a table sheet: one row below the other, typed as people type
| row | tax_code | enterprise_name |      `row` is its number in the file; cells may be left out or blank
## BIA                                    the cover: only what differs from a good one; "-" takes a value away
| column | value |
## Schema DOANH_NGHIEP                    further demands on a row, as a fenced block of JSON
## Findings                               all of them, in reading order; "says" is part of the Vietnamese message
| code | cell | says |
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from xltrack.findings import Finding
from xltrack.forms import Form, Schemas, Sheet
from xltrack.reading import Cover, Ledger, Table, Workbook
from xltrack.reading.coerce import coerce
from xltrack.reading.table import cell_findings
from xltrack.reading.values import Setting

CASES = Path(__file__).resolve().parent / "cases"
GOOD_COVER = {
    "form_id": "XLT-1322",
    "form_version": "1.0",
    "unit_code": "T34-24",
    "period_kind": "annual",
    "year": "2025",
    "cut_off_date": "14/12/2025",
    "figures_kind": "estimate",
    "submission_no": "1",
    "submission_kind": "full",
    "part_no": "1",
    "part_count": "1",
    "currency_unit": "dong",
    "nil_report": "Không",
}


@dataclass(frozen=True)
class Expected:
    """One finding that a case expects: code, "TAB!C7" (or the tab alone), and words of the message."""

    code: str
    cell: str
    says: str


@dataclass
class Case:
    """One case as written."""

    name: str
    received: datetime | None = None
    cover: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    demands: dict[str, dict[str, Any]] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)


def read_cases(directory: Path = CASES) -> list[Case]:
    """Return every case of every file, in order."""
    return [
        case for path in sorted(directory.glob("*.md")) for case in _cases(path.read_text(encoding="utf-8"))
    ]


def _cases(text: str) -> list[Case]:
    return [_case(part) for part in re.split(r"^# ", text, flags=re.MULTILINE)[1:]]


def _case(text: str) -> Case:
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    case = Case(head.partition("\n")[0].strip())
    received = re.search(r"^Received: (.+)$", head, flags=re.MULTILINE)
    if received:
        case.received = datetime.fromisoformat(received[1])
    for section in sections:
        title, _, body = section.partition("\n")
        _enter(case, title.strip(), body)
    return case


def _enter(case: Case, title: str, body: str) -> None:
    if title.startswith("Schema "):
        block = re.search(r"```json\n(.*?)```", body, flags=re.DOTALL)
        assert block, f"{case.name}: a schema is a fenced block of JSON"
        case.demands[title.removeprefix("Schema ")] = json.loads(block[1])
    elif title == "Findings":
        case.expected = [Expected(row["code"], row["cell"], row["says"]) for row in _table(body)]
    elif title == "BIA":
        case.cover = {row["column"]: row["value"] for row in _table(body)}
    else:
        case.sheets[title] = _table(body)


def _table(text: str) -> list[dict[str, str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    if not rows:
        return []
    heading, _ruler, *body = rows
    return [dict(zip(heading, row, strict=True)) for row in body]


def build(case: Case, schemas: Schemas) -> Workbook:
    """Return the workbook of `case`: its cells coerced as those of a received file are."""
    form = _demanding(schemas.form(), case.demands)
    card, cover, findings = _cover(case, form, schemas)
    tables = {form.cover.id: card}
    for sheet in form.tables:
        table, found = _read(sheet, case.sheets.get(sheet.tab, []), schemas)
        tables[sheet.id] = table
        findings += found
    unknown = set(case.sheets) - {sheet.tab for sheet in form.tables}
    assert not unknown, f"{case.name}: no such sheet {unknown}"
    return Workbook(Path("case.xlsx"), "0" * 64, form, cover, tables, tuple(findings), Ledger(0, 0, {}))


def _demanding(form: Form, demands: Mapping[str, Mapping[str, Any]]) -> Form:
    if not demands:
        return form
    return replace(
        form, sheets=tuple(_with_demands(sheet, demands.get(sheet.tab, {})) for sheet in form.sheets)
    )


def _with_demands(sheet: Sheet, demands: Mapping[str, Any]) -> Sheet:
    if not demands:
        return sheet
    schema = dict(sheet.row_schema)
    further = demands.get("properties", {})
    properties = {name: {**column, **further.get(name, {})} for name, column in schema["properties"].items()}
    return replace(sheet, row_schema={**schema, **demands, "properties": properties})


def _setting(sheet: Sheet, schemas: Schemas) -> Setting:
    lists = {column.id: codes for column in sheet.columns if (codes := schemas.codes_of(column))}
    return Setting(schemas.code_lists["currency_units"], schemas.code_lists["yes_no"], lists)


def _cover(case: Case, form: Form, schemas: Schemas) -> tuple[Table, Cover | None, list[Finding]]:
    sheet = form.cover
    texts = {name: value for name, value in (GOOD_COVER | case.cover).items() if value != "-"}
    coerced = coerce(
        sheet, [5], {c.id: [texts.get(c.id, "")] for c in sheet.columns}, _setting(sheet, schemas)
    )
    addresses = {column.id: f"C{row}" for row, column in enumerate(sheet.columns, start=5)}
    table = Table(sheet, sheet.tab, coerced.frame, coerced.raw, addresses)
    known = coerced.frame.row(0, named=True)
    unit = schemas.units.by_code.get(known["unit_code"])
    round_ = schemas.units.round(known["year"], known["period_kind"])
    fields = (
        "figures_kind",
        "submission_no",
        "submission_kind",
        "part_no",
        "part_count",
        "currency_unit",
        "nil_report",
    )
    cover = Cover(unit, round_, **{name: known[name] for name in fields}) if unit and round_ else None
    return table, cover, list(cell_findings(table, coerced.oddities))


def _read(sheet: Sheet, rows: list[dict[str, str]], schemas: Schemas) -> tuple[Table, list[Finding]]:
    strangers = {name for row in rows for name in row} - set(sheet.by_id) - {"row"}
    assert not strangers, f"{sheet.tab} has no column {strangers}"
    numbers = [int(row.get("row", 5 + at)) for at, row in enumerate(rows)]
    cells = {column.id: [row.get(column.id, "") for row in rows] for column in sheet.columns}
    coerced = coerce(sheet, numbers, cells, _setting(sheet, schemas))
    addresses = {column.id: chr(ord("A") + at) for at, column in enumerate(sheet.columns)}
    table = Table(sheet, sheet.tab, coerced.frame, coerced.raw, addresses)
    return table, list(cell_findings(table, coerced.oddities))
