"""What ten times as many rows cost: ten years of 63 provinces with 133, 1,330 and 13,300 rows each.

The stores are made by SQL, as for `ten_years`; each thing is then done by a process of its own, so that its memory is
known.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import ten_years
from benchmarks.measuring import Measured, measure
from xltrack.forms import load_schemas
from xltrack.rollup.compute import roll_up
from xltrack.rollup.figures import make_figures
from xltrack.rollup.grain import grains
from xltrack.store import merge_workbooks, open_store
from xltrack.store.backup import export_store

ROWS = (133, 1_330, 13_300)


def report(rows: tuple[int, ...] = ROWS) -> Iterator[str]:
    """Yield the lines of the report; `rows` are those of a province and year."""
    found = [_of_size(one) for one in rows]
    yield "\nProcessor seconds of both cores, and in brackets the most memory of the process (MB).\n"
    yield (
        "| rows in the store | "
        + " | ".join(f"{one['rows']:,}" for one in found)
        + " | ten times as many cost |"
    )
    yield "|---|" + "--:|" * (len(found) + 1)
    yield _line("store (MB)", [one["size"] / 1e6 for one in found], [""] * len(found))
    for name, (title, _) in WORKS.items():
        runs: list[Measured] = [one[name] for one in found]
        yield _line(title, [run.said for run in runs], [f" ({run.main / 1e6:,.0f})" for run in runs])


def _of_size(rows: int) -> Mapping[str, Any]:
    print(f"{rows:,} rows of each province and year …", file=sys.stderr, flush=True)
    schemas = load_schemas()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "national.duckdb"
        ten_years.make_store(path, schemas, rows)
        with open_store(path, schemas, read_only=True) as store:
            stored = sum(store.rows(f'SELECT count(*) FROM "{sheet}"')[0][0] for sheet in store.sheets)
            _, size = ten_years.sizes(store)
        return {"rows": stored, "size": size} | {
            name: measure("benchmarks.scale", name, str(path)) for name in WORKS
        }


def _line(title: str, values: list[float], notes: list[str]) -> str:
    said = " | ".join(f"{value:,.1f}{note}" for value, note in zip(values, notes, strict=True))
    return f"| {title} | {said} | {_growth(values)} |"


def _growth(values: list[float]) -> str:
    """Return by how much each value is more than the one before it."""
    return ", ".join(f"× {after / before:.1f}" for before, after in pairwise(values))


def count(path: Path) -> None:
    """Count all measures along all cuts."""
    schemas = load_schemas()
    with open_store(path, schemas, read_only=True) as store, grains(store, schemas, "annual"):
        make_figures(store)


def roll(path: Path) -> None:
    """Make the whole roll-up, reconciled."""
    schemas = load_schemas()
    with open_store(path, schemas, read_only=True) as store:
        roll_up(store, schemas, with_rows=False)


def export(path: Path) -> None:
    """Write the store out as Parquet."""
    with open_store(path, load_schemas(), read_only=True) as store:
        export_store(store, path.with_name("export"))


def merge(path: Path) -> None:
    """Merge one return more, of as many rows as each of the others."""
    with open_store(path, load_schemas()) as store:
        merge_workbooks(store, [ten_years.second(store)])


WORKS: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "count": ("all measures, every cut, in 63 and in 34 units", count),
    "roll": ("a roll-up: measures, reconciled, with targets and coverage", roll),
    "export": ("an export as Parquet", export),
    "merge": ("one return more, of as many rows as each of the others", merge),
}


if __name__ == "__main__":
    begun = time.process_time()
    WORKS[sys.argv[1]][1](Path(sys.argv[2]))
    print(json.dumps(time.process_time() - begun))
