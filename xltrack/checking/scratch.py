"""A database in memory that rules ask: its tables stay, their rows are those of one batch after another.

Half of what rules cost for a single workbook is understanding their SQL, so that a scratch database is kept for the
next one, with every query prepared. It belongs to one thread.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from xltrack.arrow import ArrowStream
from xltrack.checking.macros import MACROS
from xltrack.checking.reference import TABLES
from xltrack.checking.relations import SCHEMAS
from xltrack.checking.rows import FILE
from xltrack.checking.rule import Rule, rule_book
from xltrack.forms import Form, Schemas
from xltrack.reading.model import DTYPES, ROW

_MOST_KEPT = 4
# Only a plan that no optimizer made is kept for the next execution: it would look at rows that change. To plan anew
# costs more than an optimizer saves, even for many rows, as each query says itself what is best done first.
_SETTINGS = (
    "SET enable_progress_bar = false",  # it would stand among the results
    "PRAGMA disable_optimizer",
)
_SQL_TYPES = {
    pl.String(): "VARCHAR", pl.Int32(): "INTEGER", pl.Int64(): "BIGINT", pl.UInt64(): "UBIGINT", pl.Float64(): "DOUBLE",
    pl.Boolean(): "BOOLEAN", pl.Date(): "DATE",
}  # fmt: skip


class Scratch:
    """The database for one form; `asked` are the rules for which the form has all columns."""

    def __init__(self, form: Form, schemas: Schemas) -> None:
        """Make the tables, those of the schemas with their rows, and one of each view: it is read once a batch."""
        self.asked = tuple(rule for rule in rule_book().rules if _suits(rule, form))
        self._tables = {**_sheet_tables(self.asked, form), **SCHEMAS}
        self._incoming: dict[str, ArrowStream] = {}
        self._prepared: set[str] = set()
        self._read: dict[str, int] = {}
        self._connection = duckdb.connect(config={"threads": 1})
        made = (f"CREATE TABLE {name} ({_columns(schema)})" for name, schema in self._tables.items())
        self._connection.execute(";".join([*_SETTINGS, *MACROS, *made]))
        for name, rows in TABLES.items():
            self._receive(name, rows(schemas))
            self._connection.execute(f"CREATE TABLE {name} AS FROM incoming_{name}")
        for view in {view: None for rule in self.asked for view in rule.views}:
            self._connection.execute(f"CREATE TABLE {view} AS FROM ({rule_book().views[view]}) LIMIT 0")
        self._connection.execute("BEGIN")

    def fill(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Let rules find the rows of `frames`, by table, and no others: what nobody commits need not be deleted."""
        rows = {
            name: frame[list(self._tables[name])]
            for name, frame in frames.items()
            if frame.height and name in self._tables
        }
        self._connection.execute("ROLLBACK")
        self._read.clear()
        for name, frame in rows.items():
            self._receive(name, frame)
        self._connection.execute("BEGIN")
        for name, frame in rows.items():
            self._execute(f"fill_{name}", f"INSERT INTO {name} FROM incoming_{name}")
            self._receive(name, frame.clear())

    def find(self, rule: Rule) -> list[dict[str, Any]]:
        """Return what `rule` finds: each with its place and facts."""
        if not all(self._rows(view) or view not in rule.among for view in rule.views):
            return []
        result = self._execute(rule.code, rule.sql)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _rows(self, view: str) -> int:
        """Return how many rows `view` has, which is read once a batch."""
        if view not in self._read:
            sql = f"INSERT INTO {view} {rule_book().views[view]}"
            ((self._read[view],),) = self._execute(f"read_{view}", sql).fetchall()
        return self._read[view]

    def _execute(self, name: str, sql: str) -> duckdb.DuckDBPyConnection:
        """Execute `sql`, prepared as `name` when it is first needed: for a single workbook little is."""
        if name not in self._prepared:
            self._connection.execute(f"PREPARE {name} AS {sql}")
            self._prepared.add(name)
        return self._connection.execute(f"EXECUTE {name}")

    def _receive(self, name: str, frame: pl.DataFrame) -> None:
        """Let `incoming_<name>` be the rows of `frame`.

        To register it anew each time would make DuckDB understand every rule again.
        """
        if name in self._incoming:
            self._incoming[name].source = frame
            return
        self._incoming[name] = ArrowStream(frame)
        self._connection.register(f"incoming_{name}", self._incoming[name])


class _Kept(threading.local):
    """The databases of one thread, newest last, with the form and schemas of each: these may not be forgotten first."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], tuple[Form, Schemas, Scratch]] = {}


_kept = _Kept()


def scratch(form: Form, schemas: Schemas) -> Scratch:
    """Return the database for `form`, made if this thread has none."""
    key = id(form), id(schemas)
    if key not in _kept.found:
        if len(_kept.found) >= _MOST_KEPT:
            _kept.found.pop(next(iter(_kept.found)))
        _kept.found[key] = form, schemas, Scratch(form, schemas)
    return _kept.found[key][2]


def _suits(rule: Rule, form: Form) -> bool:
    return all(
        name in form.by_id and set(columns) <= set(form.by_id[name].by_id)
        for name, columns in rule.needs.items()
    )


def _sheet_tables(asked: Sequence[Rule], form: Form) -> Mapping[str, Mapping[str, pl.DataType]]:
    """Return by sheet the columns that the rules need, and where each row stands, with their types."""
    found: dict[str, dict[str, pl.DataType]] = {}
    for rule in asked:
        for name, columns in rule.needs.items():
            types = {column: DTYPES[form.by_id[name].by_id[column].type] for column in columns}
            found.setdefault(name, {FILE: pl.Int32(), ROW: pl.Int32()}).update(types)
    return found


def _columns(schema: Mapping[str, pl.DataType]) -> str:
    return ", ".join(f'"{name}" {_SQL_TYPES[dtype]}' for name, dtype in schema.items())
