"""Threads that make rows and deflate them while others do the same: polars and zlib let them."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def threads() -> Iterator[Executor]:
    """Give one thread for each processor; what none has begun when the context is left by an error is not done."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
