"""xltrack beside what people would use instead: the same files, the same run, one tool after the other.

The tools stand in an environment of their own (requirements.txt). Each is asked for what it can do: the scripts of
analysts read, add up and write, but check nothing; the validators check, but merge nothing; the floors only read.
What a script or the store adds up must be what was written, or the run fails.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import workbooks
from benchmarks.measuring import Measured, measure_program, middle
from benchmarks.workbooks import Content, Order, make_round
from xltrack.forms import Column, Schemas, Sheet, load_schemas

HERE = Path(__file__).resolve().parent
RUNS = 3
FILLED = ("enterprises", "applications", "funding", "training")
ROUNDS = {"ordinary": (34, 1_300), "large": (63, 13_300)}
"""Workbooks, and rows of each in its four filled sheets together."""
FLOOR, SCRIPT, OWN = "python-calamine in two processes", "pandas + openpyxl", "xltrack merge, rollup"


@dataclass(frozen=True)
class Way:
    """A program of this folder with its words, what it does, and whether it is slow enough to be run once only."""

    program: str
    words: tuple[str, ...] = ()
    does: str = "merges"
    once: bool = False


WAYS: Mapping[str, Way] = {
    "unzip + expat in two processes": Way("floor.py", ("expat",), "reads"),
    FLOOR: Way("floor.py", ("calamine",), "reads"),
    "xltrack validate": Way("with_xltrack.py", ("validate",), "checks"),
    OWN: Way("with_xltrack.py", ("merge", "rollup"), "checks, merges"),
    "xltrack validate, merge, rollup": Way(
        "with_xltrack.py", ("validate", "merge", "rollup"), "checks twice, merges"
    ),
    SCRIPT: Way("with_pandas.py", ("openpyxl",)),
    "pandas + calamine": Way("with_pandas.py", ("calamine",)),
    "polars + calamine": Way("with_polars.py"),
    "pandera (pandas + calamine)": Way("with_pandera.py", does="checks"),
    "frictionless validate": Way("with_frictionless.py", does="checks", once=True),
    "flatten-tool + jsonschema": Way("with_flatten_tool.py", does="checks", once=True),
}


def report(rounds: Sequence[str] = tuple(ROUNDS), runs: int = RUNS) -> Iterator[str]:
    """Yield the lines of the report; raises ValueError if a tool adds up another sum than was written.

    A round is a name of ROUNDS or like "2x100": so many workbooks, so many rows in each.
    """
    python = environment()
    yield f"\nPeers: {', '.join(versions(python))}."
    for name in rounds:
        yield from _round(name, runs, python)


def _round(name: str, runs: int, python: Path) -> Iterator[str]:
    number, rows = ROUNDS.get(name) or map(int, name.split("x"))
    made = make_round(Order(number, rows // len(FILLED)))
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        task.write_text(json.dumps(_task(made.paths), default=str), encoding="utf-8")
        taken = _measured(task, made.content, runs, python)
    yield f"\n*{name}*: {number} workbooks, {made.content.rows:,} rows; medians of {runs} runs in turn.\n"
    yield from _table(taken, made.content.rows)


def _measured(task: Path, content: Content, runs: int, python: Path) -> dict[str, list[Measured]]:
    taken: dict[str, list[Measured]] = {name: [] for name in WAYS}
    for run in range(runs):
        for name, way in WAYS.items():
            if run == 0 or not way.once:
                program = sys.executable if way.program == "with_xltrack.py" else str(python)
                found = measure_program([program, str(HERE / way.program), str(task), *way.words])
                _require(name, found.said, content)
                taken[name].append(found)
    return taken


def _require(name: str, said: Mapping[str, int], content: Content) -> None:
    written = {"rows": content.rows, "money": content.money}
    if any(said[what] != value for what, value in written.items() if what in said):
        raise ValueError(f"{name}: {written} were written, {said} found")


def _table(taken: Mapping[str, list[Measured]], rows: int) -> Iterator[str]:
    middles = {name: middle(found) for name, found in taken.items()}
    floor, script = middles[FLOOR].wall, middles[SCRIPT].wall
    yield f"| tool | does | seconds | processor seconds | rows/s | memory MB | × floor | {SCRIPT} takes × | findings |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for name, one in middles.items():
        yield (
            f"| {name} | {WAYS[name].does} | {one.wall:.1f} | {one.processor:.1f} | {rows / one.wall:,.0f} "
            f"| {one.tree / 1e6:.0f} | {one.wall / floor:.2f} | {script / one.wall:.2f} "
            f"| {one.said.get('findings', '')} |"
        )
    own = middles[OWN]
    yield (
        f"\nThe floor is {FLOOR}; memory is that of all processes at once, at the most. {OWN}: "
        f"{own.wall / floor:.1f} × the floor (goal 3, at most 5), {script / own.wall:.1f} times as fast as {SCRIPT} "
        f"(goal 4), {own.tree / 1e6:.0f} MB (goal for a large round: under 700). The slow ones "
        f"({', '.join(name for name, way in WAYS.items() if way.once)}) ran once."
    )


def environment() -> Path:
    """Return the Python of the environment with the peers, made if it is not there yet."""
    wanted = HERE / "requirements.txt"
    folder = workbooks.CACHE / f"peers-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:8]}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    made = folder / "made"
    if not made.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(wanted)], check=True)
        made.touch()
    return python


def versions(python: Path) -> list[str]:
    """Return the peers with the versions that are asked for, and the Python that runs them."""
    lines = (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    asked = [line.replace("==", " ") for line in lines if line and not line.startswith("#")]
    told = subprocess.run([str(python), "--version"], capture_output=True, text=True, check=True).stdout
    return [*asked, told.strip()]


def _task(paths: Sequence[Path]) -> dict[str, Any]:
    schemas = load_schemas()
    form = schemas.form()
    sheets = {
        name: {"tab": sheet.tab, "key": list(sheet.key), "schema": _json_schema(sheet, schemas)}
        for name, sheet in form.by_id.items()
        if name in FILLED
    }
    return {"folder": str(paths[0].parent), "paths": [str(path) for path in paths], "sheets": sheets}


def _json_schema(sheet: Sheet, schemas: Schemas) -> dict[str, Any]:
    """Return what a row of `sheet` must be as it stands in the cells: texts of lists, not their codes."""
    return {
        "type": "object",
        "properties": {column.id: _of_cell(column, schemas) for column in sheet.columns},
        "required": [column.id for column in sheet.columns if column.required],
    }


def _of_cell(column: Column, schemas: Schemas) -> dict[str, Any]:
    kept = ("type", "format", "minimum", "maximum", "maxLength", "pattern")
    given = {name: column.schema[name] for name in kept if name in column.schema}
    codes = schemas.codes_of(column)
    if column.type == "boolean":
        return {"type": "string", "enum": ["Có", "Không"]}
    if codes is not None and not column.code_open:
        return {"type": "string", "enum": [codes.shown(entry) for entry in codes.codes]}
    return given
