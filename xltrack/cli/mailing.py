"""The options of commands that write letters."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltrack.cli.options import Common
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.mail.delivery import Sending
    from xltrack.pipeline import Mailing, Posted

_OPTIONS = (
    click.option(
        "--outbox",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="XLTRACK_OUTBOX",
        help=say(
            "Hộp thư đi; mặc định là thư mục outbox cạnh kho dữ liệu (hoặc biến XLTRACK_OUTBOX).",
            "The outbox; by default the folder outbox beside the store (or the variable XLTRACK_OUTBOX).",
        ),
    ),
    click.option(
        "--from",
        "sender",
        metavar="ADDRESS",
        envvar="XLTRACK_FROM",
        help=say(
            "Địa chỉ người gửi của thư (hoặc biến XLTRACK_FROM); cần khi gửi.",
            "The address that letters come from (or the variable XLTRACK_FROM); needed for sending.",
        ),
    ),
    click.option(
        "--office",
        metavar="TEXT",
        envvar="XLTRACK_OFFICE",
        help=say(
            "Tên cơ quan ký cuối thư (hoặc biến XLTRACK_OFFICE); mặc định là Bộ Khoa học và Công nghệ.",
            "Who signs the letters (or the variable XLTRACK_OFFICE); by default the ministry.",
        ),
    ),
    click.option(
        "--templates",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="XLTRACK_TEMPLATES",
        help=say(
            "Thư mục mẫu thư của mình (hoặc biến XLTRACK_TEMPLATES); mẫu nào thiếu được ghi vào đó để sửa.",
            "A folder of templates of your own (or the variable XLTRACK_TEMPLATES); those it lacks are put there.",
        ),
    ),
    click.option(
        "--send",
        is_flag=True,
        help=say(
            "Gửi các thư qua máy chủ --smtp, kể cả bản nháp cùng loại soạn trước, thay vì chỉ để trong hộp thư đi.",
            "Send the letters through the server --smtp, earlier drafts of the kind too, not only write them.",
        ),
    ),
    click.option(
        "--smtp",
        metavar="URL",
        envvar="XLTRACK_SMTP",
        help=say(
            "Máy chủ gửi thư: smtps://NGƯỜI_DÙNG@MÁY_CHỦ hoặc smtp:// (STARTTLS); hoặc biến XLTRACK_SMTP. Mật "
            "khẩu lấy từ "
            "biến XLTRACK_SMTP_PASSWORD (hoặc XLTRACK_SMTP_TOKEN cho XOAUTH2), hoặc keyring.",
            "The mail server: smtps://USER@HOST or smtp:// (STARTTLS); or the variable XLTRACK_SMTP. The password is "
            "taken from XLTRACK_SMTP_PASSWORD (or XLTRACK_SMTP_TOKEN for XOAUTH2), or the keyring.",
        ),
    ),
    click.option(
        "--again",
        is_flag=True,
        help=say(
            "Gửi lại cả những thư không rõ đã đi hay chưa (trong thư mục sending), vẫn với mã thư cũ.",
            "Send those letters too of which nobody knows whether they went out (in the folder sending), under "
            "the same id.",
        ),
    ),
    click.option(
        "--most",
        type=click.IntRange(min=1),
        default=500,
        show_default=True,
        metavar="N",
        help=say("Gửi tối đa N thư trong 24 giờ.", "Send at most N letters within 24 hours."),
    ),
    click.option(
        "--most-each",
        type=click.IntRange(min=1),
        default=10,
        show_default=True,
        metavar="N",
        help=say(
            "Gửi tối đa N thư tới một địa chỉ trong 24 giờ.",
            "Send one address at most N letters within 24 hours.",
        ),
    ),
)
_OWN = ("outbox", "sender", "office", "templates", "send", "smtp", "again", "most", "most_each")


def mailing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command`, which has the `Common`, the options of letters, handed over as one `Mailing`."""

    @wraps(command)
    def with_mailing(common: Common, **options: Any) -> None:
        own = {name: options.pop(name) for name in _OWN}
        command(common, mailing=_mailing(common, own), **options)

    wrapped: Callable[..., None] = with_mailing
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def tell(posted: "Posted") -> bool:
    """Say on stderr where the letters lie, and return whether one needs a person: refused, or in doubt."""
    for path in posted.written if posted.sent is None else ():
        click.echo(path)
    if posted.sent is None:
        return False
    sent = posted.sent
    click.echo(
        say(
            f"Đã gửi {len(sent.sent)} thư; {len(sent.waiting)} còn chờ, {len(sent.failed)} bị từ chối.",
            f"Sent: {len(sent.sent)}; waiting: {len(sent.waiting)}; refused: {len(sent.failed)}.",
        )
    )
    if sent.in_doubt:
        names = ", ".join(path.name for path in sent.in_doubt)
        click.echo(
            say(
                f"Không rõ {len(sent.in_doubt)} thư đã đi hay chưa (bị ngắt giữa chừng): {names}. Xem hộp Đã gửi "
                "của máy "
                "chủ; thư đã đi thì chuyển tệp vào thư mục sent, chưa đi thì chạy lại với --again.",
                f"Nobody knows whether {len(sent.in_doubt)} went out (it was cut short): {names}. If the server "
                "sent it, move "
                "the file into the folder sent; if not, run this again with --again.",
            ),
            err=True,
        )
    return bool(sent.failed or sent.in_doubt)


def _mailing(common: Common, own: dict[str, Any]) -> "Mailing":
    from xltrack.pipeline import Mailing

    outbox = own["outbox"] or common.store.parent / "outbox"
    return Mailing(
        outbox, own["sender"], own["office"], own["templates"], _sending(own) if own["send"] else None
    )


def _sending(own: dict[str, Any]) -> "Sending":
    from xltrack.mail.delivery import Limits, Sending
    from xltrack.mail.relay import relay_of

    if not own["smtp"] or not own["sender"]:
        raise click.UsageError(
            say(
                "--send cần --smtp (hoặc biến XLTRACK_SMTP) và --from (hoặc biến XLTRACK_FROM).",
                "--send needs --smtp (or the variable XLTRACK_SMTP) and --from (or the variable XLTRACK_FROM).",
            )
        )
    limits = Limits(per_address=own["most_each"], in_all=own["most"])
    return Sending(relay_of(own["smtp"]), own["sender"], limits, own["again"])
