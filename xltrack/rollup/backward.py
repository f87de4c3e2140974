"""From a cell of a file forward to the figures that it has a part in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from xltrack.forms import PeriodKind, Schemas
from xltrack.rollup.definitions import Group, groups
from xltrack.rollup.figures import placed
from xltrack.rollup.grain import Making, grains
from xltrack.rollup.model import DIMENSIONS
from xltrack.rollup.narrowing import Narrow, each, narrowed, needed, traced
from xltrack.rollup.trace import sheet_of
from xltrack.store import Store
from xltrack.store.cells import StoredCell
from xltrack.store.schema import quoted

_COLUMNS = ("measure", "period", "figures_kind", "view", "unit_code", *DIMENSIONS, "counts")


@dataclass(frozen=True)
class Parts:
    """A cell, and the figures that its row has a part in.

    `figures` has the columns measure, period, figures_kind, view, unit_code (null: the nation), the dimensions of the
    row, and `counts`, what it brings to the measure. The row counts along each of its dimensions, and in the total.
    """

    cell: StoredCell
    figures: pl.DataFrame


def parts_of(store: Store, schemas: Schemas, cell: StoredCell) -> Parts:
    """Return the figures in which the row of `cell` stands, none if the row does not count; raises StoreDamaged."""
    schema = dict.fromkeys(_COLUMNS, pl.String())
    found = pl.DataFrame(list(_found(store, schemas, cell)), schema=schema, orient="row")
    return Parts(cell, found.unique().sort("measure", "period", "view", "unit_code", nulls_last=False))


def _found(store: Store, schemas: Schemas, cell: StoredCell) -> Iterator[tuple[Any, ...]]:
    if not cell.counts or cell.period_kind is None:
        return
    sheet, wanted = _counted_rows(store, cell)
    for group in groups():
        if wanted and sheet_of(group.measures[0]) == sheet:
            yield from _of_group(store, schemas, group, cell, wanted)


def _counted_rows(store: Store, cell: StoredCell) -> tuple[str, str]:
    """Return the sheet whose rows are counted for `cell`, and a condition that picks them.

    What an enterprise's row says counts through its applications of the same return.
    """
    if cell.sheet != "enterprises":
        return cell.sheet, f"_file = {cell.file_no} AND _row = {cell.row}"
    query = (
        f"SELECT a._file, a._row FROM current_applications AS a JOIN {quoted(cell.sheet)} AS e "
        "ON e._submission = $sha256 AND e._row = $row AND a.tax_code = e.tax_code "
        "WHERE (a.return_unit, a.return_year, a.return_period) = ($unit, $year, $period)"
    )
    asked = {
        "sha256": cell.sha256, "row": cell.row, "unit": cell.unit_code, "year": cell.year, "period": cell.period_kind,
    }  # fmt: skip
    rows = store.rows(query, asked)
    return "applications", " OR ".join(f"_file = {file} AND _row = {row}" for file, row in rows)


def _of_group(
    store: Store, schemas: Schemas, group: Group, cell: StoredCell, wanted: str
) -> Iterator[tuple[Any, ...]]:
    period_kind: PeriodKind = cell.period_kind or "annual"
    narrow = Narrow(
        f"(unit_code, year, period_kind) = ('{cell.unit_code}', {cell.year}, '{period_kind}')", f"({wanted})"
    )
    making = Making(needed(group), each)
    with narrowed(store, group, narrow), grains(store, schemas, period_kind, making=making):
        own = [name if name in group.dimensions else "NULL" for name in DIMENSIONS]
        rows = traced(placed(group))
        where = _same_party(wanted) if group.scoped else wanted
        for measure in group.measures:
            columns = ", ".join((f"'{measure}'", "period", "figures_kind", "view", "unit_code", *own))
            query = f"SELECT DISTINCT {columns}, CAST({measure} AS VARCHAR) FROM (\n{rows}\n) AS r WHERE ({where})"
            yield from store.rows(f"{query} AND {measure} IS NOT NULL")


def _same_party(wanted: str) -> str:
    """Pick what is counted of the enterprise: in periods that hold the return, the nation and the row's units."""
    return (
        "EXISTS (SELECT 1 FROM rollup_application AS a JOIN rollup_period AS t "
        "ON t.period = r.period AND a.return_year BETWEEN t.return_from AND t.return_to "
        f"WHERE a.counted AND ({wanted}) AND a.party_id = r.party_id AND a.figures_kind = r.figures_kind "
        "AND coalesce(r.unit_code IN (a.unit63, a.unit34), TRUE))"
    )
