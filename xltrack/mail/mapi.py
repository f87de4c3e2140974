"""Reads the long file name out of the properties that Outlook keeps of an attachment (MS-OXTNEF 2.1.3.4)."""

import struct
from collections.abc import Iterator
from typing import Final

_LONG_NAME: Final = 0x3707
_NAMED: Final = 0x8000
_MANY: Final = 0x1000
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_OF_LENGTH: Final = frozenset({_STRING8, _UNICODE, _OBJECT, _BINARY})
# Bytes of a value of each type, filled up to four.
_SIZES: Final = {
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x0A: 4,
    0x0B: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}


def long_name(properties: bytes) -> str:
    """Return the long name of the file, "" if there is none or the properties are damaged."""
    try:
        return next(
            (_text(kind, value) for key, kind, value in _properties(properties) if key == _LONG_NAME), ""
        )
    except (struct.error, ValueError):
        return ""


def _text(kind: int, value: bytes) -> str:
    if kind == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return value.decode("cp1258", "replace").rstrip("\0")


def _properties(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield key, type and (first) value of each property; raises struct.error or ValueError where they are damaged."""
    (count,) = struct.unpack_from("<I", raw)
    at = 4
    for _ in range(count):
        kind, key = struct.unpack_from("<HH", raw, at)
        at += 4
        if key >= _NAMED:
            at = _after_name(raw, at)
        values, at = _values(raw, at, kind)
        if values:
            yield key, kind & ~_MANY, values[0]


def _after_name(raw: bytes, at: int) -> int:
    """Return where the value of a named property begins: after its set and its number or its name."""
    kind, number = struct.unpack_from("<II", raw, at + 16)
    return at + 24 + (_padded(number) if kind else 0)


def _values(raw: bytes, at: int, kind: int) -> tuple[list[bytes], int]:
    """Return the values of the property that stand at `at`, and where the next one begins."""
    base, count = kind & ~_MANY, 1
    if kind & _MANY or base in _OF_LENGTH:
        (count,) = struct.unpack_from("<I", raw, at)
        at += 4
    values = []
    for _ in range(count):
        size = _SIZES.get(base, 0)
        if base in _OF_LENGTH:
            (size,) = struct.unpack_from("<I", raw, at)
            at += 4
        if not size or at + size > len(raw):
            raise ValueError(f"type {kind:04x}")
        values.append(raw[at : at + size])
        at += _padded(size)
    return values, at


def _padded(size: int) -> int:
    return -(-size // 4) * 4
