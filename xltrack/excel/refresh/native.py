"""Finds the native tables of a workbook (ISO/IEC 29500-1, 18.5), with what must be known before their rows change."""

from dataclasses import dataclass
from itertools import pairwise

from xltrack.excel.opc import MAIN, Element, Package
from xltrack.excel.spots import Spot, spot_of
from xltrack.excel.workbook_xml import WorkbookXml
from xltrack.language import Text


class Refused(Exception):
    """The workbook, or a table of it, cannot be changed without risk; `reason` says why."""

    def __init__(self, reason: Text) -> None:
        """Say why in both languages."""
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class NativeTable:
    """One native table: its name, its part, the tab and part of its sheet, its range, the headings of its columns.

    `formulas` maps headings to the formula that a calculated column has in every row.
    """

    name: str
    part: str
    tab: str
    sheet: str
    first: Spot
    last: Spot
    headings: tuple[str, ...]
    formulas: dict[str, str]
    has_totals: bool
    is_external: bool
    has_headings: bool = True

    @property
    def first_data(self) -> int:
        """Return the first row of data, counted from 0."""
        return self.first[0] + 1

    def holds(self, spot: Spot) -> bool:
        """Return whether a cell lies in the rows below the headings."""
        return self.first_data <= spot[0] <= self.last[0] and self.first[1] <= spot[1] <= self.last[1]

    @property
    def last_data(self) -> int:
        """Return the last row of data, counted from 0."""
        return self.last[0] - self.has_totals

    @property
    def runs(self) -> list[tuple[int, int]]:
        """Return neighbouring columns from one border to the next: some that are given, or one that is calculated."""
        kinds = [heading in self.formulas for heading in self.headings]
        inner = [place for place in range(1, len(kinds)) if kinds[place] or kinds[place - 1]]
        return list(pairwise([0, *inner, len(kinds)]))


def native_tables(package: Package) -> list[NativeTable]:
    """Return the tables of all sheets, in the order of the sheets."""
    return [
        _table(package, relation.target, sheet.tab, sheet.part)
        for sheet in WorkbookXml(package).sheets
        for relation in package.relations(sheet.part)
        if relation.kind == "table" and relation.target and relation.target in package
    ]


def _table(package: Package, part: str, tab: str, sheet: str) -> NativeTable:
    root = package.tree(part)
    start, _, end = (root.get("ref") or "").partition(":")
    first, last = spot_of(start), spot_of(end or start)
    if first is None or last is None:
        raise Refused(
            Text(f"bảng {root.get('name')} không có phạm vi", f"table {root.get('name')} has no range")
        )
    columns = root.findall(f"{{{MAIN}}}tableColumns/{{{MAIN}}}tableColumn")
    is_query = any(one.kind == "queryTable" for one in package.relations(part))
    return NativeTable(
        name=root.get("displayName") or root.get("name") or "",
        part=part,
        tab=tab,
        sheet=sheet,
        first=first,
        last=last,
        headings=tuple(heading_of(column) for column in columns),
        formulas=dict(filter(None, map(_formula, columns))),
        has_totals=int(root.get("totalsRowCount") or 0) > 0,
        is_external=is_query or root.get("tableType") not in (None, "worksheet"),
        has_headings=root.get("headerRowCount") != "0",
    )


def heading_of(column: Element) -> str:
    """Return the text of the heading that a table's column, or a cache's field, has as its name."""
    return (column.get("name") or "").replace("_x000a_", "\n").replace("_x000A_", "\n")


def _formula(column: Element) -> tuple[str, str] | None:
    found = column.findtext(f"{{{MAIN}}}calculatedColumnFormula")
    return (heading_of(column), found) if found else None
