"""Lets the SQL of a roll-up read whole sheets, by a plan that knows how many rows stand.

What a correction replaces is taken out by a join, and how much that leaves no planner can tell: it guesses a fifth, and
then keeps the wrong side of a join in memory. Rows of returns without corrections, nearly all, stand as they are; those
of the others that stand are found once.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from xltrack.rollup.coding import looked_up
from xltrack.store import Store
from xltrack.store.database import MEMORY
from xltrack.store.schema import present_columns, quoted, stored_table

_SHEET = re.compile(r"\bcurrent_(enterprises|applications|funding|tasks)\b")
_FILES = f"""
CREATE OR REPLACE TABLE {MEMORY}.{{table}} AS
SELECT file_no, entry_no
FROM current_submission AS c
WHERE {{some}} (
    SELECT 1
    FROM current_submission AS k
    WHERE k.step > 0 AND (k.form, k.unit_code, k.year, k.period_kind) = (c.form, c.unit_code, c.year, c.period_kind)
)
"""
_CORRECTED = f"""
CREATE OR REPLACE TABLE {MEMORY}.corrected_{{sheet}} AS
SELECT t._file, t._row, {{columns}}
FROM current_{{sheet}} AS t
JOIN corrected_file AS f ON f.file_no = t._file
"""
_WHOLE = """
SELECT f.file_no AS _file, t._row, {columns}
FROM {table} AS t
JOIN whole_file AS f ON f.entry_no = t._entry
"""
_STANDING = "UNION ALL\nSELECT _file, _row, {names}\nFROM corrected_{sheet}\n"
Codes = Mapping[str, Mapping[str, Sequence[str]]]
Wholly = Callable[[str], str]
"""Makes SQL read whole sheets in place of the rows that stand."""


@contextmanager
def whole_sheets(store: Store, texts: Sequence[str], coded: Codes) -> Iterator[Wholly]:
    """Give what makes each of `texts` (SQL) read whole sheets, while the context lasts.

    By sheet, the columns named in `coded` come as codes (see `coding.looked_up`); raises
    duckdb.ConversionException, now or when they are read, if one is none.
    """
    sheets = sorted({name for text in texts for name in _SHEET.findall(text)})
    present = present_columns(store.connection)
    tables = {name: stored_table(store.sheets[name], present.get(name, {})) for name in sheets}
    try:
        store.rows(_FILES.format(table="whole_file", some="NOT EXISTS"))
        store.rows(_FILES.format(table="corrected_file", some="EXISTS"))
        corrected = sheets if store.rows("SELECT 1 FROM corrected_file LIMIT 1") else []
        for name in corrected:
            columns = _columns(store, name, " ".join(texts), coded)
            store.rows(_CORRECTED.format(sheet=name, columns=", ".join(columns.values())))

        def whole(text: str, name: str) -> str:
            columns = _columns(store, name, text, coded)
            rows = _WHOLE.format(table=tables[name], columns=", ".join(columns.values()))
            standing = _STANDING.format(sheet=name, names=", ".join(columns)) if corrected else ""
            return f"({rows}{standing})"

        yield lambda text: _SHEET.sub(lambda found: whole(text, found[1]), text)
    finally:
        for table in (*(f"corrected_{name}" for name in sheets), "whole_file", "corrected_file"):
            store.rows(f"DROP TABLE IF EXISTS {MEMORY}.{table}")


def _columns(store: Store, sheet: str, text: str, coded: Codes) -> dict[str, str]:
    """Return the columns of `sheet` that `text` names, each with the SQL that reads it: fewer are planned sooner."""
    named = set(re.findall(r"\w+", text))
    codes = coded.get(sheet, {})
    return {
        quoted(name): _column(name, codes.get(name, ()))
        for name in store.sheets[sheet].stored
        if name in named
    }


def _column(name: str, codes: Sequence[str]) -> str:
    column = f"t.{quoted(name)}"
    return f"{looked_up(column, codes)} AS {quoted(name)}" if codes else column
