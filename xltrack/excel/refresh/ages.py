"""Lets pages of fixed figures of a national workbook say to which day the tables go, where those have other figures."""

from collections.abc import Iterator, Sequence

from lxml import etree

from xltrack.excel.age import Age, as_written, is_date
from xltrack.excel.opc import MAIN, Element, Package
from xltrack.excel.properties_xml import custom_property
from xltrack.excel.workbook_xml import WorkbookXml, shared_texts, text_of
from xltrack.findings.outputs import FIGURES, WORKBOOK


def tell_age(package: Package, age: Age) -> None:
    """Write behind titles and dates of fixed pages of which `age` the tables are; nothing where figures are equal.

    What an earlier refresh wrote there goes. A workbook that somebody made on their own has no such pages.
    """
    if custom_property(package, WORKBOOK) != "national":
        return
    is_former = custom_property(package, FIGURES) != age.figures
    texts = shared_texts(package)
    for sheet in WorkbookXml(package).sheets:
        for page in (page for page in age.pages if sheet.tab in page):
            told = age.told.to("vi" if sheet.tab == page.vi else "en") if is_former else ""
            _tell(package, sheet.part, texts, told)


def _tell(package: Package, part: str, texts: Sequence[str], told: str) -> None:
    root = package.tree(part)
    lines = [(cell, text_of(cell, texts)) for cell in _first_column(root)]
    wanted = [(cell, text, as_written(text) + told) for cell, text in lines if is_date(text)]
    if not wanted:
        wanted = [(cell, text, as_written(text) + told) for cell, text in lines[:1]]
    changed = [(cell, wished) for cell, text, wished in wanted if text != wished]
    for cell, wished in changed:
        _write(cell, wished)
    if changed:
        package.write_tree(part, root)


def _first_column(root: Element) -> Iterator[Element]:
    """Yield the cells of column A that hold text."""
    for cell in root.iter(f"{{{MAIN}}}c"):
        if cell.get("t") in ("s", "inlineStr") and (cell.get("r") or "").removeprefix("A").isdigit():
            yield cell


def _write(cell: Element, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = text
