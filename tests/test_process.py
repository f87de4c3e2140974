"""A deadline day in one command: run again and again, it does what is new, once; cut off, the next makes it good."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.killed_desk import desk_at, messages
from tests.letters import attach, delivered, sender_list, workbook, written
from tests.mail_server import mail_server
from xltrack.errors import MailError
from xltrack.mail import Inbox
from xltrack.mail.lock import alone
from xltrack.mail.mark import MARK
from xltrack.mail.outbox import Outbox
from xltrack.pipeline import inbox_standings, process

ROOT = os.fspath(__file__).rpartition("tests")[0]


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with mail_server(tmp_path) as running:
        yield running


@pytest.fixture
def source(tmp_path):
    """Return a folder of messages, and make the inbox."""
    folder = tmp_path / "nguồn"
    folder.mkdir()
    for at, content in enumerate(messages(0).values()):
        (folder / f"{at}.eml").write_bytes(content)
    Inbox(tmp_path / "inbox").make().senders.write_text(sender_list(), encoding="utf-8")
    return folder


def test_every_run_does_what_is_new_and_what_an_earlier_one_left(tmp_path, source, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with mail_server(tmp_path) as server:
        down = desk_at(tmp_path, server.port)
    with alone(down.inbox, "process"), pytest.raises(MailError, match="running since"):
        process(source, down)
    with pytest.raises(MailError, match="cannot be reached"):
        process(source, down)
    assert places(tmp_path) == {"drafts": 4}, "a server that is down costs no answer"

    with mail_server(tmp_path) as server:
        done = process(source, desk_at(tmp_path, server.port))
        assert (len(done.fetched.new), done.merged) == (0, ()), "what is known is not read again"
        assert (done.replied.posted.written, done.replied.answered) == ((), 4)
        assert places(tmp_path) == {"sent": 4}
        assert {str(letter["In-Reply-To"]) for letter in server.letters} == set(messages(0))

        new = attach(written("T34-48"), workbook("T34-48"), "Báo cáo.xlsx")
        (source / "9.eml").write_bytes(delivered(new, 9))
        told = commanded(tmp_path, f"--send --from ban@bokhcn.example --smtp {server.url} -o status.json")
        assert len(server.letters) == 5
        assert "Báo cáo đã được chấp nhận" in told_in(server.letters[-1])
    log = (tmp_path / "inbox" / "log.txt").read_text(encoding="utf-8")
    assert [line.partition(" process ")[2] for line in log.splitlines() if " process " in line] == [
        "failed=MailError",
        "new=0 merged=0 answers=0 sent=4 failed=0 in_doubt=0",
        "new=1 merged=1 accepted=1 answers=1 sent=1 failed=0 in_doubt=0",
    ]
    assert "@" not in log
    assert (told.returncode, told.stderr) == (0, "New messages: 1; to be decided: 0.\n")
    assert "Sent: 1; waiting: 0; refused: 0." in told.stdout
    assert "No focal agency named: Ha Noi; Da Nang" in told.stdout
    assert json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))["round"]["year"] == 2025


def test_without_a_server_answers_stay_drafts_also_before_there_is_a_store(tmp_path, source):
    for at in range(3):
        (source / f"{at}.eml").unlink()
    told = commanded(tmp_path, "")
    assert (told.returncode, told.stderr) == (0, "New messages: 1; to be decided: 0.\n")
    assert told.stdout.count(f"outbox{os.sep}drafts{os.sep}tra-loi_") == 1
    assert not (tmp_path / "s.duckdb").exists()
    assert commanded(tmp_path, "--send").returncode == 2, "nobody said through which server"


def commanded(folder, more):
    environment = {**os.environ, "PYTHONPATH": ROOT, "PYTHONUTF8": "1", "XLTRACK_LANG": "en"}
    (folder / "inbox" / MARK).write_text('{"inbox_version": 1, "unverified": true}', encoding="utf-8")
    command = ["-m", "xltrack", "process", "nguồn", "--store", "s.duckdb", *more.split()]
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )  # fmt: skip


def told_in(letter):
    body = letter.get_body(("plain",))
    assert body
    return body.get_content()


def places(folder):
    return Counter(Outbox(folder / "outbox").known().values())


def check_desk(folder, port, trial, server):
    """Check that every message of a killed desk was answered once, or that its answer is told to be in doubt."""
    outbox = Outbox(folder / "outbox")
    assert len(inbox_standings(folder / "inbox", folder / "s.duckdb")) == 4
    assert Counter(outbox.known().values()).keys() <= {"sent", "sending"}
    assert len(outbox.known()) == 4
    answered = Counter(str(letter["In-Reply-To"]) for letter in server.letters)
    doubtful = len(outbox.letters("sending"))
    asked = [answered[name] for name in messages(trial)]
    assert max(asked) == 1
    assert sum(asked) >= 4 - doubtful


@pytest.mark.platform("linux")
@pytest.mark.parametrize("trials", [int(os.environ.get("XLTRACK_KILL_TRIALS", "1"))])
def test_a_desk_that_is_killed_at_any_moment_answers_everything_once(tmp_path, server, trials):
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed_desk", str(tmp_path), str(server.port), str(trials)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["exit"] for one in told] == [0] * trials, done.stderr
    for trial in range(trials):
        check_desk(tmp_path / str(trial), server.port, trial, server)
    assert sum(one["killed"] for one in told) >= trials
