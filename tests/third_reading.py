"""A third reading of a workbook, which shares no line with the gate or the reader of values: lxml, and short rules.

It says which cells have content and what their XML says of it, so that a ledger can be held against the sheet itself.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.sheets import MAIN, RELATIONS
from xltrack.reading import ROW, Workbook

# What a part is its outermost element says; the kind of the relation that leads to it may say otherwise.
_WORKSHEET = re.compile(rb"<(?:\w+:)?worksheet[\s>]")
Contents = dict[tuple[str, str], str]
"""What a cell holds, by tab and address."""


def contents(content: bytes) -> Contents:
    """Return every cell with content of all worksheets; raises what zipfile, lxml and Python raise."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    main, targets = _main(parts)
    strings = _strings(parts.get(targets.get("sharedStrings", [("", "")])[0][1], b""))
    found: Contents = {}
    worksheets = {
        number: part
        for kind, several in targets.items()
        for number, part in several
        if kind == "worksheet" or _WORKSHEET.search(parts.get(part, b"")[:4096])
    }
    for sheet in _xml(parts[main]).iter(f"{{{MAIN}}}sheet"):
        part = worksheets.get(sheet.get(f"{{{RELATIONS}}}id", ""))
        if part is not None:
            found |= {(sheet.get("name"), at): text for at, text in _cells(parts[part], strings)}
    return found


def _xml(content: bytes):
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _main(parts: Mapping[str, bytes]) -> tuple[str, dict[str, list[tuple[str, str]]]]:
    """Return the name of the workbook's part, and its targets by kind: id and part."""
    main = next(part for kind, _, part in _related(parts, "") if kind == "officeDocument")
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, number, part in _related(parts, main):
        found.setdefault(kind, []).append((number, part))
    return main, found


def _related(parts: Mapping[str, bytes], part: str) -> Iterator[tuple[str, str, str]]:
    folder, name = posixpath.split(part)
    for relation in _xml(parts[posixpath.join(folder, "_rels", f"{name}.rels")]):
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        yield relation.get("Type", "").rpartition("/")[2], relation.get("Id", ""), target


def _strings(content: bytes) -> list[str]:
    return [_text(one) for one in _xml(content).findall(f"{{{MAIN}}}si")] if content else []


def _text(parent) -> str:
    """Return the text of a string: its own, or that of its runs; phonetic readings are not part of it."""
    own = parent.findall(f"{{{MAIN}}}t") + parent.findall(f"{{{MAIN}}}r/{{{MAIN}}}t")
    return "".join("".join(one.itertext(f"{{{MAIN}}}t")) for one in own)


def _cells(content: bytes, strings: list[str]) -> Iterator[tuple[str, str]]:
    row = 0
    for line in _xml(content).findall(f"{{{MAIN}}}sheetData/{{{MAIN}}}row"):
        row = int(line.get("r", row + 1))
        column = 0
        for cell in line.findall(f"{{{MAIN}}}c"):
            at = cell.get("r")
            column = column_index_from_string(at.rstrip("0123456789")) if at else column + 1
            text = _value(cell, strings)
            if text is not None:
                yield f"{get_column_letter(column)}{row}", text


def _value(cell, strings: list[str]) -> str | None:
    """Return what a cell holds, None if nothing; a formula that was never calculated is something."""
    kind, value, formula = cell.get("t", "n"), cell.find(f"{{{MAIN}}}v"), cell.find(f"{{{MAIN}}}f")
    inline = cell.find(f"{{{MAIN}}}is")
    text = "".join(value.itertext()) if value is not None else ""
    if kind == "s" and text.strip():
        text = strings[int(text)]
    elif inline is not None and not text:
        text = _text(inline)  # whatever the cell says of its type: nobody should lose it
    elif formula is not None and not text.strip() and not (kind == "str" and value is not None):
        return "="
    return text if _plain(text).strip() else None


def _plain(text: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def disagreements(content: bytes, workbook: Workbook) -> list[str]:
    """Return where a workbook that was read differs from what its XML says, in the count of cells or in a value."""
    there = contents(content)
    found = []
    if workbook.ledger.cells != len(there):
        found.append(f"the ledger knows {workbook.ledger.cells} cells, there are {len(there)}")
    for table in workbook.tables.values():
        for column in table.sheet.by_id:
            for row, text in zip(table.frame[ROW], table.raw[column], strict=True):
                at = table.cell(column, row)
                if at is not None and not _alike(text, there.get((table.tab, at))):
                    found.append(f"{table.tab}!{at}: read {text!r}, there is {there.get((table.tab, at))!r}")
    return found


def _alike(read: str | None, there: str | None) -> bool:
    if read is None or there is None:
        return read is there
    if read == there or re.sub(r"\s", "", read) == re.sub(r"\s", "", _plain(there)) or there == "=":
        return True
    if read in ("TRUE", "FALSE"):
        return there.strip().lower() in (str(int(read == "TRUE")), read.lower())
    try:
        number = float(there)
    except ValueError:
        return False
    return _same_number(read, number) or read[:10] in _days(number)


def _same_number(read: str, number: float) -> bool:
    try:
        return abs(float(read) - number) <= abs(number) * 1e-14
    except ValueError:
        return False


def _days(serial: float) -> Iterator[str]:
    for start in (date(1899, 12, 30), date(1904, 1, 1)):
        if -300_000 < serial < 3_000_000:
            try:
                yield f"{start + timedelta(days=int(serial)):%d/%m/%Y}"
            except OverflowError:
                continue
