"""Sends the letters of an outbox, each at most once."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Final

from xltrack.errors import OutputError
from xltrack.files import reason_of, replace_file
from xltrack.mail.outbox import REFUSED, Outbox, identity_of
from xltrack.mail.outgoing import UNSENT, WIRE
from xltrack.mail.relay import Line, Lost, Refused, Relay, connected

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many letters may go out within 24 hours: to one address, and in all."""

    per_address: int = 10
    in_all: int = 500


@dataclass(frozen=True, slots=True)
class Sending:
    """How letters are sent: through `relay`, from the address `sender`, within `limits`, see `send` for `again`."""

    relay: Relay
    sender: str
    limits: Limits = field(default_factory=Limits)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending, letter by letter, by where they lie now.

    `waiting` are drafts still: beyond the limits, refused for now, or not reached before the connection broke.
    `in_doubt` are those of which nobody knows whether they went out, earlier ones too.
    """

    sent: tuple[Path, ...] = ()
    waiting: tuple[Path, ...] = ()
    failed: tuple[Path, ...] = ()
    in_doubt: tuple[Path, ...] = ()


def send(sending: Sending, outbox: Outbox, letters: Collection[str]) -> Sent:
    """Send those drafts of `outbox` that are among `letters` (ids), within the limits, and return what came of it.

    Each letter is handed over at most once: of one whose confirmation was lost nobody knows whether it went out, and it
    is told. With `again` those are sent once more, under the same Message-ID, by which they may be known. Raises
    MailError if the server cannot be used, and OutputError.
    """
    if sending.again:
        for letter in _among(letters, outbox.letters("sending")):
            outbox.move(letter, "drafts")
    drafts = _among(letters, outbox.letters("drafts"))
    allowance = _Allowance(outbox, sending.limits)
    due = [draft for draft in drafts if allowance.takes(draft)]
    if due:
        with connected(sending.relay) as line:
            _send(outbox, line, sending.sender, due)
    asked = {identity_of(draft) for draft in drafts}
    sent, waiting, failed = (_among(asked, outbox.letters(place)) for place in ("sent", "drafts", "failed"))
    return Sent(sent, waiting, failed, _among(letters, outbox.letters("sending")))


def _among(letters: Collection[str], paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(path for path in paths if identity_of(path) in letters)


def _send(outbox: Outbox, line: Line, sender: str, drafts: Iterable[Path]) -> None:
    for draft in drafts:
        try:
            _send_one(outbox, line, sender, draft)
        except Lost:
            return


def _send_one(outbox: Outbox, line: Line, sender: str, draft: Path) -> None:
    """Send `draft` or leave it where it belongs; raises Lost, after which it lies where it may be."""
    before = _content(draft)
    message = _ready(before, sender, identity_of(draft))
    content = message.as_bytes()
    try:
        line.announce(parseaddr(sender)[1], parseaddr(str(message["To"]))[1], len(content))
    except Refused as refusal:
        if not refusal.for_now:
            _give_up(outbox, draft, message, refusal)
        return
    # From here on it may have gone out, whatever ends this process.
    replace_file(draft, content)
    letter = outbox.move(draft, "sending")
    try:
        line.hand_over(content)
    except Refused as refusal:
        if not refusal.for_now:
            _give_up(outbox, letter, message, refusal)
            return
        replace_file(letter, before)
        outbox.move(letter, "drafts")
    else:
        outbox.move(letter, "sent")


def _give_up(outbox: Outbox, letter: Path, message: EmailMessage, refusal: Refused) -> None:
    message[REFUSED] = " ".join(refusal.words.split())
    replace_file(letter, message.as_bytes())
    outbox.move(letter, "failed")


def _ready(draft: bytes, sender: str, identity: str) -> EmailMessage:
    """Return the message of `draft` as it goes out now: always under the same Message-ID."""
    message = message_from_bytes(draft, policy=WIRE)
    for name in ("From", "Date", "Message-ID", UNSENT):
        del message[name]
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["From"] = sender
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<xltrack.{identity}@{domain}>"
    return message


def _content(letter: Path) -> bytes:
    try:
        return letter.read_bytes()
    except OSError as failure:
        raise OutputError(path=letter, reason=reason_of(failure)) from failure


@dataclass
class _Allowance:
    """How many letters may still go out, counted from those that did within the last 24 hours."""

    outbox: Outbox
    limits: Limits
    gone: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        since = datetime.now(UTC) - _DAY
        deliveries = self.outbox.deliveries()
        self.gone = Counter(_address(one.to) for one in deliveries if one.at is None or one.at > since)

    def takes(self, draft: Path) -> bool:
        """Return whether `draft` may go out, and count it then."""
        to = _address(self.outbox.addressed(draft).to)
        if self.gone[to] >= self.limits.per_address or self.gone.total() >= self.limits.in_all:
            return False
        self.gone[to] += 1
        return True


def _address(header: str) -> str:
    return parseaddr(header)[1].casefold()
