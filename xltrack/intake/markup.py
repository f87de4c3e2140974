"""Reads XML that may be hostile."""

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Final
from xml.parsers import expat

from xltrack.intake.model import Refused, damaged, overgrown, unusual

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DEPTH: Final = 64
# Parsers keep every name for ever, and copy the name of its space to every element.
NAMES: Final = 4_096
SPACE_LETTERS: Final = 256
TOKEN_BYTES: Final = 4 * 2**20
_DOCTYPE: Final = b"<!DOCTYPE"
_FIRST: Final = 2**12
_CHUNK: Final = 2**20
_ENCODINGS: Final = {"utf-8", "utf8", "us-ascii", "ascii"}
_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"<\0": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\0<": "utf-16-be"}
_UTF16_BYTES: Final = 16 * 2**20
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_STRICT_TAG: Final = re.compile(rb"<[^<>]*http://purl\.oclc\.org/ooxml/[^<>]*>")
_STRICT_NAME: Final = re.compile(
    rb"""((?:xmlns(?::[\w.-]+)?|Type)\s*=\s*["'])http://purl\.oclc\.org/ooxml/(\w+)/"""
)
# Half characters and U+FFFF are none: readers leave them as they stand.
_ESCAPE: Final = re.compile(r"_x(?![Dd][89A-Fa-f]|[Ff]{3}[EeFf])([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile("&(?:([a-z]+)|#([0-9]+)|#x([0-9a-fA-F]+));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

Start = Callable[[str, dict[str, str]], None]
Characters = Callable[[str], None]
End = Callable[[str], None]


def parse(
    xml: bytes, start: Start | None = None, characters: Characters | None = None, end: End | None = None
) -> None:
    """Run expat over `xml`, names as "namespace local"; raises Refused.

    Refused is XML that is not well formed to its end, declares a DTD, or is built to exhaust the memory: nested
    without end, or with names without number.
    """
    parser = _parser(start, characters, end)
    parser.XmlDeclHandler = _check_declaration
    try:
        _feed(parser, xml)
    except (expat.ExpatError, UnicodeError) as failure:
        raise _broken(failure) from failure


def require_harmless(xml: bytes) -> None:
    """Raise Refused for XML that declares a DTD or is built to exhaust the memory.

    It may be broken or in whatever encoding: it is data of another program, and nothing here reads it.
    """
    try:
        _feed(_parser(None, None, None), xml)
    except (expat.ExpatError, ValueError, LookupError):
        if _DOCTYPE in xml:
            _refuse_doctype()


def _parser(start: Start | None, characters: Characters | None, end: End | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = _CHUNK  # a text in small pieces would be put together again and again
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartNamespaceDeclHandler = _check_space
    parser.StartElementHandler, parser.EndElementHandler = _nested(start, end)
    parser.CharacterDataHandler = characters
    return parser


def _feed(parser: expat.XMLParserType, xml: bytes) -> None:
    view = memoryview(xml)
    # A piece is gone through to its end, even if a handler has raised: who wants the outermost element has it early.
    for at, end in pairwise((0, *range(_FIRST, len(xml), _CHUNK), len(xml))):
        parser.Parse(view[at:end], False)
        _check_size(parser, at)
    parser.Parse(b"", True)


def root_of(xml: bytes) -> str:
    """Return the name of the outermost element as "namespace local"; raises Refused."""
    found: list[str] = []

    def start(element: str, _: dict[str, str]) -> None:
        found.append(element)
        raise StopIteration

    with suppress(StopIteration):
        parse(xml, start)
    return found[0]


def make_usual(parts: dict[str, bytes]) -> None:
    """Turn `parts` into UTF-8 and transitional names, in their place; raises Refused.

    UTF-16 is the one other encoding that a part may have. The strict form of ISO 29500 is the same but for the names
    of its namespaces.
    """
    for name, xml in parts.items():
        usual = _as_utf8(xml) if xml[:2] in _UTF16 else xml
        if _STRICT in usual:
            usual = _STRICT_TAG.sub(_with_usual_names, usual)
        if usual is not xml:
            parts[name] = usual


def decoded(text: str) -> str:
    """Return `text` of a cell with the escapes of ISO 29500 (`_x000D_`) resolved."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def resolved(text: str) -> str:
    """Return `text` with its references to characters resolved, all of which are such as XML knows by itself."""
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    named, decimal, hexadecimal = reference.groups()
    return _NAMED[named] if named else chr(int(decimal) if decimal else int(hexadecimal, 16))


def is_content(text: str) -> bool:
    """Return whether `text` of a cell is more than white space."""
    return bool(decoded(text).strip()) if "_x" in text else bool(text.strip())


def _with_usual_names(tag: re.Match[bytes]) -> bytes:
    return _STRICT_NAME.sub(rb"\1http://schemas.openxmlformats.org/\2/2006/", tag[0])


def _as_utf8(xml: bytes) -> bytes:
    if len(xml) > _UTF16_BYTES:
        raise overgrown(
            f"hơn {_UTF16_BYTES >> 20} MB ở bảng mã UTF-16", f"more than {_UTF16_BYTES >> 20} MB in UTF-16"
        )
    try:
        text = xml.decode(_UTF16[xml[:2]]).removeprefix("\ufeff")
    except UnicodeDecodeError as failure:
        raise _broken(failure) from failure
    return _DECLARATION.sub("", text).encode()


def _nested(start: Start | None, end: End | None) -> tuple[Start, End]:
    """Return handlers that count how deep elements are nested, and hand on to `start` and `end`."""
    depth = 0

    def opened(element: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise unusual("nội dung lồng nhau quá sâu", "its XML is nested too deep")
        if start is not None:
            start(element, attributes)

    def closed(element: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(element)

    return opened, closed


def _check_size(parser: expat.XMLParserType, fed: int) -> None:
    """Raise Refused for what `parser` keeps in its memory after about `fed` bytes: names, or a thing without end."""
    if len(parser.intern) > NAMES:
        raise unusual(f"hơn {NAMES} tên trong nội dung XML", f"more than {NAMES} names in its XML")
    if fed - parser.CurrentByteIndex > TOKEN_BYTES:
        raise unusual("một thẻ hoặc ghi chú XML quá dài", "a tag or remark in its XML is too long")


def _check_declaration(version: str, encoding: str | None, standalone: int) -> None:
    del standalone
    if version != "1.0":
        raise unusual(f"phiên bản XML lạ: {version}", f"an unusual version of XML: {version}")
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise unusual(f"bảng mã lạ: {encoding}", f"an unusual encoding: {encoding}")


def _broken(failure: Exception) -> Refused:
    return damaged("nội dung bị hỏng hoặc bị cắt", f"its XML is broken or cut off ({failure})")


def _refuse_doctype(*_: object) -> None:
    raise unusual(
        "tệp khai báo DTD, điều mà Excel không bao giờ làm", "it declares a DTD, which Excel never does"
    )


def _check_space(_: str | None, space: str | None) -> None:
    if space is not None and len(space) > SPACE_LETTERS:
        raise unusual("tên không gian XML quá dài", "the name of an XML namespace is too long")
