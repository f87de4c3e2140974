"""`xltrack demo`: the whole loop on a made-up national programme."""

from pathlib import Path

import click

from xltrack.cli.options import lang_option
from xltrack.cli.wording import say
from xltrack.language import Lang


@click.command(
    "demo",
    short_help=say("Trọn vòng trên một chương trình dựng thử.", "The whole loop on a made-up programme."),
    help=say(
        "Chạy trọn vòng trên một chương trình quốc gia dựng thử: tạo biểu mẫu, kiểm tra, hợp nhất, tổng hợp.",
        "Run the whole loop on a made-up national programme: workbooks, validation, merging, rollup.",
    ),
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo",
    show_default=True,
    help=say("Thư mục để ghi.", "Where to write."),
)
@click.option(
    "--quick",
    is_flag=True,
    help=say("Chỉ kỳ 2025 (khoảng mười lăm giây).", "The 2025 round alone (some fifteen seconds)."),
)
@lang_option
def command(directory: Path, quick: bool, lang: Lang) -> None:
    """Print in a dozen lines what was done, where the files are and what to try next."""
    from xltrack.cli.progress import progress
    from xltrack.demo import run_demo

    with progress() as watch:
        outcome = run_demo(directory, quick=quick, watch=watch)
    click.echo(outcome.story(lang))
