"""Breaks workbooks at random, the same way for the same seed: their bytes, and the XML inside a whole package."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping

Parts = dict[str, bytes]
_TAG = re.compile(rb"<(/?)([\w:]+)([^<>]*)>")
_ATTRIBUTE = re.compile(rb'\s([\w:]+)="([^"]*)"')
_ODD_VALUES = (
    b"", b"0", b"-1", b"1", b"A1", b"A0", b"XFD1048576", b"AAAA1", b"4294967296", b"1E300", b"NaN", b"true", b"#REF!",
    b"s", b"e", b"str", b"b", b"inlineStr", b"d", b"rId1", b"../x.xml", b"hidden", b"\xc3\xa9", b"&amp;", b" ",
)  # fmt: skip
_ODD_TEXTS = (
    b"", b" ", b"0", b"-1", b"1.5", b"1e400", b"999999999999999999999", b"0100233488", b"#SPILL!", b"_x0041_", b"&#10;",
    b"true", b"45000", b"\xc4\x90\xe1\xbb\x93ng", b"<![CDATA[7]]>", b"<!-- x -->5",
)  # fmt: skip


def mutate(content: bytes, seed: int) -> bytes:
    """Return `content` broken in one to four places; the seed says how."""
    chance = random.Random(seed)
    breaks = _BYTE_BREAKS if chance.random() < 0.3 else _PART_BREAKS
    for _ in range(chance.choice((1, 1, 2, 4))):
        try:
            content = chance.choice(breaks)(content, chance)
        except (zipfile.BadZipFile, ValueError, IndexError, NotImplementedError):
            break  # an earlier break left nothing to break any further
    return content


# Bytes of the package


def flip(content: bytes, chance: random.Random) -> bytes:
    """Turn single bits."""
    broken = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def cut(content: bytes, chance: random.Random) -> bytes:
    """Take a piece away, from anywhere or from the end."""
    start = chance.randrange(len(content))
    end = chance.choice((len(content), start + chance.randrange(1, 400)))
    return content[:start] + content[end:]


def double(content: bytes, chance: random.Random) -> bytes:
    """Repeat a piece."""
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randrange(1, 400)]
    return content[:start] + piece + content[start:]


def swap(content: bytes, chance: random.Random) -> bytes:
    """Exchange two pieces."""
    first, second = sorted((chance.randrange(len(content)), chance.randrange(len(content))))
    size = min(chance.randrange(1, 400), second - first)
    pieces = content[first : first + size], content[second : second + size]
    return content[:first] + pieces[1] + content[first + size : second] + pieces[0] + content[second + size :]


def spoil_header(content: bytes, chance: random.Random) -> bytes:
    """Write another number into a header of the zip: sizes, check sums, flags, offsets."""
    marks = [match.start() for match in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", content)]
    at = chance.choice(marks) + chance.randrange(4, 30)
    odd = chance.choice((b"\0", b"\xff", b"\x01", chance.randbytes(1))) * chance.choice((1, 2, 4))
    return content[:at] + odd + content[at + len(odd) :]


_BYTE_BREAKS = (flip, flip, cut, double, swap, spoil_header, spoil_header)


# Parts of a package that stays whole


def _within(change: Callable[[bytes, random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:
    def changed(content: bytes, chance: random.Random) -> bytes:
        parts = _parts(content)
        name = _any_part(parts, chance)
        return _zipped(parts | {name: change(parts[name], chance)})

    return changed


def _any_part(parts: Mapping[str, bytes], chance: random.Random) -> str:
    """Return a part with XML: sheets and strings more often than others."""
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    weights = [6 if "worksheets/sheet" in name or "sharedStrings" in name else 1 for name in names]
    return chance.choices(names, weights)[0]


def _tag(xml: bytes, chance: random.Random) -> re.Match[bytes]:
    found = list(_TAG.finditer(xml))
    return chance.choice(found)


def drop_tag(xml: bytes, chance: random.Random) -> bytes:
    """Leave a tag out."""
    tag = _tag(xml, chance)
    return xml[: tag.start()] + xml[tag.end() :]


def rename_tag(xml: bytes, chance: random.Random) -> bytes:
    """Give all elements of one name another, mostly one that exists."""
    names = sorted({match[2] for match in _TAG.finditer(xml)})
    old, new = chance.choice(names), chance.choice([*names, b"x", b"c", b"v", b"row"])
    return re.sub(
        rb"(</?)" + re.escape(old) + rb"(?=[\s/>])", rb"\g<1>" + new, xml, count=chance.choice((0, 2))
    )


def edit_attribute(xml: bytes, chance: random.Random) -> bytes:
    """Write another value into an attribute, odd or taken from elsewhere."""
    found = list(_ATTRIBUTE.finditer(xml))
    one = chance.choice(found)
    value = chance.choice([*_ODD_VALUES, chance.choice(found)[2]])
    return xml[: one.start(2)] + value + xml[one.end(2) :]


def drop_attribute(xml: bytes, chance: random.Random) -> bytes:
    """Leave an attribute out."""
    one = chance.choice(list(_ATTRIBUTE.finditer(xml)))
    return xml[: one.start()] + xml[one.end() :]


def add_attribute(xml: bytes, chance: random.Random) -> bytes:
    """Add an attribute that means something, where it may mean nothing."""
    tag = _tag(xml, chance)
    known = (
        b't="e"',
        b't="s"',
        b't="str"',
        b't="b"',
        b's="3"',
        b'hidden="1"',
        b'r="B7"',
        b'xml:space="preserve"',
    )
    return xml[: tag.end(2)] + b" " + chance.choice(known) + xml[tag.end(2) :]


def edit_text(xml: bytes, chance: random.Random) -> bytes:
    """Write another text between two tags."""
    one = chance.choice(list(re.finditer(rb">([^<]*)<", xml)))
    return xml[: one.start(1)] + chance.choice(_ODD_TEXTS) + xml[one.end(1) :]


def _element(xml: bytes, chance: random.Random) -> tuple[int, int]:
    """Return where an element with its end begins and ends."""
    names = sorted(
        {match[2] for match in _TAG.finditer(xml)} & {b"c", b"row", b"si", b"sheet", b"Relationship", b"v"}
    )
    name = re.escape(chance.choice(names))
    one = chance.choice(
        list(re.finditer(rb"<" + name + rb"(?:\s[^<>]*)?(?:/>|>.*?</" + name + rb">)", xml, re.DOTALL))
    )
    return one.start(), one.end()


def double_element(xml: bytes, chance: random.Random) -> bytes:
    """Repeat a cell, a row, a string, a sheet, a relationship."""
    start, end = _element(xml, chance)
    return xml[:end] + xml[start:end] + xml[end:]


def drop_element(xml: bytes, chance: random.Random) -> bytes:
    """Leave one out."""
    start, end = _element(xml, chance)
    return xml[:start] + xml[end:]


def swap_elements(xml: bytes, chance: random.Random) -> bytes:
    """Exchange two."""
    (start, end), (other, last) = sorted((_element(xml, chance), _element(xml, chance)))
    if end > other:
        return xml
    return xml[:start] + xml[other:last] + xml[end:other] + xml[start:end] + xml[last:]


def flip_xml(xml: bytes, chance: random.Random) -> bytes:
    """Turn a bit of the XML, in a package whose check sums are right."""
    return flip(xml, chance)


def change_namespace(xml: bytes, chance: random.Random) -> bytes:
    """Change a letter of a namespace."""
    one = chance.choice(list(re.finditer(rb'xmlns(?::\w+)?="([^"]+)"', xml)))
    at = chance.randrange(one.start(1), one.end(1))
    return xml[:at] + b"x" + xml[at + 1 :]


def empty_part(_: bytes, chance: random.Random) -> bytes:
    """Leave nothing of a part, or next to nothing."""
    return chance.choice((b"", b" ", b"<x/>", b'<?xml version="1.0"?>'))


def drop_part(content: bytes, chance: random.Random) -> bytes:
    """Leave a part out."""
    parts = _parts(content)
    del parts[_any_part(parts, chance)]
    return _zipped(parts)


def rename_part(content: bytes, chance: random.Random) -> bytes:
    """Put a part under another name, or under a second one that differs in case."""
    parts = _parts(content)
    name = _any_part(parts, chance)
    parts[chance.choice((name.upper(), name.swapcase(), name + "x", "xl/" + name))] = parts[name]
    return _zipped(parts)


def exchange_parts(content: bytes, chance: random.Random) -> bytes:
    """Put two parts under each other's names."""
    parts = _parts(content)
    first, second = _any_part(parts, chance), _any_part(parts, chance)
    return _zipped(parts | {first: parts[second], second: parts[first]})


_PART_BREAKS = (
    *(
        _within(change)
        for change in (
            drop_tag, rename_tag, edit_attribute, edit_attribute, edit_attribute, drop_attribute, drop_attribute,
            add_attribute, edit_text, edit_text, edit_text, double_element, drop_element, swap_elements, flip_xml,
            change_namespace, empty_part,
        )
    ),
    drop_part, rename_part, exchange_parts,
)  # fmt: skip


def _parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2025, 11, 15, 8, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return memory.getvalue()
