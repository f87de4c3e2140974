"""Names the cells, columns and ranges of a worksheet, and reads such names."""

import re
from string import ascii_uppercase
from typing import Final, NamedTuple

EXCEL_ROWS: Final = 1_048_576
EXCEL_COLUMNS: Final = 16_384
_RANGE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?")


_DIGITS: Final = 10


def _letters() -> dict[str, int]:
    names = list(ascii_uppercase)
    names += [a + b for a in ascii_uppercase for b in ascii_uppercase]
    names += [a + b + c for a in ascii_uppercase for b in ascii_uppercase for c in ascii_uppercase]
    return {name: number for number, name in enumerate(names[:EXCEL_COLUMNS], 1)}


NUMBER_OF: Final = _letters()
LETTERS_OF: Final = tuple(NUMBER_OF)


class Range(NamedTuple):
    """A rectangle of cells, its rows and columns counted from 1, both ends within."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        """Return the number of cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def range_of(ref: str) -> Range | None:
    """Return the range that `ref` names ("A2:B4", "A2"); None if it names none."""
    match = _RANGE.fullmatch(ref)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    found = Range(int(top), NUMBER_OF.get(left, 0), int(bottom or top), NUMBER_OF.get(right or left, 0))
    is_real = 0 < found.left <= found.right and found.top <= found.bottom <= EXCEL_ROWS
    return found if is_real else None


def number_of(text: str | None) -> int | None:
    """Return the number that `text` writes in a few plain digits; None if it writes none, or one beyond all reason."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
