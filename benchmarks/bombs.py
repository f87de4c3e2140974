"""Files of a few kilobytes that are made to harm whoever reads them trustingly."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tests.sheets import MAIN, RELATIONS, package

_FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
_LINK = f'<Relationship Id="r%d" Type="{RELATIONS}/%s" Target="%s"/>'
_WITH_STRINGS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f"{_LINK % (1, 'worksheet', 'worksheets/sheet1.xml')}{_LINK % (2, 'sharedStrings', 'sharedStrings.xml')}"
    "</Relationships>"
)


def _data(path: Path, rows: str = "", more: str = "") -> None:
    package(path, f"<sheetData>{_FIRST}{rows}</sheetData>{more}")


def _strings(path: Path, xml: str) -> None:
    parts = {"xl/sharedStrings.xml": xml, "xl/_rels/workbook.xml.rels": _WITH_STRINGS}
    package(path, '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', parts)


def _spaces(path: Path) -> None:
    package(path, parts={"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">'.encode() + b" " * 2**29})


def _laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]>'
    _strings(path, f'{dtd}<sst xmlns="{MAIN}"><si><t>&e9;</t></si></sst>')


def _deep(path: Path) -> None:
    _data(path, more=f"<extLst>{'<a>' * 200_000}{'</a>' * 200_000}</extLst>")


def _blank_rows(path: Path) -> None:
    _data(path, "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(2, 200_000)))


def _cut_off(path: Path) -> None:
    _data(path)
    path.write_bytes(path.read_bytes()[:-60])


_ROW = '<row r="%s"><c r="%s"><v>1</v></c></row>'
_COUNT = f'<sst xmlns="{MAIN}" uniqueCount="4294967295"><si><t>a</t></si></sst>'
_MERGE = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'

BOMBS: Mapping[str, Callable[[Path], None]] = {
    "512 MB of white space": _spaces,
    "the last cell of a sheet": partial(_data, rows=_ROW % (1_048_576, "XFD1048576")),
    "a column that does not exist": partial(_data, rows=_ROW % (2, "AAAAAAAA2")),
    "a row that does not exist": partial(_data, rows=_ROW % (99_999_999_999, "A99999999999")),
    "four billion strings": partial(_strings, xml=_COUNT),
    "a billion laughs": _laughs,
    "a merge over the whole sheet": partial(_data, more=_MERGE),
    "two hundred thousand deep": _deep,
    "two hundred thousand blank rows": _blank_rows,
    "cut off": _cut_off,
}
"""What writes the file to a path, by what the file does."""
