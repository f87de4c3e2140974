"""Puts the result of one file into the words that its sender reads: in the return workbook, and as a letter."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from xltrack.excel.answer import Answer, Problem
from xltrack.excel.result_sheet import TAB
from xltrack.findings import Finding, Severity, hint, message, severity
from xltrack.findings.masking import masked
from xltrack.findings.outputs import LETTER
from xltrack.forms import Column, Schemas, Sheet, fold
from xltrack.language import Lang, Text, grouped
from xltrack.report.about import about
from xltrack.report.received import ReceivedFile
from xltrack.report.text import by_sheet, counted

OFFICE: Final = Text("Bộ Khoa học và Công nghệ", "the Ministry of Science and Technology")
"""Where corrected files go, unless the operator names another place."""

Place = Literal["sheet", "letter", "letter_alone"]
"""Where an answer is read: on the first sheet of the marked workbook, in a letter that comes with it, or without it."""
_VERDICTS: Final[Mapping[str, Text]] = {
    "accepted": Text("Tệp được chấp nhận", "The file is accepted"),
    "partial": Text(
        "Tệp được chấp nhận một phần: dòng có lỗi chưa được tính",
        "The file is accepted in part: rows with errors do not count yet",
    ),
    "held": Text(
        "Tệp đã nhận, đang chờ người phụ trách quyết định", "The file has arrived and waits for a decision"
    ),
    "rejected": Text(
        "Tệp CHƯA được chấp nhận: số liệu chưa được tính", "The file is NOT accepted yet: it does not count"
    ),
    "quarantined": Text(
        "Tệp bị giữ riêng vì lý do an toàn, CHƯA được đọc",
        "The file is kept apart for safety and was NOT read",
    ),
    "unreadable": Text("KHÔNG đọc được tệp", "The file could NOT be read"),
    "duplicate": Text("Tệp này đã được nhận trước đó", "This file had been received before"),
}
_CLEAN: Final = Text("không có vấn đề nào", "there are no problems")
_WAIVED: Final = Text("{count} được miễn trừ, không phải sửa", "{count} waived, nothing to mend")
_LETTER: Final = Text(f"{LETTER.vi}{{name}}»", f"{LETTER.en}{{name}}”")
_GOES_WITH: Final = Text(
    "Thư này trả lời người gửi tệp. Gửi kèm «{workbook}»: chính tệp đó, mỗi chỗ cần sửa được đánh dấu. Mở bằng Excel "
    "như mọi tệp khác, không phải cài đặt gì thêm.",
    "This letter answers the sender of the file. With it goes “{workbook}”: that very file, with every problem marked. "
    "It opens in Excel like any other; nothing needs to be installed.",
)
_ALONE: Final = Text(
    "Thư này trả lời người gửi tệp; không có tệp đánh dấu gửi kèm.",
    "This letter answers the sender of the file; no marked workbook goes with it.",
)
_TO_DO: Final = Text("Việc cần làm", "What to do")
_NOTHING: Final = Text("Không cần làm gì thêm.", "Nothing more is needed.")
_FIND: Final[Mapping[Place, Text]] = {
    "sheet": Text(
        "Bấm vào địa chỉ ở cột «Ô» để tới ô có vấn đề; ô đó được tô màu, rê chuột vào sẽ hiện ghi chú nêu cách sửa.",
        "Click an address in the column “Cell” to get to the problem; that cell is coloured, and a note shows what "
        "to do.",
    ),
    "letter": Text(
        "Mở tệp gửi kèm: trang đầu «{tab}» liệt kê từng vấn đề và dẫn tới ô có vấn đề; ô đó được tô màu, rê chuột vào "
        "sẽ hiện ghi chú nêu cách sửa.",
        "Open the workbook that comes with this letter: its first sheet “{tab}” lists the problems and leads to their "
        "cells; these are coloured, and a note shows what to do.",
    ),
    "letter_alone": Text(
        "Mở tệp đã gửi, tới từng ô nêu trong danh sách dưới đây.",
        "Open the file as you sent it, and go to each cell listed below.",
    ),
}
_MEND: Final[Mapping[Place, Text]] = {
    "sheet": Text(
        "Sửa hết lỗi (●, viền liền); xem lại cảnh báo (▲, viền đứt); ghi chú (○, viền chấm) chỉ để biết.",
        "Mend every error (●, solid border); look at the warnings (▲, dashed); notes (○, dotted) are for information.",
    ),
    "letter": Text(
        "Sửa hết lỗi; xem lại cảnh báo; ghi chú chỉ để biết.",
        "Mend every error; look at the warnings; notes are for information.",
    ),
}
_LOOK: Final = Text(
    "Xem lại cảnh báo. Nếu số liệu đúng thì không cần làm gì thêm.",
    "Look at the warnings. If the figures are right, nothing more is needed.",
)
_IF_MENDED: Final = Text("Chỉ khi có sửa: ", "Only if you mended something: ")
_SEND: Final = Text(
    "Tăng «{number}» ở trang {cover} thêm 1, lưu, gửi lại tệp {which} tới {to}.",
    "Add 1 to “{number}” on sheet {cover}, save, and send {which} to {to}.",
)
_WHICH: Final[Mapping[Place, Text]] = {
    "sheet": Text("này", "this very file"),
    "letter": Text("gửi kèm", "the workbook that came with this letter"),
    "letter_alone": Text("đã sửa", "the mended file"),
}
_LEAVE: Final[Mapping[Place, Text]] = {
    "sheet": Text(" Không cần xóa màu, ghi chú và trang này.", " Leave colours, notes and this sheet."),
    "letter": Text(
        " Không cần xóa màu, ghi chú và trang «{tab}».", " Leave colours, notes and the sheet “{tab}”."
    ),
    "letter_alone": Text("", ""),
}
_SEND_ANOTHER: Final = Text("Gửi lại tệp đã xử lý tới {to}.", "Send the mended file to {to}.")
_WAIT: Final = Text(
    "Xem cách xử lý nêu ở từng vấn đề; nếu chưa rõ, liên hệ {to}.",
    "See what each problem asks for; if in doubt, ask {to}.",
)
_NUMBER: Final = "submission_no"
_LISTED: Final = 8
"""So many entries of a code list are named."""
_OF_A_VALUE: Final = "34"
"""The hundreds of the codes for which it helps to know what the form asks for in the column."""


@dataclass(frozen=True)
class Post:
    """How answers are written: in which language, by which schemas, and where corrected files are to be sent.

    `marked_in` is the language of the marked workbook, where it is not that of the letter.
    """

    schemas: Schemas
    lang: Lang = "vi"
    send_to: str | None = None
    marked_in: Lang | None = None

    @property
    def tab(self) -> str:
        """Return what the sheet of results of the marked workbook is called."""
        return TAB.to(self.marked_in or self.lang)

    @property
    def to(self) -> str:
        """Return where corrected files go, in words."""
        return self.send_to or OFFICE.to(self.lang)


def answer_to(file: ReceivedFile, post: Post, place: Place = "sheet") -> Answer:
    """Return the answer to the sender of `file` that her marked workbook gives, or another `place`."""
    lang = post.lang
    sheets = _sheets(file, post.schemas)
    return Answer(
        lang,
        name=file.path.name,
        about=about(file, post.schemas, post.lang),
        verdict=_sentence(file, lang),
        is_good=file.verdict in ("accepted", "duplicate"),
        steps=tuple(_steps(file, post, place)),
        problems=tuple(_problem(one, sheets.get(one.sheet or ""), post) for one in file.findings),
    )


def letter(file: ReceivedFile, post: Post, workbook: str | None = None) -> str:
    """Return the same answer as a text, for a mail with which the marked `workbook` of that name goes.

    None is for senders whose file could not be marked.
    """
    lang = post.lang
    of_what = _LETTER.to(lang).format(name=file.path.name)
    goes_with = _GOES_WITH.to(lang).format(workbook=workbook) if workbook else _ALONE.to(lang)
    steps = _steps(file, post, "letter" if workbook else "letter_alone")
    head = [of_what, about(file, post.schemas, post.lang), "", goes_with, "", _sentence(file, lang), ""]
    return "\n".join([*head, f"{_TO_DO.to(lang)}:", *steps, "", *by_sheet(file.findings, lang)]) + "\n"


def grade(finding: Finding) -> Severity:
    """Return how grave `finding` is to its sender: about what is waived there is nothing to do."""
    return "note" if finding.waiver else severity(finding)


def _sheets(file: ReceivedFile, schemas: Schemas) -> Mapping[str, Sheet]:
    """Return the sheets of the file's form by the tabs that findings name."""
    form = schemas.forms.get(file.form or "")
    declared = {fold(sheet.tab): sheet for sheet in form.sheets} if form else {}
    tabs = {finding.sheet for finding in file.findings if finding.sheet}
    return {tab: declared[fold(tab)] for tab in tabs if fold(tab) in declared}


