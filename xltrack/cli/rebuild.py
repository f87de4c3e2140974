"""`xltrack rebuild`: the store again, from its originals."""

import sys
from pathlib import Path

import click

from xltrack.cli.ending import FOUND_WRONG, IN_ORDER
from xltrack.cli.options import Common, common_options
from xltrack.cli.progress import progress
from xltrack.cli.wording import say


@click.command(
    "rebuild",
    short_help=say("Dựng lại kho dữ liệu từ các tệp gốc.", "Make the store again from its originals."),
    help=say(
        "Dựng kho mới NEW từ các tệp gốc có trong kho: đọc và kiểm tra lại mọi tệp, giữ ngày nhận, nguồn, chuỗi bản "
        "ghi và các quyết định. Kho cũ được giữ nguyên.",
        "Make the store NEW from the originals in the store: every file is read and checked anew; arrivals, sources, "
        "the chain and decisions are kept. The old store is left as it is.",
    ),
)
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path, dir_okay=False))
@common_options
def command(common: Common, new: Path) -> None:
    """Print whether the new store says what the old one says; exit with 1 if not."""
    from xltrack.pipeline import rebuild

    with progress() as watch:
        made = rebuild(common.store, new, schemas=common.schemas, watch=watch)
    if made.in_order:
        click.echo(
            say(
                f"{new}: {made.files} tệp, đúng như kho cũ.",
                f"{new}: {made.files} files, as in the old store.",
            )
        )
    for name in made.differing:
        click.echo(say(f"`{name}`: nay được đọc khác trước.", f"`{name}`: read otherwise than before."))
    sys.exit(IN_ORDER if made.in_order else FOUND_WRONG)
