"""`xltrack redact`: contacts out of the store."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from xltrack.cli.options import Common, common_options
from xltrack.cli.progress import progress
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.pipeline.redacting import Redaction


@click.command(
    "redact",
    short_help=say("Xóa thông tin liên hệ khỏi kho dữ liệu.", "Remove contacts from the store."),
    help=say(
        "Xóa thông tin liên hệ (điện thoại, thư điện tử, chức vụ) mà các tệp của WHAT đã gửi: WHAT là mã đơn vị, hoặc "
        "phần đầu SHA-256 của một tệp. WHAT là mã số thuế: xóa thông tin cá nhân ở mọi dòng của doanh nghiệp hoặc hộ "
        "kinh doanh ấy; mã 12 số được thay bằng một mã bất kỳ, tên và địa chỉ của hộ bị xóa. Tệp gốc chứa các thông "
        "tin ấy, kể cả tệp bị từ chối, cũng bị xóa; số liệu và chuỗi bản ghi không đổi. Kết quả đọc "
        "được giữ tạm của người chạy lệnh cũng bị xóa. Bản sao và bản xuất trước đó vẫn còn, và cả hộp thư đến, hộp "
        "thư đi (thư, tệp gốc và thư trả lời đã ghi ở đó): phải tự xóa.",
        "Remove the contacts (telephone, mail address, position) that the files of WHAT brought: a unit's code, or the "
        "first digits of a file's SHA-256. If WHAT is a tax code, what is personal goes from all rows of that "
        "enterprise or household; an arbitrary code stands for a household's twelve digits, its name and address go. "
        "The received files that hold it, rejected ones too, go as well; figures and chain stay as they are. The "
        "cache of whoever runs this is emptied. Copies and exports made before still have it, and so have inbox and "
        "outbox (the messages, the files and the answers written there): delete these yourself.",
    ),
)  # fmt: skip
@click.argument("what", metavar="WHAT")
@click.option("--reason", metavar="TEXT", required=True, help=say("Lý do.", "Why."))
@click.option(
    "--by", metavar="WHO", required=True, help=say("Người hoặc đơn vị yêu cầu.", "Who asked for it.")
)
@common_options
def command(common: Common, what: str, reason: str, by: str) -> None:
    """Print how many cells were emptied, and file by file what was done."""
    from xltrack.pipeline.redacting import redact_contacts

    with progress() as watch:
        done = redact_contacts(common.store, what, reason=reason, by=by, schemas=common.schemas, watch=watch)
    number = len(done.redacted)
    click.echo(
        say(
            f"Đã xóa {done.cells} ô thông tin liên hệ, cá nhân và {number} tệp gốc.",
            f"{done.cells} cells with contacts or personal data and {number} received files removed.",
        )
    )
    for line in _lines(done):
        click.echo(line)
    click.echo(
        say(
            "Hộp thư đến, hộp thư đi, bản sao và bản xuất vẫn giữ tệp như đã nhận: phải tự xóa ở đó.",
            "Inbox, outbox, copies and exports still hold the files as they came: delete them there yourself.",
        )
    )


def _lines(done: "Redaction") -> Iterator[str]:
    """Yield file by file what was done to it."""
    for one in done.redacted:
        yield say(
            f"  {one.name}: đã xóa {one.cells} ô và tệp gốc",
            f"  {one.name}: {one.cells} cells and the original removed",
        )
    for name in done.left:
        yield say(
            f"  {name}: giữ nguyên, không có gì phải xóa",
            f"  {name}: left as it is, there was nothing to remove",
        )
    for name, sha256 in done.closed:
        yield say(
            f"  {name}: không xem được bên trong; muốn xóa tệp gốc thì chạy `xltrack redact {sha256[:12]} …`",
            f"  {name}: cannot be looked into; to remove its original run `xltrack redact {sha256[:12]} …`",
        )