def _problem(finding: Finding, sheet: Sheet | None, post: Post) -> Problem:
    column = sheet.by_id.get(finding.column or "") if sheet else None
    asks = column is not None and finding.code[3] in _OF_A_VALUE
    return Problem(
        code=finding.code,
        severity=grade(finding),
        sheet=finding.sheet,
        cell=finding.cell or (f"A{finding.row}" if finding.row else None),
        value=masked(finding.value or ""),
        message=message(finding, post.lang),
        column=finding.column,
        expected=_expected(column, post) if column and asks else "",
        hint=hint(finding, post.lang),
    )


def _expected(column: Column, post: Post) -> str:
    """Return what may stand in `column`: the entries of a short list by name, else what the form says of it."""
    entries = post.schemas.code_lists[column.code_list].codes if column.code_list else ()
    labels = dict.fromkeys(entry.label.to(post.lang) for entry in entries)
    return "; ".join(labels) if 0 < len(labels) <= _LISTED else column.help.to(post.lang)


def _sentence(file: ReceivedFile, lang: Lang) -> str:
    counts = Counter(map(grade, file.findings))
    found = counted(counts, lang)
    waived = sum(finding.waiver is not None for finding in file.findings)
    found += f" ({_WAIVED.to(lang).format(count=grouped(waived, lang))})" if waived else ""
    clean = "" if file.verdict == "held" else _CLEAN.to(lang)
    return "; ".join(filter(None, (_VERDICTS[file.verdict].to(lang), found or clean))) + "."


