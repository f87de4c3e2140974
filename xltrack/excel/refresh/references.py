"""What points at the cells of a table by their addresses: charts follow it, of formulas it is told that they do not."""

import re
from collections.abc import Iterator
from html import unescape

from xltrack.excel.opc import Element, Package
from xltrack.excel.refresh.native import NativeTable
from xltrack.excel.refresh.replace import stretched
from xltrack.excel.spots import spot_of
from xltrack.excel.workbook_xml import SheetPart, WorkbookXml
from xltrack.excel.worksheet_xml import as_utf_8
from xltrack.language import Text

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CACHES = tuple(f"{_CHART}{tag}" for tag in ("numCache", "strCache", "multiLvlStrCache"))
_AREA = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!(,;=+*/&<>-]+)!)?(?P<area>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(!])"
)
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f\b[^>]*>([^<]+)</")


def follow_in_charts(package: Package, table: NativeTable, now: NativeTable, *, scrub: bool) -> None:
    """Let charts over the data of `table` show all of it as it is `now`; with `scrub` they keep none of the old rows.

    A chart that keeps no values is drawn from the cells when the workbook is opened (ISO/IEC 29500-1, 21.2.2.123).
    """
    for part in list(package.names()):
        if part.casefold().startswith("xl/charts/") and part.casefold().endswith(".xml"):
            root = package.tree(part)
            entries = [entry for entry in root.iter(f"{_CHART}f") if _follows(entry, table, now, scrub=scrub)]
            if entries:
                package.write_tree(part, root)


def _follows(entry: Element, table: NativeTable, now: NativeTable, *, scrub: bool) -> bool:
    """Let one reference follow the table; return whether anything changed."""
    found = _AREA.fullmatch(entry.text or "")
    if found is None or _sheet(found) != table.tab or not _shows_data(found["area"], table):
        return False
    after = f"{found['sheet']}!{stretched(found['area'], table, now.last_data)}"
    parent = entry.getparent()
    caches = [child for child in parent if child.tag in _CACHES] if scrub and parent is not None else []
    for cache in caches:
        cache.getparent().remove(cache)  # type: ignore[union-attr]  # it has the parent that it was found in
    is_changed = after != entry.text or bool(caches)
    entry.text = after
    return is_changed


def _shows_data(area: str, table: NativeTable) -> bool:
    start, _, end = area.replace("$", "").partition(":")
    first, last = spot_of(start), spot_of(end or start)
    if first is None or last is None:
        return False
    rows = first[0] <= table.last_data and last[0] >= table.first_data
    return rows and first[1] <= table.last[1] and last[1] >= table.first[1]


def left_behind(package: Package, table: NativeTable, now: NativeTable) -> Iterator[Text]:
    """Yield which sheets have formulas or sparklines over the cells that `table` had, not over those it has `now`."""
    if now.last_data == table.last_data:
        return
    for sheet in WorkbookXml(package).sheets:
        formula = next(_pointing(package, sheet, table, now), None)
        if formula is not None:
            yield Text(
                f"trang “{sheet.tab}” có công thức hoặc sparkline trỏ tới ô của bảng {table.name} theo địa chỉ "
                f"({formula}), không theo số dòng mới; hãy viết theo tên, như {table.name}[…]",
                f'sheet "{sheet.tab}" has formulas or sparklines over cells of table {table.name} by address '
                f"({formula}), which do not follow its new rows; write them by name, as {table.name}[…]",
            )


def _pointing(package: Package, sheet: SheetPart, table: NativeTable, now: NativeTable) -> Iterator[str]:
    xml = as_utf_8(package.read(sheet.part)) if sheet.kind == "worksheet" else b""
    if b"<f" not in xml and b":f" not in xml:
        return
    for formula in _FORMULA.finditer(xml):
        text = unescape(formula[1].decode())
        for found in _AREA.finditer(text):
            named = _sheet(found) or sheet.tab
            if named == table.tab and stretched(found["area"], table, now.last_data) != found["area"]:
                yield found[0]


def _sheet(found: re.Match[str]) -> str:
    return (found["sheet"] or "").strip("'").replace("''", "'")
