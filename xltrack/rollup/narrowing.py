"""Narrows what the SQL of measures reads to the rows that can have a part in what is traced."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from xltrack.rollup.definitions import Group, rows_of, statement
from xltrack.rollup.grain import GRAINS
from xltrack.store import Store
from xltrack.store.schema import quoted

_CODE = "CASE WHEN length(tax_code) = 12 THEN tax_code ELSE substr(tax_code, 1, 10) END"
_SHEET = re.compile(r"\bcurrent_(?!submission\b)(\w+)")


@dataclass(frozen=True)
class Narrow:
    """Conditions in SQL: on `current_submission`, for the `files`, and on the `applications` in them.

    `looks_back` is whether applications of other returns matter too.
    """

    files: str
    applications: str = "TRUE"
    looks_back: bool = True


@contextmanager
def narrowed(store: Store, group: Group, narrow: Narrow) -> Iterator[None]:
    """Make views or tables `traced_<sheet>` of the rows that can have a part in what `group` counts within `narrow`.

    These are the rows of the files; where it depends on who an enterprise is, all that is said of those for whom the
    applications are, in whatever return, and where it depends on what was before, all that they applied.
    """
    names = needed(group)
    texts = (rows_of(group), *(statement("grains", name) for name in names))
    sheets = Counter(name for text in texts for name in set(_SHEET.findall(text)))
    kept = _kept(narrow) if {"party", "certificate"}.intersection(names) else {}
    try:
        store.rows(f"CREATE OR REPLACE TEMP TABLE traced_file AS {_FILES} WHERE {narrow.files}")
        if kept:
            parties = _PARTIES.format(codes=f"{_CODES} AND {narrow.applications}")
            store.rows(f"CREATE OR REPLACE TEMP TABLE traced_party AS {parties}")
        for sheet, readers in sheets.items():
            columns = ", ".join(_columns(store, sheet, texts))
            source = quoted(f"current_{sheet}")
            rows = f"SELECT {columns} FROM {source} WHERE {kept.get(sheet, _OF_FILE)}"
            store.rows(f"CREATE OR REPLACE TEMP {_kind(readers)} traced_{sheet} AS {rows}")
        yield
    finally:
        for sheet, readers in sheets.items():
            store.rows(f"DROP {_kind(readers)} IF EXISTS traced_{sheet}")
        for name in ("file", "party"):
            store.rows(f"DROP TABLE IF EXISTS traced_{name}")


def _kept(narrow: Narrow) -> dict[str, str]:
    """Return which rows of a sheet are read where it depends on who an enterprise is."""
    own = f"{_OF_FILE} AND {narrow.applications}"
    return {"enterprises": _OF_PARTY, "applications": _OF_PARTY if narrow.looks_back else own}


def _kind(readers: int) -> str:
    """Return how the rows of a sheet are kept: to find them costs more than to read them, once."""
    return "TABLE" if readers > 1 else "VIEW"


def _columns(store: Store, sheet: str, texts: Sequence[str]) -> Sequence[str]:
    """Return the columns of `sheet` that the `texts` name, and where a row stands."""
    named = {name for text in texts for name in re.findall(r"\w+", text)}
    return (
        "_file",
        "_row",
        *(quoted(name) for name in store.sheets[sheet].stored if name in named),
    )


_FILES = "SELECT file_no FROM current_submission"
_OF_FILE = "_file IN (SELECT file_no FROM traced_file)"
_OF_PARTY = f"{_CODE} IN (SELECT code FROM traced_party)"
_CODES = f"SELECT DISTINCT {_CODE} AS code FROM current_applications WHERE {_OF_FILE}"
_PARTIES = """
WITH named AS ({codes}),
party AS (
    SELECT coalesce(x.successor, n.code) AS code
    FROM named AS n
    LEFT JOIN tax_code_change AS x ON x.predecessor = n.code
)
SELECT code FROM party
UNION
SELECT x.predecessor FROM tax_code_change AS x JOIN party AS p ON p.code = x.successor
"""
"""The codes, of today and former ones, of those for whom the applications are."""


def traced(sql: str) -> str:
    """Return `sql` reading the narrowed sheets in place of the whole ones."""
    return _SHEET.sub(r"traced_\1", sql)


def each(name: str) -> str:
    """Return the SQL of the grain `name` over the narrowed sheets, each of those supported by itself."""
    rows = traced(statement("grains", name))
    return f"SELECT *, 1 AS parties FROM (\n{rows}\n) AS rows" if name == "supported" else rows


def needed(group: Group) -> tuple[str, ...]:
    """Return the grains that the SQL of `group` reads, and those that these read, in their order."""
    found: set[str] = {"application", "party"} if group.scoped else set()
    texts = [rows_of(group), *(statement("grains", name) for name in found)]
    while texts:
        names = {name for name in re.findall(r"\brollup_(\w+)", texts.pop()) if name in GRAINS} - found
        found |= names
        texts += [statement("grains", name) for name in names]
    return tuple(name for name in GRAINS if name in found)
