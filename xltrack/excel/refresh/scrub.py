"""Takes old rows out of a pivot cache: they would travel with the workbook, unseen by whoever sends it on."""

from collections.abc import Iterable, Iterator

import polars as pl

from xltrack.excel.opc import MAIN, OFFICE, Element, Package
from xltrack.excel.refresh.native import heading_of

_ID = f"{{{OFFICE}}}id"
_GONE = "…{}"
"""What stands for a text that is gone: items are told by number, so that each must stay until the cache is read."""


def scrub_cache(
    package: Package, part: str, root: Element, users: Iterable[str], frame: pl.DataFrame
) -> None:
    """Leave neither records nor texts in the cache `part` that the rows of `frame` do not have.

    `root` is changed, not written. Columns that no pivot and no slicer lists lose all their texts (ISO/IEC 29500-1,
    18.10.1.67); in others a text that is gone becomes a mark, because pivots and slicers refer to it by its number.
    """
    records = package.related(part, "pivotCacheRecords")
    if records:
        package.leave(part, records)
    for name in (_ID, "recordCount"):
        if name in root.attrib:
            del root.attrib[name]
    root.set("saveData", "0")
    root.set("missingItemsLimit", "0")
    listed = {place for user in users for place in _listed(package.tree(user))}
    sliced = set(_sliced(package))
    for place, field in enumerate(root.iterfind(f"{{{MAIN}}}cacheFields/{{{MAIN}}}cacheField")):
        shared = field.find(f"{{{MAIN}}}sharedItems")
        if shared is None:
            continue
        column = _column(frame, field)
        is_grouped = field.find(f"{{{MAIN}}}fieldGroup") is not None
        if place in listed or is_grouped or field.get("name") in sliced:
            _mark_gone(shared, column)
        else:
            _forget(shared)
        _bound(shared, column)


def _column(frame: pl.DataFrame, field: Element) -> pl.Series | None:
    heading = heading_of(field)
    return frame[heading] if heading in frame.columns else None


def _forget(shared: Element) -> None:
    for item in list(shared):
        shared.remove(item)
    if "count" in shared.attrib:
        del shared.attrib["count"]


def _mark_gone(shared: Element, column: pl.Series | None) -> None:
    """Put a mark for each text that `column` lacks; what Excel takes for one text it differs in case only."""
    if column is None or column.dtype.is_numeric():
        return
    there = {text.casefold() for text in column.drop_nulls().unique()}
    for number, item in enumerate(shared.iterfind(f"{{{MAIN}}}s"), 1):
        if (item.get("v") or "").casefold() not in there:
            item.set("v", _GONE.format(number))


def _bound(shared: Element, column: pl.Series | None) -> None:
    """Let the least and the greatest number be those of the new rows."""
    if "minValue" not in shared.attrib:
        return
    for name in ("minValue", "maxValue"):
        if name in shared.attrib:
            del shared.attrib[name]
    if column is not None and column.dtype.is_numeric() and column.null_count() < len(column):
        shared.set("minValue", str(column.min()))
        shared.set("maxValue", str(column.max()))


def _listed(root: Element) -> Iterator[int]:
    """Yield the numbers of the fields whose items a pivot lists."""
    for place, field in enumerate(root.iterfind(f"{{{MAIN}}}pivotFields/{{{MAIN}}}pivotField")):
        if field.find(f"{{{MAIN}}}items") is not None:
            yield place


def _sliced(package: Package) -> Iterator[str | None]:
    """Yield the names of the fields that slicers and timelines offer ([MS-XLSX], 2.6.57 and 2.6.113)."""
    for relation in package.relations(package.main()):
        target = relation.target
        if relation.kind in ("slicerCache", "timelineCache") and target and target in package:
            yield package.tree(target).get("sourceName")
