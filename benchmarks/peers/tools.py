"""The tools that stand beside each other, and how one of them is run over a round and measured."""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.measuring import Measured, measure_program
from benchmarks.peers.task import write_task
from benchmarks.workbooks import Content, Round

HERE = Path(__file__).resolve().parent
FLOOR, SCRIPT = "python-calamine in two processes", "pandas + openpyxl"
MOST_ROWS = 140_000
"""So many rows of a larger round a slow tool is given: whole workbooks."""


@dataclass(frozen=True)
class Tool:
    """A program of this folder with its words and what it does.

    One that runs `once` is not run again with the others, a `slow` one is given a part of a large round besides.
    """

    program: str
    words: tuple[str, ...] = ()
    does: str = "merges"
    once: bool = False
    slow: bool = False


TOOLS: Mapping[str, Tool] = {
    "unzip + expat in two processes": Tool("floor.py", ("expat",), "reads"),
    FLOOR: Tool("floor.py", ("calamine",), "reads"),
    SCRIPT: Tool("with_pandas.py", ("openpyxl",), once=True),
    "pandas + calamine": Tool("with_pandas.py", ("calamine",)),
    "polars + calamine": Tool("with_polars.py"),
    "pandera (pandas + calamine)": Tool("with_pandera.py", does="checks", once=True, slow=True),
    "frictionless validate": Tool("with_frictionless.py", does="checks", once=True, slow=True),
    "flatten-tool + jsonschema": Tool("with_flatten_tool.py", does="checks", once=True, slow=True),
}


def run_tool(tool: Tool, made: Round, python: Path) -> Measured:
    """Run `tool` over the workbooks that it is given of `made`; raises ValueError if it reads other rows or sums.

    What a slow one would take for all of them is worked out from those it was given.
    """
    rows = made.content.rows // len(made.paths)
    number = min(len(made.paths), MOST_ROWS // rows or 1) if tool.slow else len(made.paths)
    with tempfile.TemporaryDirectory() as folder:
        task = write_task(Path(folder), made.paths[:number])
        run = measure_program([str(python), str(HERE / tool.program), str(task), *tool.words])
    share = number / len(made.paths)
    _require(run.said, made.content, share)
    return replace(
        run, wall=run.wall / share, processor=run.processor / share, said={**run.said, "share": share}
    )


def _require(said: Mapping[str, int], content: Content, share: float) -> None:
    written = {"rows": round(content.rows * share), "money": content.money}
    if wrong := {what: said[what] for what in written if what in said and said[what] != written[what]}:
        raise ValueError(f"{written} were written, {wrong} found")


def needless(tool: Tool, run: int) -> bool:
    """Return whether `tool` has been run often enough before the run number `run`, counted from 0."""
    return tool.once and run > 0


def progress(*words: Sequence[str] | str | int) -> None:
    """Say on stderr what is being measured."""
    print("  ", *words, file=sys.stderr, flush=True)
