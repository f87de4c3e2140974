"""`xltrack template`: workbooks to send out."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from xltrack.cli.options import PERIODS, Common, common_options
from xltrack.cli.progress import progress
from xltrack.cli.wording import say
from xltrack.hanoi import HANOI


@click.command(
    "template",
    short_help=say("Tạo biểu mẫu Excel để gửi đi.", "Write workbooks to send out."),
    help=say(
        "Tạo biểu mẫu Excel cho các đơn vị UNIT (mã như T34-24, BO-CT, hoặc tên); --all cho mọi đơn vị của kỳ.",
        "Write workbooks for the units UNIT (codes as T34-24, BO-CT, or names); --all for every unit of the round.",
    ),
)
@click.argument("units", metavar="[UNIT...]", nargs=-1)
@click.option(
    "--all",
    "all_units",
    is_flag=True,
    help=say("Mọi đơn vị phải báo cáo trong kỳ.", "Every unit expected in the round."),
)
@click.option(
    "--year",
    type=int,
    default=lambda: datetime.now(HANOI).year,
    help=say("Năm báo cáo [năm nay].", "Year [this year]."),
)
@click.option(
    "--period", type=click.Choice(PERIODS), default="annual", show_default=True, help=say("Kỳ.", "Period.")
)
@click.option(
    "--currency",
    type=click.Choice(["dong", "thousand", "million", "billion"]),
    default="million",
    show_default=True,
    help=say("Đơn vị tiền của tệp.", "The workbook's unit of money."),
)
@click.option(
    "--large",
    is_flag=True,
    help=say("5.000 dòng mỗi trang thay vì 500.", "5,000 rows a sheet instead of 500."),
)
@click.option(
    "--unprotected",
    "protected",
    is_flag=True,
    default=True,
    flag_value=False,
    help=say("Không khóa trang nhập.", "Leave the sheets unprotected."),
)
@click.option(
    "--prefill",
    is_flag=True,
    help=say(
        "Ghi sẵn từ kho dữ liệu những gì còn tiếp tục từ báo cáo trước của đơn vị (hoặc của các đơn vị đã sáp nhập).",
        "Begin with what goes on from the unit's last return in the store (or those of the units it was made of).",
    ),
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    help=say("Thư mục để ghi.", "Where to write."),
)
@common_options
def command(
    common: Common,
    units: tuple[str, ...],
    all_units: bool,
    year: int,
    period: str,
    directory: Path,
    **outfit: Any,
) -> None:
    """Print the path of each workbook written."""
    if bool(units) == all_units:
        raise click.UsageError(say("Nêu đơn vị UNIT, hoặc dùng --all.", "Name units, or use --all."))
    from xltrack.pipeline.templates import Outfit, Prefill, write_templates
    from xltrack.report.carried import carried_line

    notes: list[str] = []
    known = Prefill(common.store, lambda unit, found: notes.append(carried_line(unit, found, common.lang)))
    wanted = Outfit(**outfit | {"prefill": known if outfit["prefill"] else None})
    with progress() as watch:
        paths = write_templates(
            units, year, period, directory, outfit=wanted, schemas=common.schemas, watch=watch
        )
    for note in notes:
        click.echo(note, err=True)
    click.echo("\n".join(map(str, paths)))
