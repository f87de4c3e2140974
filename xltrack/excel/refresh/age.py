"""Lets the first page of a national workbook say that its figures are former ones, once the tables have newer rows."""

from lxml import etree

from xltrack.excel.first_page import NAME, outdated
from xltrack.excel.opc import MAIN, Element, Package
from xltrack.excel.workbook_xml import WorkbookXml, shared_texts, text_of

_ROWS = 6
"""So many rows from the top the date is looked for."""


def tell_age(package: Package) -> None:
    """Write into the first page, where the date of its data stands, that it is older than the tables."""
    for sheet in WorkbookXml(package).sheets:
        if sheet.tab in NAME:
            _tell(package, sheet.part)


def _tell(package: Package, part: str) -> None:
    root, texts = package.tree(part), shared_texts(package)
    rows = list(root.iter(f"{{{MAIN}}}row"))[:_ROWS]
    for cell in (cell for row in rows for cell in row.iterchildren(f"{{{MAIN}}}c")):
        told = outdated(text_of(cell, texts))
        if told is not None:
            _write(cell, told)
            package.write_tree(part, root)


def _write(cell: Element, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = text
