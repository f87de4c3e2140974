"""The shared texts of a workbook: those that no cell shows any more are emptied, their numbers stay."""

import re

from lxml import etree

from xltrack.excel.opc import MAIN, Package
from xltrack.excel.workbook_xml import WorkbookXml

_CELL = re.compile(rb"<(?:[\w.-]+:)?c\b[^>]*\bt=\"s\"[^>]*>\s*<(?:[\w.-]+:)?v[^>]*>\s*(\d+)")


def drop_unused_strings(package: Package) -> None:
    """Empty every shared text that no worksheet refers to; the part is left alone where there is none."""
    part = package.related(package.main(), "sharedStrings")
    if part is None:
        return
    sheets = [sheet.part for sheet in WorkbookXml(package).sheets if sheet.kind == "worksheet"]
    used = {int(number) for sheet in sheets for number in _CELL.findall(package.read(sheet))}
    root = package.tree(part)
    unused = [item for place, item in enumerate(root.iterfind(f"{{{MAIN}}}si")) if place not in used]
    stale = [item for item in unused if any(item.itertext())]
    for item in stale:
        for child in list(item):
            item.remove(child)
        etree.SubElement(item, f"{{{MAIN}}}t")
    if stale:
        package.write_tree(part, root)
