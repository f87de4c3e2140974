"""Everything that an operator may name as a source, without a server."""

import json
import mailbox
import zipfile
from datetime import datetime

import pytest

import xltrack
from tests.command_line import xltrack as run
from tests.fetch_trials import no_look
from tests.javascript import write_msg
from tests.letters import (
    BEGIN,
    KINDS,
    PDF,
    SERVER,
    UNITS,
    attach,
    delivered,
    sender_list,
    workbook,
    written,
    zipped,
)
from xltrack.errors import MailError
from xltrack.hanoi import HANOI
from xltrack.intake.sandbox import Limits, Order
from xltrack.mail import Inbox
from xltrack.mail.inbox import Settings
from xltrack.mail.sources import incoming, is_message
from xltrack.pipeline import Wanted, fetch, fetching, inbox_standings
from xltrack.report.inbox import advice

WANTED = Wanted(settings=Settings(verified_by=SERVER))


@pytest.fixture
def box(tmp_path):
    made = Inbox(tmp_path / "inbox").make()
    made.senders.write_text(sender_list(), encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def _whose_workbooks_are_is_told_elsewhere(monkeypatch):
    """Each look costs a process with all libraries; tests of the server look."""
    monkeypatch.setattr(fetching, "_look", no_look)


@pytest.fixture
def came(tmp_path):
    folder = tmp_path / "came"
    folder.mkdir()
    return folder


def plain(at=0, unit=UNITS[0]):
    return delivered(KINDS["plain"](unit), at)


def told(found):
    return [(one.message.source, one.message.kind, one.state) for one in found.standings]


def test_a_folder_of_messages_and_workbooks_is_sorted_by_content(box, came):
    (came / "a.eml").write_bytes(plain())
    (came / "b.txt").write_bytes(plain(1, UNITS[1]).replace(b"\r\n", b"\n"))
    (came / "c.xlsx").write_bytes(workbook(UNITS[2]))
    (came / "d.pdf").write_bytes(PDF)
    (came / "~$c.xlsx").write_bytes(b"x" * 165)
    (came / "e").mkdir()
    (came / "e" / "f.zip").write_bytes(zipped({"g.eml": plain(2, UNITS[3]), "h.xlsx": workbook(UNITS[4])}))
    found = fetch(came, box.path, wanted=WANTED)
    assert sorted(told(found)) == [
        ("a.eml", "mail", "waiting"),
        ("b.txt", "mail", "waiting"),
        ("c.xlsx", "file", "waiting"),
        ("d.pdf", "file", "nothing_in_it"),
        ("g.eml", "mail", "waiting"),
        ("h.xlsx", "file", "waiting"),
    ]
    again = fetch(came, box.path)
    assert (again.seen, len(again.new), sorted(told(again))) == (6, 0, sorted(told(found)))


def test_a_mailbox_file_is_taken_message_by_message(box, came):
    kept = mailbox.mbox(came / "Sent.mbox")
    for at in range(3):
        letter = mailbox.mboxMessage(plain(at, UNITS[at]))
        letter.set_from("bao.cao@so.example", BEGIN.timetuple())
        kept.add(letter)
    kept.close()
    found = fetch(came / "Sent.mbox", box.path, wanted=WANTED)
    assert [state for _, _, state in told(found)] == ["waiting"] * 3
    assert [one.message.arrival for one in found.standings] == [BEGIN.replace(minute=at) for at in range(3)]


def test_the_operator_says_when_files_came_and_mail_says_it_itself(box, came):
    (came / "a.eml").write_bytes(plain(5))
    (came / "c.xlsx").write_bytes(workbook(UNITS[2]))
    moment = datetime(2025, 11, 25, 9, tzinfo=HANOI)
    found = fetch(came, box.path, wanted=Wanted(received=moment))
    assert {one.message.source: one.message.arrival for one in found.standings} == {
        "a.eml": BEGIN.replace(minute=5),
        "c.xlsx": moment,
    }


def test_letters_hidden_in_archives_within_archives_are_not_taken_for_files_of_the_operator(box, came):
    inner = zipped({"a.eml": delivered(KINDS["plain"](UNITS[0]), 1, "dmarc=fail")})
    (came / "a.zip").write_bytes(zipped({"b.zip": inner}))
    (one,) = fetch(came, box.path).standings
    assert (one.state, [finding.code for finding in one.findings]) == ("quarantined", ["XLT703"])
    assert not one.workbooks


def test_a_message_that_ends_its_reader_is_quarantined_and_all_others_are_read(box, came, monkeypatch):
    limits = Limits(seconds=0.2, patience=2)
    monkeypatch.setattr(fetching, "_OPENER", Order("tests.bad_opener:opener", {}, limits))
    for subject in ("dies", "raises", "hangs", "lies", "behaves"):
        message = attach(written(UNITS[0], subject), workbook(UNITS[0]), "Báo cáo.xlsx")
        (came / f"{subject}.eml").write_bytes(delivered(message, 1))
    found = fetch(came, box.path, wanted=WANTED)
    assert {one.message.source: (one.state, one.message.letter.sender != "") for one in found.standings} == {
        "dies.eml": ("quarantined", True),
        "raises.eml": ("quarantined", True),
        "hangs.eml": ("quarantined", True),
        "lies.eml": ("quarantined", True),
        "behaves.eml": ("waiting", True),
    }
    assert {finding.code for one in found.standings for finding in one.findings} == {"XLT705"}


@pytest.mark.node
def test_a_message_that_outlook_saved_is_read(box, came):
    """The container is written by SheetJS, its properties are those of MS-OXMSG."""
    headers = delivered(written(UNITS[0]), 3).partition(b"\r\n\r\n")[0].decode()
    signature = b"\x89PNG\r\n\x1a\n"
    write_msg(
        came / "thu.msg", headers, [("Báo cáo tỉnh.xlsx", workbook(UNITS[0])), ("chữ ký.png", signature)]
    )
    (one,) = fetch(came, box.path, wanted=WANTED).standings
    letter = one.message.letter
    assert one.state == "waiting"
    assert [(a.name, a.is_workbook) for a in letter.attachments] == [
        ("Báo cáo tỉnh.xlsx", True),
        ("chữ ký.png", False),
    ]
    assert box.workbook(letter.workbooks[0].sha256).read_bytes() == workbook(UNITS[0])
    assert one.message.arrival == BEGIN.replace(minute=3)


def test_a_damaged_message_of_outlook_is_kept_and_told(box, came):
    (came / "thu.msg").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__properties_version1.0".encode("utf-16-le") * 99
    )
    (one,) = fetch(came, box.path).standings
    assert (one.state, [finding.code for finding in one.findings]) == ("quarantined", ["XLT705"])
    assert box.raw(one.message.sha256) == (came / "thu.msg").read_bytes()


