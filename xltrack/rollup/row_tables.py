"""The rows that figures are added up from, as tables for workbooks: which there are, their columns, their content."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from xltrack.findings.masking import masked
from xltrack.language import Text
from xltrack.rollup.definitions import statement
from xltrack.store import Store

COVERAGE = "coverage"
_FREE_TEXTS = ("obstacle", "cause", "proposal")


@dataclass(frozen=True, slots=True)
class RowColumn:
    """One column: its id, heading and kind (as tables.toml explains), its code list, for what a weight is exact."""

    id: str
    title: Text
    kind: str
    code_list: str | None
    note: Text | None


@dataclass(frozen=True, slots=True)
class RowTable:
    """One table: its id, its name in workbooks, its title and columns."""

    id: str
    name: str
    title: Text
    columns: tuple[RowColumn, ...]


@cache
def row_tables() -> tuple[RowTable, ...]:
    """Return the tables in their declared order."""
    source = files("xltrack.rollup").joinpath("rows", "tables.toml").read_text(encoding="utf-8")
    return tuple(
        RowTable(
            entry["id"],
            entry["name"],
            Text(entry["title_vi"], entry["title_en"]),
            tuple(_column(one) for one in entry["column"]),
        )
        for entry in tomllib.loads(source)["table"]
    )


def make_rows(store: Store, coverage: pl.DataFrame, unit: str | None = None) -> Mapping[str, pl.DataFrame]:
    """Return the rows of every table by its id, while the grains are there; codes as in the store, đồng as integers.

    With `unit` (a code) they are those that stand under that unit in either view, and weights count within it.
    """
    asked = {"unit": unit}
    made = {
        table.id: without_contacts(store.frame(statement("rows", table.id), asked, coded=True))
        for table in row_tables()
        if table.id != COVERAGE
    }
    return made | {COVERAGE: _coverage(coverage)}


def without_contacts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with their free texts as people may see them: mobile numbers, mailboxes and personal ids masked."""
    texts = pl.col([name for name in _FREE_TEXTS if name in rows.columns])
    return rows.with_columns(texts.map_elements(masked, pl.String))


def _coverage(coverage: pl.DataFrame) -> pl.DataFrame:
    """Return one row per round and unit that was to report in it."""
    return coverage.filter("expected").select(
        "year",
        "period_kind",
        "unit_group",
        "unit_code",
        "state",
        "figures_kind",
        pl.lit(1, pl.Int64).alias("units"),
    )


def _column(entry: Mapping[str, Any]) -> RowColumn:
    note = Text(entry["note_vi"], entry["note_en"]) if "note_vi" in entry else None
    return RowColumn(entry["id"], Text(entry["vi"], entry["en"]), entry["kind"], entry.get("list"), note)
