"""Small stores for the tests of the roll-up, written as text tables that a reader can add up by hand."""

from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from tests.store_samples import SCHEMAS, submission
from xltrack.demo.tax_codes import invented_codes
from xltrack.forms import Sheet
from xltrack.rollup import Rollup, roll_up
from xltrack.store import merge_workbooks, open_store

ENTERPRISES = {"A": "0100233488", "B": "0314409058", "C": "0100112437", "D": "0312687878", "E": "0101659906"}
"""Five enterprises by letter; "H" is a household by its twelve digits."""
OTHERS = {f"N{number}": code for number, code in enumerate(islice(invented_codes(), 18), 1)}
"""More enterprises, where each case needs one of its own."""
TAX_CODES = ENTERPRISES | OTHERS | {"H": "012345678901", "A1": "0100233488-001", "HA": "000100233488"}
ALWAYS = {
    "applications": {"programme": "1322", "tool_code": "5S", "status": "completed"},
    "enterprises": {"enterprise_name": "Công ty Mẫu", "province_code": "T34-24"},
    "funding": {"subject_kind": "other", "source": "local_budget", "figure_kind": "disbursed"},
    "training": {"kind": "course", "title": "Tập huấn"},
    "tasks": {
        "programme": "1322",
        "task_name": "Nhiệm vụ",
        "task_kind": "assigned",
        "level": "province",
        "lead_agency": "Sở",
    },
    "milestones": {"programme": "36", "content": "Bước", "due_kind": "none"},
    "focal_agency": {"programme": "36", "agency_name": "Sở Khoa học và Công nghệ"},
    "obstacles": {"category": "funding", "obstacle": "Thiếu kinh phí", "deciding_level": "province"},
    "targets": {"programme": "1322", "period_kind": "annual", "indicator_code": "ENT-SUPPORTED"},
    "key_products": {"product_name": "Chè", "product_level": "province"},
}

BOTH = """
unit   | year
T63-24 | 2024
T63-27 | 2024
"""
"""Two returns of provinces that later became one."""


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a table written with "|" between cells, its first line naming the columns; "." is blank."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [{n: v for n, v in zip(lines[0], line, strict=True) if v not in ("", ".")} for line in lines[1:]]


def store_of(path: Path, returns: str, **sheets: str) -> Path:
    """Make a store of `returns` (unit | year | figures …) and the rows of each sheet, every row with `unit | year`.

    Where a unit sends several files for one year, rows also name the `kind | number` of theirs. An application whose
    enterprise is on no row of the sheet of enterprises gets one there.
    """
    found: dict[tuple[str, ...], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for name, text in sheets.items():
        for number, row in enumerate(rows_of(text), 1):
            found[_sending(row)][name].append(_typed(SCHEMAS.form().by_id[name], row, number))
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [_submission(row, found[_sending(dict(row))]) for row in rows_of(returns)])
    return path


def rollup_of(path: Path, returns: str, period_kind: Any = "annual", **sheets: str) -> Rollup:
    """Return the roll-up of the store that `store_of` makes at `path`."""
    with open_store(store_of(path, returns, **sheets), SCHEMAS, read_only=True) as store:
        return roll_up(store, SCHEMAS, period_kind)


def _sending(row: dict[str, str]) -> tuple[str, ...]:
    """Take from `row` which file it is in."""
    where = (row.pop("unit"), row.pop("year"))
    # The sheet of training has a column `kind` of its own.
    return (*where, row.pop("kind"), row.pop("number")) if "number" in row else (*where, "full", "1")


def units_of(rollup, measure, period, view="34", **cut):
    """Return the figure of every unit that has one."""
    names = [
        n for n in rollup.figures.columns if n not in ("measure", "period", "view", "unit_code", "value")
    ]
    dimensions = [
        n
        for n in names
        if n not in ("measure_unit", "period_kind", "figures_kind", "unit_name", "unit_name_en")
    ]
    wanted = dict.fromkeys(dimensions) | cut | {"measure": measure, "period": period, "view": view}
    rows = rollup.figures.filter(
        pl.all_horizontal(pl.col(n).eq_missing(pl.lit(v)) for n, v in wanted.items())
        & pl.col("unit_code").is_not_null()
    )
    return dict(rows.select("unit_code", "value").rows())


def _submission(row: dict[str, str], sheets: dict[str, list[dict[str, Any]]]):
    stated = {e["tax_code"] for e in sheets["enterprises"]}
    wanted = dict.fromkeys(a["tax_code"] for a in sheets["applications"] if a["tax_code"] not in stated)
    sheets["enterprises"] += [ALWAYS["enterprises"] | {"tax_code": code} for code in wanted]
    round_ = SCHEMAS.units.round(int(row["year"]), row.get("period", "annual"))
    assert round_ is not None
    arrived = row.get("received")
    return submission(
        row["unit"],
        sheets,
        figures=row.get("figures", "actual"),
        round_=round_,
        kind=row.get("kind", "full"),
        number=int(row.get("number", 1)),
        nil=not any(sheets.values()),
        verdict=row.get("verdict", "accepted"),
        name=row.get("name"),
        received=datetime.fromisoformat(arrived).replace(tzinfo=UTC) if arrived else None,
    )


def _typed(sheet: Sheet, row: dict[str, str], number: int) -> dict[str, Any]:
    if "tax_code" in row:
        row["tax_code"] = TAX_CODES[row["tax_code"]]
    # On funding the column `year` is the return's; the line's own year stands under `of` and is else the same.
    typed = ALWAYS.get(sheet.id, {}) | {
        n: _value(sheet.by_id[n].type, v) for n, v in row.items() if n != "of"
    }
    if sheet.id == "applications":
        typed.setdefault("application_id", f"HT{number}")
    if "sequence" in sheet.by_id:
        typed.setdefault("sequence", number)
    if sheet.id == "funding":
        typed["year"] = int(row["of"])
    return typed


def _value(kind: str, text: str) -> Any:
    if kind == "integer":
        return int(text.replace("_", ""))
    if kind == "boolean":
        return text == "yes"
    if kind == "date":
        return date.fromisoformat(text)
    return float(text) if kind == "number" else text
