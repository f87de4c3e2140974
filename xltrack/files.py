"""Results on disk: written whole or not at all."""

import errno
import uuid
from contextlib import suppress
from pathlib import Path

from xltrack.errors import OutputError
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


def reason_of(failure: OSError) -> Text:
    """Return in both languages why the machine refused; what has no words of ours, in the machine's."""
    own = failure.strerror or str(failure)
    return _REASONS.get(failure.errno or 0, Text(own, own))


def make_folder(path: Path) -> Path:
    """Return the folder `path`, made if it is missing; raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
    return path


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step, so that nobody meets half a file; raises OutputError."""
    beside = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
    finally:
        with suppress(OSError):
            beside.unlink()
