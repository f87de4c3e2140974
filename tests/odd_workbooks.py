"""Workbooks that are put together in odd ways and are good all the same: each has the cells of `ODD_CELLS`."""

import struct
from collections.abc import Callable
from datetime import date

from tests.hostile import (
    COMPATIBILITY,
    SHEET,
    STRINGS_PART,
    STYLES_PART,
    more_items,
    of,
    rows,
    undeclared,
    unicode_name,
    with_sheet,
)
from tests.sheets import MAIN, RELATIONS, SHEET_TYPE
from tests.workbook_parts import (
    CELLS,
    DECLARED,
    PARTS,
    RELATED,
    STRINGS,
    STYLES,
    beside,
    book,
    content_types,
    prefixed,
    relationships,
    strict,
    worksheet,
)  # fmt: skip
from tests.zips import Descriptor, Item, plain, zipped

ODD_CELLS = [["Tên", date(2023, 3, 15), 5.0]]
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
WORKBOOK = "xl/workbook.xml"
INLINE = CELLS.replace(' t="s"><v>0</v>', ' t="inlineStr"><is><t>Tên</t></is>')
BAD_VML = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape>a<br>b</v:shape></xml>'
LARGE_FIELD = struct.pack("<2H2Q", 1, 16, 0, 0)
GROWTH_HINT = struct.pack("<4H", 0xA220, 4, 0xA028, 0)


def described(form: Descriptor) -> bytes:
    return zipped(plain(PARTS, descriptor=form))


def _large() -> bytes:
    """Return a workbook as it is written without knowing any number beforehand: for large files throughout."""
    items = plain(PARTS, descriptor="long", local={"extra": LARGE_FIELD, "unsaid": True})
    return zipped(
        items, large=True, end={"size": 0xFFFFFFFF, "start": 0xFFFFFFFF, "here": 0xFFFF, "total": 0xFFFF}
    )


def _renamed(old: str, new: str) -> bytes:
    return zipped(plain({name.replace(old, new): part for name, part in PARTS.items()}))


def _elsewhere(workbook: str) -> dict[str, str | bytes | None]:
    """Return the changes that move the list of sheets to the part `workbook` in the folder xl."""
    return {
        WORKBOOK: None,
        BOOK_RELS: None,
        f"xl/{workbook}": book("S"),
        f"xl/_rels/{workbook}.rels": relationships(*RELATED),
        "_rels/.rels": relationships(("officeDocument", f"/xl/{workbook}")),
        "[Content_Types].xml": content_types(main=f"/xl/{workbook}"),
    }


def _at_the_top() -> bytes:
    """Return a workbook without any folder but those for relationships."""
    return zipped(plain({
        "[Content_Types].xml": content_types(main="/book.xml"),
        "_rels/.rels": relationships(("officeDocument", "book.xml")),
        "book.xml": book("S"),
        "_rels/book.xml.rels": relationships(("worksheet", "a.xml"), ("sharedStrings", "b.xml"), ("styles", "c.xml")),
        "a.xml": worksheet(),
        "b.xml": STRINGS,
        "c.xml": STYLES,
    }))  # fmt: skip


def _targets(sheet: str, strings: str, styles: str, **parts: str | None) -> bytes:
    related = relationships(("worksheet", sheet), ("sharedStrings", strings), ("styles", styles))
    return of({BOOK_RELS: related, **parts})


def _utf16(encoding: str) -> bytes:
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    return zipped(plain({
        name: (mark + text.replace("UTF-8", "UTF-16")).encode(encoding) for name, text in PARTS.items()
    }))  # fmt: skip


def _marked() -> bytes:
    return zipped(plain({name: b"\xef\xbb\xbf" + text.encode() for name, text in PARTS.items()}))


def _prefixed() -> bytes:
    names = (SHEET, STRINGS_PART, STYLES_PART, BOOK_RELS, "_rels/.rels", "[Content_Types].xml")
    parts = {name: prefixed(PARTS[name]) for name in names}
    return of(parts | {WORKBOOK: prefixed(book("S").replace(f' xmlns:r="{RELATIONS}"', "")).replace(
        "<x:workbook", f'<x:workbook xmlns:r="{RELATIONS}"'
    )})  # fmt: skip


