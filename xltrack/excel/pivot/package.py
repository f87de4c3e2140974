"""Puts PivotTables into the package of a workbook: parts, content types, relationships (ISO/IEC 29500-1, 12.3.11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from xltrack.excel.opc import CUSTOMARY, MAIN, OFFICE, Element, Package, serialise
from xltrack.excel.pivot.cache_xml import cache_definition
from xltrack.excel.pivot.spec import Pivot, Table
from xltrack.excel.pivot.table_xml import Placed, pivot_table
from xltrack.excel.workbook_xml import WorkbookXml
from xltrack.language import Lang

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BUILT_IN = {"General": 0, "0": 1, "#,##0": 3}
"""Number formats that are known by their number alone (18.8.30)."""
_AFTER_CACHES = (
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A pivot and where it goes: the tab of its sheet, and its corner (row and column from 0)."""

    pivot: Pivot
    tab: str
    corner: tuple[int, int]


def add_pivots(package: Package, places: Sequence[Place], lang: Lang) -> None:
    """Put the pivots into the workbook; those over one table share its cache. The cells they show are there already."""
    workbook = WorkbookXml(package)
    parts = {sheet.tab: sheet.part for sheet in workbook.sheets}
    formats = _number_formats(package, workbook.part)
    first = 1 + max((int(one.get("cacheId") or 0) for one in _caches(package.tree(workbook.part))), default=0)
    caches = {
        table.name: (number, _add_cache(package, table, axes))
        for number, (table, axes) in enumerate(_tables(places).values(), first)
    }
    _list_caches(package, workbook.part, caches.values())
    for place in places:
        number, cache = caches[place.pivot.table.name]
        placed = Placed(place.corner, number, formats[place.pivot.measure.number_format])
        root = pivot_table(place.pivot, placed, lang)
        part = package.add(
            "xl/pivotTables/pivotTable{}.xml", serialise(root), f"{_SPREADSHEET}.pivotTable+xml"
        )
        package.relate(part, f"{OFFICE}/pivotCacheDefinition", cache)
        package.relate(parts[place.tab], f"{OFFICE}/pivotTable", part)


def _tables(places: Iterable[Place]) -> Mapping[str, tuple[Table, set[str]]]:
    found: dict[str, tuple[Table, set[str]]] = {}
    for place in places:
        _, axes = found.setdefault(place.pivot.table.name, (place.pivot.table, set()))
        axes.update(place.pivot.axes)
    return found


def _add_cache(package: Package, table: Table, axes: set[str]) -> str:
    content = serialise(cache_definition(table, axes))
    kind = f"{_SPREADSHEET}.pivotCacheDefinition+xml"
    return package.add("xl/pivotCache/pivotCacheDefinition{}.xml", content, kind)


def _list_caches(package: Package, workbook: str, caches: Iterable[tuple[int, str]]) -> None:
    root = package.tree(workbook)
    parent = root.find(f"{{{MAIN}}}pivotCaches")
    if parent is None:
        parent = etree.Element(f"{{{MAIN}}}pivotCaches", nsmap=CUSTOMARY)
        root.insert(_place_of_caches(root), parent)
    for number, part in caches:
        id_ = package.relate(workbook, f"{OFFICE}/pivotCacheDefinition", part)
        etree.SubElement(parent, f"{{{MAIN}}}pivotCache", {"cacheId": str(number), f"{{{OFFICE}}}id": id_})
    package.write_tree(workbook, root)


def _place_of_caches(root: Element) -> int:
    """Return where the caches stand among the children of the workbook (CT_Workbook, 18.2.27)."""
    after = {f"{{{MAIN}}}{tag}" for tag in _AFTER_CACHES}
    return next((at for at, child in enumerate(root) if child.tag in after), len(root))


def _caches(root: Element) -> list[Element]:
    return list(root.iter(f"{{{MAIN}}}pivotCache"))


def _number_formats(package: Package, workbook: str) -> Mapping[str, int]:
    """Return the number of every number format that the cells of the workbook use."""
    styles = package.related(workbook, "styles")
    own = package.tree(styles).iter(f"{{{MAIN}}}numFmt") if styles else ()
    return _BUILT_IN | {one.get("formatCode") or "": int(one.get("numFmtId") or 0) for one in own}
