"""What becomes of the bytes of a workbook on their way: each takes a good file and gives another content."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

from tests.sheets import PACKAGE, SHEET_TYPE

FileMess = Callable[[bytes], bytes]
_TYPES = "[Content_Types].xml"
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def encrypted(_: bytes) -> bytes:
    """A workbook that needs a password is no zip but an OLE file with these two streams (MS-OFFCRYPTO, 2.3.4)."""
    return ole_file({"EncryptionInfo": bytes([4, 0, 4, 0, 64, 0, 0, 0]), "EncryptedPackage": bytes(4096)})


def old_excel(_: bytes) -> bytes:
    """A workbook of Excel 97–2003: an OLE file with the stream "Workbook", which begins with a BOF (MS-XLS, 2.4.21)."""
    beginning = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    return ole_file({"Workbook": (beginning + struct.pack("<HH", 0x000A, 0)).ljust(4096, b"\0")})


def web_page(_: bytes) -> bytes:
    """What many systems call an Excel file."""
    return (
        "<html><meta charset='utf-8'><body><table><tr><td>Mã số thuế</td></tr></table></body></html>".encode()
    )


def csv(_: bytes) -> bytes:
    """Text with semicolons."""
    return "\ufeffMã số thuế;Tên doanh nghiệp\r\n0100233488;Công ty A\r\n".encode()


def xml_2003(_: bytes) -> bytes:
    """XML Spreadsheet 2003."""
    return (
        b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    )


def empty(_: bytes) -> bytes:
    """Nothing."""
    return b""


def cut_off(content: bytes) -> bytes:
    """The first two thirds."""
    return content[: len(content) * 2 // 3]


def owner_lock(_: bytes) -> bytes:
    """What Excel writes into the file beside an open workbook."""
    return b"\x0aNguoi dung" + bytes(154)


def zip_of_workbooks(content: bytes) -> bytes:
    """Two workbooks in one zip."""
    return _zipped([("Bắc Ninh.xlsx", content), ("Bắc Ninh lần 2.xlsx", content)])


def with_macros(content: bytes) -> bytes:
    """The workbook with a project of macros, as .xlsm."""
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    macros = (
        '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    )
    parts = _parts(content)
    parts[_TYPES] = (
        parts[_TYPES].replace(SHEET_TYPE.encode(), kind.encode()).replace(b"</Types>", macros.encode())
    )
    relations = "xl/_rels/workbook.xml.rels"
    project = (
        '<Relationship Id="vba" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
    )
    project += 'Target="vbaProject.bin"/></Relationships>'
    parts[relations] = parts[relations].replace(b"</Relationships>", project.encode())
    return _zipped([*parts.items(), ("xl/vbaProject.bin", ole_file({"VBA": bytes(4096)}))])


def binary_workbook(_: bytes) -> bytes:
    """A workbook whose parts are binary."""
    types = f'<Types xmlns="{PACKAGE}/content-types"/>'.encode()
    return _zipped([(_TYPES, types), ("xl/workbook.bin", b"\x83\x01\x00")])


def template_format(content: bytes) -> bytes:
    """The workbook as a template of Excel's."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
    parts = _parts(content)
    parts[_TYPES] = parts[_TYPES].replace(SHEET_TYPE.encode(), kind.encode())
    return _zipped(parts.items())


