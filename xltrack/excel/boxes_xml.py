"""The boxes of notes, in the older drawing language (VML) that Excel still keeps them in."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from xltrack.excel.note_box import Measures, height_of
from xltrack.excel.opc import OFFICE, Element, Package, parse
from xltrack.excel.spots import Spot, spot_of
from xltrack.excel.worksheet_xml import WorksheetXml

_VML_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_V, _O, _X = (f"urn:schemas-microsoft-com:{name}" for name in ("vml", "office:office", "office:excel"))
_NAMESPACES: Final = f'xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}"'
_BLOCK: Final = 1024
"""Ids of shapes are given out in blocks of so many, each to one part of the whole workbook; Excel repairs files
whose parts share one (ISO/IEC 29500-4, 20.1.2.14: idmap)."""
_BLOCKS: Final = re.compile(rb"""<\w+:idmap\b[^>]*?\bdata=["']([\d, ]+)""")
_LAYOUT: Final = f'<o:shapelayout {_NAMESPACES} v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout>'
_SHAPE_TYPE: Final = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE: Final = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:250pt;height:{high}pt;z-index:{order};visibility:hidden" fillcolor="{colour}" o:insetmode="auto">'
    '<v:fill color2="{colour}"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_PREPARATIONS: Final = (f"{{{_O}}}shapelayout", f"{{{_V}}}shapetype")
"""What stands in a part before anything is drawn."""
_NEUTRAL: Final = "#FFFFE1"
_SHAPE_ID: Final = re.compile(rb"_x0000_s(\d{1,9})\b")
_RELATION_ID: Final = f"{{{OFFICE}}}id"


class BoxesXml:
    """The boxes of the notes of the worksheet in `part`; other things drawn in the same part are left alone."""

    def __init__(self, package: Package, part: str, sheet: WorksheetXml) -> None:
        """Open the boxes; raises XMLSyntaxError where the part cannot be read."""
        self._package, self._sheet, self._sheet_part = package, sheet, part
        self._part = self._find()
        self._root = (
            _parse(package.read(self._part)) if self._part else parse(f"<xml {_NAMESPACES}/>".encode())
        )
        self._boxes = dict(_boxes_in(self._root))
        self._asked: dict[Spot, tuple[int, str]] = {}

    def remove(self, ref: str) -> None:
        """Take away the box of the note at `ref`."""
        box = self._boxes.pop(spot_of(ref) or (-1, -1), None)
        parent = None if box is None else box.getparent()
        if box is not None and parent is not None:
            parent.remove(box)

    def put(self, ref: str, text: str, colour: str) -> None:
        """Ask for a box at `ref` that is large enough for `text`; a new one gets the `colour`."""
        spot = spot_of(ref)
        if spot is not None:
            self._asked[spot] = height_of(text), colour

    def save(self, refs: Iterable[str]) -> None:
        """Give every note of `refs` a box, and put the part back; it goes when it holds nothing any more."""
        spots = {spot for spot in map(spot_of, refs) if spot}
        measures = Measures(self._sheet)
        for spot in spots & self._asked.keys() & self._boxes.keys():
            _resize(self._boxes[spot], measures.anchor(spot[1], spot[0], self._asked[spot][0]))
        self._add(sorted(spots - self._boxes.keys()), measures)
        if self._part is None and self._boxes:
            self._part = self._package.add("xl/drawings/vmlDrawing{}.vml", b"", _VML_TYPE)
            id_ = self._package.relate(self._sheet_part, f"{OFFICE}/vmlDrawing", self._part)
            self._sheet.insert("legacyDrawing", {_RELATION_ID: id_})
        if self._part is not None:
            self._package.write(self._part, etree.tostring(self._root, encoding="UTF-8"))
            if all(child.tag in _PREPARATIONS for child in self._root.iterchildren("*")):
                self._give_up(self._part)

    def _add(self, spots: list[Spot], measures: Measures) -> None:
        if not spots:
            return
        ids = self._free_ids()
        shapes = []
        for order, spot in enumerate(spots, len(self._boxes) + 1):
            high, colour = self._asked.get(spot, (height_of(""), _NEUTRAL))
            anchor = measures.anchor(spot[1], spot[0], high)
            facts = {
                "id": next(ids),
                "order": order,
                "high": high * 3 // 4,
                "colour": colour,
                "anchor": anchor,
            }
            shapes.append(_SHAPE.format(row=spot[0], column=spot[1], **facts))
        if self._root.find(f".//{{{_V}}}shapetype[@id='_x0000_t202']") is None:
            shapes.insert(0, _SHAPE_TYPE)
        self._root.extend(parse(f"<xml {_NAMESPACES}>{''.join(shapes)}</xml>".encode()))
        self._boxes = dict(_boxes_in(self._root))

    def _free_ids(self) -> Iterator[int]:
        """Yield ids that no shape has: first from the blocks of this part, then from new blocks, entered in it."""
        used = _ids_in(etree.tostring(self._root))
        layout = self._root.find(f".//{{{_O}}}idmap")
        if layout is None:
            self._root.insert(0, parse(_LAYOUT.encode()))
            layout = self._root[0][0]
        own = [int(block) for block in (layout.get("data") or "").split(",") if block.strip().isdecimal()]
        for block in own:
            yield from sorted(set(_ids_of(block)) - used)
        block = max([0, *own, *(one // _BLOCK for one in used), *self._blocks_elsewhere()])
        while True:
            block += 1
            own.append(block)
            layout.set("data", ",".join(map(str, own)))
            yield from _ids_of(block)

    def _blocks_elsewhere(self) -> Iterator[int]:
        """Yield the blocks that other parts claim, and those of ids that they use without a claim."""
        for name in self._package.names():
            if name.casefold().endswith(".vml"):
                vml = self._package.read(name)
                for blocks in _BLOCKS.findall(vml):
                    yield from (int(block) for block in blocks.split(b",") if block.strip().isdigit())
                yield from (one // _BLOCK for one in _ids_in(vml))

    def _find(self) -> str | None:
        drawing = self._sheet.find("legacyDrawing")
        id_ = None if drawing is None else drawing.get(_RELATION_ID)
        found = (one.target for one in self._package.relations(self._sheet_part) if one.id == id_)
        return next((target for target in found if target and target in self._package), None)

    def _give_up(self, part: str) -> None:
        drawing = self._sheet.find("legacyDrawing")
        if drawing is not None:
            self._sheet.root.remove(drawing)
        self._package.leave(self._sheet_part, part)


def _parse(vml: bytes) -> Element:
    """Return the root of `vml`; Excel writes line breaks in it that are no XML."""
    try:
        return parse(vml)
    except etree.XMLSyntaxError:
        return parse(re.sub(rb"<br\s*>", b"<br/>", vml))


def _boxes_in(root: Element) -> Iterator[tuple[Spot, Element]]:
    for data in root.iter(f"{{{_X}}}ClientData"):
        row, column = (data.findtext(f"{{{_X}}}{name}") or "" for name in ("Row", "Column"))
        box = data.getparent()
        if (
            data.get("ObjectType") == "Note"
            and row.strip().isdecimal()
            and column.strip().isdecimal()
            and box is not None
        ):
            yield (int(row), int(column)), box


def _resize(box: Element, anchor: str) -> None:
    place = box.find(f".//{{{_X}}}Anchor")
    if place is not None:
        place.text = anchor


def _ids_in(vml: bytes) -> set[int]:
    return {int(number) for number in _SHAPE_ID.findall(vml)}


def _ids_of(block: int) -> range:
    return range(block * _BLOCK + 1, (block + 1) * _BLOCK)
