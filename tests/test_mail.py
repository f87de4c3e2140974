"""The inbox: who sent what, and that every message is exactly one thing."""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.store_samples import SCHEMAS
from xltrack.errors import MailError
from xltrack.findings import Finding, message
from xltrack.hanoi import HANOI
from xltrack.intake.sorting import first_code, is_meant_as_workbook
from xltrack.language import Text
from xltrack.mail import (
    Attachment,
    Decision,
    Inbox,
    Letter,
    Look,
    Message,
    Senders,
    Trust,
    read_senders,
    standings,
)
from xltrack.mail.headers import arrival_of, letter_of
from xltrack.mail.names import safe_name, shown_name
from xltrack.mail.parts import read_headers

SERVER = "mx.bokhcn.example"
MISLEADING = (
    'spf=pass smtp.mailfrom="("@evil.example; dmarc=fail; dkim=pass header.d=")" header.i=@bacninh.example'
)
LIST = """\
unit_code,sender,valid_from,valid_to,note
T34-24,baocao@bacninh.example,,,
T34-24,@tdc.bacninh.example,1/7/2025,31/12/2026,chi cục
T63-24,baocao@bacgiang.example,,2025-06-30,
T34-01,Baocao@HaNoi.example,,,
"""

SHORT = {
    "baocao@bn": "baocao@bacninh.example",
    "x@tdc.bn": "x@tdc.bacninh.example",
    "baocao@bg": "baocao@bacgiang.example",
    "x@evil": "ke.gian@evil.example",
    "": "",
}
# Who, what the server says, workbooks with the unit on their covers, id, findings of the letter itself, what a person
# decided, what the store says; and then what the message is, and why. Messages come one minute after another.
MESSAGES = """
sender    | server | workbooks         | id | letter | decision | store                 | state         | findings
baocao@bn | pass   | a:T34-24          | 1  |        |          |                       | waiting       |
x@tdc.bn  | pass   | b:T34-24          | 2  |        |          | b:accepted            | accepted      |
baocao@bn | pass   | c:T34-24          | 3  |        |          | c:rejected            | rejected      |
baocao@bn | pass   | d:T34-24          | 4  |        |          | d:quarantined         | quarantined   |
baocao@bn | pass   | e:                | 5  |        |          | e:unreadable          | rejected      |
baocao@bn | pass   | f:T34-24          | 6  |        |          | f:partial             | accepted      |
baocao@bn | pass   | g:T34-24          | 7  |        |          | g:duplicate           | duplicate     |
baocao@bn | pass   | h:T34-24          | 8  |        |          | h:held                | held          |
baocao@bn | pass   | i:T34-24 j:T34-24 | 9  |        |          | i:accepted j:rejected | rejected      |
baocao@bn | pass   | b:T34-24          | 2  |        |          | b:accepted            | duplicate     |
baocao@bn | pass   | b:T34-24          | 11 |        |          | b:accepted            | duplicate     |
baocao@bn | pass   | b:T34-24 k:T34-24 | 12 |        |          | b:accepted k:accepted | accepted      |
x@evil    | pass   | l:T34-24          | 13 |        |          |                       | held          | XLT706
x@evil    | pass   | l2:T34-24         | 14 |        | accept   | l2:accepted           | accepted      | XLT706
x@evil    | pass   | m:T34-24          | 15 |        | refuse   |                       | rejected      | XLT706
baocao@bn | fail   | n:T34-24          | 16 |        |          |                       | held          | XLT707
baocao@bn | pass   | o:T34-01          | 17 |        |          |                       | held          | XLT708
x@tdc.bn  | fail   | p:T34-01          | 18 |        |          |                       | held          | XLT707 XLT708
baocao@bn | pass   | q:T34-24          | 1  |        |          |                       | held          | XLT709
baocao@bg | pass   | r:T63-24          | 20 |        |          |                       | held          | XLT706
x@evil    | fail   | s:T34-24          | 21 |        |          |                       | held          | XLT706
baocao@bn | pass   | s:T34-24          | 22 |        |          | s:accepted            | accepted      |
baocao@bn | pass   |                   | 23 | XLT700 |          |                       | nothing_in_it | XLT700
x@evil    |        |                   | 24 | XLT701 |          |                       | nothing_in_it | XLT701
baocao@bn | pass   |                   | 25 | XLT702 |          |                       | rejected      | XLT702
baocao@bn | pass   |                   | 26 | XLT703 |          |                       | quarantined   | XLT703
baocao@bn | pass   |                   | 27 | XLT704 |          |                       | rejected      | XLT704
          |        |                   |    | XLT705 |          |                       | quarantined   | XLT705
"""  # fmt: skip


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    made = Inbox(tmp_path / "inbox")
    made.make()
    return made


