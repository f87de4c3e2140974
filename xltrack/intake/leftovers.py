"""Knows the files that programs and systems leave beside documents."""

from typing import Final

_STARTS: Final = ("~$", ".~lock.", "._", "~wr")
_NAMES: Final = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "__macosx"}
_APPLE: Final = (b"\x00\x05\x16\x00", b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1")
_OWNER_BYTES: Final = (162, 165)
_OWNER_NAME: Final = 54


def is_leftover(name: str) -> bool:
    """Return whether a file called `name` is such a file: a lock, a thumbnail, a note of the system."""
    folded = name.casefold()
    return folded.startswith(_STARTS) or folded in _NAMES


def looks_left_over(content: bytes) -> bool:
    """Return whether `content` is that of such a file, whatever it is called by now.

    The lock file of Office says twice who has the document open: the length and the name, in one byte a letter and
    then in two.
    """
    if content.startswith(_APPLE):
        return True
    is_short = len(content) in _OWNER_BYTES and 0 < content[0] <= _OWNER_NAME
    return is_short and content[_OWNER_NAME + 1 : _OWNER_NAME + 3] == bytes([content[0], 0])
