"""Unpacks a workbook, each part once, within limits that hold whatever its directory claims."""

import codecs
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from xltrack.intake.directory import STORED, Entry, locate, read_directory
from xltrack.intake.kinds import OLE, refuse_other_package
from xltrack.intake.markup import make_usual
from xltrack.intake.model import Refused, damaged, too_many, unusual
from xltrack.intake.naming import folded, name_of

PART_BYTES: Final = 64 * 2**20
TOTAL_BYTES: Final = 96 * 2**20
TAGS: Final = 6_000_000
_HEAD: Final = 256
_STARTS: Final = (b"<", codecs.BOM_UTF16_LE + b"<\0", codecs.BOM_UTF16_BE + b"\0<", b"\0<")
_PICTURES: Final = (".vml", ".svg")
RATIO: Final = 300
RATIO_FROM: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a package; their names are folded, because a part is the same in whatever case it is called.

    `written` gives the name of each as the file has it. `markup` are those in XML, in UTF-8 and with the transitional
    names of ISO 29500; `tags` how many tags there are in all of them. `compound` are those that are compound files
    (OLE): macros, or objects of other programs.
    """

    written: Mapping[str, str]
    markup: Mapping[str, bytes]
    compound: tuple[str, ...]
    tags: int


def unpack(content: bytes) -> Parts:
    """Return the parts of the workbook `content`; raises Refused for what is damaged, or no workbook at all.

    What the directory claims is held against the limits before anything is unpacked, and every part against what
    the directory claims while it is. Pictures and the like are checked, but not kept.
    """
    entries = read_directory(content)
    refuse_other_package(entries, content)
    _check_sizes(entries)
    written: dict[str, str] = {}
    markup: dict[str, bytes] = {}
    compound: list[str] = []
    for entry in locate(content, entries):
        name, part = folded(entry.name), _inflate(content, entry)
        written[name] = entry.name
        if part.startswith(OLE):
            compound.append(name)
        elif _is_markup(name, part):
            if not name.isascii():
                raise unusual(f"tên thành phần lạ: {name!r}", f"a part with an odd name: {name!r}")
            markup[name] = part
    tags = sum(xml.count(b"<") for xml in markup.values())
    if tags > TAGS:
        raise too_many(TAGS, "ô, dòng và định dạng", "cells, rows and formats")
    make_usual(markup)
    return Parts(written, markup, tuple(compound), tags)


def _check_sizes(entries: Iterable[Entry]) -> None:
    total = 0
    for entry in entries:
        total += entry.size
        if entry.size > RATIO_FROM and entry.size > RATIO * entry.packed:
            raise unusual(
                f"thành phần {entry.name} phình to bất thường khi giải nén",
                f"part {entry.name} swells beyond all measure when unpacked",
            )
        if entry.size > PART_BYTES or total > TOTAL_BYTES:
            limit = (TOTAL_BYTES if total > TOTAL_BYTES else PART_BYTES) >> 20
            raise too_many(limit, "MB sau khi giải nén", "MB when unpacked")


def _inflate(content: bytes, entry: Entry) -> bytes:
    """Return the bytes of `entry`; not one byte more than the directory claims is ever unpacked."""
    packed = memoryview(content)[entry.start : entry.start + entry.packed]
    if entry.method == STORED:
        part, is_whole = bytes(packed), True
    else:
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            part = engine.decompress(packed, entry.size + 1)
        except zlib.error as failure:
            raise _broken(entry) from failure
        is_whole = engine.eof and not engine.unused_data
    if not is_whole or len(part) != entry.size or zlib.crc32(part) != entry.crc:
        raise _broken(entry)
    return part


def _is_markup(name: str, part: bytes) -> bool:
    """Return whether `part` is read as XML, by its name or its beginning.

    Drawings (.vml, .svg) often are not well formed or declare a DTD, and no reader needs them.
    """
    if name.endswith((".xml", ".rels")):
        return True
    head = part[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    return head.startswith(_STARTS) and not name.endswith(_PICTURES)


def _broken(entry: Entry) -> Refused:
    place = name_of(entry.name)
    return damaged(
        f"{place.vi} bị hỏng hoặc bị thay đổi trên đường gửi",
        f"{place.en} is damaged, or was altered on the way",
    )
