"""Puts the answer to a mail into words: what became of each workbook in it, what to do, by when, and a receipt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Final

from xltrack.excel.answer import Answer, Problem
from xltrack.findings import Finding, hint, message
from xltrack.findings.masking import masked, visible
from xltrack.forms import Round, Schemas
from xltrack.hanoi import in_hanoi, is_day
from xltrack.language import Lang, Text, grouped
from xltrack.report.answer import OFFICE, Post, answer_to, grade
from xltrack.report.received import ReceivedFile
from xltrack.report.writing import Filling, Part, paragraph

MOST_PROBLEMS: Final = 8
"""So many problems of a file are named in the letter; its marked workbook has them all."""
_SENDER: Final = Text("quý cơ quan", "your office")
_FOCAL: Final = Text("cơ quan đầu mối của {name}", "the focal agency of {name}")
BACK: Final = Text("địa chỉ đã gửi thư này", "the address from which this letter came")
_NO_SUBJECT: Final = Text("(không có)", "(none)")
_UNKNOWN_TIME: Final = Text("(không rõ giờ)", "(time unknown)")
_RESULTS: Final[Mapping[str, Text]] = {
    "quarantined": Text(
        "Có tệp bị giữ riêng vì lý do an toàn và CHƯA được đọc.",
        "A file is kept apart for safety and was NOT read.",
    ),
    "unreadable": Text("Có tệp KHÔNG đọc được.", "A file could NOT be read."),
    "rejected": Text(
        "Báo cáo CHƯA được chấp nhận: đề nghị sửa và gửi lại.",
        "The report is NOT accepted yet: please mend it and send it again.",
    ),
    "held": Text(
        "Báo cáo đã nhận và đang chờ người phụ trách quyết định; kết quả sẽ được gửi sau.",
        "The report has arrived and waits for a decision; you will hear of the result.",
    ),
    "partial": Text(
        "Báo cáo được chấp nhận một phần: dòng có lỗi chưa được tính, đề nghị sửa và gửi lại.",
        "The report is accepted in part: rows with errors do not count yet; please mend them and send it again.",
    ),
    "warned": Text(
        "Báo cáo đã được chấp nhận, có cảnh báo đề nghị xem lại.",
        "The report is accepted; please look at the warnings.",
    ),
    "accepted": Text("Báo cáo đã được chấp nhận.", "The report is accepted."),
    "duplicate": Text(
        "Báo cáo này đã được nhận trước đó, không bị tính hai lần.",
        "This report had been received before; it does not count twice.",
    ),
    "nothing": Text(
        "Trong thư KHÔNG có tệp báo cáo nào đọc được.",
        "There was NO workbook in the mail that could be read.",
    ),
}
"""What became of a mail, in one sentence, by what is most urgent in it."""
_COLOURS: Final[Mapping[str, str]] = {
    "accepted": "#1a7f37",
    "duplicate": "#1a7f37",
    "warned": "#9a6700",
    "held": "#9a6700",
}
_BAD: Final = "#cf222e"
_TO_SEND_AGAIN: Final = frozenset({"quarantined", "unreadable", "rejected", "partial", "nothing"})
_TO_DO: Final = Text("Việc cần làm:", "What to do:")
_PROBLEMS: Final = Text("Vấn đề chính:", "Main problems:")
_MORE: Final = Text(
    "… và {count} vấn đề khác, nêu trong tệp gửi kèm.", "… and {count} more, in the workbook enclosed."
)
_SHEET: Final = Text("Trang {sheet}", "Sheet {sheet}")
_CELL: Final = Text("Trang {sheet}, ô {cell}", "Sheet {sheet}, cell {cell}")
_ALIKE: Final = Text("(và {count} chỗ tương tự)", "(and {count} more alike)")
_MARKS: Final = {"error": "●", "warning": "▲", "note": "○"}
_RECEIPT: Final = Text(
    "Biên nhận: bản ghi số {number} của kho dữ liệu, mã {hash}",
    "Receipt: record {number} of the store, hash {hash}",
)
_FILE_HASH: Final = Text("Mã SHA-256 của tệp: {sha256}", "SHA-256 of the file: {sha256}")
_ENCLOSED: Final = Text("Tệp đánh dấu gửi kèm: {name}", "Marked workbook enclosed: {name}")
_TOO_LARGE: Final = Text(
    "Tệp đánh dấu quá lớn nên không gửi kèm; người phụ trách sẽ gửi bằng cách khác.",
    "The marked workbook is too large to be enclosed; you will get it in another way.",
)
_DUE: Final = Text(
    "Hạn nhận {round}: hết ngày {day} (giờ Hà Nội).", "The {round} is due by the end of {day} (Hà Nội time)."
)
_OVERDUE: Final = Text(
    "Hạn nhận {round} là hết ngày {day}, đã qua: đề nghị gửi lại sớm nhất có thể.",
    "The {round} was due by the end of {day}, which has passed: please send it again as soon as you can.",
)


@dataclass(frozen=True, slots=True)
class AnsweredFile:
    """One workbook of the mail: what became of it, its record (`chain_no`, `hash`; None if it has none).

    `enclosed` is the name of the marked workbook that goes with the letter, None without one; `too_large` says why.
    """

    file: ReceivedFile
    chain_no: int | None = None
    hash: str | None = None
    enclosed: str | None = None
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredMail:
    """One mail: its subject, arrival, the unit that sent it (a code, None if unknown), and its workbooks.

    `findings` are about the mail as such.
    """

    subject: str
    arrived: datetime | None
    unit: str | None
    files: tuple[AnsweredFile, ...]
    findings: tuple[Finding, ...] = ()


def result_of(mail: AnsweredMail) -> str:
    """Return what is most urgent in `mail`: a verdict, "warned" (accepted with warnings) or "nothing"."""
    found = {_verdict(one.file) for one in mail.files} or {"nothing"}
    return next(result for result in _RESULTS if result in found)


def reply_filling(
    mail: AnsweredMail, schemas: Schemas, lang: Lang, today: date, office: str | None
) -> Filling:
    """Return what a template of replies may name, in `lang`."""
    unit = schemas.units.by_code.get(mail.unit or "")
    post = Post(schemas, lang, BACK.to(lang), marked_in="vi")
    words = {
        "unit": unit_name(unit.name if unit else None, lang),
        "subject": masked(visible(" ".join(mail.subject.split()))) or _NO_SUBJECT.to(lang),
        "arrived": moment(mail.arrived, lang),
        "office": office or OFFICE.to(lang),
    }
    parts = {
        "result": _result(mail, lang),
        "message": _about_mail(mail, lang),
        "files": _files(mail, post),
        "deadline": paragraph(_deadline(mail, schemas, lang, today)),
    }
    return Filling(words, parts)


def unit_name(unit: Text | None, lang: Lang) -> str:
    """Return to whom in the unit of that name a letter is written."""
    return _FOCAL.to(lang).format(name=unit.to(lang)) if unit else _SENDER.to(lang)


def moment(at: datetime | None, lang: Lang) -> str:
    """Return a moment as people in Hà Nội say it."""
    if at is None:
        return _UNKNOWN_TIME.to(lang)
    local = in_hanoi(at)
    if is_day(local):
        return f"{local:%d/%m/%Y}"
    return Text(f"{local:%H:%M ngày %d/%m/%Y} (giờ Hà Nội)", f"{local:%d/%m/%Y at %H:%M} (Hà Nội time)").to(
        lang
    )


def wants_mending(file: ReceivedFile) -> bool:
    """Return whether the sender of `file` has something to look at in it."""
    return any(grade(finding) != "note" for finding in file.findings)


def _verdict(file: ReceivedFile) -> str:
    return "warned" if file.verdict == "accepted" and wants_mending(file) else file.verdict


def _result(mail: AnsweredMail, lang: Lang) -> Part:
    result = result_of(mail)
    colour = _COLOURS.get(result, _BAD)
    style = f"margin: 0 0 16px; padding: 8px 12px; border-left: 4px solid {colour}; font-weight: 600"
    return paragraph(_RESULTS[result].to(lang), style)


def _about_mail(mail: AnsweredMail, lang: Lang) -> Part:
    """Return what was found in the mail as such, each with what to do."""
    said = [f"{message(finding, lang)} {hint(finding, lang)}" for finding in mail.findings]
    return paragraph("\n".join(said))


def _files(mail: AnsweredMail, post: Post) -> Part:
    parts = [_file(one, post) for one in mail.files]
    return Part("\n\n".join(part.text for part in parts), "\n".join(part.html for part in parts))


def _file(one: AnsweredFile, post: Post) -> Part:
    answer = answer_to(one.file, post, "letter" if one.enclosed else "letter_alone")
    name = visible(answer.name)
    facts = [line for line in (answer.about, answer.verdict) if line]
    blocks = [
        (_TO_DO.to(post.lang), answer.steps),
        (_PROBLEMS.to(post.lang), tuple(_problems(answer))),
    ]
    filled = [(title, lines) for title, lines in blocks if lines]
    footer = list(_footer(one, post.lang))
    return Part(_file_text(name, facts, filled, footer), _file_html(name, facts, filled, footer))


Block = tuple[str, Sequence[str]]


def _file_text(name: str, facts: Sequence[str], blocks: Sequence[Block], footer: Sequence[str]) -> str:
    lines = [f"■ {name}", *(f"  {fact}" for fact in facts)]
    for title, said in blocks:
        lines += [f"  {title}", *(f"    {line}" for line in said)]
    return "\n".join([*lines, *(f"  {line}" for line in footer)])


def _file_html(name: str, facts: Sequence[str], blocks: Sequence[Block], footer: Sequence[str]) -> str:
    inner = [f"<strong>{escape(name)}</strong>", *(f"<br>\n{escape(fact)}" for fact in facts)]
    for title, said in blocks:
        listed = "".join(f"<div>{escape(line)}</div>" for line in said)
        inner.append(f'<div style="margin-top: 8px"><em>{escape(title)}</em>{listed}</div>')
    small = "".join(f"<div>{escape(line)}</div>" for line in footer)
    inner.append(
        f'<div style="margin-top: 8px; font-size: 13px; color: #59636e; word-break: break-all">{small}</div>'
    )
    style = "margin: 0 0 16px; padding: 12px; border: 1px solid #d0d7de; border-radius: 6px"
    return f'<div style="{style}">{"".join(inner)}</div>'


def _problems(answer: Answer) -> Iterator[str]:
    """Yield the main problems, those in the language of the senders alone; the marked workbook has all."""
    if answer.lang != "vi":
        return
    groups = [group for group in answer.groups if group[0].severity != "note"]
    for group in groups[:MOST_PROBLEMS]:
        yield _problem(group, answer.lang)
    if rest := sum(len(group) for group in groups[MOST_PROBLEMS:]):
        yield _MORE.to(answer.lang).format(count=grouped(rest, answer.lang))


def _problem(group: Sequence[Problem], lang: Lang) -> str:
    """Return the first of problems that are alike, with how many more there are."""
    first = group[0]
    where = ""
    if first.sheet:
        place = _CELL if first.cell else _SHEET
        where = place.to(lang).format(sheet=first.sheet, cell=first.cell) + ": "
    alike = f" {_ALIKE.to(lang).format(count=grouped(len(group) - 1, lang))}" if len(group) > 1 else ""
    return f"{_MARKS[first.severity]} {where}{masked(first.message)}{alike}"


def _footer(one: AnsweredFile, lang: Lang) -> Iterator[str]:
    if one.enclosed:
        yield _ENCLOSED.to(lang).format(name=one.enclosed)
    elif one.too_large:
        yield _TOO_LARGE.to(lang)
    if one.hash:
        yield _RECEIPT.to(lang).format(number=one.chain_no, hash=one.hash)
    elif one.file.sha256:
        yield _FILE_HASH.to(lang).format(sha256=one.file.sha256)


def _deadline(mail: AnsweredMail, schemas: Schemas, lang: Lang, today: date) -> str:
    """Return by when to send again, if anything is to be sent again in a round that is known."""
    found = next((_round(one.file, schemas) for one in mail.files if _round(one.file, schemas)), None)
    if found is None or result_of(mail) not in _TO_SEND_AGAIN:
        return ""
    sentence = _OVERDUE if today > found.on_time_until else _DUE
    return sentence.to(lang).format(
        round=round_name(found, schemas, lang), day=f"{found.on_time_until:%d/%m/%Y}"
    )


def round_name(found: Round, schemas: Schemas, lang: Lang) -> str:
    """Return what a report of the round is called in a sentence."""
    kind = schemas.code_lists["period_kinds"].by_code[found.period_kind].label.to(lang)
    word = f"{kind[0].lower()}{kind[1:]}"
    return Text(f"báo cáo {word} {found.year}", f"{word} return of {found.year}").to(lang)


def _round(file: ReceivedFile, schemas: Schemas) -> Round | None:
    year, _, kind = (file.round or "").partition("-")
    return schemas.units.round(int(year), kind) if year.isdecimal() else None
