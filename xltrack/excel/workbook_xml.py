"""The main part of a workbook: which sheets there are, in which order, and the names that depend on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from xltrack.excel.opc import CUSTOMARY, MAIN, OFFICE, Element, Package, PackageError

_ID = f"{{{OFFICE}}}id"
_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet: its tab, its part, and the kind of the part ("worksheet", "chartsheet")."""

    tab: str
    part: str
    kind: str


class WorkbookXml:
    """The workbook of `package`; `save` puts it back."""

    def __init__(self, package: Package) -> None:
        """Open it; raises PackageError for what is no workbook of the transitional kind."""
        self._package = package
        self.part = package.main()
        self._root = package.tree(self.part)
        sheets = self._root.find(f"{{{MAIN}}}sheets")
        if sheets is None:
            raise PackageError("the main part has no sheets")
        self._sheets = sheets
        if "conformance" in self._root.attrib:  # to the strict form, of which this is none (any more)
            del self._root.attrib["conformance"]

    @property
    def tabs(self) -> list[str]:
        """Return the tabs of all sheets, those that lead nowhere too."""
        return [entry.get("name") or "" for entry in self._sheets]

    @property
    def sheets(self) -> list[SheetPart]:
        """Return the sheets that there are, in their order."""
        leads = {one.id: one for one in self._package.relations(self.part)}
        found = ((entry.get("name") or "", leads.get(entry.get(_ID) or "")) for entry in self._sheets)
        return [
            SheetPart(tab, to.target, to.kind)
            for tab, to in found
            if to and to.target and to.target in self._package
        ]

    def remove(self, sheet: SheetPart) -> None:
        """Take `sheet` out of the workbook, with the names that belong to it."""
        with_names = _Numbered(self._sheets, self._names())
        for entry in [entry for entry in self._sheets if entry.get("name") == sheet.tab]:
            self._sheets.remove(entry)
        with_names.renumber()
        self._package.leave(self.part, sheet.part)

    def insert_first(self, tab: str, content: bytes) -> None:
        """Put a worksheet before all others, and have the workbook open with it."""
        part = self._package.add("xl/worksheets/sheet{}.xml", content, _WORKSHEET_TYPE)
        number = max((int(entry.get("sheetId") or 0) for entry in self._sheets), default=0) + 1
        with_names = _Numbered(self._sheets, self._names())
        id_ = self._package.relate(self.part, f"{OFFICE}/worksheet", part)
        facts = {"name": tab, "sheetId": str(number), _ID: id_}
        entry = etree.Element(f"{{{MAIN}}}sheet", facts, nsmap=CUSTOMARY)
        self._sheets.insert(0, entry)
        with_names.renumber()
        for view in self._root.iter(f"{{{MAIN}}}workbookView"):
            for attribute in ("activeTab", "firstSheet"):
                if attribute in view.attrib:
                    del view.attrib[attribute]

    def name(self, name: str, refers_to: str, *, is_hidden: bool = False) -> None:
        """Give a name to cells of the first sheet."""
        parent = self._root.find(f"{{{MAIN}}}definedNames")
        if parent is None:
            before = {f"{{{MAIN}}}{tag}" for tag in _BEFORE_NAMES}
            place = max(at for at, child in enumerate(self._root, 1) if child.tag in before)
            parent = etree.Element(f"{{{MAIN}}}definedNames")
            self._root.insert(place, parent)
        attributes = {"name": name, "localSheetId": "0"} | ({"hidden": "1"} if is_hidden else {})
        etree.SubElement(parent, f"{{{MAIN}}}definedName", attributes).text = refers_to

    def save(self) -> None:
        """Put the part back into the package."""
        names = self._root.find(f"{{{MAIN}}}definedNames")
        if names is not None and not len(names):
            self._root.remove(names)
        self._package.write_tree(self.part, self._root)

    def _names(self) -> list[Element]:
        return list(self._root.iter(f"{{{MAIN}}}definedName"))


class _Numbered:
    """Names that belong to one sheet say which by its number: kept right while sheets come and go."""

    def __init__(self, sheets: Element, names: list[Element]) -> None:
        known = dict(enumerate(sheets))
        self._sheets = sheets
        self._owners = [
            (name, known.get(int(name.get("localSheetId") or -1)))
            for name in names
            if name.get("localSheetId")
        ]

    def renumber(self) -> None:
        numbers = {entry: number for number, entry in enumerate(self._sheets)}
        for name, owner in self._owners:
            parent = name.getparent()
            if owner in numbers:
                name.set("localSheetId", str(numbers[owner]))
            elif owner is not None and parent is not None:
                parent.remove(name)


def shared_texts(package: Package) -> list[str]:
    """Return the shared texts of a workbook by their numbers (sharedStrings, ISO/IEC 29500-1, 18.4.9)."""
    part = package.related(package.main(), "sharedStrings")
    items = package.tree(part).iterchildren(f"{{{MAIN}}}si") if part else ()
    return ["".join(map(str, item.itertext())) for item in items]


def text_of(cell: Element, texts: Sequence[str]) -> str:
    """Return what a `cell` holds, the shared `texts` of its workbook given."""
    text = "".join(map(str, cell.itertext()))
    return texts[int(text)] if cell.get("t") == "s" else text