def test_what_cannot_be_fetched_is_told(box, came):
    with pytest.raises(MailError, match="it is not there"):
        fetch(came / "none", box.path)
    (came / "a.zip").write_bytes(zipped({"a.eml": plain()})[:-30])
    assert told(fetch(came, box.path)) == [("a.zip", "file", "waiting")]
    with zipfile.ZipFile(came / "b.zip", "w") as archive:
        archive.writestr("a.eml", plain())
    raw = bytearray((came / "b.zip").read_bytes())
    raw[60] ^= 0xFF
    (came / "b.zip").write_bytes(raw)
    with pytest.raises(MailError, match=r"a\.eml"):
        fetch(came / "b.zip", box.path)


def test_an_inbox_within_a_folder_is_not_taken_for_the_operators_own_files(box, came, tmp_path):
    """Else what is held for its sender would come in by another door."""
    (came / "a.eml").write_bytes(delivered(KINDS["plain"](UNITS[0]), 1, "dmarc=fail"))
    fetch(came, box.path, wanted=WANTED)
    (tmp_path / "own.xlsx").write_bytes(workbook(UNITS[1]))
    assert sorted(told(fetch(tmp_path, box.path))) == [
        ("a.eml", "mail", "held"),
        ("own.xlsx", "file", "waiting"),
    ]
    assert len(list((box.path / "files").iterdir())) == 2
    merged = xltrack.merge([tmp_path], tmp_path / "s.duckdb")
    assert {file.path.name for file in merged.files if file.unit} == {"own.xlsx"}


