"""Walks the directory of a zip without trusting it: every byte of the file must belong to exactly one thing."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from xltrack.intake.model import damaged, refused, too_many, unusual
from xltrack.language import Text

ONE_PART: Final = Text("một phần của tệp nén chia nhiều phần", "one part of an archive in several parts")
UNSEEN: Final = Text("không xem được", "cannot be seen")
ENTRIES: Final = 5_000
STORED, DEFLATED = 0, 8
# The newest zip that the specification describes (6.3, APPNOTE 4.4.3); no reader opens an entry that asks for more.
_NEWEST: Final = 63
_ENCRYPTED: Final = 1 << 0 | 1 << 6 | 1 << 13
_DESCRIPTOR: Final = 1 << 3
_UTF8: Final = 1 << 11
_UNSAID: Final = 0xFFFFFFFF  # the true number stands in the extra field for large files
_END: Final = struct.Struct("<4s4H2LH")
_LOCATOR: Final = struct.Struct("<4sLQL")
_LARGE_END: Final = struct.Struct("<4sQ2H2L4Q")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
# What servers append on the way: line ends of mails, blocks filled up with zeros. Readers look back no further.
_LARGE, _UNICODE_NAME = 0x0001, 0x7075
_PADDING: Final = b"\0\r\n\t \x1a"
_FURTHEST: Final = 2**16


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in a zip as its directory has it; `start` is where its packed bytes begin."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    start: int = 0

    @property
    def is_encrypted(self) -> bool:
        """Return whether a password is needed."""
        return bool(self.flags & _ENCRYPTED)

    @property
    def is_folder(self) -> bool:
        """Return whether it only names a folder."""
        return self.name.endswith("/")


def read_directory(content: bytes) -> tuple[Entry, ...]:
    """Return the entries of the zip `content` in the order of its directory; raises Refused.

    Only the directory is looked at; `locate` holds it against the rest of the file.
    """
    at, until, total = _bounds(content)
    if total > ENTRIES:
        raise too_many(ENTRIES, "thành phần bên trong", "parts inside")
    entries = []
    for _ in range(total):
        entry, at = _entry(content, at, until)
        entries.append(entry)
    if at != until:
        raise _mismatch()
    return tuple(entries)


def locate(content: bytes, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return `entries` with the place of their bytes, folders left out; raises Refused.

    What the file says before each entry must be what its directory says, and no byte may belong to two entries or
    to none: else two programs that read the file in two ways would see two workbooks.
    """
    _check_names(entries)
    ordered = sorted(entries, key=lambda entry: entry.offset)
    if ordered and ordered[0].offset:
        raise _mismatch()
    ends = [entry.offset for entry in ordered[1:]] + [_bounds(content)[0]]
    starts = {entry.name: _start(content, entry, end) for entry, end in zip(ordered, ends, strict=True)}
    return tuple(replace(entry, start=starts[entry.name]) for entry in entries if not entry.is_folder)


def _bounds(content: bytes) -> tuple[int, int, int]:
    """Return where the directory begins and ends, and how many entries it claims."""
    end = content.rfind(b"PK\5\6")
    if end < 0 or end + _END.size > len(content):
        raise damaged(
            "phần cuối của tệp bị mất, có lẽ do tải về hoặc gửi dở dang",
            "its end is missing; it was perhaps cut off on the way",
        )
    _, disk, first_disk, here, total, size, start, comment = _END.unpack_from(content, end)
    tail = content[end + _END.size :]
    if len(tail) < comment or len(tail) >= _FURTHEST or tail[comment:].strip(_PADDING):
        raise damaged("có dữ liệu lạ ở cuối tệp", "there is something else at its end")
    until = end
    if content[max(end - _LOCATOR.size, 0) : end].startswith(b"PK\6\7"):
        until, disk, first_disk, here, total, size, start = _large_bounds(content, end)
    if disk or first_disk or here != total:
        raise refused("XLT113", kind=ONE_PART, names=UNSEEN)
    if start + size != until:
        raise _mismatch()
    return start, until, total


def _large_bounds(content: bytes, end: int) -> tuple[int, ...]:
    """Return what the record for large files says; writers that do not know the size beforehand always add it."""
    small = _END.unpack_from(content, end)[1:7]
    _, disk, at, disks = _LOCATOR.unpack_from(content, end - _LOCATOR.size)
    if disk or disks != 1 or at + _LARGE_END.size != end - _LOCATOR.size:
        raise _mismatch()
    mark, length, _, _, *large = _LARGE_END.unpack_from(content, at)
    agree = all(said in (true, 0xFFFF, _UNSAID) for said, true in zip(small, large, strict=True))
    if mark != b"PK\6\6" or length != _LARGE_END.size - 12 or not agree:
        raise _mismatch()
    return (at, *large)


