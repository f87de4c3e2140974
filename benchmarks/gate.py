"""What one workbook costs: the gate, the values after it, and beside them the bare reader of values."""

import io
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import python_calamine as calamine

from benchmarks.workbooks import Order, make_round
from xltrack.intake import Intake, inspect_file
from xltrack.reading.extract import extract

RUNS = 7
SIZES = {"ordinary": 325, "large": 3325}
WRITERS = ("xlsxwriter", "openpyxl")
GOAL = 40


def report(runs: int = RUNS) -> Iterator[str]:
    """Yield the lines of the report; milliseconds are the least processor time of `runs`."""
    yield f"\nOne workbook of four filled sheets; milliseconds of one processor, the least of {runs} runs.\n"
    yield "| workbook | rows | cells | worksheets proven plain | gate | values | bare calamine |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    worst = 0.0
    for (size, rows), writer in product(SIZES.items(), WRITERS):
        made = make_round(Order(1, rows, writer))
        path = made.paths[0]
        intake = inspect_file(path)
        sheets = intake.facts.sheets.values()
        plain = f"{sum(facts.is_plain for facts in sheets)} of {len(sheets)}"
        gate = _least(runs, partial(inspect_file, path))
        values = _least(runs, extract, partial(inspect_file, path))
        bare = _least(runs, partial(_read_bare, intake))
        worst = max(worst, gate if size == "ordinary" else 0)
        yield (
            f"| {size}, by {writer} | {made.content.rows:,} | {made.content.cells:,} | {plain} "
            f"| {gate:.0f} | {values:.0f} | {bare:.0f} |"
        )
    verdict = "reached" if worst < GOAL else "not reached"
    yield f"\nGoal for the gate: under {GOAL} ms for an ordinary workbook: {verdict} ({worst:.0f} ms)."


def _least(runs: int, work: Callable[..., object], *given: Callable[[], object]) -> float:
    """Return the least processor time of `work` in milliseconds, upon what is `given` to it anew each time."""
    taken = []
    for _ in range(runs):
        ready = [make() for make in given]
        begun = time.process_time()
        work(*ready)
        taken.append(time.process_time() - begun)
    return min(taken) * 1000


def _read_bare(intake: Intake) -> None:
    with calamine.load_workbook(io.BytesIO(intake.content)) as book:
        for tab in book.sheet_names:
            book.get_sheet_by_name(tab).to_python()
