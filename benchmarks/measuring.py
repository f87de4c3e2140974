"""Runs a program and measures it with all processes it starts: time, processor time, most memory at once."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from xltrack.cache import OFF, VARIABLE

ROOT = Path(__file__).resolve().parent.parent
_LOOK_EVERY = 0.1
_PROC = Path("/proc")


@dataclass(frozen=True)
class Measured:
    """One run: seconds by the clock and of all processors, bytes at the most, and what the program printed.

    `main` is the most memory of the program itself, `tree` that of all its processes together, each shared page counted
    once. Both are 0 where the system does not tell (it is Linux that does).
    """

    wall: float
    processor: float
    main: int
    tree: int
    said: Any


def measure(module: str, *words: str) -> Measured:
    """Run `python -m module words…`, which prints one line of JSON; raises CalledProcessError if it fails."""
    return measure_program([sys.executable, "-m", module, *words])


def measure_program(command: Sequence[str]) -> Measured:
    """Run `command`, which prints one line of JSON; raises CalledProcessError if it fails."""
    run = measure_command(command)
    return replace(run, said=json.loads(run.said))


def measure_command(command: Sequence[str], worst: int = 0, cache: Path | None = None) -> Measured:
    """Run `command` and keep what it prints; raises CalledProcessError if its exit code is above `worst`.

    What xltrack found out before it finds in the folder `cache`, if that is given; else it does all its work.
    """
    kept = OFF if cache is None else str(cache)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", VARIABLE: kept}
    # Compiled once, as where xltrack is installed.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, begun = os.times(), time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        watch = _Watch(program.pid)
        watch.start()
        said, complaints = program.communicate()
        wall = time.perf_counter() - begun
        watch.stop()
    if not 0 <= program.returncode <= worst:
        sys.stderr.write(complaints.decode("utf-8", "replace"))
        raise subprocess.CalledProcessError(program.returncode, command, said, complaints)
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(wall, processor, watch.main, watch.tree, said)


def middle(runs: list[Measured]) -> Measured:
    """Return the median of each figure over `runs`, and the most memory."""
    return Measured(
        wall=median(run.wall for run in runs),
        processor=median(run.processor for run in runs),
        main=max(run.main for run in runs),
        tree=max(run.tree for run in runs),
        said=runs[0].said,
    )


def together(runs: Sequence[Measured]) -> Measured:
    """Return what `runs`, one after the other, took in all."""
    return Measured(
        wall=sum(run.wall for run in runs),
        processor=sum(run.processor for run in runs),
        main=max(run.main for run in runs),
        tree=max(run.tree for run in runs),
        said=runs[-1].said,
    )


class _Watch(threading.Thread):
    """Adds up, ten times a second, the memory of a process and of those below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._over = pid, threading.Event()
        self.main = self.tree = 0

    def run(self) -> None:
        while _PROC.is_dir() and not self._over.wait(_LOOK_EVERY):
            with suppress(OSError):
                self.main = max(self.main, _memory(self._pid, "Rss"))
            self.tree = max(self.tree, sum(_memory_if_there(pid) for pid in _tree(self._pid)))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in (_PROC / str(one) / "task").iterdir():
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _memory_if_there(pid: int) -> int:
    try:
        return _memory(pid, "Pss")
    except OSError:
        return 0


def _memory(pid: int, kind: str) -> int:
    for line in (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) * 1024
    return 0
