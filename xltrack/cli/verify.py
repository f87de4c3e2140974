"""`xltrack verify`: whether the store still holds what was merged."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from xltrack.cli.ending import FOUND_WRONG, IN_ORDER
from xltrack.cli.options import Common, common_options
from xltrack.cli.progress import progress
from xltrack.cli.wording import say
from xltrack.language import Text

if TYPE_CHECKING:
    from xltrack.pipeline import Verification


@click.command(
    "verify",
    short_help=say("Kiểm chứng kho dữ liệu còn nguyên vẹn.", "Verify that the store is whole."),
    help=say(
        "Kiểm chứng kho dữ liệu: từng trang dữ liệu, chuỗi bản ghi và tệp `.head` bên cạnh, tổng kiểm soát, số liệu "
        "tổng hợp, và đọc lại mọi tệp gốc để so với số liệu đã hợp nhất. Nêu tên từng chỗ sai khác.",
        "Verify the store: every page, the chain of records and the file `.head` beside it, control totals, figures; "
        "and read every original anew to compare it with what was merged. What differs is named.",
    ),
)
@click.option(
    "--no-originals",
    is_flag=True,
    help=say("Không đọc lại các tệp gốc (nhanh hơn).", "Do not read the originals anew (faster)."),
)
@common_options
def command(common: Common, *, no_originals: bool) -> None:
    """Print what differs, or that all holds; exit with 1 if something differs."""
    from xltrack.pipeline import verify

    with progress() as watch:
        found = verify(common.store, schemas=common.schemas, originals=not no_originals, watch=watch)
    for sentence in (*found.faults, *found.notes, *_read_anew(found), _sum(found)):
        click.echo(sentence.to(common.lang))
    sys.exit(IN_ORDER if found.in_order else FOUND_WRONG)


def _sum(found: "Verification") -> Text:
    if found.faults:
        return Text(f"Có {len(found.faults)} chỗ sai khác.", f"{len(found.faults)} differ.")
    return Text(
        f"Kho nguyên vẹn: {found.submissions} tệp, {found.records} bản ghi. Mã của chuỗi: {found.head}",
        f"The store is whole: {found.submissions} files, {found.records} records. Head: {found.head}",
    )


_REDACTED = Text("đã xóa thông tin cùng tệp gốc", "redacted, the original with it")
_NO_ROWS = Text("{}, không có dòng nào để so", "{}, with no rows to compare")


def _read_anew(found: "Verification") -> Iterator[Text]:
    """Yield how many originals were read anew, and how many were not and why, which adds up to all files."""
    if found.reread is None:
        return
    yield Text(f"Tệp gốc đọc lại và so: {found.reread}", f"Originals read anew and compared: {found.reread}")
    for why, files in found.not_reread.items():
        said = _REDACTED if why == "redacted" else _without_rows(why)
        yield Text(f"  không đọc lại: {files} ({said.vi})", f"  not read: {files} ({said.en})")


def _without_rows(verdict: str) -> Text:
    from xltrack.report.text import VERDICTS

    return Text(*(_NO_ROWS.to(lang).format(VERDICTS[verdict].to(lang).lower()) for lang in ("vi", "en")))
