"""Edits the package of a workbook: its parts, their content types and relationships; the rest stays as it was."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from xltrack.excel.packed import Packed, Piece, as_it_lies, packed, put, together

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CUSTOMARY = {"r": OFFICE}
"""The prefix that everybody gives to ids of relationships; some programs know no other."""
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_RELATIONSHIPS = f'<Relationships xmlns="{_RELATIONSHIPS}"/>'.encode()
_LISTING = "[Content_Types].xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can name: new parts bear it, so that the same edit gives the same bytes."""

Element = etree._Element  # noqa: SLF001  # the only name lxml has for it


class PackageError(Exception):
    """The package is not built as Office Open XML demands; the text says how."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship: its id, its type (an address), and the part it leads to, None for a place outside."""

    id: str
    type: str
    target: str | None

    @property
    def kind(self) -> str:
        """Return the last word of the type: "worksheet", "comments"."""
        return self.type.rpartition("/")[2]


class Package:
    """An Office Open XML package (ISO/IEC 29500-2) that is being edited.

    Parts are named without a leading slash, in any case. Untouched parts keep their content, order and date.
    """

    def __init__(self, content: bytes) -> None:
        """Open the package `content`; raises zipfile.BadZipFile."""
        self._bytes = content
        self._zip = zipfile.ZipFile(BytesIO(content))
        self._entries = {_folded(entry.filename): entry for entry in self._zip.infolist()}
        self._changed: dict[str, bytes | Packed | None] = {}
        self._new: dict[str, str] = {}

    def __contains__(self, part: str) -> bool:
        """Return whether there is such a part."""
        key = _folded(part)
        return self._changed.get(key, b"") is not None and (key in self._entries or key in self._new)

    def read(self, part: str) -> bytes:
        """Return the content of `part`; raises PackageError if there is none."""
        if part not in self:
            raise PackageError(f"there is no part {part}")
        changed = self._changed.get(_folded(part))
        if changed is None:
            return self._zip.read(self._entries[_folded(part)])
        return changed.unpacked() if isinstance(changed, Packed) else changed

    def tree(self, part: str) -> Element:
        """Return the root element of `part`, parsed afresh; hand it to `write_tree` to change the part."""
        return parse(self.read(part))

    def write(self, part: str, content: bytes) -> None:
        """Give `part` another content, or make it."""
        self._keep(part, content)

    def write_pieces(self, part: str, pieces: Iterable[bytes | Piece]) -> None:
        """Give `part` the content that `pieces` make together, which is kept packed: rows are large and all alike."""
        self._keep(part, together(pieces))

    def write_tree(self, part: str, root: Element) -> None:
        """Give `part` the content `root`."""
        self.write(part, serialise(root))

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Make a part and return its name: `pattern` with the first number that is free ("xl/comments{}.xml")."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        part = pattern.format(number)
        self.write(part, content)
        self._declare(part, content_type)
        return part

    def leave(self, part: str, target: str) -> None:
        """Take away the relationship that leads from `part` to `target`, and `target` if no other leads there."""
        listing = _relationships_of(part)
        root, folder = self._relationships(listing), posixpath.dirname(part)
        for entry in root.findall("{*}Relationship"):
            if _folded(_relation(entry, folder).target or "") == _folded(target):
                root.remove(entry)
        self.write_tree(listing, root)
        if _folded(target) not in {_folded(one.target) for one in self._all_relations() if one.target}:
            self._drop(target)

    def _drop(self, part: str) -> None:
        """Take `part` away, and every part that only it led to."""
        for relation in self.relations(part):
            if relation.target and relation.target in self:
                self.leave(part, relation.target)
        for gone in (part, _relationships_of(part)):
            self._changed[_folded(gone)] = None
            self._undeclare(gone)

    def main(self) -> str:
        """Return the name of the main part, the workbook; raises PackageError."""
        for relation in self.relations(""):
            if relation.kind == "officeDocument" and relation.target:
                return relation.target
        raise PackageError("there is no main part")

    def relations(self, part: str) -> list[Relation]:
        """Return the relationships of `part` ("" for the package)."""
        root, folder = self._relationships(_relationships_of(part)), posixpath.dirname(part)
        return [_relation(entry, folder) for entry in root.iterchildren("*")]

    def related(self, part: str, kind: str) -> str | None:
        """Return the part that `part` leads to by its first relationship of that kind, if there is one."""
        found = (one.target for one in self.relations(part) if one.kind == kind)
        return next((target for target in found if target and target in self), None)

    def relate(self, part: str, type_: str, target: str) -> str:
        """Lead from `part` to `target`; return the id of the new relationship."""
        listing = _relationships_of(part)
        root = self._relationships(listing)
        taken = {entry.get("Id") for entry in root}
        number = len(root) + 1
        while f"rId{number}" in taken:
            number += 1
        way = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(part)}")
        new = {"Id": f"rId{number}", "Type": type_, "Target": way}
        etree.SubElement(root, f"{{{_RELATIONSHIPS}}}Relationship", new)
        self.write_tree(listing, root)
        return new["Id"]

    def is_changed(self, part: str) -> bool:
        """Return whether `part` was written or taken away since the package was opened."""
        return _folded(part) in self._changed

    def names(self) -> Iterator[str]:
        """Yield the names of all parts."""
        known = (entry.filename for entry in self._entries.values())
        yield from (name for name in (*known, *self._new.values()) if name in self)

    def checksums(self) -> dict[str, int]:
        """Return the checksum (CRC-32) of each part as it is now, by its name."""
        return {name: self._checksum(_folded(name)) for name in self.names()}

    def _checksum(self, key: str) -> int:
        changed = self._changed.get(key)
        if changed is None:
            return self._entries[key].CRC
        return changed.checksum if isinstance(changed, Packed) else zlib.crc32(changed)

    def to_bytes(self) -> bytes:
        """Return the package as it is now."""
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as target:
            for key, entry in self._entries.items():
                if self._changed.get(key, b"") is not None:
                    put(target, content, zipfile.ZipInfo(entry.filename, entry.date_time), self._packed(key))
            for key, name in self._new.items():
                if name in self:
                    put(target, content, zipfile.ZipInfo(name, _FIRST_DAY), self._packed(key))
        return content.getvalue()

    def _keep(self, part: str, content: bytes | Packed) -> None:
        key = _folded(part)
        if key not in self._entries:
            self._new.setdefault(key, part)
        self._changed[key] = content

    def _packed(self, key: str) -> Packed:
        changed = self._changed.get(key)
        if isinstance(changed, Packed):
            return changed
        if changed is not None:
            return packed(changed)
        self._zip.read(self._entries[key])  # raises BadZipFile for what does not unpack to what it should be
        return as_it_lies(self._bytes, self._entries[key])

    def _relationships(self, listing: str) -> Element:
        """Return the root of a part of relationships, an empty one where there is none."""
        root = self.tree(listing) if listing in self else parse(_NO_RELATIONSHIPS)
        if root.tag != f"{{{_RELATIONSHIPS}}}Relationships":
            raise PackageError(f"{listing} holds no relationships")
        return root

    def _all_relations(self) -> Iterator[Relation]:
        for name in list(self.names()):
            folder, _, file = name.rpartition("/")
            if file.casefold().endswith(".rels") and posixpath.basename(folder) == "_rels":
                yield from self.relations(posixpath.join(posixpath.dirname(folder), file[: -len(".rels")]))

    def _declare(self, part: str, content_type: str) -> None:
        root = self.tree(_LISTING)
        new = {"PartName": f"/{part}", "ContentType": content_type}
        etree.SubElement(root, f"{{{_TYPES}}}Override", new)
        self.write_tree(_LISTING, root)

    def _undeclare(self, part: str) -> None:
        root = self.tree(_LISTING)
        for entry in [entry for entry in root if _folded(entry.get("PartName") or "") == _folded(part)]:
            root.remove(entry)
        self.write_tree(_LISTING, root)


def parse(xml: bytes) -> Element:
    """Return the root of `xml`; entities are not resolved, a DTD is refused with PackageError."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs lack it
        raise PackageError("a part declares a DTD")
    return root


def serialise(root: Element) -> bytes:
    """Return the XML of the part whose root is `root`."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _folded(part: str) -> str:
    """Return the name by which a part is found: names differ neither by case nor by a leading slash."""
    return part.replace("\\", "/").lstrip("/").casefold()


def _relationships_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(entry: Element, folder: str) -> Relation:
    id_, type_, target = (entry.get(name) or "" for name in ("Id", "Type", "Target"))
    if entry.get("TargetMode") == "External":
        return Relation(id_, type_, None)
    return Relation(id_, type_, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
