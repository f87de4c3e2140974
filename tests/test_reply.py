"""Who gets an answer, what it says, and that it is one: from mail as it comes, through the store, to a draft."""

import io
import re
from collections import Counter
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import get_args

import openpyxl
import pytest

import xltrack
from tests.letters import MACROS, SERVER, address, attach, delivered, sender_list, workbook, written
from tests.mistakes import write_mistakes
from tests.test_reading import SCHEMAS
from xltrack.errors import OutputError, UnknownName
from xltrack.language import Lang
from xltrack.mail import Inbox
from xltrack.mail.inbox import Settings
from xltrack.mail.outbox import Outbox
from xltrack.pipeline import Mailing, Wanted, decide_messages, fetch, inbox_standings, remind, reply, replying
from xltrack.report.reply import AnsweredMail, reply_filling
from xltrack.report.writing import read_template, write
from xltrack.store import open_store

ME = "ban@bokhcn.example"
RESULT = "Kết quả kiểm tra"

# A message by its number, who sends it, what is attached; how the answer begins ("" for none), and whether a marked
# workbook goes with it. What lies between is the same for all: they are of one day, and believed.
MESSAGES = """
 1 | T34-24 | mistakes  | Báo cáo CHƯA được chấp nhận            | marked
 2 | T34-24 | mistakes  | Báo cáo này đã được nhận trước đó      |
 3 | T34-01 | good      | Báo cáo đã được chấp nhận              |
 4 | T34-24 | damaged   | Có tệp KHÔNG đọc được                  |
 5 | T34-24 | macros    | Có tệp bị giữ riêng                    |
 6 | T34-15 | part 1    | Báo cáo đã nhận và đang chờ            |
 7 | T34-24 | nothing   | Trong thư KHÔNG có tệp báo cáo nào     |
 8 | T34-24 | link      | Trong thư KHÔNG có tệp báo cáo nào     |
 9 | T34-24 | of others | Báo cáo đã nhận và đang chờ            |
10 | T34-24 | both      | Có tệp KHÔNG đọc được                  | marked
11 | evil   | good+     |                                        |
12 | forged | good+     |                                        |
13 | T34-24 | on leave  |                                        |
14 | T34-24 | list      |                                        |
"""
UNANSWERED = {"unknown": 1, "unverified": 1, "automatic": 2}


def rows():
    return [[cell.strip() for cell in line.split("|")] for line in MESSAGES.strip().splitlines()]


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """Return what is attached, by the words of the table."""
    folder = tmp_path_factory.mktemp("tệp")
    mistakes = write_mistakes(folder / "a.xlsx", SCHEMAS).read_bytes()
    return {
        "mistakes": [mistakes],
        "good+": [workbook("T34-01", submission_no=2)],
        "good": [workbook("T34-01")],
        "damaged": [workbook()[:3_000]],
        "macros": [MACROS],
        "part 1": [workbook("T34-15", part_no=1, part_count=2)],
        "part 2": [workbook("T34-15", part_no=2, part_count=2)],
        "of others": [workbook("T34-48")],
        "both": [workbook("T34-24", year=2024, cut_off_date=date(2024, 11, 15)), workbook()[:2_000]],
    }


def message(number, who, what, contents):
    unit = "T34-24" if who in ("evil", "forged") else who
    mail = written(unit, subject=f"Báo cáo số {number} của 012345678901")
    mail["Reply-To"] = "somebody@evil.example"
    mail["Cc"] = "everybody@so.example"
    if who == "evil":
        mail.replace_header("From", "ke.gian@evil.example")
    if what == "on leave":
        mail["Auto-Submitted"] = "auto-replied"
    if what == "list":
        mail["List-Id"] = "<tin-tuc.example>"
    if what == "link":
        mail.set_content("Tải tại https://drive.google.com/file/d/1\n")
    for at, content in enumerate(contents.get(what, ())):
        attach(mail, content, f"Báo cáo {at}.xlsx")
    return delivered(mail, int(number), verdict="dmarc=fail" if who == "forged" else "dmarc=pass")