@pytest.mark.parametrize(
    ("senders", "said"),
    [("unit_code,sender\n", "Chưa người gửi nào được biết"), (sender_list(), "chạy lại với `--verified-by`")],
)
def test_where_all_is_held_it_is_said_what_to_do_first(box, came, senders, said):
    box.senders.write_text(senders, encoding="utf-8")
    (came / "a.eml").write_bytes(plain())
    found = fetch(came, box.path).standings
    assert [one.state for one in found] == ["held"]
    assert said in str(advice(found, box.senders, "vi"))


def test_a_list_for_people_and_programs(box, came):
    (came / "a.eml").write_bytes(plain())
    (came / "b.eml").write_bytes(delivered(KINDS["plain"](UNITS[1]), 1, "dmarc=fail"))
    more = ("--inbox", box.path, "--store", came / "s.duckdb")
    fetched = run("fetch", came, "--verified-by", SERVER, *more, folder=came)
    assert fetched.returncode == 1, fetched.stderr
    held = next(one.message.sha256 for one in inbox_standings(box.path) if one.state == "held")
    assert f"{held[:8]} · 20/11/2025 08:01 · giữ lại chờ quyết định · baocao@t34-04.example" in fetched.stdout
    assert "XLT707  Máy chủ thư không xác nhận được" in fetched.stdout
    assert "2 thư: 1 chờ hợp nhất, 1 giữ lại chờ quyết định." in fetched.stdout
    typed = (
        f'`xltrack inbox accept {held[:8]} --inbox {box.path} --store {came / "s.duckdb"} --why "…" --by "…"`'
    )
    assert typed in fetched.stdout, "the command finds the same inbox and store"
    assert "--verified-by" not in fetched.stderr, "one of the two is confirmed"
    decided = run("inbox", "refuse", held[:6], "--why", "giả mạo", "--by", "Văn thư", *more, folder=came)
    assert "Đã quyết định từ chối (Văn thư: giả mạo)" in decided.stdout
    listed = run("inbox", "list", "--format", "json", *more, folder=came)
    assert "Không có kho dữ liệu" in listed.stderr, "nobody has merged anything into that store"
    assert {state: number for state, number in json.loads(listed.stdout)["counts"].items() if number} == {
        "waiting": 1,
        "rejected": 1,
    }


@pytest.mark.parametrize(
    ("beginning", "is_one"),
    [
        (b"Return-Path:<so@so.example>\r\nSubject: x\r\n\r\n", True),
        (b"Received:\r\n from mx.example by so.example\r\nFrom: so@so.example\r\n\r\n", True),
        (b"From:so@so.example\nSubject:x\n\n", True),
        (b"Ghi chu: goi lai\nxong\n", False),
        (b"C:\\bao-cao\n", False),
    ],
)
def test_a_message_is_known_however_its_headers_are_spaced(beginning, is_one):
    assert is_message(beginning) is is_one


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"\xef\xbb\xbf\n\n"])
def test_a_saved_message_may_begin_with_a_mark_or_a_blank_line(tmp_path, before):
    said = b"From: so@bacninh.example\r\nSubject: B\xc3\xa1o c\xc3\xa1o\r\n\r\nK\xc3\xadnh g\xe1\xbb\xadi"
    path = tmp_path / "thu.eml"
    path.write_bytes(before + said)
    (found,) = incoming(path)
    assert (found.content, found.size, found.name) == (said, len(said), None)


def test_a_zip_whose_contents_do_not_unpack_is_named(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.eml", plain() * 3)
    spoilt = bytearray(path.read_bytes())
    spoilt[60:90] = b"\xff" * 30
    path.write_bytes(spoilt)
    with pytest.raises(MailError, match=r"a\.eml"):
        list(incoming(path))
