"""The part that says where a PivotTable's data come from (pivotCacheDefinition, ISO/IEC 29500-1, 18.10.1.67).

It keeps no records: Excel reads the table when it opens the workbook (`refreshOnLoad`), and nothing lies in the
package that the table does not show. Excel writes caches without records itself, with `saveData="0"`.
"""

from collections.abc import Collection

import polars as pl

from xltrack.excel.opc import Element
from xltrack.excel.pivot.elements import add, root_of
from xltrack.excel.pivot.spec import Table
from xltrack.excel.strings_xml import xml_text

VERSIONS = {"refreshedVersion": "6", "minRefreshableVersion": "3", "createdVersion": "6"}
"""Made as by Excel 2016, and fit to be refreshed by 2007 and later ([MS-OI29500], 2.1.782)."""
AUTHOR = "xltrack"
"""Who refreshed a cache last: whoever saves it after us puts another name there."""
_LONG = 255


def cache_definition(table: Table, axes: Collection[str]) -> Element:
    """Return the root of the cache of `table`, which lists the texts of the columns that pivots put on an axis."""
    facts = {"saveData": "0", "refreshOnLoad": "1", "refreshedBy": AUTHOR} | VERSIONS
    root = root_of("pivotCacheDefinition", facts)
    source = add(root, "cacheSource", type="worksheet")
    add(source, "worksheetSource", name=table.name)
    fields = add(root, "cacheFields", count=str(table.frame.width))
    for name in table.frame.columns:
        field = add(fields, "cacheField", name=xml_text(name), numFmtId="0")
        _shared(field, table, name, is_axis=name in axes)
    return root


def _shared(field: Element, table: Table, name: str, *, is_axis: bool) -> None:
    """Describe the values of a column (sharedItems, 18.10.1.90): an axis lists its texts, numbers their bounds."""
    column = table.summable[name]
    if is_axis:
        items = table.items(name)
        shared = add(field, "sharedItems", count=str(len(items)))
        if any(len(text) > _LONG for text in items):
            shared.set("longText", "1")
        for text in items:
            add(shared, "s", v=xml_text(text))
        return
    blank = {"containsBlank": "1"} if column.null_count() else {}
    if column.dtype.is_numeric():
        facts = _numbers(column)
    elif any(len(text) > _LONG for text in column.drop_nulls().unique()):
        facts = {"longText": "1"}
    else:
        facts = {}
    add(field, "sharedItems", **blank, **facts)


def _numbers(column: pl.Series) -> dict[str, str]:
    whole = {} if column.null_count() else {"containsSemiMixedTypes": "0"}
    facts = whole | {"containsString": "0", "containsNumber": "1"}
    if column.dtype.is_integer():
        facts["containsInteger"] = "1"
    if column.null_count() == len(column):
        return {"containsNonDate": "0", "containsString": "0"}
    return facts | {"minValue": str(column.min()), "maxValue": str(column.max())}
