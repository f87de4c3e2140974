"""The sheet "Kiểm tra": whether the workbook is ready to be sent, and else what is wrong, where, and what to do.

What is seen is a list of problems. It is drawn from a table in hidden columns with one line for each check: its words,
how many cells it finds wrong, and the first of them. Counts are array formulas over the rows down to the last one used,
so that a blank workbook costs nothing. Values are not written beside the formulas: programs work out a cell without one
when they open the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from xltrack.excel.check_words import say
from xltrack.excel.conditions import column_name, counted_name, names_of, row_name, wrong_name
from xltrack.excel.formats import Formats
from xltrack.excel.live import WHOLE, Check, Scene, is_long
from xltrack.excel.looks import LOOKS
from xltrack.excel.template_guide import CHECK_TAB
from xltrack.excel.template_table import EntrySheet
from xltrack.findings import Severity, catalogue
from xltrack.findings.marking import SELF_CHECK
from xltrack.forms import Form
from xltrack.language import Text

TAB = CHECK_TAB

LINES = 60
"""So many problems are listed; further ones are counted."""
HEADING, FIRST = 5, 6
"""The row of headings and the first one below it, counted from 0."""
VERDICT = "B3"
"""The cell of the verdict."""
_SHEET = f"'{TAB}'"
_COLUMNS = (
    (4, Text("TT", "No.")),
    (12, Text("Mức độ", "Severity")),
    (16, Text("Trang", "Sheet")),
    (24, Text("Cột", "Column")),
    (8, Text("Số chỗ", "Cells")),
    (10, Text("Ô đầu tiên", "First cell")),
    (46, Text("Vấn đề", "Problem")),
    (46, Text("Cách sửa", "What to do")),
    (9, Text("Mã", "Code")),
    (46, Text("Tiếng Anh", "In English")),
)
_NO, _SEVERITY, _TAB, _COLUMN, _COUNT, _FIRST, _PROBLEM, _REMEDY, _CODE, _ENGLISH = range(len(_COLUMNS))
_WANTED = len(_COLUMNS)
"""The hidden column that says which check a line of the list shows."""
_DETAILS = {name: _WANTED + 1 + n for n, name in enumerate(
    ("rank", "severity", "tab", "column", "count", "cell", "problem", "remedy", "code", "english")
)}  # fmt: skip
_USED = _WANTED + 1 + len(_DETAILS)
"""The hidden column with the number of rows in use, one line for each table.

