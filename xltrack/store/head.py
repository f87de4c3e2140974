"""The head of the chain outside the store: what tells that a store was cut or an older one put in its place."""

import json
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from xltrack.errors import StoreDamaged, StoreError
from xltrack.files import reason_of
from xltrack.language import Text
from xltrack.store.chain import Head

_PAUSES = (0.05, 0.2, 1.0)


def head_path(store: Path) -> Path:
    """Return where the head of the store at `store` is written: beside it."""
    return store.with_name(f"{store.name}.head")


def read_head(store: Path) -> Head | None:
    """Return the head that is written beside `store`, None if there is none; raises StoreDamaged if it is garbled."""
    path = head_path(store)
    try:
        said = json.loads(path.read_bytes())
        return Head(int(said["chain_no"]), str(said["hash"]))
    except FileNotFoundError:
        return None
    except OSError as failure:
        raise StoreDamaged(path=path, reason=reason_of(failure)) from failure
    except (ValueError, TypeError, KeyError):
        raise StoreDamaged(
            path=path, reason=Text("nội dung không đọc được", "what it says cannot be read")
        ) from None


def write_head(store: Path, head: Head) -> None:
    """Write `head` beside `store`, whole or not at all, for its owner only.

    Raises StoreError, which says that what was merged is kept.
    """
    path = head_path(store)
    beside = None
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(handle, "wb") as file:  # noqa: PTH123  # an open descriptor has no path
            file.write(json.dumps({"chain_no": head.chain_no, "hash": head.hash}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _replace(Path(beside), path)
    except OSError as failure:
        raise StoreError(reason=_not_written(path, reason_of(failure))) from failure
    finally:
        if beside:
            with suppress(OSError):
                Path(beside).unlink()


def _replace(beside: Path, path: Path) -> None:
    # On Windows whoever reads the head just now, such as a virus scanner, keeps it from being replaced.
    for pause in _PAUSES:
        try:
            beside.replace(path)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    beside.replace(path)


def forget_head(store: Path) -> None:
    """Remove the head of a store that is no more, so that it is not asked of the one made in its place."""
    with suppress(OSError):
        head_path(store).unlink()


def _not_written(path: Path, reason: Text) -> Text:
    return Text(
        f"Số liệu đã được hợp nhất và được giữ lại, nhưng không ghi được `{path}`: {reason.vi}. Khắc phục rồi chạy "
        "lại lệnh; tệp đã hợp nhất không bị tính hai lần.",
        f"The merge is done and kept, but `{path}` cannot be written: {reason.en}. Mend that and run the command "
        "again; nothing merged is counted twice.",
    )
