"""Memory that is free again goes back to the system."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from xltrack.cli import memory

_KEPT = """
import threading
from pathlib import Path
from xltrack.cli.memory import give_back_large

def megabytes():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024

def work():
    bytes(2_000_000)  # glibc takes this for large from now on, and nothing smaller
    pieces = [b"x" * 1_000_000 for _ in range(40)]
    small = bytes(100_000)
    del pieces
    after.append(megabytes())

after = []
if {asked}:
    give_back_large()
before = megabytes()
worker = threading.Thread(target=work)
worker.start()
worker.join()
print(after[0] - before)
"""


def kept(*, asked: bool) -> int:
    """Return how many megabytes a thread holds that let 40 go."""
    root = Path(__file__).parent.parent
    program = [sys.executable, "-c", _KEPT.format(asked=asked)]
    return int(subprocess.run(program, cwd=root, capture_output=True, text=True, check=True).stdout)


@pytest.mark.platform("linux")
def test_large_pieces_go_back_to_the_system_as_soon_as_they_are_free():
    assert kept(asked=True) < 10


@pytest.mark.parametrize("failure", [AttributeError, OSError, TypeError])
def test_a_system_that_knows_nothing_of_it_is_left_as_it_is(monkeypatch, failure):
    asked = []

    def other(library):
        asked.append(library)
        raise failure

    monkeypatch.setattr(ctypes, "CDLL", other)
    memory.give_back_large()
    assert asked == [None]
