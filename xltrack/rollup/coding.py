"""Codes as numbers: texts of which there are few are quicker to group, join and keep when each stands for a number."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from xltrack.forms import Schemas
from xltrack.rollup.model import DIMENSIONS, FIGURES_KINDS, UNALLOCATED
from xltrack.store import Store
from xltrack.store.schema import quoted

_CODED = {
    *DIMENSIONS,
    "figures_kind",
    "unit63",
    "unit34",
    "return_unit",
    "unit_code",
    "unknown",
    "none",
    "unallocated",
}
_SAID = ("unknown", "none", UNALLOCATED, *FIGURES_KINDS)


@contextmanager
def coded(store: Store, schemas: Schemas) -> Iterator[None]:
    """Let `make_coded` know the codes of `schemas` while the context lasts; they sort as their texts do."""
    # In the order of their bytes, as SQL compares texts.
    codes = sorted(_codes(schemas), key=str.encode)
    listed = ", ".join("'" + code.replace("'", "''") + "'" for code in codes)
    store.connection.execute(f"CREATE OR REPLACE TEMP TYPE rollup_code AS ENUM ({listed})")
    try:
        yield
    finally:
        store.connection.execute("DROP TYPE IF EXISTS rollup_code")


def make_coded(store: Store, table: str, query: str) -> None:
    """Make the temporary `table` of `query`, its dimensions, units and kinds of figures as codes.

    They stay texts where one of them is no code of the schemas: a store may keep what a list no longer has.
    """
    made = f"CREATE OR REPLACE TEMP TABLE {table} AS\n"
    texts = [
        quoted(name)
        for name, kind, *_ in store.rows(f"DESCRIBE (\n{query}\n)")
        if name in _CODED and kind == "VARCHAR"
    ]
    cast = ", ".join(f"CAST({name} AS rollup_code) AS {name}" for name in texts)
    try:
        replaced = f"SELECT * REPLACE ({cast}) FROM (\n{query}\n)" if cast else query
        store.connection.execute(made + replaced)
    except duckdb.ConversionException:
        store.connection.execute(made + query)


def _codes(schemas: Schemas) -> set[str]:
    listed = {code.code for codes in schemas.code_lists.values() for code in codes.codes}
    sections = {f"{row['version']}-{row['section']}" for row in schemas.table("vsic_divisions")}
    return {*_SAID, *listed, *sections, *(unit.code for unit in schemas.units.all)}
