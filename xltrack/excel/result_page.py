"""A worksheet of wrapped texts, as XML: widths, heights, merged lines, links into the workbook, print set-up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xltrack.excel.formats import FONT, GREY, LINE, NAVY
from xltrack.excel.looks import LOOKS
from xltrack.excel.opc import MAIN, Element, parse, serialise
from xltrack.excel.strings_xml import xml_text
from xltrack.excel.styles_xml import StylesXml
from xltrack.findings.marking import seal

TEXT_LIMIT: Final = 2_000
"""Characters of one text: more does not fit into the height of a row."""
_LINE: Final = 15.5
"""Points of a line of text."""
_HIGHEST: Final = 409.0
"""Excel's limit of the height of a row, in points."""
_LETTERS: Final = 0.98
"""Characters that fit into one unit of width."""
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_FRAME: Final = f"""\
<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FF{{colour}}"/><pageSetUpPr fitToPage="1"/></sheetPr>\
<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">\
<pane ySplit="{{header}}" topLeftCell="A{{below}}" activePane="bottomLeft" state="frozen"/>\
<selection pane="bottomLeft" activeCell="A{{below}}" sqref="A{{below}}"/></sheetView></sheetViews>\
<sheetFormatPr defaultRowHeight="15"/><cols>{{columns}}</cols><sheetData/><autoFilter ref="{{filter}}"/>\
<mergeCells/><hyperlinks/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>\
<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>\
<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"""


@dataclass(frozen=True, slots=True)
class Style:
    """How cells look: elements of the font before its size, colours in RGB ("" for no fill, no lines), further XML."""

    font: str = ""
    size: int = 11
    colour: str = "000000"
    fill: str = ""
    line: str = LINE
    align: str = 'vertical="top" wrapText="1"'
    more: str = ""

    def number(self, styles: StylesXml) -> int:
        """Return the number of this look in `styles`."""
        font = f'{self.font}<sz val="{self.size}"/>{_rgb("color", self.colour)}<name val="{FONT}"/><family val="1"/>'
        fill = '<patternFill patternType="none"/>'
        if self.fill:
            fill = f'<patternFill patternType="solid">{_rgb("fgColor", self.fill)}<bgColor indexed="64"/></patternFill>'
        edge = f' style="thin">{_rgb("color", self.line)}' if self.line else ">"
        sides = "".join(f"<{side}{edge}</{side}>" for side in ("left", "right", "top", "bottom"))
        return styles.xf(
            f"<font>{font}</font>",
            f"<fill>{fill}</fill>",
            f"<border>{sides}<diagonal/></border>",
            more=self.more,
            alignment=self.align,
        )


_MIDDLE: Final = 'horizontal="left" vertical="center" wrapText="1"'
_CENTRE: Final = 'horizontal="center" vertical="top" wrapText="1"'
STYLES: Final = {
    "small": Style("<i/>", 9, GREY, line="", align=_MIDDLE),
    "title": Style("<b/>", 15, NAVY, line="", align=_MIDDLE),
    "good verdict": Style("<b/>", 12, "215C2B", "DDEFD9", align=_MIDDLE + ' indent="1"'),
    "bad verdict": Style("<b/>", 12, "9C0006", "F8E1DF", align=_MIDDLE + ' indent="1"'),
    "steps": Style(align=_MIDDLE + ' indent="1"'),
    "heading": Style("<b/>", 11, "FFFFFF", NAVY, align='horizontal="center" vertical="center" wrapText="1"'),
    "text": Style(),
    "typed": Style(more='quotePrefix="1"'),
    "centre": Style(align=_CENTRE),
    "link": Style("<u/>", 11, "0563C1", align=_CENTRE),
    "remark": Style("<i/>", 11, GREY),
} | {
    grade: Style(
        "<b/>", 11, look.line, look.fill, look.line, 'horizontal="center" vertical="center" wrapText="1"'
    )
    for grade, look in LOOKS.items()
}
""""typed" keeps a text that begins with "=" from becoming a formula when somebody edits its cell."""


