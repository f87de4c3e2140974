"""Marks on one worksheet: a colour and a border laid over each cell with a problem, and a note beside it.

A mark is a conditional format that always applies. It lies over whatever the cell looks like, over other conditional
formats too, and leaves no trace when it is taken away: the cells themselves, formats and all, are never touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lxml import etree

from xltrack.excel.answer import GRAVEST, Problem
from xltrack.excel.looks import LOOKS, Look
from xltrack.excel.notes_xml import LINE_LIMIT, Note, NotesXml
from xltrack.excel.opc import MAIN, Element, Package, PackageError
from xltrack.excel.spots import Spot, ranges_of, shown_at, spot_of
from xltrack.excel.strings_xml import xml_text
from xltrack.excel.styles_xml import StylesXml
from xltrack.excel.worksheet_xml import WorksheetXml
from xltrack.findings import Severity
from xltrack.findings.marking import MARK, seal
from xltrack.language import Lang, Text

NOTES_ON_A_SHEET: Final = 1_000
"""Excel grows slow with some thousand notes; the gravest problems get theirs, the other cells a colour alone."""
PROBLEMS_IN_A_NOTE: Final = 4
_AREAS_IN_A_RULE: Final = 400
"""Ranges in one list: Excel's own limits lie above 8,192 characters of address."""
_FORMULA: Final = 'N("xltrack")=0'
"""Always true, and ours for all to see: the value of a text as a number is 0."""
_OURS: Final = '"xltrack"'


_EXPECTED = Text("Cần", "Expected")
_REMEDY = Text("Cách sửa", "What to do")
_MORE = Text("… và {} vấn đề nữa ở ô này.", "… and {} more at this cell.")


class Marker:
    """Marks the worksheets of one package for one answer, in the language `lang`."""

    def __init__(self, package: Package, styles: StylesXml, lang: Lang) -> None:
        """Prepare the looks in `styles`."""
        self._package, self._lang = package, lang
        self._dxfs = {grade: styles.number("dxfs", _dxf(grade, look)) for grade, look in LOOKS.items()}

    def mark(self, part: str, problems: Sequence[Problem]) -> int:
        """Mark the cells of `problems` on the worksheet in `part`, in place of earlier marks.

        Return how many marked cells have no note. The sheet is written only if there is something to change on it.
        """
        sheet = WorksheetXml(self._package.read(part))
        _unselect(sheet.root)
        _remove_rules(sheet)
        marks = _by_cell(problems, sheet)
        self._add_rules(sheet, marks)
        noted = self._note(part, sheet, marks)
        if sheet.is_changed:
            self._package.write(part, sheet.to_bytes())
        return len(marks) - noted

    def _add_rules(self, sheet: WorksheetXml, marks: Mapping[Spot, Sequence[Problem]]) -> None:
        found = []
        for grade in GRAVEST:
            areas = list(ranges_of(spot for spot, problems in marks.items() if problems[0].severity == grade))
            found += [
                (areas[at : at + _AREAS_IN_A_RULE], grade) for at in range(0, len(areas), _AREAS_IN_A_RULE)
            ]
        first = _first_priority(sheet, len(found))
        for place, (areas, grade) in reversed(list(enumerate(found))):
            rule = etree.SubElement(
                # Before all others: LibreOffice goes by the order of formats, Excel by their priority.
                sheet.insert("conditionalFormatting", {"sqref": " ".join(areas)}),
                f"{{{MAIN}}}cfRule",
                {
                    "type": "expression",
                    "dxfId": str(self._dxfs[grade]),
                    "priority": str(first + place),
                    "stopIfTrue": "1",
                },
            )
            etree.SubElement(rule, f"{{{MAIN}}}formula").text = _FORMULA

    def _note(self, part: str, sheet: WorksheetXml, marks: Mapping[Spot, Sequence[Problem]]) -> int:
        """Put the notes beside the marked cells; return how many there are."""
        try:
            notes = NotesXml(self._package, part, sheet)
        except (PackageError, etree.XMLSyntaxError):
            return 0  # drawn in a way that cannot be read: the colours, and the sheet of results, must do
        notes.remove_ours()
        possible = [(spot, told) for spot, told in marks.items() if not notes.is_thread(spot)]
        chosen = sorted(possible, key=lambda mark: GRAVEST.index(mark[1][0].severity))[:NOTES_ON_A_SHEET]
        notes.add(
            Note(spot, self._lines(told), f"#{LOOKS[told[0].severity].fill}") for spot, told in sorted(chosen)
        )
        notes.save()
        return len(chosen)

    def _lines(self, problems: Sequence[Problem]) -> tuple[tuple[str, bool], ...]:
        """Return the lines of a note, and whether they are bold. It begins with our mark and ends with our seal."""
        lines = tuple(self._told(problems))
        return (*lines, (seal(xml_text(line, LINE_LIMIT) for line, _ in lines), False))

    def _told(self, problems: Sequence[Problem]) -> Iterator[tuple[str, bool]]:
        for number, problem in enumerate(problems[:PROBLEMS_IN_A_NOTE]):
            name = LOOKS[problem.severity].name.to(self._lang).upper()
            yield f"{'' if number else f'{MARK} '}{name} {problem.code}", True
            yield problem.message, False
            if problem.expected:
                yield f"{_EXPECTED.to(self._lang)}: {problem.expected}", False
            yield f"{_REMEDY.to(self._lang)}: {problem.hint}", False
        if len(problems) > PROBLEMS_IN_A_NOTE:
            yield _MORE.to(self._lang).format(len(problems) - PROBLEMS_IN_A_NOTE), False


