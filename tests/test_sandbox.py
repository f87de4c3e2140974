"""Whatever a worker of the sandbox does to itself, its item is told of and the others are done."""

import errno
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from pathlib import Path

import pytest

from xltrack.errors import ProgramError
from xltrack.intake.sandbox import (
    Limits,
    Order,
    Stopped,
    kept,
    kept_workers,
    process,
    run_all,
    unpack,
)
from xltrack.intake.sandbox import round as crew
from xltrack.intake.sandbox.round import _Turns

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 2**20
LIMITS = Limits(memory=256 * MEGABYTE, seconds=1, patience=60)
WORKER = Order("tests.misbehaviour:worker", limits=LIMITS)


@pytest.fixture(autouse=True)
def _no_worker_is_there_yet(monkeypatch):
    monkeypatch.setattr(kept, "_bench", kept._Bench())


def said(parcel):
    """Return what a parcel of plain values says, and how many bytes came with it."""
    return unpack(parcel, object), sum(map(len, parcel.blobs))


def ask_all(items, order=WORKER, workers=1, handle=None):
    """Return for each item what the worker said, or why it was stopped."""

    def told(item, ask):
        try:
            return ask(item, said)[0]
        except Stopped as stopped:
            return stopped

    return list(run_all(order, handle or told, items, workers))


def reasons(results):
    return [one.reason if isinstance(one, Stopped) else one for one in results]


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (("abort",), "died"),
        pytest.param(("kill",), "died", marks=pytest.mark.platform("linux")),
        pytest.param(("segfault",), "died", marks=pytest.mark.platform("linux")),
        (("leave",), "fault"),
        (("raise", "Hòa Bình"), "fault"),
        (("interrupt",), "fault"),
        (("recurse",), "fault"),
        (("loop",), "slow"),
        (("allocate",), "memory"),
        (("allocate_natively",), "memory"),
        (("answer", 70), "memory"),
        (("print", 30), 30),
        (("read_input",), ""),
        (("allocate_and_let_go", 60), 60),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_a_worker_does_to_itself_is_told_and_the_next_item_is_done(what, reason):
    assert reasons(ask_all([("echo", "trước"), what, ("echo", "sau")])) == ["trước", reason, "sau"]


def test_a_worker_that_waits_for_ever_is_stopped_by_the_clock():
    hasty = Order(WORKER.factory, limits=Limits(seconds=1, patience=2))
    assert reasons(ask_all([("sleep", 600)], hasty)) == ["late"]


def test_what_only_the_clock_stopped_is_tried_once_more_alone(tmp_path):
    """A machine that is busy with other things tells nothing of the file."""
    hasty = Order(WORKER.factory, limits=Limits(seconds=1, patience=2))
    items = [("once", str(tmp_path / "a"), "sleep", 600), *[("sleep", 0.1)] * 30]
    assert reasons(ask_all(items, hasty, workers=2)) == ["lived", *[0.1] * 30]


