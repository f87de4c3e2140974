"""Says of a file that came among others whether somebody meant it as a workbook."""

from typing import Final

from xltrack.intake.directory import read_directory
from xltrack.intake.kinds import ZIP, refuse_other_package, require_zip
from xltrack.intake.leftovers import is_leftover
from xltrack.intake.model import Refused

_ENDINGS: Final = (
    ".xlsx",
    ".xls",
    ".xlsm",
    ".xlsb",
    ".xltx",
    ".xltm",
    ".ods",
    ".fods",
    ".csv",
    ".et",
    ".numbers",
)
_ARCHIVE: Final = "XLT113"
# By content no workbook; whether one was meant, the name says.
_OTHER: Final = frozenset({"XLT101", "XLT119"})
_NEVER: Final = frozenset({"XLT109", "XLT114"})


def first_code(name: str, content: bytes) -> str:
    """Return the code (XLT1xx) for which the gate would turn the file away at its kind, "" for a workbook."""
    if is_leftover(name, content, len(content)):
        return "XLT109"
    try:
        require_zip(content)
        refuse_other_package(read_directory(content), content)
    except Refused as refusal:
        return refusal.findings[0].code
    return ""


def is_meant_as_workbook(name: str, code: str) -> bool:
    """Return whether a file called `name`, which the gate would turn away for `code`, is to be checked as a return."""
    if code in _OTHER:
        return name.casefold().endswith(_ENDINGS)
    return code not in _NEVER


def is_archive(content: bytes, code: str) -> bool:
    """Return whether `content`, turned away for `code`, is an archive that can be unpacked."""
    return code == _ARCHIVE and content.startswith(ZIP)
