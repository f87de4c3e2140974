"""Walks the parts of a message within limits, and leaves nothing out that could be a workbook."""

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

from xltrack.intake.kinds import OLE, ZIP
from xltrack.language import Text
from xltrack.mail.attached import FILES, Attached, legible

LEVELS: Final = 20
_CONTAINERS: Final = 100
_BOUNDARIES: Final = 2_000
_HEAD: Final = 2**18
_CONTAINER: Final = re.compile(rb"(?im)^content-type:\s*(?:multipart|message)/")
_BOUNDARY: Final = re.compile(rb"(?m)^--[^\s-]")
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
_MIME_NAME: Final = re.compile(r"=\?[^?\s]+\?[bqBQ]\?")


class Odd(Exception):
    """The message is built as no mail program builds one, and how."""

    def __init__(self, vi: str, en: str) -> None:
        """Keep the reason in both languages."""
        super().__init__(en)
        self.reason = Text(vi, en)


def read_headers(content: bytes) -> Message:
    """Return the headers at the beginning of `content`, each as text that can be read."""
    end = re.search(rb"\r?\n\r?\n", content)
    return _legible(
        BytesParser(policy=compat32).parsebytes(content[: end.start() if end else None], headersonly=True)
    )


def take_parts(content: bytes, attached: Attached) -> None:
    """Add to `attached` what is in the message; raises Odd for more parts or levels than a person's message has."""
    _require_usual(content)
    for number, (part, level) in enumerate(_leaves(BytesParser(policy=compat32).parsebytes(content))):
        if number >= FILES:
            raise Odd(f"có hơn {FILES} phần", f"it has more than {FILES} parts")
        if level > LEVELS:
            raise Odd(f"lồng nhau hơn {LEVELS} lớp", f"it is nested more than {LEVELS} levels deep")
        _take(part, attached)


def _require_usual(content: bytes) -> None:
    """Raise Odd for what the library of Python would take very long over, before it is asked."""
    end = re.search(rb"\r?\n\r?\n", content)
    if (end.start() if end else len(content)) > _HEAD:
        raise Odd(f"phần đầu thư quá {_HEAD >> 10} KB", f"its headers are more than {_HEAD >> 10} KB")
    if _many(_CONTAINER, content, _CONTAINERS) or _many(_BOUNDARY, content, _BOUNDARIES):
        raise Odd("có quá nhiều phần lồng nhau", "it has too many parts within parts")


def _many(pattern: "re.Pattern[bytes]", content: bytes, most: int) -> bool:
    return any(number >= most for number, _ in enumerate(pattern.finditer(content)))


def _leaves(message: Message) -> Iterator[tuple[Message, int]]:
    """Yield the parts that hold no other parts, in their order, with their level.

    What a server sends back because it could not deliver it is nobody's return.
    """
    is_notice = message.get_content_type() == "multipart/report"
    waiting = [(message, 0)]
    while waiting:
        part, level = waiting.pop()
        if is_notice and part.get_content_type() == "message/rfc822":
            continue
        if part.is_multipart():
            waiting += [(inner, level + 1) for inner in reversed(part.get_payload())]  # type: ignore[arg-type]  # its parts
        else:
            yield part, level


def _take(part: Message, attached: Attached) -> None:
    part = _legible(part)
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content:
        return
    name = _name(part)
    is_text = part.get_content_maintype() == "text" and not content.startswith((ZIP, OLE))
    if is_text and not name and part.get_content_disposition() != "attachment":
        attached.write(legible(content))
    elif part.get_content_type() not in ("message/delivery-status", "text/rfc822-headers"):
        attached.add(name, content)


def _name(part: Message) -> str:
    """Return the name of the attached file as it was sent, "" if it has none.

    RFC 2231 rules; but many programs, Outlook among them, write names as RFC 2047 does for headers.
    """
    name = part.get_filename() or ""
    return decoded(name) if _MIME_NAME.search(name) else name


def decoded(text: str) -> str:
    """Return the text of a header with its encoded words decoded (RFC 2047); what cannot be decoded stays."""
    try:
        found = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):
        return text
    return "".join(one if isinstance(one, str) else _word(one, charset) for one, charset in found)


def _word(raw: bytes, charset: str | None) -> str:
    try:
        return raw.decode(charset or "ascii")
    except (LookupError, ValueError):
        return legible(raw)


def _legible(part: Message) -> Message:
    """Return `part` with headers in which bytes stand as they came turned into text."""
    headers = [(name, str(value)) for name, value in part.raw_items()]
    if not any(_ESCAPED.search(value) for _, value in headers):
        return part
    for name, _ in headers:
        del part[name]
    for name, value in headers:
        part[name] = legible(value.encode("utf-8", "surrogateescape")) if _ESCAPED.search(value) else value
    return part