def unselect(package: Package, part: str) -> None:
    """Take the selection from a sheet without rows: two selected sheets would both be typed into."""
    root = package.tree(part)
    if _unselect(root):
        package.write_tree(part, root)


def _unselect(root: Element) -> bool:
    selected = [view for view in root.iter(f"{{{MAIN}}}sheetView") if "tabSelected" in view.attrib]
    for view in selected:
        del view.attrib["tabSelected"]
    return bool(selected)


def _by_cell(problems: Sequence[Problem], sheet: WorksheetXml) -> dict[Spot, list[Problem]]:
    """Return the problems by the cell that shows them, gravest first."""
    spots = {problem.cell: spot for problem in problems if problem.cell and (spot := spot_of(problem.cell))}
    merged = (area.get("ref") or "" for area in sheet.root.iter(f"{{{MAIN}}}mergeCell"))
    shown = shown_at(spots.values(), merged)
    found: dict[Spot, list[Problem]] = {}
    for problem in sorted(problems, key=lambda one: GRAVEST.index(one.severity)):
        if problem.cell in spots:
            found.setdefault(shown[spots[problem.cell]], []).append(problem)
    return found


def _remove_rules(sheet: WorksheetXml) -> None:
    for format_ in sheet.all("conditionalFormatting"):
        for rule in format_.findall(f"{{{MAIN}}}cfRule"):
            if any(_OURS in (formula.text or "") for formula in rule.iter(f"{{{MAIN}}}formula")):
                format_.remove(rule)
        if format_.find(f"{{{MAIN}}}cfRule") is None:
            sheet.root.remove(format_)


def _first_priority(sheet: WorksheetXml, needed: int) -> int:
    """Return the priority of our first rule, having moved other rules behind ours where they stood in the way.

    Rules of a pivot table are known to it by their priority: on such a sheet ours come last.
    """
    rules = [rule for rule in sheet.root.iter("{*}cfRule") if rule.get("priority")]
    known = [int(rule.get("priority") or 0) for rule in rules]
    if any(format_.get("pivot") for format_ in sheet.root.iter("{*}conditionalFormatting")):
        return max(known) + 1
    shift = max(0, needed + 1 - min(known, default=needed + 1))
    for rule, priority in zip(rules, known, strict=True):
        rule.set("priority", str(priority + shift))
    return 1


def _dxf(grade: Severity, look: Look) -> str:
    side = f'style="{look.border}"><color rgb="FF{look.line}"/>'
    sides = "".join(f"<{name} {side}</{name}>" for name in ("left", "right", "top", "bottom"))
    bold = "<b/>" if grade == "error" else ""
    return (
        f'<dxf><font>{bold}<color rgb="FF{look.line}"/></font>'
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{look.fill}"/><bgColor rgb="FF{look.fill}"/>'
        f"</patternFill></fill><border>{sides}</border></dxf>"
    )
