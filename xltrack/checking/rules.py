"""Runs the rules between sheets: one SQL file each, set-based over all the workbooks given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import polars as pl

from xltrack.arrow import ArrowStream
from xltrack.checking.rows import FILE, Located, Rows
from xltrack.checking.wording import number
from xltrack.findings import severity
from xltrack.forms import Schemas
from xltrack.reading.model import ROW, Workbook

_FUNDING = ("year", "source", "figure_kind", "amount")
_TOTALS = ("year", "period_kind", "funding_kind", "funding_total", "funding_state", "funding_other")


@dataclass(frozen=True)
class Rule:
    """One rule: the file `rules/<name>.sql`, and the columns it needs, by sheet; a form without them is not asked.

    The query gives `_file`, `sheet` (id), `_row`, `column` (id) and one column for each fact of the message;
    `money` names those that are amounts in đồng.
    """

    code: str
    name: str
    needs: Mapping[str, tuple[str, ...]]
    money: frozenset[str] = frozenset()


CONTROL_TOTALS = Rule(
    "XLT503",
    "cover_total_differs",
    {"cover": _TOTALS, "funding": _FUNDING},
    frozenset({"cover_total", "sheet_total", "difference"}),
)
"""Also asked of a return that came in several files, once they are put together."""
RULES = (
    CONTROL_TOTALS,
    Rule(
        "XLT504",
        "cover_total_not_sum",
        {"cover": _TOTALS},
        frozenset({"total", "state", "other", "difference"}),
    ),
    Rule("XLT505", "no_control_total", {"cover": _TOTALS, "funding": _FUNDING}),
    Rule("XLT506", "funding_year_restated", {"cover": _TOTALS, "funding": _FUNDING}),
    Rule("XLT507", "nil_report_with_rows", {"cover": ("nil_report",)}),
    Rule("XLT508", "nothing_reported", {"cover": ("nil_report",)}),
)


def check_rules(
    workbooks: Sequence[Workbook], sheets: Mapping[str, Rows], schemas: Schemas
) -> Iterator[Located]:
    """Yield the findings of every rule over `workbooks`, all of one form, whose rows are `sheets`.

    A finding on a cell that reading refused is left out.
    """
    rules = [rule for rule in RULES if _has(sheets, rule)]
    if not rules:
        return
    with _database().cursor() as connection:
        for name, frame in _relations(workbooks, sheets, schemas, rules).items():
            connection.register(name, ArrowStream(frame))
        for rule in rules:
            for fact in _query(connection, rule_text(rule)):
                yield from _located(rule, fact, sheets)


def _has(sheets: Mapping[str, Rows], rule: Rule) -> bool:
    return all(
        name in sheets and set(needed) <= set(sheets[name].sheet.by_id) for name, needed in rule.needs.items()
    )


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return the process's scratch database: opening one costs more than all the rules together."""
    return duckdb.connect(config={"threads": 1})


def rule_text(rule: Rule) -> str:
    """Return the SQL of `rule`."""
    return _sql(rule.name)


@cache
def _sql(name: str) -> str:
    return files("xltrack.checking").joinpath("rules", f"{name}.sql").read_text(encoding="utf-8")


def _query(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _located(rule: Rule, fact: dict[str, Any], sheets: Mapping[str, Rows]) -> Iterator[Located]:
    file, rows, row, column = fact.pop(FILE), sheets[fact.pop("sheet")], fact.pop(ROW), fact.pop("column")
    at = rows.position(file, row)
    if not rows.unread(at, column):
        said = {name: number(value) if name in rule.money else value for name, value in fact.items()}
        yield file, rows.finding(rule.code, at, column, said)


def _relations(
    workbooks: Sequence[Workbook], sheets: Mapping[str, Rows], schemas: Schemas, rules: Sequence[Rule]
) -> dict[str, pl.DataFrame]:
    """Return what the rules query: the needed columns of their sheets, and three relations besides."""
    needed: dict[str, dict[str, None]] = {}
    for rule in rules:
        for name, columns in rule.needs.items():
            needed.setdefault(name, {}).update(dict.fromkeys(columns))
    relations = {name: sheets[name].frame.select(FILE, ROW, *columns) for name, columns in needed.items()}
    relations["workbook"] = _files(workbooks)
    relations["unread"] = _unread(workbooks)
    relations["state_source"] = _state_sources(schemas)
    return relations


def _files(workbooks: Sequence[Workbook]) -> pl.DataFrame:
    """Return for each file how many rows it has, whether it holds its whole return, whether all sheets were read."""
    files_ = [(number, _size(book), is_whole(book), _is_read(book)) for number, book in enumerate(workbooks)]
    columns = {FILE: pl.Int32, "size": pl.Int64, "is_whole": pl.Boolean, "is_read": pl.Boolean}
    return pl.DataFrame(files_, columns, orient="row")


def is_whole(workbook: Workbook) -> bool:
    """Return whether the workbook holds all rows of its return: no correction, not one part of several."""
    cover = workbook.cover
    return cover is None or (cover.submission_kind != "correction" and cover.part_count <= 1)


def _size(workbook: Workbook) -> int:
    return sum(table.frame.height for table in workbook.tables.values() if table.sheet.layout == "table")


def _is_read(workbook: Workbook) -> bool:
    """Return whether no sheet or column was missing (XLT2xx errors): there may be rows that nobody saw."""
    return not any(f.code.startswith("XLT2") and severity(f) == "error" for f in workbook.findings)


def _unread(workbooks: Sequence[Workbook]) -> pl.DataFrame:
    """Return the columns, by sheet id, with a cell that reading refused: sums over them would be wrong."""
    cells = [
        (number, name, finding.column)
        for number, workbook in enumerate(workbooks)
        for name, table in workbook.tables.items()
        for finding in workbook.findings
        if finding.sheet == table.tab and finding.column is not None and severity(finding) == "error"
    ]
    return pl.DataFrame(
        cells, {FILE: pl.Int32, "sheet": pl.String, "column": pl.String}, orient="row"
    ).unique()


def _state_sources(schemas: Schemas) -> pl.DataFrame:
    """Return the funding sources that are state budget, as the code list says."""
    listed = schemas.code_lists.get("funding_sources")
    codes = [entry.code for entry in listed.codes if entry.extra.get("state") == "yes"] if listed else []
    return pl.DataFrame({"code": codes}, {"code": pl.String})
