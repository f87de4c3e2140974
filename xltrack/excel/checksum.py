"""The checksum of two contents in a row from those of each: CRC-32, a remainder of polynomials (APPNOTE.TXT, 4.4.7)."""

from functools import cache

_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31
"""The polynomial 1: the lowest power stands in the highest bit."""


def joined(first: int, second: int, size: int) -> int:
    """Return the checksum of a content with `first`, followed by one of `size` bytes with `second`."""
    place = 0
    while size >> place:
        if size >> place & 1:
            first = _product(first, _bytes(place))
        place += 1
    return first ^ second


@cache
def _bytes(power: int) -> int:
    """Return by what 2 ** `power` more bytes multiply a checksum."""
    return _product(_bytes(power - 1), _bytes(power - 1)) if power else _ONE >> 8


def _product(first: int, second: int) -> int:
    product = 0
    while second:
        if second & _ONE:
            product ^= first
        first = first >> 1 ^ (_POLYNOMIAL if first & 1 else 0)
        second = second << 1 & 0xFFFFFFFF
    return product
