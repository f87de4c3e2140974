"""What people changed in a result is kept when the result is written anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from xltrack.language import Lang, Text

_EDITED = (".xlsx", ".xlsm", ".docx")


@contextmanager
def former_kept(path: Path, lang: Lang, hint: Text | None = None) -> Iterator[None]:
    """Keep the file at `path` beside it while the body writes it anew, say where and a `hint`; raises OutputError.

    That of a program (.csv …) is not kept, nor one that turns out the same, nor a workbook or Word file of xltrack's
    that nobody saved since.
    """
    former = _former(path)
    if former is None:
        yield
        return
    from xltrack.files import free_backup, keep_former

    backup = free_backup(path)
    keep_former(path, former, backup)
    try:
        yield
    finally:
        is_same = path.exists() and path.read_bytes() == former
        if is_same:
            backup.unlink()
    if not is_same:
        click.echo(Text(f"{path} (bản cũ: {backup})", f"{path} (formerly: {backup})").to(lang))
        if hint:
            click.echo(hint.to(lang))


def _former(path: Path) -> bytes | None:
    """Return the content of `path` if somebody may have worked on it; raises OutputError."""
    if path.suffix.lower() not in _EDITED or not path.is_file():
        return None
    from xltrack.errors import OutputError
    from xltrack.files import reason_not_read
    from xltrack.findings.outputs import is_unsaved_output

    try:
        content = path.read_bytes()
    except OSError as failure:
        raise OutputError(path=path, reason=reason_not_read(failure)) from failure
    return None if is_unsaved_output(content) else content
