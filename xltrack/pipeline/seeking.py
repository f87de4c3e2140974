"""Finds out in which received files a code stands, those of which no row is in the store too."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Literal

from xltrack.intake import Received
from xltrack.intake.archive import unpack as parts_of
from xltrack.intake.model import Refused
from xltrack.intake.sandbox import Ask, Limits, Order, Parcel, Stopped, pack, run_all, unpack
from xltrack.pipeline.watching import Watch
from xltrack.store import Store
from xltrack.store.originals import original_of

Found = Literal["holds", "free", "closed"]
"""The code stands in the file; it does not; or nobody can look into the file, as where it has a password."""

_LIMITS: Final = Limits()
_ENDS_TEXT: Final = re.compile(r"</(?:\w+:)?(?:c|si|is|v|f|text|p|formula1|formula2)>")
_TAG: Final = re.compile(r"<[^>]*>")
_BORDER: Final = "\x1f"
_ENCODED: Final = (b"base64", b"quoted-printable")
_WIDE: Final = ("utf-16-le", "utf-16-be")


def seek(store: Store, code: str, files: Mapping[str, str], watch: Watch) -> Mapping[str, Found]:
    """Return of each of `files` (names by SHA-256) whose original is kept whether `code` stands in it.

    Read in the sandbox, like everything that came. A code is found as text and as a number that lost its zeros.
    """
    kept = {sha256 for (sha256,) in store.rows("SELECT sha256 FROM original WHERE size > 0")}
    asked: Sequence[str] = [sha256 for sha256 in files if sha256 in kept]
    order = Order("xltrack.pipeline.seeking:seeker", {"code": code}, _LIMITS)
    found: dict[str, Found] = {}
    for number, one in enumerate(run_all(order, partial(_ask, store, files), asked), start=1):
        found[asked[number - 1]] = one
        watch("seek", number, len(asked), files[asked[number - 1]])
    return found


def seeker(*, code: str) -> Callable[[Received], Parcel]:
    """Return the function with which a worker looks for `code` in one file."""
    number = _number(code)

    def look(file: Received) -> Parcel:
        return pack(_found(file.content, number), Found)

    return look


def _number(code: str) -> re.Pattern[str]:
    """Return what finds `code`, however its digits are grouped, or without its zeros; not within a longer number."""
    grouped, bare = r"[\s.\-]*".join(code), code.lstrip("0")
    return re.compile(rf"(?<!\d)(?:{grouped}|{bare})(?!\d)")


def _ask(store: Store, files: Mapping[str, str], sha256: str, ask: Ask) -> Found:
    # Several threads ask at once; a connection serves one.
    content = original_of(store.beside(), sha256) or b""
    try:
        return ask(Received(Path(files[sha256]), content, len(content), sha256), _answer)
    except Stopped:
        return "closed"


def _answer(parcel: Parcel) -> Found:
    found: Found = unpack(parcel, Found)
    return found


def _found(content: bytes, number: re.Pattern[str]) -> Found:
    try:
        parts = parts_of(content)
    except Refused:
        return _found_in_bytes(content, number)
    if any(number.search(text) for xml in parts.markup.values() for text in _texts(xml)):
        return "holds"
    return "closed" if any("/embeddings/" in name for name in parts.written) else "free"


def _texts(xml: bytes) -> Iterator[str]:
    """Yield the part as it is written, and its texts as they are read, which may be cut into runs."""
    written = xml.decode("utf-8", "replace")
    yield written
    yield _TAG.sub("", _ENDS_TEXT.sub(_BORDER, written))


def _found_in_bytes(content: bytes, number: re.Pattern[str]) -> Found:
    # A text of two bytes a letter may begin at any byte of a file of another kind.
    wide = (content[begin:].decode(encoding, "replace") for encoding in _WIDE for begin in (0, 1))
    if any(number.search(text) for text in (content.decode("utf-8", "replace"), *wide)):
        return "holds"
    is_plain = _is_text(content) and not any(word in content.lower() for word in _ENCODED)
    return "free" if is_plain else "closed"


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
