"""From the paths an operator names to the files to look at."""

from collections.abc import Iterable
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.language import Text


def received_files(
    paths: Iterable[Path], store: Path | None = None, returns: Path | None = None
) -> tuple[Path, ...]:
    """Return every regular file named or found below the folders named, sorted, each once; raises UnknownName.

    The `store` and its write-ahead log, and the folder of `returns`, may lie among what was received; they are not.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_below(path)))
    own = {store.resolve(), Path(f"{store.resolve()}.wal")} if store else set()
    apart = returns.resolve() if returns else None
    places = {path: path.resolve() for path in found}
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
        return [file for file in path.rglob("*") if file.is_file()]
    if path.is_file():
        return [path]
    hint = Text("Kiểm tra lại đường dẫn.", "Check the path.")
    raise UnknownName(kind=Text("tệp hoặc thư mục", "file or folder"), name=path, hint=hint)
