"""A thousand ordinary workbooks with one bomb in a hundred, in one `validate`: nothing lost, little memory.

The same round is then merged, and what the store holds is compared with what was written, to the last đồng.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bombs import BOMBS
from benchmarks.measuring import Measured, measure
from benchmarks.workbooks import Content, Order, make_round

if TYPE_CHECKING:
    from xltrack import FileResult

MOST_MEMORY = 500e6


COMMANDS = ("validate", "merge")


def report(
    workbooks: int = 1000, rows: int = 125, harmful: int = 10, commands: Sequence[str] = COMMANDS
) -> Iterator[str]:
    """Yield the lines of the report; raises ValueError if a fact is missing. There are four sheets with `rows` each."""
    made = make_round(Order(workbooks, rows))
    content = made.content
    with tempfile.TemporaryDirectory() as folder:
        paths = mix(Path(folder), made.paths, harmful)
        listed = Path(folder) / "paths.json"
        listed.write_text(json.dumps([str(path) for path in paths]), encoding="utf-8")
        runs = {way: _run(way, listed, len(paths)) for way in commands}
    for way, run in runs.items():
        _require(run, content, way, workbooks, harmful)
    what = f"{workbooks:,} workbooks of {rows * 4} rows with {harmful} bombs among them"
    yield f"\n{what}: {content.rows:,} rows, {content.cells:,} cells.\n"
    yield "| command | seconds | processor seconds | main process MB | all processes MB |"
    yield "|---|--:|--:|--:|--:|"
    for way, run in runs.items():
        yield f"| `{way}` | {run.wall:.0f} | {run.processor:.0f} | {run.main / 1e6:.0f} | {run.tree / 1e6:.0f} |"
    stored = f"{content.rows:,} rows with {content.money:,} đồng"
    yield f"\nAll facts are there: {content.cells:,} cells in the ledgers, {stored} in the store."
    for way, run in runs.items():
        kept = "kept" if run.main < MOST_MEMORY else "broken"
        yield f"\nLimit for the main process of `{way}`, {MOST_MEMORY / 1e6:.0f} MB: {kept}."


def _run(way: str, listed: Path, files: int) -> Measured:
    print(f"load: `{way}` of {files:,} files …", file=sys.stderr, flush=True)
    return measure("benchmarks.load", way, str(listed))


def mix(folder: Path, paths: Sequence[Path], harmful: int) -> list[Path]:
    """Return `paths` with `harmful` bombs spread among them, which are written to `folder`."""
    mixed = list(paths)
    for number, write in zip(range(harmful), cycle(BOMBS.values()), strict=False):
        bomb = folder / f"bomb-{number:03}.xlsx"
        write(bomb)
        mixed.insert(number * len(paths) // harmful + number, bomb)
    return mixed


def _require(run: Measured, content: Content, way: str, workbooks: int, harmful: int) -> None:
    found = run.said
    expected = asdict(content) if way == "merge" else {"cells": content.cells}
    if {name: found[name] for name in expected} != expected:
        raise ValueError(f"{way}: {expected} were written, {found} found")
    if found["good"] != workbooks or found["refused"] != harmful:
        raise ValueError(f"{way}: {found}")


def _validate(paths: list[Path]) -> dict[str, int]:
    from xltrack import validate

    return _counts(validate(paths).files)


def _merge(paths: list[Path]) -> dict[str, int]:
    from xltrack import merge
    from xltrack.forms import load_schemas
    from xltrack.store import open_store

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "a.duckdb"
        counts = _counts(merge(paths, store).files)
        with open_store(store, load_schemas(), read_only=True) as opened:
            tables = ("enterprises", "applications", "funding", "training")
            rows = sum(opened.rows(f"SELECT count(*) FROM {table}", [])[0][0] for table in tables)
            sums = ("SELECT sum(revenue) FROM enterprises", "SELECT sum(amount) FROM funding")
            money = sum(int(opened.rows(query, [])[0][0]) for query in sums)
    return {**counts, "rows": rows, "money": money}


def _counts(files: "Sequence[FileResult]") -> dict[str, int]:
    good = [file for file in files if file.verdict in ("accepted", "held")]
    cells = sum(file.ledger.cells for file in good)
    return {"cells": cells, "good": len(good), "refused": len(files) - len(good)}


if __name__ == "__main__":
    found = [Path(path) for path in json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))]
    print(json.dumps({"validate": _validate, "merge": _merge}[sys.argv[1]](found)))
