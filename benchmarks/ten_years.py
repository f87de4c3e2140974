"""Ten years of 63 provinces with 13,300 rows each: how long all measures, one trace and one more merge take.

The store is made by SQL (ten_years.sql), because ten years of workbooks would take hours to write and read. What is
measured reads it as it would any other.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import NamedTuple

import polars as pl

from benchmarks.measuring import measure_command
from xltrack.forms import Schemas, load_schemas
from xltrack.reading import Cover, Ledger, Table, Workbook
from xltrack.reading.filled import Texts
from xltrack.rollup.figures import make_figures
from xltrack.rollup.grain import grains
from xltrack.rollup.trace import Figure, Trace, trace
from xltrack.store import Store, Submission, merge_workbooks, open_store

ROWS, YEARS = 13_300, 10
FIRST, MERGED = 2021, 2025
HANOI = "T63-01"
KINDS = {"full": "a return that replaces another", "correction": "a correction"}
MOST_MEASURES, MOST_TRACE, MOST_MERGE, MOST_GROWTH = 3.0, 1.0, 1.0, 1.2
MOST_SIZE = 35
RUNS = 5
"""Merges of each kind into each store, in turn, of which the least is told: the first has modules to import."""
FIGURES = (
    Figure("enterprises_supported", "2025", unit_code="T34-24"),
    Figure("enterprises_supported", "2021-2025", unit_code="T34-24"),
    Figure("funding", "2025", unit_code="T34-24", cut={"funding_kind": "disbursed"}),
    Figure("tasks", "2025", unit_code="T34-24"),
    Figure("certificates_issued", "2025"),
    Figure("enterprises_supported", "2025"),
    Figure("funding", "2025", cut={"funding_kind": "disbursed"}),
)


class Spent(NamedTuple):
    """Seconds by the clock, and of all processors."""

    seconds: float
    processor: float


def report(rows: int = ROWS) -> Iterator[str]:
    """Yield the lines of the report; `rows` are those of a province and year."""
    schemas = load_schemas()
    _say("making the store")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ten_years.duckdb"
        made = _spent(lambda: make_store(path, schemas, rows))
        with open_store(path, schemas, read_only=True) as store:
            stored = _rows(store)
            received, size = (amount / 1e6 for amount in sizes(store))
            beside = f"{received:,.0f} MB of received files"
            yield f"\n{stored:,} rows in {size:,.0f} MB beside {beside}, made in {made.seconds:.0f} s.\n"
            yield f"A year takes {size / YEARS:.0f} MB besides the received files (goal: at most {MOST_SIZE} MB).\n"
            yield "| what | seconds | processor seconds | goal |"
            yield "|---|--:|--:|--:|"
            _say("measures and traces")
            yield from _measures(store, schemas)
            yield from _traces(store, schemas)
        _say("merges")
        yield from _merges(schemas, path, rows)


def _say(what: str) -> None:
    print(f"ten years: {what} …", file=sys.stderr, flush=True)


def make_store(path: Path, schemas: Schemas, rows: int, years: int = YEARS) -> None:
    """Write a store of `years` annual rounds to `path`, with `rows` rows for each of the 63 provinces and year."""
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    with open_store(path, schemas, create=True) as store, store.transaction():
        store.connection.execute(Template(text).substitute(rows=rows, years=years))


def sizes(store: Store) -> tuple[int, int]:
    """Return the bytes of all received files, and those of everything else in the store."""
    ((received,),) = store.rows("SELECT CAST(sum(size) AS BIGINT) FROM original")
    return received, store.path.stat().st_size - received


def _rows(store: Store) -> int:
    return sum(store.rows(f'SELECT count(*) FROM "{sheet}"')[0][0] for sheet in store.sheets)


def _measures(store: Store, schemas: Schemas) -> Iterator[str]:
    """Yield what it takes to join the rows and count all measures, and to make a whole reconciled roll-up."""

    def count() -> None:
        with grains(store, schemas, "annual"):
            make_figures(store)

    yield _line("all measures, every cut, in 63 and in 34 units", _spent(count), MOST_MEASURES)
    yield _whole(store.path)


def _whole(store: Path) -> str:
    """Return what the whole command takes: measures, reconciled, with targets, coverage and quality."""
    written = str(store.with_name("figures.parquet"))
    run = measure_command(
        [sys.executable, "-m", "xltrack", "rollup", "--store", str(store), "-o", written], worst=1
    )
    what = f"`xltrack rollup` of all figures, reconciled: {run.tree / 2**20:,.0f} MB of memory at the most"
    return _line(what, Spent(run.wall, run.processor), None)


def _traces(store: Store, schemas: Schemas) -> Iterator[str]:
    for figure in FIGURES:
        found: list[Trace] = []
        spent = _spent(lambda figure=figure, found=found: found.append(trace(store, schemas, figure)))  # type: ignore[misc]
        where = figure.unit_code or "the nation"
        what = f"trace `{figure.measure}` {figure.period}, {where}: {found[0].rows.height:,} cells"
        yield _line(what, spent, MOST_TRACE)


def _merges(schemas: Schemas, ten_years: Path, rows: int) -> Iterator[str]:
    """Yield how long it takes to merge one more return of the last year into stores of one year and of ten."""
    one_year = ten_years.with_name("one_year.duckdb")
    make_store(one_year, schemas, rows, 1)
    for kind, merged in KINDS.items():
        stores = ((one_year, FIRST), (ten_years, FIRST + YEARS - 1))
        runs = [[_merged(schemas, *made, kind) for made in stores] for _ in range(RUNS)]
        spent = [min(of_one, key=lambda one: one.processor) for of_one in zip(*runs, strict=True)]
        for years, one in zip(("1 year", f"{YEARS} years"), spent, strict=True):
            what = f"{merged} of {rows:,} rows merged into a store of {years}"
            yield _line(what, one, MOST_MERGE)
        growth = spent[1].processor / spent[0].processor
        yield f"| processor seconds into {YEARS} years, by those into one | | {growth:.2f} | ≤ {MOST_GROWTH:g} |"


def _merged(schemas: Schemas, store: Path, year: int, kind: str) -> Spent:
    """Return what it takes to merge one more return of `year` into a copy of `store`.

    The copy lies on the disk before, or the checkpoint of the merge would write it there; and it is opened anew, as by
    a command, with none of its pages read.
    """
    with tempfile.TemporaryDirectory(dir=store.parent) as folder:
        copy = Path(shutil.copy(store, folder))
        with copy.open("r+b") as written:
            os.fsync(written.fileno())
        with open_store(copy, schemas, read_only=True) as opened:
            one = second(opened, year, kind)
        with open_store(copy, schemas) as opened:
            return _spent(lambda: merge_workbooks(opened, [one]))


def second(store: Store, year: int = FIRST, kind: str = "full") -> Submission:
    """Return what Hà Nội sent for `year`, sent a second time as number 2 of the `kind`."""
    schemas, form = store.schemas, store.schemas.form()
    unit = HANOI if year < MERGED else schemas.units.successor[HANOI]
    tables = {}
    for sheet in form.sheets:
        query = f'SELECT _row, {", ".join(c.id for c in sheet.columns)} FROM "{sheet.id}" WHERE _submission = sha256(?)'
        frame = store.frame(query, [f"{unit}{year}"])
        if sheet.layout == "card":
            said = (pl.lit(2, pl.Int64).alias("submission_no"), pl.lit(kind).alias("submission_kind"))
            frame = frame.with_columns(*said)
        tables[sheet.id] = Table(sheet, sheet.tab, frame, Texts(), {})
    round_ = schemas.units.round(year, "annual")
    assert round_ is not None
    cover = Cover(schemas.units.by_code[unit], round_, "actual", 2, kind, 1, 1, "million", nil_report=False)
    content = f"{unit} {year}, second".encode()
    workbook = Workbook(
        Path(f"{unit}-{year}-2.xlsx"),
        hashlib.sha256(content).hexdigest(),
        form,
        cover,
        tables,
        (),
        Ledger(0, 0, {}),
    )
    return Submission(workbook, "accepted", content, datetime(year + 1, 1, 5, tzinfo=UTC))


def _line(what: str, spent: Spent, goal: float | None) -> str:
    return f"| {what} | {spent.seconds:.2f} | {spent.processor:.2f} | {f'< {goal:g}' if goal else ''} |"


def _spent(work: Callable[[], object]) -> Spent:
    begun, processor = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - begun, time.process_time() - processor)


if __name__ == "__main__":
    for line in report(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS):
        print(line)
