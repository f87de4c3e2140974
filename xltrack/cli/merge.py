"""`xltrack merge`: received files into the store."""

import sys
from datetime import datetime
from pathlib import Path

import click

from xltrack.cli.ending import exit_code
from xltrack.cli.options import Common, cache_option, common_options, received_option
from xltrack.cli.progress import progress
from xltrack.cli.reporting import Report
from xltrack.cli.wording import say


@click.command(
    "merge",
    short_help=say("Kiểm tra rồi hợp nhất vào kho dữ liệu.", "Check, then merge into the store."),
    help=say(
        "Kiểm tra các tệp và thư mục PATH rồi hợp nhất vào kho dữ liệu; chạy lại bao nhiêu lần kết quả vẫn như nhau.",
        "Check the files and folders PATH and merge them into the store; merging again changes nothing.",
    ),
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--dry-run",
    is_flag=True,
    help=say(
        "Nói trước kết quả hợp nhất, so với mọi tệp đã có trong kho, nhưng không ghi gì.",
        "Say what merging would do, compared with all that the store holds, but write nothing.",
    ),
)
@click.option(
    "--partial",
    is_flag=True,
    help=say(
        "Nhận các dòng tốt của tệp có lỗi; dòng có lỗi và dòng phụ thuộc được giữ lại và nêu tên.",
        "Take the good rows of a file with errors; rows with errors, and those that depend on them, are held back.",
    ),
)
@received_option
@cache_option
@common_options
def command(
    common: Common, paths: tuple[Path, ...], dry_run: bool, partial: bool, received: datetime | None
) -> None:
    """Print what was found and what became of the files; exit with 1 if one is not in order, 2 if xltrack failed."""
    from xltrack.cli.memory import give_back_large
    from xltrack.pipeline import merge, rehearse

    give_back_large()
    do = rehearse if dry_run else merge
    with progress() as watch:
        files = do(
            paths, common.store, schemas=common.schemas, received=received, partial=partial, watch=watch
        ).files
    if dry_run:
        click.echo(say("Chưa ghi gì vào kho dữ liệu.", "Nothing was written to the store."), err=True)
    Report(quiet=True).tell(files, common)
    sys.exit(exit_code(files))
