"""The first sheet of a return: the verdict, what to do next, the problems by importance with links to their cells."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xltrack.excel.answer import Answer, Problem
from xltrack.excel.looks import LOOKS
from xltrack.excel.result_page import ResultPage
from xltrack.excel.spots import ranges_of, spot_of
from xltrack.excel.styles_xml import StylesXml
from xltrack.excel.workbook_xml import WorkbookXml
from xltrack.findings.marking import MARK
from xltrack.language import Lang, Text, grouped

TAB: Final = Text("Kết quả kiểm tra", "Check results")
SHOWN_OF_A_KIND: Final = 5
"""So many problems of one code are listed for each column; of the rest the cells are named, what is more counted."""
NAMED: Final = 20
"""So many ranges of cells are named."""
_WIDTHS: Final = (5, 13, 17, 9, 20, 54, 46, 10)
_HEADINGS: Final = (
    Text("TT", "No."),
    Text("Mức độ", "Severity"),
    Text("Trang", "Sheet"),
    Text("Ô", "Cell"),
    Text("Giá trị đã nhập", "Value typed"),
    Text("Vấn đề", "Problem"),
    Text("Cách sửa", "What to do"),
    Text("Mã", "Code"),
)
_CELL: Final = 3
"""The column of addresses, counted from 0."""
_OURS: Final = Text(
    "Trang này do phần mềm xltrack lập và được bỏ qua khi đọc lại tệp: không cần xóa, xin đừng ghi số liệu vào đây.",
    "xltrack made this sheet and passes it over when the file comes back: no need to delete it; please enter no data.",
)
_TITLE: Final = Text("KẾT QUẢ KIỂM TRA", "CHECK RESULTS")
_WHOLE_FILE: Final = Text("(cả tệp)", "(whole file)")
_EXPECTED: Final = Text("Cần", "Expected")
_TO_DO: Final = {
    "error": Text("phải sửa", "to be mended"),
    "warning": Text("cần xem lại", "to be looked at"),
    "note": Text("để biết", "for information"),
}
_MORE: Final = Text(
    "… và {count} chỗ nữa có cùng vấn đề (mã {code}){where}; các ô đều được tô màu tại chỗ.",
    "… and {count} more places with the same problem (code {code}){where}; the cells are coloured where they stand.",
)
_WITHOUT_NOTE: Final = Text(
    "Trang {tab}: {count} ô được tô màu nhưng không gắn ghi chú.",
    "Sheet {tab}: {count} cells are coloured but have no note beside them.",
)
_OPEN: Final = Text("mở trang", "open")


def add_result_sheet(
    book: WorkbookXml, styles: StylesXml, answer: Answer, without_note: Mapping[str, int]
) -> None:
    """Put the sheet of results before all others of `book`; `without_note` counts cells without one, by tab.

    Problems of a sheet that `book` has no more, as of an earlier sheet of results, are listed without a link.
    """
    tabs = frozenset(book.tabs)
    page = ResultPage(styles, _WIDTHS)
    _write_head(page, answer)
    header = page.add([heading.to(answer.lang) for heading in _HEADINGS], ["heading"] * len(_HEADINGS))
    number = 0
    for line in _listed(answer):
        number += isinstance(line, Problem)
        row = _write_line(page, number, line, answer.lang)
        if isinstance(line, Problem) and line.sheet in tabs:
            page.link(row, _CELL, line.sheet, line.cell or "A1")
    last = page.last
    for tab, count in without_note.items():
        page.add_wide(
            _WITHOUT_NOTE.to(answer.lang).format(tab=tab, count=grouped(count, answer.lang)), "small"
        )
    tab = _free_tab(TAB.to(answer.lang), {tab.casefold() for tab in book.tabs})
    colour = "548235" if answer.is_good else "C00000"
    book.insert_first(tab, page.to_bytes(header, last, colour))
    place = f"'{tab}'"
    book.name("_xlnm._FilterDatabase", f"{place}!$A${header}:$I${max(last, header)}", is_hidden=True)
    book.name("_xlnm.Print_Titles", f"{place}!${header}:${header}")


def _write_head(page: ResultPage, answer: Answer) -> None:
    lang = answer.lang
    page.add_wide(f"{MARK} {_OURS.to(lang)}", "small")
    page.add_wide(f"{_TITLE.to(lang)}: {answer.name}", "title")
    page.add_wide(answer.about, "small")
    page.add_wide(answer.verdict, "good verdict" if answer.is_good else "bad verdict")
    page.add_wide("\n".join(answer.steps), "steps")
    counts = [
        f"{look.sign} {look.name.to(lang)}: {grouped(answer.counts[grade], lang)} ({_TO_DO[grade].to(lang)})"
        for grade, look in LOOKS.items()
    ]
    page.add_parts(counts, list(LOOKS), [(0, 2), (3, 4), (5, 5)])


def _listed(answer: Answer) -> Iterator[Problem | str]:
    """Yield the problems to list, and after those of one kind how many more there are."""
    for group in answer.groups:
        yield from group[:SHOWN_OF_A_KIND]
        if len(group) > SHOWN_OF_A_KIND:
            yield _more(group[SHOWN_OF_A_KIND:], answer.lang)


def _more(rest: Sequence[Problem], lang: Lang) -> str:
    """Return how many problems of a kind are not listed, and at which cells they are."""
    cells = [spot for problem in rest if problem.cell and (spot := spot_of(problem.cell))]
    ranges = list(ranges_of(cells))
    where = f": {', '.join(ranges[:NAMED])}{' …' if len(ranges) > NAMED else ''}" if ranges else ""
    return _MORE.to(lang).format(count=grouped(len(rest), lang), code=rest[0].code, where=where)


def _write_line(page: ResultPage, number: int, line: Problem | str, lang: Lang) -> int:
    if isinstance(line, str):
        return page.add(["", "", "", "", "", line, "", ""], ["remark"] * len(_WIDTHS))
    look = LOOKS[line.severity]
    remedy = f"{line.hint}\n{_EXPECTED.to(lang)}: {line.expected}" if line.expected else line.hint
    texts = [
        str(number),
        f"{look.sign} {look.name.to(lang)}",
        line.sheet or _WHOLE_FILE.to(lang),
        line.cell or (_OPEN.to(lang) if line.sheet else ""),
        line.value,
        line.message,
        remedy,
        line.code,
    ]
    styles = [
        "centre",
        line.severity,
        "text",
        "link" if line.sheet else "text",
        "typed",
        "text",
        "text",
        "centre",
    ]
    return page.add(texts, styles)


def _free_tab(wanted: str, taken: set[str]) -> str:
    tab, number = wanted, 1
    while tab.casefold() in taken:
        number += 1
        tab = f"{wanted} ({number})"
    return tab
