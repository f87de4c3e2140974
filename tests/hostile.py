"""Files that no reader may see, each with the verdict of the gate: how it is made, the code, and words of the message.

They are made here, most by a lie in one place; none takes long to make, though some would fill a machine.
"""

import base64
import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.sheets import MAIN, RELATIONS
from tests.workbook_parts import (
    CELLS,
    DECLARED,
    PARTS,
    RELATED,
    STRINGS,
    STYLES,
    beside,
    book,
    changed,
    content_types,
    prefixed,
    relationships,
    worksheet,
)  # fmt: skip
from tests.zips import UNSAID, Item, deflated, plain, repeated, zipped

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MIB = 2**20


class Case(NamedTuple):
    """How a file is made; the codes of what is found, and words of the first English message."""

    make: Callable[[], bytes]
    code: str
    words: str


def of(parts: Mapping[str, str | bytes | None]) -> bytes:
    """Return the workbook with these parts changed."""
    return zipped(plain(changed(parts)))


def with_sheet(xml: str | bytes) -> bytes:
    return of({"xl/worksheets/sheet1.xml": xml})


def rows(xml: str, more: str = "") -> bytes:
    return with_sheet(worksheet(xml, more))


def cell(xml: str) -> bytes:
    return rows(f'<row r="1">{xml}</row>')


def with_item(name: str, **fields: Any) -> bytes:
    """Return the workbook with fields of one of its entries changed."""
    return zipped([
        Item(key, _encoded(content), **(fields if key == name else {}))
        for key, content in PARTS.items()
    ])  # fmt: skip


def more_items(*items: Item) -> bytes:
    return zipped([*plain(PARTS), *items])


def compound(*streams: str, content: bytes = b"") -> bytes:
    """Return a compound file as far as its directory tells: entries of 128 bytes, named in UTF-16."""
    entries = b""
    for name in ("Root Entry", *streams):
        raw = (name + "\0").encode("utf-16-le")
        entries += raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + bytes(62)
    return OLE_MARK + bytes(504) + entries + content


