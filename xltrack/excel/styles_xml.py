"""The styles of a workbook: what is asked for is found among those there, or added behind them."""

from lxml import etree

from xltrack.excel.opc import MAIN, OFFICE, Element, Package, parse

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
)
_NONE = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "cellStyles": '<cellStyle name="Normal" xfId="0" builtinId="0"/>',
}
"""What a workbook without such a collection is taken to have; two fills are reserved (ISO/IEC 29500-1, 18.8.21)."""


class StylesXml:
    """The part for styles of `package`, made if it is missing; `save` puts it back."""

    def __init__(self, package: Package, workbook: str, styles_in_use: int) -> None:
        """Open the styles of `workbook`; a part that must be made has room for `styles_in_use` cell formats."""
        part = package.related(workbook, "styles")
        self._package = package
        self._known: dict[str, dict[tuple[object, ...], int]] = {}
        if part is None:
            self._root = parse(f'<styleSheet xmlns="{MAIN}"/>'.encode())
            # Some programs look for the part under its customary name only.
            name = "xl/styles{}.xml" if "xl/styles.xml" in package else "xl/styles.xml"
            part = package.add(name, b"", _TYPE)
            package.relate(workbook, f"{OFFICE}/styles", part)
            self._fill_up(styles_in_use)
        else:
            self._root = package.tree(part)
        self._part = part

    def save(self) -> None:
        """Put the part back into the package."""
        self._package.write_tree(self._part, self._root)

    def number(self, collection: str, xml: str) -> int:
        """Return the number of the entry `xml` ("<font>…</font>") in `collection` ("fonts")."""
        entry = etree.fromstring(f'<x xmlns="{MAIN}">{xml}</x>')[0]
        key = _key(entry)
        known = self._index(collection)
        if key not in known:
            parent = self._collection(collection)
            known[key] = sum(1 for _ in parent.iterchildren("*"))
            parent.append(entry)
            parent.set("count", str(known[key] + 1))
        return known[key]

    def xf(self, font: str, fill: str, border: str, more: str = "", alignment: str = "") -> int:
        """Return the number of the cell format made of these parts; `more` are further attributes."""
        numbers = f'fontId="{self.number("fonts", font)}" fillId="{self.number("fills", fill)}"'
        numbers += f' borderId="{self.number("borders", border)}"'
        applied = 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        parent = ' xfId="0"' if self._root.find(f"{{{MAIN}}}cellStyleXfs") is not None else ""
        xml = f'<xf numFmtId="0" {numbers}{parent} {applied} {more}><alignment {alignment}/></xf>'
        return self.number("cellXfs", xml)

    def _index(self, collection: str) -> dict[tuple[object, ...], int]:
        if collection not in self._known:
            entries: dict[tuple[object, ...], int] = {}
            for number, entry in enumerate(self._collection(collection).iterchildren("*")):
                entries.setdefault(_key(entry), number)
            self._known[collection] = entries
        return self._known[collection]

    def _collection(self, name: str) -> Element:
        found = self._root.find(f"{{{MAIN}}}{name}")
        if found is not None:
            return found
        before = {f"{{{MAIN}}}{other}" for other in _ORDER[: _ORDER.index(name)]}
        place = max((at + 1 for at, child in enumerate(self._root) if child.tag in before), default=0)
        made = etree.fromstring(f'<{name} xmlns="{MAIN}">{_NONE.get(name, "")}</{name}>')
        made.set("count", str(len(made)))
        self._root.insert(place, made)
        return made

    def _fill_up(self, styles_in_use: int) -> None:
        for name in _NONE:
            self._collection(name)
        formats = self._collection("cellXfs")
        formats.extend([etree.fromstring(etree.tostring(formats[0])) for _ in range(styles_in_use - 1)])
        formats.set("count", str(len(formats)))


def _key(entry: Element) -> tuple[object, ...]:
    """Return what two equal entries share, whatever prefixes and spaces they were written with."""
    children = tuple(_key(child) for child in entry.iterchildren("*"))
    return entry.tag, tuple(sorted(entry.attrib.items())), (entry.text or "").strip(), children
