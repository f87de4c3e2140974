"""Limits of a worker on Linux and macOS: resource limits of the process, and a watch where the system has none."""

import math
import os
import signal
import sys
import threading
import time
from pathlib import Path

from xltrack.intake.sandbox.limits import Limits, Over

# No part of this is there on Windows, and mypy looks at it as it is there too.
if sys.platform != "win32":
    import resource

    OPEN_FILES = 64
    OVER_MEMORY = 77
    """The exit code of a worker that found itself using too much."""
    _LOOK_EVERY = 0.05
    _STATUS = Path("/proc/self/status")
    _PEAK_UNIT = 1 if sys.platform == "darwin" else 1024

    class PosixFence:
        """Limits this process by `setrlimit`.

        `RLIMIT_DATA` counts what is written to, not the address space that libraries set aside; Linux enforces it.
        macOS does not, so there a thread looks at the memory twenty times a second and ends the process.
        """

        def __init__(self, *, enforces_memory: bool = sys.platform != "darwin") -> None:
            """Take `enforces_memory`, whether the system does, as given."""
            self._enforces_memory = enforces_memory

        def close(self, limits: Limits) -> None:
            """Limit memory and open files, forbid writing files and core dumps."""
            _lower(resource.RLIMIT_CORE, 0)
            _lower(resource.RLIMIT_FSIZE, 0)
            _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
            if self._enforces_memory:
                _lower(resource.RLIMIT_DATA, limits.memory)
            else:
                threading.Thread(target=_watch, args=(self, limits.memory), daemon=True).start()

        def grant(self, seconds: float) -> None:
            """Raise the soft limit of processor time, which counts from the start of the process."""
            _, hard = resource.getrlimit(resource.RLIMIT_CPU)
            # In whole seconds, and on a busy machine Linux counts more of them here than in the time of the process.
            soft = math.ceil(time.process_time() + seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))

        def peak(self) -> int:
            """Return the most memory in bytes that this process has used so far."""
            peak = _linux_peak() if _STATUS.exists() else 0
            return peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT

        def went_over(self, returncode: int) -> Over | None:
            """Return the limit for which a process that ended with `returncode` was stopped, else None."""
            if returncode == -signal.SIGXCPU:
                return "slow"
            return "memory" if returncode == OVER_MEMORY else None

    def _lower(limit: int, value: int) -> None:
        _, hard = resource.getrlimit(limit)
        value = value if hard < 0 else min(value, hard)
        resource.setrlimit(limit, (value, value))

    def _linux_peak() -> int:
        """Return the peak; `ru_maxrss` would also count the memory of the process that started this one.

        0 where it is not told, as in some containers.
        """
        with _STATUS.open(encoding="utf-8", errors="replace") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0) * 1024

    def _watch(fence: PosixFence, memory: int) -> None:
        while fence.peak() < memory:
            time.sleep(_LOOK_EVERY)
        os._exit(OVER_MEMORY)