def good() -> bytes:
    return zipped(plain(PARTS))


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _python_zip(names: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as package:
        for name, content in names.items():
            package.writestr(name, content)
    return memory.getvalue()


def _tar() -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as package:
        package.addfile(tarfile.TarInfo("a.xlsx"), io.BytesIO())
    return memory.getvalue()


def _locked_zip(parts: Mapping[str, str | bytes]) -> bytes:
    flag = {"flags": 1}
    return zipped(plain(parts, local=flag, central=flag))


def _mail(body: str) -> bytes:
    return (
        "Return-Path: <a@example.vn>\r\nReceived: from mx.example.vn by mx.example.vn\r\n\tfor <b@example.vn>\r\n"
        f"From: A <a@example.vn>\r\nSubject: Bao cao\r\nMIME-Version: 1.0\r\n{body}"
    ).encode()


ZIP_ABC = {
    "Bắc Ninh/bao cao 1.xlsx": b"1",
    "Bắc Ninh/bao cao 2.xlsx": b"2",
    "Bắc Ninh/~$bao cao 2.xlsx": b"3",
}
HTML = "<html><head><title>x</title></head><body><table><tr><td>5</td></tr></table></body></html>"
XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
FLAT = (
    '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
)
MHT = (
    "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    "Content-Location: file:///C:/a.htm\r\n\r\n<html></html>"
)
GOOGLE = '{"url": "https://docs.google.com/open?id=1", "doc_id": "1", "email": "a@example.vn"}'
LOGIN = '<html><head><title>Đăng nhập</title></head><body><a href="https://accounts.google.com/x">x</a></body></html>'
NOTICE = "CẢNH BÁO: tệp đính kèm “bao cao.xlsx” đã bị chặn theo quy định của đơn vị."

# What is no workbook of ours, told by its content: every file is called .xlsx.
OTHER_FILES = {
    "nothing at all": Case(lambda: b"", "XLT119", "empty"),
    "zeros of a broken download": Case(lambda: bytes(5_000), "XLT119", "empty"),
    "line breaks only": Case(lambda: b"\r\n\r\n ", "XLT119", "empty"),
    "PNG": Case(lambda: b"\x89PNG\r\n\x1a\n123", "XLT101", "a picture"),
    "JPEG": Case(lambda: b"\xff\xd8\xff\xe0\0\x10JFIF", "XLT101", "a picture"),
    "GIF": Case(lambda: b"GIF89a\1\0\1\0", "XLT101", "a picture"),
    "PDF": Case(lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "XLT101", "a PDF file"),
    "RTF": Case(lambda: b"{\\rtf1\\ansi a}", "XLT101", "a Word document"),
    "program": Case(lambda: b"MZ\x90\0\3" + bytes(99), "XLT101", "a program"),
    "program before a workbook": Case(lambda: b"MZ\x90\0\3" + bytes(99) + good(), "XLT101", "a program"),
    "HEIC": Case(lambda: b"\0\0\0\x24ftypheic" + bytes(99), "XLT101", "a picture"),
    "BMP": Case(lambda: b"BM" + bytes(range(256)), "XLT101", "a picture"),
    "noise": Case(lambda: bytes(range(256)), "XLT101", "unknown kind"),
    "XML of no kind": Case(lambda: b'<?xml version="1.0"?><a/>', "XLT101", "an XML file"),
    "docx": Case(lambda: _python_zip({"[Content_Types].xml": b"<T/>", "word/document.xml": b"<a/>"}), "XLT101", "Word"),
    "pptx": Case(lambda: _python_zip({"[Content_Types].xml": b"<T/>", "ppt/a.xml": b"<a/>"}), "XLT101", "PowerPoint"),
    "doc": Case(lambda: compound("WordDocument"), "XLT101", "Word"),
    "ppt": Case(lambda: compound("PowerPoint Document"), "XLT101", "PowerPoint"),
    "odt": Case(
        lambda: zipped([Item("mimetype", b"application/vnd.oasis.opendocument.text", 0), Item("content.xml", b"<a/>")]),
        "XLT101", "OpenDocument",
    ),
    "some compound file": Case(lambda: compound("Contents"), "XLT101", "not of Excel"),
    "package of no document": Case(lambda: _python_zip({"[Content_Types].xml": b"<T/>"}), "XLT102", "no list of"),
    "workbook of another program": Case(
        lambda: of({"[Content_Types].xml": content_types(book="application/x-other")}), "XLT101", "application/x-other"
    ),
    "xls": Case(lambda: compound("Workbook"), "XLT104", "(.xls)"),
    "xls of Excel 95": Case(lambda: compound("Book"), "XLT104", "(.xls)"),
    "xls without a container": Case(lambda: b"\x09\x08\x10\0\0\6\5\0" + bytes(90), "XLT104", "(.xls)"),
    "xls with macros": Case(lambda: compound("Workbook", "_VBA_PROJECT_CUR"), "XLT104", "with macros"),
    "xls that mentions encryption": Case(
        lambda: compound("Workbook", content="ô EncryptedPackage".encode("utf-16-le")), "XLT104", "(.xls)"
    ),
    "xlsb": Case(
        lambda: _python_zip({"[Content_Types].xml": b"<T/>", "xl/workbook.bin": b"1"}), "XLT104", "(.xlsb)"
    ),
    "ods": Case(
        lambda: zipped(
            [Item("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", 0), Item("content.xml", b"<a/>")]
        ),
        "XLT104", "(.ods)",
    ),
    "ods packed by hand": Case(
        lambda: _python_zip({"content.xml": b"<a/>", "META-INF/manifest.xml": b"<a/>"}), "XLT104", "OpenDocument"
    ),
    "fods": Case(FLAT.encode, "XLT104", "(.fods)"),
    "Numbers": Case(lambda: _python_zip({"Index/Document.iwa": b"1", "preview.jpg": b"2"}), "XLT104", "Numbers"),
    "Numbers, older": Case(lambda: _python_zip({"Index.zip": b"1"}), "XLT104", "Numbers"),
    "HTML": Case(HTML.encode, "XLT104", "HTML"),
    "HTML after a mark": Case(lambda: b"\xef\xbb\xbf\r\n" + HTML.encode(), "XLT104", "HTML"),
    "HTML in UTF-16": Case(lambda: HTML.encode("utf-16"), "XLT104", "HTML"),
    "HTML table alone": Case(lambda: b"<table border=1><tr><td>1</td></tr></table>", "XLT104", "HTML"),
    "mht": Case(MHT.encode, "XLT104", "(.mht)"),
    "XML 2003": Case(XML_2003.encode, "XLT104", "XML Spreadsheet 2003"),
    "CSV": Case("Mã số thuế;Tên\r\n0101;Công ty".encode, "XLT101", "CSV"),
    "CSV in UTF-16": Case(lambda: "Mã số thuế\tTên\r\n0101\tCông ty".encode("utf-16"), "XLT101", "CSV"),
    "CSV in a legacy code": Case(lambda: b"M\xb7 s\xe8;T\xaan\r\n1;C\xabng ty", "XLT101", "CSV"),
    "CSV of the form BM.01": Case(lambda: b"BM.01;2025\r\n1;2", "XLT101", "CSV"),
    "SYLK": Case(lambda: b"ID;PWXL;N;E\r\nC;Y1;X1;K5\r\nE\r\n", "XLT104", "SYLK"),
    "DIF": Case(lambda: b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "XLT104", "DIF"),
    "Lotus": Case(lambda: b"\0\0\x1a\0\0\x10\4\0" + bytes(40), "XLT104", "Lotus"),
    "password": Case(lambda: compound("EncryptionInfo", "EncryptedPackage"), "XLT103", "password"),
    "VelvetSweatshop": Case(
        lambda: compound("EncryptionInfo", "EncryptedPackage", content=b"\4\0\4\0\x40\0\0\0<encryption/>"),
        "XLT103", "password",
    ),
    "rights management": Case(lambda: compound("\x09DRMContent"), "XLT103", "password"),
    "xls with a password": Case(
        lambda: compound("Workbook", content=b"\x09\x08\x10\0\0\6\5\0".ljust(20, b"\0") + b"\x2f\0\6\0"),
        "XLT103", "password",
    ),
    "workbook in a zip's own password": Case(lambda: _locked_zip(PARTS), "XLT103", "password"),
    "workbook with a password for one part": Case(
        lambda: with_item(SHEET, local={"flags": 1}, central={"flags": 1}), "XLT103", "password"
    ),
    "rar": Case(lambda: b"Rar!\x1a\7\1\0", "XLT113", "RAR"),
    "7z": Case(lambda: b"7z\xbc\xaf\x27\x1c\0\4", "XLT113", "7-Zip"),
    "gzip": Case(lambda: gzip.compress(good()), "XLT113", "gzip"),
    "tar.gz": Case(_tar, "XLT113", "gzip"),
    "cab": Case(lambda: b"MSCF\0\0\0\0", "XLT113", "cab"),
    "zip of workbooks": Case(
        lambda: _python_zip(ZIP_ABC), "XLT113", "inside: Bắc Ninh/bao cao 1.xlsx, Bắc Ninh/bao cao 2.xlsx."
    ),
    "zip of many workbooks": Case(
        lambda: _python_zip({f"bao cao {number:02}.xlsx": b"" for number in range(63)}), "XLT113", "and 53 more"
    ),
    "workbook unpacked and packed again": Case(
        lambda: zipped(plain({f"bao cao/{name}": part for name, part in PARTS.items()})), "XLT102", "packed again"
    ),
    "line ends before a workbook": Case(lambda: b"\r\n" + good(), "XLT102", "before its beginning"),
    "zip in a zip": Case(lambda: _python_zip({"a.zip": _python_zip(ZIP_ABC)}), "XLT113", "inside: a.zip"),
    "zip of workbooks with a password": Case(lambda: _locked_zip({"a.xlsx": b"1"}), "XLT113", "locked by a password"),
    "zip of nothing": Case(lambda: zipped([]), "XLT119", "empty"),
    "zip of folders": Case(lambda: zipped([Item("a/", method=0)]), "XLT113", "inside: nothing"),
    "first of several zips": Case(lambda: b"PK\7\x08" + good(), "XLT113", "several parts"),
    "last of several zips": Case(lambda: zipped(plain(PARTS), end={"disk": 1}), "XLT113", "several parts"),
    "mail": Case(lambda: _mail("\r\nText"), "XLT114", "(.eml)"),
    "mail out of a mailbox": Case(lambda: b"From a@b Mon Nov 24 2025\n" + _mail("\r\n"), "XLT114", "(.eml)"),
    "mail of Outlook": Case(lambda: compound("__properties_version1.0"), "XLT114", "(.msg)"),
    "winmail.dat": Case(lambda: b"\x78\x9f\x3e\x22" + bytes(90), "XLT114", "winmail.dat"),
    "base64": Case(lambda: base64.encodebytes(good()), "XLT114", "not decoded"),
    "uuencode": Case(lambda: b"begin 644 a.xlsx\nM4$L#!!0\n`\nend\n", "XLT114", "not decoded"),
    "shortcut to the web": Case(lambda: b"[InternetShortcut]\r\nURL=https://example.vn/a", "XLT115", "shortcut"),
    "shortcut of Linux": Case(lambda: b"[Desktop Entry]\nType=Link\nURL=https://example.vn\n", "XLT115", "shortcut"),
    "shortcut of Windows": Case(lambda: b"L\0\0\0\1\x14\2\0" + bytes(68), "XLT115", "Windows shortcut"),
    "link file of macOS": Case(
        lambda: b'<?xml version="1.0"?><plist><dict><key>URL</key><string>x</string></dict></plist>', "XLT115", "macOS"
    ),
    "place-holder of macOS": Case(lambda: b"bplist00\xd1\1\2", "XLT115", "macOS"),
    "gsheet": Case(GOOGLE.encode, "XLT115", "Google"),
    "an address": Case(lambda: b"https://docs.google.com/spreadsheets/d/1/edit\r\n", "XLT115", "an address"),
    "page to sign in": Case(LOGIN.encode, "XLT115", "online store"),
    "notice of a mail server": Case(NOTICE.encode, "XLT116", "removed or blocked"),
    "notice as a page": Case(
        lambda: b"<html><body><p>The attachment <b>a.xlsx</b> was removed.</p></body></html>", "XLT116", "removed"
    ),
    "notice of malware": Case(lambda: b"Malware was found in an attachment of this mail.", "XLT116", "removed"),
    "notes of macOS": Case(lambda: b"\0\5\x16\7\0\2\0\0Mac OS X", "XLT109", "left behind"),
    "list of a folder": Case(lambda: b"\0\0\0\1Bud1" + bytes(20), "XLT109", "left behind"),
    "lock under another name": Case(
        lambda: b"\5Admin".ljust(55) + b"\5\0" + "Admin".ljust(54).encode("utf-16-le"), "XLT109", "left behind"
    ),
}  # fmt: skip

ROW = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
SECOND = '<row r="1"><c r="A1"><v>9</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"


def _overlap() -> bytes:
    """Return a workbook with a second entry that points to the bytes of the first."""
    items = plain(PARTS)
    return zipped([*items, Item("xl/other.xml", items[0].content, central={"offset": 0})])


def unicode_name(name: str, said: str) -> bytes:
    """Return the extra field that calls the part `name` otherwise (APPNOTE 4.6.9)."""
    field = struct.pack("<BL", 1, zlib.crc32(name.encode())) + said.encode()
    return struct.pack("<2H", 0x7075, len(field)) + field


def _two_names() -> bytes:
    """Return a workbook with a second sheet that takes the place of the first for some readers."""
    names = {SHEET: "xl/other.xml", "xl/other.xml": SHEET}
    items = []
    for name, part in (PARTS | {"xl/other.xml": worksheet(SECOND)}).items():
        extra = {"extra": unicode_name(name, names[name])} if name in names else {}
        items.append(Item(name, _encoded(part), local=extra, central=extra))
    return zipped(items)


def _hidden_entry() -> bytes:
    """Return a workbook with another sheet between its entries that its directory does not name."""
    hidden = zipped(plain({SHEET: worksheet(SECOND)})).partition(b"PK\1\2")[0]
    return more_items(Item("xl/other.xml", b"<a/>", before=hidden))


def _second_directory() -> bytes:
    """Return a workbook whose comment holds another workbook with its own directory."""
    return zipped(plain(PARTS), comment=zipped(plain(PARTS | {SHEET: worksheet(SECOND)})))


def _bit_flipped() -> bytes:
    content = bytearray(good())
    at = content.index(deflated(PARTS[SHEET].encode()))
    content[at + 40] ^= 0x10
    return bytes(content)


def _of_spaces(name: str, mebibytes: int, **said: int) -> bytes:
    """Return a workbook with a part of so many MiB of spaces, its sizes as `said`."""
    stream = repeated(b" " * MIB, mebibytes)
    fields = {"size": mebibytes * MIB, "packed": len(stream), "crc": 0} | said
    return more_items(Item(name, packed=stream, local=fields, central=fields))


def _of_noise(*sizes: int) -> bytes:
    """Return a workbook with parts of so many MiB of something that packs less well than spaces."""
    noise = b"".join(f"{number * number % 99_991:05}".encode() for number in range(4_000)).ljust(MIB)
    items = []
    for number, size in enumerate(sizes):
        stream = repeated(noise, size)
        fields = {"size": size * MIB, "packed": len(stream), "crc": 0}
        items.append(Item(f"xl/other{number}.xml", packed=stream, local=fields, central=fields))
    return more_items(*items)


def _many_entries() -> bytes:
    return zipped([*plain(PARTS), *(Item(f"a/{number}", method=0) for number in range(60_000))])


def _large_lie() -> bytes:
    content = bytearray(zipped(plain(PARTS), large=True))
    at = content.index(b"PK\6\6")
    content[at + 32 : at + 40] = struct.pack("<Q", 3)
    return bytes(content)


def _named(name: str | bytes, **fields: Any) -> bytes:
    return more_items(Item(name, b"<a/>", **fields))


def _terabyte() -> bytes:
    extra = struct.pack("<2HQ", 1, 8, 2**40)
    return _named("xl/other.xml", central={"size": UNSAID, "extra": extra})


STREAM = deflated(STYLES.encode())
STRINGS_PART, STYLES_PART = "xl/sharedStrings.xml", "xl/styles.xml"


def _packed_with(method: int) -> bytes:
    return _python_zip({key: _encoded(part) for key, part in PARTS.items()}, method)


def _ended(**said: int) -> bytes:
    return zipped(plain(PARTS), end=said)


def _of_size(part: str, size: int) -> bytes:
    return with_item(part, local={"size": size}, central={"size": size})


# Zips that two programs would unpack in two ways, that are no longer what they were, or that would fill a machine.
ZIPS = {
    "cut in the middle": Case(lambda: good()[: len(good()) // 2], "XLT102", "cut off"),
    "cut by a byte": Case(lambda: good()[:-1], "XLT102", "cut off"),
    "cut by ten bytes": Case(lambda: good()[:-10], "XLT102", "cut off"),
    "only the beginning": Case(lambda: good()[:4], "XLT102", "cut off"),
    "line ends changed on the way": Case(lambda: good().replace(b"\n", b"\r\n"), "XLT102", "directory"),
    "something behind it": Case(lambda: good() + b"<script>", "XLT102", "at its end"),
    "zeros without end behind it": Case(lambda: good() + bytes(70_000), "XLT102", "at its end"),
    "comment cut off": Case(lambda: zipped(plain(PARTS), b"12345")[:-3], "XLT102", "at its end"),
    "two workbooks joined": Case(lambda: good() + good(), "XLT102", "directory"),
    "directory elsewhere": Case(lambda: _ended(start=3), "XLT102", "directory"),
    "fewer entries than it has": Case(lambda: _ended(here=6, total=6), "XLT102", "directory"),
    "more entries than it has": Case(lambda: _ended(here=8, total=8), "XLT102", "directory"),
    "counts that differ": Case(lambda: _ended(here=6), "XLT113", "several parts"),
    "two records that differ": Case(_large_lie, "XLT102", "directory"),
    "entry within another": Case(_overlap, "XLT102", "directory"),
    "entry that is not listed": Case(_hidden_entry, "XLT102", "directory"),
    "bytes of no entry": Case(lambda: _named("xl/other.xml", before=b"abc"), "XLT102", "directory"),
    "entry beyond the end": Case(lambda: _named("xl/other.xml", central={"offset": 2**31}), "XLT102", "directory"),
    "a directory in the comment": Case(_second_directory, "XLT102", "directory"),
    "another name in its place": Case(
        lambda: with_item(SHEET, local={"name": b"xl/worksheets/sheet2.xml"}), "XLT102", "directory"
    ),
    "another method in its place": Case(lambda: with_item(SHEET, local={"method": 0}), "XLT102", "directory"),
    "another size in its place": Case(lambda: with_item(SHEET, local={"size": 9}), "XLT102", "directory"),
    "another sum in its place": Case(lambda: with_item(SHEET, local={"crc": 9}), "XLT102", "directory"),
    "a password in its place": Case(lambda: with_item(SHEET, local={"flags": 1}), "XLT102", "directory"),
    "numbers behind it that differ": Case(lambda: with_item(SHEET, descriptor="wrong"), "XLT102", "directory"),
    "bit flipped": Case(_bit_flipped, "XLT102", "a sheet (xl/worksheets/sheet1.xml) is damaged"),
    "wrong sum": Case(lambda: with_item(SHEET, local={"crc": 9}, central={"crc": 9}), "XLT102", "a sheet"),
    "bytes behind the stream": Case(lambda: with_item(STYLES_PART, packed=STREAM + b"12"), "XLT102", "the formats"),
    "stream without end": Case(lambda: with_item(STYLES_PART, packed=STREAM[:-4]), "XLT102", "the formats"),
    "larger than it says": Case(lambda: _of_size(STRINGS_PART, 9), "XLT102", "the text"),
    "smaller than it says": Case(lambda: _of_size(STRINGS_PART, 999), "XLT102", "the text"),
    "stored and not whole": Case(
        lambda: _named("a.png", method=0, packed=b"12", local={"size": 4}, central={"size": 4}), "XLT102", "a.png"
    ),
    "same name twice": Case(lambda: more_items(Item(SHEET, worksheet(SECOND).encode())), "XLT117", "same name"),
    "same name in another case": Case(lambda: _named("XL/worksheets/SHEET1.xml"), "XLT117", "same name"),
    "same name with the other slash": Case(lambda: _named("xl\\worksheets\\sheet1.xml"), "XLT117", "same name"),
    "folder named like a part": Case(lambda: more_items(Item(f"{SHEET}/", method=0)), "XLT117", "same name"),
    "folder with content": Case(lambda: more_items(Item("xl/other/", b"abc")), "XLT117", "has content"),
    "path out of the zip": Case(lambda: _named("../../a.xml"), "XLT117", "odd name"),
    "path out with the other slash": Case(lambda: _named("..\\a.xml"), "XLT117", "odd name"),
    "path within": Case(lambda: _named("xl/./a.xml"), "XLT117", "odd name"),
    "path from the top": Case(lambda: _named("/etc/a.xml"), "XLT117", "odd name"),
    "path on a drive": Case(lambda: _named("C:/a.xml"), "XLT117", "odd name"),
    "zero in a name": Case(lambda: _named("xl/a.xml\0.png"), "XLT117", "odd name"),
    "name that turns round": Case(lambda: _named("xl/\u202elmx.xml"), "XLT117", "odd name"),
    "name in no code": Case(
        lambda: _named(b"xl/\xff\xfe.xml", local={"flags": 0x800}, central={"flags": 0x800}), "XLT117", "cannot be read"
    ),
    "another name for readers of Unicode": Case(_two_names, "XLT117", "has two names"),
    "another name in its place for readers of Unicode": Case(
        lambda: with_item(STYLES_PART, local={"extra": unicode_name(STYLES_PART, "xl/other.xml")}),
        "XLT117", "has two names",
    ),
    "letter that folds to another": Case(
        lambda: zipped(plain({name.replace("styles", "\u017ftyles"): part for name, part in PARTS.items()})),
        "XLT117", "odd name",
    ),
    "link to a file": Case(lambda: _named("xl/link", central={"mode": 0o120777}), "XLT117", "is a link"),
    "device": Case(lambda: _named("xl/device", central={"mode": 0o020666}), "XLT117", "is a link"),
    "bzip2": Case(lambda: _packed_with(zipfile.ZIP_BZIP2), "XLT117", "compression"),
    "lzma": Case(lambda: _packed_with(zipfile.ZIP_LZMA), "XLT117", "compression"),
    "deflate of 64 KB": Case(lambda: with_item(SHEET, method=9), "XLT117", "compression"),
    "a zip of the future": Case(lambda: with_item(SHEET, central={"needs": 64}), "XLT117", "version of zip"),
    "bomb of 512 MB": Case(lambda: _of_spaces("xl/other.xml", 512), "XLT117", "swells"),
    "bomb of 16 MB": Case(lambda: _of_spaces("xl/other.xml", 16), "XLT117", "swells"),
    "bomb that says it is small": Case(lambda: _of_spaces("xl/other.xml", 512, size=5_000), "XLT102", "other.xml"),
    "bomb among the pictures": Case(lambda: _of_spaces("xl/media/a.png", 99), "XLT117", "swells"),
    "part of a terabyte": Case(_terabyte, "XLT117", "swells"),
    "part of 65 MB": Case(lambda: _of_noise(65), "XLT118", "64 MB when unpacked"),
    "three parts of 50 MB": Case(lambda: _of_noise(50, 50, 50), "XLT118", "96 MB when unpacked"),
    "60,000 entries": Case(_many_entries, "XLT118", "5,000 parts"),
}  # fmt: skip

WORKBOOK, BOOK_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ENTITY = '<!DOCTYPE worksheet [<!ENTITY v "9">]>'
LAUGHS = "<!DOCTYPE a [" + '<!ENTITY l0 "x">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
) + "]><a>&l9;</a>"  # fmt: skip
BLOW_UP = f'<!DOCTYPE a [<!ENTITY v "{"x" * 50_000}">]><a>{"&v;" * 1_000}</a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY v SYSTEM "file:///etc/hostname">]><a>&v;</a>'
REMOTE = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'


def undeclared(xml: str) -> str:
    return xml.replace("\n", "", 1).partition("?>")[2]


def _nested(depth: int) -> str:
    return f"<a>{'<b>' * depth}{'</b>' * depth}</a>"


# XML that is not what it seems, or not whole: each part is read to its end, whoever needs it.
MARKUP = {
    "DTD in a sheet": Case(lambda: with_sheet(ENTITY + undeclared(worksheet())), "XLT117", "sheet “S”: it declares"),
    "DTD in the strings": Case(lambda: of({STRINGS_PART: ENTITY + undeclared(STRINGS)}), "XLT117", "DTD"),
    "DTD in the formats": Case(lambda: of({STYLES_PART: ENTITY + undeclared(STYLES)}), "XLT117", "DTD"),
    "DTD in the types": Case(
        lambda: of({"[Content_Types].xml": ENTITY + undeclared(content_types())}), "XLT117", "DTD"
    ),
    "DTD in relationships": Case(
        lambda: of({"_rels/.rels": ENTITY + undeclared(PARTS["_rels/.rels"])}), "XLT117", "DTD"
    ),
    "DTD in a minor part": Case(lambda: of({"docProps/app.xml": ENTITY + "<a/>"}), "XLT117", "DTD"),
    "DTD in UTF-16": Case(
        lambda: with_sheet((ENTITY + undeclared(worksheet())).encode("utf-16")), "XLT117", "DTD"
    ),
    "a billion laughs": Case(lambda: of({"xl/other.xml": LAUGHS}), "XLT117", "DTD"),
    "quadratic blow-up": Case(lambda: of({"xl/other.xml": BLOW_UP}), "XLT117", "DTD"),
    "file of the machine": Case(lambda: of({"xl/other.xml": OUTSIDE}), "XLT117", "DTD"),
    "DTD on the web": Case(lambda: of({"xl/other.xml": REMOTE}), "XLT117", "DTD"),
    "entity that is none": Case(lambda: cell('<c r="A1"><v>&v;</v></c>'), "XLT102", "sheet “S”: its XML is broken"),
    "sheet cut off": Case(lambda: with_sheet(worksheet()[:-30]), "XLT102", "sheet “S”"),
    "wrong end": Case(lambda: with_sheet(worksheet().replace("</worksheet>", "</workbook>")), "XLT102", "sheet “S”"),
    "something after the end": Case(lambda: with_sheet(worksheet() + "<a/>"), "XLT102", "sheet “S”"),
    "text after the end": Case(lambda: with_sheet(worksheet() + "a"), "XLT102", "sheet “S”"),
    "two sheets in one": Case(lambda: with_sheet(worksheet() + worksheet()), "XLT102", "sheet “S”"),
    "nothing in a sheet": Case(lambda: with_sheet(""), "XLT102", "sheet “S”"),
    "not UTF-8": Case(lambda: with_sheet(worksheet().encode() + b"<!-- \xff -->"), "XLT102", "sheet “S”"),
    "half of UTF-16": Case(lambda: with_sheet(worksheet().encode("utf-16")[:-3]), "XLT102", "broken"),
    "control character": Case(lambda: cell('<c r="A1"><v>\x01</v></c>'), "XLT102", "sheet “S”"),
    "reference to a control character": Case(lambda: cell('<c r="A1"><v>&#1;</v></c>'), "XLT102", "sheet “S”"),
    "code of Western Europe": Case(
        lambda: with_sheet(worksheet().replace("UTF-8", "ISO-8859-1")), "XLT117", "encoding: ISO-8859-1"
    ),
    "XML 1.1": Case(
        lambda: with_sheet(worksheet().replace('version="1.0"', 'version="1.1"')), "XLT117", "version of XML: 1.1"
    ),
    "UTF-7": Case(lambda: with_sheet(worksheet().replace("UTF-8", "UTF-7")), "XLT117", "encoding: UTF-7"),
    "UTF-32": Case(lambda: with_sheet(undeclared(worksheet()).encode("utf-32")), "XLT102", "broken"),
    "prefix that stands for nothing": Case(lambda: cell('<x:c r="A1"/>'), "XLT102", "sheet “S”"),
    "attribute twice": Case(lambda: cell('<c r="A1" r="A1"/>'), "XLT102", "sheet “S”"),
    "broken minor part": Case(lambda: of({"docProps/app.xml": "<a><b></a>"}), "XLT102", "the properties of the file"),
    "DTD in data of another program": Case(
        lambda: of({BOOK_RELS: beside(("customXml", "../customXml/a.xml")), "customXml/a.xml": ENTITY + "<a/>"}),
        "XLT117", "a minor part (customXml/a.xml): it declares a DTD",
    ),
    "strings cut off": Case(
        lambda: of({STRINGS_PART: STRINGS[:-9]}), "XLT102", "the text of the cells (xl/sharedStrings.xml)"
    ),
    "broken theme": Case(lambda: of({"xl/theme/theme1.xml": "<a>"}), "XLT102", "a minor part"),
    "nested 65 deep": Case(lambda: of({"xl/other.xml": _nested(64)}), "XLT117", "nested too deep"),
    "nested 200,000 deep": Case(lambda: of({"xl/other.xml": _nested(200_000)}), "XLT117", "nested too deep"),
    "names without number": Case(
        lambda: of({"xl/other.xml": f"<a>{''.join(f'<b{n}/>' for n in range(5_000))}</a>"}), "XLT117", "4096 names"
    ),
    "name of a space without end": Case(
        lambda: of({"xl/other.xml": f'<a xmlns="{"x" * 9_000}">{"<b/>" * 9_000}</a>'}), "XLT117", "namespace"
    ),
    "sheet in no space": Case(lambda: with_sheet(worksheet().replace(MAIN, "")), "XLT117", "neither a worksheet"),
    "sheet in another space": Case(lambda: with_sheet(worksheet().replace(MAIN, "urn:a")), "XLT117", "sheet “S”"),
    "strings in another space": Case(lambda: of({STRINGS_PART: STRINGS.replace(MAIN, "urn:a")}), "XLT117", "the text"),
    "formats in another space": Case(lambda: of({STYLES_PART: STYLES.replace(MAIN, "urn:a")}), "XLT117", "the formats"),
    "workbook in another space": Case(
        lambda: of({"xl/workbook.xml": book("S").replace(MAIN, "urn:a")}), "XLT117", "the list of sheets"
    ),
}  # fmt: skip

LURE = "<si><t>Khác</t></si>"
LAST_STYLE = '<xf numFmtId="14" applyNumberFormat="1"/>'


def two_sheets(kind: str, tab: str = "T") -> dict[str, str | bytes | None]:
    """Return the changes for a second sheet `tab` like the first, by a relationship of this `kind`."""
    return {
        BOOK_RELS: relationships(RELATED[0], (kind, "worksheets/sheet2.xml"), *RELATED[1:]),
        WORKBOOK: book("S", tab),
        "xl/worksheets/sheet2.xml": worksheet(),
    }


def _strings(declared: str) -> bytes:
    return of({STRINGS_PART: STRINGS.replace('uniqueCount="1"', declared)})


# Parts that contradict each other, or more of them than any return has.
PACKAGES = {
    "no relationships": Case(lambda: of({"_rels/.rels": None}), "XLT102", "no list of sheets"),
    "two workbooks in one": Case(
        lambda: of({"_rels/.rels": relationships(("officeDocument", WORKBOOK), ("officeDocument", "xl/b.xml"))}),
        "XLT102", "no list of sheets",
    ),
    "workbook missing": Case(lambda: of({WORKBOOK: None}), "XLT102", "no list of sheets"),
    "workbook outside": Case(
        lambda: of({"_rels/.rels": relationships(("officeDocument", "http://x.example/a"), external=True)}),
        "XLT102", "no list of sheets",
    ),
    "sheet missing": Case(lambda: of({SHEET: None}), "XLT102", "content of sheet “S” is missing"),
    "sheet that is no part": Case(lambda: of({WORKBOOK: book("S", "T", "U", "V")}), "XLT102", "sheet “V” is missing"),
    "sheet outside": Case(
        lambda: of({BOOK_RELS: relationships(("worksheet", "file:///c:/a.xml"), external=True)}), "XLT102", "sheet “S”"
    ),
    "sheet that is something else": Case(lambda: with_sheet(STRINGS), "XLT117", "sheet “S”: it is neither"),
    "chart that is something else": Case(
        lambda: of({
            WORKBOOK: book("S").replace("</sheets>", '<sheet name="C" sheetId="9" r:id="r4"/></sheets>'),
            BOOK_RELS: beside(("chartsheet", "chartsheets/sheet1.xml")), "xl/chartsheets/sheet1.xml": "<chartsheet/>",
        }),
        "XLT117", "sheet “C”: it is neither",
    ),
    "two relationships of one id": Case(
        lambda: of({BOOK_RELS: beside(("theme", "theme.xml")).replace('"r4"', '"r1"')}), "XLT117", "same id"
    ),
    "relationship of another kind of file": Case(
        lambda: of({BOOK_RELS: PARTS[BOOK_RELS].replace("</Rel", '<q:Relationship xmlns:q="urn:q" Id="r1"/></Rel')}),
        "XLT117", "strange kind",
    ),
    "sheet outside the list": Case(
        lambda: of({WORKBOOK: book("S").replace("<sheets>", '<sheet name="T" r:id="r1"/><sheets>')}),
        "XLT117", "where it does not belong",
    ),
    "two systems of dates": Case(
        lambda: of({WORKBOOK: book("S").replace("<sheets>", '<workbookPr date1904="1"/><workbookPr/><sheets>')}),
        "XLT117", "dates twice",
    ),
    "two lists of formats": Case(
        lambda: of({STYLES_PART: STYLES.replace("</cellXfs>", "</cellXfs><cellXfs/>")}), "XLT117", "cellXfs twice"
    ),
    "two parts of strings": Case(
        lambda: of({BOOK_RELS: beside(("sharedStrings", "b.xml")), "xl/b.xml": STRINGS}), "XLT117", "two of the text"
    ),
    "two parts of formats": Case(
        lambda: of({BOOK_RELS: beside(("styles", "b.xml")), "xl/b.xml": STYLES}), "XLT117", "two of the formats"
    ),
    "two sheets of one content": Case(
        lambda: of({WORKBOOK: book("S", "T"), BOOK_RELS: relationships(*[("worksheet", "worksheets/sheet1.xml")] * 2)}),
        "XLT117", "share one content",
    ),
    "two types of one part": Case(
        lambda: of({"[Content_Types].xml": content_types(("/xl/workbook.xml", "application/x-other"))}),
        "XLT117", "two types",
    ),
    "no sheets": Case(lambda: of({WORKBOOK: book()}), "XLT102", "no sheets"),
    "two sheets of one name": Case(lambda: of({WORKBOOK: book("S", "S")}), "XLT102", "same name “S”"),
    "two sheets of one name but for its letters": Case(
        lambda: of(two_sheets("worksheet", "s")), "XLT102", "same name “s”"
    ),
    "257 sheets": Case(lambda: of({WORKBOOK: book(*(f"S{n}" for n in range(257)))}), "XLT118", "256 sheets"),
    "names without end": Case(
        lambda: of({WORKBOOK: book("S", more=f"<definedNames>{'<definedName/>' * 50_001}</definedNames>")}),
        "XLT118", "50,000 defined names",
    ),
    "formats without end": Case(
        lambda: of({STYLES_PART: STYLES.replace(LAST_STYLE, LAST_STYLE * 65_490)}), "XLT118", "65,490 cell formats"
    ),
    "relationships without end": Case(
        lambda: of({BOOK_RELS: beside(*[("image", "a.png")] * 70_000)}), "XLT118", "65,535 relationships"
    ),
    "a string before the first": Case(
        lambda: of({STRINGS_PART: STRINGS.replace("<si>", f"<extLst><ext>{LURE}</ext></extLst><si>")}),
        "XLT102", "list of shared strings",
    ),
    "more before the first string": Case(
        lambda: of({STRINGS_PART: STRINGS.replace("<si>", "<extLst/><si>")}), "XLT102", "list of shared strings"
    ),
    "a string behind the last": Case(
        lambda: of({STRINGS_PART: STRINGS.replace("</sst>", f"<extLst><ext>{LURE}</ext></extLst></sst>")}),
        "XLT102", "list of shared strings",
    ),
    "a text in the font of a text": Case(
        lambda: of({STRINGS_PART: STRINGS.replace("<t>Tên</t>", "<r><rPr><t>9</t></rPr><t>Tên</t></r>")}),
        "XLT102", "list of shared strings",
    ),
    "four billion strings": Case(lambda: _strings('uniqueCount="4294967295"'), "XLT117", "number of strings"),
    "strings beyond number": Case(lambda: _strings(f'uniqueCount="{2**64 - 1}"'), "XLT117", "number of strings"),
    "minus one string": Case(lambda: _strings('uniqueCount="-1"'), "XLT117", "number of strings"),
    "text longer than a cell holds": Case(
        lambda: of({STRINGS_PART: STRINGS.replace("Tên", "Tên  công ty " + "A" * LONGEST)}),
        "XLT118", "a cell has more than 32,767 letters, beginning with “Tên công ty AAAA",
    ),
    "number format without end": Case(lambda: _code(1_025), "XLT117", "longer than 1024 letters"),
    "name of a font without end": Case(
        lambda: of({STYLES_PART: STYLES.replace("Arial", "A" * 1_025)}), "XLT117", "longer than 1024 letters"
    ),
    "two parts of drawings": Case(lambda: _twice("drawing"), "XLT117", "sheet “S”: the sheet has two parts"),
    "two parts of notes": Case(lambda: _twice("comments"), "XLT117", "two parts of the kind comments"),
    "strings in Arabic digits": Case(lambda: _strings('uniqueCount="٣"'), "XLT117", "number of strings"),
}  # fmt: skip

LONGEST = 32_767  # letters that a cell can hold


def _code(letters: int) -> bytes:
    code = f'<numFmts><numFmt numFmtId="200" formatCode="{"0" * letters}"/></numFmts><fonts'
    return of({STYLES_PART: STYLES.replace("<fonts", code, 1)})


def _twice(kind: str) -> bytes:
    """Return a workbook whose sheet has two parts of one `kind`."""
    related = relationships((kind, "../a.xml"), (kind, "../b.xml"))
    return of({"xl/worksheets/_rels/sheet1.xml.rels": related, "xl/a.xml": "<a/>", "xl/b.xml": "<a/>"})


BLANK_CELLS = '<row r="1">' + '<c s="1"/>' * 200 + "</row>"


def _records(count: int) -> str:
    return "".join(f'<row r="{at}">{"<c/>" * 500}</row>' for at in range(1, count // 500 + 2))


# Cells that two readers take differently, or that lie where readers would fill the memory to reach them.
SHEETS = {
    "cell at the far end": Case(
        lambda: rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "XLT118", "reach to XFD1048576"
    ),
    "cell far to the right": Case(lambda: cell('<c r="ZZ1"><v>1</v></c>'), "XLT118", "reach to ZZ1"),
    "cell far down": Case(lambda: rows(ROW.format(900_000)), "XLT118", "reach to A900000"),
    "column of nine letters": Case(lambda: cell('<c r="AAAAAAAAA1"><v>1</v></c>'), "XLT102", "AAAAAAAAA1"),
    "row that comes round": Case(lambda: rows(ROW.format(4_294_967_297)), "XLT102", "4294967297"),
    "row beyond the last": Case(lambda: rows(ROW.format(1_048_577)), "XLT102", "1048577"),
    "row zero": Case(lambda: rows(ROW.format(0)), "XLT102", "row 0"),
    "row of 5,000 digits": Case(
        lambda: rows(f'<row r="{"1" * 5_000}"><c><v>1</v></c></row>'), "XLT102", "sheet “S”: row 11111"
    ),
    "string of 5,000 digits": Case(
        lambda: cell(f'<c r="A1" t="s"><v>{"1" * 5_000}</v></c>'), "XLT102", "A1 points to a string that is not there"
    ),
    "row twice": Case(lambda: rows(ROW.format(2) * 2), "XLT102", "row 2 is out of order"),
    "cell twice": Case(lambda: cell('<c r="A1"><v>1</v></c>' * 2), "XLT102", "A1 is out of order"),
    "cell of another row": Case(lambda: cell('<c r="C3"><v>1</v></c>'), "XLT102", "C3 is out of order"),
    "cell with a dollar": Case(lambda: cell('<c r="$A$1"><v>1</v></c>'), "XLT102", "$A$1"),
    "string that is not there": Case(lambda: cell('<c t="s"><v>1</v></c>'), "XLT102", "not there"),
    "string minus one": Case(lambda: cell('<c t="s"><v>-1</v></c>'), "XLT102", "not there"),
    "string in Arabic digits": Case(lambda: cell('<c t="s"><v>٠</v></c>'), "XLT102", "not there"),
    "kind that is none": Case(lambda: cell('<c t="x"><v>1</v></c>'), "XLT102", "unknown type"),
    "two values": Case(lambda: cell('<c r="A1"><v>1</v><v>2</v></c>'), "XLT102", "A1"),
    "value within an alternative": Case(
        lambda: cell(f'<c r="B1"><mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="x14">'
                     "<v>500</v></mc:Choice></mc:AlternateContent></c>"),
        "XLT102", "B1",
    ),
    "text within another element": Case(
        lambda: cell('<c r="B1" t="inlineStr"><x:w xmlns:x="urn:x"><is><t>a</t></is></x:w></c>'), "XLT102", "B1"
    ),
    "formula within another element": Case(
        lambda: cell('<c r="B1"><w xmlns="urn:x"><f>1+1</f></w><v>2</v></c>'), "XLT102", "B1"
    ),
    "formula of another namespace": Case(
        lambda: cell('<c r="B1"><f xmlns="urn:x">1+1</f><v>2</v></c>'), "XLT102", "B1"
    ),
    "value in an extension": Case(lambda: cell('<c r="B1"><extLst><ext><v>5</v></ext></extLst></c>'), "XLT102", "B1"),
    "value without a cell": Case(lambda: cell("<v>5</v>"), "XLT102", "sheet “S”"),
    "text without an element": Case(lambda: cell('<c r="B1">500</c>'), "XLT102", "B1"),
    "text between the cells": Case(lambda: cell('500<c r="B1"/>'), "XLT102", "sheet “S”"),
    "cells within an alternative": Case(
        lambda: cell(f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="x14">'
                     '<c r="B1"><v>500</v></c></mc:Choice></mc:AlternateContent>'),
        "XLT102", "sheet “S”",
    ),
    "row of another namespace": Case(
        lambda: rows(CELLS + '<x:row xmlns:x="urn:x" r="2"><x:c r="A2"><x:v>8</x:v></x:c></x:row>'),
        "XLT102", "sheet “S”",
    ),
    "cell outside a row": Case(lambda: rows('<c r="A1"><v>1</v></c>'), "XLT102", "unknown way"),
    "data twice": Case(lambda: rows(CELLS, "<sheetData/>"), "XLT102", "unknown way"),
    "the whole sheet merged": Case(
        lambda: rows(CELLS, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "XLT118", "merged ranges"
    ),
    "a whole column merged": Case(
        lambda: rows(CELLS, '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="E1:E1048576"/></mergeCells>'),
        "XLT118", "the largest E1:E1048576; unmerge it",
    ),
    "merges without end": Case(
        lambda: rows(CELLS, f"<mergeCells>{'<mergeCell/>' * 100_000}</mergeCells>"), "XLT118", "merged ranges"
    ),
    "text in a cell longer than it holds": Case(
        lambda: cell(f'<c r="B1" t="str"><v>{"A" * (LONGEST + 1)}</v></c>'), "XLT118", "cell B1 has more than 32,767"
    ),
    "cells without end": Case(lambda: rows(_records(1_000_001)), "XLT118", "1,000,000 cells"),
}  # fmt: skip

VBA = compound("VBA", "PROJECT")
EXTERNAL = "xl/externalLinks/externalLink1.xml"


def _type(*overrides: tuple[str, str], **more: str) -> bytes:
    return of({"[Content_Types].xml": content_types(*overrides, **more)})


def _related(kind: str, target: str, content: str | bytes = "<a/>") -> bytes:
    return of({BOOK_RELS: beside((kind, target)), f"xl/{target}": content})


def _on_sheet(kind: str, target: str, content: str | bytes = "<a/>") -> bytes:
    return of(
        {
            "xl/worksheets/_rels/sheet1.xml.rels": relationships((kind, f"../{target}")),
            f"xl/{target}": content,
        }
    )


def _link(inside: str) -> bytes:
    xml = f'<externalLink xmlns="{MAIN}" xmlns:r="{RELATIONS}">{inside}</externalLink>'
    return of({BOOK_RELS: beside(("externalLink", "externalLinks/externalLink1.xml")), EXTERNAL: xml})


def linked(*targets: str) -> bytes:
    """Return a workbook whose formulas refer to the workbooks `targets`."""
    parts: dict[str, str | bytes | None] = {
        BOOK_RELS: beside(
            *(("externalLink", f"externalLinks/e{number}.xml") for number, _ in enumerate(targets))
        )
    }
    for number, target in enumerate(targets):
        parts[f"xl/externalLinks/e{number}.xml"] = (
            f'<externalLink xmlns="{MAIN}" xmlns:r="{RELATIONS}"><externalBook r:id="r1"/></externalLink>'
        )
        parts[f"xl/externalLinks/_rels/e{number}.xml.rels"] = relationships(
            ("externalLinkPath", target), external=True
        )
    return of(parts)


DDE = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
NEWER = (
    '<extLst><ext xmlns:x14="urn:x14" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" uri="x">'
    "<x14:dataValidation><x14:formula1><xm:f>cmd|'/c calc'!A1</xm:f></x14:formula1></x14:dataValidation></ext></extLst>"
)


def _macro_type(kind: str) -> bytes:
    return _type(book=f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml")


# What could act when a person opens the file: it is kept apart, not merely refused.
QUARANTINED = {
    "VBA": Case(lambda: _related(f"{MICROSOFT}/vbaProject", "vbaProject.bin", VBA), "XLT108", "VBA macros"),
    "VBA that nothing names": Case(lambda: of({"xl/vbaProject.bin": VBA}), "XLT108", "VBA macros"),
    "VBA under another name": Case(
        lambda: _related(f"{MICROSOFT}/vbaProject", "media/image1.png", VBA), "XLT108 XLT110", "VBA macros"
    ),
    "xlsm without macros": Case(lambda: _macro_type("sheet"), "XLT108", ".xlsm"),
    "xltm": Case(lambda: _macro_type("template"), "XLT108", ".xltm"),
    "xlam": Case(lambda: _macro_type("addin"), "XLT108", ".xlam"),
    "XLM": Case(lambda: _related(f"{MICROSOFT}/xlMacrosheet", "macrosheets/sheet1.xml"), "XLT108", "Excel 4.0"),
    "XLM of other countries": Case(
        lambda: _related(f"{MICROSOFT}/xlIntlMacrosheet", "macrosheets/sheet1.xml"), "XLT108", "Excel 4.0"
    ),
    "XLM by its type alone": Case(
        lambda: _type(("/xl/styles.xml", "application/vnd.ms-excel.macrosheet+xml")), "XLT108", "Excel 4.0"
    ),
    "dialogue of Excel 5": Case(lambda: _related("dialogsheet", "dialogsheets/sheet1.xml"), "XLT108", "Excel 4.0"),
    "OLE object": Case(lambda: _on_sheet("oleObject", "embeddings/oleObject1.bin", compound("x")), "XLT110", "OLE"),
    "OLE object elsewhere": Case(
        lambda: of({
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(("oleObject", "file:///c:/a.doc"), external=True)
        }), "XLT110", "OLE",
    ),
    "workbook within": Case(lambda: _on_sheet("package", "embeddings/a.xlsx", good()), "XLT110", "embedded"),
    "ActiveX": Case(lambda: _on_sheet("control", "activeX/activeX1.xml"), "XLT110", "ActiveX"),
    "compound file among the pictures": Case(lambda: of({"xl/media/image1.png": compound("x")}), "XLT110", "OLE"),
    "compound file as settings of a printer": Case(
        lambda: _on_sheet("printerSettings", "printerSettings/printerSettings1.bin", compound("x")), "XLT110", "OLE"
    ),
    "connection": Case(lambda: _related("connections", "connections.xml"), "XLT111", "a data connection"),
    "query": Case(lambda: _on_sheet("queryTable", "queryTables/queryTable1.xml"), "XLT111", "a data connection"),
    "DDE": Case(lambda: _link('<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'), "XLT111", "DDE"),
    "DDE under another name": Case(
        lambda: of({BOOK_RELS: beside(("externalLink", "links/e.xml")), "xl/links/e.xml": DDE}), "XLT111", "DDE"
    ),
    "DDE that nothing names": Case(lambda: of({"xl/e.xml": DDE}), "XLT111", "DDE"),
    "DDE with a prefix behind a remark": Case(
        lambda: of({"xl/e.xml": "<!-- <a> --><?b <c?>" + undeclared(prefixed(DECLARED + DDE))}), "XLT111", "DDE"
    ),
    "DDE in a formula of newer programs": Case(lambda: rows(CELLS, NEWER), "XLT111", "DDE"),
    "DDE in a formula of newer programs, beside a remark": Case(
        lambda: rows(CELLS, f"{NEWER}<!-- -->"), "XLT111", "DDE"
    ),
    "link to an OLE object": Case(lambda: _link('<oleLink r:id="r1" progId="Word.Document"/>'), "XLT111", "DDE"),
    "DDE in a formula": Case(lambda: cell("<c r=\"A1\"><f>cmd|'/c calc'!A1</f><v>0</v></c>"), "XLT111", "DDE"),
    "DDE in a formula in code": Case(
        lambda: cell("<c r=\"A1\"><f>cmd&#x7C;'/c calc'!A1</f><v>0</v></c>"), "XLT111", "DDE"
    ),
    "DDE in a formula in a section": Case(
        lambda: cell("<c r=\"A1\"><f><![CDATA[cmd|'/c calc'!A1]]></f><v>0</v></c>"), "XLT111", "DDE"
    ),
    "DDE in a formula of its own space": Case(
        lambda: cell("<c r=\"A1\"><f a='&gt;\">'>cmd|'/c calc'!A1&amp;\"\"</f><v>0</v></c>"), "XLT111", "DDE"
    ),
    "DDE in a formula around an instruction": Case(
        lambda: cell("<c r=\"A1\"><f>cmd|<?a b?>'/c calc'!A1</f><v>0</v></c>"), "XLT111", "DDE"
    ),
    "DDE behind many texts": Case(
        lambda: rows(f'<row r="1"><c r="A1" t="str"><v>{"|&gt;" * 9}</v></c><c r="B1"><f>5&gt;cmd|x!A1</f></c></row>'),
        "XLT111", "DDE",
    ),
    "DDE in a name": Case(
        lambda: of({WORKBOOK: book("S", more="<definedNames><definedName>cmd|x!A1</definedName></definedNames>")}),
        "XLT111", "DDE",
    ),
    "DDE in a validation": Case(
        lambda: rows(CELLS, "<dataValidation><formula1>cmd|x!A1</formula1></dataValidation>"),
        "XLT111", "DDE",
    ),
}  # fmt: skip

HOSTILE = OTHER_FILES | ZIPS | MARKUP | PACKAGES | SHEETS | QUARANTINED
