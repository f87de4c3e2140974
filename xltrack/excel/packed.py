"""Contents of parts as a zip holds them: deflated piece by piece, and put into a package without being read again."""

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from xltrack.deflate import FAST, deflating
from xltrack.excel.checksum import joined

_LARGE = 2**26
"""Contents of more bytes than this are deflated at the fast level."""
_LONG = 2**31 - 1
"""Beyond this many bytes zipfile writes longer headers."""
_RAW = -zlib.MAX_WBITS
_MEMORY = 6
"""How much is remembered by: less than the usual 8 stays near the processor, in less time for the same size."""
_END = zlib.compressobj(FAST, zlib.DEFLATED, _RAW).flush()
"""What deflated bytes end with when nothing more comes."""
_HEADER = struct.Struct("<26xHH")
"""What stands before a content ends with how long the name and what follows it are (APPNOTE.TXT, 4.3.7)."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A content in the form that `kind` names (as zipfile numbers them), with its checksum and its size unpacked."""

    kind: int
    content: bytes
    checksum: int
    size: int

    def unpacked(self) -> bytes:
        """Return the content of what was packed here."""
        return zlib.decompress(self.content, _RAW)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a content, deflated by itself: others may stand before and behind it, whenever they are made."""

    content: bytes
    checksum: int
    size: int


def piece(content: bytes) -> Piece:
    """Return `content` deflated; it ends with a whole byte and refers to nothing before it (RFC 1951, 3.2)."""
    stream = deflating.compressobj(FAST, zlib.DEFLATED, _RAW, _MEMORY)
    made = stream.compress(content) + stream.flush(zlib.Z_SYNC_FLUSH)
    return Piece(made, deflating.crc32(content), len(content))


def packed(content: bytes) -> Packed:
    """Return `content` deflated, as small as zlib makes it unless it is large."""
    if len(content) > _LARGE:
        return together([content])
    return Packed(zipfile.ZIP_DEFLATED, zlib.compress(content, wbits=_RAW), zlib.crc32(content), len(content))


def together(pieces: Iterable[bytes | Piece]) -> Packed:
    """Return the content that `pieces` make together; those that are not yet deflated are."""
    contents, checksum, size = [], 0, 0
    for given in pieces:
        one = given if isinstance(given, Piece) else piece(given)
        contents.append(one.content)
        checksum, size = joined(checksum, one.checksum, one.size), size + one.size
    return Packed(zipfile.ZIP_DEFLATED, b"".join([*contents, _END]), checksum, size)


def as_it_lies(package: bytes, entry: zipfile.ZipInfo) -> Packed:
    """Return the content of `entry` of the zip `package` without unpacking it."""
    name, extra = _HEADER.unpack_from(package, entry.header_offset)
    start = entry.header_offset + _HEADER.size + name + extra
    return Packed(
        entry.compress_type, package[start : start + entry.compress_size], entry.CRC, entry.file_size
    )


def put(target: zipfile.ZipFile, stream: IO[bytes], entry: zipfile.ZipInfo, content: Packed) -> None:
    """Add `content` as `entry` to `target`, which is being written to `stream`.

    zipfile takes contents only to pack them itself: what is packed goes in as it is, and its header is put right.
    """
    is_long = content.size > _LONG
    entry.compress_type = zipfile.ZIP_STORED
    with target.open(entry, "w", force_zip64=is_long) as part:
        part.write(content.content)
    entry.compress_type, entry.CRC, entry.file_size = content.kind, content.checksum, content.size
    stream.seek(entry.header_offset)
    stream.write(entry.FileHeader(is_long))
    stream.seek(0, 2)
