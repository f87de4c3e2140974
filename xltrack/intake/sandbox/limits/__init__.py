"""What a worker may use, and the fence of the machine it runs on that holds it to that."""

import sys
from dataclasses import dataclass
from typing import Literal, Protocol

MEGABYTE = 2**20

Over = Literal["slow", "memory"]
"""The limit that a process went beyond."""


@dataclass(frozen=True)
class Limits:
    """What one worker may use: `memory` bytes in all, and for each item time by its size.

    `seconds` of processor time are granted to every item and `seconds_per_megabyte` more for its size: a small file
    has no reason to take long. By the clock `patience` times as long may pass, for a machine that is busy. A worker
    that has ever used more than `retire` bytes is replaced after its item, and an `answer` may be so many bytes.
    """

    memory: int = 1024 * MEGABYTE
    seconds: float = 10
    seconds_per_megabyte: float = 10
    patience: float = 3
    retire: int = 384 * MEGABYTE
    answer: int = 64 * MEGABYTE

    def processor_seconds(self, size: int) -> float:
        """Return the processor time for an item of `size` bytes."""
        return self.seconds + self.seconds_per_megabyte * size / MEGABYTE

    def wall_seconds(self, size: int) -> float:
        """Return the time by the clock for an item of `size` bytes."""
        return self.patience * self.processor_seconds(size)


class Fence(Protocol):
    """What a worker calls to limit itself; there is one for POSIX systems and one for Windows."""

    def close(self, limits: Limits) -> None:
        """Limit this process for good; raises OSError where the system refuses."""

    def grant(self, seconds: float) -> None:
        """Allow this process so much more processor time from now on."""

    def peak(self) -> int:
        """Return the most memory in bytes that this process has used so far."""

    def went_over(self, returncode: int) -> Over | None:
        """Return the limit for which a process that ended with `returncode` was stopped, None if for another reason."""


def own_fence() -> Fence:
    """Return the fence of the system that this runs on."""
    if sys.platform == "win32":
        from xltrack.intake.sandbox.limits.windows import WindowsFence  # noqa: PLC0415  # of this system alone

        return WindowsFence()
    else:  # noqa: RET505  # mypy looks at one of the two, and not past a return
        from xltrack.intake.sandbox.limits.posix import PosixFence  # noqa: PLC0415  # as above

        return PosixFence()
