"""Kills the process that merges and rolls up, at random moments: nothing lost, half merged or counted twice.

Each trial merges a small round, in two calls of several batches, and rolls it up, in a process that is killed (SIGKILL;
TerminateProcess on Windows). Then the store is opened and held against what it said it had kept, and the whole round is
merged once more, as an operator would.
"""

import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.store_samples import SCHEMAS, day, enterprise, submission
from xltrack.rollup.compute import roll_up
from xltrack.store import Submission, database, merge_workbooks, open_store, store_hash
from xltrack.store import merge as merging
from xltrack.store.chain import broken_at
from xltrack.store.history import history_book
from xltrack.store.verify import faults

TRIALS = 500
_AT_ONCE = 2
"""How many series of trials run side by side, each killing processes of its own."""
_IN_SERIES = 25
"""So that the report can tell how far it is."""
_FILES_AT_ONCE = 3
"""In a batch, so that a call commits more than once."""
_GROUP = 2_048
"""Rows that stand together in the store, the fewest that DuckDB allows."""
_ROWS = 700
"""Of each file, so that a batch of three fills a group, which goes into the file before the commit, and other batches
do not."""
_COUNTED = "SELECT count(*), count(DISTINCT (_submission, _row)) FROM enterprises"
# Read before processes are forked from one that has this module, so that they begin with their work.
history_book()


@dataclass(frozen=True)
class Trial:
    """What a killed process left: how many files it had said were merged, and how many are there."""

    moment: str
    told: int
    kept: int


def report(trials: int = TRIALS) -> Iterator[str]:
    """Yield the lines of the report; raises ValueError where a trial lost, halved or doubled anything."""
    found = Counter[str]()
    beyond = 0
    for trial in _side_by_side(trials):
        found[trial.moment] += 1
        beyond += trial.kept > trial.told
    yield f"\n{trials} processes killed at random moments of merging and rolling up a small round.\n"
    yield "| killed while | trials |"
    yield "|---|--:|"
    yield from (f"| {moment} | {number} |" for moment, number in sorted(found.items()))
    yield "\nLost: 0. Half merged: 0. Counted twice: 0. Stores that could not be opened: 0."
    yield f"Merged and not yet told when the process died: in {beyond} trials; merging again found them."


def _side_by_side(trials: int) -> Iterator[Trial]:
    shares = [min(_IN_SERIES, trials - begun) for begun in range(0, trials, _IN_SERIES)]
    with ProcessPoolExecutor(_AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        for number, series in enumerate(pool.map(_series, shares, range(1, len(shares) + 1)), 1):
            print(f"{sum(shares[:number])} of {trials} killed", file=sys.stderr, flush=True)
            yield from series


def _series(trials: int, seed: int) -> list[Trial]:
    return list(run(trials, seed))


def run(trials: int, seed: int = 1) -> Iterator[Trial]:
    """Yield the trials, each with another moment; raises ValueError naming what was wrong."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.duckdb"
        seconds = max(_uninterrupted(whole), 0.05)
        with open_store(whole, SCHEMAS, read_only=True) as store:
            expected = store_hash(store), store.rows(_COUNTED)
        for number in range(trials):
            path = Path(folder) / f"{number}.duckdb"
            moment, told = _killed(path, chance.uniform(0, seconds))
            yield Trial(moment, told, _held_against(path, told, expected))
            for part in Path(folder).glob(f"{number}.duckdb*"):
                part.unlink()


@cache
def calls() -> list[list[Submission]]:
    """Return the round: calls of several files, with corrections, replacements and files sent twice."""
    full = [_sent(f"T34-{number:02}", 1) for number in (1, 4, 8, 11, 12, 14)]
    later = [
        _sent("T34-01", 2, name="Tên mới"),
        _sent("T34-04", 1, kind="correction"),
        full[2],
        _sent("T34-24", 1),
    ]
    return [full, later]


def _sent(unit: str, number: int, *, kind: str = "full", name: str = "Công ty Mẫu") -> Submission:
    rows = [enterprise(f"{unit[-2:]}{place:08}", name, revenue=place) for place in range(_ROWS)]
    return submission(unit, number=number, kind=kind, received=day(number), rows={"enterprises": rows})


def work(path: Path, told: Connection) -> None:
    """Merge the round call by call and roll it up after each, telling through `told` what is done next and is done."""
    merging._BATCH_FILES = _FILES_AT_ONCE  # noqa: SLF001  # a call of ordinary size would be one batch
    database._GROUP = _GROUP  # noqa: SLF001  # to fill an ordinary one takes large files
    told.send(("opening", 0))
    with open_store(path, SCHEMAS, create=True) as store:
        for number, call in enumerate(calls(), 1):
            told.send(("merging", number - 1))
            merge_workbooks(store, call)
        told.send(("rolling up", number))
        roll_up(store, SCHEMAS)
    told.send(("done", number))


def _context() -> Any:
    ways = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    if "forkserver" in ways:
        context.set_forkserver_preload(["benchmarks.kill"])
    return context


def _start(path: Path) -> tuple[Any, Connection]:
    context = _context()
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(path, there), daemon=True)
    process.start()
    there.close()
    here.poll(60)
    return process, here


def _uninterrupted(path: Path) -> float:
    process, told = _start(path)
    begun = time.monotonic()
    process.join()
    told.close()
    return time.monotonic() - begun


def _killed(path: Path, after: float) -> tuple[str, int]:
    """Return at which moment the process was killed, and how many files it had said were merged."""
    process, told = _start(path)
    time.sleep(after)
    process.kill()
    process.join()
    moment, done = "starting", 0
    try:
        while told.poll():
            moment, done = told.recv()
    except EOFError:
        pass
    told.close()
    return moment, len(_files(done))


def _files(done: int) -> set[str]:
    """Return the files (SHA-256) of the first `done` calls."""
    return {one.workbook.sha256 for call in calls()[:done] for one in call}


def _held_against(path: Path, told: int, expected: tuple[str, list[Any]]) -> int:
    """Return how many files are there; raises ValueError unless each is whole and there once.

    Merging again must complete the round, whatever was cut.
    """
    with open_store(path, SCHEMAS, create=True) as store:
        kept = len(store.rows("FROM submission"))
        halved = store.rows(f"SELECT _submission FROM enterprises GROUP BY ALL HAVING count(*) <> {_ROWS}")
        twice = store.rows("SELECT sha256 FROM submission GROUP BY ALL HAVING count(*) > 1")
        if halved or twice or kept < told or broken_at(store.connection) is not None:
            raise ValueError(f"{told} told, {kept} kept: half merged {halved}, twice {twice}")
        merge_workbooks(store, [one for call in calls() for one in call])
        if (store_hash(store), store.rows(_COUNTED)) != expected:
            raise ValueError(f"{told} told, {kept} kept: merging again gives another store")
        if wrong := [str(fault.en) for fault in faults(store)]:
            raise ValueError(f"{told} told, {kept} kept: {wrong}")
    return kept
