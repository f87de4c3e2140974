"""`xltrack rollup`: the national figures."""

from datetime import datetime
from pathlib import Path

import click

from xltrack.cli.options import PERIODS, Common, as_of_option, common_options
from xltrack.cli.progress import progress
from xltrack.cli.wording import say
from xltrack.forms import PeriodKind


@click.command(
    "rollup",
    short_help=say("Tổng hợp số liệu toàn quốc.", "Write the national figures."),
    help=say(
        "Tổng hợp số liệu toàn quốc ra FILE (.xlsx, .csv, .parquet hoặc .json).",
        "Write the national figures to FILE (.xlsx, .csv, .parquet or .json).",
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
@click.option(
    "--period",
    type=click.Choice(PERIODS),
    default="annual",
    show_default=True,
    help=say("Loại kỳ được tổng hợp.", "The kind of rounds rolled up."),
)
@as_of_option
@common_options
def command(common: Common, output: Path, period: PeriodKind, as_of: datetime | None) -> None:
    """Print the headline figures and where the file is."""
    from xltrack.pipeline import roll_up
    from xltrack.report.headlines import headlines

    with progress() as watch:
        result = roll_up(
            common.store,
            output,
            period=period,
            lang=common.lang,
            schemas=common.schemas,
            as_of=as_of,
            watch=watch,
        )
    click.echo(headlines(result, common.lang))
    click.echo(output)
