"""The pipes to a worker, which may stop answering, or leave somebody behind who holds them open."""

import queue
import threading
from contextlib import suppress
from typing import BinaryIO

from xltrack.intake.sandbox.parcel import Garbled, read_pieces, write_pieces

_PATIENCE = 1.0
"""Seconds until a thread is left behind that waits on a pipe which nobody will ever close."""

Answer = tuple[int, list[bytes]]


class HungUp(Exception):
    """There will be no answer any more."""


class Line:
    """Asks through one pipe and is answered through another, with a limit of time.

    A thread of its own waits on the pipes, because there is no way on every system to stop waiting.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO, most: int) -> None:
        """Take the pipes; an answer of more than `most` bytes is not taken."""
        self._requests, self._answers, self._most = requests, answers, most
        self._is_closed = False
        self._asked: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._answered: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def send(self, request: bytes) -> None:
        """Ask, and do not wait for the answer."""
        self._asked.put(request)

    def answer(self, seconds: float) -> Answer:
        """Return the answer on what was sent; raises HungUp, and TimeoutError after `seconds`."""
        try:
            answer = self._answered.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(answer, Exception):
            raise HungUp from answer
        return answer

    def hang_up(self) -> None:
        """Let whoever waits for an answer wait no longer."""
        self._answered.put(EOFError())
        self._asked.put(None)

    def close(self) -> None:
        """Close the pipes, once the process at the other end is no more; where another holds it, when that lets go."""
        self._is_closed = True
        self.hang_up()
        self._thread.join(_PATIENCE)
        if not self._thread.is_alive():
            self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._requests, self._answers):
            with suppress(OSError):
                pipe.close()

    def _serve(self) -> None:
        try:
            while (request := self._asked.get()) is not None:
                write_pieces(self._requests, 0, [request])
                del request
                self._answered.put(read_pieces(self._answers, self._most))
        except (EOFError, OSError, ValueError, Garbled) as failure:
            self._answered.put(failure)
        finally:
            if self._is_closed:
                self._close_pipes()
