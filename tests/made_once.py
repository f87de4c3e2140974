"""What is dear to make is made once in a run of the tests, by whichever of its processes needs it first."""

import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from xltrack.demo.run import run_demo
from xltrack.demo.story import Outcome

_PATIENCE = 600


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder `name` of this run of the tests, filled by `make`; nobody may change it afterwards.

    Who finds it while another process fills it waits, ten minutes at most.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    done, ends = folder.with_suffix(".done"), time.monotonic() + _PATIENCE
    try:
        folder.mkdir()
    except FileExistsError:
        while not done.exists() and time.monotonic() < ends:
            time.sleep(0.1)
        return folder
    try:
        make(folder)
    finally:
        done.touch()
    return folder


def quick_demo(factory: pytest.TempPathFactory) -> Outcome:
    """Return what came of `xltrack demo --quick`."""
    folder = made_once(factory, "quick_demo", _make_quick_demo)
    outcome: Outcome = pickle.loads((folder / "outcome").read_bytes())
    return outcome


def _make_quick_demo(folder: Path) -> None:
    (folder / "outcome").write_bytes(pickle.dumps(run_demo(folder / "thu", quick=True)))
