"""Writes the return: a copy of the sender's own workbook in which each problem is marked where it was typed."""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from lxml import etree

from xltrack.excel.answer import Answer, Problem
from xltrack.excel.marks import Marker, unselect
from xltrack.excel.opc import MAIN, Element, Package, PackageError
from xltrack.excel.result_sheet import add_result_sheet
from xltrack.excel.styles_xml import StylesXml
from xltrack.excel.workbook_xml import WorkbookXml
from xltrack.findings.marking import is_result
from xltrack.intake.markup import make_usual
from xltrack.intake.model import Refused

_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_MARKUP: Final = (".xml", ".rels", ".vml")
_PROPERTIES: Final = re.compile(
    rb"""((?:xmlns(?::[\w.-]+)?|Type)\s*=\s*["'][^"']*/)(extended|custom)Properties(?=["'])"""
)
"""Two names that the forms of the standard spell differently: as one word, and with a hyphen."""
_STYLE: Final = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bs=["'](\d+)""")


class NotAnnotated(Exception):
    """The workbook is built in a way that cannot be marked; the text says how. The sender still gets the list."""


def annotate(content: bytes, answer: Answer) -> bytes:
    """Return the workbook `content` with the problems of `answer` marked, and a first sheet that lists them.

    What an earlier answer wrote is replaced. Parts without a mark stay byte for byte as they were, rows and cells
    everywhere. The content is a stranger's: nothing in it is resolved or run. Raises NotAnnotated.
    """
    try:
        return _annotated(Package(content), answer)
    except (
        PackageError,
        Refused,
        etree.LxmlError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        LookupError,
    ) as failure:
        raise NotAnnotated(f"{type(failure).__name__}: {failure}") from failure


def _annotated(package: Package, answer: Answer) -> bytes:
    _make_usual(package)
    book = WorkbookXml(package)
    _remove_earlier_result(package, book)
    _remove_signatures(package)
    styles = StylesXml(package, book.part, _styles_in_use(package, book))
    without_note = _mark(package, book, Marker(package, styles, answer.lang), answer)
    add_result_sheet(book, styles, answer, without_note)
    styles.save()
    book.save()
    return package.to_bytes()


def _make_usual(package: Package) -> None:
    """Turn a copy in the strict form of ISO 29500 into the transitional one, which alone has boxes for notes."""
    if _STRICT not in package.read("_rels/.rels"):
        return
    parts = {name: package.read(name) for name in package.names() if name.endswith(_MARKUP)}
    make_usual(parts)
    for name, xml in parts.items():
        package.write(name, _PROPERTIES.sub(rb"\1\2-properties", xml))


def _mark(package: Package, book: WorkbookXml, marker: Marker, answer: Answer) -> dict[str, int]:
    """Mark every sheet; return how many marked cells have no note, by tab."""
    problems: dict[str | None, list[Problem]] = defaultdict(list)
    for problem in answer.problems:
        problems[problem.sheet].append(problem)
    without_note = {}
    for sheet in book.sheets:
        if sheet.kind == "worksheet":
            without_note[sheet.tab] = marker.mark(sheet.part, problems[sheet.tab])
        else:
            unselect(package, sheet.part)
    return {tab: count for tab, count in without_note.items() if count}


def _remove_earlier_result(package: Package, book: WorkbookXml) -> None:
    part = package.related(book.part, "sharedStrings")
    strings = package.tree(part).findall(f"{{{MAIN}}}si") if part else []
    for sheet in book.sheets:
        if sheet.kind == "worksheet" and is_result(_first_row(package.read(sheet.part), strings)):
            book.remove(sheet)


def _remove_signatures(package: Package) -> None:
    """Take digital signatures out of the copy: they are about other bytes, and would be told to be forged."""
    for relation in package.relations(""):
        if relation.kind == "origin" and relation.target and relation.target in package:
            package.leave("", relation.target)


def _first_row(worksheet: bytes, strings: Sequence[Element]) -> list[str]:
    """Return the texts of the first row with content, [""] if there is none."""
    rows = etree.iterparse(BytesIO(worksheet), tag=f"{{{MAIN}}}row", resolve_entities=False, no_network=True)
    texts = ([_text(cell, strings) for cell in row.iterfind(f"{{{MAIN}}}c")] for _, row in rows)
    return next(filter(None, ([text for text in row if text.strip()] for row in texts)), [""])


def _text(cell: Element, strings: Sequence[Element]) -> str:
    value = cell.findtext(f"{{{MAIN}}}v") or ""
    holder = strings[int(value)] if cell.get("t") == "s" and value else cell
    return "".join(piece.text or "" for piece in holder.iter(f"{{{MAIN}}}t")) or value


def _styles_in_use(package: Package, book: WorkbookXml) -> int:
    """Return how many cell formats the cells of a workbook without a part for styles ask for."""
    if package.related(book.part, "styles"):
        return 0
    sheets = (package.read(sheet.part) for sheet in book.sheets)
    return 1 + max((int(number) for xml in sheets for number in _STYLE.findall(xml)), default=0)
