"""Gives DuckDB's failures the names that an operator can act on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

import duckdb

from xltrack.errors import (
    MemoryFull,
    OutputError,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreVersion,
    XltrackError,
)
from xltrack.language import Text

_HOLDER = re.compile(r"(?:held|open) in (?P<program>.+?) \(PID (?P<pid>\d+)\)")
_LOCKED = re.compile(
    "could not set lock|conflicting lock|being used by another process|already open in", re.IGNORECASE
)
_SAME_PROCESS = re.compile(
    "same database file with a different configuration|is already attached by", re.IGNORECASE
)
_OTHER_VERSION = re.compile(r"database file with version number (?P<version>\d+)", re.IGNORECASE)
_NO_SPACE = re.compile("no space left|not enough space|disk quota|file too large", re.IGNORECASE)
_NO_MEMORY = re.compile("out of memory|max_temp_directory_size", re.IGNORECASE)
_DAMAGED = re.compile(
    "not a valid duckdb|corrupt|could not read (enough|from)|checksum|attempted to read|deseriali[sz]"
    "|failed to load metadata|loading external extensions is disabled",
    re.IGNORECASE,
)
_OTHER_LOG = re.compile("wal does not match|wal was created for", re.IGNORECASE)
_REFUSED = re.compile(
    "permission denied|access is denied|read-only file system|cannot open file", re.IGNORECASE
)


@contextmanager
def named_failures(path: Path) -> Iterator[None]:
    """Raise DuckDB's failures over the store at `path` by their names.

    They are StoreLocked, StoreVersion, StoreDamaged, StoreError, OutputError (the disk is full) and MemoryFull.
    What is none of these passes unchanged: it is a fault of the program.
    """
    try:
        yield
    except duckdb.Error as failure:
        named = name_failure(path, str(failure))
        if named is None:
            raise
        raise named from failure


def name_failure(path: Path, text: str) -> XltrackError | None:
    """Return the error that the message `text` of DuckDB means for the store at `path`, None if it is unknown."""
    if _LOCKED.search(text) or _SAME_PROCESS.search(text):
        return StoreLocked(path=path, holder=_holder(text))
    if version := _OTHER_VERSION.search(text):
        return StoreVersion(
            path=path, found=f"DuckDB {version['version']}", expected=f"DuckDB {duckdb.__version__}"
        )
    if no_room := _no_room(path, text):
        return no_room
    if _REFUSED.search(text):
        return StoreError(reason=_refusal(path))
    return _damage(path, text)


def _damage(path: Path, text: str) -> StoreDamaged | None:
    if _OTHER_LOG.search(text):
        return StoreDamaged(path=path, reason=_other_log(path))
    return StoreDamaged(path=path, reason=text.splitlines()[0]) if _DAMAGED.search(text) else None


def _no_room(path: Path, text: str) -> XltrackError | None:
    if _NO_SPACE.search(text):
        reason = Text("ổ đĩa không còn chỗ trống", "the disk has no space left")
        return OutputError(path=path, reason=reason)
    return MemoryFull(reason=text.splitlines()[0]) if _NO_MEMORY.search(text) else None


def not_written_through(path: Path, text: str) -> Text:
    """Return what to tell when a commit stands in the log beside `path` and DuckDB's `text` says why only there."""
    named = name_failure(path, text)
    cause = named.facts.get("reason") if named else None
    reason = cause if isinstance(cause, Text) else Text(text.splitlines()[0], text.splitlines()[0])
    return Text(
        f"Số liệu đã được hợp nhất và được giữ lại, nhưng mới nằm trong `{path}.wal`, chưa ghi hết vào kho: "
        f"{reason.vi}. Giữ cả hai tệp bên nhau, khắc phục rồi chạy lại lệnh; tệp đã hợp nhất không bị tính hai lần.",
        f"The merge is done and kept, but so far in `{path}.wal` only, not written through to the store: "
        f"{reason.en}. Keep both files together, mend that and run the command again; nothing merged is counted twice.",
    )


def _holder(text: str) -> Text:
    found = _HOLDER.search(text)
    if found:
        program = f"{PureWindowsPath(found['program']).name}, PID {found['pid']}"
        return Text(program, program)
    if _SAME_PROCESS.search(text):
        return Text("chính chương trình này", "this very program")
    return Text("không rõ chương trình nào", "which one is not known")


def _other_log(path: Path) -> Text:
    return Text(
        f"nhật ký `{path}.wal` bên cạnh là của kho khác, hoặc của bản khác của kho này; nếu đúng là kho này thì chuyển "
        "nhật ký đi nơi khác",
        f"the log `{path}.wal` beside it is that of another store, or of another copy of this one; if this file is the "
        "store that is meant, move the log away",
    )


def _refusal(path: Path) -> Text:
    return Text(
        f"Không có quyền mở kho dữ liệu `{path}`. Xin quyền đọc và ghi tệp này, hoặc chỉ tệp khác bằng --store.",
        f"You may not open the store `{path}`. Ask for the right to read and write it, or name another with --store.",
    )
