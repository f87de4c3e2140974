"""How long it takes to read a round: gate, sandbox and extraction, beside the bare reader of values on the same files.

The bare reader is python-calamine in two processes that do nothing else: no check of the file, no limits, error cells
and formulas without a value lost. Runs alternate, so that whatever else the machine does hits all of them.
"""

import io
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.measuring import Measured, measure, middle
from benchmarks.workbooks import Order, make_round
from xltrack.intake import Received, inspect, receive
from xltrack.intake.sandbox import Ask, Parcel, pack, run_all, unpack
from xltrack.intake.sandbox import Order as Work

RUNS = 3
ROUND = Order(workbooks=63, rows=3325)
GOAL, MOST = 2.0, 3.0


def report(runs: int = RUNS, workbooks: int = ROUND.workbooks) -> Iterator[str]:
    """Yield the lines of the report."""
    for writer in ("xlsxwriter", "openpyxl"):
        order = Order(workbooks, ROUND.rows, writer)
        content = make_round(order).content
        words = (json.dumps([order.workbooks, order.rows, order.writer]),)
        taken: dict[str, list[Measured]] = {way: [] for way in WAYS}
        for _ in range(runs):
            for way, found in taken.items():
                found.append(measure("benchmarks.read", way, *words))
        cells = {way: found[0].said for way, found in taken.items()}
        if set(cells.values()) != {content.cells}:
            raise ValueError(f"{content.cells} cells were written, read were {cells}")
        what = f"{workbooks} workbooks by {writer}: {content.rows:,} rows, {content.cells:,} cells"
        yield f"\n{what}; median of {runs}.\n"
        yield "| way | seconds | processor seconds | × bare | main process MB | all processes MB |"
        yield "|---|--:|--:|--:|--:|--:|"
        bare = middle(taken["bare"]).wall
        for way, found in taken.items():
            one = middle(found)
            yield (
                f"| {TITLES[way]} | {one.wall:.1f} | {one.processor:.1f} | {one.wall / bare:.2f} "
                f"| {one.main / 1e6:.0f} | {one.tree / 1e6:.0f} |"
            )
        ratio = middle(taken["extract"]).wall / bare
        verdict = "reached" if ratio <= GOAL else "not reached" if ratio <= MOST else "missed by far"
        goal = f"at most {GOAL:.0f} × bare, never above {MOST:.0f} ×"
        yield f"\nGoal for gate + sandbox + extraction: {goal}: {verdict} ({ratio:.2f})."


def extractor() -> Callable[[Received], Parcel]:
    """Return what a worker does with one file: gate and extraction, and the number of cells as the answer."""
    from xltrack.reading.extract import extract

    def cells(file: Received) -> Parcel:
        return pack(sum(grid.cells for grid in extract(inspect(file))), int)

    return cells


def _extract(paths: list[Path]) -> int:
    def read(path: Path, ask: Ask) -> int:
        cells: int = ask(receive(path), partial(unpack, hint=int))
        return cells

    return sum(run_all(Work("benchmarks.read:extractor"), read, paths))


def _complete(paths: list[Path]) -> int:
    from xltrack import validate

    return sum(file.ledger.cells for file in validate(paths).files)


def _bare(paths: list[Path]) -> int:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return sum(pool.map(_values, paths, chunksize=4))


def _values(path: Path) -> int:
    import python_calamine

    with python_calamine.load_workbook(io.BytesIO(path.read_bytes())) as book:
        sheets = [book.get_sheet_by_name(tab).to_python(skip_empty_area=False) for tab in book.sheet_names]
    return sum(len(row) - row.count("") for sheet in sheets for row in sheet)


WAYS: dict[str, Callable[[list[Path]], int]] = {"bare": _bare, "extract": _extract, "complete": _complete}
TITLES = {
    "bare": "python-calamine in two bare processes",
    "extract": "gate + sandbox + extraction",
    "complete": "complete reading: with typing and all checks of a file (`validate`)",
}

if __name__ == "__main__":
    made = make_round(Order(*json.loads(sys.argv[2])))
    print(WAYS[sys.argv[1]](list(made.paths)))
