"""Waits for another program to let go of the store, as long as the operator said."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from xltrack.errors import StoreLocked

T = TypeVar("T")
_SECONDS: ContextVar[float] = ContextVar("seconds", default=0.0)
_PAUSE = 0.2


@contextmanager
def patient(seconds: float) -> Iterator[None]:
    """Let whatever opens a store meanwhile wait up to `seconds` while another program holds it."""
    token = _SECONDS.set(seconds)
    try:
        yield
    finally:
        _SECONDS.reset(token)


def patiently(action: Callable[[], T]) -> T:
    """Return what `action` returns, tried again while the store is locked; raises StoreLocked when patience ends."""
    until = time.monotonic() + _SECONDS.get()
    while True:
        try:
            return action()
        except StoreLocked:
            if time.monotonic() + _PAUSE > until:
                raise
        time.sleep(_PAUSE)
