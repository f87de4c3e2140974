"""A database in memory that rules ask: its tables stay, their rows are those of one batch after another.

Half of what rules cost for a single workbook is understanding their SQL, so that a scratch database is kept for the
next one, with every query prepared. It belongs to one thread.
"""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from xltrack.arrow import ArrowStream
from xltrack.checking.reference import TABLES
from xltrack.checking.relations import SCHEMAS
from xltrack.checking.rows import FILE
from xltrack.checking.rule import Rule, rule_book
from xltrack.forms import Form, Schemas
from xltrack.reading.model import DTYPES, ROW

# Beyond so many rows a plan made for them, and a second thread, save more than they cost.
_MANY_ROWS = 20_000
_MOST_KEPT = 4
MACROS = (
    """
CREATE OR REPLACE TEMP MACRO folded(said) AS
    regexp_replace(replace(strip_accents(lower(said)), 'đ', 'd'), '[^a-z0-9%]+', '', 'g')
""",
    r"""
CREATE OR REPLACE TEMP MACRO own_name(enterprise) AS folded(regexp_replace(
    replace(strip_accents(lower(enterprise)), 'đ', 'd'),
    '\b(cong ty|cty|tnhh|trach nhiem huu han|co phan|cp|ctcp|mtv|mot thanh vien|hai thanh vien|tro len'
        || '|doanh nghiep tu nhan|dntn|hop tac xa|htx|chi nhanh|ho kinh doanh|tap doan|tong|va)\b',
    '', 'g'
))
""",
)
"""What rules may call: `folded`, the key under which two texts are the same (no marks, case, spaces, punctuation), and
`own_name`, that of an enterprise's name without the words of its legal form."""


class Scratch:
    """The database for one form; `asked` are the rules for which the form has all columns."""

    def __init__(self, form: Form, schemas: Schemas) -> None:
        """Make the tables, those of the schemas with their rows."""
        self.asked = tuple(rule for rule in rule_book().rules if _suits(rule, form))
        self._needed = _needed(self.asked)
        self._filled: tuple[str, ...] = ()
        self._is_large = False
        self._connection = duckdb.connect()
        self._connection.execute("SET enable_progress_bar = false")  # it would stand among the results
        for macro in MACROS:
            self._connection.execute(macro)
        self._incoming: dict[str, ArrowStream] = {}
        for name, frame in self._tables(form, schemas):
            self._make(name, frame)
        for view in {view: None for rule in self.asked for view in rule.views}:
            self._connection.execute(f"CREATE VIEW {view} AS {rule_book().views[view]}")
        self._prepared: set[str] = set()

    def fill(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Let rules find the rows of `frames`, by table, and no others."""
        self._is_large = sum(frame.height for frame in frames.values()) >= _MANY_ROWS
        self._connection.execute(f"SET threads = {(os.cpu_count() or 1) if self._is_large else 1}")
        self._connection.execute(f"PRAGMA {'enable' if self._is_large else 'disable'}_optimizer")
        for name in self._filled:
            self._connection.execute(f"TRUNCATE {name}")
        self._filled = tuple(name for name, frame in frames.items() if frame.height and self._knows(name))
        for name in self._filled:
            columns = [FILE, ROW, *self._needed[name]] if name in self._needed else frames[name].columns
            rows = frames[name].select(columns)
            self._incoming[name].source = rows
            self._connection.execute(f"EXECUTE fill_{name}")
            self._incoming[name].source = rows.clear()

    def find(self, rule: Rule) -> list[dict[str, Any]]:
        """Return what `rule` finds: each with its place and facts."""
        result = self._connection.execute(rule.sql if self._is_large else self._executing(rule))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _executing(self, rule: Rule) -> str:
        """Return what executes a rule, prepared when it is first needed: for a single workbook few are."""
        if rule.code not in self._prepared:
            self._connection.execute(f"PREPARE {rule.code} AS {rule.sql}")
            self._prepared.add(rule.code)
        return f"EXECUTE {rule.code}"

    def _knows(self, name: str) -> bool:
        return name in self._needed or name in SCHEMAS

    def _tables(self, form: Form, schemas: Schemas) -> Iterator[tuple[str, pl.DataFrame]]:
        for name, made in TABLES.items():
            yield name, made(schemas)
        for name, columns in self._needed.items():
            types = {column: DTYPES[form.by_id[name].by_id[column].type] for column in columns}
            yield name, pl.DataFrame(schema={FILE: pl.Int32(), ROW: pl.Int32(), **types})
        for name, schema in SCHEMAS.items():
            yield name, pl.DataFrame(schema=schema)

    def _make(self, name: str, frame: pl.DataFrame) -> None:
        """Make the table `name` of the rows of `frame`; what fills it later comes the same way, prepared.

        To register what comes anew each time would make DuckDB understand every rule again.
        """
        self._incoming[name] = ArrowStream(frame)
        self._connection.register(f"incoming_{name}", self._incoming[name])
        self._connection.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming_{name}")
        self._connection.execute(f"PREPARE fill_{name} AS INSERT INTO {name} SELECT * FROM incoming_{name}")


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


def _needed(asked: Sequence[Rule]) -> Mapping[str, tuple[str, ...]]:
    """Return the columns that the rules need, by sheet."""
    needed: dict[str, dict[str, None]] = {}
    for rule in asked:
        for name, columns in rule.needs.items():
            needed.setdefault(name, {}).update(dict.fromkeys(columns))
    return {name: tuple(columns) for name, columns in needed.items()}
