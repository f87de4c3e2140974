"""What is attached to a message: told apart by content, archives and Outlook's envelopes unpacked."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xltrack.findings import Finding
from xltrack.intake.leftovers import has_name_of_leftover
from xltrack.intake.sorting import first_code, is_archive, is_meant_as_workbook
from xltrack.language import Text
from xltrack.mail.model import Attachment
from xltrack.mail.names import shown_name
from xltrack.mail.tnef import TNEF, read_tnef

FILES: Final = 200
CONTENT_BYTES: Final = 64 * 2**20
ARCHIVE_FILES: Final = 100
_TEXT: Final = 200_000
_LETTER: Final = "XLT114"
_ENCRYPTED: Final = 1
_UTF8: Final = 1 << 11


@dataclass
class Attached:
    """What was found so far in one message.

    `contents` are those of workbooks by hash, `letters` are messages that were attached as files, `text` is what people
    wrote.
    """

    attachments: list[Attachment] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    text: str = ""

    def write(self, text: str) -> None:
        """Add something that people wrote, as far as there is room."""
        self.text += text[: _TEXT - len(self.text)]

    def add(self, name: str, content: bytes, inside: str = "") -> None:
        """Add an attached file, with what is in it if it is an archive."""
        if content.startswith(TNEF):
            for title, inner in read_tnef(content):
                self.add(title, inner, inside)
            return
        code = first_code(name, content)
        if code == _LETTER:
            self.letters.append(content)
        elif is_archive(content, code) and not inside:
            self._unpack(name, content)
        else:
            self._sort(name, content, code, inside)

    def _sort(self, name: str, content: bytes, code: str, inside: str) -> None:
        """Add one file that is no archive."""
        is_workbook = is_meant_as_workbook(name, code)
        digest = hashlib.sha256(content).hexdigest()
        self.attachments.append(Attachment(name, digest, len(content), is_workbook, code, inside))
        if is_workbook:
            self.contents[digest] = content

    def _unpack(self, name: str, content: bytes) -> None:
        """Add every file of an archive, or none and why."""
        try:
            members = list(_members(content))
        except NotUnpacked as refusal:
            self.findings.append(
                Finding("XLT704", facts={"file": shown_name(name), "reason": refusal.reason})
            )
            self._sort(name, content, "XLT101", "")
            return
        for title, inner in members:
            self.add(title, inner, name)


class NotUnpacked(Exception):
    """An archive that is not unpacked, and why."""

    def __init__(self, vi: str, en: str) -> None:
        """Keep the reason in both languages."""
        super().__init__(en)
        self.reason = Text(vi, en)


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file in a zip; raises NotUnpacked."""
    room = CONTENT_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > ARCHIVE_FILES:
                raise NotUnpacked(f"có hơn {ARCHIVE_FILES} tệp", f"it holds more than {ARCHIVE_FILES} files")
            for entry in entries:
                inner = _member(archive, entry, room)
                room -= len(inner)
                name = name_in_zip(entry)
                if not has_name_of_leftover(name.rpartition("/")[2]):
                    yield _checked(name, inner)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as failure:
        raise NotUnpacked("tệp nén bị hỏng", "it is damaged") from failure


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise NotUnpacked("có mật khẩu", "it is locked by a password")
    with archive.open(entry) as file:
        inner = file.read(room + 1)
    if len(inner) > room:
        limit = CONTENT_BYTES >> 20
        raise NotUnpacked(f"quá {limit} MB khi giải nén", f"it is more than {limit} MB unpacked")
    return inner


def _checked(name: str, inner: bytes) -> tuple[str, bytes]:
    if is_archive(inner, first_code(name, inner)):
        shown = shown_name(name)
        raise NotUnpacked(f"bên trong có tệp nén khác ({shown})", f"another archive is in it ({shown})")
    return name, inner


def name_in_zip(entry: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: UTF-8 if it says so or is that, else the code page of Vietnamese Windows."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    return legible(raw)


def legible(raw: bytes) -> str:
    """Return bytes of a name or a header as text: UTF-8 if they are that, else as Vietnamese Windows has them."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1258", "replace")
