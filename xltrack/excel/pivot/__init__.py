"""Native PivotTables: what they are made from, what they show, and the parts of the package that hold them."""

from xltrack.excel.pivot.package import Place, add_pivots
from xltrack.excel.pivot.shown import Role, ShownCell, shown_cells
from xltrack.excel.pivot.spec import Measure, Pivot, Table

__all__ = ["Measure", "Pivot", "Place", "Role", "ShownCell", "Table", "add_pivots", "shown_cells"]
