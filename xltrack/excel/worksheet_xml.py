"""The XML of a worksheet, edited around its rows: those are never parsed, and stay byte for byte as they were."""

import re
from collections.abc import Iterable, Mapping
from xml.parsers import expat

from lxml import etree

from xltrack.excel.opc import CUSTOMARY, MAIN, Element, PackageError, parse, serialise

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing",
)  # fmt: skip
"""The children of a worksheet in the order that ISO/IEC 29500-1, 18.3.1.99 demands, as far as we add to them."""
_HOLE = "xltrack-rows"
_PIECE = 2**16
"""Bytes that are parsed at a time to find the rows."""
_NAME = re.compile(rb"[^\s/>]+")
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=["']([^"']*)""")


class WorksheetXml:
    """A worksheet whose frame, all but its rows, can be changed through `root`.

    The element of its rows lies in `xml` (UTF-8) from the first to the second offset of `span`; `rows`, if given, are
    other ones in pieces.
    """

    def __init__(self, xml: bytes) -> None:
        """Take the rows out of `xml`; raises PackageError for what is no worksheet."""
        self.xml = as_utf_8(xml)
        self.span = start, end = _span_of_rows(self.xml)
        self.rows: Iterable[bytes] | None = None
        self.root = parse(self.xml[:start] + f"<?{_HOLE}?>".encode() + self.xml[end:])
        holes = [node for node in self.root.iter(etree.PI) if node.target == _HOLE]  # type: ignore[attr-defined]
        if len(holes) != 1 or holes[0].getparent() is not self.root:
            raise PackageError("the rows of a worksheet are not where they belong")
        self._hole = holes[0]
        self._untouched = serialise(self.root)

    @property
    def is_changed(self) -> bool:
        """Return whether the frame is another than it was."""
        return serialise(self.root) != self._untouched

    def find(self, tag: str) -> Element | None:
        """Return the first child `tag`."""
        return self.root.find(f"{{{MAIN}}}{tag}")

    def all(self, tag: str) -> list[Element]:
        """Return the children `tag`."""
        return self.root.findall(f"{{{MAIN}}}{tag}")

    def insert(self, tag: str, attributes: Mapping[str, str]) -> Element:
        """Add a child `tag` where it belongs, before others of the same name; return it."""
        before = {f"{{{MAIN}}}{name}" for name in _ORDER[: _ORDER.index(tag)]}
        place = max(at for at, child in enumerate(self.root, 1) if child.tag in before or child is self._hole)
        child = etree.Element(f"{{{MAIN}}}{tag}", dict(attributes), nsmap=CUSTOMARY)
        self.root.insert(place, child)
        return child

    def to_bytes(self) -> bytes:
        """Return the whole worksheet."""
        head, tail = self.around()
        return b"".join((head, *([self.xml[slice(*self.span)]] if self.rows is None else self.rows), tail))

    def around(self) -> tuple[bytes, bytes]:
        """Return what stands before the rows and what behind them."""
        head, _, tail = serialise(self.root).partition(f"<?{_HOLE}?>".encode())
        return head, tail


def as_utf_8(xml: bytes) -> bytes:
    """Return `xml` in UTF-8, whatever its encoding."""
    return xml if _is_utf_8(xml) else serialise(parse(xml))


def _is_utf_8(xml: bytes) -> bool:
    named = _ENCODING.match(xml)
    if named:
        return named[1].lower() in (b"utf-8", b"us-ascii")
    return not xml.startswith((b"\xff\xfe", b"\xfe\xff"))


def _span_of_rows(xml: bytes) -> tuple[int, int]:
    """Return where `sheetData` begins and ends in `xml`."""
    found: list[int] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    wanted = f"{MAIN} sheetData"

    def start(name: str, _: object) -> None:
        if name == wanted:
            found.append(parser.CurrentByteIndex)
            parser.StartElementHandler = None
            end_tag = b"</" + _NAME.match(xml, found[0] + 1)[0]  # type: ignore[index]  # expat found the element
            if b"<!" not in xml and end_tag in xml:  # else only a parser can tell the end
                found.append(xml.rindex(end_tag))
            else:
                parser.EndElementHandler = end

    def end(name: str) -> None:
        if name == wanted:
            found.append(parser.CurrentByteIndex)
            parser.EndElementHandler = None

    parser.StartElementHandler = start
    try:
        for at in range(0, len(xml), _PIECE):
            if len(found) < 2:  # what comes then is not looked at: rows are many
                parser.Parse(xml[at : at + _PIECE], at + _PIECE >= len(xml))
    except expat.ExpatError as failure:
        raise PackageError(str(failure)) from failure
    if len(found) != 2:
        raise PackageError("a worksheet has no rows")
    begin, finish = found
    return begin, xml.index(b">", finish if xml.startswith(b"</", finish) else begin) + 1
