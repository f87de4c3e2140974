"""`xltrack validate`: what is wrong with received files."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltrack.cli.ending import exit_code
from xltrack.cli.options import Common, cache_option, common_options, received_option
from xltrack.cli.progress import progress
from xltrack.cli.reporting import Report, report_options
from xltrack.cli.wording import LANG, say
from xltrack.errors import StoreError

if TYPE_CHECKING:
    from xltrack.pipeline.model import Returned
    from xltrack.store import Standing


@click.command(
    "validate",
    short_help=say("Kiểm tra tệp nhận được.", "Check received files."),
    help=say(
        "Kiểm tra các tệp và thư mục PATH; không ghi gì vào kho dữ liệu, chỉ đọc các miễn trừ trong đó.",
        "Check the files and folders PATH; nothing is written to a store, only its waivers are read.",
    ),
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@report_options
@click.option(
    "--return",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help=say(
        "Ghi vào DIR câu trả lời cho mỗi người gửi: chính tệp của họ, từng vấn đề được tô màu và ghi chú, và một thư.",
        "Write to DIR an answer to each sender: the very file, with every problem coloured and noted, and a letter.",
    ),
)
@click.option(
    "--send-to",
    metavar="TEXT",
    envvar="XLTRACK_SEND_TO",
    help=say(
        "Nơi nhận tệp đã sửa, ghi trong câu trả lời (hoặc biến XLTRACK_SEND_TO); mặc định là Bộ Khoa học và Công nghệ.",
        "Where the answers ask for corrected files to be sent (or the variable XLTRACK_SEND_TO); else the ministry.",
    ),
)
@received_option
@cache_option
@common_options
def command(
    common: Common,
    paths: tuple[Path, ...],
    *,
    report: Report,
    directory: Path | None,
    send_to: str | None,
    received: datetime | None,
) -> None:
    """Print the findings; exit with 1 if a file is not in order, 2 if xltrack failed."""
    from xltrack.pipeline.examiners import examiner_starting

    with examiner_starting(common.schemas), progress() as watch:
        from xltrack.pipeline import Returns, validate

        returns = Returns(directory, common.lang, send_to) if directory else None
        result = validate(
            paths,
            schemas=common.schemas,
            received=received,
            returns=returns,
            waivers=_waivers(common.store),
            watch=watch,
        )
    from xltrack.report.received import NOT_COMPARED

    report.tell(result.files, common)
    if directory:
        _tell_returned(result.returned, directory)
    click.echo(NOT_COMPARED.to(LANG), err=True)
    sys.exit(exit_code(result.files))


def _waivers(store: Path) -> "tuple[Standing, ...]":
    """Return the waivers of the store, if there is one; where it cannot be read that is said, and files are checked."""
    if not store.exists():
        return ()
    from xltrack.store import read_waivers

    try:
        return read_waivers(store)
    except StoreError as failure:
        without = say("Miễn trừ chưa được xét", "Waivers are not shown")
        click.echo(f"{without}: {failure.message(LANG)}", err=True)
        return ()


def _tell_returned(returned: "Sequence[Returned]", directory: Path) -> None:
    """Say on stderr how many answers there are, and by name which of them are a letter alone."""
    alone = [one.path.name for one in returned if one.workbook is None]
    said = say(
        f"Đã ghi {len(returned)} câu trả lời vào {directory}",
        f"{len(returned)} answer{'' if len(returned) == 1 else 's'} written to {directory}",
    )
    only = (
        say(f"; chỉ có thư: {', '.join(alone)}", f"; a letter alone for {', '.join(alone)}") if alone else ""
    )
    click.echo(f"{said}{only}.", err=True)
