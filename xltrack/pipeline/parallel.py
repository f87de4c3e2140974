"""Runs one function over many items on all cores, results in the order of the items."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from xltrack.intake.sandbox import cores

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_A_PROCESS = 8
"""Fewer items than this are done here: starting a second process costs about as much as reading them."""
MOST_PROCESSES = 8
"""Each holds its libraries, some 150 MB; Windows allows 61."""


def map_in_processes(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """Yield `function(item)` for each item in order; `function` and items must be picklable.

    New processes are started afresh ("spawn"), because a forked one would inherit locks held by the threads
    of polars.
    """
    workers = min(cores(), len(items), MOST_PROCESSES)
    if len(items) < WORTH_A_PROCESS or workers == 1:
        yield from map(function, items)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread_each) as pool:
        with _without_main():
            results = pool.map(function, items, chunksize=max(1, min(8, len(items) // (4 * workers))))
        yield from results


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep new processes from running the caller's program again: a script need not guard its own lines."""
    main = vars(sys.modules["__main__"])
    kept: dict[str, object] = {name: main.pop(name) for name in ("__spec__", "__file__") if name in main}
    main["__spec__"] = None
    try:
        yield
    finally:
        main.update(kept)


def _one_thread_each() -> None:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
