"""The part that lays a PivotTable out (pivotTableDefinition, ISO/IEC 29500-1, 18.10.1.73), in tabular form."""

from dataclasses import dataclass

from xltrack.excel.opc import Element
from xltrack.excel.pivot.cache_xml import VERSIONS
from xltrack.excel.pivot.elements import add, add_all, root_of
from xltrack.excel.pivot.lines import Line, Lines
from xltrack.excel.pivot.shown import TOTAL, body_row, heading_rows
from xltrack.excel.pivot.spec import Pivot
from xltrack.excel.spots import address_of
from xltrack.excel.strings_xml import xml_text
from xltrack.language import Lang, Text

_TABULAR = {"compact": "0", "outline": "0", "showAll": "0"}
_VALUES = Text("Giá trị", "Values")
_STYLE = {
    "name": "PivotStyleLight16", "showRowHeaders": "1", "showColHeaders": "1", "showRowStripes": "0",
    "showColStripes": "0", "showLastColumn": "1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a pivot stands and what it refers to: its corner (row and column from 0), cache and number format."""

    corner: tuple[int, int]
    cache_id: int
    number_format: int


def pivot_table(pivot: Pivot, placed: Placed, lang: Lang) -> Element:
    """Return the root of the part for `pivot`."""
    lines = Lines(pivot)
    root = root_of("pivotTableDefinition", _frame(pivot, placed, lang))
    add(root, "location", **_location(pivot, lines, placed.corner))
    names = pivot.table.frame.columns
    fields = add(root, "pivotFields", count=str(len(names)))
    for name in names:
        _field(fields, pivot, name)
    add_all(root, "rowFields", "field", [{"x": str(names.index(name))} for name in pivot.rows])
    _row_items(root, pivot, lines)
    if pivot.across:
        add_all(root, "colFields", "field", [{"x": str(names.index(pivot.across))}])
    _column_items(root, pivot, lines)
    if pivot.filters:
        add_all(root, "pageFields", "pageField", [_filter(pivot, name) for name in pivot.filters])
    data = {
        "name": xml_text(pivot.measure.title),
        "fld": str(names.index(pivot.measure.column)),
        "baseField": "0",
        "baseItem": "0",
        "numFmtId": str(placed.number_format),
    }
    add_all(root, "dataFields", "dataField", [data])
    add(root, "pivotTableStyleInfo", **_STYLE)
    return root


def _frame(pivot: Pivot, placed: Placed, lang: Lang) -> dict[str, str]:
    """Return the attributes of the pivot; `rowGrandTotals` is the row of totals, the opposite of Excel's own words."""
    totals = {"rowGrandTotals": pivot.total_row, "colGrandTotals": pivot.total_column}
    versions = {"updatedVersion" if name == "refreshedVersion" else name: v for name, v in VERSIONS.items()}
    formats = ("Number", "Border", "Font", "Pattern", "Alignment")
    return {
        "name": xml_text(pivot.name),
        "cacheId": str(placed.cache_id),
        **{f"apply{one}Formats": "0" for one in formats},
        "applyWidthHeightFormats": "1",
        "dataCaption": _VALUES.to(lang),
        "grandTotalCaption": TOTAL.to(lang),
        **versions,
        "useAutoFormatting": "1",
        "itemPrintTitles": "1",
        "indent": "0",
        **{name: "0" for name, is_wanted in totals.items() if not is_wanted},
        "compact": "0",
        "compactData": "0",
        "multipleFieldFilters": "0",
    }


def _location(pivot: Pivot, lines: Lines, corner: tuple[int, int]) -> dict[str, str]:
    """Return where the body stands; rows of the body are counted from its own first one (18.10.1.49)."""
    top = corner[0] + body_row(pivot)
    headings = heading_rows(pivot)
    bottom = top + headings + len(lines.rows) - 1
    right = corner[1] + len(pivot.rows) + len(lines.columns) - 1
    facts = {
        "ref": f"{address_of((top, corner[1]))}:{address_of((bottom, right))}",
        "firstHeaderRow": "1",
        "firstDataRow": str(headings),
        "firstDataCol": str(len(pivot.rows)),
    }
    pages = {"rowPageCount": str(len(pivot.filters)), "colPageCount": "1"} if pivot.filters else {}
    return facts | pages


def _field(fields: Element, pivot: Pivot, name: str) -> None:
    """Add one pivotField (18.10.1.69); an axis lists its items, each by its number in the cache."""
    if name == pivot.measure.column:
        add(fields, "pivotField", dataField="1", **_TABULAR)
        return
    if name not in pivot.axes:
        add(fields, "pivotField", **_TABULAR)
        return
    axis = "axisRow" if name in pivot.rows else "axisCol" if name == pivot.across else "axisPage"
    is_closed = pivot.subtotals or name not in pivot.rows
    plain = {} if is_closed else {"defaultSubtotal": "0"}
    field = add(fields, "pivotField", axis=axis, **_TABULAR, **plain)
    items = [{"x": str(number)} for number in range(len(pivot.table.items(name)))]
    add_all(field, "items", "item", [*items, *([{"t": "default"}] if is_closed else [])])


def _row_items(root: Element, pivot: Pivot, lines: Lines) -> None:
    parent = add(root, "rowItems", count=str(len(lines.rows)))
    for line in lines.rows:
        _item(parent, pivot, line)


def _item(parent: Element, pivot: Pivot, line: Line) -> None:
    """Add one line by the numbers of its texts among the items (i, 18.10.1.44)."""
    kinds = {"data": {}, "subtotal": {"t": "default"}, "total": {"t": "grand"}}
    entry = add(parent, "i", **kinds[line.kind], **({"r": str(line.repeated)} if line.repeated else {}))
    for column, text in list(zip(pivot.rows, line.key, strict=False))[line.repeated :]:
        _number(entry, pivot.table.items(column).index(text))
    if line.kind == "total":
        _number(entry, 0)


def _column_items(root: Element, pivot: Pivot, lines: Lines) -> None:
    parent = add(root, "colItems", count=str(len(lines.columns)))
    for text in lines.columns:
        entry = add(parent, "i", **({"t": "grand"} if pivot.across and text is None else {}))
        if pivot.across:
            _number(entry, 0 if text is None else pivot.table.items(pivot.across).index(text))


def _number(entry: Element, number: int) -> None:
    add(entry, "x", **({"v": str(number)} if number else {}))


def _filter(pivot: Pivot, name: str) -> dict[str, str]:
    text = pivot.filters[name]
    chosen = {} if text is None else {"item": str(pivot.table.items(name).index(text))}
    return {"fld": str(pivot.table.frame.columns.index(name))} | chosen | {"hier": "-1"}
