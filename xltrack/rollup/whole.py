"""Lets the SQL of a roll-up read whole sheets by a plan that knows how many rows stand.

What a correction replaces is taken out by a join, and how much that leaves no planner can tell: it guesses a fifth, and
then keeps the wrong side of a join in memory. Rows of returns without corrections, nearly all, stand as they are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from xltrack.rollup.coding import looked_up
from xltrack.store import Store
from xltrack.store.schema import present_columns, quoted, stored_table

_SHEET = re.compile(r"\bcurrent_(enterprises|applications|funding)\b")
_FILES = """
CREATE OR REPLACE TEMP TABLE {table} AS
SELECT file_no, entry_no
FROM current_submission AS c
WHERE {some} (
    SELECT 1
    FROM current_submission AS k
    WHERE k.step > 0 AND (k.form, k.unit_code, k.year, k.period_kind) = (c.form, c.unit_code, c.year, c.period_kind)
)
"""
_VIEW = """
CREATE OR REPLACE TEMP VIEW whole_{sheet} AS
SELECT f.file_no AS _file, t._row, {columns}
FROM {table} AS t
JOIN whole_file AS f ON f.entry_no = t._entry
UNION ALL
SELECT t._file, t._row, {columns}
FROM current_{sheet} AS t
JOIN corrected_file AS f ON f.file_no = t._file
"""


@contextmanager
def whole_sheets(
    store: Store, texts: Iterable[str], coded: Mapping[str, Mapping[str, Sequence[str]]]
) -> Iterator[None]:
    """Make for each large sheet that `texts` (SQL) read the view that `wholly` names; drop them at the end.

    By sheet, the columns named in `coded` come as codes (see `coding.looked_up`); raises
    duckdb.ConversionException when they are read and one is none.
    """
    sheets = sorted({name for text in texts for name in _SHEET.findall(text)})
    try:
        store.rows(_FILES.format(table="whole_file", some="NOT EXISTS"))
        store.rows(_FILES.format(table="corrected_file", some="EXISTS"))
        present = present_columns(store.connection)
        for name in sheets:
            sheet = store.sheets[name]
            table = stored_table(sheet, present.get(name, {}))
            codes = coded.get(name, {})
            columns = ", ".join(_column(column, codes.get(column, ())) for column in sheet.stored)
            store.rows(_VIEW.format(sheet=name, table=table, columns=columns))
        yield
    finally:
        for name in sheets:
            store.rows(f"DROP VIEW IF EXISTS whole_{name}")
        for table in ("whole_file", "corrected_file"):
            store.rows(f"DROP TABLE IF EXISTS {table}")


def _column(name: str, codes: Sequence[str]) -> str:
    column = f"t.{quoted(name)}"
    return f"{looked_up(column, codes)} AS {quoted(name)}" if codes else column


def wholly(sql: str) -> str:
    """Return `sql` reading those views in place of the rows that stand."""
    return _SHEET.sub(r"whole_\1", sql)
