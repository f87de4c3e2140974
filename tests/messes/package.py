"""Writes a workbook's XML by hand, as programs do that are neither Excel nor a library we use.

This is the writer that can say everything the model knows: errors younger than the libraries, rich text, comments,
wrong used ranges, a package without styles.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.messes.model import Book, Cell, ErrorValue, Formula, Place, Rich, Tab, address, place_of
from tests.sheets import MAIN, PACKAGE, RELATIONS, SHEET_TYPE

_OOXML = "application/vnd.openxmlformats-officedocument"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
FORMATS: Mapping[str | None, tuple[str, int]] = {
    # Font and number format of each format: 14 is a day, 9 and 10 are per cent (ISO 29500-1, 18.8.30).
    None: ("<font><name val='Calibri'/></font>", 0),
    "day": ("<font><name val='Calibri'/></font>", 14),
    "percent": ("<font><name val='Calibri'/></font>", 10),
    "struck": ("<font><strike/><name val='Calibri'/></font>", 0),
    "struck day": ("<font><strike/><name val='Calibri'/></font>", 14),
    "tcvn3": ("<font><name val='.VnTime'/></font>", 0),
    "vni": ("<font><name val='VNI-Times'/></font>", 0),
}
_STYLE_OF = {name: number for number, name in enumerate(FORMATS)}


def write_package(book: Book, path: Path) -> Path:
    """Write `book` to `path`; always the same bytes for the same book."""
    strings: dict[str, int] = {}
    parts: dict[str, str | bytes] = {}
    for number, tab in enumerate(book.tabs, 1):
        parts |= _sheet_parts(book, tab, number, strings)
    parts["xl/workbook.xml"] = _workbook(book)
    parts["xl/_rels/workbook.xml.rels"] = _relations(_workbook_relations(book))
    parts["_rels/.rels"] = _relations(
        [("officeDocument", "xl/workbook.xml"), ("custom-properties", "docProps/custom.xml")]
    )
    parts["docProps/custom.xml"] = _properties(book.properties)
    if book.styles:
        parts["xl/styles.xml"] = _styles()
    if book.strings == "shared":
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{"".join(strings)}</sst>'
    for number, target in enumerate(book.links, 1):
        parts |= _link_parts(number, target)
    parts["[Content_Types].xml"] = _types(parts)
    whole = {name: content for name, content in (parts | dict(book.parts)).items() if content is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in whole.items():
            package.writestr(zipfile.ZipInfo(name, (2025, 11, 15, 8, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return path


def _sheet_parts(book: Book, tab: Tab, number: int, strings: dict[str, int]) -> dict[str, str]:
    parts = {f"xl/worksheets/sheet{number}.xml": _worksheet(book, tab, strings)}
    relations = []
    if tab.comments:
        parts[f"xl/comments{number}.xml"] = _comments(tab.comments)
        relations.append(("comments", f"../comments{number}.xml"))
    if tab.drawings:
        parts[f"xl/drawings/drawing{number}.xml"] = _drawing(tab.drawings)
        relations.append(("drawing", f"../drawings/drawing{number}.xml"))
    for at, (name, ref) in enumerate(tab.tables.items(), 1):
        parts[f"xl/tables/table{number}{at}.xml"] = _table(tab, name, ref, number * 10 + at)
        relations.append(("table", f"../tables/table{number}{at}.xml"))
    if relations:
        parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(relations)
    return parts


def _worksheet(book: Book, tab: Tab, strings: dict[str, int]) -> str:
    used = f"A1:{address(max(tab.last_row, 1), max(tab.width, 1))}"
    inside = [] if tab.dimension == "" else [f'<dimension ref="{tab.dimension or used}"/>']
    if tab.hidden_columns:
        hidden = "".join(
            f'<col min="{at}" max="{at}" width="9" hidden="1"/>' for at in sorted(tab.hidden_columns)
        )
        inside.append(f"<cols>{hidden}</cols>")
    inside.append(f"<sheetData>{''.join(_rows(book, tab, strings))}</sheetData>")
    if tab.protected:
        inside.append('<sheetProtection sheet="1" objects="1" scenarios="1" password="CC1A"/>')
    if tab.filtered:
        rule = '<customFilters><customFilter val="x"/></customFilters>'
        inside.append(
            f'<autoFilter ref="{tab.filtered}"><filterColumn colId="0">{rule}</filterColumn></autoFilter>'
        )
    if tab.merges:
        inside.append(
            f"<mergeCells>{''.join(f'<mergeCell ref={quoteattr(ref)}/>' for ref in tab.merges)}</mergeCells>"
        )
    inside += _hangings(tab)
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{"".join(inside)}</worksheet>'


def _hangings(tab: Tab) -> Iterator[str]:
    """Yield what names the parts beside the sheet, by the order in which `_sheet_parts` relates them."""
    at = 1 + bool(tab.comments)
    if tab.drawings:
        yield f'<drawing r:id="r{at}"/>'
        at += 1
    if tab.tables:
        parts = "".join(f'<tablePart r:id="r{number}"/>' for number in range(at, at + len(tab.tables)))
        yield f"<tableParts>{parts}</tableParts>"


def _rows(book: Book, tab: Tab, strings: dict[str, int]) -> Iterator[str]:
    rows: dict[int, list[str]] = {row: [] for row in sorted({row for row, _ in tab.cells} | tab.hidden_rows)}
    for (row, column), cell in sorted(tab.cells.items(), key=lambda entry: entry[0]):
        rows[row].append(_cell(book, (row, column), cell, strings))
    for row, cells in rows.items():
        hidden = ' hidden="1"' if row in tab.hidden_rows else ""
        yield f'<row r="{row}"{hidden}>{"".join(cells)}</row>'
    last = max(rows, default=0)
    for row in range(last + 1, last + 1 + tab.blank_rows):
        yield f'<row r="{row}" ht="15" customHeight="1"><c r="A{row}" s="0"/></row>'


def _cell(book: Book, place: Place, cell: Cell, strings: dict[str, int]) -> str:
    style = f' s="{_STYLE_OF[cell.format]}"' if book.styles and cell.format else ""
    start = f'<c r="{address(*place)}"{style}'
    value = cell.value
    if value is None:
        return f"{start}/>"
    if not isinstance(value, str | Rich):
        return start + _plain(value, book)
    if book.strings == "inline":
        return f'{start} t="inlineStr"><is>{_string(value)}</is></c>'
    number = strings.setdefault(f"<si>{_string(value)}</si>", len(strings))
    return f'{start} t="s"><v>{number}</v></c>'


def _plain(value: Any, book: Book) -> str:
    match value:
        case bool():
            return f' t="b"><v>{int(value)}</v></c>'
        case ErrorValue():
            return f' t="e"><v>{escape(value.text)}</v></c>'
        case Formula():
            return _calculated(value)
        case date():
            return f"><v>{serial(value, book.date_1904)!r}</v></c>"
    return f"><v>{value!r}</v></c>"


def _calculated(formula: Formula) -> str:
    text = f"<f>{escape(formula.text.removeprefix('='))}</f>"
    if isinstance(formula.value, str):
        return f' t="str">{text}<v>{escape(formula.value)}</v></c>'
    return f">{text}</c>" if formula.value is None else f">{text}<v>{formula.value!r}</v></c>"


def _string(value: str | Rich) -> str:
    if isinstance(value, Rich):
        runs = "".join(f"<r><rPr><b/></rPr>{_t(run)}</r>" for run in value.runs)
        return runs + (f'<rPh sb="0" eb="1">{_t(value.phonetic)}</rPh>' if value.phonetic else "")
    return _t(value)


def _t(text: str) -> str:
    return f'<t xml:space="preserve">{escape(text)}</t>'


def serial(moment: date, date_1904: bool) -> float | int:
    """Return the number by which a workbook counts the day `moment`."""
    start = date(1904, 1, 1) if date_1904 else date(1899, 12, 30)
    if isinstance(moment, datetime):
        passed = moment - datetime.combine(start, datetime.min.time())
        return passed.total_seconds() / 86_400
    return (moment - start).days


def _workbook(book: Book) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(tab.name)} sheetId="{number}" r:id="r{number}"'
        + (f' state="{tab.state}"' if tab.state != "visible" else "") + "/>"
        for number, tab in enumerate(book.tabs, 1)
    )  # fmt: skip
    names = "".join(
        f"<definedName name={quoteattr(name)}>{escape(ref)}</definedName>" for name, ref in book.names.items()
    )
    first = len(book.tabs) + 3
    links = "".join(f'<externalReference r:id="r{first + at}"/>' for at in range(len(book.links)))
    links = f"<externalReferences>{links}</externalReferences>" if links else ""
    system = '<workbookPr date1904="1"/>' if book.date_1904 else "<workbookPr/>"
    named = f"<definedNames>{names}</definedNames>" if names else ""
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{system}<sheets>{sheets}</sheets>{links}{named}</workbook>'


def _workbook_relations(book: Book) -> list[tuple[str, str] | None]:
    found: list[tuple[str, str] | None] = [
        ("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(book.tabs) + 1)
    ]
    found.append(("styles", "styles.xml") if book.styles else None)
    found.append(("sharedStrings", "sharedStrings.xml") if book.strings == "shared" else None)
    return [
        *found,
        *(("externalLink", f"externalLinks/externalLink{at}.xml") for at in range(1, len(book.links) + 1)),
    ]


def _relations(targets: Iterable[tuple[str, str] | None]) -> str:
    """Return relationships r1, r2 …; None keeps a number free."""
    entries = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{entry[0]}" Target="{entry[1]}"/>'
        for number, entry in enumerate(targets, 1)
        if entry
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def _link_parts(number: int, target: str) -> dict[str, str]:
    name = f"externalLink{number}.xml"
    relation = f'<Relationship Id="r1" Type="{RELATIONS}/externalLinkPath" TargetMode="External" '
    relation += f"Target={quoteattr(target)}/>"
    return {
        f"xl/externalLinks/{name}": f'<externalLink xmlns="{MAIN}" xmlns:r="{RELATIONS}"><externalBook r:id="r1">'
        '<sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>',
        f"xl/externalLinks/_rels/{name}.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relation}'
        "</Relationships>",
    }


_KINDS = {
    "xl/workbook": SHEET_TYPE,
    "xl/worksheets/sheet": f"{_OOXML}.spreadsheetml.worksheet+xml",
    "xl/styles": f"{_OOXML}.spreadsheetml.styles+xml",
    "xl/sharedStrings": f"{_OOXML}.spreadsheetml.sharedStrings+xml",
    "xl/comments": f"{_OOXML}.spreadsheetml.comments+xml",
    "xl/drawings/drawing": f"{_OOXML}.drawing+xml",
    "xl/tables/table": f"{_OOXML}.spreadsheetml.table+xml",
    "xl/externalLinks/externalLink": f"{_OOXML}.spreadsheetml.externalLink+xml",
    "docProps/custom": f"{_OOXML}.custom-properties+xml",
}


def _types(parts: Mapping[str, Any]) -> str:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name in parts
        for start, kind in _KINDS.items()
        if name.startswith(start)
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'


def _properties(properties: Mapping[str, str]) -> str:
    entries = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    return f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VT}">{entries}</Properties>'


def _styles() -> str:
    fonts = "".join(font for font, _ in FORMATS.values())
    formats = "".join(
        f'<xf numFmtId="{number}" fontId="{at}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        for at, (_, number) in enumerate(FORMATS.values())
    )
    return (
        f'<styleSheet xmlns="{MAIN}"><fonts count="{len(FORMATS)}">{fonts}</fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(FORMATS)}">{formats}</cellXfs></styleSheet>'
    )


def _comments(comments: Mapping[Place, str]) -> str:
    entries = "".join(
        f'<comment ref="{address(*place)}" authorId="0"><text><r>{_t(text)}</r></text></comment>'
        for place, text in sorted(comments.items())
    )
    return f'<comments xmlns="{MAIN}"><authors><author/></authors><commentList>{entries}</commentList></comments>'


def _drawing(count: int) -> str:
    box = (
        "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{at}</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff>"
        "<xdr:row>{end}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp><xdr:nvSpPr>"
        '<xdr:cNvPr id="{id}" name="TextBox {id}"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr/><xdr:txBody>'
        "<a:bodyPr/><a:p><a:r><a:t>Xem bảng kèm theo</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
        "</xdr:twoCellAnchor>"
    )
    boxes = "".join(box.format(at=40 + 3 * at, end=42 + 3 * at, id=at + 2) for at in range(count))
    return f'<xdr:wsDr xmlns:xdr="{_XDR}" xmlns:a="{_A}">{boxes}</xdr:wsDr>'


def _table(tab: Tab, name: str, ref: str, number: int) -> str:
    (row, first), (_, last) = (place_of(corner) for corner in ref.split(":"))
    heads = {at: tab.cells.get((row, at)) for at in range(first, last + 1)}
    texts = {at: str(cell.value) if cell else f"Column{at}" for at, cell in heads.items()}
    entries = "".join(
        f'<tableColumn id="{at}" name={quoteattr(text, {chr(10): "_x000a_"})}/>' for at, text in texts.items()
    )
    return (
        f'<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" ref="{ref}" totalsRowShown="0">'
        f'<tableColumns count="{len(texts)}">{entries}</tableColumns>'
        '<tableStyleInfo name="TableStyleMedium2" showRowStripes="1"/></table>'
    )
