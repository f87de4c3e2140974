"""Pivots of ours that nobody has changed are made anew: previews and protected views then show the new figures too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from xml.sax.saxutils import escape

from xltrack.excel.opc import MAIN, Element, Package
from xltrack.excel.pivot.cache_xml import AUTHOR, cache_definition
from xltrack.excel.pivot.shown import TOTAL, Role, ShownCell, shown_cells
from xltrack.excel.pivot.spec import Measure, Pivot, Table
from xltrack.excel.pivot.table_xml import Placed, pivot_table
from xltrack.excel.refresh.sheet_rows import SheetRows
from xltrack.excel.spots import Spot, address_of, spot_of
from xltrack.excel.strings_xml import xml_text
from xltrack.excel.worksheet_xml import WorksheetXml
from xltrack.language import Lang


@dataclass(frozen=True)
class Standing:
    """A pivot as it stands in a workbook: its part and that of its sheet, the roots of its part and of its cache."""

    part: str
    sheet: str
    root: Element
    cache: Element

    @cached_property
    def body(self) -> tuple[Spot, Spot]:
        """Return the first and the last cell below the filters."""
        start, _, end = (self._location.get("ref") or "").partition(":")
        return spot_of(start) or (0, 0), spot_of(end or start) or (0, 0)

    @property
    def corner(self) -> Spot:
        """Return the cell of the first filter, or of the body without filters."""
        return self.body[0][0] - (len(self.filters) + 1 if self.filters else 0), self.body[0][1]

    @property
    def lang(self) -> Lang:
        """Return the language of its captions."""
        return "en" if self.root.get("grandTotalCaption") == TOTAL.en else "vi"

    @cached_property
    def filters(self) -> list[Element]:
        """Return its filters."""
        return self._all("pageFields", "pageField")

    def pivot(self, table: Table) -> Pivot:
        """Return it as it would be over `table`; a filter whose text is gone is set to the last one there is.

        The text may be gone from the table, or from the cache: openpyxl keeps none of it.
        """
        (data,) = self._all("dataFields", "dataField")
        rows = tuple(self._name(field.get("x")) for field in self._all("rowFields", "field"))
        across = [self._name(field.get("x")) for field in self._all("colFields", "field")]
        return Pivot(
            name=self.root.get("name") or "",
            table=table,
            rows=rows,
            measure=Measure(self._name(data.get("fld")), data.get("name") or "", ""),
            across=across[0] if across else None,
            filters=dict(self._chosen(entry, table) for entry in self.filters),
            total_row=self.root.get("rowGrandTotals") != "0",
            total_column=self.root.get("colGrandTotals") != "0" and bool(across),
            subtotals=all(self._field(name).get("defaultSubtotal") != "0" for name in rows),
        )

    def placed(self) -> Placed:
        """Return where it stands, and the cache and number format that it has."""
        (data,) = self._all("dataFields", "dataField")
        return Placed(self.corner, int(self.root.get("cacheId") or 0), int(data.get("numFmtId") or 0))

    def samples(self) -> Mapping[Role, Spot]:
        """Return for each role a cell that plays it now."""
        (top, left), (bottom, _) = self.body
        row = top + int(self._location.get("firstDataRow") or 0)
        column = left + int(self._location.get("firstDataCol") or 0)
        last = row if self.root.get("rowGrandTotals") == "0" else bottom
        return {
            "filter": self.corner, "choice": (self.corner[0], left + 1), "heading": (top, left), "label": (row, left),
            "value": (row, column), "total label": (last, left), "total": (last, column),
        }  # fmt: skip

    @property
    def _location(self) -> Element:
        return next(self.root.iter(f"{{{MAIN}}}location"))

    @cached_property
    def _fields(self) -> list[Element]:
        return self.cache.findall(f"{{{MAIN}}}cacheFields/{{{MAIN}}}cacheField")

    def _name(self, number: str | None) -> str:
        return self._fields[int(number or 0)].get("name") or ""

    def _field(self, name: str) -> Element:
        names = [field.get("name") for field in self._fields]
        return self._all("pivotFields", "pivotField")[names.index(name)]

    def _chosen(self, entry: Element, table: Table) -> tuple[str, str | None]:
        name = self._name(entry.get("fld"))
        if entry.get("item") is None:
            return name, None
        items = self._fields[int(entry.get("fld") or 0)].findall(f"{{{MAIN}}}sharedItems/{{{MAIN}}}s")
        chosen = items[int(entry.get("item") or 0) :][:1]
        there = table.items(name)
        return name, next((text for item in chosen if (text := item.get("v") or "") in there), there[-1])

    def _all(self, parent: str, tag: str) -> list[Element]:
        return self.root.findall(f"{{{MAIN}}}{parent}/{{{MAIN}}}{tag}")


def remake(package: Package, cache: str, users: Mapping[str, str], table: Table) -> bool:
    """Make the pivots of `cache` anew over `table` and return whether that was done; `users` maps them to their sheets.

    Only what we wrote and nobody saved since is made anew: Excel and LibreOffice put their user's name in the place of
    ours. Where something else stands beside or below a pivot, all are left to Excel.
    """
    root = package.tree(cache)
    if root.get("refreshedBy") != AUTHOR or not table.frame.height:
        return False
    standing = [Standing(part, sheet, package.tree(part), root) for part, sheet in users.items()]
    pivots = [one.pivot(table) for one in standing]
    sheets = [_shown(package, one, pivot) for one, pivot in zip(standing, pivots, strict=True)]
    written = [sheet for sheet in sheets if sheet is not None]
    if len(written) < len(sheets):
        return False
    axes = {name for pivot in pivots for name in pivot.axes}
    package.write_tree(cache, cache_definition(table, axes))
    for one, pivot, sheet in zip(standing, pivots, written, strict=True):
        package.write_tree(one.part, pivot_table(pivot, one.placed(), one.lang))
        package.write(one.sheet, sheet)
    return True


def _shown(package: Package, one: Standing, pivot: Pivot) -> bytes | None:
    """Return the sheet of a pivot with the cells that it shows now, None where other cells are in the way."""
    sheet = WorksheetXml(package.read(one.sheet))
    rows = SheetRows(sheet.xml, sheet.span)
    cells = list(shown_cells(pivot, one.lang))
    right = one.corner[1] + max(one.body[1][1] - one.corner[1], *(cell.column for cell in cells))
    below = [row for row in rows.rows if row.number >= one.corner[0]]
    if any(row.number > one.body[1][0] or not rows.is_within(row, one.corner[1], right) for row in below):
        return None
    styles = _styles(rows, one)
    above = [row for row in rows.rows if row.number < one.corner[0]]
    kept = rows.between(above[0], above[-1]) if above else b""
    opening, closing = rows.tags()
    sheet.rows = (opening, kept, *_rows(rows, one.corner, cells, styles), closing)
    extent = sheet.find("dimension")
    if extent is not None:
        bottom = one.corner[0] + max(cell.row for cell in cells)
        former = spot_of((extent.get("ref") or "").rpartition(":")[2]) or (0, 0)
        extent.set("ref", f"A1:{address_of((bottom, max(right, former[1])))}")
    return sheet.to_bytes()


def _styles(rows: SheetRows, one: Standing) -> Mapping[Role, str]:
    there = {row.number: row for row in rows.rows}
    found: dict[Role, str] = {}
    for role, (number, column) in one.samples().items():
        cells = {place: cell for place, cell, _ in rows.cells(there[number])} if number in there else {}
        found[role] = rows.style(cells[column]) if column in cells else ""
    return found


def _rows(
    rows: SheetRows, corner: Spot, cells: list[ShownCell], styles: Mapping[Role, str]
) -> Iterator[bytes]:
    for row, line in groupby(sorted(cells, key=lambda cell: (cell.row, cell.column)), lambda cell: cell.row):
        number = corner[0] + row
        xml = "".join(
            _cell(cell, (number, corner[1] + cell.column), styles[cell.role], rows.prefix) for cell in line
        )
        yield rows.made(number, xml.encode())


def _cell(cell: ShownCell, place: Spot, style: str, prefix: str) -> str:
    head = f'<{prefix}c r="{address_of(place)}"' + (f' s="{style}"' if style else "")
    if cell.value is None:
        return f"{head}/>"
    if isinstance(cell.value, str):
        text = escape(xml_text(cell.value))
        content = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
        return f'{head} t="inlineStr">{content}</{prefix}c>'
    return f"{head}><{prefix}v>{cell.value}</{prefix}v></{prefix}c>"
