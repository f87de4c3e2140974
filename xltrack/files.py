"""Files on disk: results written whole or not at all, and why one can be neither written nor read."""

import errno
import shutil
import uuid
from collections.abc import Mapping
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from xltrack.errors import OutputError, PlaceTaken
from xltrack.language import Text

_REASONS = {
    errno.EACCES: Text("không có quyền ghi, hoặc tệp đang mở", "no right to write, or the file is open"),
    errno.EPERM: Text("không có quyền ghi, hoặc tệp đang mở", "no right to write, or the file is open"),
    errno.EROFS: Text("ổ đĩa chỉ cho đọc", "the disk is read-only"),
    errno.ENOSPC: Text("ổ đĩa đã đầy", "the disk is full"),
    errno.ENOENT: Text("thư mục không tồn tại", "the folder does not exist"),
    errno.ENOTDIR: Text("đường dẫn đi qua một tệp, không phải thư mục", "the path goes through a file"),
    errno.EEXIST: Text("đã có tệp trùng tên thư mục", "a file has the name of the folder"),
    errno.EISDIR: Text("đây là thư mục", "it is a folder"),
    errno.ENAMETOOLONG: Text("tên quá dài", "the name is too long"),
}


BACKUP = ".bak"
"""Is added to the name of a file for its former content."""
_TAKEN = Text(
    "đã có tệp khác mang tên này, có thể đã điền số liệu, nên được giữ nguyên",
    "another file has this name, perhaps filled in, and is left as it is",
)
_NO_RIGHT = Text(
    "không có quyền đọc, hoặc đang mở trong chương trình khác như Excel",
    "no right to read it, or another program such as Excel has it open",
)
_NOT_READ = _REASONS | {
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.ENOENT: Text(
        "không có ở đó, hoặc lối tắt không dẫn tới đâu", "it is not there, or a link that leads nowhere"
    ),
    errno.ELOOP: Text("lối tắt dẫn vòng tròn", "a link that leads round in a circle"),
    errno.EISDIR: Text(
        "đây là lối tắt tới một thư mục, không được đi theo",
        "it is a link to a folder, which is not followed",
    ),
    errno.EIO: Text("ổ đĩa hoặc ổ mạng báo lỗi khi đọc", "the disk or the network reported a failure"),
    errno.EMFILE: Text("máy đang mở quá nhiều tệp", "the machine has too many files open"),
}


def separator_of(text: str) -> str:
    """Return by what the columns of a CSV `text` are separated: Excel in Vietnamese takes semicolons."""
    heading = text.partition("\n")[0]
    return ";" if heading.count(";") > heading.count(",") else ","


def reason_of(failure: OSError) -> Text:
    """Return in both languages why the machine would not write; what has no words of ours, in the machine's."""
    return _told(failure, _REASONS)


def reason_not_read(failure: OSError) -> Text:
    """Return in both languages why the machine would not read; what has no words of ours, in the machine's."""
    return _told(failure, _NOT_READ)


def _told(failure: OSError, reasons: Mapping[int, Text]) -> Text:
    own = failure.strerror or str(failure)
    return reasons.get(failure.errno or 0, Text(own, own))


def make_folder(path: Path) -> Path:
    """Return the folder `path`, made if it is missing; raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
    return path


def add_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` unless another file lies there, which may be somebody's work; raises OutputError."""
    add_files({path: content})


def add_files(contents: Mapping[Path, bytes]) -> None:
    """Put each of `contents` at its path, or none if another file lies at one of them; raises OutputError."""
    for path, content in contents.items():
        _require_free(path, content)
    for path, content in contents.items():
        replace_file(path, content)


def _require_free(path: Path, content: bytes) -> None:
    try:
        is_other = path.exists() and path.read_bytes() != content
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
    if is_other:
        raise PlaceTaken(path=path, reason=_TAKEN)


def replace_file(path: Path, content: bytes, *, rights: int = 0o666) -> None:
    """Put `content` at `path` in one step, so that nobody meets half a file; raises OutputError.

    A file that lay there leaves its rights to the new one; else it gets those of `rights` that the user usually gives.
    """
    beside = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(rights, exist_ok=False)
        beside.write_bytes(content)
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
    finally:
        with suppress(OSError):
            beside.unlink()


def keep_former(path: Path, content: bytes, backup: Path) -> None:
    """Put the former `content` of `path` at `backup`, for the same people to read; raises OutputError."""
    replace_file(backup, content)
    with suppress(OSError):
        shutil.copymode(path, backup)


def free_backup(path: Path) -> Path:
    """Return where the former content of `path` goes so that nothing kept before is lost: `.bak`, `.bak2` and on."""
    names = (f"{path.name}{BACKUP}{number}" for number in chain([""], count(2)))
    return next(one for one in map(path.with_name, names) if not one.exists())
