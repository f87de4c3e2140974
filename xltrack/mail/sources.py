"""Finds messages and workbooks in what an operator names: a folder, a mailbox file, an archive, a single file.

Here is only told apart what is a message and what is not; what is in them is read in the sandbox.
"""

import codecs
import mailbox
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from xltrack.errors import MailError
from xltrack.files import reason_not_read
from xltrack.intake.kinds import OLE, ZIP
from xltrack.intake.leftovers import has_name_of_leftover
from xltrack.language import Text
from xltrack.mail.attached import name_in_zip
from xltrack.mail.mark import is_inbox
from xltrack.mail.opening import MESSAGE_BYTES

_PACKAGE: Final = "[content_types].xml"
_OUTLOOK: Final = "__properties_version1.0".encode("utf-16-le")
_HEAD: Final = 2**16
_HEADER: Final = re.compile(rb"[!-9;-~]{1,76}:")
_OF_MAIL: Final = re.compile(
    rb"(?im)^(?:received|return-path|delivered-to|from|message-id|mime-version|authentication-results|subject):\s*\S"
)
_FROM: Final = b"From "


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, or one file that an operator handed over (then it has a `name`).

    `content` is all of it, or its beginning where `size` is beyond `MESSAGE_BYTES`. `source` says where it was found;
    `arrival` is the receiving server's time, None if it is not known here.
    """

    content: bytes = field(repr=False)
    size: int
    source: str
    name: str | None = None
    arrival: datetime | None = None

    @property
    def ending(self) -> str:
        """Return the ending under which a message is kept."""
        return ".msg" if self.content.startswith(OLE) else ".eml"


def incoming(path: Path) -> Iterator[Incoming]:
    """Yield every message and file at `path`, those of a folder in the order of their names.

    What lies in an inbox within that folder has been fetched before, with its sender, and is not taken for the
    operator's own. Raises MailError for what is not there or cannot be read.
    """
    try:
        for file in sorted(_below(path)) if path.is_dir() else [path]:
            if not has_name_of_leftover(file.name):
                yield from _in_file(file)
    except OSError as failure:
        raise MailError(place=path, reason=reason_not_read(failure)) from failure


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder, onerror=_raise):
        if is_inbox(Path(here)):
            folders.clear()
            continue
        yield from (Path(here, name) for name in names)


def _raise(failure: OSError) -> None:
    raise failure


def _in_file(path: Path) -> Iterator[Incoming]:
    with path.open("rb") as file:
        content = file.read(MESSAGE_BYTES + 1)
    if content.startswith(_FROM):
        yield from _in_mailbox(path)
    elif content.startswith(ZIP) and zipfile.is_zipfile(path):
        yield from _in_archive(path, content)
    else:
        yield _one(path.name, content, path.stat().st_size)


def _one(name: str, content: bytes, size: int) -> Incoming:
    # Some programs that save messages write a mark of UTF-8 or a blank line first.
    trimmed = content.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
    if is_message(trimmed):
        size, content = size - (len(content) - len(trimmed)), trimmed
    kept = content if size <= MESSAGE_BYTES else content[:_HEAD]
    if is_message(content):
        return Incoming(kept, size, name)
    return Incoming(content, size, name, name)


def is_message(content: bytes) -> bool:
    """Return whether `content` is a message: headers at its beginning, or the properties of one in a compound file."""
    if content.startswith(OLE):
        return _OUTLOOK in content
    return (
        _HEADER.match(content) is not None
        and _OF_MAIL.search(content[:_HEAD].partition(b"\n\n")[0]) is not None
    )


def _in_mailbox(path: Path) -> Iterator[Incoming]:
    with closing(mailbox.mbox(path, create=False)) as box:
        for number, key in enumerate(box.iterkeys(), start=1):
            envelope, _, content = box.get_bytes(key, from_=True).partition(b"\n")
            kept = content if len(content) <= MESSAGE_BYTES else content[:_HEAD]
            yield Incoming(kept, len(content), f"{path.name};{number}", None, _delivered(envelope, content))


def _delivered(envelope: bytes, content: bytes) -> datetime | None:
    """Return the time on the line before a message, in UTC by custom, where the message itself has no Received."""
    if re.search(rb"(?im)^received:", content[:_HEAD]):
        return None
    try:
        moment = parsedate_to_datetime(envelope.decode("ascii", "replace").split(maxsplit=2)[2])
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_archive(path: Path, content: bytes) -> Iterator[Incoming]:
    """Yield what is in an archive, or the workbook itself: that is a zip too."""
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if any(entry.filename.casefold() == _PACKAGE for entry in entries):
            yield Incoming(content, path.stat().st_size, path.name, path.name)
            return
        for entry in entries:
            name = name_in_zip(entry)
            if not has_name_of_leftover(name.rpartition("/")[2]):
                yield _one(name, _member(archive, entry, path), entry.file_size)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> bytes:
    try:
        with archive.open(entry) as file:
            return file.read(MESSAGE_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OSError) as failure:
        said = f"{name_in_zip(entry)}: {failure}"
        raise MailError(place=path, reason=Text(said, said)) from failure