def _entry(content: bytes, at: int, until: int) -> tuple[Entry, int]:
    """Return the entry of the directory at `at`, and where the next begins."""
    if at + _CENTRAL.size > until:
        raise _mismatch()
    mark, made_by, needs, flags, method, _, _, crc, packed, size, *lengths, _, _, attributes, offset = (
        _CENTRAL.unpack_from(content, at)
    )
    name_at = at + _CENTRAL.size
    extra_at = name_at + lengths[0]
    following = extra_at + lengths[1] + lengths[2]
    if mark != b"PK\1\2" or following > until:
        raise _mismatch()
    if needs & 0xFF > _NEWEST:
        raise unusual("phiên bản nén lạ", "an unusual version of zip")
    raw = content[name_at:extra_at]
    extra = content[extra_at : extra_at + lengths[1]]
    _refuse_other_name(extra, raw)
    size, packed, offset = _large(extra, (size, packed, offset))
    mode = attributes >> 16 if made_by >> 8 == 3 else 0
    return Entry(_name(raw, flags), raw, flags, method, crc, packed, size, offset, mode), following


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the content of every field in `extra`."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _refuse_other_name(extra: bytes, raw: bytes) -> None:
    """Raise Refused if a field in `extra` gives the part another name than `raw`, which some readers go by.

    The name stands behind a version and the check sum of `raw` (APPNOTE 4.6.9).
    """
    if any(kind == _UNICODE_NAME and field[5:] != raw for kind, field in _fields(extra)):
        raise unusual("một thành phần có hai tên", "a part has two names")


def _large(extra: bytes, said: tuple[int, ...]) -> Iterator[int]:
    """Yield the numbers `said`, those left unsaid from the field for large files (0x0001) in `extra`."""
    large = next((field for kind, field in _fields(extra) if kind == _LARGE and field), b"")
    for number in said:
        if number == _UNSAID and len(large) >= 8:
            yield struct.unpack_from("<Q", large)[0]
            large = large[8:]
        else:
            yield number


def _name(raw: bytes, flags: int) -> str:
    """Return the name `raw` with the slashes that readers expect; some exporters on Windows write the others."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        if flags & _UTF8:
            raise unusual("tên thành phần không đọc được", "the name of a part cannot be read") from None
        name = raw.decode("cp437")
    return name.replace("\\", "/")


def _check_names(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        steps = entry.name.removesuffix("/").split("/")
        if not {"", ".", ".."}.isdisjoint(steps) or ":" in entry.name or not entry.name.isprintable():
            raise unusual(f"tên thành phần lạ: {entry.name!r}", f"a part with an odd name: {entry.name!r}")
        if entry.mode & 0o170000 not in (0, 0o100000, 0o040000):
            raise unusual(f"{entry.name} là lối tắt", f"{entry.name} is a link")
        if entry.is_folder and entry.size:
            raise unusual(f"thư mục {entry.name} có nội dung", f"the folder {entry.name} has content")
    names = sorted(entry.name.removesuffix("/").casefold() for entry in entries)
    if any(name == following for name, following in pairwise(names)):
        raise unusual("có hai thành phần cùng tên", "two parts have the same name")


def _start(content: bytes, entry: Entry, end: int) -> int:
    """Return where the bytes of `entry` begin; they, and what describes them, must reach exactly to `end`."""
    if entry.method not in (STORED, DEFLATED):
        raise unusual("kiểu nén lạ", "an unusual compression")
    if entry.offset + _LOCAL.size > len(content):
        raise _mismatch()
    mark, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack_from(content, entry.offset)
    name_at = entry.offset + _LOCAL.size
    start: int = name_at + name + extra
    extra = content[name_at + name : start]
    _refuse_other_name(extra, entry.raw_name)
    size, packed = _large(extra, (size, packed))
    rest = content[start + entry.packed : end] if start + entry.packed <= end else None
    is_same = mark == b"PK\3\4" and method == entry.method
    is_same &= content[name_at : name_at + name] == entry.raw_name
    is_same &= (flags ^ entry.flags) & (_ENCRYPTED | _DESCRIPTOR) == 0
    if rest is None or not is_same or not _is_described(entry, (crc, packed, size), rest):
        raise _mismatch()
    return start


def _is_described(entry: Entry, said: tuple[int, ...], rest: bytes) -> bool:
    """Return whether the numbers `said` before the bytes of `entry`, and the `rest` after them, are the directory's.

    Who writes in one go, not knowing the numbers beforehand, puts them behind: with or without a mark, long or short.
    """
    true = (entry.crc, entry.packed, entry.size)
    if not entry.flags & _DESCRIPTOR:
        return said == true and not rest
    forms = {mark + struct.pack(form, *true) for mark in (b"PK\7\x08", b"") for form in ("<3L", "<L2Q")}
    unsaid = all(one in (known, 0, _UNSAID) for one, known in zip(said, true, strict=True))
    return unsaid and (rest in forms or (said == true and not rest))


def _mismatch() -> Exception:
    return damaged(
        "mục lục bên trong không khớp với nội dung, có lẽ tệp bị thay đổi hoặc bị nối trên đường gửi",
        "its directory does not match its content; it was perhaps altered or joined on the way",
    )
