"""`xltrack report`: the national figures for people to read, and the report that is sent upward."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from xltrack.cli.keeping import former_kept
from xltrack.cli.options import Common, as_of_option, common_options, period_option
from xltrack.cli.progress import progress
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.forms import PeriodKind


class Asked(TypedDict):
    """Which report is wanted, as `Edition` names it."""

    year: int | None
    unit: str | None
    template: Path | None


@click.command(
    "report",
    short_help=say(
        "Viết báo cáo quốc gia để đọc và để gửi.", "Write the national report, to read and to send."
    ),
    help=say(
        "Viết báo cáo quốc gia ra FILE. Với .html: một trang tự đủ, mở bằng trình duyệt, in được, có tiếng Việt và "
        "tiếng Anh, lọc được theo kỳ, đơn vị, công cụ; mỗi số mở ra các tệp, trang, dòng tạo nên số đó. Với .docx: dự "
        "thảo báo cáo theo thể thức của Nghị định 30/2020/NĐ-CP, số và ngày để trống; bấm vào một số để biết tên của "
        "nó, rồi `xltrack trace FILE --cell TÊN`. Tệp Word cũ ở đó được giữ cạnh bên, thêm đuôi .bak.",
        "Write the national report to FILE. With .html: one page that holds all it needs, for a browser or for print, "
        "in Vietnamese and English, filtered by period, unit and tool; every figure opens to the files, sheets and "
        "rows it is made of. With .docx: a draft in the form of Decree 30/2020/NĐ-CP, number and date left blank; a "
        "click on a figure tells its name, then `xltrack trace FILE --cell NAME`. A Word file there stays beside the "
        "new one, with .bak added.",
    ),
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=ResultFile(),
    help=say("Tệp kết quả (.html, .docx).", "The result (.html, .docx)."),
)
@period_option
@click.option(
    "--year",
    type=int,
    metavar="YEAR",
    help=say(
        "Với .docx: năm của kỳ; mặc định là kỳ mới nhất.",
        "For .docx: the round's year; by default the newest.",
    ),
)
@click.option(
    "--unit",
    metavar="UNIT",
    help=say(
        "Với .docx: báo cáo của riêng một đơn vị (mã hoặc tên).",
        "For .docx: the report of one unit (its code or name).",
    ),
)
@click.option(
    "--template",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say(
        "Với .docx: mẫu Word của bạn, với các chỗ điền {{…}}, thay cho mẫu có sẵn.",
        "For .docx: your own Word template, with placeholders {{…}}, in place of the usual one.",
    ),
)
@click.option(
    "--blank",
    is_flag=True,
    help=say(
        "Với .docx: chỉ ghi ra mẫu, còn nguyên các chỗ điền, để sửa trong Word rồi dùng với --template.",
        "For .docx: only the template with its placeholders, to change in Word and use with --template.",
    ),
)
@as_of_option
@common_options
def command(
    common: Common,
    output: Path,
    period: "PeriodKind",
    *,
    blank: bool,
    as_of: datetime | None,
    **edition: Unpack[Asked],
) -> None:
    """Write the report, or its template, and print where it is."""
    from xltrack.pipeline import Edition, write_blank_report, write_report

    if blank:
        with former_kept(output, common.lang):
            write_blank_report(output, of_unit=edition["unit"] is not None, lang=common.lang)
    else:
        with former_kept(output, common.lang), progress() as watch:
            watch("report", 1, 2, "")
            write_report(
                common.store,
                output,
                Edition(**edition),
                period=period,
                lang=common.lang,
                schemas=common.schemas,
                as_of=as_of,
            )
            watch("report", 2, 2, str(output))
    click.echo(output)
