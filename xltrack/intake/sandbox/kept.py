"""Keeps workers between rounds for who has many: starting one costs as much as reading several workbooks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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
        self.clear()

    def clear(self) -> None:
        with self._lock:
            ended = self._cut(MOST_KEPT if self._holders else 0)
        _dismiss(ended)

    def start(self, order: Order) -> None:
        with self._lock:
            if all(known != order for known, _ in self._waiting):
                self._waiting.append((order, Worker(order)))

    def keep(self, order: Order, worker: Worker) -> None:
        with self._lock:
            self._waiting.append((order, worker))
        self.clear()

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


@contextmanager
def starting(order: Order) -> Iterator[None]:
    """Have a worker for `order` start beside what is done within this, for the first round that needs one.

    There is one already where somebody keeps workers, and none where the machine has none to give just now.
    """
    with suppress(OSError):
        _bench.start(order)
    try:
        yield
    finally:
        _bench.clear()


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
