"""Runs one function over many items on all cores, results in the order of the items."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_A_PROCESS = 8
"""Fewer items than this are done here: starting a second process costs about as much as reading them."""


def map_in_processes(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """Yield `function(item)` for each item in order; `function` and items must be picklable.

    New processes are started afresh ("spawn"), because a forked one would inherit locks held by the threads
    of polars.
    """
    workers = min(os.cpu_count() or 1, len(items))
    if len(items) < WORTH_A_PROCESS or workers == 1:
        yield from map(function, items)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread_each) as pool:
        yield from pool.map(function, items, chunksize=max(1, min(8, len(items) // (4 * workers))))


def _one_thread_each() -> None:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
