"""The notes on the cells of a worksheet: the part with their texts."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Final

from lxml import etree

from xltrack.excel.boxes_xml import BoxesXml
from xltrack.excel.opc import MAIN, OFFICE, Element, Package, parse
from xltrack.excel.spots import Spot, address_of
from xltrack.excel.strings_xml import xml_text
from xltrack.excel.worksheet_xml import WorksheetXml
from xltrack.findings.marking import Span, spans_of_ours

AUTHOR: Final = "xltrack"
LINE_LIMIT: Final = 1_000
"""Characters of one line of a note: more does not fit into any box."""
_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_NO_TEXTS: Final = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_FORMAT: Final = (
    f'<rPr xmlns="{MAIN}">{{}}<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'
)
_PLAIN, _BOLD = (parse(_FORMAT.format(marks).encode()) for marks in ("", "<b/>"))


@dataclass(frozen=True, slots=True)
class Note:
    """One note of ours: lines of its text, each bold or not, and the colour of its box ("#FFE2A8")."""

    spot: Spot
    lines: tuple[tuple[str, bool], ...]
    colour: str


class NotesXml:
    """The notes of the worksheet in `part`, whose XML is `sheet`; `save` puts them back."""

    def __init__(self, package: Package, part: str, sheet: WorksheetXml) -> None:
        """Open the notes; raises XMLSyntaxError where their boxes are written in a way that cannot be read."""
        self._package, self._part, self._sheet = package, part, sheet
        self._texts_part = package.related(part, "comments")
        self._texts = package.tree(self._texts_part) if self._texts_part else parse(_NO_TEXTS.encode())
        self._boxes = BoxesXml(package, part, sheet)
        self._notes = {note.get("ref") or "": note for note in self._texts.iter(f"{{{MAIN}}}comment")}
        thread = package.related(part, "threadedComment")
        self._threads = (
            {one.get("ref") for one in package.tree(thread).iterchildren("*")} if thread else set()
        )
        self._is_changed = False

    def is_thread(self, spot: Spot) -> bool:
        """Return whether people talk about the cell in a thread of comments, which programs show in place of a note."""
        return address_of(spot) in self._threads

    def remove_ours(self) -> None:
        """Take out what an earlier answer wrote; of notes that people wrote into, their part of the text stays."""
        for ref, note in list(self._notes.items()):
            if _cut_ours(note):
                self._is_changed = True
                if not _text_of(note).strip():
                    _remove(self._notes.pop(ref))
                    self._boxes.remove(ref)

    def add(self, notes: Iterable[Note]) -> None:
        """Put notes beside their cells; where there is a person's note, ours follows in the same box."""
        for note in notes:
            self._is_changed = True
            ref = address_of(note.spot)
            if ref not in self._notes:
                self._notes[ref] = self._new(ref)
            _write(self._notes[ref], note)
            self._boxes.put(ref, _text_of(self._notes[ref]), note.colour)

    def _new(self, ref: str) -> Element:
        author = _author(_child(self._texts, "authors", 0))
        attributes = {"ref": ref, "authorId": str(author), "shapeId": "0"}
        return etree.SubElement(_child(self._texts, "commentList", 1), f"{{{MAIN}}}comment", attributes)

    def save(self) -> None:
        """Put the notes back into the package if they were changed; parts that hold nothing any more go."""
        if not self._is_changed:
            return
        if self._texts_part is None:
            self._texts_part = self._package.add("xl/comments{}.xml", b"", _COMMENTS_TYPE)
            self._package.relate(self._part, f"{OFFICE}/comments", self._texts_part)
        self._package.write_tree(self._texts_part, self._texts)
        if not self._notes:
            self._package.leave(self._part, self._texts_part)
        self._boxes.save(self._notes)


def _cut_ours(note: Element) -> bool:
    """Take our part out of the text of `note`; return whether there was any."""
    spans = spans_of_ours(_text_of(note))
    for span in reversed(spans):
        _cut(note, span)
    return bool(spans)


def _cut(note: Element, span: Span) -> None:
    begin, end = span
    at = 0
    for piece in list(note.iter(f"{{{MAIN}}}t")):
        text = piece.text or ""
        piece.text = text[: max(begin - at, 0)] + text[max(end - at, 0) :]
        at += len(text)
        parent = piece.getparent()
        if not piece.text and parent is not None:
            _remove(parent if parent.tag == f"{{{MAIN}}}r" else piece)


def _text_of(note: Element) -> str:
    return "".join(piece.text or "" for piece in note.iter(f"{{{MAIN}}}t"))


def _write(note: Element, ours: Note) -> None:
    """Write our lines into `note`, below what stands in it."""
    text = note.find(f"{{{MAIN}}}text")
    if text is None:
        text = etree.SubElement(note, f"{{{MAIN}}}text")
        note.insert(0, text)
    for plain in text.findall(f"{{{MAIN}}}t"):  # text without a format cannot stand beside runs that have one
        text.replace(plain, run := etree.Element(f"{{{MAIN}}}r"))
        run.append(plain)
    gap = "\n\n" if _text_of(note) else ""
    for number, (line, is_bold) in enumerate(ours.lines):
        run = etree.SubElement(text, f"{{{MAIN}}}r")
        run.append(copy(_BOLD if is_bold else _PLAIN))
        words = etree.SubElement(run, f"{{{MAIN}}}t", {_SPACE: "preserve"})
        words.text = ("\n" if number else gap) + xml_text(line, LINE_LIMIT)


def _author(authors: Element) -> int:
    names = [author.text for author in authors]
    if AUTHOR not in names:
        names.append(AUTHOR)
        etree.SubElement(authors, f"{{{MAIN}}}author").text = AUTHOR
    return names.index(AUTHOR)


def _child(parent: Element, tag: str, place: int) -> Element:
    found = parent.find(f"{{{MAIN}}}{tag}")
    if found is None:
        found = etree.Element(f"{{{MAIN}}}{tag}")
        parent.insert(place, found)
    return found


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
