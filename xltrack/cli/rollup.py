"""`xltrack rollup`: the national figures."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from xltrack.cli.options import Common, UnitsAtType, as_of_option, common_options, period_option
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
@period_option
@click.option(
    "--template",
    metavar="WORKBOOK",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say(
        "Sổ tính của bạn với các bảng dl_… và PivotTable riêng, dùng thay cho mẫu có sẵn.",
        "Your own workbook with the tables dl_… and pivots of your making, in place of the usual one.",
    ),
)
@click.option(
    "--units",
    type=UnitsAtType(),
    metavar="reported|current|DATE",
    help=say(
        "Số liệu từng đơn vị chỉ theo đơn vị đã báo cáo (reported), hiện nay (current) hoặc tại một ngày; không dùng "
        "với .xlsx, vốn có cả 63 và 34 tỉnh.",
        "Figures of units only as they reported (reported), as they are now (current), or as they were on a day; not "
        "for .xlsx, which has the 63 and the 34 provinces.",
    ),
)
@as_of_option
@common_options
def command(
    common: Common,
    output: Path,
    period: PeriodKind,
    template: Path | None,
    units: Any,
    as_of: datetime | None,
) -> None:
    """Print the headline figures and where the file is."""
    if template and units:
        raise click.UsageError(say("--units không dùng với --template.", "--units is not for --template."))
    from xltrack.pipeline import fill_template, roll_up
    from xltrack.report.headlines import headlines

    asked: Any = {"period": period, "schemas": common.schemas, "as_of": as_of}
    with progress() as watch:
        if template:
            result = fill_template(template, output, common.store, **asked)
        else:
            watch("rollup", 1, 2, "")
            result = roll_up(common.store, output, lang=common.lang, units=units, **asked)
            watch("rollup", 2, 2, str(output))
    click.echo(headlines(result, common.lang))
    click.echo(output)
