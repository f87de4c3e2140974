"""Mail from a real server into the inbox and on into the store: every message once, and exactly one thing."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import keyring
import pytest

import xltrack
from tests.dovecot import PASSWORD
from tests.letters import (
    BEGIN,
    KINDS,
    SERVER,
    UNITS,
    attach,
    delivered,
    sender_list,
    workbook,
    written,
)
from tests.mail_server import mail_server as smtp_server
from tests.test_reading import SCHEMAS
from xltrack.errors import MailError
from xltrack.mail import Inbox
from xltrack.mail.delivery import Limits, Sending
from xltrack.mail.inbox import Settings
from xltrack.mail.relay import Relay
from xltrack.pipeline import Mailing, Wanted, decide_messages, fetch, inbox_standings, reply
from xltrack.store import open_store

ROOT = Path(__file__).resolve().parent.parent
USER = "nsclhanghoa@bokhcn.example"
WANTED = Wanted(settings=Settings(verified_by=SERVER))

# What becomes of a message of each kind once all was merged.
BECOMES = {
    "accepted": "plain, name by RFC 2047, name in cp1258, name in cp1258 by RFC 2231, name in pieces, no name, "
    "name of a text, path for a name, name that turns around, winmail.dat, archive, archive with names in cp1258, "
    "several, forwarded, attached as a letter, letter within Outlook's envelope",
    "rejected": "damaged, xls, locked, page for a workbook, rar, shortcut, locked archive, archive in an archive, "
    "cut archive, 40 MB",
    "quarantined": "macros, 3,000 nested parts, 30 levels, endless headers, 300 parts",
    "nothing_in_it": "nothing, scan, link, bounce, on leave",
}
FORGED, UNKNOWN, OTHERS, AGAIN, REUSED, TWICE, CORRECTED = 8, 6, 4, 10, 4, 2, 12


def kinds(state):
    return re.split(r", (?!000)", BECOMES[state])


def letters():
    """Yield a hundred messages, each with what it must become."""
    good = kinds("accepted")
    for at, unit in enumerate(UNITS):
        yield KINDS[good[at] if at < len(good) else "plain"](unit), {}, "accepted"
    for state in ("rejected", "quarantined", "nothing_in_it"):
        yield from ((KINDS[kind](UNITS[0]), {}, state) for kind in kinds(state))
    for at in range(FORGED):
        yield (
            _own(UNITS[at], document_no=f"giả {at}"),
            {"verdict": "dmarc=fail; dkim=pass header.d=evil.example"},
            "held",
        )
    for at in range(UNKNOWN):
        message = _own(UNITS[at], document_no=f"lạ {at}")
        message.replace_header("From", "ke.gian@evil.example")
        yield message, {}, "held"
    for at in range(OTHERS):
        yield attach(written(UNITS[at]), workbook(UNITS[at + 1], document_no="nhầm"), "a.xlsx"), {}, "held"
    for at in range(AGAIN):
        yield KINDS["plain"](UNITS[20 + at]), {}, "duplicate"
    for at in range(REUSED):
        yield _own(UNITS[at], document_no="sửa"), {"more": [("Message-ID", f"<{at}@so.example>")]}, "held"
    for at in range(CORRECTED):
        yield _own(UNITS[20 + at], submission_no=2, document_no="lần hai"), {}, "accepted"


def headers(content):
    """Return what is kept of every message, and what no other has: its id and when it came."""
    return content.partition(b"\r\n\r\n")[0]


def _own(unit, **more):
    return attach(written(unit), workbook(unit, **more), "Báo cáo.xlsx")


@pytest.fixture(scope="module")
def post():
    """Return a hundred messages as bytes: the last ones are the first ones, byte for byte, once more."""
    made = [(delivered(message, at, **more), state) for at, (message, more, state) in enumerate(letters())]
    return [*made, *made[:TWICE]]


@pytest.fixture(scope="module")
def fetched(mail_server, post, tmp_path_factory):
    """Fetch and merge all of it."""
    folder = tmp_path_factory.mktemp("fetch")
    box = Inbox(folder / "inbox").make()
    box.senders.write_text(sender_list(), encoding="utf-8")
    came = [(content, BEGIN + timedelta(minutes=at)) for at, (content, _) in enumerate(post)]
    mail_server.deliver(USER, came)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XLTRACK_IMAP_PASSWORD", PASSWORD)
        found = fetch(mail_server.address(USER), box.path, wanted=WANTED)
        merged = xltrack.merge([box.path], folder / "national.duckdb")
        again = fetch(mail_server.address(USER), box.path, wanted=WANTED)
    return folder, found, merged, again


pytestmark = pytest.mark.dovecot


def test_every_message_of_a_hundred_ends_as_exactly_one_thing(post, fetched):
    folder, found, _, _ = fetched
    assert len(post) == found.seen == 100
    assert len(found.standings) == len(found.new) == 100 - TWICE
    standings = inbox_standings(folder / "inbox", folder / "national.duckdb")
    by_headers = {headers(Inbox(folder / "inbox").raw(one.message.sha256)): one for one in standings}
    became = [by_headers[headers(content)] for content, _ in post]
    wrong = [
        (at, state, one.state, one.findings)
        for at, ((_, state), one) in enumerate(zip(post, became, strict=True))
        if one.state != state
    ]
    assert not wrong
    assert Counter(one.state for one in became) == Counter(state for _, state in post)


def test_on_the_server_everything_is_in_one_of_two_folders(mail_server, post, fetched):
    _, _, _, again = fetched
    assert again.seen == 0
    assert mail_server.contents(USER) == []
    apart = Counter(content for content, state in post if state in ("held", "quarantined"))
    # Macros are found by the gate, when the workbook is checked.
    macros = {content for content, state in post if b".xlsm" in content}
    assert Counter(mail_server.contents(USER, "Quarantine")) == Counter(
        {content: number for content, number in apart.items() if content not in macros}
    )
    assert sum(len(mail_server.contents(USER, name)) for name in ("Processed", "Quarantine")) == 100


def test_the_store_knows_when_and_in_which_message_a_return_came(fetched):
    folder, _, merged, _ = fetched
    assert Counter(file.verdict for file in merged.files)["accepted"] == len(UNITS) + CORRECTED + 1
    with open_store(folder / "national.duckdb", SCHEMAS, read_only=True) as store:
        query = "SELECT DISTINCT unit_code, source_kind, source, received_at FROM submission WHERE submission_no = 1"
        rows = {unit: more for unit, *more in store.rows(query)}
    assert rows[UNITS[3]][:2] == ["message", "<3@so.example>"]
    assert f"{rows[UNITS[3]][2]:%Y-%m-%d %H:%M}" == "2025-11-20 01:03"


def test_the_log_names_nobody(fetched):
    folder, *_ = fetched
    log = (folder / "inbox" / "log.txt").read_text(encoding="utf-8")
    assert "fetch seen=100 new=98" in log
    assert "@" not in log


def test_names_of_attachments_are_never_paths(fetched):
    folder, *_ = fetched
    files = [path for path in (folder / "inbox" / "files").rglob("*") if path.is_file()]
    assert {len(path.relative_to(folder / "inbox").parts) for path in files} == {3}
    assert not list(folder.glob("**/cron.d"))


def test_everybody_who_should_be_is_answered_once_and_sums_are_equal(fetched, tmp_path, monkeypatch):
    folder, *_ = fetched
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with smtp_server(tmp_path) as server:
        sending = Sending(Relay("localhost", server.port), USER, Limits(per_address=100))
        mailing = Mailing(tmp_path / "outbox", USER, sending=sending)
        done = reply(folder / "inbox", folder / "national.duckdb", mailing)
        again = reply(folder / "inbox", folder / "national.duckdb", mailing)
        letters = server.letters
    standings = inbox_standings(folder / "inbox", folder / "national.duckdb")
    assert len(letters) + sum(done.unanswered.values()) == len(standings) == 100 - TWICE
    assert (
        done.unanswered
        == again.unanswered
        == {"unverified": FORGED, "unknown": UNKNOWN, "automatic": 2, "no_address": 1}
    )
    assert (again.posted.written, again.answered) == ((), len(letters))
    assert len(set(server.ids)) == len(letters), "nobody got a letter twice"
    assert {address.partition("@")[0] for address in server.recipients} == {"baocao"}, "nobody else got one"


def test_a_person_decides_about_what_is_held(mail_server, tmp_path, monkeypatch):
    monkeypatch.setenv("XLTRACK_IMAP_PASSWORD", PASSWORD)
    box = Inbox(tmp_path / "inbox").make()
    mail_server.deliver("one", [(delivered(KINDS["plain"](UNITS[0]), 1), BEGIN)])
    (held,) = fetch(mail_server.address("one"), box.path, wanted=Wanted(leave=True)).standings
    assert (held.state, [finding.code for finding in held.findings]) == ("held", ["XLT706"])
    assert xltrack.merge([box.path], tmp_path / "s.duckdb").files == ()
    assert fetch(mail_server.address("one"), box.path, wanted=Wanted(leave=True)).seen == 0
    assert len(mail_server.contents("one")) == 1

    (decided,) = decide_messages(
        box.path, [held.message.sha256[:8]], "accept", why="đã gọi điện", by="Văn thư"
    )
    assert decided.state == "waiting"
    (file,) = xltrack.merge([box.path], tmp_path / "s.duckdb").files
    assert (file.verdict, file.unit) == ("accepted", UNITS[0])
    (accepted,) = inbox_standings(box.path, tmp_path / "s.duckdb")
    assert accepted.state == "accepted"


def test_a_server_is_asked_over_tls_and_its_refusal_is_told_without_the_password(
    mail_server, tmp_path, monkeypatch
):
    source = f"imaps://one@127.0.0.1:{mail_server.tls_port}"
    monkeypatch.setenv("XLTRACK_IMAP_PASSWORD", PASSWORD)
    with pytest.raises(MailError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(source, tmp_path / "inbox")
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(mail_server.certificate))
    assert fetch(source, tmp_path / "inbox", wanted=Wanted(leave=True)).seen >= 0
    monkeypatch.delenv("XLTRACK_IMAP_PASSWORD")
    monkeypatch.setattr(
        keyring, "get_password", lambda *who: PASSWORD if who == ("xltrack", "one@127.0.0.1") else None
    )
    assert fetch(source, tmp_path / "inbox", wanted=Wanted(leave=True)).seen >= 0
    with pytest.raises(MailError, match="set XLTRACK_IMAP_PASSWORD"):
        fetch(source.replace("one@", "two@"), tmp_path / "inbox")
    monkeypatch.setenv("XLTRACK_IMAP_PASSWORD", "wrong-secret")
    with pytest.raises(MailError, match="AUTHENTICATIONFAILED") as told:
        fetch(source, tmp_path / "inbox")
    assert "wrong-secret" not in str(told.value)


TRIALS = 52


def test_a_run_that_is_killed_at_any_step_is_repeated_and_loses_nothing(mail_server, tmp_path):
    """Between and within the writes of files, the reading of messages and the two moves on the server."""
    few = [
        (delivered(KINDS["plain"](UNITS[0]), 0), "waiting", "Processed"),
        (delivered(KINDS["several"](UNITS[1]), 1), "waiting", "Processed"),
        (delivered(KINDS["plain"](UNITS[2]), 2, "dmarc=fail"), "held", "Quarantine"),
        (delivered(KINDS["30 levels"](UNITS[3]), 3), "quarantined", "Quarantine"),
        (delivered(KINDS["link"](UNITS[4]), 4), "nothing_in_it", "Processed"),
    ]
    for number in range(TRIALS):
        mail_server.deliver(f"kill-{number}", [(content, BEGIN) for content, *_ in few])
    words = [
        sys.executable,
        "-m",
        "tests.fetch_trials",
        str(mail_server.port),
        str(tmp_path),
        "0",
        str(TRIALS),
    ]
    settings = os.environ | {"XLTRACK_IMAP_PASSWORD": PASSWORD}
    run = subprocess.run(words, env=settings, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    trials = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(trials) == TRIALS, run.stderr[-2_000:]
    expected = [[f"<{at}@so.example>", state] for at, (_, state, _) in enumerate(few)]
    assert [one["states"] for one in trials] == [expected] * TRIALS
    assert sum(one["killed"] for one in trials) >= 50
    for number in range(TRIALS):
        assert mail_server.contents(f"kill-{number}") == []
        for folder in ("Processed", "Quarantine"):
            moved = sorted(content for content, _, to in few if to == folder)
            assert sorted(mail_server.contents(f"kill-{number}", folder)) == moved
