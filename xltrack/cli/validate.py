"""`xltrack validate`: what is wrong with received files."""

import sys
from datetime import datetime
from pathlib import Path

import click

from xltrack.cli.options import Common, common_options, received_option
from xltrack.cli.progress import progress
from xltrack.cli.wording import say


@click.command(
    "validate",
    short_help=say("Kiểm tra tệp nhận được.", "Check received files."),
    help=say(
        "Kiểm tra các tệp và thư mục PATH; không ghi gì vào kho dữ liệu.",
        "Check the files and folders PATH; nothing is written to a store.",
    ),
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=say("Dạng kết quả.", "Form of the result."),
)
@click.option(
    "--ledger",
    is_flag=True,
    help=say(
        "In cả danh sách các ô không phải dữ liệu: vì sao, ở đâu.",
        "List the cells that were not read as data too: why, and where.",
    ),
)
@received_option
@common_options
def command(
    common: Common, paths: tuple[Path, ...], form: str, ledger: bool, received: datetime | None
) -> None:
    """Print the findings; exit with 1 if a file is not in order."""
    from xltrack.pipeline import validate
    from xltrack.report.json_result import as_json
    from xltrack.report.text import as_text

    with progress() as watch:
        result = validate(paths, schemas=common.schemas, received=received, watch=watch)
    lang = common.lang
    click.echo(as_json(result.files, lang) if form == "json" else as_text(result.files, lang, ledger=ledger))
    sys.exit(0 if result.in_order else 1)
