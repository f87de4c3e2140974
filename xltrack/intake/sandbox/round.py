"""Many items on several workers: in their order, with few results waiting, and one bad item stopping no other."""

import os
import pickle
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from xltrack.errors import ProgramError
from xltrack.intake.sandbox.kept import release, take
from xltrack.intake.sandbox.parcel import Garbled, Parcel
from xltrack.intake.sandbox.process import Ask, Order, Stopped, Worker
from xltrack.stages import measured, stage

Item = TypeVar("Item")
Result = TypeVar("Result")
Answer = TypeVar("Answer")

MOST_WORKERS = 8
"""Each holds its libraries, some 100 MB."""
ITEMS_PER_WORKER = 4
"""Starting a worker costs as much as reading so many ordinary workbooks."""
AHEAD_PER_WORKER = 2
"""So many results, of a few files each, may wait for an earlier one that takes long: in memory, with their rows."""
_LOOK_EVERY = 0.25
_PAUSES = (1.0, 5.0, 15.0)
"""Seconds after which a worker that did not start is started once more: the machine may be short of memory."""


def run_all(
    order: Order, handle: Callable[[Item, Ask], Result], items: Sequence[Item], workers: int | None = None
) -> Generator[Result, None, None]:
    """Yield `handle(item, ask)` for each item, in the order given.

    `handle` runs in a thread of this process and calls `ask(request, accept)` for what must not be done here, see
    `Ask`; it is at most a few items ahead of the one that is waited for. What `handle` raises ends the whole round, and
    is raised here. No worker outlives the iterator unless somebody keeps them (`kept_workers`). Raises ProgramError if
    no worker can be started.
    """
    with at_work(order, handle, items, workers) as results:
        yield from results


