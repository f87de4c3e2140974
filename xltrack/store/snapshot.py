"""Copies a store as it was at its last commit, while another program writes to it."""

import shutil
import time
from pathlib import Path

_TRIES = 40
_PAUSE = 0.1
_BESIDE = (".head", "", ".wal")
"""The head first, which the copy must not lack; the log last, in which commits stand that are not in the file yet."""


def take_snapshot(store: Path, folder: Path) -> Path | None:
    """Return the path of a copy of `store` in `folder`, None if there was no moment to take one.

    The log belongs to the file only as long as the file is not written: a copy during which it was is thrown away.
    Windows does not let a file be copied that a database has open.
    """
    copy = folder / store.name
    for _ in range(_TRIES):
        before = _stamp(store)
        try:
            _copy(store, copy)
        except OSError:
            return None
        if _stamp(store) == before:
            return copy
        time.sleep(_PAUSE)
    return None


def _copy(store: Path, copy: Path) -> None:
    for ending in _BESIDE:
        part, beside = (path.with_name(f"{path.name}{ending}") for path in (store, copy))
        beside.unlink(missing_ok=True)
        if part.exists():
            shutil.copyfile(part, beside)


def _stamp(store: Path) -> tuple[int, int]:
    found = store.stat()
    return found.st_mtime_ns, found.st_size
