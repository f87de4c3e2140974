"""`xltrack waive`: findings about which nothing needs to be done."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import click

from xltrack.cli.options import PERIODS, Arrival, Common, common_options
from xltrack.cli.wording import say
from xltrack.hanoi import HANOI

_T = TypeVar("_T")


@click.command(
    "waive",
    short_help=say(
        "Miễn trừ một phát hiện, có lý do và thời hạn.", "Waive a finding, with a reason and for a time."
    ),
    help=say(
        "Ghi vào kho dữ liệu rằng phát hiện CODE không phải sửa: vì sao, ai quyết định, đến ngày nào. Phát hiện vẫn "
        "được nêu, kèm miễn trừ. Mỗi tùy chọn thu hẹp phạm vi; không nêu CODE thì liệt kê các miễn trừ.",
        "Record in the store that the finding CODE need not be mended: why, who decided, until when. It is still told, "
        "with its waiver. Each option narrows what is meant; without a CODE the waivers are listed.",
    ),
)
@click.argument("code", metavar="[CODE]", required=False)
@click.option(
    "--file",
    metavar="PATH",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("Chỉ tệp này.", "This file alone."),
)
@click.option("--unit", help=say("Chỉ đơn vị này (mã hoặc tên).", "This unit alone (code or name)."))
@click.option("--year", type=int, help=say("Chỉ báo cáo của năm này.", "Returns for this year alone."))
@click.option(
    "--period", type=click.Choice(PERIODS), help=say("Chỉ loại kỳ này.", "This kind of round alone.")
)
@click.option("--sheet", metavar="TAB", help=say("Chỉ trang tính này.", "This worksheet alone."))
@click.option(
    "--row", type=click.IntRange(min=1), help=say("Chỉ dòng này của trang.", "This row of it alone.")
)
@click.option(
    "--value",
    metavar="TEXT",
    help=say(
        "Chỉ ô ghi đúng như vậy; còn hiệu lực với tệp gửi sau, dù dòng đã đổi chỗ.",
        "Cells that say just this; it holds for the unit's next file too, wherever the row has moved.",
    ),
)
@click.option("--reason", metavar="TEXT", help=say("Lý do; bắt buộc.", "Why; required."))
@click.option(
    "--by", metavar="WHO", help=say("Người hoặc đơn vị quyết định; bắt buộc.", "Who decided; required.")
)
@click.option(
    "--until",
    type=Arrival(),
    metavar="DATE",
    help=say("Ngày cuối còn hiệu lực; bắt buộc.", "The last day on which it holds; required."),
)
@click.option(
    "--end",
    type=int,
    metavar="NUMBER",
    help=say("Chấm dứt miễn trừ số này.", "End the waiver of this number."),
)
@common_options
def command(
    common: Common,
    *,
    code: str | None,
    reason: str | None,
    by: str | None,
    until: datetime | None,
    end: int | None,
    **narrowed: object,
) -> None:
    """Write a waiver, end one, or list all."""
    from xltrack.pipeline import Wish, standing_waivers, unwaive, waive
    from xltrack.report.waived import doubt, waiver_line, waiver_list

    if end is not None:
        click.echo(waiver_line(unwaive(end, common.store, schemas=common.schemas), common.lang))
    elif code is None:
        found = standing_waivers(common.store, schemas=common.schemas)
        click.echo(waiver_list(found, datetime.now(HANOI).date(), common.lang))
    else:
        wish = Wish(code=code, **narrowed)  # type: ignore[arg-type]  # click has checked what the options say
        day = _needed(until, "--until").date()
        _check(day, narrowed)
        decided = {"reason": _needed(reason, "--reason"), "by": _needed(by, "--by")}
        made, number = waive(wish, common.store, **decided, until=day, schemas=common.schemas)
        click.echo(waiver_line(made, common.lang, number))
        if warning := doubt(number, common.lang):
            click.echo(warning, err=True)


def _check(until: date, narrowed: Mapping[str, object]) -> None:
    """Refuse what could not be meant: a day that has passed, a row of every file there is."""
    if until < datetime.now(HANOI).date():
        raise click.UsageError(say(f"Ngày {until:%d/%m/%Y} đã qua.", f"{until:%d/%m/%Y} has passed."))
    if narrowed["row"] is not None and narrowed["file"] is None:
        raise click.UsageError(say("--row cần --file.", "--row needs --file."))


def _needed(value: _T | None, option: str) -> _T:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise click.UsageError(say(f"Thiếu {option}.", f"{option} is missing."))
    return value
