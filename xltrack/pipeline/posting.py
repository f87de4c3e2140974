"""How letters leave: written into an outbox, and sent from there if that is wanted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from xltrack.mail.delivery import Sending, Sent, send
from xltrack.mail.outbox import Outbox
from xltrack.mail.outgoing import Outgoing


@dataclass(frozen=True)
class Mailing:
    """How letters are written, and sent.

    They go into the folder `outbox`, from the address `sender` (None: whoever opens them), signed by `office` (None:
    the ministry), by the templates in the folder `templates` (None: those shipped). With `sending` they are sent too.
    """

    outbox: Path
    sender: str | None = None
    office: str | None = None
    templates: Path | None = None
    sending: Sending | None = None


@dataclass(frozen=True)
class Posted:
    """What was `written` (paths of drafts, as they lay then), and what came of sending, None if nothing was to be sent.

    `sent` speaks of earlier drafts too.
    """

    written: tuple[Path, ...]
    sent: Sent | None = None


def post(letters: Iterable[Outgoing], outbox: Outbox, mailing: Mailing, own: Collection[str]) -> Posted:
    """Write `letters` into the outbox; if `mailing` says so, send all its drafts whose ids are among `own`.

    Raises MailError if the server cannot be used, and OutputError.
    """
    written = tuple(outbox.write(letter, mailing.sender) for letter in letters)
    return Posted(written, send(mailing.sending, outbox, own) if mailing.sending else None)
