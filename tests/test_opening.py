"""What is taken out of a message, whatever program wrote it, and what of it is refused before anything else sees it."""

import time
from hashlib import sha256

import pytest

from tests.letters import KINDS, PDF, SERVER, address, attach, delivered, workbook, written
from xltrack.mail.names import shown_name
from xltrack.mail.opening import Raw, look_into

# What stands for a submission (· what lies beside it), and what is told of the message.
OPENED = """
kind                             | taken                                  | beside                   | told
plain                            | Báo cáo Bắc Ninh 2025.xlsx             |                          |
name by RFC 2047                 | Báo cáo.xlsx                           |                          |
name in cp1258                   | Đà Lạt.xlsx                            |                          |
name in cp1258 by RFC 2231       | Báo cáo.xlsx                           |                          |
name in pieces                   | Báo cáo.xlsx                           |                          |
no name                          | -                                      |                          |
name of a text                   | bao cao.txt                            |                          |
path for a name                  | ../../../etc/cron.d/bao cao.xlsx       |                          |
name that turns around           | baoxslx.exe                            |                          |
winmail.dat                      | Báo cáo.xlsx                           |                          |
archive                          | 2025/Báo cáo.xlsx                      | a.png                    |
archive with names in cp1258     | Đồng Tháp.xlsx                         |                          |
several                          | Phần 1.xlsx, Phần 2.xlsx               | chu ky.png               |
forwarded                        | Báo cáo.xlsx                           |                          |
attached as a letter             | Báo cáo.xlsx                           |                          |
letter within Outlook's envelope | a.xlsx                                 |                          |
damaged                          | Báo cáo.xlsx                           |                          |
xls                              | Báo cáo.xls                            |                          |
locked                           | Báo cáo.xlsx                           |                          |
page for a workbook              | Báo cáo.xlsx                           |                          |
rar                              | Báo cáo.rar                            |                          |
macros                           | Báo cáo.xlsm                           |                          |
shortcut                         | Báo cáo.url                            |                          |
locked archive                   |                                        | Báo cáo.zip              | XLT704
archive in an archive            |                                        | ngoài.zip                | XLT704
cut archive                      | a.zip                                  |                          |
nothing                          |                                        |                          | XLT700
scan                             |                                        | Quét.pdf, chữ ký.png     | XLT700
link                             |                                        |                          | XLT701
bounce                           |                                        |                          | XLT700
on leave                         |                                        |                          | XLT700
3,000 nested parts               |                                        |                          | XLT703
30 levels                        |                                        |                          | XLT703
endless headers                  |                                        |                          | XLT703
300 parts                        |                                        |                          | XLT703
40 MB                            |                                        |                          | XLT702
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in OPENED.strip().splitlines()[1:]]


def opened(message, **more):
    raw = delivered(message, 1, **more)
    return look_into(Raw(raw, len(raw)))


def names(attachments):
    return ", ".join(shown_name(one.name) or "-" for one in attachments)


@pytest.mark.parametrize(("kind", "taken", "beside", "told"), ROWS, ids=[row[0] for row in ROWS])
def test_attachments_are_found_by_content_whoever_wrote_the_message(kind, taken, beside, told):
    started = time.process_time()
    found = opened(KINDS[kind]("T34-24"))
    assert time.process_time() - started < 5
    letter = found.letter
    assert names(letter.workbooks) == taken
    assert names(one for one in letter.attachments if not one.is_workbook) == beside
    assert " ".join(finding.code for finding in letter.findings) == told
    assert [sha256(content).hexdigest() for content in found.contents] == [
        one.sha256 for one in letter.workbooks
    ]


def test_every_kind_is_in_the_table():
    assert [row[0] for row in ROWS] == list(KINDS)


def test_a_message_is_known_by_its_headers_even_if_it_is_not_opened():
    for kind in ("plain", "30 levels", "3,000 nested parts"):
        letter = opened(KINDS[kind]("T34-24")).letter
        assert (letter.sender, letter.message_id) == (address("T34-24"), "<1@so.example>")
        assert letter.stamps[0] == (f"{SERVER}; dmarc=pass",)


def test_headers_that_two_readers_could_take_differently_name_nobody():
    for doubled in (
        b"From: a@t34-24.example\r\nFrom: b@evil.example\r\n\r\nx",
        b"From: a@t34-24.example, b@evil.example\r\n\r\nx",
        b'From: "a@t34-24.example" <b@evil.example> <c@evil.example>\r\n\r\nx',
    ):
        assert opened(doubled).letter.sender in ("", "b@evil.example")
    assert opened(b'From: "a@t34-24.example" <b@evil.example>\r\n\r\nx').letter.sender == "b@evil.example"


def test_what_a_thread_and_an_answer_need_is_kept():
    message = attach(written(subject="Báo cáo =?broken"), workbook(), "a.xlsx")
    message["References"] = "<1@a.example> <2@a.example>"
    message["In-Reply-To"] = "<2@a.example>"
    message["Reply-To"] = "Van.Thu@T34-24.example"
    message["Date"] = "Thu, 20 Nov 2025 07:59:00 +0700"
    found = opened(message)
    assert found.letter.references == ("<1@a.example>", "<2@a.example>")
    assert found.letter.answer_to == "van.thu@t34-24.example"
    assert found.letter.subject == "Báo cáo =?broken"
    assert f"{found.letter.sent:%H:%M}" == "07:59"
    assert f"{found.arrival:%H:%M %z}" == "08:01 +0700"


@pytest.mark.parametrize(
    ("header", "value", "is_automatic"),
    [
        ("Auto-Submitted", "auto-replied (vacation)", True),
        ("Auto-Submitted", "no", False),
        ("Precedence", "bulk", True),
        ("List-Id", "<tin.so.example>", True),
        ("X-Auto-Response-Suppress", "OOF, AutoReply", True),
        ("X-Auto-Response-Suppress", "DR", False),
        ("X-Mailer", "Outlook", False),
    ],
)
def test_a_message_that_no_person_wrote_is_known(header, value, is_automatic):
    message = written()
    message[header] = value
    assert bool(opened(message).letter.automatic) is is_automatic


def test_a_message_in_which_bytes_stand_as_they_came_is_read():
    raw = "From: a@t34-24.example\r\nSubject: Báo cáo\r\n\r\nhttps://1drv.ms/x\r\n"
    for encoding in ("utf-8", "cp1258"):
        letter = opened(raw.encode(encoding)).letter
        assert letter.subject == "Báo cáo"
        assert letter.findings[0].facts == {"hosts": ("1drv.ms",)}


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        (b"=?UTF-8?B?QsOhbyBjw6Fv?=", "Báo cáo"),
        (b"=?UTF-8?B?QsOhb?=", "=?UTF-8?B?QsOhb?="),
        (b"=?UTF-9?Q?B=C3=A1o?=", "Báo"),
        (b"=?UTF\0-8?Q?B=C3=A1o?=", "Báo"),
        (b"=?us-ascii?Q?B=C3=A1o?=", "Báo"),
    ],
)
def test_a_broken_header_costs_no_more_than_itself(subject, read):
    letter = opened(b"From: a@t34-24.example\r\nSubject: " + subject + b"\r\n\r\nx").letter
    assert (letter.sender, letter.subject) == ("a@t34-24.example", read)


def test_a_file_of_the_operator_is_sorted_the_same_way():
    found = look_into(Raw(PDF, len(PDF), "Quét.pdf"))
    assert [finding.code for finding in found.letter.findings] == ["XLT700"]
    content = workbook()
    assert look_into(Raw(content, len(content), "a.bin")).contents == (content,)
