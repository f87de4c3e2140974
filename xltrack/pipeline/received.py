"""From the paths an operator names to the files to look at."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.language import Text
from xltrack.mail import is_inbox
from xltrack.mail.mark import MARK

_CHECK = Text("Kiểm tra lại đường dẫn.", "Check the path.")


def received_files(
    paths: Iterable[Path], store: Path | None = None, returns: Path | None = None
) -> tuple[Path, ...]:
    """Return every regular file named or found below the folders named, sorted, each once.

    So are folders that cannot be listed, links to other folders or to nothing, and names of nothing beside names of
    something: who opens them is told why not. Raises UnknownName where nothing is there at all.

    An inbox of letters is not looked into: its workbooks are named one by one (`ready_workbooks`).

    The `store` with its log and its head, and the folder of `returns`, may lie among what was received; they are not.
    """
    named = tuple(paths)
    _check_named(named)
    found = {one: None for path in named for one in _below(path)}
    own = {Path(f"{store.resolve()}{ending}") for ending in ("", ".wal", ".head")} if store else set()
    apart = returns.resolve() if returns else None
    places = {path: Path(os.path.realpath(path)) for path in found}
    files = sorted(path for path, place in places.items() if place not in own and apart not in place.parents)
    if not files:
        _check_inbox(named)
    return tuple(files)


def check_apart(returns: Path, paths: Iterable[Path]) -> None:
    """Raise OutputError if one of `paths` lies in the folder of `returns`: what is there is not read."""
    for path in paths:
        if returns.resolve() in (path.resolve(), *path.resolve().parents):
            reason = Text("các tệp nhận được nằm trong thư mục đó", "the received files lie in that folder")
            raise OutputError(path=returns, reason=reason)


def _check_named(paths: Sequence[Path]) -> None:
    """Raise UnknownName if none of `paths` is there, or one is a pipe or device, which would not end."""
    there = [path for path in paths if path.exists()]
    wrong = [path for path in there if not (path.is_file() or path.is_dir())] if there else paths
    if wrong:
        kind = Text("tệp hoặc thư mục", "file or folder")
        raise UnknownName(kind=kind, name=_listed(wrong), hint=_CHECK)


def _check_inbox(paths: Sequence[Path]) -> None:
    """Raise UnknownName for `paths` with nothing in them, unless there is an inbox: that may well be empty."""
    if not any(mark for path in paths for mark in path.rglob(MARK)):
        hint = Text(
            f"Đã tìm tệp dưới mọi tên, cả trong các thư mục con. {_CHECK.vi}",
            f"Files of every name were looked for, in folders below too. {_CHECK.en}",
        )
        raise UnknownName(kind=Text("tệp nào trong", "file in"), name=_listed(paths), hint=hint)


def _listed(paths: Iterable[Path]) -> str:
    return "`, `".join(map(str, paths))


def _below(path: Path) -> list[Path]:
    return list(_found(path)) if path.is_dir() else [path]


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
