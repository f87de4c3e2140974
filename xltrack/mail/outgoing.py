"""One letter on its way out, as plain data and as the message that mail programs read."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Final, Literal

from xltrack.findings.masking import visible

Automatic = Literal["auto-replied", "auto-generated"]
"""How a letter says that no person wrote it (RFC 3834): as the answer to another, or of its own accord."""

UNSENT: Final = "X-Unsent"
"""The header by which Outlook opens a message as a draft."""
_XLSX: Final = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")
_MOST_REFERENCES: Final = 20
_LONGEST_SUBJECT: Final = 200
_ALREADY_ANSWER: Final = re.compile(r"(?i)^\s*(re|trả lời)\s*:")


class _Ids(UnstructuredHeader):
    """Ids of messages, which are broken between them alone: within one, mail programs would not know it again."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep  # type: ignore[attr-defined]  # what it is mixed into has one


_HEADERS: Final = HeaderRegistry()
for _name in ("In-Reply-To", "References", "Message-ID"):
    _HEADERS.map_to_type(_name, _Ids)  # type: ignore[arg-type]  # the registry mixes the base in
WIRE: Final = SMTP.clone(header_factory=_HEADERS)
"""How letters are written and read: as SMTP wants them, and ids of messages whole."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A workbook that goes with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Thread:
    """The message that is answered: its id, "" if it has none, the ids it refers to itself, and its subject."""

    message_id: str
    references: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter to one address, as text and as HTML that says the same.

    `id` (see `identity`) is the same whenever the same letter is written; `label` is for people who look into a folder.
    """

    id: str
    label: str
    to: str
    subject: str
    text: str
    html: str
    automatic: Automatic
    enclosures: tuple[Enclosure, ...] = ()
    thread: Thread | None = None


def identity(*what: str) -> str:
    """Return the id of the letter that is about `what`: the same for the same, in 16 hex digits."""
    return hashlib.sha256("\0".join(what).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def answering(subject: str) -> str:
    """Return the subject of the answer to a message with `subject`: with "Re:", once."""
    words = visible(" ".join(subject.split()))[:_LONGEST_SUBJECT]
    return words if _ALREADY_ANSWER.match(words) else f"Re: {words}".strip()


def as_draft(letter: Outgoing, sender: str | None) -> bytes:
    """Return `letter` as a message that mail programs open as a draft, from `sender` (None: theirs to say)."""
    message = EmailMessage(WIRE)
    if sender:
        message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = letter.automatic
    # Exchange would else answer the answer with notes of absence and of reading.
    message["X-Auto-Response-Suppress"] = "All"
    message[UNSENT] = "1"
    for name, value in _threading(letter.thread):
        message[name] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for one in letter.enclosures:
        message.add_attachment(one.content, maintype=_XLSX[0], subtype=_XLSX[1], filename=one.name)
    return message.as_bytes()


def _threading(thread: Thread | None) -> Sequence[tuple[str, str]]:
    """Return the headers that keep an answer in its thread; what a stranger calls an id and is none is left out."""
    if thread is None or not _MESSAGE_ID.fullmatch(thread.message_id):
        return ()
    known = [one for one in thread.references if _MESSAGE_ID.fullmatch(one) and one != thread.message_id]
    references = [*known[-_MOST_REFERENCES:], thread.message_id]
    return (("In-Reply-To", thread.message_id), ("References", " ".join(references)))
