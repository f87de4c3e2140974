"""What a file is by its content, whatever its name says."""

from collections.abc import Iterable, Sequence
from typing import Final

from xltrack.intake.directory import ONE_PART, UNSEEN, Entry
from xltrack.intake.leftovers import has_name_of_leftover
from xltrack.intake.model import damaged, refused
from xltrack.intake.texts import LINK_FILE, refuse_text
from xltrack.language import Text

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_XLS: Final = Text("sổ tính Excel 97–2003 (.xls)", "an Excel 97–2003 file (.xls)")
_XLS_MACROS: Final = Text("sổ tính Excel 97–2003 (.xls) có macro", "an Excel 97–2003 file (.xls) with macros")
_ODS: Final = Text("bảng tính OpenDocument (.ods)", "an OpenDocument spreadsheet (.ods)")
_NUMBERS: Final = Text("bảng tính Numbers của Apple", "a Numbers file of Apple")
_WORD: Final = Text("văn bản Word", "a Word document")
_SLIDES: Final = Text("bản trình chiếu PowerPoint", "a PowerPoint presentation")
_PICTURE: Final = Text("hình ảnh", "a picture")
_FILM: Final = Text("hình ảnh hoặc phim", "a picture or a film")
_PROGRAM: Final = Text("tệp chương trình", "a program")
_SHOWN: Final = 10
_HEAD: Final = 1_024

# How a file begins, its code, what it is.
_BEGINNINGS: Final = (
    (b"\x09\x08", "XLT104", _XLS),
    (b"\x09\x04\x06\x00", "XLT104", _XLS),
    (b"\x09\x02\x06\x00", "XLT104", _XLS),
    (b"\x09\x00\x04\x00", "XLT104", _XLS),
    (b"\x00\x00\x1a\x00", "XLT104", Text("bảng tính Lotus 1-2-3", "a Lotus 1-2-3 spreadsheet")),
    (b"%PDF", "XLT101", Text("tệp PDF", "a PDF file")),
    (b"{\\rtf", "XLT101", _WORD),
    (b"\xff\xd8\xff", "XLT101", _PICTURE),
    (b"\x89PNG", "XLT101", _PICTURE),
    (b"GIF8", "XLT101", _PICTURE),
    (b"II*\x00", "XLT101", _PICTURE),
    (b"MM\x00*", "XLT101", _PICTURE),
    (b"RIFF", "XLT101", _FILM),
    (b"MZ", "XLT101", _PROGRAM),
    (b"\x7fELF", "XLT101", _PROGRAM),
    (b"Rar!", "XLT113", Text("tệp nén RAR", "a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", "XLT113", Text("tệp nén 7-Zip", "a 7-Zip archive")),
    (b"\x1f\x8b", "XLT113", Text("tệp nén gzip", "a gzip archive")),
    (b"BZh", "XLT113", Text("tệp nén bzip2", "a bzip2 archive")),
    (b"\xfd7zXZ", "XLT113", Text("tệp nén xz", "an xz archive")),
    (b"MSCF", "XLT113", Text("tệp nén cab", "a cab archive")),
    (b"PK\x07\x08", "XLT113", ONE_PART),
    (b"\x78\x9f\x3e\x22", "XLT114", Text("tệp winmail.dat của Outlook", "a winmail.dat file of Outlook")),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "XLT115", Text("lối tắt của Windows", "a Windows shortcut")),
    (b"bplist00", "XLT115", LINK_FILE),
)  # fmt: skip
# Names of streams in a compound file, the first that is there decides.
_STREAMS: Final = (
    ("EncryptedPackage", "XLT103", None),
    ("\x09DRMContent", "XLT103", None),
    ("_VBA_PROJECT_CUR", "XLT104", _XLS_MACROS),
    ("Workbook", "XLT104", _XLS),
    ("Book", "XLT104", _XLS),
    ("WordDocument", "XLT101", _WORD),
    ("PowerPoint Document", "XLT101", _SLIDES),
    ("__properties_version1.0", "XLT114", Text("thư của Outlook (.msg)", "an Outlook message (.msg)")),
)
# Parts that tell what a package is, if not a workbook of our kind.
_PACKAGES: Final = (
    ("xl/workbook.bin", "XLT104", Text("sổ tính Excel nhị phân (.xlsb)", "an Excel binary workbook (.xlsb)")),
    ("word/", "XLT101", _WORD),
    ("ppt/", "XLT101", _SLIDES),
)
_BARE_PACKAGES: Final = (
    ("index/document.iwa", "XLT104", _NUMBERS),
    ("index.zip", "XLT104", _NUMBERS),
)
_OPEN_DOCUMENTS: Final = (
    (b"opendocument.spreadsheet", "XLT104", _ODS),
    (b"opendocument", "XLT101", Text("tài liệu OpenDocument", "an OpenDocument file")),
)


