"""Keeps two programs from doing the same work in one folder at the same time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from xltrack.errors import MailError
from xltrack.files import make_folder, reason_of
from xltrack.hanoi import HANOI
from xltrack.language import Text

_NAME: Final = ".xltrack-lock"


@contextmanager
def alone(folder: Path, work: str) -> Iterator[None]:
    """Do `work` in `folder`, made if it is missing, while no other program does it.

    The system gives the lock back when the program ends, however it ends, so that none is ever left behind. Raises
    MailError if another program is at work, OutputError.
    """
    path = make_folder(folder) / f"{_NAME}-{work}"
    try:
        file = path.open("a+b")
    except OSError as failure:
        raise MailError(place=path, reason=reason_of(failure)) from failure
    with file:
        try:
            _take(file)
        except OSError:
            raise MailError(place=folder, reason=_busy(path, work)) from None
        os.utime(path)
        yield


def _take(file: IO[bytes]) -> None:
    file.seek(0)
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  # Windows alone has it

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415  # which Windows lacks

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _busy(path: Path, work: str) -> Text:
    since = datetime.fromtimestamp(path.stat().st_mtime, HANOI)
    return Text(
        f"một chương trình `xltrack {work}` khác đang chạy từ {since:%H:%M %d/%m/%Y}; chờ chương trình đó xong",
        f"another `xltrack {work}` has been running since {since:%d/%m/%Y %H:%M}; wait until it has finished",
    )
