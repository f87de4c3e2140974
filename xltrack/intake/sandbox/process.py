"""One worker as the main process sees it: started, asked, listened to with a limit, killed."""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import spawn
from typing import Any, BinaryIO, Literal, Protocol, TypeVar

from xltrack.errors import ProgramError
from xltrack.intake.sandbox.limits import MEGABYTE, Limits, own_fence
from xltrack.intake.sandbox.line import HungUp, Line
from xltrack.intake.sandbox.notation import read
from xltrack.intake.sandbox.parcel import Parcel
from xltrack.intake.sandbox.worker import DONE, FAULT, LAST, MEMORY, READY
from xltrack.stages import measured

Result = TypeVar("Result")
Reason = Literal["died", "slow", "late", "memory", "fault"]
"""Why there is no result; "slow" took too much processor time, "late" too much by the clock."""

START_SECONDS = 120
"""A machine that cannot start Python in this time is not well."""
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from xltrack.intake.sandbox.worker import main; main()"
)
# What an interpreter and its libraries need to start; what else is in the environment is no business of a worker.
_KEPT = (
    "PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP",
    "TMPDIR", "USERPROFILE", "TZ", "PYTHONTZPATH",
)  # fmt: skip
# One thread each, for there are many workers. What one file took is kept for the next, up to so many bytes: glibc would
# give it back to the system, which makes it anew.
_SETTINGS = {
    "POLARS_MAX_THREADS": "1",
    "MALLOC_TRIM_THRESHOLD_": f"{128 * MEGABYTE}",
    "MALLOC_MMAP_THRESHOLD_": f"{32 * MEGABYTE}",
}
_LAST_WORDS = 8_192
_PATIENCE = 1.0
"""Seconds for the last words, which a process that outlives the worker could hold back for ever."""
_ALLOCATION_FAILED = b"memory allocation of"


@dataclass(frozen=True)
class Order:
    """What workers are for.

    `factory` ("package.module:function") is called once in each worker, before its limits hold, with `keywords`; it
    returns the function that makes a `Parcel` of one item.
    """

    factory: str
    keywords: Mapping[str, object] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


class Stopped(Exception):
    """A worker gave no result: it died, took too long or too much memory, or the function raised (a fault)."""

    def __init__(self, reason: Reason, words: str = "") -> None:
        """Keep the `reason`, and the worker's last `words`."""
        super().__init__(reason)
        self.reason: Reason = reason
        self.words = words


class Ask(Protocol):
    """What the handler of an item calls to have it read."""

    def __call__(self, item: Any, accept: Callable[[Parcel], Result], *, share: float = 1) -> Result:
        """Return what `accept` makes of the answer on `item`; raises Stopped. `accept` raises Garbled at will.

        A `share` of the time that an item may take, and one worker alone, are for those who have another way.
        """


class Worker:
    """One process. Not for several threads, but for `kill`."""

    def __init__(self, order: Order) -> None:
        """Start the process, and have it prepare what `order` names; raises OSError if there is none to be had.

        `wait_until_ready` before anything is asked.
        """
        self._limits = order.limits
        self.is_fresh = True
        self.is_spent = self._is_ready = False
        self._process = _started()
        self._line = Line(_pipe(self._process.stdin), _pipe(self._process.stdout), self._limits.answer)
        self._words = bytearray()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._line.send(pickle.dumps((order.factory, dict(order.keywords), order.limits)))

    def wait_until_ready(self) -> None:
        """Wait, if need be, for the worker to be prepared and within its limits; raises ProgramError if it fails."""
        if self._is_ready:
            return
        try:
            kind, _ = self._answer(START_SECONDS)
        except Stopped as stopped:
            what = (
                f"tiến trình đọc tệp không khởi động được (a reading process did not start): {stopped.words}"
            )
            raise ProgramError(reason=what) from stopped
        if kind != READY:
            self.kill()
            raise ProgramError(reason="a reading process started with something else")
        self._is_ready = True

    def ask(self, request: bytes, share: float = 1) -> Parcel:
        """Return the answer on `request`; raises Stopped, and the worker is spent unless that was a fault."""
        self._line.send(request)
        kind, pieces = self._answer(share * self._limits.wall_seconds(len(request)))
        self.is_fresh = False
        if kind in (DONE, LAST) and len(pieces) > 1 and self._is_account(pieces[0]):
            self.is_spent = kind == LAST
            return Parcel.of(pieces[1:])
        if kind == FAULT and len(pieces) == 1:
            raise Stopped("fault", pieces[0].decode("utf-8", "replace"))
        self.kill()
        raise Stopped("memory" if kind == MEMORY else "died")

    def kill(self) -> None:
        """End the process and whatever it started, at once; called again it does nothing."""
        self.is_spent = True
        with suppress(OSError):
            # Until it is waited for, the number of the process is nobody else's.
            if sys.platform != "win32" and self._process.returncode is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
        self._line.hang_up()

    def dismiss(self) -> None:
        """End the process and free what was held for it."""
        self.kill()
        self._process.wait()
        self._line.close()
        self._listener.join(_PATIENCE)

    def _is_account(self, text: bytes) -> bool:
        """Take what the worker says that its answer took; return whether it is that, or nothing."""
        profile = measured()
        try:
            if text and profile:
                profile.add(self._process.pid, read(text))
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
            return False
        return True

    def _answer(self, seconds: float) -> tuple[int, list[bytes]]:
        try:
            return self._line.answer(seconds)
        except TimeoutError as late:
            self.kill()
            raise Stopped("late", self._last_words()) from late
        except HungUp as end:
            self.kill()
            raise Stopped(self._why(), self._last_words()) from end

    def _why(self) -> Reason:
        known = own_fence().went_over(self._process.wait())
        if known is not None:
            return known
        self._listener.join(_PATIENCE)
        return "memory" if _ALLOCATION_FAILED in self._words else "died"

    def _last_words(self) -> str:
        return self._words.decode("utf-8", "replace").strip()

    def _listen(self) -> None:
        """Keep the end of what the worker prints, so that it never waits for a reader."""
        pipe = _pipe(self._process.stderr)
        with pipe, suppress(OSError, ValueError):
            while chunk := os.read(pipe.fileno(), 65_536):
                self._words += chunk
                del self._words[:-_LAST_WORDS]


if sys.platform == "win32":
    _APART = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _APART = 0


def _started() -> "subprocess.Popen[bytes]":
    """Start a fresh interpreter, isolated from the environment, that looks for modules where this one does."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    where = json.dumps([os.fspath(place) for place in sys.path])
    return subprocess.Popen(
        [os.fsdecode(spawn.get_executable()), "-I", "-X", "utf8", "-c", _PROGRAM, where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=kept | _SETTINGS,
        # Ctrl-C goes to everything in the group of the terminal; it is the main process that ends its workers.
        start_new_session=sys.platform != "win32",
        creationflags=_APART,
    )


def _pipe(pipe: Any) -> BinaryIO:
    found: BinaryIO = pipe
    return found
