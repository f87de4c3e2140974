"""Invented tax codes that pass the checksum and belong to nobody.

The seven digits after the office number are a serial given out in order. Serials from 9,900,000 upward are far beyond
what any office has reached, so that no code made here should be one of a real enterprise.
"""

from collections.abc import Iterator
from itertools import product

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_FIRST_SERIAL = 9_900_000
_OFFICES = 63


def invented_codes() -> Iterator[str]:
    """Yield millions of different ten-digit codes; the first two digits go through 01 to 63: leading zeros occur."""
    for turn, number in product(range(_OFFICES), range(10_000_000 - _FIRST_SERIAL)):
        stem = f"{(number * 37 + turn) % _OFFICES + 1:02}{_FIRST_SERIAL + number}"
        check = 10 - _weighted(stem) % 11
        if check < 10:
            yield f"{stem}{check}"


def mistyped(code: str) -> str:
    """Return `code` with its last digit changed, as a slip of the finger does: it fails the checksum."""
    return f"{code[:9]}{(int(code[9]) + 1) % 10}{code[10:]}"


def _weighted(stem: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, stem, strict=True))
