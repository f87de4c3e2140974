"""`xltrack reply`: an answer to every sender."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltrack.cli.ending import FOUND_WRONG, IN_ORDER
from xltrack.cli.mailing import mailing_options, tell
from xltrack.cli.options import Common, common_options, inbox_option
from xltrack.cli.progress import progress
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.pipeline import Mailing

_REASONS = {
    "waiting": say("chưa hợp nhất (`xltrack merge`)", "not merged yet (`xltrack merge`)"),
    "unknown": say(
        "người gửi lạ, chờ quyết định (`xltrack inbox`)", "an unknown sender, to be decided (`xltrack inbox`)"
    ),
    "unverified": say(
        "người gửi chưa xác thực, chờ quyết định", "a sender who is not verified, to be decided"
    ),
    "refused": say("đã từ chối, người từ chối tự trả lời", "refused: whoever did so answers"),
    "automatic": say("thư tự động, không trả lời", "automatic mail, which is not answered"),
    "no_address": say("không rõ người gửi", "no one sender"),
    "again": say("thư đã có, đến lần nữa", "known messages that came once more"),
    "file": say("tệp không đến qua thư", "files that did not come by mail"),
}


@click.command(
    "reply",
    short_help=say(
        "Soạn (hoặc gửi) thư trả lời từng thư báo cáo.", "Write (or send) an answer to each mail."
    ),
    help=say(
        "Soạn thư trả lời cho mỗi thư trong hộp thư đến đã biết kết quả: đã nhận, có cảnh báo, đề nghị sửa, "
        "không đọc "
        "được, chờ quyết định, đã có; kèm tệp đánh dấu, biên nhận và hạn. Thư là bản nháp .eml trong "
        "outbox/drafts, mở "
        "bằng Outlook hoặc Thunderbird; với --send thì gửi luôn. Không thư nào được trả lời hai lần.",
        "Write an answer to each message of the inbox whose result is known: received, warnings, please correct, "
        "could not "
        "be read, held, had before; with the marked workbook, a receipt and what is due. Letters are drafts "
        "(.eml) in "
        "outbox/drafts, which Outlook and Thunderbird open; with --send they are sent. No message is answered twice.",
    ),
)
@inbox_option
@common_options
@mailing_options
def command(common: Common, inbox: Path | None, *, mailing: "Mailing") -> None:
    """Print the drafts, or how many letters were sent; exit with 1 if one was refused or is in doubt."""
    from xltrack.pipeline import reply

    with progress() as watch:
        done = reply(common.inbox(inbox), common.store, mailing, schemas=common.schemas, watch=watch)
    needs_a_person = tell(done.posted)
    said = say(
        f"Soạn {len(done.posted.written)} thư trả lời; {done.answered} thư đã được trả lời từ trước",
        f"Answers written: {len(done.posted.written)}; answered before: {done.answered}",
    )
    others = "".join(f"; {count} {_REASONS[reason]}" for reason, count in done.unanswered.items())
    click.echo(f"{said}{others}.", err=True)
    sys.exit(FOUND_WRONG if needs_a_person else IN_ORDER)
