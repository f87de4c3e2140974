"""Keeps what workers say of files, so that a file which was examined once is not examined again.

What is kept is the message of the worker, and it is believed no more than when it came. Its key covers all that it
depends on: the file, how it is asked for, what is declared, and the programs that read and check.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import xltrack
from xltrack.cache import user_cache
from xltrack.intake.sandbox import Ask, Garbled, Order, Parcel
from xltrack.pipeline.model import Asked, Examined
from xltrack.stages import counted, stage

_PROGRAM = Path(xltrack.__file__).parent
_NO_PROGRAM = ("__pycache__", "_shipped")
"""What Python keeps of it, and the declarations that came with it, which are asked for by themselves."""
_INSTALLED = (".dist-info", ".egg-info")

Accept = Callable[[Parcel], Examined]


class Kept:
    """Answers of the workers of one order; those that ended without one are asked again every time.

    What ends a worker may be the machine's doing: its limits, its memory, another program.
    """

    def __init__(self, order: Order) -> None:
        """Find out by what the answers of today are told from others."""
        self._order, self._cache = order, user_cache()
        self.end()
        with stage("keep"):
            self._circumstances = _circumstances(order) if self._cache else None

    def answer(self, ask: Ask, asked: Asked, accept: Accept) -> Examined:
        """Return what `accept` makes of the answer on `asked`: one that is kept, else that of a worker, which is then.

        Raises Stopped.
        """
        # Of a file that was not read whole no hash is known.
        if self._circumstances is None or not asked.file.sha256:
            return ask(asked, accept)
        known = self._known(asked, accept)
        if known is not None:
            counted("kept", 1)
            return known
        return ask(replace(asked, kept=True), lambda parcel: self._keep(asked, parcel, accept(parcel)))

    def end(self) -> None:
        """Remove what was kept for long enough, or is too much."""
        with stage("keep"):
            self._cache.tidy()

    def _known(self, asked: Asked, accept: Accept) -> Examined | None:
        # Nothing is held back of a file without errors: it is the same in part and as a whole.
        for partly in (True, False) if asked.partly else (False,):
            parcel = self._find(replace(asked, partly=partly))
            with suppress(Garbled):
                known = accept(parcel) if parcel else None
                if known and (partly == asked.partly or known.result.verdict != "rejected"):
                    return known
        return None

    def _find(self, asked: Asked) -> Parcel | None:
        with stage("keep"), suppress(Garbled):
            found = self._cache.find(self._key(asked), self._order.limits.answer)
            return Parcel.parted(found) if found is not None else None
        return None

    def _keep(self, asked: Asked, parcel: Parcel, examined: Examined) -> Examined:
        partly = asked.partly and examined.result.verdict in ("partial", "rejected")
        with stage("keep"):
            self._cache.keep(self._key(replace(asked, partly=partly)), parcel.joined())
        return examined

    def _key(self, asked: Asked) -> str:
        """Return the key of the answer; what else is wanted (rows, claims) is there or not, and is seen then."""
        file = asked.file
        arrival = file.arrival if asked.partly else None
        told = (self._circumstances, file.sha256, file.path.name, arrival, asked.partly)
        return hashlib.sha256(repr(told).encode()).hexdigest()


def _circumstances(order: Order) -> str | None:
    """Return a digest of all but the file: what reads it, within which limits, by which declarations.

    None if it cannot be told, as while somebody saves a file of the program.
    """
    try:
        libraries, program = sorted(_libraries()), _program()
    except OSError:
        return None
    told = (order.factory, order.limits, order.keywords["version"], sys.version, libraries, program)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _libraries() -> Iterator[str]:
    """Yield what is installed where modules are looked for, by name and version."""
    for place in sys.path:
        with suppress(OSError):
            yield from (one.name for one in Path(place).iterdir() if one.suffix in _INSTALLED)


def _program() -> str:
    """Return a digest of the files of which xltrack consists; a change to one of them may change what it finds."""
    digest = hashlib.sha256()
    for here, folders, names in os.walk(_PROGRAM):
        folders[:] = sorted(name for name in folders if name not in _NO_PROGRAM)
        names.sort()
        digest.update(repr((folders, names)).encode())
        for name in names:
            digest.update(Path(here, name).read_bytes() + b"\0")
    return digest.hexdigest()