def open_document(_: bytes) -> bytes:
    """A spreadsheet of OpenDocument."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return _zipped([("mimetype", kind), ("content.xml", b"<a/>"), ("META-INF/manifest.xml", b"<a/>")])


def numbers(_: bytes) -> bytes:
    """A spreadsheet of Numbers."""
    return _zipped([("Index/Document.iwa", b"\0"), ("Metadata/Properties.plist", b"bplist00")])


def google_link(_: bytes) -> bytes:
    """What stands in a .gsheet file: where the sheet is, nothing of what is in it."""
    return b'{"url": "https://docs.google.com/open?id=1AbC", "doc_id": "1AbC", "email": "skhcn@example.vn"}'


def zip_bomb(content: bytes) -> bytes:
    """A part of 160 MB of blanks, packed to less than a hundredth."""
    memory = io.BytesIO(content)
    name = "xl/worksheets/sheet99.xml"
    with (
        zipfile.ZipFile(memory, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open(name, "w") as part,
    ):
        for _ in range(40):
            part.write(b" " * 2**22)
    return memory.getvalue()


def xml_bomb(content: bytes) -> bytes:
    """Entities made of entities."""
    entities = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    parts = _parts(content)
    bomb = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "ha">{entities}]><sst>&a9;</sst>'
    return _zipped((parts | {"xl/sharedStrings.xml": bomb.encode()}).items())


def million_strings(content: bytes) -> bytes:
    """Shared strings that claim to be more than four billion."""
    parts = _parts(content)
    strings = parts["xl/sharedStrings.xml"].replace(b"<sst ", b'<sst uniqueCount="4294967295" ', 1)
    return _zipped((parts | {"xl/sharedStrings.xml": strings}).items())


def strict(content: bytes) -> bytes:
    """The same workbook in the namespaces of ISO 29500 Strict."""
    names = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
        b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties": (
            b"http://purl.oclc.org/ooxml/officeDocument/customProperties"
        ),
        b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes": (
            b"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"
        ),
    }
    parts = _parts(content)
    for transitional, purl in names.items():
        parts = {name: part.replace(transitional, purl) for name, part in parts.items()}
    return _zipped(parts.items())


def too_large(content: bytes) -> bytes:
    """The workbook with a photograph of 26 MB."""
    memory = io.BytesIO(content)
    with zipfile.ZipFile(memory, "a", zipfile.ZIP_STORED) as package:
        package.writestr("xl/media/image1.jpeg", random.Random(0).randbytes(26 * 2**20))
    return memory.getvalue()


def gateway_notice(_: bytes) -> bytes:
    """What a gateway sends instead."""
    return b"The attachment of this message was removed because its type is not allowed by policy.\r\n"


def ole_file(streams: dict[str, bytes]) -> bytes:
    """Return an OLE file (MS-CFB, version 3) with `streams`, each of 4,096 bytes or more, or padded to that."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    sectors: list[bytes] = []
    chain: list[int] = []
    starts = {}
    for name, content in padded.items():
        starts[name] = len(sectors)
        pieces = [content[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(content), _SECTOR)]
        chain += [*range(len(sectors) + 1, len(sectors) + len(pieces)), _END]
        sectors += pieces
    directory = _directory(starts, padded)
    first_of_directory = len(sectors)
    pieces = [directory[at : at + _SECTOR] for at in range(0, len(directory), _SECTOR)]
    chain += [*range(first_of_directory + 1, first_of_directory + len(pieces)), _END]
    sectors += pieces
    chain.append(_FAT)
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, struct.pack("<B", 0xFF))
    return _ole_header(first_of_directory, len(sectors)) + b"".join(sectors) + table


def _directory(starts: dict[str, int], streams: dict[str, bytes]) -> bytes:
    entries = [_entry("Root Entry", 5, child=1 if streams else _FREE, start=_END, size=0)]
    names = list(streams)
    for at, name in enumerate(names, 1):
        right = at + 1 if at < len(names) else _FREE
        entries.append(_entry(name, 2, right=right, start=starts[name], size=len(streams[name])))
    while len(entries) % 4:
        entries.append(bytes(68) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48))
    return b"".join(entries)


def _entry(name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def _ole_header(directory: int, table: int) -> bytes:
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head = magic + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, _END, 0, _END, 0)
    return (head + struct.pack("<I", table)).ljust(_SECTOR, b"\xff")


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _zipped(entries) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content)
    return memory.getvalue()


FILES: dict[str, FileMess] = {
    function.__name__: function
    for function in (
        encrypted, old_excel, web_page, csv, xml_2003, empty, cut_off, owner_lock, zip_of_workbooks, with_macros,
        binary_workbook, template_format, open_document, numbers, google_link, zip_bomb, xml_bomb, million_strings,
        strict, too_large, gateway_notice,
    )
}  # fmt: skip
