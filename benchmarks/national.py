"""The national workbook of many rows: how long a roll-up takes to be one, and a refresh of it.

The store is made by SQL (ten_years.sql). Each run is a process of its own; memory is that of the process with all else.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Measured, measure
from benchmarks.ten_years import make_store
from xltrack.forms import load_schemas

SIZES = {720: (30_000, 8), 2_400: (100_000, 25)}
"""By rows of a province and year: how many rows the tables of the workbook have at least, and the goal in seconds."""
MOST_REFRESH, MOST_ROWS = 8, 100_000
"""The goal of a refresh in seconds, and of how many rows it speaks."""


def report() -> Iterator[str]:
    """Yield the lines of the report; raises ValueError if the tables have fewer rows than the goal speaks of."""
    yield "\n| what | rows in tables | MB of .xlsx | processor seconds | goal | memory MB |"
    yield "|---|--:|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as folder:
        for rows, (least, goal) in SIZES.items():
            store, out = Path(folder) / f"{rows}.duckdb", Path(folder) / f"{rows}.xlsx"
            make_store(store, load_schemas(), rows, years=1)
            made = measure("benchmarks.national", "rollup", str(store), str(out))
            if made.said["rows"] < least:
                raise ValueError(f"{made.said['rows']} rows in the tables, not {least}")
            yield _line("`rollup -o`", made, out, f"{goal} s")
            yield f"| of it, writing the workbook | | | {made.said['writing']:.1f} | | |"
            refreshed = measure("benchmarks.national", "refresh", str(store), str(out))
            yield _line("`refresh`", refreshed, out, f"{MOST_REFRESH} s" if least == MOST_ROWS else "")


def _line(what: str, run: Measured, out: Path, goal: str) -> str:
    rows, size, memory = run.said["rows"], out.stat().st_size / 1e6, run.main / 1e6
    return f"| {what} | {rows:,} | {size:.1f} | {run.processor:.1f} | {goal} | {memory:.0f} |"


def _rollup(store: str, out: str) -> dict[str, float]:
    from xltrack.excel.national import write_national
    from xltrack.pipeline import roll_up

    rollup = roll_up(store)
    begun = time.process_time()
    write_national(rollup, load_schemas(), Path(out))
    rows = {name: frame.height for name, frame in rollup.rows.items()}
    return {"rows": sum(rows.values()), "writing": time.process_time() - begun}


def _refresh(store: str, out: str) -> dict[str, float]:
    from xltrack.pipeline import refresh

    (done,) = refresh([out], store)
    assert done.fresh is not None, done.refusal
    return {"rows": sum(change.after for change in done.fresh.changes)}


if __name__ == "__main__":
    print(json.dumps({"rollup": _rollup, "refresh": _refresh}[sys.argv[1]](*sys.argv[2:4])))
