"""Where rows of the store stand in the files that they came from."""

from string import Template

import polars as pl

from xltrack.store.connection import Store
from xltrack.store.frames import registered
from xltrack.store.schema import present_columns, quoted, statement


def places(store: Store, rows: pl.DataFrame, sheet: str, column: str) -> pl.DataFrame:
    """Return `rows` of `sheet` (_file, _row, and any others) with where each stands, ordered by unit, year and file.

    Adds unit_code, year, file_name, sha256, received_at (UTC), source, sheet, tab, row, column, cell (null where the
    store does not know the letter of the column) and value, what stands in `column`, as text; _file and _row are gone.
    Raises StoreDamaged.
    """
    query = Template(statement("places")).safe_substitute(
        table=quoted(sheet), named=quoted(column), places=places_table(store)
    )
    with registered(store.connection, {"asked": rows}):
        return store.frame(query, {"sheet": sheet, "column_id": column})


def places_table(store: Store) -> str:
    """Return what SQL reads as the table of places, which a store opened for reading may lack."""
    if "sheet_place" in present_columns(store.connection):
        return "sheet_place"
    return "(SELECT NULL AS submission, NULL AS sheet, CAST(NULL AS JSON) AS addresses LIMIT 0)"
