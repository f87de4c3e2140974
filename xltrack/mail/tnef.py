"""Takes the files out of a winmail.dat, in which Outlook wraps what other mail programs shall not see (MS-OXTNEF).

Own code, because the library for it is LGPL, untyped and of 2022, and the files are all that is wanted.
"""

import struct
from collections.abc import Iterator
from typing import Final

from xltrack.mail.mapi import long_name

TNEF: Final = b"\x78\x9f\x3e\x22"
_HEAD: Final = 6
_ATTRIBUTE: Final = struct.Struct("<BII")
_CHECKSUM: Final = 2
# Attributes of an attachment (MS-OXTNEF 2.1.3.3): it begins, its short name, its bytes, its properties.
_BEGINS, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_OF_ATTACHMENT: Final = 2


def read_tnef(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each attached file in the order in which they stand; what was cut off is left."""
    name, data = "", b""
    for level, tag, value in _attributes(content):
        if level != _OF_ATTACHMENT:
            continue
        if tag == _BEGINS:
            if data:
                yield name, data
            name, data = "", b""
        elif tag == _TITLE:
            name = name or value.rstrip(b"\0").decode("cp1258", "replace")
        elif tag == _PROPERTIES:
            name = long_name(value) or name
        elif tag == _DATA:
            data = value
    if data:
        yield name, data


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield level, tag and value of each attribute that is there in full."""
    at = _HEAD
    while at + _ATTRIBUTE.size <= len(content):
        level, tag, size = _ATTRIBUTE.unpack_from(content, at)
        at += _ATTRIBUTE.size
        if at + size > len(content):
            return
        yield level, tag, content[at : at + size]
        at += size + _CHECKSUM
