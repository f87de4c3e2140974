"""How xltrack knows what it wrote itself into a sender's workbook, when the workbook comes back."""

import re

MARK = "[xltrack]"
"""Every note of ours in a cell begins and ends with this; the result sheet begins with it."""
SELF_CHECK = "[xltrack · tự kiểm tra]"
"""The sheet on which a workbook checks itself begins with this: unlike the result sheet, it stays in returns."""

_OURS = re.compile(r"\s*\[xltrack\](?:.*\[xltrack\]|.*)", re.DOTALL)


def is_ours(text: str) -> bool:
    """Return whether `text`, the first cell of a worksheet, was written by xltrack."""
    return text.startswith(MARK)


def is_self_check(text: str) -> bool:
    """Return whether `text` is the first cell of the sheet on which a workbook checks itself."""
    return text.startswith(SELF_CHECK)


def without_ours(note: str) -> str:
    """Return what people wrote in the note of a cell, "" if all of it is ours.

    They may have written above our part, and answered below it.
    """
    return _OURS.sub("", note).strip()


def span_of_ours(note: str) -> tuple[int, int] | None:
    """Return from where to where `note` is ours, None if nothing is."""
    found = _OURS.search(note)
    return found.span() if found else None