def test_who_works_alone_has_nobody_beside_him():
    turns, at_work, most_beside = _Turns(), [], []

    def work(turn, number):
        with turn():
            at_work.append(number)
            time.sleep(0.02)
            if turn == turns.alone:
                most_beside.append(list(at_work))
            at_work.remove(number)

    threads = [
        threading.Thread(target=work, args=(turns.alone if number % 3 == 0 else turns.beside_others, number))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(most_beside) == [[0], [3], [6], [9]]


def test_a_worker_that_is_killed_from_outside_tells_nothing_of_its_item(tmp_path):
    """A system short of memory ends whom it likes, also a worker that has read nothing else before."""
    assert reasons(ask_all([("once", str(tmp_path / "a"), "abort")])) == ["lived"]


def test_who_has_another_way_gets_one_worker_and_a_share_of_the_time(tmp_path):
    """Several files read together are read alone where one of them hangs: it must not cost its time twice."""

    def told(item, ask):
        try:
            return ask(item, said, share=0.1)[0]
        except Stopped as stopped:
            return stopped

    order = Order(WORKER.factory, limits=Limits(seconds=10, patience=60))
    items = [("echo", 1), ("once", str(tmp_path / "a"), "abort"), ("burn", 5)]
    assert reasons(ask_all(items, order, handle=told)) == [1, "died", "slow"]
    assert reasons(ask_all(items[-1:], order)) == [5]


def starting(monkeypatch, *outcomes):
    """Let the system refuse to start a process where `outcomes` are false, and at the end for good."""
    left = list(outcomes)
    started = process._started

    def start():
        if left and left.pop(0):
            return started()
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(process, "_started", start)
    monkeypatch.setattr(crew, "_PAUSES", (0.01, 0.01))


def test_a_machine_that_starts_no_process_for_a_while_is_waited_for(monkeypatch):
    starting(monkeypatch, False, True, False, False, True, True, True)
    assert reasons(ask_all([("echo", 1), ("abort",), ("echo", 2)])) == [1, "died", 2]


def test_a_machine_that_starts_no_process_at_all_is_the_operators_business(monkeypatch):
    starting(monkeypatch, True)
    round_ = run_all(WORKER, lambda item, ask: ask(item, said)[0], [("echo", 1), ("abort",), ("echo", 2)], 1)
    assert next(round_) == 1
    with pytest.raises(ProgramError, match=r"did not start.*temporarily unavailable"):
        next(round_)


def test_a_fault_says_what_was_raised_and_where():
    (fault,) = ask_all([("raise", "Hòa Bình")])
    assert fault.words.startswith("ValueError: Hòa Bình\n")
    assert "misbehaviour.py" in fault.words


def test_an_item_that_raises_costs_no_worker():
    first, _, last = ask_all([("pid",), ("raise", ""), ("pid",)])
    assert first == last


def test_time_is_granted_to_each_item_anew():
    """Together the items take more than one grant comes to in whole seconds, so no attempt succeeds by luck.

    One may fail: where others want the processor, some machines charge a process for the time that it waited.
    """
    worker = Order(WORKER.factory, limits=Limits(seconds=1, patience=60))

    def is_one_worker():
        first, *_, last = ask_all([("pid",), *[("burn", 0.45)] * 5, ("pid",)], worker)
        return first == last

    assert any(is_one_worker() for _ in range(4))
    assert reasons(ask_all([("burn", 3)])) == ["slow"]


def test_a_large_item_gets_more_time():
    limits = Limits(seconds=8, seconds_per_megabyte=2, patience=3)
    assert (limits.processor_seconds(25 * MEGABYTE), limits.wall_seconds(25 * MEGABYTE)) == (58, 174)
    assert (limits.processor_seconds(0), limits.wall_seconds(0)) == (8, 24)


def test_what_an_earlier_item_left_behind_does_not_count_against_a_later_one():
    """Only a fresh worker's death counts, so the order of files has no say in what becomes of them."""
    dying = ("die_if_used",)
    assert reasons(ask_all([("echo", 1), dying, dying])) == [1, "lived", "lived"]


def test_a_worker_that_has_used_much_is_replaced_and_its_answer_kept():
    worker = Order(WORKER.factory, limits=Limits(retire=120 * MEGABYTE))
    first, big, last = ask_all([("pid",), ("allocate_and_let_go", 150), ("pid",)], worker)
    assert big == 150
    assert first != last


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"\xff" * 64, b"\x01\x01\x00" + (2**40).to_bytes(8, "little"), b"\x09\0\0"],
    ids=["nothing", "one byte", "noise", "a terabyte", "a kind that is none"],
)  # fmt: skip
def test_a_worker_that_sends_what_is_no_message_is_refused(content):
    assert reasons(ask_all([("bytes", content), ("echo", "sau")])) == ["died", "sau"]


def test_a_pickle_that_a_worker_sends_is_never_opened(tmp_path):
    called = tmp_path / "called"
    assert reasons(ask_all([("pickle", str(called)), ("echo", "sau")])) == ["died", "sau"]
    assert not called.exists()


@pytest.mark.platform("linux")
def test_a_worker_writes_no_file_and_opens_few(tmp_path):
    error, opened = ask_all([("write_file", str(tmp_path / "a")), ("open_files",)])
    assert error == "OSError"
    assert opened < 64


def test_a_worker_knows_nothing_of_the_environment_but_what_python_needs(monkeypatch):
    monkeypatch.setenv("XLTRACK_IMAP_PASSWORD", "bí mật")
    monkeypatch.setenv("PYTHONSTARTUP", "a.py")
    (names,) = ask_all([("environment",)])
    assert not {"XLTRACK_IMAP_PASSWORD", "PYTHONSTARTUP"} & set(names.split())


