"""Answers the senders of received files: to each her own workbook, marked, and the same as a letter."""

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from xltrack.files import make_folder, replace_file
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.pipeline.marking import Marked, Marking, mark
from xltrack.pipeline.model import FileResult, Returned, Returns
from xltrack.pipeline.watching import Watch, silent
from xltrack.report.answer import Post, answer_to, letter

SUFFIX: Final = Text("_ket-qua", "_checked")
"""What the name of a received file gets behind it in a return."""
_LONGEST: Final = 220
"""Bytes of a name before suffix and ending: systems allow 255."""
_HAVE_NO_CELLS: Final = ("unreadable", "quarantined")


def write_returns(
    files: Sequence[FileResult], returns: Returns, schemas: Schemas, watch: Watch = silent
) -> tuple[Returned, ...]:
    """Write the return of each of `files`, none for what was passed over or not opened; return what was written.

    A file that cannot be marked, being unreadable or built in an unknown way, still gets its letter. Nothing that
    was received is overwritten. Raises OutputError.
    """
    answered = [file for file in files if not (file.is_passed_over or file.is_unopened)]
    folder = make_folder(returns.directory)
    post = Post(schemas, returns.lang, returns.send_to)
    replies = [Marking(file.path, _readable(file), answer_to(file, post)) for file in answered]
    names = _names(answered, folder, returns.lang)
    written = []
    for number, marked in enumerate(mark(replies)):
        written.append(_write(answered[number], folder / names[number], marked, post))
        watch("return", number + 1, len(answered), answered[number].path.name)
    return tuple(written)


def _readable(file: FileResult) -> str | None:
    return None if file.verdict in _HAVE_NO_CELLS else file.sha256


def _write(file: FileResult, base: Path, marked: Marked, post: Post) -> Returned:
    workbook = None
    if marked.content is not None:
        workbook = base.with_name(f"{base.name}.xlsx")
        replace_file(workbook, marked.content)
    text = base.with_name(f"{base.name}.txt")
    # Older editors on Windows know UTF-8 by its mark, and lines by both signs.
    replace_file(
        text,
        letter(file, post, workbook.name if workbook else None).replace("\n", "\r\n").encode("utf-8-sig"),
    )
    return Returned(file.path, workbook, text, marked.reason)


def _names(files: Sequence[FileResult], folder: Path, lang: Lang) -> list[str]:
    """Return the name of each return without its ending: that of the file, told apart where two would be the same."""
    received = {_same(file.path) for file in files}
    taken: set[str] = set()
    names = []
    for file in files:
        name = next(
            name
            for name in _candidates(file.path.stem, lang)
            if name.casefold() not in taken
            and not any(_same(folder / f"{name}{end}") in received for end in (".xlsx", ".txt"))
        )
        taken.add(name.casefold())
        names.append(name)
    return names


def _candidates(stem: str, lang: Lang) -> Iterator[str]:
    plain = unicodedata.normalize("NFC", stem)
    for suffix in SUFFIX:
        plain = plain.removesuffix(suffix)
    while len(plain.encode()) > _LONGEST:
        plain = plain[:-1]
    name = f"{plain}{SUFFIX.to(lang)}"
    yield name
    number = 1
    while True:
        number += 1
        yield f"{name} ({number})"


def _same(path: Path) -> str:
    """Return what two paths of one file share on systems that know neither case nor the ways of writing accents."""
    return unicodedata.normalize("NFC", str(path.resolve())).casefold()
