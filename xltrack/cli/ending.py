"""With which exit code a command ends that looked at received files."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltrack.pipeline import FileResult

IN_ORDER, FOUND_WRONG, FAILED = 0, 1, 2


def exit_code(files: "Iterable[FileResult]") -> int:
    """Return 0 if all `files` are in order, 2 if xltrack itself failed on one or could not open it, else 1."""
    known = list(files)
    if any(file.is_fault or file.is_unopened for file in known):
        return FAILED
    return IN_ORDER if all(file.in_order for file in known) else FOUND_WRONG