class ResultPage:
    """The worksheet while it is written, row after row."""

    def __init__(self, styles: StylesXml, widths: Sequence[int]) -> None:
        """Begin a page with columns of these widths, in characters."""
        self._styles = {name: style.number(styles) for name, style in STYLES.items()}
        self._widths = widths
        self._rows: list[Element] = []
        self._merges: list[str] = []
        self._links: list[dict[str, str]] = []

    @property
    def last(self) -> int:
        """Return the number of the last row written, counted from 1."""
        return len(self._rows)

    def add(self, texts: Sequence[str], styles: Sequence[str]) -> int:
        """Write a row with a text in each column; return its number, from 1."""
        return self.add_parts(texts, styles, [(at, at) for at in range(len(texts))])

    def add_parts(self, texts: Sequence[str], styles: Sequence[str], parts: Sequence[tuple[int, int]]) -> int:
        """Write a row of texts, each over the columns from the first to the last of its part; return its number.

        Columns are counted from 0. Programs differ in when they fit rows to their texts: the height is estimated.
        """
        height = 0.0
        row = etree.Element(f"{{{MAIN}}}row", {"r": str(self.last + 1), "customHeight": "1"})
        for text, style, (first, last) in zip(texts, styles, parts, strict=True):
            shown = xml_text(text, TEXT_LIMIT)
            height = max(height, self._height(shown, first, last, STYLES[style].size))
            if last > first:
                self._merges.append(str(xl_range(self.last, first, self.last, last)))
            for column in range(first, last + 1):
                self._add_cell(row, column, style, shown if column == first else "")
        row.set("ht", f"{height:g}")
        # Whose text a cell holds is known by this when the workbook comes back.
        self._add_cell(
            row, len(self._widths), "small", seal(xml_text(text, TEXT_LIMIT) for text in texts if text)
        )
        self._rows.append(row)
        return self.last

    def _add_cell(self, row: Element, column: int, style: str, text: str) -> None:
        place = {"r": str(xl_rowcol_to_cell(self.last, column)), "s": str(self._styles[style])}
        cell = etree.SubElement(row, f"{{{MAIN}}}c", place)
        if text:
            cell.set("t", "inlineStr")
            holder = etree.SubElement(cell, f"{{{MAIN}}}is")
            etree.SubElement(holder, f"{{{MAIN}}}t", {_SPACE: "preserve"}).text = text

    def add_wide(self, text: str, style: str) -> None:
        """Write one text over the whole width."""
        self.add_parts([text], [style], [(0, len(self._widths) - 1)])

    def link(self, row: int, column: int, tab: str, cell: str) -> None:
        """Make a cell lead to `cell` of the sheet `tab`; the link never leaves the workbook."""
        place = tab.replace("'", "''")
        here = str(xl_rowcol_to_cell(row - 1, column))
        self._links.append({"ref": here, "location": xml_text(f"'{place}'!{cell}"), "display": cell})

    def to_bytes(self, header: int, last: int, colour: str) -> bytes:
        """Return the worksheet: frozen below the row `header`, filtered from it to `last`, its tab in that colour."""
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, width in enumerate(self._widths, 1)
        )
        beyond = len(self._widths) + 1
        columns += f'<col min="{beyond}" max="{beyond}" width="9" hidden="1" customWidth="1"/>'
        area = xl_range(header - 1, 0, last - 1, len(self._widths))
        facts = {"header": header, "below": header + 1, "filter": area, "columns": columns, "colour": colour}
        root = parse(_FRAME.format(**facts).encode())
        _child(root, "sheetData").extend(self._rows)
        _child(root, "mergeCells").extend(
            etree.Element(f"{{{MAIN}}}mergeCell", ref=area) for area in self._merges
        )
        _child(root, "hyperlinks").extend(etree.Element(f"{{{MAIN}}}hyperlink", link) for link in self._links)
        for name in ("mergeCells", "hyperlinks"):
            if not len(_child(root, name)):
                root.remove(_child(root, name))
        return serialise(root)

    def _height(self, text: str, first: int, last: int, size: int) -> float:
        letters = sum(self._widths[first : last + 1]) * _LETTERS * 11 / size
        lines = sum(max(1, math.ceil(len(line) / letters)) for line in text.split("\n"))
        return min(round(lines * _LINE * size / 11 + 5, 1), _HIGHEST)


def _rgb(tag: str, colour: str) -> str:
    return f'<{tag} rgb="FF{colour.lstrip("#")}"/>'


def _child(root: Element, name: str) -> Element:
    return next(root.iterchildren(f"{{{MAIN}}}{name}"))
