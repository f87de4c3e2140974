"""What passes through the pipes: pieces of bytes, each with its length before it, never more than agreed."""

import io
import struct
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

_HEAD = struct.Struct("<BH")
_SIZE = struct.Struct("<Q")
_COUNT = struct.Struct("<H")
_CHUNK = 2**20


class Garbled(Exception):
    """What came through the pipe is not what may come."""


class Parcel(NamedTuple):
    """The answer of a worker: plain values as JSON, and further pieces of bytes that the values refer to."""

    text: bytes
    blobs: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return sum(map(len, self.pieces))

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """Return the text and the blobs, as they travel in another parcel."""
        return (self.text, *self.blobs)

    @classmethod
    def of(cls, pieces: Sequence[bytes]) -> "Parcel":
        """Return the parcel of which these are the pieces; raises Garbled for none."""
        if not pieces:
            raise Garbled("no pieces")
        return cls(pieces[0], tuple(pieces[1:]))

    def joined(self) -> bytes:
        """Return all of it as one text of bytes, of which `parted` makes it again."""
        return b"".join(_framed(0, self.pieces))

    @classmethod
    def parted(cls, whole: bytes) -> "Parcel":
        """Return the parcel that was `joined`; raises Garbled for anything else."""
        try:
            return cls.of(read_pieces(io.BytesIO(whole), len(whole))[1])
        except (EOFError, struct.error) as failure:
            raise Garbled("pieces that are no parcel") from failure

    @classmethod
    def bundled(cls, parcels: Sequence["Parcel"]) -> "Parcel":
        """Return one parcel with all of `parcels` in it, of which `unbundled` takes them; none is copied for that."""
        counts = b"".join(_COUNT.pack(len(parcel.pieces)) for parcel in parcels)
        return cls(counts, tuple(chain.from_iterable(parcel.pieces for parcel in parcels)))

    def unbundled(self, size: int) -> Sequence["Parcel"]:
        """Return the parcels that were `bundled`, so many; raises Garbled for anything else."""
        if len(self.text) != size * _COUNT.size:
            raise Garbled(f"{len(self.text)} bytes for {size} parcels")
        counts = [count for (count,) in _COUNT.iter_unpack(self.text)]
        if sum(counts) != len(self.blobs):
            raise Garbled(f"{len(self.blobs)} pieces for {sum(counts)}")
        pieces = iter(self.blobs)
        return [Parcel.of(list(islice(pieces, count))) for count in counts]


def write_pieces(pipe: BinaryIO, kind: int, pieces: Sequence[bytes]) -> None:
    """Write a message: its `kind` (0 to 255) and up to 65,535 pieces."""
    pipe.writelines(_framed(kind, pieces))
    pipe.flush()


def _framed(kind: int, pieces: Sequence[bytes]) -> Iterator[bytes]:
    yield _HEAD.pack(kind, len(pieces)) + b"".join(_SIZE.pack(len(piece)) for piece in pieces)
    yield from pieces


def read_pieces(pipe: BinaryIO, most: int) -> tuple[int, list[bytes]]:
    """Return the kind and the pieces of the next message.

    Raises EOFError where the pipe ends, Garbled before taking a message of more than `most` bytes.
    """
    kind, count = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    sizes = [size for (size,) in _SIZE.iter_unpack(_exactly(pipe, count * _SIZE.size))]
    if sum(sizes) > most:
        raise Garbled(f"a message of {sum(sizes)} bytes")
    return kind, [_exactly(pipe, size) for size in sizes]


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    """Return `size` bytes, taking memory as they come and not as they are announced."""
    chunks = []
    while size:
        chunks.append(pipe.read(min(_CHUNK, size)))
        if not chunks[-1]:
            raise EOFError
        size -= len(chunks[-1])
    return b"".join(chunks)
