"""Knows the files that programs and systems leave beside documents."""

from typing import Final

_LOCKS: Final = ("~$", ".~lock.")
_LOCK_BYTES: Final = 1_024
_OF_APPLE: Final = "._"
_NAMES: Final = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store"}
_ZIP: Final = b"PK"
_APPLE: Final = (b"\x00\x05\x16\x00", b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1")
_OWNER_BYTES: Final = (162, 165)
_OWNER_NAME: Final = 54


def is_lock(name: str) -> bool:
    """Return whether a file called `name` says that a program has a document open; it may not let others read it."""
    return name.startswith(_LOCKS)


def is_leftover(name: str, content: bytes, size: int) -> bool:
    """Return whether a file called `name` of `size` bytes, with this `content`, is such a file.

    A name alone says nothing: people call their workbooks what they like. A lock is small, and no thumbnail or note
    of the system is a zip.
    """
    if content.startswith(_APPLE) or _is_owner(content):
        return True
    if is_lock(name):
        return size <= _LOCK_BYTES and not content.startswith(_ZIP)
    return name.casefold() in _NAMES and size == len(content) and not content.startswith(_ZIP)


def has_name_of_leftover(name: str) -> bool:
    """Return whether a file that is called `name` within an archive is most likely none that anybody looks for."""
    return is_lock(name) or name.startswith(_OF_APPLE) or name.casefold() in _NAMES


def _is_owner(content: bytes) -> bool:
    """Return whether `content` is that of the lock of Office, whatever it is called by now.

    It says twice who has the document open: the length and the name, in one byte a letter and then in two.
    """
    is_short = len(content) in _OWNER_BYTES and 0 < content[0] <= _OWNER_NAME
    return is_short and content[_OWNER_NAME + 1 : _OWNER_NAME + 3] == bytes([content[0], 0])
