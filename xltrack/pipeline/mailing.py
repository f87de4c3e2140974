"""What an inbox holds: what became of each message, and what people decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xltrack.errors import StoreMissing, UnknownName
from xltrack.forms import load_schemas
from xltrack.hanoi import HANOI
from xltrack.language import Text
from xltrack.mail import Decision, Inbox, Standing, Trust, read_senders, standings
from xltrack.mail.log import note
from xltrack.mail.model import Message, Word

if TYPE_CHECKING:
    from xltrack.store import Verdict

_SHOWN = 12


def inbox_standings(
    inbox: Path | str, store: Path | str | None = None, *, schemas: Path | None = None
) -> tuple[Standing, ...]:
    """Return every message of the `inbox` with what became of it by the `store`, in the order in which they came.

    Without a store, or before there is one, nothing has been merged. Raises MailError for what is no inbox or has
    damaged records or a list of senders with mistakes, SchemaError and StoreError.
    """
    box = Inbox(Path(inbox)).require()
    return standings(box, trust_of(box, schemas), _verdicts(store, schemas))


def decide_messages(
    inbox: Path | str, ids: Sequence[str], word: Word, *, why: str, by: str, schemas: Path | None = None
) -> tuple[Standing, ...]:
    """Record that a person accepts or refuses the messages that these `ids` begin the SHA-256 of, and return them.

    Raises UnknownName for an id of no message or of several, and what `inbox_standings` raises.
    """
    box = Inbox(Path(inbox)).require()
    meant = [_one(box.messages(), name).sha256 for name in ids]
    for sha256 in meant:
        box.decide(sha256, Decision(word, why, by, datetime.now(HANOI)))
        note(box, word, message=sha256[:_SHOWN])
    return tuple(one for one in inbox_standings(inbox, schemas=schemas) if one.message.sha256 in meant)


def trust_of(box: Inbox, schemas: Path | None) -> Trust:
    """Return by what the senders of `box` are believed; raises MailError and SchemaError."""
    settings = box.settings
    senders = read_senders(box.senders, load_schemas(schemas).units)
    return Trust(senders, settings.verified_by, settings.unverified)


def _verdicts(store: Path | str | None, schemas: Path | None) -> "Mapping[str, Verdict]":
    if store is None:
        return {}
    from xltrack.store import open_store, verdicts

    try:
        with open_store(Path(store), load_schemas(schemas), read_only=True) as opened:
            return verdicts(opened)
    except StoreMissing:
        return {}


def _one(messages: Sequence[Message], name: str) -> Message:
    found = [message for message in messages if message.sha256.startswith(name.lower())]
    if len(found) == 1:
        return found[0]
    hint = Text(
        "Mã thư là các chữ đầu của cột thứ nhất trong `xltrack inbox`, đủ để chỉ một thư.",
        "The id is what the first column of `xltrack inbox` begins with, as much as is of one message.",
    )
    raise UnknownName(kind=Text("thư", "message"), name=name, hint=hint)
