"""The messages of an inbox for people at a terminal and for programs."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from xltrack.findings import Finding, hint, message, severity
from xltrack.findings.masking import visible
from xltrack.hanoi import clock, in_hanoi
from xltrack.language import Lang, Text
from xltrack.mail import Attachment, Standing, State
from xltrack.mail.names import shown_name

SCHEMA_VERSION: Final = "1.0"
ID_LETTERS: Final = 8
STATES: Final[Mapping[State, Text]] = {
    "waiting": Text("chờ hợp nhất", "waiting to be merged"),
    "held": Text("giữ lại chờ quyết định", "held for a decision"),
    "accepted": Text("đã nhận", "accepted"),
    "rejected": Text("bị từ chối", "rejected"),
    "quarantined": Text("cách ly", "quarantined"),
    "duplicate": Text("trùng", "duplicate"),
    "nothing_in_it": Text("không có sổ tính", "nothing in it"),
}
_NO_SENDER: Final = Text("(không rõ người gửi)", "(no sender)")
_DECIDED: Final = {
    "accept": Text("Đã quyết định nhận", "Decided: accept"),
    "refuse": Text("Đã quyết định từ chối", "Decided: refuse"),
}
_HOW: Final = Text(
    'Quyết định: `xltrack inbox accept {id}{where} --why "…" --by "…"`, hoặc `xltrack inbox refuse {id}{where} …`.',
    'Decide: `xltrack inbox accept {id}{where} --why "…" --by "…"`, or `xltrack inbox refuse {id}{where} …`.',
)


_ADVICE: Final = {
    "XLT706": Text(
        "Chưa người gửi nào được biết: ghi đơn vị và địa chỉ vào `{senders}`; các thư đã lấy được xét lại ngay.",
        "No sender is known yet: write units and addresses into `{senders}`; messages fetched before are judged anew.",
    ),
    "XLT707": Text(
        "Chưa máy chủ nào xác nhận người gửi: chạy lại với `--verified-by` và tên máy chủ thư của mình.",
        "No server confirms any sender: run this again with `--verified-by` and the name of your own mail server.",
    ),
}


def advice(found: Sequence[Standing], senders: Path, lang: Lang) -> str | None:
    """Return what an operator should do first whose messages are all held, None where there is nothing to advise."""
    codes = {finding.code for one in found if one.state == "held" for finding in one.findings}
    advised = next((text for code, text in _ADVICE.items() if code in codes), None)
    all_held = bool(found) and all(one.state == "held" for one in found if one.message.letter.workbooks)
    return advised.to(lang).format(senders=senders) if advised and all_held else None


def inbox_text(found: Sequence[Standing], lang: Lang, where: str = "") -> str:
    """Return the messages with their findings, and in the last line how many there are of each state.

    `where` are the options that a command needs to find the same inbox again.
    """
    return "\n".join([*(line for one in found for line in _message(one, lang, where)), counts(found, lang)])


def counts(found: Sequence[Standing], lang: Lang) -> str:
    """Return how many messages there are, and of each state."""
    number = Counter(one.state for one in found)
    parts = [f"{number[state]} {STATES[state].to(lang)}" for state in get_args(State) if number[state]]
    total = Text(f"{len(found)} thư", f"{len(found)} message{'' if len(found) == 1 else 's'}").to(lang)
    return f"{total}: {', '.join(parts)}." if parts else f"{total}."


def inbox_json(found: Sequence[Standing], lang: Lang) -> str:
    """Return the messages as JSON, with the number of each state."""
    number = Counter(one.state for one in found)
    document = {
        "schema_version": SCHEMA_VERSION,
        "counts": {state: number[state] for state in get_args(State)},
        "messages": [_plain(one, lang) for one in found],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _message(one: Standing, lang: Lang, where: str) -> Iterator[str]:
    letter, known = one.message.letter, one.message.sha256[:ID_LETTERS]
    sender = letter.sender or (one.message.source if one.message.kind == "file" else _NO_SENDER.to(lang))
    names = ", ".join(visible(shown_name(attachment.name)) for attachment, _ in one.workbooks)
    parts = [
        known,
        _arrival(one),
        STATES[one.state].to(lang),
        visible(sender),
        visible(letter.subject),
        names,
    ]
    yield " · ".join(part for part in parts if part)
    for finding in one.findings:
        yield f"  {finding.code}  {message(finding, lang)}"
        yield f"          → {hint(finding, lang)}"
    if one.decision is not None:
        yield f"  {_DECIDED[one.decision.word].to(lang)} ({one.decision.by}: {one.decision.why})"
    elif one.is_held_back:
        yield f"  {_HOW.to(lang).format(id=known, where=where)}"


def _arrival(one: Standing) -> str:
    arrival = one.message.arrival
    return clock(arrival) if arrival else ""


def _plain(one: Standing, lang: Lang) -> dict[str, Any]:
    arrival, letter, decision = one.message.arrival, one.message.letter, one.decision
    return {
        "id": one.message.sha256,
        "state": one.state,
        "kind": one.message.kind,
        "source": one.message.source,
        "arrival": in_hanoi(arrival).isoformat(timespec="seconds") if arrival else None,
        "message_id": letter.message_id,
        "sender": letter.sender,
        "subject": letter.subject,
        "automatic": letter.automatic or None,
        "units": sorted(one.units) if one.units is not None else None,
        "attachments": [_attachment(attachment, one) for attachment in letter.attachments],
        "findings": [_finding(finding, lang) for finding in one.findings],
        "decision": {"word": decision.word, "why": decision.why, "by": decision.by} if decision else None,
    }


def _attachment(attachment: Attachment, one: Standing) -> dict[str, Any]:
    verdicts = {workbook.sha256: verdict for workbook, verdict in one.workbooks}
    return {
        "name": attachment.name,
        "inside": attachment.inside or None,
        "sha256": attachment.sha256,
        "size": attachment.size,
        "is_workbook": attachment.is_workbook,
        "verdict": verdicts.get(attachment.sha256),
    }


def _finding(finding: Finding, lang: Lang) -> dict[str, Any]:
    told = {"message": message(finding, lang), "hint": hint(finding, lang)}
    return {"code": finding.code, "severity": severity(finding), **told}