def come(folder, number, who, what, contents):
    path = folder / "nguồn" / f"{number}.eml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(message(number, who, what, contents))
    fetch(path, folder / "inbox", wanted=Wanted(settings=Settings(verified_by=SERVER)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory, contents):
    """Return a folder in which all of it came, was merged and was answered, with what `reply` said."""
    folder = tmp_path_factory.mktemp("bàn")
    Inbox(folder / "inbox").make().senders.write_text(sender_list(), encoding="utf-8")
    (folder / "nguồn").mkdir()
    for number, who, what, *_ in rows():
        (folder / "nguồn" / f"{number}.eml").write_bytes(message(int(number), who, what, contents))
    fetch(folder / "nguồn", folder / "inbox", wanted=Wanted(settings=Settings(verified_by=SERVER)))
    xltrack.merge([folder / "inbox"], folder / "s.duckdb")
    return folder, answered(folder)


def answered(folder, **how):
    return reply(folder / "inbox", folder / "s.duckdb", Mailing(folder / "outbox", ME, **how))


def drafts(folder):
    """Return the drafts by the number of the message that they answer."""
    found = {}
    for path in Outbox(folder / "outbox").letters("drafts"):
        draft = message_from_bytes(path.read_bytes(), policy=policy.default)
        found[re.sub(r"\D", "", str(draft["In-Reply-To"] or "").partition("@")[0])] = draft
    return found


def text(draft):
    return draft.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_each_is_answered_who_should_be_and_nobody_else(desk):
    folder, done = desk
    found = drafts(folder)
    told = {number: (begin, marked) for number, _, _, begin, marked in rows() if begin}
    assert set(found) == set(told)
    assert len(done.posted.written) == len(told)
    assert dict(done.unanswered) == UNANSWERED
    assert len(told) + sum(UNANSWERED.values()) == len(rows()) == len(inbox_standings(folder / "inbox"))
    for number, (begin, marked) in told.items():
        paragraphs = text(found[number]).split("\n\n")
        assert paragraphs[2].startswith(begin), (number, paragraphs[2])
        assert len(list(found[number].iter_attachments())) == (1 if marked else 0), number


def test_an_answer_goes_to_the_sender_alone_and_stays_in_its_thread(desk):
    units = {number: who for number, who, *_ in rows()}
    for number, draft in drafts(desk[0]).items():
        assert (draft["To"], draft["Cc"], draft["Bcc"]) == (address(units[number]), None, None)
        assert draft["Subject"] == f"Re: Báo cáo số {number} của 012345678901"
        assert draft["Auto-Submitted"] == "auto-replied"
        assert draft["X-Unsent"] == "1"
        assert "@" not in text(draft), "no address within"


def test_nothing_is_answered_twice(desk, contents):
    """Not in a second run, and not when a copy of a message comes, with other headers and so with other bytes."""
    folder, done = desk
    for number in ("2", "7"):
        copy = message(number, "T34-24", {"2": "mistakes", "7": "nothing"}[number], contents)
        (folder / "nguồn" / f"bản sao {number}.eml").write_bytes(b"X-Copied: yes\r\n" + copy)
    fetch(folder / "nguồn", folder / "inbox")
    again = answered(folder)
    assert (again.posted.written, again.answered) == ((), len(done.posted.written))
    assert again.unanswered == {**done.unanswered, "again": 2}


def test_the_marked_workbook_is_the_one_that_came(desk):
    (enclosed,) = drafts(desk[0])["1"].iter_attachments()
    assert enclosed.get_filename() == "Báo cáo 0_ket-qua.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(enclosed.get_content()))
    assert book.sheetnames[0] == RESULT
    assert "DOANH_NGHIEP" in book.sheetnames
    assert sum(cell.comment is not None for row in book["DOANH_NGHIEP"] for cell in row) > 20


def test_the_letter_says_what_to_do_by_when_and_has_the_receipt_of_the_chain(desk):
    folder, _ = desk
    said = text(drafts(folder)["1"])
    assert "Kính gửi cơ quan đầu mối của Bắc Ninh," in said
    assert "lúc 08:01 ngày 20/11/2025 (giờ Hà Nội)" in said
    assert "■ Báo cáo 0.xlsx\n  XLT-1322 · Bắc Ninh (T34-24) · Năm 2025\n" in said
    assert re.search(r"CHƯA được chấp nhận: số liệu chưa được tính; \d+ lỗi, \d+ cảnh báo", said)
    assert "2. Sửa hết lỗi" in said
    assert "gửi lại tệp gửi kèm tới địa chỉ đã gửi thư này" in said
    assert "Hạn nhận báo cáo năm 2025 là hết ngày 29/11/2025" in said
    assert f"trang đầu «{RESULT}»" in said
    assert f"“{RESULT}”" in said, "in English too it is called as it is"
    assert "chủ đề “Báo cáo số 1 của •••••••••901”" in said, "what may be a personal number is not repeated"
    with open_store(folder / "s.duckdb", SCHEMAS, read_only=True) as store:
        chain = {hash_: str(number) for hash_, number in store.rows("SELECT hash, chain_no FROM chain")}
    receipts = re.findall(r"Biên nhận: bản ghi số (\d+) của kho dữ liệu, mã ([0-9a-f]{64})", said)
    assert [chain[hash_] for _, hash_ in receipts] == [number for number, _ in receipts]


def test_a_message_without_a_workbook_is_told_what_it_lacks(desk):
    found = drafts(desk[0])
    assert "Gửi lại, đính kèm chính tệp báo cáo" in text(found["7"])
    assert "liên kết" in text(found["8"])
    assert "Lào Cai" in text(found["6"])


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words = []

    def handle_data(self, data):
        self.words += data.split()


def test_html_and_text_say_the_same(desk):
    for draft in drafts(desk[0]).values():
        page = _Words()
        page.feed(draft.get_body(("html",)).get_content())
        assert page.words == [word for word in text(draft).split() if word not in ("■", "---")]


def test_what_waited_is_answered_again_when_its_result_is_there(desk, contents):
    """The draft that says "wait" is no longer so; what was decided by a person is merged and answered."""
    folder, done = desk
    before = Outbox(folder / "outbox").known()
    come(folder, 20, "T34-15", "part 2", contents)
    for standing in inbox_standings(folder / "inbox"):
        if "unknown" in str(replying._unanswered(standing, believed=True)):
            decide_messages(
                folder / "inbox", [standing.message.sha256], "accept", why="đã gọi điện", by="Văn thư"
            )
    xltrack.merge([folder / "inbox"], folder / "s.duckdb")
    again = answered(folder)
    found = drafts(folder)
    assert len(again.posted.written) == 3
    assert "Báo cáo đã được chấp nhận" in text(found["6"])
    assert "Báo cáo đã được chấp nhận" in text(found["20"])
    assert found["11"]["To"] == "ke.gian@evil.example"
    assert len(set(before) - set(Outbox(folder / "outbox").known())) == 1, "the letter that said to wait"
    assert again.unanswered == {"unverified": 1, "automatic": 2, "again": 2}
    assert len(done.posted.written) + 2 == len(Outbox(folder / "outbox").known())


def test_a_workbook_too_large_for_mail_is_told_instead(desk, monkeypatch, tmp_path):
    monkeypatch.setattr(replying, "MOST_BYTES", 1_000)
    folder, _ = desk
    reply(folder / "inbox", folder / "s.duckdb", Mailing(tmp_path / "outbox"))
    draft = drafts(tmp_path)["1"]
    assert list(draft.iter_attachments()) == []
    assert "Tệp đánh dấu quá lớn nên không gửi kèm" in text(draft)
    assert "Mở tệp đã gửi" in text(draft)
    assert draft["From"] is None


def test_templates_can_be_changed(tmp_path):
    mail = AnsweredMail("Báo cáo", None, "T34-24", ())

    def wrote():
        fillings = {
            lang: reply_filling(mail, SCHEMAS, lang, date(2025, 11, 1), "Ủy ban") for lang in get_args(Lang)
        }
        return write(read_template("reply", tmp_path / "mẫu"), fillings)

    assert wrote().text.startswith("Kính gửi cơ quan đầu mối của Bắc Ninh,")
    assert "Trân trọng,\nỦy ban" in wrote().text
    template = tmp_path / "mẫu" / "reply.txt"
    assert "$result" in template.read_text(encoding="utf-8-sig"), "what is shipped was put there"
    template.write_text("Tiêu đề: Về $unit\nXin chào $unit\n\n$result\n\nGiá 5 $$ <b>", encoding="utf-8")
    assert wrote().subject == "Về cơ quan đầu mối của Bắc Ninh"
    assert wrote().text.splitlines()[0] == "Xin chào cơ quan đầu mối của Bắc Ninh"
    assert wrote().text.endswith("\n\nGiá 5 $ <b>\n"), "no English part"
    assert "Giá 5 $ &lt;b&gt;" in wrote().html
    template.write_text("Xin chào $ten", encoding="utf-8")
    with pytest.raises(UnknownName, match=r"`ten`.*\$unit"):
        wrote()
    template.write_bytes("Kính gửi".encode("utf-16"))
    with pytest.raises(OutputError, match="UTF-8"):
        wrote()


@pytest.mark.parametrize(
    ("now", "subject", "days"),
    [
        (
            datetime(2025, 11, 26, 20, tzinfo=UTC),
            "Đề nghị gửi báo cáo năm 2025: hạn hết ngày 29/11/2025",
            "còn 2 ngày",
        ),
        (
            datetime(2025, 11, 29, 3, tzinfo=UTC),
            "Đề nghị gửi báo cáo năm 2025: hạn hết ngày 29/11/2025",
            "hôm nay",
        ),
        (
            datetime(2025, 11, 30, 3, tzinfo=UTC),
            "Đã quá hạn gửi báo cáo năm 2025 (29/11/2025)",
            "đã quá 1 ngày",
        ),
    ],
)
def test_units_that_owe_a_return_are_reminded_once_a_day(desk, tmp_path, now, subject, days):
    folder, _ = desk
    (folder / "inbox" / "senders.csv").write_text(
        "unit_code,sender\nT34-24,baocao@t34-24.example\nT34-24,@t34-24.example\nT34-01,baocao@t34-01.example\n"
        "T34-48,a@t34-48.example\nT34-48,b@t34-48.example\n",
        encoding="utf-8",
    )
    mailing = Mailing(tmp_path / "outbox")

    def reminded(at):
        return remind(folder / "inbox", folder / "s.duckdb", mailing, year=2025, period="annual", now=at)

    done = reminded(now)
    letters = {
        str(draft["To"]): draft
        for draft in (
            message_from_bytes(path.read_bytes(), policy=policy.default) for path in done.posted.written
        )
    }
    assert set(letters) == {"baocao@t34-24.example", "a@t34-48.example", "b@t34-48.example"}, (
        "Hà Nội has reported"
    )
    draft = letters["baocao@t34-24.example"]
    assert (draft["Subject"], draft["Auto-Submitted"], draft["In-Reply-To"]) == (
        subject,
        "auto-generated",
        None,
    )
    assert days in text(draft)
    assert "CHƯA được chấp nhận" in text(draft)
    assert "chưa nhận được báo cáo năm 2025" in text(letters["a@t34-48.example"])
    assert Counter(unit.state for unit in done.without_address)["missing"] > 30
    assert {unit.unit_code for unit in done.without_address}.isdisjoint(
        {"T34-24", "T34-01", "T34-15", "T34-48"}
    )
    again = reminded(now)
    assert (again.posted.written, {unit.unit_code for unit in again.today}) == ((), {"T34-24", "T34-48"})
    assert len(reminded(now.replace(month=12)).posted.written) == 3
