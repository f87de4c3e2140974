"""Finds the formulas of a workbook, which readers of values pass over."""

from collections.abc import Iterable, Mapping

from xltrack.intake.archive import unpack
from xltrack.intake.package import read_structure
from xltrack.intake.walk import Cell, walk_worksheet


def read_formulas(content: bytes, tabs: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """Return by (tab, address) the formulas on the worksheets `tabs` of a workbook that the gate let pass.

    Each is as it would be typed, "=SUM(A1:A3)"; "=" where a cell shares the formula of another.
    """
    parts = unpack(content)
    structure = read_structure(parts)
    found: dict[tuple[str, str], str] = {}
    for tab in tabs:

        def visit(cell: Cell, tab: str = tab) -> None:
            if cell.formula is not None:
                found[tab, cell.ref] = f"={cell.formula.strip()}"

        walk_worksheet(parts.markup[structure.worksheets[tab]], visit)
    return found