def test_results_come_in_the_order_of_the_items_and_the_crew_works_side_by_side():
    items = [("sleep", 0.3 if number % 7 == 0 else 0.01 * (number % 3)) for number in range(40)]
    begun = time.monotonic()
    assert ask_all(items, workers=4) == [seconds for _, seconds in items]
    assert time.monotonic() - begun < sum(seconds for _, seconds in items)


def test_few_results_wait_for_an_earlier_one():
    begun: list[int] = []
    given = 0
    ahead = []

    def handle(item, ask):
        begun.append(item)
        ahead.append(len(begun) - given)
        return ask(("sleep", 0.5 if item == 0 else 0.0), said)

    for result in run_all(WORKER, handle, range(60), 2):
        given += 1
        assert result == (0.5 if given == 1 else 0.0, 0)
    assert max(ahead) <= 2 * 2 + 2


def test_a_result_that_was_given_is_held_by_nobody_while_others_are_worked_on():
    class Rows:
        pass

    given: list[weakref.ref[Rows]] = []

    def handle(item, ask):
        ask(("echo", item), said)
        deadline = time.monotonic() + 5
        while len(given) < item or any(rows() for rows in given):
            if time.monotonic() > deadline:
                raise TimeoutError(item)
            time.sleep(0.01)
        return Rows()

    for rows in run_all(WORKER, handle, range(4), 1):
        given.append(weakref.ref(rows))
        del rows
    assert len(given) == 4


def test_a_thousand_items_and_random_deaths():
    chance = random.Random(1322)
    deaths = {number: chance.choice(["abort", "kill", "raise"]) for number in chance.sample(range(1000), 25)}
    items = [
        (deaths[n], *(["x"] if deaths[n] == "raise" else [])) if n in deaths else ("echo", n)
        for n in range(1000)
    ]
    expected = [{"raise": "fault"}.get(deaths[n], "died") if n in deaths else n for n in range(1000)]
    assert reasons(ask_all(items, workers=2)) == expected


def test_what_the_handler_raises_ends_the_round_and_its_workers():
    def handle(item, ask):
        ask(("echo", item), said)
        if item == 5:
            raise LookupError(item)
        return item

    round_ = run_all(WORKER, handle, range(100), 2)
    with pytest.raises(LookupError):
        list(round_)


@pytest.mark.platform("linux")
def test_a_round_that_is_left_early_leaves_nothing_running():
    round_ = run_all(WORKER, lambda item, ask: ask(item, said)[0], [("pid",), *[("sleep", 60)] * 9], 2)
    pid = next(round_)
    round_.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("factory", ["failing", "dying", "missing"])
def test_workers_that_cannot_start_are_the_operators_business(factory):
    with pytest.raises(ProgramError) as raised:
        ask_all([("echo", 1)], Order(f"tests.misbehaviour:{factory}", {}, LIMITS))
    assert factory == "dying" or "Error" in str(raised.value)


def test_no_items_need_no_worker():
    assert ask_all([], Order("tests.misbehaviour:failing")) == []


# ── other programs around it ─────────────────────────────────────────────────────────────────────────────────────

PROGRAM = """
import os, sys
sys.path.insert(0, {root!r})
from xltrack.intake.sandbox import Limits, Order, run_all, unpack

def handle(item, ask):
    return ask(item, lambda parcel: unpack(parcel, object))

order = Order("tests.misbehaviour:worker", limits=Limits(seconds=100))
for result in run_all(order, handle, [("pid",)] + [{item!r}] * 3, 1):
    print(result, flush=True)
"""


def start(tmp_path, item, *command):
    """Start a script without a guard around its lines, whose worker answers with its pid and then does `item`."""
    script = tmp_path / "kịch bản.py"
    script.write_text(PROGRAM.format(root=str(ROOT), item=item), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, *(command or (script,))], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        encoding="utf-8", start_new_session=True, stdin=subprocess.PIPE,
    )  # fmt: skip


