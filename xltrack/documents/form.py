"""The form of an administrative document (Decree 30/2020/NĐ-CP, annex I): page, letterhead, body, signature, annexes.

What it makes is a Word file whose figures still stand as `{{…}}`: a template that anybody can change in Word.
"""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from docx import Document
from docx.document import Document as Draft
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from xltrack.documents.marking import new_element
from xltrack.language import Lang, Text

FONT = "Times New Roman"
LETTERHEAD, TABLE, NOTE = "Letterhead", "Table text", "Recipients"
"""Styles of paragraphs that are not Word's own."""
_CENTRE, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_NATION = Text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM")
_MOTTO = Text("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness")
_DATE = Text(", ngày      tháng      năm 20…", ", day      month      20…")
_TO = Text("Kính gửi", "To")
_RECIPIENTS = Text("Nơi nhận:", "Recipients:")
_ANNEX = Text("Phụ lục", "Annex")
_ENCLOSED = Text(
    "(Kèm theo Báo cáo số:          ngày      tháng      năm 20…)",
    "(Enclosed with report no.          of day      month      20…)",
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def blank_report(name: str, lang: Lang) -> Draft:
    """Return the template `name` ("national", "unit") in `lang`, with its placeholders."""
    text = files("xltrack.documents").joinpath("texts", f"{name}.{lang}.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    draft = Document()
    _prepare(draft)
    _letterhead(draft, told, lang)
    _write(draft, told["body"])
    _signature(draft, told, lang)
    for place, annex in enumerate(told.get("annexes", ())):
        _annex(draft, annex, f"{_ANNEX.to(lang)} {_ROMAN[place]}", lang)
    return draft


def _prepare(draft: Draft) -> None:
    """Set page, fonts and styles: A4, 20 mm above and below, 30 mm left, 15 mm right, Times New Roman 14."""
    _drop_other_styles(draft)
    _page(draft.sections[0])
    normal = _style(draft, "Normal", 14)
    normal.paragraph_format.alignment = _JUSTIFY
    normal.paragraph_format.first_line_indent = Mm(10)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for name, size in (("Heading 1", 14), ("Heading 2", 14), ("Title", 14)):
        heading = _style(draft, name, size)
        heading.font.bold, heading.font.color.rgb = True, RGBColor(0, 0, 0)
        heading.paragraph_format.space_before = Pt(6)
        heading.paragraph_format.space_after = Pt(6)
        heading.paragraph_format.keep_with_next = True
    _centred(draft, "Title")
    for name, size in ((LETTERHEAD, 12), (TABLE, 12), (NOTE, 11)):
        draft.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        own = _style(draft, name, size)
        own.paragraph_format.first_line_indent = Mm(0)
        own.paragraph_format.space_after = Pt(0)
        own.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _style(draft, "List Bullet", 14).paragraph_format.alignment = _JUSTIFY
    _style(draft, "Header", 14)


def _drop_other_styles(draft: Draft) -> None:
    """Leave out the styles of Word 2010 that the library's template has too: they would say other things than ours."""
    for name, relation in list(draft.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del draft.part.rels[name]


def _style(draft: Draft, name: str, size: float) -> ParagraphStyle:
    """Return the style `name` in the document's font, without the fonts and frames that Word's theme gives it."""
    style = draft.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101  # the names above are of paragraphs
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        border.getparent().remove(border)
    return style


def _centred(draft: Draft, name: str) -> None:
    style = draft.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101
    style.paragraph_format.alignment = _CENTRE
    style.paragraph_format.first_line_indent = Mm(0)


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment, header.paragraph_format.first_line_indent = _CENTRE, Mm(0)
    _page_number(header)


def _page_number(paragraph: Paragraph) -> None:
    field = new_element("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(paragraph.add_run("2")._r)
    paragraph._p.append(field)


def _letterhead(draft: Draft, told: Mapping[str, Any], lang: Lang) -> None:
    """Write issuer and nation side by side, number and place below them, then type, subject and addressees."""
    table = draft.add_table(rows=2, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, (Mm(69), Mm(96)), strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    (left, right), (number, place) = (row.cells for row in table.rows)
    _lines(left, told["issuer"], bold=True)
    _lines(right, [_NATION.to(lang), _MOTTO.to(lang)], bold=True)
    _underline(left.paragraphs[-1], Mm(22))
    _underline(right.paragraphs[-1], Mm(16))
    _lines(number, [told["number"]])
    _lines(place, [f"{told['place']}{_DATE.to(lang)}"], italic=True)
    draft.add_paragraph(told["type"], "Title").paragraph_format.space_before = Pt(18)
    _underline(draft.add_paragraph(told["subject"], "Title"), Mm(60))
    addressees = draft.add_paragraph(f"{_TO.to(lang)}: {'; '.join(told['addressees'])}.")
    addressees.alignment = _CENTRE
    addressees.paragraph_format.space_before = Pt(12)
    addressees.paragraph_format.space_after = Pt(12)


def _lines(cell: _Cell, lines: Sequence[str], *, bold: bool = False, italic: bool = False) -> None:
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.style = LETTERHEAD
        paragraph.alignment = _CENTRE
        run = paragraph.add_run(line)
        run.bold, run.italic = bold, italic


def _underline(paragraph: Paragraph, indent: Length) -> None:
    """Draw a thin line below the paragraph, shorter than it by `indent` on either side."""
    after = new_element("w:p")
    paragraph._p.addnext(after)
    line = Paragraph(after, paragraph._parent)
    line.style = LETTERHEAD
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = indent
    line.paragraph_format.line_spacing = Pt(3)
    border = new_element("w:pBdr")
    top = new_element("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    line._p.get_or_add_pPr().insert_element_before(border, *_AFTER_BORDERS)


_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _write(draft: Draft, body: str) -> None:
    """Write the paragraphs of `body`: those that begin with "# " or "## " are headings."""
    for line in filter(None, (line.strip() for line in body.splitlines())):
        marks, _, rest = line.partition(" ")
        if marks in ("#", "##"):
            draft.add_paragraph(rest, f"Heading {len(marks)}")
        else:
            draft.add_paragraph(line)


def _signature(draft: Draft, told: Mapping[str, Any], lang: Lang) -> None:
    """Write recipients and signatory side by side, on the page on which the text ends."""
    draft.paragraphs[-1].paragraph_format.keep_with_next = True
    table = draft.add_table(rows=1, cols=2)
    recipients, signatory = table.rows[0].cells
    _lines(signatory, told["signatory"].split("\n"), bold=True)
    first = recipients.paragraphs[0]
    first.style = NOTE
    title = first.add_run(_RECIPIENTS.to(lang))
    title.bold, title.italic, title.font.size = True, True, Pt(12)
    for place, name in enumerate(told["recipients"], 1):
        mark = "." if place == len(told["recipients"]) else ";"
        recipients.add_paragraph(f"- {name}{mark}", NOTE)


def _annex(draft: Draft, annex: Mapping[str, str], number: str, lang: Lang) -> None:
    """Write an annex on pages of its own, lying, because its tables are wide."""
    section = draft.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(20), Mm(15)
    section.left_margin = section.right_margin = Mm(20)
    section.different_first_page_header_footer = False
    for line in (number, annex["title"]):
        draft.add_paragraph(line, "Title").paragraph_format.space_after = Pt(0)
    enclosed = draft.add_paragraph(style=LETTERHEAD)
    enclosed.alignment = _CENTRE
    enclosed.paragraph_format.space_after = Pt(12)
    enclosed.add_run(_ENCLOSED.to(lang)).italic = True
    _write(draft, annex["body"])
