"""Codes as numbers: texts are quicker to group, join and keep when each stands for a number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import duckdb
from duckdb import DuckDBPyConnection

from xltrack.forms import Schemas
from xltrack.rollup.model import DIMENSIONS, FIGURES_KINDS, UNALLOCATED
from xltrack.store import Store
from xltrack.store.database import MEMORY
from xltrack.store.schema import present_columns, quoted, stored_table

_SIZES = ("micro", "small", "medium", "large")
_CODED = {
    *DIMENSIONS,
    "figures_kind",
    "unit63",
    "unit34",
    "return_unit",
    "unit_code",
    "former",
    "version",
    "unknown",
    "none",
    "unallocated",
    "actual",
    "enterprise",
    "household",
    *_SIZES,
}
_NUMBER = "CASE length(code) WHEN 12 THEN 1000000000000 + CAST(code AS BIGINT) ELSE CAST(code AS BIGINT) END"
"""Of ten digits, or of the twelve of a household."""
_NO_NUMBERS = """
SELECT count(*)
FROM (SELECT tax_code FROM enterprises UNION ALL SELECT tax_code FROM {applications} WHERE _tax_code_row IS NULL)
WHERE tax_code >= ':' OR length(tax_code) NOT IN (10, 12, 14)
"""
"""An application that knows the row of its enterprise has that one's tax code."""
_SAID = ("unknown", "none", UNALLOCATED, *FIGURES_KINDS)


@contextmanager
def coded(store: Store, schemas: Schemas, *, parties: bool) -> Iterator[None]:
    """Let `make_coded` know the codes of `schemas` while the context lasts; they sort as their texts do.

    With `parties` the SQL makes numbers of tax codes too (`rollup_number`), unless some stand where the number of a
    household was removed.
    """
    # In the order of their bytes, as SQL compares texts.
    codes = sorted(_codes(schemas), key=str.encode)
    store.connection.execute(f"CREATE OR REPLACE TYPE {MEMORY}.rollup_code AS ENUM ({_listed(codes)})")
    number = _NUMBER if parties and _are_numbers(store) else "code"
    store.connection.execute(f"CREATE OR REPLACE MACRO {MEMORY}.rollup_number(code) AS {number}")
    try:
        yield
    finally:
        store.connection.execute(f"DROP TYPE IF EXISTS {MEMORY}.rollup_code")
        store.connection.execute(f"DROP MACRO IF EXISTS {MEMORY}.rollup_number")


def _are_numbers(store: Store) -> bool:
    sheet = store.sheets["applications"]
    table = stored_table(sheet, present_columns(store.connection).get(sheet.id, {}))
    return store.rows(_NO_NUMBERS.format(applications=table)) == [(0,)]


def coded_columns(schemas: Schemas) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return by sheet the columns in which nothing but a code of a list may stand, with those codes."""
    lists = {name: [entry.code for entry in codes.codes] for name, codes in schemas.code_lists.items()}
    return {
        sheet.id: {
            column.id: lists[column.code_list]
            for column in sheet.columns
            if column.code_list and not column.code_open
        }
        for form in schemas.forms.values()
        for sheet in form.sheets
    }


def looked_up(text: str, codes: Sequence[str]) -> str:
    """Return the SQL of `text` (SQL), one of `codes`, as a code; to read another one raises ConversionException.

    A function is asked once for each entry of a column's dictionary, a cast once for each row; but only a cast tells
    what is no code.
    """
    listed = f"[{_listed(codes)}]"
    found = f"list_extract(CAST({listed} AS rollup_code[]), list_position({listed}, {text}))"
    return f"coalesce({found}, CAST({text} AS rollup_code))"


def _listed(codes: Iterable[str]) -> str:
    return ", ".join("'" + code.replace("'", "''") + "'" for code in codes)


def make_coded(connection: DuckDBPyConnection, table: str, query: str) -> None:
    """Make the `table` in memory of `query`, its dimensions, units and kinds of figures as codes.

    They stay texts where one of them is no code of the schemas: a store may keep what a list no longer has. What is
    texts in the result of `query` is written twice: those of many rows give codes already.
    """
    made = f"CREATE OR REPLACE TABLE {MEMORY}.{table} AS\n"
    connection.execute(made + query)
    columns = connection.execute(f"DESCRIBE {MEMORY}.{table}").fetchall()
    texts = [name for name, kind, *_ in columns if kind == "VARCHAR" and name in _CODED]
    if texts:
        codes = ", ".join(f"CAST({quoted(name)} AS rollup_code) AS {quoted(name)}" for name in texts)
        with suppress(duckdb.ConversionException):
            connection.execute(f"{made}SELECT * REPLACE ({codes}) FROM {MEMORY}.{table}")


def _codes(schemas: Schemas) -> set[str]:
    listed = {code.code for codes in schemas.code_lists.values() for code in codes.codes}
    sections = {f"{row['version']}-{row['section']}" for row in schemas.table("vsic_divisions")}
    return {*_SAID, *listed, *sections, *(unit.code for unit in schemas.units.all)}
