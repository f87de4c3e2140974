"""Letters go out once, to a real server; wherever a run is cut off, each lies in exactly one place."""

import json
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.mail_server import BREAKS_OFF, PASSWORD, TOKEN, USER, mail_server
from xltrack.errors import MailError
from xltrack.mail import relay
from xltrack.mail.delivery import Limits, Sending, _ready, send
from xltrack.mail.outbox import PLACES, Outbox
from xltrack.mail.outgoing import Enclosure, Outgoing, Thread, answering, as_draft, identity
from xltrack.mail.relay import Line, Refused, Relay, relay_of

SENDER = "Ban tiếp nhận <ban@bokhcn.example>"
TO = "baocao@bacninh.example"
WORKBOOK = b"PK\x03\x04" + bytes(range(256)) * 20


def letter(number=1, to=TO, subject="Re: Báo cáo năm 2025", thread=None):
    return Outgoing(
        id=identity("reply", str(number)),
        label=f"tra-loi_T34-24_{number}",
        to=to,
        subject=subject,
        text="Kính gửi quý cơ quan\n",
        html="<p>Kính gửi quý cơ quan</p>",
        automatic="auto-replied",
        enclosures=(Enclosure("Báo cáo Bắc Ninh_ket-qua.xlsx", WORKBOOK),),
        thread=thread or Thread("<2@bn.example>", ("<1@bn.example>",), "Báo cáo"),
    )


@pytest.fixture
def outbox(tmp_path):
    box = Outbox(tmp_path / "outbox")
    for number in (1, 2, 3):
        box.write(letter(number), SENDER)
    return box


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with mail_server(tmp_path) as running:
        yield running


def sent(outbox, server, limits=None, **how):
    sending = Sending(Relay("localhost", server.port), SENDER, limits or Limits(), **how)
    done = send(sending, outbox, outbox.known())
    return tuple(map(len, (done.sent, done.waiting, done.failed, done.in_doubt)))


def places(outbox):
    return dict(Counter(outbox.known().values()))


def test_a_letter_goes_out_encrypted_in_its_thread_and_as_automatic(outbox, server):
    assert sent(outbox, server) == (3, 0, 0, 0)
    assert places(outbox) == {"sent": 3}
    assert server.encrypted == {True}
    assert set(server.recipients) == {TO}
    first = server.letters[0]
    assert (first["From"], first["To"], first["Subject"]) == (SENDER, TO, "Re: Báo cáo năm 2025")
    assert (first["In-Reply-To"], first["References"]) == ("<2@bn.example>", "<1@bn.example> <2@bn.example>")
    assert (first["Auto-Submitted"], first["X-Unsent"]) == ("auto-replied", None)
    assert first["Message-ID"] == f"<xltrack.{identity('reply', '1')}@bokhcn.example>"
    assert first.get_body(("plain",)).get_content().splitlines() == ["Kính gửi quý cơ quan"]
    (enclosed,) = first.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content()) == ("Báo cáo Bắc Ninh_ket-qua.xlsx", WORKBOOK)
    assert sent(outbox, server) == (0, 0, 0, 0)
    assert len(server.letters) == 3


@pytest.mark.parametrize(
    ("mood", "counts", "then"),
    [
        ("450 come back later", (0, 3, 0, 0), (3, 0, 0, 0)),
        ("554 no such thing here", (0, 0, 3, 0), (0, 0, 0, 0)),
    ],
)
def test_what_is_refused_for_now_waits_and_for_good_fails(outbox, server, mood, counts, then):
    before = {path.name: path.read_bytes() for path in outbox.letters("drafts")}
    server.mood = lambda _: mood
    assert sent(outbox, server) == counts
    assert {path.name: path.read_bytes() for path in outbox.letters("drafts")} == (
        before if counts[1] else {}
    )
    for path in outbox.letters("failed"):
        assert message_from_bytes(path.read_bytes(), policy=policy.default)["X-Xltrack-Refused"] == mood
    server.mood = lambda _: None
    assert sent(outbox, server) == then


def test_an_address_that_the_server_refuses_stops_no_other(tmp_path, server):
    box = Outbox(tmp_path / "outbox")
    for number, to in enumerate((TO, "gone@hanoi.example", "busy@hanoi.example", "ban@hanoi.example")):
        box.write(letter(number, to=to), SENDER)
    server.unwanted = {"busy@hanoi.example": "451 greylisted", "gone@hanoi.example": "550 no such user"}
    assert sent(box, server) == (2, 1, 1, 0)


