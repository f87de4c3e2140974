"""The shared texts of a workbook: those that no cell shows any more are emptied, their numbers stay."""

import re
from collections.abc import Iterator

from lxml import etree

from xltrack.excel.opc import MAIN, Element, Package, parse
from xltrack.excel.worksheet_xml import as_utf_8

_SHARED = (b'"s"', b"'s'")
"""The type of a cell with a shared text: no other attribute of a cell has that value (ISO/IEC 29500-1, 18.3.1.4), and a
text that looks like it could at most keep one more shared text."""
_CELL = re.compile(rb"[^>]*>(.*?)</(?:[\w.-]+:)?c\s*>", re.DOTALL)
"""What follows the type."""
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v\b[^>]*>\s*(\d+)")
_WITH_CELLS = ("worksheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")


def drop_unused_strings(package: Package) -> None:
    """Empty every shared text that no sheet refers to; the part is left alone where there is none."""
    part = package.related(package.main(), "sharedStrings")
    if part is None:
        return
    related = (one for one in package.relations(package.main()) if one.kind in _WITH_CELLS)
    sheets = [one.target for one in related if one.target and one.target in package]
    used = {number for sheet in sheets for number in _used(package.read(sheet))}
    root = package.tree(part)
    unused = [item for place, item in enumerate(root.iterfind(f"{{{MAIN}}}si")) if place not in used]
    stale = [item for item in unused if any(item.itertext())]
    for item in stale:
        for child in list(item):
            item.remove(child)
        etree.SubElement(item, f"{{{MAIN}}}t")
    if stale:
        package.write_tree(part, root)


def _used(xml: bytes) -> Iterator[int]:
    """Yield the numbers of the shared texts that the cells of a sheet show."""
    if b"<!" in xml:  # comments and sections may look like cells
        yield from (int(cell.findtext(f"{{{MAIN}}}v") or -1) for cell in _shared(xml))
        return
    xml = as_utf_8(xml)
    cells = (_CELL.match(xml, at) for mark in _SHARED for at in _after(mark, xml))
    values = (_VALUE.search(cell[1]) for cell in cells if cell)
    yield from (int(value[1]) for value in values if value)


def _after(mark: bytes, xml: bytes) -> Iterator[int]:
    """Yield where `mark` ends, each time that it stands in `xml`: few cells have it among the many of a table."""
    at = xml.find(mark)
    while at >= 0:
        yield at + len(mark)
        at = xml.find(mark, at + len(mark))


def _shared(xml: bytes) -> Iterator[Element]:
    return (cell for cell in parse(xml).iter(f"{{{MAIN}}}c") if cell.get("t") == "s")
