"""`xltrack inbox`: what came by mail, what became of it, and what a person decides."""

from pathlib import Path
from typing import Literal

import click

from xltrack.cli.options import Common, common_options, inbox_option, places_given
from xltrack.cli.wording import say

_why = click.option("--why", metavar="TEXT", required=True, help=say("Lý do.", "Why."))
_by = click.option(
    "--by", metavar="WHO", required=True, help=say("Người hoặc đơn vị quyết định.", "Who decided.")
)
_messages = click.argument("messages", metavar="MESSAGE...", nargs=-1, required=True)


@click.group(
    "inbox",
    short_help=say(
        "Thư đã đến, và quyết định về thư bị giữ lại.", "What came by mail; decisions on what is held."
    ),
    help=say(
        "Mỗi thư đã lấy về là đúng một trong các loại: chờ hợp nhất, giữ lại, đã nhận, bị từ chối, cách "
        "ly, trùng, không có sổ tính. Thư bị giữ lại (người gửi lạ hoặc không xác thực được, sổ tính của "
        "đơn vị khác) chờ người quyết định.",
        "Each message that was fetched is exactly one thing: waiting to be merged, held, accepted, "
        "rejected, quarantined, a duplicate, nothing in it. Those held (an unknown or unverified sender, "
        "another unit's workbook) wait for a person to decide.",
    ),
)
def command() -> None:
    """Hold the steps."""


@command.command(
    "list",
    short_help=say("Liệt kê các thư.", "List the messages."),
    help=say(
        "Liệt kê các thư theo thứ tự nhận, mỗi thư với kết quả và lý do.",
        "List the messages in the order in which they came, each with what became of it and why.",
    ),
)
@click.option(
    "--state",
    multiple=True,
    type=click.Choice(
        ["waiting", "held", "accepted", "rejected", "quarantined", "duplicate", "nothing_in_it"]
    ),
    help=say("Chỉ loại này (ghi được nhiều lần).", "Of this state alone (may be given several times)."),
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help=say("Dạng in ra.", "The form printed."))  # fmt: skip
@inbox_option
@common_options
def list_messages(common: Common, inbox: Path | None, state: tuple[str, ...], form: str) -> None:
    """Print the messages."""
    from xltrack.pipeline import inbox_standings
    from xltrack.report.inbox import inbox_json, inbox_text

    found = inbox_standings(common.inbox(inbox), common.store, schemas=common.schemas)
    chosen = [one for one in found if not state or one.state in state]
    text = (
        inbox_json(chosen, common.lang) if form == "json" else inbox_text(chosen, common.lang, places_given())
    )
    click.echo(text)
    if not common.store.exists():
        click.echo(
            say(
                f"Không có kho dữ liệu `{common.store}` nên chưa thư nào được coi là đã hợp nhất; nếu đã hợp nhất vào "
                "kho khác, nêu kho đó bằng --store.",
                f"There is no store `{common.store}`, so no message is known to be merged; if they were merged into "
                "another, name it with --store.",
            ),
            err=True,
        )


@command.command(
    "accept",
    short_help=say("Nhận thư bị giữ lại.", "Accept messages that are held."),
    help=say(
        "Nhận các thư MESSAGE bị giữ lại (các chữ đầu của mã trong `xltrack inbox list`): lần `merge` sau "
        "sẽ lấy sổ tính.",
        "Accept the held messages MESSAGE (what their id in `xltrack inbox list` begins with): the next "
        "`merge` takes their workbooks.",
    ),
)
@_messages
@_why
@_by
@inbox_option
@common_options
def accept(common: Common, inbox: Path | None, messages: tuple[str, ...], why: str, by: str) -> None:
    """Record the decision and print the messages."""
    _decide(common, inbox, messages, "accept", why, by)


@command.command(
    "refuse",
    short_help=say("Từ chối thư.", "Refuse messages."),
    help=say(
        "Từ chối các thư MESSAGE: sổ tính trong đó không được hợp nhất. Thư vẫn được giữ.",
        "Refuse the messages MESSAGE: their workbooks are not merged. The messages are kept.",
    ),
)
@_messages
@_why
@_by
@inbox_option
@common_options
def refuse(common: Common, inbox: Path | None, messages: tuple[str, ...], why: str, by: str) -> None:
    """Record the decision and print the messages."""
    _decide(common, inbox, messages, "refuse", why, by)


def _decide(
    common: Common,
    inbox: Path | None,
    messages: tuple[str, ...],
    word: Literal["accept", "refuse"],
    why: str,
    by: str,
) -> None:
    from xltrack.pipeline import decide_messages
    from xltrack.report.inbox import inbox_text

    found = decide_messages(common.inbox(inbox), messages, word, why=why, by=by, schemas=common.schemas)
    click.echo(inbox_text(found, common.lang, places_given()))