Above them stand the number of errors, that of doubts, and the tables with rows so far down that nothing checks them.
"""
_ERRORS, _DOUBTS, _UNSEEN = (f"${xl_col_to_name(_USED)}${row}" for row in (3, 4, 5))
_LAST_ROW = 1_048_576
_SHOWN = {
    _SEVERITY: "severity", _TAB: "tab", _COLUMN: "column", _COUNT: "count", _PROBLEM: "problem", _REMEDY: "remedy",
    _CODE: "code", _ENGLISH: "english",
}  # fmt: skip
_OURS = (
    "Trang này tự tính lại sau mỗi lần nhập, không cần ghi gì vào đây; khi đọc tệp, phần mềm bỏ qua trang này. — "
    "This sheet works itself out as you type and is passed over when the file is read; please enter nothing here."
)
_HOW = (
    "Bấm vào địa chỉ ở cột «Ô đầu tiên» để đến chỗ đó; các ô cùng loại được tô màu ngay tại trang. Sửa hết các dòng "
    "«Lỗi» thì gửi được; dòng «Cảnh báo» cần xem lại, đúng thì giữ nguyên. Khi nhận tệp, xltrack còn kiểm tra thêm "
    "những điều mà công thức không kiểm tra được. Trang này cũng đánh dấu cách viết mà xltrack vẫn hiểu được (thiếu "
    "dấu, ngày gõ thành văn bản), để mọi ô được nhập đúng như biểu mẫu yêu cầu."
)


@dataclass(frozen=True)
class _Line:
    """One check with its place among all."""

    scene: Scene
    check: Check

    @property
    def severity(self) -> Severity:
        """Return how grave it is if the check finds something."""
        return catalogue()[self.check.code].severity

    @property
    def wrong(self) -> str:
        """Return the name of the array that says in which rows the check finds something."""
        return wrong_name(self.scene.sheet.id, self.check.column, self.check.code)


class CheckSheet(EntrySheet):
    """A worksheet whose formulas have no values beside them."""

    def _xml_formula_element(
        self, formula: str, _value: object, attributes: Sequence[tuple[str, object]]
    ) -> None:
        self._xml_start_tag("c", [pair for pair in attributes if pair[0] != "t"])
        self._xml_data_element("f", formula)
        self._xml_end_tag("c")

    def _write_cell_value(self, value: object) -> None:
        if value != "":
            super()._write_cell_value(value)


@dataclass(frozen=True)
class SelfCheck:
    """What the hidden columns hold, and the names that the sheet and the highlighting go by.

    Cells are (row, column, text), counted from 0; `unseen` is a formula that names tables with rows too far down to be
    checked. Of the `lines` the first `errors` are grave.
    """

    texts: Sequence[tuple[int, int, str]]
    formulas: Sequence[tuple[int, int, str]]
    arrays: Sequence[tuple[int, int, str]]
    names: Mapping[str, str]
    unseen: str
    lines: int
    errors: int


def self_check(form: Form, scenes: Mapping[str, Scene], checks: Mapping[str, Sequence[Check]]) -> SelfCheck:
    """Return what all workbooks with these `scenes` and `checks` have in common, by sheet id."""
    lines = sorted(
        (_Line(scenes[entry.id], check) for entry in form.sheets for check in checks[entry.id]),
        key=lambda line: (line.severity != "error", form.sheets.index(line.scene.sheet), line.check.code),
    )
    numbered = list(enumerate(lines, FIRST))
    return SelfCheck(
        texts=[cell for row, line in numbered for cell in _texts(row, line)],
        formulas=[_rank(row) for row, _ in numbered],
        arrays=[*_used(form, scenes), *(cell for row, line in numbered for cell in _verdicts(row, line))],
        names={**_names(form, scenes), **_conditions(lines)},
        unseen=_unseen(form, scenes),
        lines=len(lines),
        errors=sum(line.severity == "error" for line in lines),
    )


def write_check(book: Workbook, plan: SelfCheck, formats: Formats) -> None:
    """Write the sheet "Kiểm tra" of `book` and define the names of `plan`."""
    sheet = book.get_worksheet_by_name(TAB)
    for name, formula in plan.names.items():
        book.define_name(name, f"={formula}")
    for row, column, text in plan.texts:
        sheet.write_string(row, column, text)
    for row, column, formula in plan.formulas:
        sheet.write_formula(row, column, f"={formula}", None, "")
    for row, column, formula in plan.arrays:
        sheet.write_array_formula(row, column, row, column, f"={formula}", None, "")
    _write_head(sheet, plan, formats)
    _write_list(sheet, plan.lines, formats)
    _set_page(sheet)


def _names(form: Form, scenes: Mapping[str, Scene]) -> dict[str, str]:
    found = {WHOLE: _whole(scenes[form.cover.id])}
    for number, entry in enumerate(form.sheets):
        used = f"{_SHEET}!${xl_col_to_name(_USED)}${FIRST + 1 + number}"
        found |= names_of(entry, scenes[entry.id].place, used)
    return found


def _whole(cover: Scene) -> str:
    """Return: no correction, and one part at most, as `xltrack.checking.relations.is_whole` says of what was read."""
    kind, parts = (column_name(cover.sheet.id, name) for name in ("submission_kind", "part_count"))
    correction = cover.spellings(cover.sheet.by_id["submission_kind"], "correction")
    return "*".join([*(f"({kind}<>{text})" for text in correction), f"(N({parts})<=1)"])


def _used(form: Form, scenes: Mapping[str, Scene]) -> Iterator[tuple[int, int, str]]:
    """Yield how many rows of each table are in use, down to the last one with something in it."""
    for number, entry in enumerate(form.sheets):
        place = scenes[entry.id].place
        cells = f"{entry.tab}!$A${place.first}:${place.end}${place.deepest}"
        if place.row:
            used = f"MAX(1,MAX(IF(ISBLANK({cells}),0,ROW({cells})-{place.first - 1})))"
            yield FIRST + number, _USED, used


def _unseen(form: Form, scenes: Mapping[str, Scene]) -> str:
    """Return a formula: the tabs with something below the last row that is checked, each with that row."""
    return "&".join(
        f'IF(COUNTA({entry.tab}!$A${place.deepest + 1}:${place.end}${_LAST_ROW})=0,""," {entry.tab} > {place.deepest}")'
        for entry in form.sheets
        if (place := scenes[entry.id].place).row
    )


def _texts(row: int, line: _Line) -> Iterator[tuple[int, int, str]]:
    column = line.scene.sheet.by_id[line.check.column]
    said = say(line.check.code, column, line.check.facts)
    look = LOOKS[line.severity]
    texts = {
        "severity": f"{look.sign} {look.name.vi}", "tab": line.scene.sheet.tab, "column": column.title.vi,
        "problem": said.problem.vi, "remedy": said.remedy, "code": line.check.code, "english": said.problem.en,
    }  # fmt: skip
    yield from ((row, _DETAILS[name], text) for name, text in texts.items())


def _rank(row: int) -> tuple[int, int, str]:
    """Return the number of lines down to this one that find something: the list shows them by it."""
    above = f"{xl_col_to_name(_DETAILS['rank'])}{row}" if row > FIRST else "0"
    return row, _DETAILS["rank"], f"{above}+({_count(row)}>0)"


def _count(row: int) -> str:
    return f"${xl_col_to_name(_DETAILS['count'])}{row + 1}"


def _verdicts(row: int, line: _Line) -> Iterator[tuple[int, int, str]]:
    """Yield how many cells are wrong, and the address of the first."""
    own, name = line.scene.place.own[line.check.column], column_name(line.scene.sheet.id, line.check.column)
    yield row, _DETAILS["count"], f"SUM(--{line.wrong})"
    first = f'"{own.rstrip("0123456789")}"&MIN(IF({line.wrong},ROW({name})))'
    yield row, _DETAILS["cell"], f'IF({_count(row)}=0,"",{first})'


def _conditions(lines: Sequence[_Line]) -> dict[str, str]:
    """Name the conditions, and the sum of each finding code on each sheet: its lines stand below each other."""
    spans: dict[str, list[int]] = {}
    found: dict[str, str] = {}
    for row, line in enumerate(lines, FIRST + 1):
        scene, check = line.scene, line.check
        spans.setdefault(counted_name(scene.sheet.id, check.code), []).append(row)
        found[line.wrong] = scene.surroundings.in_column(check.condition)
        if is_long(scene, check):
            name = row_name(scene.sheet.id, check.column, check.code)
            found[name] = scene.surroundings.in_any_row(check.condition)
    sums = {name: f"SUM({_SHEET}!{_area('count', rows[0], rows[-1])})" for name, rows in spans.items()}
    return found | sums


def _area(name: str, first: int, last: int) -> str:
    letter = xl_col_to_name(_DETAILS[name])
    return f"${letter}${first}:${letter}${last}"


def _write_head(sheet: Worksheet, plan: SelfCheck, formats: Formats) -> None:
    last = _CODE
    first, between, end = FIRST + 1, FIRST + plan.errors, FIRST + plan.lines
    sheet.write_string(0, 1, f"{SELF_CHECK} {_OURS}", formats["help"])
    sheet.set_row(1, 28)
    sheet.write_string(1, 1, "KIỂM TRA TRƯỚC KHI GỬI — Check before you send", formats["title"])
    sheet.set_row(2, 34)
    sheet.merge_range(2, 1, 2, last, "", formats["verdict"])
    sheet.write_formula(2, 1, _verdict(), formats["verdict"], "")
    sheet.write_formula(_ERRORS, f"=SUM({_area('count', first, between)})", None, "")
    sheet.write_formula(_DOUBTS, f"=SUM({_area('count', between + 1, end)})", None, "")
    sheet.write_formula(_UNSEEN, f"={plan.unseen}", None, "")
    sheet.set_row(3, 50)
    sheet.merge_range(3, 1, 3, last, _HOW, formats["text"])
    ready = f"IFERROR(AND({_ERRORS}=0,LEN({_UNSEEN})=0),FALSE)"
    for criteria, look in ((f"={ready}", "ready"), (f"=NOT({ready})", "not ready")):
        rule = {"type": "formula", "criteria": criteria}
        sheet.conditional_format(2, 1, 2, last, rule | {"format": formats[look]})


def _verdict() -> str:
    ready = (
        f'"SẴN SÀNG GỬI"&IF({_DOUBTS}=0,""," · còn "&{_DOUBTS}&" chỗ nên xem lại")&" — Ready to send"'
        f'&IF({_DOUBTS}=0,"","; "&{_DOUBTS}&" to look at again")'
    )
    wrong = (
        f'"CÒN "&{_ERRORS}&" CHỖ PHẢI SỬA"&IF({_DOUBTS}=0,""," · "&{_DOUBTS}&" chỗ nên xem lại")'
        f'&" — "&{_ERRORS}&" to be mended"&IF({_DOUBTS}=0,"",", "&{_DOUBTS}&" to look at again")'
    )
    unknown = '"Không tự kiểm tra được: có trang hoặc cột đã bị xóa. — Cannot check: a sheet or column was deleted."'
    unseen = (
        f'"CHƯA KIỂM TRA HẾT: có dòng nằm quá xa phía dưới, xin đưa lên liền các dòng trên:"&{_UNSEEN}'
        f'&" — Not all checked: rows stand too far down, please move them up"'
    )
    return f"=IFERROR(IF(LEN({_UNSEEN})>0,{unseen},IF({_ERRORS}=0,{ready},{wrong})),{unknown})"


def _write_list(sheet: Worksheet, lines: int, formats: Formats) -> None:
    sheet.set_row(HEADING, 32)
    for number, (width, heading) in enumerate(_COLUMNS):
        sheet.set_column(number, number, width)
        sheet.write_string(HEADING, number, f"{heading.vi}\n{heading.en}", formats["required heading"])
    sheet.set_column(_WANTED, _USED, 10, None, {"hidden": True})
    total = f"${xl_col_to_name(_DETAILS['rank'])}${FIRST + lines}"
    for number in range(1, LINES + 1):
        sheet.set_row(FIRST + number - 1, 47)
        _write_line(sheet, number, lines, total, formats)
    more = f'=IF({total}>{LINES},"… và còn "&({total}-{LINES})&" mục nữa — and more","")'
    sheet.write_formula(FIRST + LINES, _TAB, more, formats["help"], "")
    table = (FIRST, 0, FIRST + LINES - 1, _ENGLISH)
    rule = {
        "type": "formula",
        "criteria": f"=${xl_col_to_name(_WANTED)}{FIRST + 1}>0",
        "format": formats["lined"],
    }
    sheet.conditional_format(*table, rule)


def _write_line(sheet: Worksheet, number: int, lines: int, total: str, formats: Formats) -> None:
    row = FIRST + number - 1
    wanted = f"${xl_col_to_name(_WANTED)}{row + 1}"
    found = f"=IF({number}>{total},0,MATCH({number},{_area('rank', FIRST + 1, FIRST + lines)},0))"
    sheet.write_formula(row, _WANTED, found, None, "")
    sheet.write_formula(row, _NO, f'=IF({wanted}=0,"",{number})', formats["centred line"], "")
    for column, value in _values(lines, wanted):
        style = {_COUNT: "centred line", _CODE: "centred line", _FIRST: "line link", _ENGLISH: "english"}
        sheet.write_formula(
            row, column, f'=IF({wanted}=0,"",{value})', formats[style.get(column, "line")], ""
        )


def _values(lines: int, wanted: str) -> Iterator[tuple[int, str]]:
    def of(name: str) -> str:
        return f"INDEX({_area(name, FIRST + 1, FIRST + lines)},{wanted})"

    yield from ((column, of(name)) for column, name in _SHOWN.items())
    yield _FIRST, f'HYPERLINK("#"&{of("tab")}&"!"&{of("cell")},{of("cell")})'


def _set_page(sheet: Worksheet) -> None:
    sheet.hide_gridlines(2)
    sheet.freeze_panes(FIRST, 0)
    sheet.set_tab_color("#C55A11")
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING)
    sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
    sheet.protect()
