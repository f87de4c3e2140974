"""A copy of the store on which a merge can be tried."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from xltrack.errors import OutputError, StoreDamaged
from xltrack.files import reason_of
from xltrack.language import Text
from xltrack.store.database import connected
from xltrack.store.failures import named_failures
from xltrack.store.patience import patiently

_BESIDE = (".wal", ".head", "")
"""Endings of the files that a store consists of: its log, the head of its chain, itself."""


@contextmanager
def rehearsal(store: Path) -> Iterator[Path]:
    """Yield the path of a copy of `store`, which is there only if `store` is; the copy is removed at the end.

    Nobody writes to the store while it is copied. Raises StoreLocked, StoreDamaged and StoreError as `open_store` does,
    OutputError where there is no room for the copy.
    """
    with tempfile.TemporaryDirectory(prefix="xltrack-") as folder:
        copy = Path(folder) / store.name
        if store.exists():
            patiently(partial(_copy, store, copy))
        elif not store.parent.is_dir():
            raise OutputError(
                path=store, reason=Text("thư mục không tồn tại", "the directory does not exist")
            )
        yield copy


def _copy(store: Path, copy: Path) -> None:
    if not store.is_file():
        raise StoreDamaged(path=store, reason=Text("đây là thư mục", "it is a directory"))
    with named_failures(store), connected(store, read_only=True):
        for ending in _BESIDE:
            part = store.with_name(f"{store.name}{ending}")
            if part.exists():
                _copy_file(part, copy.with_name(f"{copy.name}{ending}"))


def _copy_file(part: Path, copy: Path) -> None:
    try:
        shutil.copyfile(part, copy)
    except OSError as failure:
        raise OutputError(path=copy, reason=reason_of(failure)) from failure
