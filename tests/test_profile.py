"""`--profile` says where the time went, of the workers too, and believes no worker that says nonsense."""

import json
import re
import sys
import threading
import time
from typing import get_args

import pytest

from tests.command_line import xltrack, xltrack_process
from xltrack.cli.profiling import WORDS
from xltrack.intake.sandbox import Order, run_all, unpack
from xltrack.stages import Profile, Stage, counted, measured, profiled, stage

LINE = re.compile(r"^(.+?) +(\d*) +(\d+\.\d\d) +(\d+\.\d\d)$", re.MULTILINE)


def burn(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_every_stage_has_words():
    assert list(WORDS) == list(get_args(Stage))


def test_nothing_is_measured_unless_somebody_wants_to_know():
    with stage("gate"):
        counted("files", 1)
    assert measured() is None


def test_time_belongs_to_the_innermost_stage_of_the_thread_that_spent_it():
    profile = Profile()
    with profiled(profile), stage("gate"):
        burn(0.05)
        beside = threading.Thread(target=lambda: _in("values", 0.1))
        beside.start()
        with stage("rules"):
            beside.join()
            burn(0.15)
    took = {name: round(one.processor, 1 if name != "gate" else 2) for name, one in profile.spent.items()}
    assert took == {
        "rest": 0.0,
        "gate": pytest.approx(0.05, abs=0.03),
        "values": 0.1,
        "rules": pytest.approx(0.15, abs=0.06),
    }


def _in(name, seconds):
    with stage(name):
        burn(seconds)


def test_workers_say_what_they_took(monkeypatch):
    profile = Profile()
    with profiled(profile):
        order = Order("tests.misbehaviour:worker")
        assert list(
            run_all(
                order, lambda item, ask: ask(item, lambda parcel: unpack(parcel, object)), [("burn", 0.2)], 1
            )
        )
    (peak,) = profile.peaks.values()
    assert profile.spent["start"].processor > 0.02
    assert peak > 5e6


@pytest.mark.parametrize(
    "said",
    [
        {}, [], 5, {"spent": {"<b>": [1, 1, 1]}, "counts": {}, "peak": 1},
        {"spent": {"gate": [1]}, "counts": {}, "peak": 1},
        {"spent": {}, "counts": {"hosts": 1}, "peak": 1}, {"spent": {}, "counts": {}, "peak": "many"},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_what_is_no_account_is_refused_and_nothing_of_it_entered(said):
    profile = Profile()
    with pytest.raises((ValueError, TypeError, LookupError)):
        profile.add(1, said)
    assert (profile.spent, profile.counts, profile.peaks) == ({}, {}, {})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what child processes took")
def test_the_stages_of_a_merge_add_up_to_what_its_processes_took(tmp_path):
    import resource

    def children():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    made = xltrack("template", "T34-24", "--year", "2025", folder=tmp_path)
    before = children()
    done = xltrack_process("merge", made.stdout.strip(), "--profile", folder=tmp_path, XLTRACK_LANG="en")
    took = children() - before
    *stages, total = [(name, float(cpu)) for name, _, _, cpu in LINE.findall(done.stderr)]
    assert {"The gate", "Reading cells", "Rules", "Storing", "Starting processes"} <= dict(stages).keys()
    assert total[1] == pytest.approx(sum(cpu for _, cpu in stages), abs=0.1)
    # The end of a process, and what a worker does between its start and its first file, nobody is left to tell.
    assert 0.8 * took < total[1] <= took + 0.05
    assert "Files: 1;" in done.stderr
    assert "seconds overlap and do not add up to the total; CPU seconds do." in done.stderr