def is_gone(pid, within=5.0):
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text("utf-8"):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.platform("linux")
@pytest.mark.parametrize("item", [("sleep", 100), ("loop",)], ids=["sleeping", "busy"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda one: one.name)
def test_workers_end_with_the_program_however_it_ends(tmp_path, item, ending):
    with start(tmp_path, item) as program:
        worker = int(program.stdout.readline())
        time.sleep(0.2)
        program.send_signal(ending)
        program.wait(10)
        assert is_gone(worker)


@pytest.mark.platform("linux")
def test_what_a_worker_starts_ends_with_it(tmp_path):
    here = tmp_path / "started"
    before = set(Path("/proc").iterdir())
    hasty = Order(WORKER.factory, limits=Limits(seconds=1, patience=3))
    assert reasons(ask_all([("start_another", str(here))], hasty)) == ["late"]
    assert here.exists()
    since = [one for one in set(Path("/proc").iterdir()) - before if one.name.isdecimal()]
    sleeping = [int(one.name) for one in since if b"time.sleep(300)" in (one / "cmdline").read_bytes()]
    assert [pid for pid in sleeping if not is_gone(pid, 1)] == []


@pytest.mark.platform("linux")
def test_nobody_waits_for_what_a_worker_leaves_behind():
    """It holds the pipes open, so that they do not tell of the worker's end."""
    hasty = Order(WORKER.factory, limits=Limits(seconds=1, patience=2))
    begun = time.monotonic()
    assert reasons(ask_all([("leave_one_behind", 30), ("echo", "sau")], hasty)) == ["late", "sau"]
    assert time.monotonic() - begun < 20


@pytest.mark.platform("linux")
def test_a_round_with_something_left_behind_can_be_left_early():
    slow = Order(WORKER.factory, limits=Limits(seconds=100))
    round_ = run_all(slow, lambda item, ask: ask(item, said)[0], [("echo", 1), ("leave_one_behind", 30)], 1)
    assert next(round_) == 1
    time.sleep(0.5)
    begun = time.monotonic()
    round_.close()
    assert time.monotonic() - begun < 10


def test_a_script_needs_no_guard_and_is_run_once(tmp_path):
    with start(tmp_path, ("echo", "xong")) as program:
        out, err = program.communicate(timeout=30)
    assert err == ""
    assert out.split()[1:] == ["xong"] * 3


def test_a_program_typed_in_by_hand_works_too(tmp_path):
    """As in a notebook there is no file that a worker could run again."""
    program = start(tmp_path, ("echo", "xong"), "-")
    text = PROGRAM.format(root=str(ROOT), item=("echo", "xong"))
    out, err = program.communicate(textwrap.dedent(text), timeout=30)
    assert err == ""
    assert out.split()[1:] == ["xong"] * 3


def test_workers_are_kept_between_rounds_while_somebody_wants_them():
    with kept_workers():
        first, again = ask_all([("pid",)]), ask_all([("pid",)])
        other = ask_all([("pid",)], Order(WORKER.factory, limits=Limits(seconds=50)))
    assert first == again
    assert first != other
    assert ask_all([("pid",)]) != first


def test_a_kept_worker_that_dies_is_replaced_and_its_item_tried_in_a_fresh_one():
    with kept_workers():
        (first,) = ask_all([("pid",)])
        os.kill(first, signal.SIGTERM)
        assert ask_all([("pid",)]) != [first]


def test_no_worker_is_kept_that_has_been_stopped():
    with kept_workers():
        assert reasons(ask_all([("abort",)])) == ["died"]
        assert kept.take(WORKER) is None


def test_a_round_takes_the_worker_that_started_before_it():
    with kept.starting(WORKER):
        ((_, early),) = kept._bench._waiting
        assert run_all(WORKER, lambda _, ask: ask(("pid",), said)[0], [0], 1).__next__() == early._process.pid
    assert kept.take(WORKER) is None


@pytest.mark.platform("linux")
def test_a_worker_that_started_for_nothing_is_ended():
    with kept.starting(WORKER), kept.starting(WORKER):
        ((_, early),) = kept._bench._waiting
    with pytest.raises(ProcessLookupError):
        os.kill(early._process.pid, 0)


def test_a_worker_that_cannot_start_early_is_told_of_by_the_round():
    order = Order("tests.misbehaviour:failing", {}, LIMITS)
    with kept.starting(order), pytest.raises(ProgramError):
        ask_all([("echo", 1)], order)
