"""What was worked out once, kept in a folder of the user's own: it saves time, and nothing depends on it.

An entry that cannot be found, read or written, or that is not what was written, is as if it were not there.
"""

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from xltrack.deflate import FAST, deflating
from xltrack.errors import OutputError
from xltrack.files import reason_of, replace_file

VARIABLE: Final = "XLTRACK_CACHE"
"""The environment variable that names the folder, or says `OFF`, in small letters or not."""
OFF: Final = "off"
DAYS: Final = 14
"""An entry is found for so long: it may hold contacts."""
MOST_BYTES: Final = 512 * 2**20
"""What all entries may take; of more the oldest go."""

_DAY: Final = 24 * 3_600
_ENDING: Final = ".kept"
_SUM: Final = hashlib.sha256().digest_size
_is_used = True


class Cache:
    """Entries by key (hexadecimal digits), each a file of its owner's alone in `folder`; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        """Make the folder, if it is missing; one that cannot be made or is another's is not used."""
        self._folder = folder if folder and _is_ours(folder) else None
        self._is_full = False

    def __bool__(self) -> bool:
        """Return whether anything can be kept."""
        return self._folder is not None

    def find(self, key: str, most: int) -> bytes | None:
        """Return what is kept under `key`, None if there is nothing whole, or more than `most` bytes."""
        if self._folder is None:
            return None
        try:
            return _opened(key, (self._folder / f"{key}{_ENDING}").read_bytes(), most)
        except (OSError, deflating.error):  # type: ignore[misc]  # its stub takes the class for an instance
            return None

    def keep(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`; after a failure, as on a full disk, no more is tried."""
        if self._folder is None or self._is_full:
            return
        packed = deflating.compress(content, level=FAST)
        try:
            replace_file(self._folder / f"{key}{_ENDING}", _sum(key, packed) + packed, rights=0o600)
        except OutputError:
            self._is_full = True

    def tidy(self) -> None:
        """Remove what is too old, and the oldest of what is too much."""
        now, taken = time.time(), 0
        for changed, size, path in sorted(_entries(self._folder), reverse=True):
            taken += size
            if abs(now - changed) > DAYS * _DAY or taken > MOST_BYTES:
                with suppress(OSError):
                    path.unlink()


def user_cache() -> Cache:
    """Return the cache of the user who runs this; it keeps nothing within `uncached`, or if the variable says so."""
    is_off = not _is_used or _wish().lower() == OFF
    return Cache(None if is_off else _named() or _usual())


@contextmanager
def uncached() -> Iterator[None]:
    """Within this nothing is kept, nor found that was."""
    global _is_used  # noqa: PLW0603  # who would keep something is far from who wants it not kept
    before, _is_used = _is_used, False
    try:
        yield
    finally:
        _is_used = before


def forget() -> None:
    """Remove all that is kept for the user who runs this; raises OutputError for what cannot be removed."""
    for folder in {_usual(), _named()}:
        for _, _, path in _entries(folder):
            try:
                path.unlink(missing_ok=True)
            except OSError as failure:
                raise OutputError(path=path, reason=reason_of(failure)) from failure


def _named() -> Path | None:
    return Path(_wish(), "xltrack") if _wish().lower() not in ("", OFF) else None


def _wish() -> str:
    return os.environ.get(VARIABLE, "").strip()


def _usual() -> Path | None:
    """Return where systems want such files, None where the user has no place."""
    system: str = sys.platform
    try:
        if system == "win32":
            return Path(
                os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "xltrack", "Cache"
            )
        if system == "darwin":
            return Path.home() / "Library" / "Caches" / "xltrack"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "xltrack")
    except RuntimeError:
        return None


def _is_ours(folder: Path) -> bool:
    """Return whether `folder`, made if it is missing, is the user's own, and let nobody else look into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink() or _is_anothers(folder):
            return False
        folder.chmod(0o700)
    except OSError:
        return False
    return True


def _is_anothers(folder: Path) -> bool:
    """Return whether `folder` belongs to somebody else, whom an administrator could keep out but must not believe."""
    return hasattr(os, "geteuid") and folder.stat().st_uid != os.geteuid()


def _entries(folder: Path | None) -> Iterator[tuple[float, int, Path]]:
    """Yield when each entry was written, its size and its place; so too for what a run that was cut off left."""
    for path in folder.glob(f"*{_ENDING}") if folder else ():
        with suppress(OSError):
            found = path.lstat()
            yield found.st_mtime, found.st_size, path


def _opened(key: str, written: bytes, most: int) -> bytes | None:
    packed = written[_SUM:]
    if written[:_SUM] != _sum(key, packed):
        return None
    unpacking = deflating.decompressobj()
    content = unpacking.decompress(packed, most)
    return content if unpacking.eof else None


def _sum(key: str, packed: bytes) -> bytes:
    return hashlib.sha256(key.encode() + packed).digest()
