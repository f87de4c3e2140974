"""`xltrack rollup`: the national figures."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltrack.cli.keeping import former_kept
from xltrack.cli.options import Common, UnitsAtType, as_of_option, common_options, period_option
from xltrack.cli.progress import progress
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say
from xltrack.language import Text

if TYPE_CHECKING:
    from xltrack.forms import PeriodKind

_REFRESH = Text(
    "Trang và PivotTable tự làm nằm trong bản cũ; muốn giữ chúng mà có số mới: đổi tên bản cũ về .xlsx rồi chạy "
    "`xltrack refresh`.",
    "Sheets and pivots of your own are in the former file; to keep them with new figures, give it the ending .xlsx "
    "again and run `xltrack refresh`.",
)


@click.command(
    "rollup",
    short_help=say("Tổng hợp số liệu toàn quốc.", "Write the national figures."),
    help=say(
        "Tổng hợp số liệu toàn quốc ra FILE (.xlsx, .csv, .parquet hoặc .json). Sổ tính cũ ở đó mà có người đã sửa thì "
        "được giữ cạnh bên, thêm đuôi .bak.",
        "Write the national figures to FILE (.xlsx, .csv, .parquet or .json). A workbook there that somebody has "
        "worked on stays beside it, with .bak added.",
    ),
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=ResultFile(),
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
@click.option(
    "--unit",
    "alone",
    metavar="UNIT",
    multiple=True,
    help=say(
        "Chỉ số liệu và các dòng của đơn vị này (mã như T34-24, hoặc tên), để gửi cho đơn vị; nhiều đơn vị thì dùng "
        "--dir.",
        "Only figures and rows of this unit (a code as T34-24, or a name), to be sent to it; several go to --dir.",
    ),
)
@click.option(
    "--all-units",
    is_flag=True,
    help=say(
        "Mỗi đơn vị có số liệu một sổ riêng, ghi vào --dir.",
        "A workbook of its own for every unit that has figures, in --dir.",
    ),
)
@click.option(
    "--dir",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help=say("Thư mục cho sổ của từng đơn vị.", "Where the workbooks of units go."),
)
@as_of_option
@common_options
def command(common: Common, period: "PeriodKind", as_of: datetime | None, **wanted: Any) -> None:
    """Print the headline figures and where the file is, or where those of units are."""
    _check(**wanted)
    asked: Any = {"period": period, "schemas": common.schemas, "as_of": as_of}
    if wanted["directory"]:
        from xltrack.pipeline.packing import PACKS, write_packs

        with ExitStack() as kept:
            for former in sorted(wanted["directory"].glob(PACKS)):
                kept.enter_context(former_kept(former, common.lang))
            paths = write_packs(common.store, wanted["directory"], wanted["alone"], lang=common.lang, **asked)
        click.echo("\n".join(map(str, paths)))
        return
    from xltrack.report.headlines import headlines

    with former_kept(wanted["output"], common.lang, None if wanted["alone"] else _REFRESH):
        with progress() as watch:
            watch("rollup", 1, 2, "")
            result, warnings = _rolled_up(common, asked, **wanted)
            watch("rollup", 2, 2, str(wanted["output"]))
        click.echo(headlines(result, common.lang))
        for warning in warnings:
            click.echo(Text(f"Lưu ý: {warning.vi}", f"Note: {warning.en}").to(common.lang))
    click.echo(wanted["output"])


def _rolled_up(
    common: Common, asked: Any, *, output: Path, template: Path | None, alone: tuple[str, ...], **more: Any
) -> tuple[Any, tuple[Text, ...]]:
    """Write what was asked for to `output`; return the roll-up, and what cannot be promised of a template."""
    if template:
        from xltrack.pipeline import fill_template

        filled = fill_template(template, output, common.store, **asked)
        return filled.rollup, filled.fresh.warnings
    from xltrack.pipeline import roll_up, roll_up_unit

    if alone:
        return roll_up_unit(alone[0], common.store, output, lang=common.lang, **asked), ()
    return roll_up(common.store, output, lang=common.lang, units=more["units"], **asked), ()


def _check(
    *,
    output: Path | None,
    directory: Path | None,
    template: Path | None,
    units: Any,
    alone: tuple[str, ...],
    all_units: bool,
) -> None:
    """Raise UsageError for options that do not go together."""
    if (output is None) == (directory is None):
        raise click.UsageError(say("Nêu -o FILE hoặc --dir DIR.", "Name either -o FILE or --dir DIR."))
    if directory is not None and bool(alone) == all_units:
        raise click.UsageError(
            say("--dir cần --unit hoặc --all-units.", "--dir needs either --unit or --all-units.")
        )
    if output is not None and (all_units or len(alone) > 1):
        raise click.UsageError(say("Nhiều đơn vị thì dùng --dir.", "Several units go to --dir."))
    if units and output is not None and output.suffix.lower() == ".xlsx":
        raise click.UsageError(
            say(
                "--units không dùng với .xlsx: sổ tính luôn có cả 63 và 34 tỉnh. Chọn .csv, .parquet hoặc .json.",
                "--units is not for .xlsx: a workbook always has the 63 and the 34 provinces. Choose .csv, .parquet or "
                ".json.",
            )
        )
    if (template or alone or all_units) and units:
        raise click.UsageError(
            say("--units không dùng với --template, --unit.", "--units is not for --template or --unit.")
        )
    if template and (alone or all_units):
        raise click.UsageError(say("--unit không dùng với --template.", "--unit is not for --template."))