def _with_decoy(place: str) -> bytes:
    """Return a workbook with other rows of another namespace before its own, for readers that match local names."""
    rows = CELLS.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:v>5<", "<x:v>9999<")
    decoy = place.format(f"<x:sheetData>{rows}</x:sheetData>")
    return with_sheet(worksheet().replace("<sheetData>", f"{decoy}<sheetData>").replace(
        "<worksheet ", f'<worksheet xmlns:mc="{COMPATIBILITY}" xmlns:x="urn:x" mc:Ignorable="x" '
    ))  # fmt: skip


def _on_sheet(kind: str, target: str, content: str | bytes | None = None) -> bytes:
    """Return a workbook whose sheet has a relationship, to a part with `content` or to somewhere outside."""
    related = relationships((kind, target), external=content is None)
    return of(
        {SHEET_RELS: related} | ({f"xl/{target.removeprefix('../')}": content} if content is not None else {})
    )


def _sheet_called(name: str) -> bytes:
    """Return a workbook whose sheet is the part `name`, which does not begin as XML mostly does."""
    parts: dict[str, str | bytes] = {**PARTS, name: PARTS[SHEET].removeprefix(DECLARED)}
    del parts[SHEET]
    related = PARTS[BOOK_RELS].replace("worksheets/sheet1.xml", name.removeprefix("xl/"))
    return zipped(plain(parts | {BOOK_RELS: related}))


def _attached(content: bytes) -> bytes:
    """Return a workbook to which data of another program is attached."""
    return of({BOOK_RELS: beside(("customXml", "../customXml/item1.xml")), "customXml/item1.xml": content})


