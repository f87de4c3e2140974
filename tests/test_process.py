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
from xltrack.mail import Inbox, inbox
from xltrack.mail.lock import alone
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


def test_every_run_does_what_is_new(tmp_path, server, source):
    desk = desk_at(tmp_path, server.port)
    with alone(desk.inbox, "process"), pytest.raises(MailError, match="running since"):
        process(source, desk)
    first = process(source, desk)
    assert (len(first.fetched.new), len(first.merged)) == (4, 2)
    assert Counter(file.verdict for file in first.merged) == {"accepted": 1, "unreadable": 1}
    assert first.completeness
    assert first.completeness.status.round.name == "2025-annual"
    assert {str(letter["In-Reply-To"]) for letter in server.letters} == set(messages(0))
    assert len(server.letters) == 4

    second = process(source, desk)
    assert (len(second.fetched.new), second.merged, second.replied.answered) == (0, (), 4)
    assert len(server.letters) == 4

    new = attach(written("T34-48"), workbook("T34-48"), "Báo cáo.xlsx")
    (source / "9.eml").write_bytes(delivered(new, 9))
    third = process(source, desk)
    assert [file.unit for file in third.merged] == ["T34-48"], "what is known is not read again"
    assert len(server.letters) == 5

    log = (desk.inbox / "log.txt").read_text(encoding="utf-8")
    said = [line.partition(" process ")[2].split() for line in log.splitlines() if " process " in line]
    assert said[0] == "new=4 merged=2 accepted=1 unreadable=1 answers=4 sent=4 failed=0 in_doubt=0".split()
    assert "@" not in log


def test_a_server_that_is_down_costs_no_answer(tmp_path, source, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with mail_server(tmp_path) as server:
        port = server.port
    with pytest.raises(MailError, match="cannot be reached"):
        process(source, desk_at(tmp_path, port))
    assert set(Outbox(tmp_path / "outbox").known().values()) == {"drafts"}
    assert "process failed=MailError" in (tmp_path / "inbox" / "log.txt").read_text(encoding="utf-8")
    with mail_server(tmp_path) as server:
        done = process(source, desk_at(tmp_path, server.port))
        assert len(server.letters) == 4
    assert done.replied.posted.written == ()
    assert set(Outbox(tmp_path / "outbox").known().values()) == {"sent"}


def test_the_command_writes_drafts_and_tells_who_has_reported(tmp_path, source):
    environment = {**os.environ, "PYTHONPATH": ROOT, "PYTHONUTF8": "1", "XLTRACK_LANG": "en"}
    command = "-m xltrack process nguồn --store s.duckdb -o status.json".split()
    (tmp_path / "inbox" / inbox.MARK).write_text('{"inbox_version": 1, "unverified": true}', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, "a file could not be read"
    assert done.stdout.count(f"outbox{os.sep}drafts{os.sep}tra-loi_") == 4
    assert "1 of 34" in done.stdout or "1/34" in done.stdout, done.stdout
    assert "4 new messages; 0 to be decided." in done.stderr
    assert json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))["round"]["year"] == 2025


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
