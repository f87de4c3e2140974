"""Control totals: of every file and sheet the number of rows, the sums of its numbers and a digest of what it says."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from xltrack.store.digest import digest_query
from xltrack.store.schema import LINEAGE, StoredSheet, is_link, present_columns

_SUMMED = "BIGINT"
_FILE = "_submission"
_NOT_SAID = {_FILE, "_entry"}


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """What the rows of one sheet add up to, one sum for each column of whole numbers that has a value.

    `digest` is over the rows with their places in the file, without the columns `without`: those may be removed later.
    """

    rows: int
    sums: Mapping[str, int]
    digest: str
    without: tuple[str, ...] = ()

    @property
    def plain(self) -> Mapping[str, Any]:
        """Return them as JSON has them."""
        left_out = {"without": list(self.without)} if self.without else {}
        return {"rows": self.rows, "sums": dict(self.sums), "digest": self.digest, **left_out}


def sheet_totals(
    connection: DuckDBPyConnection,
    sheet: StoredSheet,
    table: str,
    columns: Collection[str],
    without: Collection[str],
) -> Iterator[tuple[str, SheetTotals]]:
    """Yield each file (SHA-256) that has rows in `table`, which has `columns`, with what they add up to.

    `table` is the one of `sheet`, or what is to be inserted into it.
    """
    query = digest_query(table, [_said(columns, without)], by=_FILE, added=_numbers(sheet, columns))
    for sha256, *found in connection.execute(query).fetchall():
        yield sha256, _totals(found, _numbers(sheet, columns), without)


def incoming_totals(
    connection: DuckDBPyConnection, sheet: StoredSheet, table: str, columns: Collection[str]
) -> Iterator[tuple[str, Sequence[int], SheetTotals]]:
    """Yield each file that has rows in `table`, with a digest of what they say wherever they stand, and their totals.

    The digest is the number of rows and the two sums of `digest_query`; the totals leave out contacts.
    """
    business = [name for name in columns if name not in LINEAGE]
    numbers = _numbers(sheet, columns)
    query = digest_query(table, [business, _said(columns, sheet.contacts)], by=_FILE, added=numbers)
    for sha256, rows, low, high, *found in connection.execute(query).fetchall():
        yield sha256, (rows, low, high), _totals((rows, *found), numbers, sheet.contacts)


def _said(columns: Collection[str], without: Collection[str]) -> list[str]:
    return [name for name in columns if name not in _NOT_SAID and name not in without and not is_link(name)]


def _totals(found: Sequence[Any], numbers: Sequence[str], without: Collection[str]) -> SheetTotals:
    rows, low, high, *sums = found
    added = {name: int(value) for name, value in zip(numbers, sums, strict=True) if value is not None}
    return SheetTotals(rows, added, f"{low:x}.{high:x}", tuple(sorted(without)))


def stored_totals(
    connection: DuckDBPyConnection,
    sheets: Mapping[str, StoredSheet],
    without: Mapping[str, Collection[str]],
) -> Mapping[str, Mapping[str, SheetTotals]]:
    """Return by file (SHA-256) and sheet what its rows in the store add up to.

    `without` names by sheet the columns that the digests leave out.
    """
    found: dict[str, dict[str, SheetTotals]] = {}
    present = present_columns(connection)
    for name, sheet in sheets.items():
        if name in present:
            for sha256, totals in sheet_totals(connection, sheet, name, present[name], without.get(name, ())):
                found.setdefault(sha256, {})[name] = totals
    return found


def contacts(sheets: Mapping[str, StoredSheet]) -> Mapping[str, frozenset[str]]:
    """Return by sheet the columns that are declared as personal: telephone, mail address, position."""
    return {name: sheet.contacts for name, sheet in sheets.items() if sheet.contacts}


def _numbers(sheet: StoredSheet, columns: Collection[str]) -> list[str]:
    if sheet.layout == "card":
        return []
    return [name for name, kind in sheet.columns.items() if kind == _SUMMED and name in columns]
