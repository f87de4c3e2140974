"""`xltrack history`: everything known of a unit or an enterprise."""

import shutil
import sys
from datetime import datetime

import click

from xltrack.cli.options import Common, as_of_option, common_options
from xltrack.cli.wording import say


@click.command(
    "history",
    short_help=say(
        "Mọi điều đã biết về một đơn vị, một doanh nghiệp.", "All that is known of a unit or enterprise."
    ),
    help=say(
        "Cho biết mọi điều kho dữ liệu biết về NAME. Một đơn vị (mã như T34-24, hoặc tên): các lần gửi theo kỳ và bản "
        "nào được tính, miễn trừ, cơ quan đầu mối, đơn vị trước và sau sáp nhập. Một mã số thuế: tên, quy mô, đơn vị "
        "báo cáo, các lượt áp dụng qua các năm.",
        "Tell all that the store knows of NAME. A unit (a code such as T34-24, or a name): its submissions by round "
        "and which of them count, waivers, focal agencies, the units before and after mergers. A tax code: names, "
        "sizes, units that report it, applications through the years.",
    ),
)
@click.argument("name", metavar="NAME")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help=say("Dạng in ra.", "The form printed."))  # fmt: skip
@as_of_option
@common_options
def command(common: Common, name: str, form: str, as_of: datetime | None) -> None:
    """Print the history; where no terminal shows it, as wide as it is."""
    from xltrack.forms import load_schemas
    from xltrack.pipeline import history
    from xltrack.report.history import history_json, history_text

    found = history(common.store, name, as_of=as_of, schemas=common.schemas)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    text = history_text(found, load_schemas(common.schemas), common.lang, width)
    click.echo(history_json(found) if form == "json" else text)
