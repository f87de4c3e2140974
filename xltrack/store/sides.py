"""What is compared with something else: the rows of one file, or of what stood on a day, each with its place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xltrack.reading.model import Workbook
from xltrack.store.connection import Store
from xltrack.store.places import places_table
from xltrack.store.schema import quoted

FILE, TAB, ROW, SHA = "_file_name", "_sheet", "_row", "_submission"
PLACE = (FILE, TAB, ROW, SHA)
RETURN = ("return_unit", "return_year", "return_period")
"""The return of a row, part of its key where what stands on two days is compared."""


@dataclass(frozen=True)
class Side:
    """One of two things that are compared.

    `rows`: by sheet id its rows, with the columns `PLACE` and, of a day, `RETURN`; `addresses`: by file (SHA-256) and
    sheet the letters of columns, on a card whole addresses. `name` is how people call it.
    """

    name: str
    rows: Mapping[str, pl.DataFrame]
    addresses: Mapping[tuple[str, str], Mapping[str, str]]

    def cell(self, sheet: str, sha256: str | None, row: int | None, column: str) -> str | None:
        """Return the address of `column` in a row, None where it is not known."""
        address = self.addresses.get((sha256 or "", sheet), {}).get(column)
        if address is None or address[-1].isdigit():
            return address
        return f"{address}{row}"


def side_of_workbook(workbook: Workbook) -> Side:
    """Return the side of a file that was read."""
    named = {FILE: workbook.path.name, SHA: workbook.sha256}
    rows = {
        sheet: table.frame.with_columns(
            pl.lit(table.tab).alias(TAB), *(pl.lit(v).alias(n) for n, v in named.items())
        )
        for sheet, table in workbook.tables.items()
    }
    addresses = {(workbook.sha256, sheet): table.addresses for sheet, table in workbook.tables.items()}
    return Side(workbook.path.name, rows, addresses)


def side_of_submission(store: Store, sha256: str) -> Side:
    """Return the side of a submission whose rows the store keeps; raises StoreDamaged."""
    ((name,),) = store.rows("SELECT file_name FROM submission WHERE sha256 = ?", [sha256])
    rows = {}
    for sheet in store.sheets:
        query = (
            f"SELECT t.* EXCLUDE (_entry), $name AS {FILE} FROM {quoted(sheet)} AS t "
            "WHERE t._submission = $sha256 ORDER BY _row"
        )
        rows[sheet] = store.frame(query, {"name": name, "sha256": sha256})
    return Side(name, rows, _addresses(store, [sha256]))


def side_as_of(store: Store, name: str, units: Sequence[str], years: Sequence[int]) -> Side:
    """Return the side of all that stood in `store`, of `units` and `years` (none: of all); raises StoreDamaged.

    Covers are left out: they speak of their file. `store` is open as of the day that `name` says.
    """
    rows = {}
    kept = (
        "(len($units) = 0 OR t.return_unit IN (SELECT unnest($units))) "
        "AND (len($years) = 0 OR t.return_year IN (SELECT unnest($years)))"
    )
    for sheet in store.sheets.values():
        if sheet.layout == "table":
            query = (
                f"SELECT t.* EXCLUDE (return_figures, _file, _entry), s.file_name AS {FILE} "
                f"FROM {quoted(f'current_{sheet.id}')} AS t JOIN submission AS s ON s.sha256 = t._submission "
                f"WHERE {kept} ORDER BY return_year, return_unit, return_period, _submission, _row"
            )
            rows[sheet.id] = store.frame(query, {"units": list(units), "years": list(years)})
    files = sorted({sha256 for frame in rows.values() for sha256 in frame[SHA].unique()})
    return Side(name, rows, _addresses(store, files))


def _addresses(store: Store, files: Sequence[str]) -> dict[tuple[str, str], Mapping[str, str]]:
    listed = f"SELECT submission, sheet, addresses FROM {places_table(store)}"
    query = f"{listed} WHERE submission IN (SELECT unnest($files))"
    found = store.rows(query, {"files": list(files)}) if files else []
    return {(sha256, sheet): json.loads(text) for sha256, sheet, text in found}
