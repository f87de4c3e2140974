"""What a file is by its content, whatever its name says."""

from xltrack.intake.model import Refused
from xltrack.language import Text

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLS = Text("tệp Excel 97–2003 (.xls)", "an Excel 97–2003 file (.xls)")
_DOCUMENTS = (
    (b"%PDF", Text("tệp PDF", "a PDF file")),
    (b"{\\rtf", Text("tệp RTF của Word", "a Word RTF file")),
    (b"\x09\x08\x10\x00", _XLS),
)
_STRANGERS = (
    (b"Rar!", Text("tệp nén RAR", "a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", Text("tệp nén 7-Zip", "a 7-Zip archive")),
    (b"\x1f\x8b", Text("tệp nén gzip", "a gzip archive")),
    (b"\xff\xd8\xff", Text("ảnh JPEG", "a JPEG picture")),
    (b"\x89PNG", Text("ảnh PNG", "a PNG picture")),
)
_MIME_KINDS = (
    ("opendocument.spreadsheet", Text("bảng tính OpenDocument (.ods)", "an OpenDocument spreadsheet (.ods)")),
    ("opendocument", Text("tài liệu OpenDocument", "an OpenDocument file")),
)
_ENTRY_KINDS = (
    ("xl/workbook.bin", Text("tệp Excel nhị phân (.xlsb)", "an Excel binary workbook (.xlsb)")),
    ("word/", Text("tài liệu Word (.docx)", "a Word document (.docx)")),
    ("ppt/", Text("bản trình chiếu PowerPoint (.pptx)", "a PowerPoint presentation (.pptx)")),
    ("Index/Document.iwa", Text("bảng tính Numbers", "a Numbers spreadsheet")),
)


def require_zip(content: bytes) -> None:
    """Raise Refused for everything that does not begin as a zip: XLT101, XLT103 or XLT104."""
    if content.startswith(_ZIP):
        return
    if not content.strip(b"\0 \r\n\t"):
        raise Refused("XLT101", kind=Text("tệp rỗng", "an empty file"))
    if content.startswith(_OLE):
        _refuse_ole(content)
    for code, marks in (("XLT104", _DOCUMENTS), ("XLT101", _STRANGERS)):
        for mark, kind in marks:
            if content.startswith(mark):
                raise Refused(code, kind=kind)
    _refuse_text(content)


def refuse_other_package(names: set[str], mimetype: bytes) -> None:
    """Raise XLT104 for zips that are a document of another kind, XLT101 for zips that are none known."""
    declared = mimetype.decode("latin-1")
    for mark, kind in _MIME_KINDS:
        if mark in declared:
            raise Refused("XLT104", kind=kind)
    for start, kind in _ENTRY_KINDS:
        if any(name.startswith(start) for name in names):
            raise Refused("XLT104", kind=kind)
    if "[Content_Types].xml" not in names:
        raise Refused("XLT101", kind=Text("tệp nén zip", "a zip archive"))


def _refuse_ole(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("XLT103")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise Refused("XLT104", kind=_XLS)
    raise Refused("XLT104", kind=Text("tài liệu Office 97–2003", "an Office 97–2003 document"))


def _refuse_text(content: bytes) -> None:
    start = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").lower()
    if b"<html" in start or start.startswith((b"<!doctype html", b"<table", b"<meta")):
        raise Refused("XLT104", kind=Text("trang web HTML", "an HTML page"))
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Refused("XLT104", kind=Text("bảng tính XML 2003", "an XML Spreadsheet 2003 file"))
    if start and all(byte >= 32 or byte in b"\t\r\n" for byte in start):
        raise Refused("XLT104", kind=Text("tệp văn bản hoặc CSV", "a text or CSV file"))
    raise Refused("XLT101", kind=Text("tệp không rõ loại", "a file of unknown kind"))
