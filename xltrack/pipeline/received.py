"""From the paths an operator names to the files to look at."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.language import Text
from xltrack.mail import is_inbox


def received_files(
    paths: Iterable[Path], store: Path | None = None, returns: Path | None = None
) -> tuple[Path, ...]:
    """Return every regular file named or found below the folders named, sorted, each once; raises UnknownName.

    So are folders that cannot be listed and links to other folders or to nothing: who opens them is told why not.

    An inbox of letters is not looked into: its workbooks are named one by one (`ready_workbooks`).

    The `store` with its log and its head, and the folder of `returns`, may lie among what was received; they are not.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_below(path)))
    own = {Path(f"{store.resolve()}{ending}") for ending in ("", ".wal", ".head")} if store else set()
    apart = returns.resolve() if returns else None
    places = {path: Path(os.path.realpath(path)) for path in found}
    return tuple(
        sorted(path for path, place in places.items() if place not in own and apart not in place.parents)
    )


def check_apart(returns: Path, paths: Iterable[Path]) -> None:
    """Raise OutputError if one of `paths` lies in the folder of `returns`: what is there is not read."""
    for path in paths:
        if returns.resolve() in (path.resolve(), *path.resolve().parents):
            reason = Text("các tệp nhận được nằm trong thư mục đó", "the received files lie in that folder")
            raise OutputError(path=returns, reason=reason)


def _below(path: Path) -> list[Path]:
    if path.is_dir():
        return list(_found(path))
    if path.is_file():
        return [path]
    hint = Text("Kiểm tra lại đường dẫn.", "Check the path.")
    raise UnknownName(kind=Text("tệp hoặc thư mục", "file or folder"), name=path, hint=hint)


def _found(folder: Path) -> Iterator[Path]:
    closed: list[Path] = []
    for here, folders, names in os.walk(
        folder, onerror=lambda failure: closed.append(Path(failure.filename))
    ):
        if is_inbox(Path(here)):
            folders.clear()
            continue
        yield from filter(_concerns_us, (Path(here, name) for name in (*names, *folders)))
    yield from closed


def _concerns_us(path: Path) -> bool:
    """Return whether `path` is a file, or is perhaps one; a pipe or device, which would not end, is none."""
    try:
        return path.is_symlink() or stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True
