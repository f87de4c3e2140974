"""`xltrack trace`: from a figure to the cells that it is made of, and back."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltrack.cli.options import Common, as_of_option, common_options, period_option
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.forms import PeriodKind
    from xltrack.report.tracing import Form
    from xltrack.rollup.backward import Parts
    from xltrack.rollup.trace import Trace

# Those of xltrack.rollup.DIMENSIONS, which would load polars before `--help` is answered; a test compares them.
DIMENSIONS = (
    "programme", "tool", "task_group", "status", "legal_form", "size", "size_sector", "sector", "source",
    "funding_kind", "spending_item", "subject_kind", "training_kind", "task_kind", "level", "category",
)  # fmt: skip


def _dimension_options(command: Callable[..., None]) -> Callable[..., None]:
    for name in reversed(DIMENSIONS):
        option = click.option(
            f"--{name.replace('_', '-')}",
            name,
            metavar="CODE",
            help=say(
                f"Chỉ `{name}` này, như bảng tổng hợp ghi.", f"Only this `{name}`, as the rollup prints it."
            ),
        )
        command = option(command)
    return command


@click.command(
    "trace",
    short_help=say("Từ số liệu về các ô, và ngược lại.", "From a figure to its cells, and back."),
    help=say(
        "Cho biết số liệu WHAT (mã chỉ số, ví dụ enterprises_supported) được tính từ những ô nào của những tệp nào. "
        "Với --cell: WHAT là tệp tổng hợp quốc gia, khi đó là số liệu ở ô ấy (ở trang dữ liệu: dòng của tệp đã gửi); "
        "hoặc báo cáo Word, khi đó là số liệu mang tên ấy; hoặc một tệp đã hợp nhất (đường dẫn, tên, hay đầu mã "
        "SHA-256), khi đó cho biết ô ấy nằm trong những số liệu nào.",
        "Tell which cells of which files make up the figure WHAT (the id of a measure, such as enterprises_supported). "
        "With --cell, WHAT is a national workbook, and the figure is the one in that cell (on a sheet of rows: the "
        "row of the file that was sent); or a report in Word, and the figure is the one of that name; or a merged file "
        "(its path, name or how its SHA-256 begins), and the figures are told that the cell has a part in.",
    ),
)
@click.argument("what", metavar="WHAT")
@click.option(
    "--cell", metavar="SHEET!CELL", help=say("Ô, ví dụ AP_DUNG!D17.", "A cell, for example AP_DUNG!D17.")
)
@click.option(
    "--year",
    metavar="YEAR",
    help=say("Năm hoặc giai đoạn: 2025, 2021-2025.", "A year or years: 2025, 2021-2025."),
)
@click.option(
    "--unit", metavar="UNIT", help=say("Đơn vị; mặc định cả nước.", "The unit; by default the nation.")
)
@click.option("--view", type=click.Choice(["63", "34", "reported"]),
    help=say("Theo 63 tỉnh, 34 tỉnh hay đơn vị đã báo cáo.", "By 63, by 34, or as reported."))  # fmt: skip
@click.option(
    "--figures", type=click.Choice(["actual", "estimate"]), help=say("Loại số liệu.", "The kind of figures.")
)
@period_option
@_dimension_options
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
    help=say("Dạng kết quả; csv và json nêu từng ô.", "The form; csv and json name every cell."))  # fmt: skip
@click.option("-o", "--output", metavar="FILE", type=ResultFile(),
    help=say("Ghi kết quả vào FILE thay vì in ra.", "Write the result to FILE instead of printing it."))  # fmt: skip
@as_of_option
@common_options
def command(common: Common, what: str, form: "Form", output: Path | None, **asked: Any) -> None:
    """Print the trace, or write it and print where."""
    from xltrack.forms import load_schemas
    from xltrack.report.tracing import told

    content = told(_found(common, what, asked), form, load_schemas(common.schemas), common.lang)
    if output:
        from xltrack.files import replace_file

        replace_file(output, content)
        click.echo(output)
    else:
        click.echo(content, nl=False)


def _found(common: Common, what: str, asked: dict[str, Any]) -> "Trace | Parts":
    from xltrack.pipeline import trace, trace_cell
    from xltrack.pipeline.tracing import Asked

    period: PeriodKind = asked["period"]
    as_of: datetime | None = asked["as_of"]
    if asked["cell"]:
        return trace_cell(
            common.store, what, asked["cell"], period=period, as_of=as_of, schemas=common.schemas
        )
    if not asked["year"]:
        raise click.UsageError(say("Nêu --year, hoặc --cell.", "Say --year, or --cell."))
    cut = {name: asked[name] for name in DIMENSIONS if asked[name]}
    figure = Asked(what, asked["year"], asked["unit"], asked["view"], asked["figures"], cut)
    return trace(common.store, figure, period=period, as_of=as_of, schemas=common.schemas)
