"""Shows on stderr how far long work has come: a bar for people, nothing where nobody looks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from xltrack.cli.wording import say
from xltrack.pipeline.watching import Watch, silent

STAGES = {
    "template": ("Tạo biểu mẫu", "Writing workbooks"),
    "validate": ("Kiểm tra", "Validating"),
    "merge": ("Hợp nhất", "Merging"),
    "rollup": ("Tổng hợp", "Rolling up"),
}


@contextmanager
def progress() -> Iterator[Watch]:
    """Give a function to report steps to; the bar is gone when the work is done."""
    if not sys.stderr.isatty():
        yield silent
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
