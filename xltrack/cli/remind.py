"""`xltrack remind`: letters to units that still owe a return."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltrack.cli.ending import FOUND_WRONG, IN_ORDER
from xltrack.cli.mailing import mailing_options, tell
from xltrack.cli.options import PERIODS, Common, common_options, inbox_option
from xltrack.cli.wording import LANG, say

if TYPE_CHECKING:
    from xltrack.forms import PeriodKind
    from xltrack.pipeline import Mailing
    from xltrack.store import UnitStatus


@click.command(
    "remind",
    short_help=say(
        "Soạn (hoặc gửi) thư nhắc đơn vị chưa báo cáo.",
        "Write (or send) reminders to units that have not reported.",
    ),
    help=say(
        "Soạn thư nhắc các đơn vị chưa báo cáo, bị từ chối hoặc mới báo cáo một phần trong một kỳ, trước hoặc "
        "sau hạn, tới "
        "địa chỉ của đơn vị trong senders.csv của hộp thư đến. Mỗi đơn vị không bị nhắc quá một lần trong ngày.",
        "Write reminders to the units whose return of a round is missing, rejected or incomplete, before or "
        "after it is "
        "due, to the addresses that senders.csv of the inbox has of them. No unit is reminded twice on a day.",
    ),
)
@click.option(
    "--year",
    type=int,
    help=say("Năm của kỳ; mặc định là kỳ mới nhất.", "The round's year; by default the newest."),
)
@click.option("--period", type=click.Choice(PERIODS), help=say("Loại kỳ.", "The kind of round."))
@inbox_option
@common_options
@mailing_options
def command(
    common: Common, inbox: Path | None, *, year: int | None, period: "PeriodKind | None", mailing: "Mailing"
) -> None:
    """Print the drafts, or how many letters were sent; exit with 1 if one needs a person or a unit has no address."""
    from xltrack.forms import load_schemas
    from xltrack.pipeline import remind

    done = remind(
        common.inbox(inbox), common.store, mailing, year=year, period=period, schemas=common.schemas
    )
    needs_a_person = tell(done.posted)
    round_ = load_schemas(common.schemas).round_words(done.status.round.name)
    said = say(
        f"Kỳ {round_.vi}: soạn {len(done.posted.written)} thư nhắc; {len(done.today)} đơn vị đã được nhắc hôm nay.",
        f"Round {round_.en}: reminders written: {len(done.posted.written)}; units reminded earlier today: "
        f"{len(done.today)}.",
    )
    click.echo(said, err=True)
    if done.without_address:
        named = _named(done.without_address)
        click.echo(
            say(
                f"Chưa có địa chỉ trong senders.csv: {named}.", f"Without an address in senders.csv: {named}."
            ),
            err=True,
        )
    sys.exit(FOUND_WRONG if needs_a_person or done.without_address else IN_ORDER)


def _named(units: "Sequence[UnitStatus]") -> str:
    return ", ".join(f"{unit.name.to(LANG)} ({unit.unit_code})" for unit in units)
