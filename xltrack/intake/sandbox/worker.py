"""The process in which hostile bytes are read: limits itself, then answers one request after another.

It is started by `process.py` with three pipes. Requests come from the main process, which is trusted, as pickles;
answers go back as `Parcel`, never as pickles. When the pipe of requests ends, so does the worker.
"""

import gc
import json
import os
import pickle
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

from xltrack.intake.sandbox.limits import Fence, Limits, own_fence
from xltrack.intake.sandbox.parcel import Parcel, read_pieces, write_pieces
from xltrack.stages import Profile, Spent, profiled

READY, DONE, LAST, SLOW, MEMORY, FAULT = range(6)
"""What an answer is: started; a result; a result, after which the worker ends; or why there is no result."""
_NO_LIMIT = sys.maxsize
_MOST_WORDS = 20_000
_YOUNG = 50_000

Read = Callable[[Any], Parcel]


def main() -> None:
    """Run until the pipe of requests ends."""
    requests, answers = _take_pipes()
    # The rows of a file, and what is imported, are many objects, but no garbage.
    gc.set_threshold(_YOUNG)
    factory, keywords, limits = pickle.loads(_next(requests))  # noqa: S301  # from the main process
    read = _found(factory)(**keywords)
    gc.freeze()
    fence = own_fence()
    fence.close(limits)
    # Bytecode would be files, which this process may no longer write.
    sys.dont_write_bytecode = True
    write_pieces(answers, READY, [])
    _serve(_Desk(read, fence, limits), requests, answers)
    # Not by way of the interpreter's end, where the thread that waits for requests would be in the way.
    os._exit(0)


class _Desk:
    """Does one item after another within the limits."""

    def __init__(self, read: Read, fence: Fence, limits: Limits) -> None:
        self._read, self._fence, self._limits = read, fence, limits
        self._begun = time.process_time()

    def answer(self, request: bytes) -> tuple[int, list[bytes]]:
        """Return the kind of the answer and its pieces; never raises."""
        try:
            item, is_measured, share = pickle.loads(request)  # noqa: S301  # from the main process
            self._fence.grant(share * self._limits.processor_seconds(len(request)))
            parcel, account = self._measured(item) if is_measured else (self._read(item), b"")
            if parcel.size > self._limits.answer:
                return MEMORY, []
            kind = DONE if self._fence.peak() < self._limits.retire else LAST
        except MemoryError:
            return MEMORY, []
        except BaseException as failure:  # noqa: BLE001  # also what a library panics or exits with
            return FAULT, [_told(failure)]
        return kind, [account, *parcel.pieces]

    def _measured(self, item: Any) -> tuple[Parcel, bytes]:
        """Return the parcel, and what it took as JSON, to which the first time belongs what came before."""
        begun, self._begun = self._begun, 0.0
        profile = Profile()
        profile.enter("start", Spent(1 if begun else 0, 0.0, begun))
        with profiled(profile):
            parcel = self._read(item)
        return parcel, json.dumps(profile.plain(self._fence.peak())).encode()


def _serve(desk: _Desk, requests: BinaryIO, answers: BinaryIO) -> None:
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, waiting), daemon=True).start()
    kind = DONE
    while kind in (DONE, FAULT):
        kind, pieces = desk.answer(waiting.get())
        write_pieces(answers, kind, pieces)
        # Else they would stay in memory until the next item is read.
        del pieces


def _receive(requests: BinaryIO, waiting: "queue.SimpleQueue[bytes]") -> None:
    """Hand on requests; end the process with the pipe, whatever it is doing: the main process has gone."""
    with suppress(EOFError, OSError):
        while True:
            waiting.put(_next(requests))
    os._exit(0)


def _next(requests: BinaryIO) -> bytes:
    _, (request,) = read_pieces(requests, _NO_LIMIT)
    return request


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes of requests and answers, and leave nothing of them to whatever prints or reads here."""
    sys.stdout.flush()
    requests, answers = (os.fdopen(os.dup(number), mode) for number, mode in ((0, "rb"), (1, "wb")))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return requests, answers  # type: ignore[return-value]  # opened for bytes


def _found(name: str) -> Callable[..., Read]:
    module, _, attribute = name.partition(":")
    found: Callable[..., Read] = getattr(import_module(module), attribute)
    return found


def _told(failure: BaseException) -> bytes:
    words = "".join(traceback.format_exception(failure))
    return f"{type(failure).__name__}: {failure}\n{words}"[:_MOST_WORDS].encode("utf-8", "backslashreplace")
