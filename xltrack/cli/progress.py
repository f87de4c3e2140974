"""Shows on stderr how far long work has come: a bar on a terminal, a line for each stage elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from xltrack.cli.wording import say
from xltrack.pipeline.watching import Watch

STAGES = {
    "fetch": ("Lấy thư", "Fetching"),
    "look": ("Xem sổ tính của ai", "Looking whose they are"),
    "template": ("Tạo biểu mẫu", "Writing workbooks"),
    "validate": ("Kiểm tra", "Validating"),
    "return": ("Trả lời", "Answering"),
    "reply": ("Soạn thư", "Writing answers"),
    "merge": ("Hợp nhất", "Merging"),
    "rollup": ("Tổng hợp", "Rolling up"),
    "report": ("Viết báo cáo", "Writing the report"),
    "seek": ("Tìm trong tệp gốc", "Looking into originals"),
    "reread": ("Đọc lại tệp gốc", "Reading originals anew"),
    "refresh": ("Cập nhật", "Refreshing"),
}


LONG = 20
"""Only work on so many items is worth a line in a log."""


def _line_when_done(stage: str, done: int, total: int, item: str) -> None:  # noqa: ARG001  # as Watch declares it
    if done == total >= LONG:
        click.echo(f"{say(*STAGES[stage])}: {done}", err=True)


@contextmanager
def progress() -> Iterator[Watch]:
    """Give a function to report steps to; the bar is gone when the work is done."""
    if not sys.stderr.isatty():
        yield _line_when_done
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[item]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {
            stage: bars.add_task(say(*words), total=None, visible=False, item="")
            for stage, words in STAGES.items()
        }

        def step(stage: str, done: int, total: int, item: str) -> None:
            bars.update(tasks[stage], completed=done, total=total, visible=done < total, item=item)

        yield step
