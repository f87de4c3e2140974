"""Threads that make rows and deflate them while others do the same: polars and what deflates let them."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def threads(but: int = 0) -> Iterator[Executor]:
    """Give one thread for each processor, `but` those that others need, and one at least.

    What none has begun when the context is left by an error is not done.
    """
    pool = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - but))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
