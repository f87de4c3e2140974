"""`xltrack fetch`: messages and workbooks into the inbox."""

import sys
from datetime import datetime
from pathlib import Path

import click

from xltrack.cli.ending import FOUND_WRONG, IN_ORDER
from xltrack.cli.options import Common, common_options, inbox_option, places_given, received_option
from xltrack.cli.progress import progress
from xltrack.cli.wording import say


@click.command(
    "fetch",
    short_help=say("Lấy thư và sổ tính về hộp thư đến.", "Bring mail and workbooks into the inbox."),
    help=say(
        "Lấy mọi thư ở SOURCE về hộp thư đến: hộp thư trên máy chủ (imaps://NGƯỜI_DÙNG@MÁY_CHỦ/INBOX), thư mục, tệp "
        ".eml, .msg, .mbox, .zip hoặc sổ tính. Mật khẩu lấy từ biến XLTRACK_IMAP_PASSWORD (hoặc "
        "XLTRACK_IMAP_TOKEN cho XOAUTH2), hoặc keyring. Thư được giữ nguyên trước khi làm gì khác; không "
        "tải gì từ liên kết; chạy lại không mất và không thêm gì. Người gửi và đơn vị khai trong tệp "
        "senders.csv của hộp thư đến; thư của người khác được giữ lại (`xltrack inbox`).",
        "Bring every message at SOURCE into the inbox: a mailbox on a server (imaps://USER@HOST/INBOX), a folder, an "
        ".eml, .msg, .mbox, .zip or a workbook. The password is taken from XLTRACK_IMAP_PASSWORD (or "
        "XLTRACK_IMAP_TOKEN for XOAUTH2), or the keyring. A message is kept as it is before anything else; "
        "nothing is downloaded from links; doing it again loses and adds nothing. Who may send for which "
        "unit stands in senders.csv of the inbox; messages of others are held (`xltrack inbox`).",
    ),
)
@click.argument("source", metavar="SOURCE")
@inbox_option
@click.option(
    "--verified-by",
    metavar="NAME",
    help=say(
        "Tên máy chủ thư của mình trong Authentication-Results; chỉ tin kết quả do nó ghi. Được ghi nhớ.",
        "The name of your own mail server in Authentication-Results; only what it says is believed. Kept.",
    ),
)
@click.option(
    "--unverified",
    is_flag=True,
    help=say(
        "Tin địa chỉ người gửi dù không máy chủ nào xác nhận. Được ghi nhớ.",
        "Believe the sender's address though no server confirms it. Kept.",
    ),
)
@click.option(
    "--leave",
    is_flag=True,
    help=say(
        "Để thư nguyên chỗ trên máy chủ, không chuyển vào thư mục nào.",
        "Leave messages on the server where they are.",
    ),
)
@click.option(
    "--processed", metavar="FOLDER", default="Processed", show_default=True,
    help=say("Thư mục trên máy chủ cho thư đã lấy.", "The server's folder for messages that were fetched."),
)  # fmt: skip
@click.option(
    "--quarantine", metavar="FOLDER", default="Quarantine", show_default=True,
    help=say("Thư mục trên máy chủ cho thư bị giữ lại hoặc cách ly.", "Its folder for those held or quarantined."),
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help=say("Dạng in ra.", "The form printed."))  # fmt: skip
@received_option
@common_options
def command(
    common: Common,
    *,
    source: str,
    inbox: Path | None,
    verified_by: str | None,
    unverified: bool,
    form: str,
    received: datetime | None,
    **others: object,
) -> None:
    """Print what is new and how many messages there are; exit with 1 if one needs a person or an answer."""
    from xltrack.mail.inbox import Inbox, Settings
    from xltrack.pipeline import Wanted, fetch
    from xltrack.report.inbox import advice, counts, inbox_json, inbox_text

    settings = Settings(verified_by, unverified) if verified_by or unverified else None
    wanted = Wanted(received=received, settings=settings, **others)  # type: ignore[arg-type]  # click has checked them
    with progress() as watch:
        found = fetch(source, common.inbox(inbox), wanted=wanted, schemas=common.schemas, watch=watch)
    new = [one for one in found.standings if one.message.sha256 in found.new]
    text = (
        inbox_json(found.standings, common.lang)
        if form == "json"
        else inbox_text(new, common.lang, places_given())
    )
    click.echo(text)
    known = found.seen - len(found.new)
    click.echo(
        say(
            f"Có {found.seen} thư ở nguồn, {known} thư đã biết từ trước. {counts(found.standings, 'vi')}",
            f"{found.seen} at the source, {known} of them known before. {counts(found.standings, 'en')}",
        ),
        err=True,
    )
    if advised := advice(found.standings, Inbox(common.inbox(inbox)).senders, common.lang):
        click.echo(advised, err=True)
    sys.exit(
        IN_ORDER if all(one.state in ("waiting", "accepted", "duplicate") for one in new) else FOUND_WRONG
    )