def test_what_nobody_confirmed_is_told_and_sent_again_only_when_asked(outbox, server):
    server.mood = lambda one: BREAKS_OFF if len(server.letters) == 1 else None
    assert sent(outbox, server) == (1, 1, 0, 1), "the rest waits: the connection is gone"
    assert len(server.letters) == 2
    server.mood = lambda _: None
    assert sent(outbox, server) == (1, 0, 0, 1)
    assert places(outbox) == {"sent": 2, "sending": 1}
    assert max(Counter(server.ids).values()) == 1
    assert sent(outbox, server, again=True) == (1, 0, 0, 0)
    assert sorted(Counter(server.ids).values()) == [1, 1, 2], (
        "under the same Message-ID, by which it may be known"
    )


def test_no_more_go_out_in_a_day_than_was_allowed(tmp_path, server):
    box = Outbox(tmp_path / "outbox")
    for number, to in enumerate([TO, TO, TO, TO.upper(), "a@hanoi.example", "b@hanoi.example"]):
        box.write(letter(number, to=to), SENDER)
    assert sent(box, server, Limits(per_address=2, in_all=3)) == (3, 3, 0, 0)
    assert Counter(map(str.casefold, server.recipients)) == {TO: 2, "a@hanoi.example": 1}
    assert sent(box, server, Limits(per_address=2, in_all=3)) == (0, 3, 0, 0)
    assert sent(box, server, Limits(per_address=3, in_all=9)) == (2, 1, 0, 0)


@pytest.mark.parametrize(
    ("proof", "lets_in"),
    [
        ({"password": PASSWORD}, True),
        ({"token": TOKEN}, True),
        ({"password": "x"}, False),
        ({"token": "x"}, False),
        ({}, False),
    ],
)
def test_the_server_asks_who_sends(outbox, tmp_path, monkeypatch, proof, lets_in):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with mail_server(tmp_path, login=True) as server:
        sending = Sending(Relay("localhost", server.port, user=USER, **proof), SENDER)
        if lets_in:
            assert len(send(sending, outbox, outbox.known()).sent) == 3
            assert server.users == [USER]
        else:
            with pytest.raises(MailError) as failure:
                send(sending, outbox, outbox.known())
            assert "password" in str(failure.value)
            assert places(outbox) == {"drafts": 3}


def test_nothing_is_sent_in_clear_or_to_a_server_that_nobody_vouches_for(outbox, tmp_path, monkeypatch):
    with mail_server(tmp_path) as server:
        with pytest.raises(MailError, match="certificate"):
            sent(outbox, server)
        assert server.letters == []
    monkeypatch.setattr(relay, "_LOOPBACK", frozenset())
    with mail_server(tmp_path, tls=False) as server:
        with pytest.raises(MailError, match="STARTTLS"):
            sent(outbox, server)
        assert server.letters == []
    assert places(outbox) == {"drafts": 3}


@pytest.mark.parametrize(
    ("address", "password", "said"),
    [
        (
            "smtps://van.thu%40bokhcn.example@mx.example",
            "x",
            ("mx.example", 465, True, "van.thu@bokhcn.example", "x"),
        ),
        (
            "smtp://van.thu@bokhcn.example@mx.example:25",
            "x",
            ("mx.example", 25, False, "van.thu@bokhcn.example", "x"),
        ),
        ("smtp://localhost", "x", ("localhost", 587, False, "", "")),
        ("smtp://u@mx.example", "", None),
        ("smtp://u:secret@mx.example", "x", None),
        ("mx.example", "x", None),
    ],
)
def test_the_address_of_a_server_says_all_but_the_password(monkeypatch, address, password, said):
    monkeypatch.setenv("XLTRACK_SMTP_PASSWORD", password)
    if said is None:
        with pytest.raises(MailError) as failure:
            relay_of(address)
        assert "secret" not in str(failure.value)
    else:
        found = relay_of(address)
        assert (found.host, found.port, found.implicit_tls, found.user, found.password) == said
        assert "password" not in repr(found)


