"""`xltrack enterprises`: tax codes that may be one enterprise, and what was decided about them."""

from pathlib import Path

import click

from xltrack.cli.options import Common, common_options
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say


@click.group(
    "enterprises",
    short_help=say(
        "Doanh nghiệp có thể trùng nhau; ghi quyết định.", "Enterprises that may be one; decisions."
    ),
    help=say(
        "Một doanh nghiệp có thể mang hai mã số thuế: đăng ký lại, sáp nhập, gõ nhầm. `review` liệt kê các cặp giống "
        "nhau để người xem; `decide` ghi quyết định vào kho dữ liệu, mọi lần tổng hợp sau đều theo.",
        "One enterprise may bear two tax codes: registered anew, merged, mistyped. `review` lists pairs that are alike "
        "for a person to look at; `decide` records what she decided, and every later roll-up follows it.",
    ),
)
def command() -> None:
    """Hold the two steps."""


@command.command(
    "review",
    short_help=say("Liệt kê các cặp giống nhau.", "List pairs that are alike."),
    help=say(
        "Ghi ra FILE (.csv) các cặp mã số thuế có tên và địa chỉ giống nhau mà chưa ai quyết định. Ghi “là một” hoặc "
        "“khác” vào cột decision và lý do vào cột reason; nếu là một thì cột code là mã hiện nay.",
        "Write to FILE (.csv) the pairs of tax codes whose names and addresses are alike and that nobody has decided "
        'on. Write "same" or "different" under decision and why under reason; if same, code is the one of today.',
    ),
)
@click.option(
    "-o", "--output", metavar="FILE", required=True, type=ResultFile(),
    help=say("Tệp kết quả.", "The result."),
)  # fmt: skip
@common_options
def review(common: Common, output: Path) -> None:
    """Print how many pairs there are and where they are listed."""
    from xltrack.pipeline.enterprises import review_enterprises

    pairs = review_enterprises(common.store, output, schemas=common.schemas)
    click.echo(say(f"{len(pairs)} cặp cần xem: {output}", f"{len(pairs)} pairs to look at: {output}"))


@command.command(
    "decide",
    short_help=say("Ghi quyết định đã điền.", "Record the decisions filled in."),
    help=say(
        "Đọc các quyết định đã điền trong LIST và ghi vào kho dữ liệu. Có thể tự thêm dòng (former_code, code, "
        "decision, reason) cho doanh nghiệp đổi mã số thuế.",
        "Read the decisions filled in in LIST and record them in the store. Rows may be added by hand (former_code, "
        "code, decision, reason) for an enterprise that changed its tax code.",
    ),
)
@click.argument("decided", metavar="LIST", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--by", metavar="WHO", required=True, help=say("Người hoặc đơn vị quyết định.", "Who decided."))
@common_options
def decide(common: Common, decided: Path, by: str) -> None:
    """Print how many decisions were read and how many of them are new."""
    from xltrack.pipeline.enterprises import decide_enterprises

    read, new = decide_enterprises(common.store, decided, by=by, schemas=common.schemas)
    click.echo(
        say(f"Đọc {read} quyết định, ghi mới {new}.", f"{read} decisions read, {new} of them recorded anew.")
    )
