"""Where a result is to be written: the file that `-o` names."""

import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from xltrack.cli.wording import say


class ResultFile(click.Path):
    """A path of a file to be written; a folder that had to be made for it, perhaps for a slip in its name, is told."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; one that is a folder fails with a sentence."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if ctx and not path.parent.exists():
            ctx.call_on_close(partial(_tell_made, path.parent))
        return path


def _tell_made(folder: Path) -> None:
    if folder.is_dir():
        click.echo(
            say(
                f"Thư mục `{folder}` chưa có nên đã được tạo.",
                f"There was no folder `{folder}`, so it was made.",
            ),
            err=True,
        )
