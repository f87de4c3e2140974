"""A workbook as the gate leaves it open, so that nothing of it is unpacked or gone through twice."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from xltrack.intake.archive import Parts
from xltrack.intake.package import Structure
from xltrack.intake.values import Values
from xltrack.intake.worksheet import Vocabulary


class Contents(NamedTuple):
    """The parts of a workbook and which is which, what its cells refer to, and the `values` that were taken already.

    They are those of whole worksheets, by tab: columns as far as they have values, from the first on.
    """

    parts: Parts
    structure: Structure
    vocabulary: Vocabulary
    values: Mapping[str, Values]


class Opened:
    """The contents of a workbook, for the one who reads it next."""

    def __init__(self, contents: Contents, open_again: Callable[[], Contents]) -> None:
        """Keep `contents` until they are taken."""
        self._kept: Contents | None = contents
        self._open_again = open_again

    def take(self) -> Contents:
        """Return the contents, which are large and no longer kept here; for whoever asks again it is opened anew."""
        kept, self._kept = self._kept, None
        return kept or self._open_again()