@pytest.fixture
def senders(inbox: Inbox) -> Senders:
    inbox.senders.write_text(LIST, encoding="utf-8-sig")
    return read_senders(inbox.senders, SCHEMAS.units)


def hash_of(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def pairs(cell: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in cell.split())


def table(text: str):
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def letter(row: dict[str, str]) -> Letter:
    return Letter(
        message_id=row["id"] and f"<{row['id']}@bacninh.example>",
        sender=SHORT[row["sender"]],
        answer_to=SHORT[row["sender"]],
        subject="Báo cáo năm 2025",
        stamps=((f"{SERVER}; dmarc={row['server']}",),),
        attachments=tuple(
            Attachment(f"{name}.xlsx", hash_of(name), 1_000, is_workbook=True)
            for name in pairs(row["workbooks"])
        ),
        findings=tuple(Finding(code) for code in row["letter"].split()),
    )


def fill(inbox: Inbox, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep every message of the table, the last first: the order of fetching has no say; return the store's word."""
    store: dict[str, Any] = {}
    for number, row in reversed(list(enumerate(rows))):
        arrival = datetime(2025, 11, 20, 8, number, tzinfo=HANOI)
        inbox.keep(Message(hash_of(f"letter {number}"), "mail", letter(row), arrival, "imap:INBOX;1;1", 9))
        for name, unit in pairs(row["workbooks"]).items():
            inbox.keep_look(hash_of(name), Look(unit or None, "2025-annual"))
        if row["decision"]:
            decided = Decision(row["decision"], "đã gọi điện", "Phòng Kế hoạch", arrival)
            inbox.decide(hash_of(f"letter {number}"), decided)
        store |= {hash_of(name): verdict for name, verdict in pairs(row["store"]).items()}
    return store


def test_every_message_is_exactly_one_thing(inbox, senders):
    rows = table(MESSAGES)
    found = standings(inbox, Trust(senders, SERVER), fill(inbox, rows))
    said = [(one.state, " ".join(finding.code for finding in one.findings)) for one in found]
    assert said == [(row["state"], row["findings"]) for row in rows]


def test_a_workbook_of_a_held_message_is_never_ready(inbox, senders):
    rows = table(MESSAGES)
    found = standings(inbox, Trust(senders, SERVER), fill(inbox, rows))
    ready = [(one.sha256) for standing in found if standing.is_ready for one, _ in standing.workbooks]
    assert len(ready) == len(set(ready))
    assert set(ready) == {hash_of(name) for name in "a b c d e f g h i j k l2 s".split()}


def test_a_message_comes_back_from_its_record_as_it_was(inbox):
    told = Finding("XLT704", facts={"file": "a.zip", "reason": Text("lồng nhau", "nested"), "n": ("x", "y")})
    kept = Message(
        sha256=hash_of("one"),
        kind="mail",
        letter=Letter(
            "<1@a.example>", "a@a.example", "b@a.example", "Báo cáo \u202e\ud800", datetime(2025, 11, 1, tzinfo=HANOI),
            ("<0@a.example>",), "Auto-Submitted: auto-replied", ((), (f"{SERVER}; spf=pass",)),
            (Attachment("ký.png", hash_of("png"), 3, is_workbook=False, code="XLT101", inside="a.zip"),), (told,),
        ),
        arrival=datetime(2025, 11, 2, tzinfo=HANOI),
        source="thư.eml",
        size=12,
    )  # fmt: skip
    inbox.keep(kept)
    (found,) = inbox.messages()
    assert found == kept or found.letter.subject == "Báo cáo \u202e\\ud800"
    assert message(found.letter.findings[0], "en") == message(told, "en")


@pytest.mark.parametrize(
    ("stamps", "is_believed"),
    [
        ([[f"{SERVER}; dmarc=pass (p=reject) header.from=bacninh.example"]], True),
        ([[f"{SERVER}; dkim=pass header.d=bacninh.example; spf=fail"]], True),
        ([[f"{SERVER} 1; spf=pass smtp.mailfrom=bounce@bacninh.example"]], True),
        ([[f"{SERVER}; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example"]], False),
        ([[f"{SERVER}; dmarc=fail header.from=bacninh.example; dkim=pass header.d=bacninh.example"]], False),
        ([[f"{SERVER}; dmarc=none; dkim=pass header.i=@bacninh.example"]], True),
        ([[f"{SERVER}; dmarc=pass header.from=evil.example"]], False),
        ([[f"{SERVER}; none"]], False),
        ([[f'{SERVER}; dkim=pass header.i="@bacninh.example"']], True),
        # What is quoted, or the name by which a machine greets, whoever sends may choose.
        ([[f'{SERVER}; dmarc=none; spf=pass smtp.mailfrom="x@bacninh.example"@evil.example']], False),
        ([[f'{SERVER}; spf=pass smtp.mailfrom="x; dkim=pass header.d=bacninh.example"@evil.example']], False),
        ([[f'{SERVER}; dkim=pass reason="header.d=bacninh.example" header.d=evil.example']], False),
        ([[f"{SERVER}; spf=pass smtp.mailfrom=x@evil.example smtp.helo=header.d=bacninh.example"]], False),
        ([[f"{SERVER}; spf=pass smtp.mailfrom=x@evil.example header.d=bacninh.example"]], False),
        ([[f"{SERVER}; {MISLEADING}"]], False),
        ([[f'{SERVER}; spf=pass (of "a)b; dkim=pass header.d=bacninh.example; x=(y"@evil.example)']], False),
        ([[f'{SERVER}; spf=pass (of "a)b"@evil.example'], [f"{SERVER}; dmarc=pass"]], False),
        ([[f"{SERVER}; (a (nested; dmarc=pass) comment) dmarc=fail"]], False),
        ([[f"{SERVER}.evil.example; dmarc=pass"]], False),
        ([["evil.example; dmarc=pass"]], False),
        ([[f"evil.example; {SERVER}; dmarc=pass"]], False),
        ([[], [f"{SERVER}; dmarc=pass"]], True),
        # What the sender wrote herself stands below what the server wrote.
        ([[f"{SERVER}; dmarc=fail"], [f"{SERVER}; dmarc=pass"]], False),
        ([[f"{SERVER}; dkim=pass header.d=bacninh.example", f"{SERVER}; dmarc=fail"]], False),
        ([], False),
    ],
)
def test_only_what_ones_own_server_says_of_a_sender_is_believed(senders, stamps, is_believed):
    asked = Letter("", "baocao@bacninh.example", "", "", stamps=tuple(map(tuple, stamps)))
    assert Trust(senders, SERVER).believes(asked) is is_believed
    assert not Trust(senders).believes(asked)


def test_a_list_that_excel_in_vietnamese_saved_is_read(tmp_path, senders):
    path = tmp_path / "senders.csv"
    path.write_text(LIST.replace(",", ";"), encoding="utf-8-sig")
    assert read_senders(path, SCHEMAS.units) == senders


def test_an_address_or_a_domain_may_send_for_a_unit_for_a_time(senders):
    def units(address: str, day: date | None = date(2025, 11, 20)):
        return sorted(senders.units_of(address, day))

    assert units("baocao@bacninh.example") == ["T34-24"]
    assert units("ai.do@tdc.bacninh.example") == ["T34-24"]
    assert units("ai.do@tdc.bacninh.example", date(2025, 6, 30)) == []
    assert units("ai.do@evil.tdc.bacninh.example") == []
    assert units("ai.do@bacninh.example") == []
    assert units("baocao@hanoi.example") == ["T34-01"]
    assert units("baocao@bacgiang.example", date(2025, 6, 30)) == ["T63-24"]
    assert units("") == []
    assert senders.addresses_of("T34-24", date(2025, 11, 20)) == ("baocao@bacninh.example",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit_code\nT34-24", "lacks the columns sender"),
        ("unit_code,sender\nT34-24,bacninh.example", "line 2, column sender"),
        ("unit_code,sender\n24,a@bacninh.example", "line 2, column unit_code"),
        ("unit_code,sender,valid_from\nT34-24,a@bacninh.example,7/2025", "line 2, column valid_from"),
    ],
)
def test_a_list_of_senders_with_a_mistake_is_refused_with_its_line(tmp_path, text, said):
    path = tmp_path / "senders.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MailError, match=said):
        read_senders(path, SCHEMAS.units)


@pytest.mark.parametrize(
    ("sent", "safe"),
    [
        ("Báo cáo tỉnh.xlsx", "Báo cáo tỉnh.xlsx"),
        ("../../../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\System32\\a.xlsx", "a.xlsx"),
        ("C:\\b.xlsx", "b.xlsx"),
        ("bao\u202excod.xlsx", "baoxcod.xlsx"),
        ("a\0b.xlsx", "ab.xlsx"),
        ("nul.xlsx", "_nul.xlsx"),
        ("COM1", "_COM1"),
        ("a:b*c?.xlsx", "a_b_c_.xlsx"),
        ("..", "tep.xlsx"),
        ("", "tep.xlsx"),
        ("tệp. . ", "tệp"),
        ("x" * 300 + ".xlsx", "x" * 75 + ".xlsx"),
        ("😀" * 90 + ".xlsx", "😀" * 43 + ".xlsx"),
    ],
)
def test_a_name_as_it_was_sent_is_never_a_path(sent, safe):
    assert safe_name(sent) == safe
    assert "\u202e" not in shown_name(sent)


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("From: Sở KH <A.B+c@so.example>", "a.b+c@so.example"),
        ("From: =?utf-8?q?x=40evil.example=2C?=@so.example", ""),
        ("From: người@so.example", ""),
    ],
)
def test_an_address_is_one_to_which_an_answer_can_go(head, sender):
    assert letter_of(read_headers(f"{head}\r\n\r\n".encode())).sender == sender


def test_a_time_beyond_the_years_is_none():
    head = read_headers(b"Received: from a; Fri, 31 Dec 9999 23:59:59 +0000\r\n\r\n")
    assert arrival_of(head) is None


def test_a_damaged_record_is_named(inbox):
    path = inbox.path / "messages" / f"{'0' * 64}.json"
    path.parent.mkdir()
    path.write_text('{"sha256": 1}', encoding="utf-8")
    with pytest.raises(MailError, match=r"0000\.json` cannot be used: the record is damaged"):
        inbox.messages()
    with pytest.raises(MailError, match="no inbox of xltrack"):
        Inbox(inbox.path / "other").require()


@pytest.mark.parametrize(
    ("name", "expected"), [("bao cao.csv", True), ("bao cao.xlsx", True), ("luu y.txt", False)]
)
def test_a_text_is_answered_as_a_return_only_where_its_name_says_so(name, expected):
    code = first_code(name, "Thư này chỉ gửi cho người nhận.".encode())
    assert (code, is_meant_as_workbook(name, code)) == ("XLT101", expected)
