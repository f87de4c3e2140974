"""A letter, what was attached to it, and what people decided about it, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from xltrack.findings import Finding

State = Literal["waiting", "held", "accepted", "rejected", "quarantined", "duplicate", "nothing_in_it"]
"""What a message is, exactly one: waiting for a merge; held for a person; or what became of its workbooks."""
Kind = Literal["mail", "file"]
Word = Literal["accept", "refuse"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file.

    `name` is as it was sent, and may say anything: it is shown, never a path. `inside` names the archive or the
    forwarded letter it was in, "" if it was attached itself. `is_workbook` says whether it is taken for a submission,
    be it of a kind that is refused; all else lies beside (signatures, scans), and `code` says what it is (XLT1xx).
    """

    name: str
    sha256: str
    size: int
    is_workbook: bool
    code: str = ""
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says of itself, none of it to be trusted.

    `sender` and `answer_to` (Reply-To, else `sender`) are addresses in lower case, "" where there is not exactly one.
    `references` are the ids of the thread, oldest first. `automatic` names the header for which no person may be
    answered ("Auto-Submitted: auto-replied"), "" if none. `stamps` are the Authentication-Results headers from the
    top, grouped by the Received headers between them. `findings` are those about the message
    itself: XLT700 or XLT701 where nothing is attached, else XLT702 to XLT705.
    """

    message_id: str
    sender: str
    answer_to: str
    subject: str
    sent: datetime | None = None
    references: tuple[str, ...] = ()
    automatic: str = ""
    stamps: tuple[tuple[str, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def workbooks(self) -> tuple[Attachment, ...]:
        """Return the attachments that are taken for submissions, each content once."""
        first = {one.sha256: one for one in reversed(self.attachments) if one.is_workbook}
        return tuple(one for one in self.attachments if first.get(one.sha256) is one)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was received: known by the SHA-256 of its bytes.

    `arrival` is the receiving server's time, with its zone; None for a workbook that an operator handed over without
    saying when it came (its `kind` is "file", and its letter is blank). `source` says where it was fetched, without
    the name of a person: "imap:INBOX;1702;15" (folder, UIDVALIDITY, UID) or the name of a file.
    """

    sha256: str
    kind: Kind
    letter: Letter
    arrival: datetime | None
    source: str
    size: int


@dataclass(frozen=True, slots=True)
class Look:
    """Whose a workbook is by its cover: a unit code and a round ("2025-annual"), None where it does not say.

    `is_passed_over` says that it is no submission, but something that xltrack or another program made.
    """

    unit: str | None
    round: str | None
    is_passed_over: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a held message: the word, why, who, and when."""

    word: Word
    why: str
    by: str
    at: datetime
