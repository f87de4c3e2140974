"""`xltrack status`: who has reported."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltrack.cli.options import PERIODS, Common, as_of_option, common_options
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.forms import PeriodKind


@click.command(
    "status",
    short_help=say(
        "Đơn vị nào đã báo cáo, đúng hạn, muộn, còn thiếu.", "Who has reported, on time, late, not."
    ),
    help=say(
        "Cho biết trong một kỳ đơn vị nào đã báo cáo (đúng hạn, muộn, một phần), chưa báo cáo, bị từ chối, chưa cử cơ "
        "quan đầu mối, để trống trang nào; và những tệp cần người xem.",
        "Tell who has reported in a round (on time, late, in part), who has not, whose files were rejected, who named "
        "no focal agency, which sheets are blank; and which files wait for a person.",
    ),
)
@click.option(
    "--year",
    type=int,
    help=say("Năm của kỳ; mặc định là kỳ mới nhất.", "The round's year; by default the newest."),
)
@click.option("--period", type=click.Choice(PERIODS), help=say("Loại kỳ.", "The kind of round."))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=ResultFile(),
    help=say("Ghi thêm ra FILE (.xlsx hoặc .json).", "Write it to FILE too (.xlsx or .json)."),
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help=say("Dạng in ra.", "The form printed."))  # fmt: skip
@as_of_option
@common_options
def command(
    common: Common,
    year: int | None,
    period: "PeriodKind | None",
    output: Path | None,
    form: str,
    as_of: datetime | None,
) -> None:
    """Print the status of the round."""
    from xltrack.forms import load_schemas
    from xltrack.pipeline import status
    from xltrack.report.status import status_json, status_text

    found = status(
        common.store,
        output,
        year=year,
        period=period,
        lang=common.lang,
        schemas=common.schemas,
        as_of=as_of,
    )
    width = shutil.get_terminal_size((120, 24)).columns
    text = status_text(found, load_schemas(common.schemas), common.lang, width)
    click.echo(status_json(found) if form == "json" else text)