def test_nothing_that_a_stranger_writes_becomes_a_header():
    evil = Thread("<a@b> \r\nBcc: x@evil.example", ("<ok@b.example>", "x\r\nBcc: y@evil.example"), "x")
    subject = answering("Báo cáo\r\nBcc: z@evil.example\r\n\r\nxin chào")
    message = message_from_bytes(as_draft(letter(subject=subject, thread=evil), None), policy=policy.default)
    assert (message["Bcc"], message["In-Reply-To"], message["References"]) == (None, None, None)
    assert message["Subject"] == "Re: Báo cáo Bcc: z@evil.example xin chào"
    assert answering("RE: Báo cáo") == "RE: Báo cáo"


def test_ids_of_messages_stay_whole(outbox):
    ids = [f"<{sign * 60}@psapr06mb12345.apcprd06.example>" for sign in "abc"]
    box = Outbox(outbox.folder)
    box.write(letter(9, thread=Thread(ids[2], tuple(ids[:2]), "x")), None)
    (draft,) = (one for one in box.letters("drafts") if one.name.endswith(f"{identity('reply', '9')}.eml"))
    written = _ready(draft.read_bytes(), SENDER, "0" * 16).as_bytes()
    assert b"In-Reply-To: " + ids[2].encode() + b"\r\n" in written
    assert b"References: " + b"\r\n ".join(map(str.encode, ids)) + b"\r\n" in written


def test_a_draft_opens_as_one_and_its_name_tells_people_what_it_is(outbox):
    draft = outbox.letters("drafts")[0]
    message = message_from_bytes(draft.read_bytes(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    assert draft.name == f"tra-loi_T34-24_1_{identity('reply', '1')}.eml"
    assert draft.parent.name == "drafts"


KILLER = """
import os, random, signal, sys, time, json
from pathlib import Path
from tests.test_outbox import SENDER, letter
from xltrack.mail.delivery import Sending, send
from xltrack.mail.outbox import Outbox
from xltrack.mail.relay import Relay

folder, port, trials = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
sending = Sending(Relay("localhost", port), SENDER)
chance = random.Random(7)

def run(box):
    child = os.fork()
    if not child:
        send(sending, box, box.known())
        os._exit(0)
    return child

longest = 0.2
for trial in range(trials):
    box = Outbox(folder / str(trial))
    for number in range(4):
        box.write(letter(f"{trial}.{number}", to=f"{number}@hanoi.example"), SENDER)
    began = time.monotonic()
    child = run(box)
    time.sleep(chance.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not trial:
        began = time.monotonic()
        os.waitpid(run(Outbox(folder / "whole")), 0)
        longest = max(longest, 1.2 * (time.monotonic() - began))
    print(json.dumps({"killed": os.WIFSIGNALED(status)}))
"""


@pytest.mark.platform("linux")
def test_a_killed_run_loses_nothing_and_sends_nothing_twice(tmp_path, server):
    """Killed at any moment, and run again: each letter in one place, none at its reader twice."""
    trials = 50
    answer = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path), str(server.port), str(trials)],
        capture_output=True,
        encoding="utf-8",
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    killed = sum(json.loads(line)["killed"] for line in answer.stdout.splitlines())
    assert killed > trials / 4, "the moments are within the run"
    doubtful = 0
    for trial in range(trials):
        box = Outbox(tmp_path / str(trial))
        assert sent(box, server)[1:3] == (0, 0)
        lying = Counter(path.name for place in PLACES for path in box.letters(place))
        assert len(lying) == 4
        assert set(lying.values()) == {1}
        assert set(places(box)) <= {"sent", "sending"}
        doubtful += places(box).get("sending", 0)
        arrived = [f"<xltrack.{path.stem[-16:]}@bokhcn.example>" for path in box.letters("sent")]
        assert set(arrived) <= set(server.ids)
    assert max(Counter(server.ids).values()) == 1, "nobody got a letter twice"
    assert len(set(server.ids)) >= 4 * trials - doubtful


def test_an_address_of_other_letters_is_refused_and_stops_no_other_letter():
    class Server:
        def has_extn(self, _):
            return False

        def mail(self, *_):
            return 250, b""

        def rcpt(self, to):
            return 250, to.encode("ascii")

    with pytest.raises(Refused, match="553"):
        Line(Server()).announce("so@so.example", "tỉnh@so.example", 1)  # type: ignore[arg-type]
