"""Put values straight into the XML of a workbook, as programs do that are neither Excel nor a library we use."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRINGS = "xl/sharedStrings.xml"
EPOCH = date(1899, 12, 30)

Value = str | int | float | date
Parts = dict[str, bytes]
Element = Any
"""An lxml element: attributes that the format requires are there, whatever the types say."""


@dataclass(frozen=True)
class Habits:
    """How a program writes its XML.

    `dimension` is the used range it claims ("": it claims none, None: as it was); `spans` whether rows say how wide
    they are; `styles` whether there is a part for styles; `phantom_rows` how many formatted blank rows it leaves below.
    """

    strings: Literal["inline", "shared"] = "inline"
    dimension: str | None = None
    spans: bool = True
    styles: bool = True
    phantom_rows: int = 0


WPS = Habits(strings="shared", dimension="A1", spans=False)
"""WPS Office names A1 alone as the used range, whatever the sheet holds."""
GOOGLE = Habits(strings="shared", dimension="", spans=False, phantom_rows=1000)
"""Google Sheets exports no used range, and rows up to the thousandth."""
BARE = Habits(styles=False)
"""Small libraries write no styles at all, so that a date is a mere number."""


def write_cells(
    template: Path, entries: Mapping[str, Mapping[str, Value]], out: Path, habits: Habits | None = None
) -> Path:
    """Copy `template` to `out` with `entries`, tab -> address -> value, and nothing else changed."""
    habits = habits or Habits()
    with zipfile.ZipFile(template) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    strings = _parsed(parts[STRINGS])
    for tab, part in _sheet_parts(parts).items():
        sheet = _parsed(parts[part])
        for address, value in sorted(entries.get(tab, {}).items(), key=lambda entry: _place(entry[0])):
            _set(_cell(sheet, address), value, strings if habits.strings == "shared" else None)
        _adopt(sheet, habits)
        parts[part] = _bytes(sheet)
    parts[STRINGS] = _bytes(strings)
    if not habits.styles:
        _drop_styles(parts)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out


def _sheet_parts(parts: Parts) -> dict[str, str]:
    """Tab -> name of the part that holds the sheet."""
    relations = _parsed(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    sheets = _parsed(parts["xl/workbook.xml"]).iter(f"{{{MAIN}}}sheet")
    return {
        sheet.get("name"): posixpath.join("xl", targets[sheet.get(f"{{{RELATION}}}id")]) for sheet in sheets
    }


def _cell(sheet: Element, address: str) -> Element:
    """Return the cell at `address`: the one that is there, else a new one with the format of its column."""
    row, column = _place(address)
    line = _within(sheet.find(f"{{{MAIN}}}sheetData"), "row", str(row), row)
    known = len(line)
    cell = _within(line, "c", address, column)
    if len(line) > known:
        cell.attrib.update(_column_style(sheet, column))
    return cell


def _within(parent: Element, tag: str, name: str, place: int) -> Element:
    """Return the child called `name`; a new one is put where it belongs in the order of places."""
    places = [_place(child.get("r"))[1] if tag == "c" else int(child.get("r")) for child in parent]
    if place in places:
        return parent[places.index(place)]
    child = etree.Element(f"{{{MAIN}}}{tag}", r=name)
    parent.insert(sum(known < place for known in places), child)
    return child


def _column_style(sheet: Element, column: int) -> dict[str, str]:
    for entry in sheet.iter(f"{{{MAIN}}}col"):
        if int(entry.get("min")) <= column <= int(entry.get("max")) and entry.get("style"):
            return {"s": entry.get("style")}
    return {}


def _set(cell: Element, value: Value, strings: Element) -> None:
    style = cell.get("s")
    address = cell.get("r")
    cell.clear()
    cell.set("r", address)
    if style:
        cell.set("s", style)
    if not isinstance(value, str):
        number = (value - EPOCH).days if isinstance(value, date) else value
        etree.SubElement(cell, f"{{{MAIN}}}v").text = repr(number)
    elif strings is None:
        cell.set("t", "inlineStr")
        _text(etree.SubElement(cell, f"{{{MAIN}}}is"), value)
    else:
        cell.set("t", "s")
        etree.SubElement(cell, f"{{{MAIN}}}v").text = str(len(strings))
        _text(etree.SubElement(strings, f"{{{MAIN}}}si"), value)
        strings.set("count", str(int(strings.get("count")) + 1))
        strings.set("uniqueCount", str(len(strings)))


def _text(parent: Element, value: str) -> None:
    text = etree.SubElement(parent, f"{{{MAIN}}}t")
    text.text = value
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _adopt(sheet: Element, habits: Habits) -> None:
    dimension = sheet.find(f"{{{MAIN}}}dimension")
    if habits.dimension:
        dimension.set("ref", habits.dimension)
    elif habits.dimension == "":
        sheet.remove(dimension)
    if not habits.spans:
        for row in sheet.iter(f"{{{MAIN}}}row"):
            row.attrib.pop("spans", None)
    if not habits.styles:
        _strip_styles(sheet)
    _add_rows(sheet.find(f"{{{MAIN}}}sheetData"), habits.phantom_rows)


def _strip_styles(sheet: Element) -> None:
    for element in sheet.iter(f"{{{MAIN}}}c", f"{{{MAIN}}}row", f"{{{MAIN}}}col"):
        for name in ("s", "style", "customFormat"):
            element.attrib.pop(name, None)
    for formats in sheet.findall(f"{{{MAIN}}}conditionalFormatting"):
        sheet.remove(formats)


def _add_rows(data: Element, count: int) -> None:
    last = max((int(row.get("r")) for row in data), default=0)
    for number in range(last + 1, count + 1):
        row = etree.SubElement(data, f"{{{MAIN}}}row", r=str(number), ht="15", customHeight="1")
        etree.SubElement(row, f"{{{MAIN}}}c", r=f"A{number}")


def _drop_styles(parts: Parts) -> None:
    """Take the part for styles away, and what names it."""
    del parts["xl/styles.xml"]
    for name, attribute in (("[Content_Types].xml", "PartName"), ("xl/_rels/workbook.xml.rels", "Target")):
        listing = _parsed(parts[name])
        for entry in [entry for entry in listing if (entry.get(attribute) or "").endswith("styles.xml")]:
            listing.remove(entry)
        parts[name] = _bytes(listing)


def _place(address: str) -> tuple[int, int]:
    """Return (row, column) counted from 1."""
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", address)
    if match is None:
        raise ValueError(f"{address!r} is no cell address")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _parsed(content: bytes) -> Element:
    return etree.fromstring(content)


def _bytes(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