@contextmanager
def at_work(
    order: Order, handle: Callable[[Item, Ask], Result], items: Sequence[Item], workers: int | None = None
) -> Iterator[Iterator[Result]]:
    """Give what `run_all` yields, begun beside whatever else is done within this before it is asked for."""
    count = workers or min(cores(), MOST_WORKERS, -(-len(items) // ITEMS_PER_WORKER))
    crew = _Crew(order, handle, items, max(count, 1))
    try:
        crew.begin()
        yield crew.results()
    finally:
        crew.dismiss()


class _Crew(Generic[Item, Result]):
    """The threads of one round, one for each worker, and what they have done."""

    def __init__(
        self, order: Order, handle: Callable[[Item, Ask], Result], items: Sequence[Item], workers: int
    ) -> None:
        self._handle, self._items = handle, items
        self._changed = threading.Condition()
        self._taken = self._given = 0
        self._ahead = AHEAD_PER_WORKER * workers
        self._done: dict[int, Result] = {}
        self._busy: set[int] = set()
        self._failure: BaseException | None = None
        self._is_over = False
        turns = _Turns()
        self._posts = [_Post(order, turns) for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._work, args=(post,), daemon=True) for post in self._posts
        ]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def results(self) -> Iterator[Result]:
        while self._given < len(self._items):
            # By no name, which would hold it until the next is there: the rows of a few files.
            yield self._next_result()

    def dismiss(self) -> None:
        """End every worker, whatever it is doing."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        for post in self._posts:
            post.close()
        for thread in self._threads:
            thread.join()

    def _next_result(self) -> Result:
        with stage("wait"), self._changed:
            while self._given not in self._done and (self._failure is None or self._given in self._busy):
                # Without a limit of time, Windows would not let Ctrl-C through.
                self._changed.wait(_LOOK_EVERY)
            if self._given not in self._done and self._failure is not None:
                raise self._failure
            result = self._done.pop(self._given)
            self._given += 1
            self._changed.notify_all()
            return result

    def _work(self, post: "_Post") -> None:
        number = None
        try:
            while (number := self._next_item()) is not None:
                self._note(number, self._handle(self._items[number], post.ask))
            post.release()
        except BaseException as failure:  # noqa: BLE001  # raised again where the results are taken
            with self._changed:
                self._failure = self._failure or failure
                self._busy.discard(-1 if number is None else number)
                self._changed.notify_all()
        finally:
            post.close()

    def _note(self, number: int, result: Result) -> None:
        with self._changed:
            self._done[number] = result
            self._busy.discard(number)
            self._changed.notify_all()

    def _next_item(self) -> int | None:
        with self._changed:
            while not self._is_over and self._taken >= self._given + self._ahead:
                self._changed.wait()
            if self._is_over or self._failure is not None or self._taken == len(self._items):
                return None
            self._busy.add(self._taken)
            self._taken += 1
            return self._taken - 1


class _Turns:
    """Lets many work at a time, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working = 0
        self._is_taken = False

    @contextmanager
    def beside_others(self) -> Iterator[None]:
        """Work while others do."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_taken)
            self._working += 1
        try:
            yield
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work when all others have finished, and before they go on."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_taken)
            self._is_taken = True
            self._changed.wait_for(lambda: not self._working)
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()


class _Post:
    """The place of one worker: whoever stands there is replaced when it has come to its end."""

    def __init__(self, order: Order, turns: _Turns) -> None:
        self._order, self._turns = order, turns
        self._worker: Worker | None = None
        self._lock = threading.Lock()
        self._was_manned = False
        self._is_closed = threading.Event()

    def ask(self, item: Any, accept: Callable[[Parcel], Answer], *, share: float = 1) -> Answer:
        """Return what `accept` makes of the worker's answer on `item`; raises Stopped.

        Only in a fresh worker does it count: what an earlier item left behind must not tell against this one, nor may
        the order of items decide. Even then it may be the machine that ran short, or was busy: the item gets one
        more worker, and where the clock ran out that one works alone. Not so with a `share` of its time: see `Ask`.
        """
        request = pickle.dumps((item, measured() is not None, share), protocol=pickle.HIGHEST_PROTOCOL)
        chances = {"died", "late"}
        turn = self._turns.beside_others
        while True:
            with turn():
                worker = self._manned()
                was_fresh = worker.is_fresh
                try:
                    return _accepted(worker, request, accept, share)
                except Stopped as stopped:
                    if share < 1:
                        raise
                    if was_fresh or stopped.reason in ("late", "fault"):
                        if stopped.reason not in chances:
                            raise
                        chances.discard(stopped.reason)
                    if stopped.reason == "late":
                        turn = self._turns.alone

    def close(self) -> None:
        """End the worker, and let no other take its place."""
        worker = self._left()
        if worker is not None:
            worker.dismiss()

    def release(self) -> None:
        """Let the worker, which has nothing to do, be kept, and no other take its place."""
        worker = self._left()
        if worker is not None:
            release(self._order, worker)

    def _left(self) -> Worker | None:
        with self._lock:
            self._is_closed.set()
            worker, self._worker = self._worker, None
            return worker

    def _manned(self) -> Worker:
        """Return a worker that is ready; raises ProgramError if none starts, now or in a while."""
        for pause in (*_PAUSES, None):
            try:
                return self._ready()
            except (OSError, ProgramError) as failure:
                may_pass = self._was_manned or isinstance(failure, OSError)
                if pause is None or not may_pass:
                    raise _not_started(failure) from failure
                self._is_closed.wait(pause)
        raise AssertionError("the last pause is none")

    def _ready(self) -> Worker:
        with self._lock:
            if self._worker is not None and self._worker.is_spent:
                self._worker.dismiss()
                self._worker = None
            if self._is_closed.is_set():
                raise Stopped("died")
            worker = self._worker = self._worker or take(self._order) or Worker(self._order)
        worker.wait_until_ready()
        self._was_manned = True
        return worker


def _not_started(failure: OSError | ProgramError) -> ProgramError:
    if isinstance(failure, ProgramError):
        return failure
    return ProgramError(
        reason=f"tiến trình đọc tệp không khởi động được (a reading process did not start): {failure}"
    )


def _accepted(worker: Worker, request: bytes, accept: Callable[[Parcel], Answer], share: float) -> Answer:
    try:
        return accept(worker.ask(request, share))
    except Garbled as garbled:
        worker.kill()
        raise Stopped("died", str(garbled)) from garbled


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
