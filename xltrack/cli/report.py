"""`xltrack report`: the national figures for people to read."""

from datetime import datetime
from pathlib import Path

import click

from xltrack.cli.options import Common, as_of_option, common_options, period_option
from xltrack.cli.progress import progress
from xltrack.cli.wording import say
from xltrack.forms import PeriodKind


@click.command(
    "report",
    short_help=say("Viết báo cáo quốc gia để đọc.", "Write the national report for people to read."),
    help=say(
        "Viết báo cáo quốc gia ra FILE: .html là một trang tự đủ, mở bằng trình duyệt, in được, có tiếng Việt và tiếng "
        "Anh, lọc được theo kỳ, đơn vị, công cụ; mỗi số mở ra các tệp, trang, dòng tạo nên số đó.",
        "Write the national report to FILE: .html is one page that holds all it needs, for a browser or for print, in "
        "Vietnamese and English, filtered by period, unit and tool; every figure opens to the files, sheets and rows "
        "it is made of.",
    ),
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("Tệp kết quả.", "The result."),
)
@period_option
@as_of_option
@common_options
def command(common: Common, output: Path, period: PeriodKind, as_of: datetime | None) -> None:
    """Write the report and print where it is."""
    from xltrack.pipeline import write_report

    with progress() as watch:
        watch("report", 1, 2, "")
        write_report(
            common.store, output, period=period, lang=common.lang, schemas=common.schemas, as_of=as_of
        )
        watch("report", 2, 2, str(output))
    click.echo(output)
