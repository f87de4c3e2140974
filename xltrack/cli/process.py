"""`xltrack process`: a deadline day in one command."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltrack.cli.ending import FOUND_WRONG, exit_code
from xltrack.cli.mailing import mailing_options, tell
from xltrack.cli.options import Common, cache_option, common_options, inbox_option
from xltrack.cli.progress import progress
from xltrack.cli.reporting import Report
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.pipeline import Mailing
    from xltrack.store import Completeness


@click.command(
    "process",
    short_help=say(
        "Lấy thư, hợp nhất, trả lời và cho biết ai đã báo cáo, trong một lệnh.",
        "Fetch, merge, reply and tell who has reported, in one command.",
    ),
    help=say(
        "Lấy thư ở SOURCE về, hợp nhất những gì mới, soạn (với --send: gửi) thư trả lời, rồi cho biết ai đã báo "
        "cáo trong "
        "kỳ mới nhất. Dùng cho ngày hạn: đặt lịch chạy mỗi mười phút; lần chạy bị ngắt được lần sau làm tiếp, "
        "hai lần "
        "không chạy cùng lúc. log.txt trong hộp thư đến ghi số lượng, không ghi tên ai.",
        "Fetch the mail at SOURCE, merge what is new, write (with --send: send) the answers, and tell who has "
        "reported in "
        "the newest round. For a deadline day: let a scheduler run it every ten minutes; the next run makes good "
        "what was "
        "cut off, and two never run at once. log.txt of the inbox has the numbers and nobody's name.",
    ),
)
@click.argument("source", metavar="SOURCE")
@click.option(
    "--leave",
    is_flag=True,
    help=say("Để thư nguyên chỗ trên máy chủ.", "Leave messages on the server where they are."),
)
@click.option(
    "--partial",
    is_flag=True,
    help=say(
        "Nhận các dòng tốt của tệp có lỗi, như `merge`.",
        "Take the good rows of files with errors, as `merge` does.",
    ),
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=ResultFile(),
    help=say("Ghi tình trạng ra FILE (.xlsx hoặc .json).", "Write the status to FILE (.xlsx or .json)."),
)
@inbox_option
@cache_option
@common_options
@mailing_options
def command(
    common: Common,
    *,
    source: str,
    inbox: Path | None,
    leave: bool,
    partial: bool,
    output: Path | None,
    mailing: "Mailing",
) -> None:
    """Print what was merged and answered, and the status; exit with 1 if something is wrong or needs a person."""
    from xltrack.pipeline import Desk, Wanted, process

    desk = Desk(common.inbox(inbox), common.store, mailing, Wanted(leave=leave), partial, output)
    with progress() as watch:
        done = process(source, desk, schemas=common.schemas, watch=watch)
    new, held = len(done.fetched.new), sum(one.state == "held" for one in done.fetched.standings)
    click.echo(
        say(f"{new} thư mới; {held} thư chờ quyết định.", f"New messages: {new}; to be decided: {held}."),
        err=True,
    )
    if done.merged:
        Report(quiet=True).tell(done.merged, common)
    needs_a_person = tell(done.replied.posted)
    if done.completeness:
        _tell_status(done.completeness, common)
    sys.exit(max(exit_code(done.merged), FOUND_WRONG if needs_a_person else 0))


def _tell_status(found: "Completeness", common: Common) -> None:
    from xltrack.excel.status_words import sentences, title
    from xltrack.forms import load_schemas

    schemas = load_schemas(common.schemas)
    for line in (title(found, schemas), *sentences(found, schemas)):
        click.echo(line.to(common.lang))
