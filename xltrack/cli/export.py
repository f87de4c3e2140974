"""`xltrack export`: the store for other programs and for safe keeping."""

from pathlib import Path

import click

from xltrack.cli.options import Common, common_options
from xltrack.cli.wording import say


@click.command(
    "export",
    short_help=say("Sao lưu kho dữ liệu ra Parquet.", "Back the store up as Parquet."),
    help=say(
        "Ghi toàn bộ kho dữ liệu vào thư mục DIR: mỗi bảng các tệp Parquet theo năm báo cáo, những báo cáo đang có "
        "hiệu lực, các tệp gốc như khi nhận, và manifest.json với mã băm của mọi tệp.",
        "Write the whole store into the folder DIR: Parquet files per table and year of the return, which returns "
        "stand, the received files as they came, and manifest.json with the hash of every file.",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@common_options
def command(common: Common, folder: Path) -> None:
    """Print where the export is and what it holds."""
    from xltrack.pipeline import export

    made = export(common.store, folder, schemas=common.schemas)
    click.echo(say(f"{folder}: {len(made.files)} tệp.", f"{folder}: {len(made.files)} files."))
