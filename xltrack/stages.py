"""Where the time goes: the stages of a run with what each takes, while somebody wants to know (`profiled`).

While nobody does, nothing is measured. What other processes took is added with `Profile.add`.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import astuple, dataclass
from typing import Any, Literal, get_args

Stage = Literal[
    "start", "receive", "keep", "gate", "values", "typing", "constraints", "rules", "mark", "hand_over", "wait",
    "take_over", "compare", "answers", "open_store", "store", "settle", "fetch", "reply", "status", "figures", "rows",
    "workbook", "refresh", "tell", "rest",
]  # fmt: skip
"""The stages, in the order of the work; "start" is all that a process does before it is measured."""
Count = Literal["files", "rows", "kept"]


@dataclass
class Spent:
    """How many times a stage was gone through, its seconds by the clock and those of processors."""

    times: int = 0
    seconds: float = 0.0
    processor: float = 0.0


class _Clock(threading.local):
    """The stages that one thread is in, the innermost last, and the time up to which it was counted."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self.seconds = self.processor = 0.0


class Profile:
    """What a run took: `spent` by stage, `counts` of what was done, and `peaks`, the most bytes by number of process.

    Seconds by the clock are those of each thread and process, which add up to more than passed where several worked.
    """

    def __init__(self) -> None:
        """Begin with nothing; the thread that asks is the main one."""
        self.spent: dict[Stage, Spent] = {}
        self.counts: dict[Count, int] = {}
        self.peaks: dict[int, int] = {}
        self._lock = threading.RLock()
        self._clock = _Clock()
        self._main = threading.get_ident()
        self._beside = 0.0

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """Count what is done within this as `name`; a stage within it counts for itself."""
        self._lap()
        self._clock.stages.append(name)
        self.enter(name, Spent(times=1))
        try:
            yield
        finally:
            self._lap()
            self._clock.stages.pop()

    def enter(self, name: Stage, more: Spent) -> None:
        """Add `more` to what was spent on a stage."""
        with self._lock:
            known = self.spent.setdefault(name, Spent())
            known.times += more.times
            known.seconds += more.seconds
            known.processor += more.processor

    def count(self, name: Count, number: int) -> None:
        """Note that so many files or rows were done."""
        with self._lock:
            self.counts[name] = self.counts.get(name, 0) + number

    def plain(self, peak: int) -> Mapping[str, Any]:
        """Return all this as JSON knows values, for `add`; `peak` is the most memory of this process in bytes."""
        spent = {name: astuple(one) for name, one in self.spent.items()}
        return {"spent": spent, "counts": self.counts, "peak": peak}

    def add(self, process: int, said: Mapping[str, Any]) -> None:
        """Add what another `process` took, which `said` it as `plain`; raises ValueError and its like for less."""
        spent = {
            name: Spent(int(one[0]), float(one[1]), float(one[2])) for name, one in said["spent"].items()
        }
        counts = {name: int(number) for name, number in said["counts"].items()}
        peak = int(said["peak"])
        if spent.keys() - set(get_args(Stage)) or counts.keys() - set(get_args(Count)):
            raise ValueError("stages that are none")
        for name, one in spent.items():
            self.enter(name, one)
        for name, number in counts.items():
            self.count(name, number)
        with self._lock:
            self.peaks[process] = max(self.peaks.get(process, 0), peak)

    def _lap(self) -> None:
        """Enter what this thread took since it was last looked at."""
        with self._lock:
            clock, seconds, processor = self._clock, time.perf_counter(), self._processor()
            if clock.stages:
                took = processor - clock.processor
                self.enter(clock.stages[-1], Spent(0, seconds - clock.seconds, took))
                self._beside += 0.0 if self._is_main() else took
            clock.seconds, clock.processor = seconds, processor

    def _processor(self) -> float:
        """Return the processor seconds of this thread; of the main one with those that libraries' own threads took."""
        return time.process_time() - self._beside if self._is_main() else time.thread_time()

    def _is_main(self) -> bool:
        return threading.get_ident() == self._main


_profile: Profile | None = None


@contextmanager
def profiled(profile: Profile) -> Iterator[None]:
    """Enter in `profile` what is done within this, in all threads; what has no stage is "rest"."""
    global _profile  # noqa: PLW0603  # stages are far from whoever wants to know of them
    before, _profile = _profile, profile
    try:
        with profile.stage("rest"):
            yield
    finally:
        _profile = before


def measured() -> Profile | None:
    """Return what is being filled, None while nothing is measured."""
    return _profile


def stage(name: Stage) -> AbstractContextManager[None]:
    """Return what counts the time spent within it as that of the stage `name`."""
    return _profile.stage(name) if _profile else nullcontext()


def counted(name: Count, number: int) -> None:
    """Note that so many files or rows were done."""
    if _profile:
        _profile.count(name, number)
