"""Contents of parts as a zip holds them: deflated piece by piece, and put into a package without being read again."""

import struct
import zipfile
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

FAST = 1
"""The level at which rows are deflated: it takes a third of the time for a fifth more of size."""
_LONG = 2**31 - 1
"""Beyond this many bytes zipfile writes longer headers."""
_RAW = -zlib.MAX_WBITS
_HEADER = struct.Struct("<26xHH")
"""What stands before a content ends with how long the name and what follows it are (APPNOTE.TXT, 4.3.7)."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A content in the form that `kind` names (as zipfile numbers them), with its checksum and its size unpacked."""

    kind: int
    content: bytes | bytearray
    checksum: int
    size: int

    def unpacked(self) -> bytes:
        """Return the content of what was packed here."""
        return zlib.decompress(self.content, _RAW)


def packed(pieces: Iterable[bytes], level: int = FAST) -> Packed:
    """Return the content that `pieces` make together; while one is deflated the next is made, and no other is there."""
    deflating = _Deflating(level)
    with ThreadPoolExecutor(1) as beside:
        under_way = beside.submit(deflating.add, b"")
        for piece in pieces:
            under_way.result()
            under_way = beside.submit(deflating.add, piece)
    under_way.result()
    return deflating.packed()


class _Deflating:
    """A content that is being packed."""

    def __init__(self, level: int) -> None:
        self._stream = zlib.compressobj(level, zlib.DEFLATED, _RAW)
        self._made = bytearray()
        self._checksum = self._size = 0

    def add(self, piece: bytes) -> None:
        self._made += self._stream.compress(piece)
        self._checksum, self._size = zlib.crc32(piece, self._checksum), self._size + len(piece)

    def packed(self) -> Packed:
        self._made += self._stream.flush()
        return Packed(zipfile.ZIP_DEFLATED, self._made, self._checksum, self._size)


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
