"""`xltrack migrate`: what stands in a received workbook, moved into a fresh one."""

import sys
from pathlib import Path

import click

from xltrack.cli.ending import FOUND_WRONG, IN_ORDER, exit_code
from xltrack.cli.options import Common, common_options
from xltrack.cli.reporting import Report
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say


@click.command(
    "migrate",
    short_help=say("Chuyển số liệu sang biểu mẫu mới.", "Move figures into a fresh workbook."),
    help=say(
        "Chuyển số liệu của FILE (phiên bản cũ, trang hoặc cột bị đổi, bị chèn) sang biểu mẫu mới, đúng như đã nhập; "
        "nêu ô nào đi đâu, ô nào không chuyển được. FILE giữ nguyên.",
        "Move what stands in FILE (an older version, sheets or columns renamed or inserted) into a fresh workbook, "
        "as it was typed; say what went where and what could not. FILE is left as it is.",
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=ResultFile(),
    help=say(
        "Biểu mẫu mới (.xlsx); mặc định nằm cạnh FILE. Danh sách mọi ô nằm cạnh đó, cùng tên, đuôi .csv.",
        "The new workbook (.xlsx); beside FILE by default. The list of all cells lies beside it, named alike, as .csv.",
    ),
)
@common_options
def command(common: Common, file: Path, output: Path | None) -> None:
    """Print what went where; exit with 1 if a person must look at something, 2 if xltrack failed."""
    from xltrack.forms import load_schemas
    from xltrack.pipeline import migrate
    from xltrack.report.migration import moves_text

    done = migrate(file, output, lang=common.lang, schemas=common.schemas)
    if done.workbook is None:
        Report().tell([done.file], common)
        sys.exit(exit_code([done.file]) or FOUND_WRONG)
    schemas = load_schemas(common.schemas)
    click.echo(moves_text(done.file, schemas, done.moves, done.stayed, common.lang))
    click.echo(f"{done.workbook}\n{done.listing}")
    sys.exit(IN_ORDER if done.in_order else FOUND_WRONG)
