"""`xltrack diff`: what differs between two files, or two days."""

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click

from xltrack.cli.options import Common, Received, common_options
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say

_LIKE_A_DAY = re.compile(r"\d{1,4}([/-])\d{1,2}\1\d{1,4}([T ].*)?")


class Side(click.ParamType[Any]):
    """What is compared: a day, as `Received` reads it, or the name of a file."""

    name = "side"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str | datetime:
        """Return the moment, or the name; a text that can only be a day and is none fails with a sentence."""
        if Path(value).exists() or not _LIKE_A_DAY.fullmatch(value):
            return value
        return Received(end=time.max).convert(value, param, ctx)


@click.command(
    "diff",
    short_help=say(
        "Hai tệp, hoặc hai ngày, khác nhau ở đâu.", "What differs between two files, or two days."
    ),
    help=say(
        "Cho biết OLD và NEW khác nhau ở đâu, từng ô theo khóa của dòng: thêm, bỏ, sửa, với địa chỉ ở cả hai bản. "
        "OLD và NEW là hai tệp (đường dẫn, tên tệp đã hợp nhất, hay đầu mã SHA-256), hoặc hai ngày: khi đó so những gì "
        "đã được tính vào cuối mỗi ngày, của một đơn vị (--unit) hay cả nước.",
        "Tell what differs between OLD and NEW, cell by cell by the key of each row: added, removed, changed, with the "
        "addresses on both sides. They are two files (paths, names of merged files, or how their SHA-256 begins), or "
        "two days: then what counted at the end of each is compared, of one unit (--unit) or of the nation.",
    ),
)
@click.argument("old", metavar="OLD", type=Side())
@click.argument("new", metavar="NEW", type=Side())
@click.option(
    "--unit", metavar="UNIT", help=say("Giữa hai ngày: chỉ đơn vị này.", "Between two days: this unit only.")
)
@click.option(
    "--year",
    type=int,
    help=say("Giữa hai ngày: chỉ các kỳ năm này.", "Between two days: rounds of this year."),
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help=say("Dạng in ra.", "The form printed."))  # fmt: skip
@click.option("-o", "--output", metavar="FILE", type=ResultFile(),
    help=say("Ghi thêm ra FILE (.xlsx), ô sửa được tô màu.", "Write it to FILE (.xlsx) too."))  # fmt: skip
@common_options
def command(
    common: Common, old: str | date, new: str | date, form: str, output: Path | None, **of: Any
) -> None:
    """Print what differs."""
    from xltrack.forms import load_schemas
    from xltrack.pipeline import diff
    from xltrack.pipeline.comparing import Within
    from xltrack.report.difference import difference_json, difference_text

    within = Within(of["unit"], of["year"])
    found = diff(old, new, common.store, output, within=within, lang=common.lang, schemas=common.schemas)
    text = difference_text(found, load_schemas(common.schemas), common.lang)
    click.echo(difference_json(found) if form == "json" else text)
    if output:
        click.echo(output)
