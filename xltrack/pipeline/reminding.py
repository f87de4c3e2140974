"""Reminds units that still owe a return of a round, before and after the last day on which it is on time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.hanoi import HANOI, in_hanoi
from xltrack.mail import Inbox, Senders, read_senders
from xltrack.mail.lock import alone
from xltrack.mail.outbox import Outbox
from xltrack.mail.outgoing import Outgoing, identity
from xltrack.pipeline.posting import Mailing, Posted, post
from xltrack.pipeline.standing import status
from xltrack.report.reminder import OWING, Reminder, reminder_filling
from xltrack.report.writing import read_template, write
from xltrack.store import RoundStatus, UnitStatus


@dataclass(frozen=True)
class Reminded:
    """What `remind` did in the round `status`: letters `posted`; units reminded `today`, and `without_address`."""

    status: RoundStatus
    posted: Posted
    today: tuple[UnitStatus, ...]
    without_address: tuple[UnitStatus, ...]


def remind(
    inbox: Path | str,
    store: Path | str,
    mailing: Mailing,
    *,
    year: int | None = None,
    period: PeriodKind | None = None,
    schemas: Path | None = None,
    now: datetime | None = None,
) -> Reminded:
    """Write a reminder to each unit of the round whose return is missing, rejected or incomplete by the `store`.

    The round is chosen as `status` does. Letters go to the addresses that the list of senders of the `inbox` names for
    the unit today (the day of `now`, in Hà Nội), once a day to each. Raises what `status` and `reply` raise.
    """
    declared = load_schemas(schemas)
    senders = read_senders(Inbox(Path(inbox)).require().senders, declared.units)
    now = in_hanoi(now) if now else datetime.now(HANOI)
    found = status(store, year=year, period=period, schemas=schemas).status
    owing = [Reminder(unit, found.round, now.date(), now) for unit in found.units if unit.state in OWING]
    with alone(mailing.outbox, "reply"):
        outbox = Outbox(mailing.outbox)
        known = outbox.known()
        addressed = [(one, _addresses(one, senders)) for one in owing]
        every = [
            letter for one, addresses in addressed for letter in _letters(one, addresses, mailing, declared)
        ]
        letters = [letter for letter in every if letter.id not in known]
        posted = post(letters, outbox, mailing, {letter.id for letter in every})
    written = {letter.id for letter in letters}
    return Reminded(
        found,
        posted,
        tuple(one.unit for one, to in addressed if to and not any(_id(one, a) in written for a in to)),
        tuple(one.unit for one, to in addressed if not to),
    )


def _addresses(reminder: Reminder, senders: Senders) -> Sequence[str]:
    return senders.addresses_of(reminder.unit.unit_code, reminder.day)


def _id(reminder: Reminder, address: str) -> str:
    """Return the id of a reminder: one a day for each unit, round and address."""
    return identity("remind", reminder.round.name, reminder.unit.unit_code, address, reminder.day.isoformat())


def _letters(
    reminder: Reminder, addresses: Sequence[str], mailing: Mailing, schemas: Schemas
) -> Iterator[Outgoing]:
    if not addresses:
        return
    template = read_template(reminder.template, mailing.templates)
    written = write(
        template,
        {"vi": reminder_filling(reminder, schemas, "vi", mailing.office),
         "en": reminder_filling(reminder, schemas, "en", mailing.office)},
    )  # fmt: skip
    for address in addresses:
        yield Outgoing(
            id=_id(reminder, address),
            label=f"nhac_{reminder.unit.unit_code}_{reminder.round.name}",
            to=address,
            subject=written.subject,
            text=written.text,
            html=written.html,
            automatic="auto-generated",
        )
