"""Fills a Word template: every `{{…}}` becomes words, numbers, a table or a list, in the looks that it has there."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docx.document import Document as Draft
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from xltrack.documents.figures import Number, Phrase
from xltrack.documents.lists import Item
from xltrack.documents.marking import Element, Marks, new_element, unmark
from xltrack.documents.placeholders import PLACEHOLDER, block, inline, unknown
from xltrack.documents.shown import NOT_KNOWN, in_table, in_text
from xltrack.documents.subject import Subject
from xltrack.documents.tables import Row, Table

_TABLE_STYLE, _TEXT_STYLE, _BULLET, _GRID = "Table text", "Normal", "List Bullet", "Table Grid"


def fill(draft: Draft, subject: Subject, marks: Marks) -> None:
    """Fill `draft` in place; `marks` notes which number stands where. Raises UnknownName for a placeholder."""
    work = _Work(draft, subject, marks)
    for paragraph in list(_paragraphs(draft)):
        text = "".join(run.text for run in _own_runs(paragraph))
        if "{{" not in text:
            continue
        made = block(text, subject)
        if isinstance(made, Table):
            _Block(work, paragraph).table(made)
        elif made is not None:
            _Block(work, paragraph).items(made)
        else:
            _fill_line(paragraph, text, subject, marks)
    for part in _margins(draft):
        unmark(part._element)


def has_placeholders(draft: Draft) -> bool:
    """Return whether there is anything to fill in `draft`."""
    return any("{{" in "".join(run.text for run in _own_runs(paragraph)) for paragraph in _paragraphs(draft))


@dataclass(frozen=True)
class _Work:
    """What is filled, of what, and who notes the numbers."""

    draft: Draft
    subject: Subject
    marks: Marks

    @cached_property
    def styles(self) -> Mapping[str, str]:
        """Return the ids of styles by their names; the library looks through all of them for each paragraph."""
        return {str(style.name): style.style_id for style in self.draft.styles}

    def dress(self, paragraph: Paragraph, name: str) -> None:
        """Give `paragraph` the style `name` if the template has it."""
        if name in self.styles:
            paragraph._p.style = self.styles[name]


def _paragraphs(draft: Draft) -> Iterator[Paragraph]:
    """Yield every paragraph once: of the body, of headers and footers, and of tables, text boxes and controls there."""
    for place in (draft._body, *_margins(draft)):
        for element in place._element.iter(qn("w:p")):
            yield Paragraph(element, place)


def _margins(draft: Draft) -> list[Any]:
    """Return the headers and footers that the template has of its own."""
    names = [f"{kind}{place}" for kind in ("", "first_page_", "even_page_") for place in ("header", "footer")]
    found = [getattr(section, name) for section in draft.sections for name in names]
    return [part for part in found if not part.is_linked_to_previous]


def _own_runs(paragraph: Paragraph) -> list[Run]:
    """Return the runs of the text of a paragraph, those of links, controls and tracked insertions too."""
    held = ("hyperlink", "ins", "sdt", "smartTag")
    body: Any = paragraph._p
    return [Run(run, paragraph) for run in body.xpath("|".join(["w:r", *(f"w:{one}//w:r" for one in held)]))]


def _fill_line(paragraph: Paragraph, text: str, subject: Subject, marks: Marks) -> None:
    """Replace the placeholders of one line; Word may have cut one into several runs."""
    _, opened, rest = PLACEHOLDER.sub("", text).partition("{{")
    if opened:
        raise unknown(rest.rstrip("}"), subject)
    for found in reversed(list(PLACEHOLDER.finditer(text))):
        run = _cut_out(paragraph, found.start(), found.end())
        put: Element = run._r
        for piece in inline(found[1], subject):
            shown = piece if isinstance(piece, str) else in_text(piece, subject.lang)
            made = marks.marked(_like(run, shown), piece)
            put.addnext(made)
            put = made
        put = run._r
        put.getparent().remove(put)


def _cut_out(paragraph: Paragraph, start: int, end: int) -> Run:
    """Return a run, empty and with the looks of the place, that stands where those characters did."""
    place, kept = 0, None
    for run in _own_runs(paragraph):
        first, last = place, place + len(run.text)
        place = last
        if last <= start or first >= end:
            continue
        before, after = run.text[: max(start - first, 0)], run.text[max(end - first, 0) :]
        if kept is None:
            kept = _after(run, "")
            if after:
                _after(kept, after)
            run.text = before
        else:
            run.text = after
    assert kept is not None  # noqa: S101  # the placeholder was found in these runs
    return kept


def _after(run: Run, text: str) -> Run:
    made = _like(run, text)
    run._r.addnext(made)
    return Run(made, run._parent)


def _like(run: Run, text: str) -> Element:
    """Return a run of `text` that looks like `run`."""
    made = new_element("w:r")
    looks = run._r.rPr
    if looks is not None:
        made.append(deepcopy(looks))
    Run(made, run._parent).text = text
    return made


class _Block:
    """Puts a table or paragraphs where a paragraph with a placeholder stood."""

    def __init__(self, work: _Work, paragraph: Paragraph) -> None:
        self._work = work
        self._paragraph = paragraph

    def items(self, items: Sequence[Item]) -> None:
        """Put the paragraphs of a list; the last of them keeps nothing of the placeholder."""
        for item in items:
            made = self._paragraph.insert_paragraph_before()
            if not item.heading:
                self._work.dress(made, _BULLET)
            self._write(made, item.phrase, in_line=True)
            if item.heading:
                made.paragraph_format.keep_with_next = True
                for run in made.runs:
                    run.bold = True
        self._remove()

    def table(self, table: Table) -> None:
        """Put a table as wide as the page, its heading repeated on every page; without rows, that nothing is known."""
        if not table.rows:
            return self.items([Item((f"{NOT_KNOWN.to(self._work.subject.lang).capitalize()}.",))])
        made = self._work.draft.add_table(rows=0, cols=len(table.heads))
        made.style = _GRID if _GRID in self._work.styles else None
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        widths = _widths(table.widths, self._room())
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        self._row(made, Row(tuple((head,) for head in table.heads), whole=True), widths, heading=True)
        for row in table.rows:
            self._row(made, row, widths)
        self._paragraph._p.addprevious(made._tbl)
        return self._space()

    def _row(self, made: WordTable, row: Row, widths: Sequence[Length], *, heading: bool = False) -> None:
        cells = made.add_row().cells  # type: ignore[no-untyped-call]
        for place, (cell, phrase) in enumerate(zip(cells, row.cells, strict=True)):
            cell.width = widths[place]
            paragraph = cell.paragraphs[0]
            self._work.dress(paragraph, _TABLE_STYLE)
            self._write(paragraph, phrase, in_line=False)
            paragraph.alignment = _alignment(phrase, heading=heading)
            for run in _runs(paragraph) if row.whole else ():
                run.bold = True
        properties = made.rows[-1]._tr.get_or_add_trPr()
        properties.append(new_element("w:cantSplit"))
        if heading:
            properties.append(new_element("w:tblHeader"))

    def _write(self, paragraph: Paragraph, phrase: Phrase, *, in_line: bool) -> None:
        show = in_text if in_line else in_table
        for piece in phrase:
            shown = piece if isinstance(piece, str) else show(piece, self._work.subject.lang)
            run = paragraph.add_run(shown)
            if isinstance(piece, Number):
                paragraph._p.append(self._work.marks.marked(run._r, piece))

    def _room(self) -> int:
        """Return the width between the margins of the section that the paragraph stands in."""
        later = self._paragraph._p.xpath("following::w:sectPr")
        section = next(one for one in self._work.draft.sections if not later or one._sectPr is later[0])
        sizes = (section.page_width, section.left_margin, section.right_margin)
        page, left, right = (int(size or 0) for size in sizes)
        return page - left - right

    def _space(self) -> None:
        """Leave the paragraph behind the table empty and low."""
        for run in self._paragraph.runs:
            run.text = ""
        self._paragraph.paragraph_format.space_after = Mm(1)

    def _remove(self) -> None:
        element: Element = self._paragraph._p
        element.getparent().remove(element)


def _runs(paragraph: Paragraph) -> list[Run]:
    """Return all runs of a paragraph, those within content controls too."""
    body: Element = paragraph._p
    return [Run(element, paragraph) for element in body.iter(qn("w:r"))]


def _widths(shares: Sequence[int], room: int) -> list[Length]:
    return [Length(room * share // sum(shares)) for share in shares]


def _alignment(phrase: Phrase, *, heading: bool) -> WD_ALIGN_PARAGRAPH:
    if heading:
        return WD_ALIGN_PARAGRAPH.CENTER
    is_number = any(isinstance(piece, Number) for piece in phrase) and len(phrase) <= 2
    is_nothing = phrase in (("–",), ("×",))
    return WD_ALIGN_PARAGRAPH.RIGHT if is_number or is_nothing else WD_ALIGN_PARAGRAPH.LEFT