ODD: dict[str, Callable[[], bytes]] = {
    "nothing odd": lambda: of({}),
    "a sheet under another name": lambda: _sheet_called("xl/worksheets/sheet1.dat"),
    "data of another program in another encoding": lambda: _attached(
        "<?xml version='1.0' encoding='windows-1258'?><a>Mã</a>".encode("latin-1")
    ),
    "data of another program, broken": lambda: _attached(b"<?xml version='1.0'?><!-- | --><a><b></a>"),
    "a picture in SVG": lambda: of({"xl/media/image1.svg": "<?xml version='1.0'?><!DOCTYPE svg><svg/>"}),
    "stored, not packed": lambda: zipped(plain(PARTS, method=0)),
    "numbers behind the bytes": lambda: described("short"),
    "long numbers behind the bytes": lambda: described("long"),
    "numbers behind the bytes without a mark": lambda: described("unmarked"),
    "stored with numbers behind": lambda: zipped(plain(PARTS, method=0, descriptor="short")),
    "written as if it were large": _large,
    "a comment": lambda: zipped(plain(PARTS), "gửi từ máy chủ".encode()),
    "line break of a mail behind it": lambda: of({}) + b"\r\n",
    "zeros up to a full block behind it": lambda: of({}).ljust(8_192, b"\0"),
    "folders": lambda: more_items(Item("xl/", method=0), Item("docProps/", method=0)),
    "room to grow": lambda: zipped(plain(PARTS, local={"extra": GROWTH_HINT})),
    "rights of Unix": lambda: zipped(plain(PARTS, central={"mode": 0o100644})),
    "entries the other way round": lambda: zipped(plain(dict(reversed(PARTS.items())))),
    "backslashes in names": lambda: _renamed("/", "\\"),
    "capital letters in names": lambda: _renamed("sheet1", "SHEET1"),
    "paths from the top": lambda: _targets("/xl/worksheets/sheet1.xml", "/xl/sharedStrings.xml", "/xl/styles.xml"),
    "paths with dots": lambda: _targets("../xl/worksheets/sheet1.xml", "./sharedStrings.xml", "../xl/styles.xml"),
    "paths with backslashes": lambda: _targets("worksheets\\sheet1.xml", "sharedStrings.xml", "styles.xml"),
    "paths in capital letters": lambda: _targets("WORKSHEETS/Sheet1.xml", "SharedStrings.xml", "Styles.XML"),
    "strings and formats elsewhere": lambda: _targets(
        "worksheets/sheet1.xml", "b/t.xml", "b/f.xml",
        **{"xl/b/t.xml": STRINGS, "xl/b/f.xml": STYLES, STRINGS_PART: None, STYLES_PART: None},
    ),
    "other strings under the usual name": lambda: _targets(
        "worksheets/sheet1.xml", "t.xml", "styles.xml",
        **{"xl/t.xml": STRINGS, STRINGS_PART: STRINGS.replace("Tên", "Khác")},
    ),
    "other formats under the usual name": lambda: _targets(
        "worksheets/sheet1.xml", "sharedStrings.xml", "f.xml",
        **{"xl/f.xml": STYLES, STYLES_PART: STYLES.replace('numFmtId="14"', 'numFmtId="9"')},
    ),
    "list of sheets under another name": lambda: of(_elsewhere("workbook22.xml")),
    "everything at the top": _at_the_top,
    "a blank in the name of a part": lambda: _targets(
        "worksheets/sheet%201.xml", "sharedStrings.xml", "styles.xml",
        **{"xl/worksheets/sheet%201.xml": worksheet(), SHEET: None},
    ),
    "a sheet that does not end in .xml": lambda: _targets(
        "worksheets/sheet1", "sharedStrings.xml", "styles.xml", **{"xl/worksheets/sheet1": worksheet(), SHEET: None}
    ),
    "prefixes everywhere": _prefixed,
    "another prefix for relationships": lambda: of(
        {WORKBOOK: book("S").replace("xmlns:r=", "xmlns:q=").replace("r:id", "q:id")}
    ),
    "UTF-16": lambda: _utf16("utf-16-le"),
    "UTF-16 without a mark, the other way round": lambda: _utf16("utf-16-be"),
    "marks of UTF-8": _marked,
    "no declarations": lambda: of({name: undeclared(part) for name, part in PARTS.items()}),
    "ASCII": lambda: with_sheet(worksheet().replace("UTF-8", "us-ascii")),
    "strict": lambda: zipped(plain(strict(PARTS))),
    "a template": lambda: of({"[Content_Types].xml": content_types(book=SHEET_TYPE.replace("sheet.", "template."))}),
    "the type of all XML is workbook": lambda: of({
        "[Content_Types].xml": content_types().replace('"application/xml"', f'"{SHEET_TYPE}"').replace(
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}"/>', ""
        )
    }),
    "no strings, texts in the cells": lambda: of({SHEET: worksheet(INLINE), STRINGS_PART: None}),
    "strings told of and not there": lambda: of({SHEET: worksheet(INLINE), STRINGS_PART: None, BOOK_RELS: beside()}),
    "dates of ISO 8601": lambda: rows(CELLS.replace('s="1"><v>45000', 's="1" t="d"><v>2023-03-15')),
    "counts that are not true": lambda: of({STRINGS_PART: STRINGS.replace('uniqueCount="1"', 'uniqueCount="7"')}),
    "no counts": lambda: of({STRINGS_PART: STRINGS.replace(' count="1" uniqueCount="1"', "")}),
    "remarks and instructions": lambda: rows(f"<!-- a -->{CELLS}<?go away?>"),
    "sections": lambda: of({STRINGS_PART: STRINGS.replace("Tên", "<![CDATA[Tên]]>")}),
    "letters as numbers": lambda: of({STRINGS_PART: STRINGS.replace("Tên", "T&#234;&#x6E;")}),
    "single quotes": lambda: rows(CELLS.replace('"', "'")),
    "what newer programs add": lambda: rows(
        CELLS, '<extLst><ext xmlns:q="urn:q" uri="{1}"><q:a/></ext></extLst>'
    ),
    "a ribbon": lambda: of({"customUI/customUI.xml": '<customUI xmlns="urn:a"/>'}),
    "settings of a printer": lambda: _on_sheet("printerSettings", "../printerSettings/p.bin", b"\0\1\2"),
    "a picture": lambda: of({"xl/media/image1.png": b"\x89PNG\r\n\x1a\n"}),
    "a picture elsewhere": lambda: _on_sheet("image", "http://example.vn/a.png"),
    "a hyperlink": lambda: _on_sheet("hyperlink", "mailto:a@example.vn"),
    "an old drawing that is no XML": lambda: _on_sheet("vmlDrawing", "../drawings/vmlDrawing1.vml", BAD_VML),
    "a part that nothing names": lambda: of({"xl/other.xml": f"{DECLARED}<a/>", "xl/other.dat": b"\0" * 99}),
    "an empty part": lambda: of({"xl/other.dat": b""}),
    "junk of another system": lambda: of({"__MACOSX/._a": b"\0\5\x16\7"}),
    "a chart beside": lambda: of({
        WORKBOOK: book("S").replace("</sheets>", '<sheet name="C" sheetId="9" r:id="r4"/></sheets>'),
        BOOK_RELS: beside(("chartsheet", "chartsheets/sheet1.xml")),
        "xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{MAIN}"/>',
    }),
    "a sheet of another namespace": lambda: of({
        BOOK_RELS: beside(("worksheet", "other.xml")),
        "xl/other.xml": worksheet('<row><c><v>9</v></c><c><v>9</v></c><c><v>9</v></c></row>'),
        WORKBOOK: book("S").replace("<sheets>", '<sheets><q:sheet xmlns:q="urn:q" name="S" r:id="r4"/>'),
    }),
    "an attribute of another namespace": lambda: of({
        BOOK_RELS: beside(("worksheet", "other.xml")),
        "xl/other.xml": worksheet('<row><c><v>9</v></c><c><v>9</v></c><c><v>9</v></c></row>'),
        WORKBOOK: book("S").replace('r:id="r1"', 'r:id="r1" q:id="r4" xmlns:q="urn:q"'),
    }),
    "rows of another namespace": lambda: _with_decoy("{}"),
    "rows of another namespace further in": lambda: _with_decoy("<x:a>{}</x:a>"),
    "strings of more in another namespace": lambda: of(
        {STRINGS_PART: STRINGS.replace("</sst>", '<extLst><ext xmlns:q="urn:q"><q:si/></ext></extLst></sst>')}
    ),
    "a name for readers of Unicode": lambda: zipped([
        Item(name, part.encode(), central={"extra": unicode_name(name, name)}) for name, part in PARTS.items()
    ]),
    "a picture with an accent in its name": lambda: of({"xl/media/ảnh 1.png": b"\x89PNG\r\n\x1a\n"}),
    "a system of dates of another namespace": lambda: of(
        {WORKBOOK: book("S").replace("<sheets>", '<q:workbookPr xmlns:q="urn:q" date1904="1"/><sheets>')}
    ),
    "formats of another namespace": lambda: of(
        {STYLES_PART: STYLES.replace("<cellXfs", '<q:cellXfs xmlns:q="urn:q"><q:xf/><q:xf/></q:cellXfs><cellXfs')}
    ),
    "a number format of another namespace": lambda: of({STYLES_PART: STYLES.replace(
        "<fonts", '<q:numFmts xmlns:q="urn:q"><q:numFmt numFmtId="14" formatCode="0"/></q:numFmts><fonts'
    )}),
    "a bar in a text": lambda: rows(CELLS, '<dataValidation><formula1>"a|b!"</formula1></dataValidation>'),
    "a bar in the name of a sheet": lambda: of({
        WORKBOOK: book("S", more="<definedNames><definedName name=\"a\">'a|b'!$A$1</definedName></definedNames>")
    }),
    "a bar in the name of a column": lambda: of({
        "xl/tables/a.xml": f'<table xmlns="{MAIN}"><calculatedColumnFormula>T[a|b]</calculatedColumnFormula></table>'
    }),
}  # fmt: skip
