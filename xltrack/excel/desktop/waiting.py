"""How long a running Excel is waited for: a dialog that nobody sees would hold a refresh for ever."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer

from xltrack.excel.refresh import Refused
from xltrack.language import Text

LONGEST = 900.0
"""Seconds that an Excel started for one workbook may take, from opening it to saving it."""
_BUSY = frozenset({-2147418111, -2147417846, -1712})
"""What Excel answers while it waits for its user: RPC_E_CALL_REJECTED and RPC_E_SERVERCALL_RETRYLATER of COM, and
errAETimeout of Apple events."""
BUSY = Text(
    "Excel đang đợi bạn: một hộp thoại đang mở, hoặc một ô đang được sửa; hãy đóng lại (phím Esc) rồi chạy lại",
    "Excel waits for you: a dialog is open or a cell is being edited; close it (Esc) and run this again",
)


def waits_for_its_user(failure: Exception) -> bool:
    """Return whether `failure`, of COM or of Apple events, says that Excel does not listen because of a dialog."""
    return any(getattr(failure, name, None) in _BUSY for name in ("hresult", "errornumber"))


@contextmanager
def bounded(process: int) -> Iterator[None]:
    """End the Excel that is `process` if what is done meanwhile takes longer than LONGEST; raises Refused then."""
    over = Event()

    def end() -> None:
        over.set()
        with suppress(OSError):
            os.kill(process, signal.SIGTERM)

    clock = Timer(LONGEST, end)
    clock.daemon = True
    clock.start()
    try:
        yield
    except Exception as failure:
        if over.is_set():
            raise Refused(_silent()) from failure
        raise
    finally:
        clock.cancel()


def _silent() -> Text:
    minutes = round(LONGEST / 60)
    return Text(
        f"Excel không xong sau {minutes} phút nên đã bị dừng, tệp giữ nguyên; hãy mở tệp bằng Excel xem có hộp "
        "thoại nào hiện ra, hoặc dùng --with file",
        f"Excel had not ended after {minutes} minutes and was stopped, the file is as it was; open it in Excel and see "
        "whether a dialog appears, or use --with file",
    )
