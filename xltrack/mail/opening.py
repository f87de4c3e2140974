"""What a worker of the sandbox does with one message: everything that looks into it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from xltrack.findings import Finding
from xltrack.intake.kinds import OLE
from xltrack.intake.sandbox import Limits, Parcel, pack
from xltrack.language import Text
from xltrack.mail import links
from xltrack.mail.attached import Attached
from xltrack.mail.headers import arrival_of, letter_of
from xltrack.mail.model import Letter
from xltrack.mail.names import shown_name
from xltrack.mail.outlook import take_msg
from xltrack.mail.parts import Odd, read_headers, take_parts

MESSAGE_BYTES: Final = 40 * 2**20
"""Attachments of 25 MB, the most that is read, are 34 MB in a mail."""
HEADER_BYTES: Final = 2**18
LIMITS: Final = Limits(answer=96 * 2**20)
LETTERS: Final = 20
_NAMES: Final = 10


@dataclass(frozen=True)
class Raw:
    """A message as it came, its true `size`; of one that is too large only the beginning was kept.

    With a `name` it is no message but a file that an operator handed over.
    """

    content: bytes = field(repr=False)
    size: int
    name: str | None = None


@dataclass(frozen=True)
class Opened:
    """A message that was looked into: the contents of its workbooks (`Letter.workbooks`), and its own arrival.

    `arrival` is what the receiving server's Received header or Outlook says, None if neither does.
    """

    letter: Letter
    contents: tuple[bytes, ...]
    arrival: datetime | None


def opener() -> Callable[[Raw], Parcel]:
    """Return the function that looks into one message."""
    return lambda raw: pack(look_into(raw), Opened)


def look_into(raw: Raw) -> Opened:
    """Return what is in a message; one that is too large or built oddly is not opened beyond its headers."""
    if raw.size > MESSAGE_BYTES:
        return _too_large(raw)
    attached = Attached()
    if raw.name is not None:
        return _of_file(raw.name, raw.content, attached)
    if raw.content.startswith(OLE):
        head, delivered = take_msg(raw.content, attached)
        return _opened(letter_of(head), attached, arrival_of(head) or delivered)
    head = read_headers(raw.content[:HEADER_BYTES])
    try:
        take_parts(raw.content, attached)
        _take_letters(attached)
    except Odd as odd:
        return _closed(letter_of(head), Finding("XLT703", facts={"reason": odd.reason}), arrival_of(head))
    return _opened(letter_of(head), attached, arrival_of(head))


def _of_file(name: str, content: bytes, attached: Attached) -> Opened:
    letter = Letter("", "", "", "")
    attached.add(name, content)
    if attached.letters:
        # Who sent them would not be asked.
        odd = Text("thư nằm trong tệp nén lồng nhau", "letters lie in an archive within another")
        return _closed(letter, Finding("XLT703", facts={"reason": odd}), None)
    return _opened(letter, attached, None)


def _too_large(raw: Raw) -> Opened:
    head = read_headers(b"" if raw.content.startswith(OLE) else raw.content[:HEADER_BYTES])
    facts = {"size": _megabytes(raw.size), "limit": _megabytes(MESSAGE_BYTES)}
    return _closed(letter_of(head), Finding("XLT702", facts=facts), arrival_of(head))


def _take_letters(attached: Attached) -> None:
    """Add what is attached to letters that are attached as files."""
    taken = 0
    while attached.letters:
        if taken >= LETTERS:
            raise Odd(f"có hơn {LETTERS} thư đính kèm", f"more than {LETTERS} letters are attached")
        content = attached.letters.pop(0)
        if content.startswith(OLE):
            take_msg(content, attached)
        else:
            take_parts(content, attached)
        taken += 1


def _closed(letter: Letter, finding: Finding, arrival: datetime | None) -> Opened:
    return Opened(replace(letter, findings=(finding,)), (), arrival)


def _opened(letter: Letter, attached: Attached, arrival: datetime | None) -> Opened:
    found = replace(letter, attachments=tuple(attached.attachments), findings=tuple(attached.findings))
    if not found.workbooks and not found.findings:
        found = replace(found, findings=(_nothing(found, attached.text),))
    contents = tuple(attached.contents[one.sha256] for one in found.workbooks)
    return Opened(found, contents, arrival)


def _nothing(letter: Letter, text: str) -> Finding:
    if hosts := links.hosts_of_files(text):
        return Finding("XLT701", facts={"hosts": hosts})
    names = [shown_name(one.name) for one in letter.attachments]
    said: object = ", ".join(names[:_NAMES])
    if more := len(names) - _NAMES:
        said = Text(f"{said} và {more} tệp nữa", f"{said} and {more} more") if more > 0 else said
    return Finding("XLT700", facts={"names": said})


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}".replace(".0", "") + " MB"
