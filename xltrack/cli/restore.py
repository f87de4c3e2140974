"""`xltrack restore`: the store from an export."""

from pathlib import Path

import click

from xltrack.cli.options import Common, common_options
from xltrack.cli.wording import say


@click.command(
    "restore",
    short_help=say("Khôi phục kho dữ liệu từ bản sao lưu.", "Restore the store from a backup."),
    help=say(
        "Dựng kho dữ liệu (--store, chưa được có) từ thư mục DIR do `xltrack export` ghi; mọi tệp được so với mã "
        "băm trước.",
        "Make the store (--store, which must not be there yet) from the folder DIR that `xltrack export` wrote; every "
        "file is held against its hash first.",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@common_options
def command(common: Common, folder: Path) -> None:
    """Print where the store is."""
    from xltrack.pipeline import restore

    restore(folder, common.store, schemas=common.schemas)
    click.echo(common.store)