def require_zip(content: bytes) -> None:
    """Raise Refused, by name, for everything that does not begin as a zip."""
    if content.startswith(ZIP):
        return
    if not content.strip(b"\0 \r\n\t") or content.startswith(_EMPTY_ZIP):
        raise refused("XLT119")
    if content.startswith(OLE):
        _refuse_compound(content)
    for start, code, kind in _BEGINNINGS:
        if content.startswith(start):
            raise refused(code, kind=kind, names=UNSEEN)
    if content[4:8] == b"ftyp":
        raise refused("XLT101", kind=_FILM)
    refuse_text(content)
    if content.startswith(b"BM"):
        raise refused("XLT101", kind=_PICTURE)
    if ZIP in content[:_HEAD]:
        raise damaged(
            "có dữ liệu lạ ở đầu tệp, tệp bị thay đổi trên đường gửi",
            "something stands before its beginning; it was altered on the way",
        )
    raise refused("XLT101", kind=Text("tệp không rõ loại", "a file of unknown kind"))


def refuse_other_package(entries: Sequence[Entry], content: bytes) -> None:
    """Raise Refused, by name, for a zip with these `entries` that is no package of Office, or not of Excel."""
    names = {entry.name.casefold() for entry in entries}
    files = [entry for entry in entries if not entry.is_folder]
    is_locked = any(entry.is_encrypted for entry in files)
    if "[content_types].xml" in names:
        if is_locked:
            raise refused("XLT103")
        _refuse_named(names, _PACKAGES)
        return
    beginning = content[:256]
    for mark, code, kind in _OPEN_DOCUMENTS:
        if b"mimetype" in beginning and mark in beginning:
            raise refused(code, kind=kind)
    if {"content.xml", "meta-inf/manifest.xml"} <= names:
        raise refused("XLT104", kind=_ODS)
    _refuse_named(names, _BARE_PACKAGES)
    if sum(name.endswith("/[content_types].xml") for name in names) == 1:
        raise damaged(
            "sổ tính đã bị giải nén rồi nén lại; hãy gửi đúng tệp gốc, không giải nén",
            "the workbook was unpacked and packed again; send the original as it was",
        )
    locked = Text("tệp nén zip có mật khẩu", "a zip archive locked by a password")
    kind = locked if is_locked else Text("tệp nén zip", "a zip archive")
    raise refused("XLT113", kind=kind, names=_listed(files))


def _refuse_named(names: Iterable[str], packages: Iterable[tuple[str, str, Text]]) -> None:
    for start, code, kind in packages:
        if any(name.startswith(start) for name in names):
            raise refused(code, kind=kind)


def _listed(entries: Sequence[Entry]) -> Text:
    """Return the names of the first of `entries`, and how many more there are."""
    names = sorted(entry.name for entry in entries if not has_name_of_leftover(entry.name.rpartition("/")[2]))
    said = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    if not names:
        return Text("không có gì", "nothing")
    return Text(f"{said} và {more} tệp nữa", f"{said} and {more} more") if more > 0 else Text(said, said)


def _refuse_compound(content: bytes) -> None:
    if _is_locked_xls(content):
        raise refused("XLT103")
    for stream, code, kind in _STREAMS:
        if _has_stream(content, stream):
            raise refused(code, kind=kind) if kind else refused(code)
    raise refused(
        "XLT101", kind=Text("tài liệu kiểu cũ, không phải của Excel", "an old document, not of Excel")
    )


def _has_stream(content: bytes, name: str) -> bool:
    """Return whether the directory of the compound file has an entry called `name` (MS-CFB, 2.6.1)."""
    raw = name.encode("utf-16-le") + b"\0\0"
    at = content.find(raw)
    while at >= 0:
        if at % 128 == 0 and content[at + 64 : at + 66] == len(raw).to_bytes(2, "little"):
            return True
        at = content.find(raw, at + 2)
    return False


def _is_locked_xls(content: bytes) -> bool:
    """Return whether the stream of an .xls begins, after its first record, with one of encryption (MS-XLS, 2.4.117)."""
    at = content.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    return at > 0 and content[at + 20 : at + 22] == b"\x2f\x00"