def _steps(file: ReceivedFile, post: Post, place: Place) -> Iterator[str]:
    """Yield what the sender has to do next, numbered."""
    lines = list(_tasks(file, post, place))
    yield from lines if len(lines) == 1 else (f"{number}. {line}" for number, line in enumerate(lines, 1))


def _tasks(file: ReceivedFile, post: Post, place: Place) -> Iterator[str]:
    lang = post.lang
    find = _FIND[place].to(lang).format(tab=post.tab)
    grades = set(map(grade, file.findings))
    if file.verdict in ("unreadable", "quarantined"):
        yield from dict.fromkeys(
            hint(finding, lang) for finding in file.findings if severity(finding) == "error"
        )
        yield _SEND_ANOTHER.to(lang).format(to=post.to)
    elif file.verdict == "held":
        yield _WAIT.to(lang).format(to=post.to)
    elif "error" in grades:
        mend = _MEND["sheet" if place == "sheet" else "letter"]
        yield from (find, mend.to(lang), _send(file, post, place))
    elif "warning" in grades:
        yield from (find, _LOOK.to(lang), _IF_MENDED.to(lang) + _send(file, post, place))
    else:
        yield _NOTHING.to(lang)


def _send(file: ReceivedFile, post: Post, place: Place) -> str:
    lang = post.lang
    form = post.schemas.forms.get(file.form or "")
    column = form.cover.by_id.get(_NUMBER) if form else None
    if form is None or column is None:
        return _SEND_ANOTHER.to(lang).format(to=post.to)
    facts = {"number": column.title.to(lang), "cover": form.cover.tab, "to": post.to}
    send = _SEND.to(lang).format(which=_WHICH[place].to(lang), **facts)
    return send + _LEAVE[place].to(lang).format(tab=post.tab)
