"""Writes a workbook anew with nothing in it but what was proven plain, for a reader that believes what it finds."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from xltrack.intake.grammar import rows_within, strings_within
from xltrack.intake.markup import MAIN
from xltrack.intake.opened import Contents
from xltrack.intake.package import OFFICE
from xltrack.intake.styles import Format, Moment

_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
# ISO 29500-1, 18.8.30: general, a date, hours beyond a day.
_NUMBERED: Final[Mapping[Moment, int]] = {"": 0, "date": 14, "duration": 46}


def plain_workbook(contents: Contents, tabs: Sequence[str]) -> io.BytesIO:
    """Return a workbook with the worksheets `tabs` of another, which were proven plain, called 0, 1, 2 in their order.

    Of `contents` it has the rows and the shared strings as they stand, and of the formats whether they are those of
    moments; nothing else, under no other name and in no other place than any reader expects.
    """
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as package:
        for name, content in _parts(contents, tabs):
            package.writestr(name, content)
    memory.seek(0)
    return memory


def _parts(contents: Contents, tabs: Sequence[str]) -> Iterator[tuple[str, bytes | str]]:
    markup, structure, vocabulary = contents.parts.markup, contents.structure, contents.vocabulary
    numbers = range(len(tabs))
    related = [(f"r{at}", "worksheet", f"worksheets/{at}.xml") for at in numbers]
    named = (("s", "sharedStrings", "sharedStrings.xml"), ("f", "styles", "styles.xml"))
    yield "[Content_Types].xml", "<Types/>"
    yield "_rels/.rels", _relationships([("w", "officeDocument", "xl/workbook.xml")])
    yield "xl/_rels/workbook.xml.rels", _relationships([*related, *named])
    yield "xl/workbook.xml", _book(numbers, vocabulary.date_1904)
    yield "xl/styles.xml", _styles(vocabulary.formats)
    strings = markup[structure.strings] if structure.strings else b""
    start, end = strings_within(strings)
    yield "xl/sharedStrings.xml", b"".join((b"<sst>", memoryview(strings)[start:end], b"</sst>"))
    for at, tab in enumerate(tabs):
        xml = markup[structure.worksheets[tab]]
        start, end = rows_within(xml)
        rows = memoryview(xml)[start:end]
        yield (
            f"xl/worksheets/{at}.xml",
            b"".join((b"<worksheet><sheetData>", rows, b"</sheetData></worksheet>")),
        )


def _relationships(related: Iterable[tuple[str, str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, kind, target in related
    )
    return f'<Relationships xmlns="{_PACKAGE}">{entries}</Relationships>'


def _book(numbers: Iterable[int], date_1904: bool) -> str:
    sheets = "".join(f'<sheet name="{at}" sheetId="{at + 1}" r:id="r{at}"/>' for at in numbers)
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(date_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _styles(formats: Iterable[Format]) -> str:
    entries = "".join(f'<xf numFmtId="{_NUMBERED[found.moment]}"/>' for found in formats)
    return f'<styleSheet xmlns="{MAIN}"><cellXfs>{entries}</cellXfs></styleSheet>'
