"""Runs the rules over rows, sheets and workbooks: set-based, over all the workbooks given at once."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from xltrack.arrow import ArrowStream
from xltrack.checking.reference import TABLES
from xltrack.checking.relations import Sheets, batch_relations
from xltrack.checking.rows import FILE, Located
from xltrack.checking.rule import Rule, rules
from xltrack.checking.wording import number
from xltrack.findings.masking import masked
from xltrack.forms import Form, Schemas, Sheet
from xltrack.language import Text
from xltrack.reading.model import DTYPES, ROW, Workbook

# Below this a second thread costs more than it saves, and whole workbooks are checked side by side anyway.
_WORTH_THREADS = 100_000
_MACROS = """
-- The key under which two texts are the same: no marks, case, spaces or punctuation.
CREATE MACRO folded(said) AS regexp_replace(replace(strip_accents(lower(said)), 'đ', 'd'), '[^a-z0-9%]+', '', 'g');
"""


def check_rules(
    workbooks: Sequence[Workbook], sheets: Sheets, form: Form, schemas: Schemas
) -> Iterator[Located]:
    """Yield the findings of every rule over `workbooks`, all of `form`, whose rows are `sheets`.

    A finding on a cell that reading refused is left out, and one on a column that the whole sheet of its file lacks:
    that is one finding of its own.
    """
    asked = [rule for rule in rules() if _is_asked(rule, form)]
    with _database(schemas).cursor() as connection:
        connection.execute(f"SET threads = {_threads(sheets)}")
        for name, frame in {**_rows(sheets, form, asked), **batch_relations(workbooks, sheets)}.items():
            _make(connection, "TEMP TABLE", name, frame)
        for rule in asked:
            for fact in _query(connection, rule.sql):
                yield from _located(rule, fact, sheets, schemas)


def _is_asked(rule: Rule, form: Form) -> bool:
    return all(
        name in form.by_id and set(columns) <= set(form.by_id[name].by_id)
        for name, columns in rule.needs.items()
    )


_databases: dict[int, tuple[Schemas, duckdb.DuckDBPyConnection]] = {}


def _database(schemas: Schemas) -> duckdb.DuckDBPyConnection:
    """Return a scratch database with the tables of `schemas`: opening one costs more than all the rules together."""
    if id(schemas) not in _databases:
        connection = duckdb.connect()
        connection.execute(_MACROS)
        for name, made in TABLES.items():
            _make(connection, "TABLE", name, made(schemas))
        _databases[id(schemas)] = schemas, connection
    return _databases[id(schemas)][1]


def _threads(sheets: Sheets) -> int:
    rows = sum(rows.frame.height for rows in sheets.values())
    return 1 if rows < _WORTH_THREADS else os.cpu_count() or 1


def _make(connection: duckdb.DuckDBPyConnection, kind: str, name: str, frame: pl.DataFrame) -> None:
    connection.register("incoming", ArrowStream(frame))
    connection.execute(f"CREATE {kind} {name} AS SELECT * FROM incoming")
    connection.unregister("incoming")


def _rows(sheets: Sheets, form: Form, asked: Sequence[Rule]) -> Mapping[str, pl.DataFrame]:
    """Return the columns that the rules need, by sheet; a sheet that no workbook has is empty."""
    needed: dict[str, dict[str, None]] = {}
    for rule in asked:
        for name, columns in rule.needs.items():
            needed.setdefault(name, {}).update(dict.fromkeys(columns))
    return {
        name: (sheets[name].frame if name in sheets else _empty(form.by_id[name])).select(FILE, ROW, *columns)
        for name, columns in needed.items()
    }


def _empty(sheet: Sheet) -> pl.DataFrame:
    columns = {column.id: DTYPES[column.type] for column in sheet.columns}
    return pl.DataFrame(schema={FILE: pl.Int32(), ROW: pl.Int32(), **columns})


def _query(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _located(rule: Rule, fact: dict[str, Any], sheets: Sheets, schemas: Schemas) -> Iterator[Located]:
    file, rows, row, column = fact.pop(FILE), sheets[fact.pop("sheet")], fact.pop(ROW), fact.pop("column")
    at = rows.position(file, row)
    lacking = rows.sheet.layout == "table" and rows.lacking(at, column)
    if not rows.unread(at, column) and not lacking:
        said = {name: said_fact(rule, name, value, schemas) for name, value in fact.items()}
        yield file, rows.finding(rule.code, at, column, said)


def said_fact(rule: Rule, name: str, value: Any, schemas: Schemas) -> object:
    """Return a fact of `rule` as its message says it: money grouped, codes by their labels, personal numbers hidden."""
    if name in rule.labels and value is not None:
        entry = schemas.code_lists[rule.labels[name]].by_code.get(value)
        return value if entry is None else entry.label
    if isinstance(value, dict):
        return Text(masked(value["vi"]), masked(value["en"]))
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, float) or (name in rule.money and value is not None):
        return number(round(value, 2) if isinstance(value, float) else value)
    return value
