"""Has files examined together, a few at a time: to check several at once costs little more than to check one.

Nothing else is different for them. Where one of them ends the worker, each is asked for by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

from xltrack.intake.sandbox import Ask, Garbled, Parcel, Stopped, cores
from xltrack.pipeline.model import Asked, Examined, Together

Result = TypeVar("Result")
Job = Callable[[Ask], Examined]
"""What examines one file, given what asks a worker: it asks once, or not at all."""

_MOST = 8
_BYTES = 9 * 2**18
"""The most bytes of files that are examined together, three large returns: their rows are in memory at once."""
_SHARE = 0.25
"""Of the time that files may take: where several together want more, one of them hangs, and each is asked for alone."""


def groups(files: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Yield `files` in their order, some together: fewer towards the end, so that all workers end at one time."""
    at = 0
    while at < len(files):
        most = max(1, min(_MOST, (len(files) - at) // (cores() + 1)))
        sizes = accumulate(map(_size, files[at : at + most]))
        together = max(1, sum(size <= _BYTES for size in sizes))
        yield tuple(files[at : at + together])
        at += together


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def examine_together(ask: Ask, jobs: Sequence[Job]) -> list[Examined]:
    """Return what each of `jobs` returns; a worker is asked for all of their files at once."""
    if len(jobs) == 1:
        return [jobs[0](ask)]
    done: dict[int, Examined] = {}
    wanted: dict[int, Asked] = {}
    for number, job in enumerate(jobs):
        try:
            done[number] = job(_note)
        except _Wanted as noted:
            wanted[number] = noted.asked
    parcels = _parcels(ask, wanted)
    return [
        done[number] if number in done else job(partial(_answer, ask, parcels.pop(number, None)))
        for number, job in enumerate(jobs)
    ]


class _Wanted(Exception):
    """A worker is to be asked."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked


def _note(item: Any, accept: Callable[[Parcel], Result], *, share: float = 1) -> Result:  # noqa: ARG001  # as Ask
    raise _Wanted(item)


def _parcels(ask: Ask, wanted: Mapping[int, Asked]) -> dict[int, Parcel]:
    """Return the answers on what is `wanted`; none if it is one alone, or if there was no answer."""
    if len(wanted) > 1:
        with suppress(Stopped):
            accept = partial(Parcel.unbundled, size=len(wanted))
            parcels = ask(Together(tuple(wanted.values())), accept, share=_SHARE)
            return dict(zip(wanted, parcels, strict=True))
    return {}


def _answer(ask: Ask, parcel: Parcel | None, item: Any, accept: Callable[[Parcel], Result]) -> Result:
    if parcel is not None:
        with suppress(Garbled):
            return accept(parcel)
    return ask(item, accept)
