"""Keeps workers between rounds for who has many: starting one costs as much as reading several workbooks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from xltrack.intake.sandbox.process import Order, Worker

MOST_KEPT = 8
"""Each holds its libraries, some 100 MB."""


class _Bench:
    """Workers that have nothing to do, the one that waits longest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Order, Worker]] = []
        self._holders = 0

    def begin(self) -> None:
        with self._lock:
            self._holders += 1

    def end(self) -> None:
        with self._lock:
            self._holders -= 1
            ended = [] if self._holders else self._cut(0)
        _dismiss(ended)

    def keep(self, order: Order, worker: Worker) -> None:
        with self._lock:
            self._waiting.append((order, worker))
            ended = self._cut(MOST_KEPT if self._holders else 0)
        _dismiss(ended)

    def take(self, order: Order) -> Worker | None:
        with self._lock:
            for at, (known, worker) in enumerate(self._waiting):
                if known == order:
                    del self._waiting[at]
                    return worker
        return None

    def _cut(self, most: int) -> list[Worker]:
        ended = [worker for _, worker in self._waiting[: max(len(self._waiting) - most, 0)]]
        del self._waiting[: len(ended)]
        return ended


_bench = _Bench()


@contextmanager
def kept_workers() -> Iterator[None]:
    """Within this, a worker whose round is over waits for the next one of the same order; after it, none is left."""
    _bench.begin()
    try:
        yield
    finally:
        _bench.end()


def take(order: Order) -> Worker | None:
    """Return a worker for `order` that waits, if there is one; it has read other items."""
    return _bench.take(order)


def release(order: Order, worker: Worker) -> None:
    """Let a worker wait that has nothing to do; where nobody keeps workers it is dismissed."""
    if worker.is_spent:
        worker.dismiss()
    else:
        _bench.keep(order, worker)


def _dismiss(workers: list[Worker]) -> None:
    for worker in workers:
        worker.dismiss()
