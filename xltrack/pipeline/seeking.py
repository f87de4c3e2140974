"""Finds out in which received files a code stands, those of which no row is in the store too."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Literal

from xltrack.intake import Received
from xltrack.intake.archive import unpack as parts_of
from xltrack.intake.model import Refused
from xltrack.intake.sandbox import Ask, Limits, Order, Parcel, Stopped, pack, run_all, unpack
from xltrack.pipeline.watching import Watch
from xltrack.store import Store

Found = Literal["holds", "free", "closed"]
"""The code stands in the file; it does not; or nobody can look into the file, as where it has a password."""

_LIMITS: Final = Limits()
_BESIDE_DIGITS: Final = re.compile(rb"<[^>]*>|[\s.]|\xc2\xa0")
_CONTENT: Final = "SELECT content FROM original WHERE sha256 = ?"


def seek(store: Store, code: str, files: Mapping[str, str], watch: Watch) -> Mapping[str, Found]:
    """Return of each of `files` (names by SHA-256) whose original is kept whether `code` stands in it.

    Read in the sandbox, like everything that came. A code is found as text and as a number that lost its zeros.
    """
    kept = {sha256 for (sha256,) in store.rows("SELECT sha256 FROM original WHERE octet_length(content) > 0")}
    asked: Sequence[str] = [sha256 for sha256 in files if sha256 in kept]
    order = Order("xltrack.pipeline.seeking:seeker", {"code": code}, _LIMITS)
    found: dict[str, Found] = {}
    for number, one in enumerate(run_all(order, partial(_ask, store, files), asked), start=1):
        found[asked[number - 1]] = one
        watch("seek", number, len(asked), files[asked[number - 1]])
    return found


def seeker(*, code: str) -> Callable[[Received], Parcel]:
    """Return the function with which a worker looks for `code` in one file."""
    digits = code.lstrip("0").encode()

    def look(file: Received) -> Parcel:
        return pack(_found(file.content, digits), Found)

    return look


def _ask(store: Store, files: Mapping[str, str], sha256: str, ask: Ask) -> Found:
    # Several threads ask at once; a connection serves one.
    ((content,),) = store.connection.cursor().execute(_CONTENT, [sha256]).fetchall()
    try:
        return ask(Received(Path(files[sha256]), content, len(content), sha256), _answer)
    except Stopped:
        return "closed"


def _answer(parcel: Parcel) -> Found:
    found: Found = unpack(parcel, Found)
    return found


def _found(content: bytes, digits: bytes) -> Found:
    if digits in content or digits.decode().encode("utf-16-le") in content:
        return "holds"
    try:
        parts = parts_of(content)
    except Refused:
        return "free" if _is_text(content) else "closed"
    return "holds" if any(digits in _BESIDE_DIGITS.sub(b"", xml) for xml in parts.markup.values()) else "free"


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
