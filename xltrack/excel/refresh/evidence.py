"""Whether a pivot can be one over a cache: what its part says of fields, and what its sheet shows as their headings."""

from collections.abc import Iterator, Sequence

from xltrack.excel.opc import MAIN, Element
from xltrack.excel.refresh.native import heading_of
from xltrack.excel.spots import spot_of
from xltrack.excel.workbook_xml import text_of

_AXES = ("rowFields/{0}field", "colFields/{0}field")


def columns_of(cache: Element) -> list[Element]:
    """Return the fields of a cache (cacheField, ISO/IEC 29500-1, 18.10.1.3)."""
    return cache.findall(f"{{{MAIN}}}cacheFields/{{{MAIN}}}cacheField")


def has_fields_of(pivot: Element, cache: Element, *, all_listed: bool) -> bool:
    """Return whether a pivot has as many fields as a cache, and lists no item that the cache does not have.

    A cache may list nothing until it is refreshed, except where `all_listed`.
    """
    fields, columns = _fields(pivot), columns_of(cache)
    if len(fields) != len(columns):
        return False
    return all(
        _last_item(field) < _count(column) or not (all_listed or _count(column))
        for field, column in zip(fields, columns, strict=True)
        if _last_item(field) >= 0
    )


def shows_headings_of(pivot: Element, cache: Element, sheet: Element, texts: Sequence[str]) -> bool:
    """Return whether the headings of a pivot in its `sheet`, if there are any, name its fields in the cache.

    `texts` are the shared ones of the workbook. The pivot must have as many fields as the cache.
    """
    shown = set(_heading_texts(pivot, sheet, texts))
    return not shown or shown >= set(_captions(pivot, cache))


def _fields(pivot: Element) -> list[Element]:
    return pivot.findall(f"{{{MAIN}}}pivotFields/{{{MAIN}}}pivotField")


def _last_item(field: Element) -> int:
    """Return the greatest number of an item that a field of a pivot lists, -1 if it lists none."""
    items = field.iterfind(f"{{{MAIN}}}items/{{{MAIN}}}item")
    return max((int(item.get("x") or -1) for item in items), default=-1)


def _count(column: Element) -> int:
    """Return how many items a field of a cache has; groups have items of their own."""
    paths = (f"{{{MAIN}}}sharedItems/*", f"{{{MAIN}}}fieldGroup/{{{MAIN}}}groupItems/*")
    return max(len(column.findall(path)) for path in paths)


def _captions(pivot: Element, cache: Element) -> Iterator[str]:
    """Yield what must stand above a pivot: its filters, and the names of the fields on its axes in tabular form."""
    fields, columns = _fields(pivot), columns_of(cache)
    axes = [one.get("x") for path in _AXES for one in pivot.iterfind(path.format(f"{{{MAIN}}}"))]
    shown = [] if pivot.get("showHeaders") == "0" else [int(x or 0) for x in axes]
    filters = pivot.iterfind(f"{{{MAIN}}}pageFields/{{{MAIN}}}pageField")
    named = [
        *(int(one.get("fld") or 0) for one in filters),
        *(place for place in shown if 0 <= place < len(fields) and fields[place].get("compact") == "0"),
    ]
    for place in named:
        if 0 <= place < len(fields):
            yield fields[place].get("name") or heading_of(columns[place])


def _heading_texts(pivot: Element, sheet: Element, texts: Sequence[str]) -> Iterator[str]:
    """Yield the texts in the rows of filters and headings (location, ISO/IEC 29500-1, 18.10.1.49)."""
    location = pivot.find(f"{{{MAIN}}}location")
    start = spot_of(location.get("ref") or "") if location is not None else None
    if location is None or start is None:
        return
    filters = len(pivot.findall(f"{{{MAIN}}}pageFields/{{{MAIN}}}pageField"))
    first = start[0] - (filters + 1 if filters else 0)
    last = start[0] + max(int(location.get("firstDataRow") or 1), 1)
    for cell in sheet.iter(f"{{{MAIN}}}c"):
        spot = spot_of(cell.get("r") or "")
        if spot and first <= spot[0] < last and cell.get("t") in ("s", "str", "inlineStr"):
            yield text_of(cell, texts)
