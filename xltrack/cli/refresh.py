"""`xltrack refresh`: current rows under the tables of workbooks that people made for themselves."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltrack.cli.options import PERIODS, Common, as_of_option, common_options
from xltrack.cli.progress import progress
from xltrack.cli.wording import say
from xltrack.language import Lang, Text

if TYPE_CHECKING:
    from xltrack.forms import PeriodKind
    from xltrack.pipeline import Refreshed
    from xltrack.pipeline.refreshing import Program

_REFUSED = 2


@click.command(
    "refresh",
    short_help=say("Cập nhật số liệu trong sổ tính của bạn.", "Bring your own workbooks up to date."),
    help=say(
        "Đưa số liệu hiện hành của kho vào các bảng dl_… của WORKBOOK; PivotTable, slicer, biểu đồ, kết nối … giữ "
        "nguyên và hiện số mới khi mở bằng Excel. Bản cũ nằm cạnh, thêm đuôi .bak.",
        "Put the current figures of the store under the tables dl_… of each WORKBOOK; PivotTables, slicers, charts, "
        "connections … stay and show them when Excel opens it. The former file stays beside it, with .bak added.",
    ),
)
@click.argument(
    "workbooks",
    metavar="WORKBOOK...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
)
@click.option(
    "--period",
    type=click.Choice(PERIODS),
    help=say(
        "Loại kỳ; mặc định là kỳ của sổ, hoặc năm nếu sổ không nêu.",
        "The kind of rounds; by default that of the workbook, annual where it does not say.",
    ),
)
@click.option(
    "--scrub/--no-scrub",
    default=True,
    show_default=True,
    help=say(
        "Không để dòng cũ sót lại trong bộ nhớ đệm của PivotTable.",
        "Leave no old rows behind in caches of pivots.",
    ),
)
@click.option(
    "--with",
    "program",
    type=click.Choice(["auto", "excel", "file"]),
    default="auto",
    show_default=True,
    help=say(
        "excel: để Excel đang chạy làm (Windows, macOS; cần xlwings); file: sửa thẳng tệp; auto: excel nếu sổ "
        "tính đang mở trong Excel.",
        "excel: have a running Excel do it (Windows, macOS; needs xlwings); file: edit the file itself; auto: "
        "excel if Excel has the workbook open.",
    ),
)
@as_of_option
@common_options
def command(
    common: Common,
    workbooks: tuple[Path, ...],
    period: "PeriodKind | None",
    program: "Program",
    as_of: datetime | None,
    *,
    scrub: bool,
) -> None:
    """Print what changed in each workbook; exit with 2 if one was left as it was."""
    from xltrack.pipeline import Manner, refresh

    with progress() as watch:
        done = refresh(
            workbooks,
            common.store,
            period=period,
            schemas=common.schemas,
            as_of=as_of,
            manner=Manner(program, scrub),
            watch=watch,
        )
    for one in done:
        click.echo(_told(one, common.lang), err=one.refusal is not None)
    sys.exit(_REFUSED if any(one.refusal for one in done) else 0)


def _told(one: "Refreshed", lang: Lang) -> str:
    if one.fresh is None or one.refusal is not None:
        if not one.path.exists():
            return Text(
                f"{one.path}: không có tệp này, hoặc lối tắt không dẫn tới đâu.",
                f"{one.path}: there is no such file, or a shortcut that leads nowhere.",
            ).to(lang)
        why = (one.refusal or Text("", "")).to(lang)
        return Text(f"{one.path}: giữ nguyên, vì {why}.", f"{one.path}: left as it was: {why}.").to(lang)
    lines = [
        Text(f"{one.path} (bản cũ: {one.backup})", f"{one.path} (formerly: {one.backup})")
        if one.backup
        else Text(f"{one.path}: đã là số hiện hành", f"{one.path}: holds the current figures already"),
        *(
            Text(
                f"  {change.table}: {change.before} → {change.after} dòng",
                f"  {change.table}: {change.before} → {change.after} rows",
            )
            for change in one.fresh.changes
        ),
        Text(
            f"  {one.fresh.pivots} PivotTable hiện số mới khi mở bằng Excel",
            f"  {one.fresh.pivots} PivotTables show them when Excel opens the workbook",
        ),
        *(Text(f"  Lưu ý: {warning.vi}", f"  Note: {warning.en}") for warning in one.fresh.warnings),
    ]
    return "\n".join(line.to(lang) for line in lines)
