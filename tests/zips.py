"""Packs zips by hand, so that a test can lie in any field."""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

DESCRIPTOR = 0x08
UTF8 = 0x800
UNSAID = 0xFFFFFFFF

Descriptor = Literal["", "short", "long", "unmarked", "wrong"]


@dataclass(frozen=True)
class Item:
    """One file in a zip. `local` and `central` replace fields of its two headers; `packed` its bytes as they lie there.

    Fields are name, needs, flags, method, crc, packed, size, extra, and in the directory offset and mode. `descriptor`
    says in which form the numbers follow the bytes, as they do when a writer does not know them beforehand.
    """

    name: str | bytes
    content: bytes = b""
    method: int = 8
    packed: bytes | None = None
    descriptor: Descriptor = ""
    local: Mapping[str, Any] = field(default_factory=dict)
    central: Mapping[str, Any] = field(default_factory=dict)
    before: bytes = b""


def deflated(content: bytes) -> bytes:
    """Return `content` as a raw deflate stream."""
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(content) + engine.flush()


def repeated(content: bytes, times: int) -> bytes:
    """Return a deflate stream of `content` so many times over, made in a moment however long."""
    return flushed(content) * times + deflated(b"")


def flushed(content: bytes) -> bytes:
    """Return `content` as a piece of a deflate stream, which others may follow."""
    engine = zlib.compressobj(9, wbits=-15)
    return engine.compress(content) + engine.flush(zlib.Z_FULL_FLUSH)


def zipped(
    items: Iterable[Item], comment: bytes = b"", end: Mapping[str, int] | None = None, large: bool = False
) -> bytes:
    """Return the zip of `items`; `end` replaces fields of its last record, `large` writes that for large files too."""
    pieces: list[bytes] = []
    directory = []
    at = 0
    for item in items:
        fields = _fields(item, at + len(item.before))
        head = item.before + _local(fields | dict(item.local))
        pieces += [head, _bytes(item), _described(item.descriptor, fields)]
        directory.append(_central(fields | dict(item.central)))
        at += sum(map(len, pieces[-3:]))
    return b"".join(pieces) + _tail(directory, at, comment, end or {}, large)


def plain(parts: Mapping[str, str | bytes], **more: Any) -> Sequence[Item]:
    """Return items for `parts`, each with the fields `more`."""
    return [Item(name, _encoded(content), **more) for name, content in parts.items()]


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _bytes(item: Item) -> bytes:
    if item.packed is not None:
        return item.packed
    return deflated(item.content) if item.method == 8 else item.content


def _fields(item: Item, offset: int) -> dict[str, Any]:
    raw = item.name.encode() if isinstance(item.name, str) else item.name
    flags = (DESCRIPTOR if item.descriptor else 0) | (0 if raw.isascii() else UTF8)
    return {
        "name": raw,
        "flags": flags,
        "method": item.method,
        "crc": zlib.crc32(item.content),
        "packed": len(_bytes(item)),
        "size": len(item.content),
        "extra": b"",
        "offset": offset,
        "mode": 0,
        "needs": 20,
        "unsaid": bool(item.descriptor),
    }


def _local(said: Mapping[str, Any]) -> bytes:
    numbers = [0, 0, 0] if said["unsaid"] else [said["crc"], said["packed"], said["size"]]
    name, extra = said["name"], said["extra"]
    head = struct.pack(
        "<4s5H3L2H",
        b"PK\3\4",
        said["needs"],
        said["flags"],
        said["method"],
        0,
        0x21,
        *numbers,
        len(name),
        len(extra),
    )
    return head + name + extra


def _described(form: Descriptor, fields: Mapping[str, Any]) -> bytes:
    numbers = (fields["crc"], fields["packed"], fields["size"])
    if form == "wrong":
        return b"PK\7\x08" + struct.pack("<3L", 1, 2, 3)
    layout = {"short": "<3L", "long": "<L2Q", "unmarked": "<3L"}.get(form)
    mark = b"" if form == "unmarked" else b"PK\7\x08"
    return mark + struct.pack(layout, *numbers) if layout else b""


def _central(said: Mapping[str, Any]) -> bytes:
    numbers = (said["crc"], said["packed"], said["size"])
    name, extra = said["name"], said["extra"]
    made_by = 3 << 8 if said["mode"] else 20
    lengths = (len(name), len(extra), 0, 0, 0)
    head = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", made_by, said["needs"], said["flags"], said["method"], 0, 0x21, *numbers, *lengths,
        said["mode"] << 16, said["offset"],
    )  # fmt: skip
    return head + name + extra


def _tail(directory: list[bytes], start: int, comment: bytes, end: Mapping[str, int], large: bool) -> bytes:
    whole = b"".join(directory)
    true = {"disk": 0, "first": 0, "here": len(directory), "total": len(directory)}
    true |= {"size": len(whole), "start": start}
    said = true | dict(end)
    last = struct.pack("<4s4H2LH", b"PK\5\6", *said.values(), len(comment)) + comment
    if large:
        record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, *true.values())
        whole += record + struct.pack("<4sLQL", b"PK\6\7", 0, start + len(whole), 1)
    return whole + last
