"""Lets a cell of the national workbook say which figure stands in it: a sheet that nobody sees lists them."""

import zipfile
from collections.abc import Iterable
from typing import Self

from lxml import etree
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from xltrack.excel.opc import MAIN, Package, PackageError
from xltrack.excel.workbook_xml import WorkbookXml, shared_texts, text_of

TAB = "_figures"
HEADINGS = ("sheet", "cell", "measure", "period", "figures_kind", "view", "unit_code", "cut")


class Traced(int):
    """The value of a figure that knows its name: measure, period, kind, view, unit, and each "dimension=code"."""

    key: tuple[str, ...]

    def __new__(cls, value: int, key: tuple[str, ...]) -> Self:
        """Return `value` under the name `key`."""
        made = super().__new__(cls, value)
        made.key = key
        return made


Noted = tuple[str, tuple[int, int], tuple[str, ...]]
"""A tab, a place (row and column counted from 0) and the name of the figure there."""


def write_traced(book: Workbook, noted: Iterable[Noted]) -> None:
    """Write to the very hidden sheet `_figures` which figure stands in which cell."""
    sheet = book.add_worksheet(TAB)
    sheet.write_row(0, 0, HEADINGS)
    for row, (tab, place, key) in enumerate(noted, 1):
        for column, text in enumerate((tab, xl_rowcol_to_cell(*place), *key)):
            sheet.write_string(row, column, text)
    sheet.very_hidden()


def read_traced(content: bytes) -> list[list[str]] | None:
    """Return the rows that `write_traced` wrote into the workbook `content`, None if it is none of xltrack's."""
    try:
        package = Package(content)
        part = next((one.part for one in WorkbookXml(package).sheets if one.tab == TAB), None)
        if part is None:
            return None
        texts = shared_texts(package)
        rows = package.tree(part).iter(f"{{{MAIN}}}row")
        return [[text_of(cell, texts) for cell in row.iterchildren(f"{{{MAIN}}}c")] for row in rows][1:]
    except (zipfile.BadZipFile, PackageError, etree.XMLSyntaxError, KeyError):
        return None
