"""The pivot caches over a table: they are told to read it again, and old rows do not stay behind in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xltrack.excel.opc import MAIN, OFFICE, Element, Package
from xltrack.excel.pivot.spec import Table
from xltrack.excel.refresh.native import NativeTable
from xltrack.excel.refresh.own import remake
from xltrack.excel.spots import address_of
from xltrack.excel.workbook_xml import WorkbookXml
from xltrack.language import Text

_ID = f"{{{OFFICE}}}id"


@dataclass(frozen=True, slots=True)
class Touched:
    """What was done for one table: how many pivots will show its new rows, and what cannot be promised."""

    pivots: int
    warnings: tuple[Text, ...]


def tell_caches(package: Package, table: NativeTable, rows: Table | None, *, scrub: bool) -> Touched:
    """Have every cache over `table` (as it was before) read it when the workbook is opened.

    Pivots that we wrote and nobody saved since are made anew over `rows`, with the cells that they show. A cache that
    names the table's cells in place of its name, as LibreOffice saves it, is given the name again. With `scrub` a cache
    keeps neither records nor texts of columns that no pivot lists (ISO/IEC 29500-1, 18.10.1.67).
    """
    pivots, warnings = 0, []
    for part in _caches(package):
        root = package.tree(part)
        source = root.find(f"{{{MAIN}}}cacheSource/{{{MAIN}}}worksheetSource")
        if source is None or not _reads(source, table):
            continue
        users = dict(_users(package, part))
        pivots += len(users)
        if rows and remake(package, part, users, rows):
            continue
        _point(source, table)
        if root.get("enableRefresh") == "0":
            warnings.append(
                Text(
                    f"PivotTable trên bảng {table.name} đang bị khóa cập nhật; mở khóa trong Excel",
                    f"PivotTables over table {table.name} are locked against refreshing; unlock them in Excel",
                )
            )
        root.set("refreshOnLoad", "1")
        if scrub:
            _scrub(package, part, root, users)
        package.write_tree(part, root)
    return Touched(pivots, tuple(warnings))


def _caches(package: Package) -> Iterator[str]:
    for relation in package.relations(package.main()):
        if relation.kind == "pivotCacheDefinition" and relation.target and relation.target in package:
            yield relation.target


def _users(package: Package, cache: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of the pivots that show `cache`, each with that of its sheet."""
    for sheet in WorkbookXml(package).sheets:
        for relation in package.relations(sheet.part):
            target = relation.target
            if relation.kind == "pivotTable" and target and target in package:
                used = (package.related(target, "pivotCacheDefinition") or "").casefold()
                if used == cache.casefold():
                    yield target, sheet.part


def _reads(source: Element, table: NativeTable) -> bool:
    name = source.get("name")
    if source.get(_ID):  # another workbook
        return False
    if name is not None:
        return name.casefold() == table.name.casefold()
    start = address_of(table.first)
    ends = {address_of((row, table.last[1])) for row in (table.last[0], table.last_data)}
    area = (source.get("ref") or "").replace("$", "")
    return source.get("sheet") == table.tab and area in {f"{start}:{end}" for end in ends}


def _point(source: Element, table: NativeTable) -> None:
    for name in ("ref", "sheet"):
        if name in source.attrib:
            del source.attrib[name]
    source.set("name", table.name)


def _scrub(package: Package, part: str, root: Element, users: Iterable[str]) -> None:
    records = package.related(part, "pivotCacheRecords")
    if records:
        package.leave(part, records)
    for name in (_ID, "recordCount"):
        if name in root.attrib:
            del root.attrib[name]
    root.set("saveData", "0")
    root.set("missingItemsLimit", "0")
    listed = {place for user in users for place in _listed(package.tree(user))}
    for place, field in enumerate(root.iterfind(f"{{{MAIN}}}cacheFields/{{{MAIN}}}cacheField")):
        shared = field.find(f"{{{MAIN}}}sharedItems")
        if shared is not None and place not in listed and field.find(f"{{{MAIN}}}fieldGroup") is None:
            for item in list(shared):
                shared.remove(item)
            if "count" in shared.attrib:
                del shared.attrib["count"]


def _listed(root: Element) -> Iterator[int]:
    """Yield the numbers of the fields whose items a pivot lists."""
    for place, field in enumerate(root.iterfind(f"{{{MAIN}}}pivotFields/{{{MAIN}}}pivotField")):
        if field.find(f"{{{MAIN}}}items") is not None:
            yield place
