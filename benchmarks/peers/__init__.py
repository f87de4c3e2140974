"""xltrack beside what people would use instead: the same files, the same run, one tool after the other.

The tools stand in an environment of their own (requirements.txt). Each is asked for what it can do: the scripts of
analysts read, add up and write, but check nothing; the validators check, but merge nothing; the floors only read. Every
program begins anew, so that its imports count. What a script or the store adds up must be what was written, or the run
fails.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.dirty import make_dirty
from benchmarks.measuring import Measured, middle, together
from benchmarks.peers.correct import answer_all, correctness, judge_all
from benchmarks.peers.environment import environment, versions
from benchmarks.peers.goals import judge
from benchmarks.peers.own import AGAIN, ALONE, FIRST, HELP, ONE, WITH_ANSWERS, run_commands
from benchmarks.peers.tools import FLOOR, MOST_ROWS, SCRIPT, TOOLS, needless, progress, run_tool
from benchmarks.workbooks import Order, Round, make_round

ABOUT = "Each round is run by itself, and the machine is not equally fast all the time: ratios within a round hold."
RUNS = 3
DIRTY = "dirty"
ROUNDS = {"ordinary": (34, 1_300), DIRTY: (34, 1_300), "large": (63, 13_300)}
"""Workbooks, and rows of each in its four filled sheets together."""
EVERY = (*FIRST, WITH_ANSWERS, ONE, HELP)
COMMANDS: Mapping[str, Sequence[str]] = {"large": FIRST}
"""The commands of xltrack that a round measures, where it does not measure EVERY one."""
SUMS: Mapping[str, Sequence[str]] = {
    "validate, merge, rollup": ("validate", "merge", "rollup"),
    "merge, rollup": (ALONE, "rollup"),
    "validate, merge, status": ("validate", "merge", "status"),
    "validate --return, merge, status": (WITH_ANSWERS, "merge", "status"),
}
"""Commands of xltrack one after the other. What `validate` checks, `merge` checks by itself too; what that has read, it
knows."""
_SAID = (
    "Among them lie a copy, a file cut off and one that Excel leaves behind. The scripts know the form as it was sent "
    "out, and look for the line of ids elsewhere. What a tool says of headings, sheets and files is no false "
    "alarm. One run each."
)
Taken = dict[str, list[Measured]]


def report(name: str, runs: int = RUNS) -> Iterator[str]:
    """Yield the lines of the report of one round; raises ValueError if a tool adds up another sum than was written.

    `name` is one of ROUNDS or like "2x100" or "dirty2x100": so many workbooks, so many rows in each.
    """
    python = environment()
    yield f"\nPeers: {', '.join(versions(python))}."
    yield from _dirty(name, python) if name.startswith(DIRTY) else _round(name, runs, python)


def _dirty(name: str, python: Path) -> Iterator[str]:
    number, rows = ROUNDS.get(name) or map(int, name.removeprefix(DIRTY).split("x"))
    with tempfile.TemporaryDirectory() as folder:
        progress(f"{name}: writing {number} workbooks")
        made = make_dirty(Order(number, rows // 4), Path(folder) / "received")
        judged = judge_all(made, Path(folder), python)
        answered = answer_all(Path(folder) / "received", Path(folder))
    mistakes = f"{len(made.truth.mistakes):,} rows with a mistake"
    yield f"\n*{name}*: {number} workbooks of {rows:,} rows, {mistakes}, as people and programs make them. {_SAID}\n"
    yield from correctness(judged)
    yield f"\n{answered}"


def _round(name: str, runs: int, python: Path) -> Iterator[str]:
    number, rows = ROUNDS.get(name) or map(int, name.split("x"))
    progress(f"{name}: writing {number} workbooks")
    made = make_round(Order(number, rows // 4))
    taken = measured(made, runs, python, COMMANDS.get(name, EVERY))
    yield f"\n*{name}*: {number} workbooks, {made.content.rows:,} rows, {made.content.cells:,} cells.\n"
    yield from table(taken, made.content.rows)
    yield from judge(name, {one: middle(found) for one, found in taken.items()})


def measured(made: Round, runs: int, python: Path, commands: Sequence[str]) -> Taken:
    """Return every run of every tool and command over `made`, in turn, and the sums of commands."""
    taken: Taken = {}
    for run in range(runs):
        for name, tool in TOOLS.items():
            if not needless(tool, run):
                _keep(taken, name, run_tool(tool, made, python))
        own = {}
        for name, found in run_commands(made, commands):
            own[name] = found
            _keep(taken, f"xltrack {name}", found)
        for name, parts in SUMS.items():
            if own.keys() >= set(parts):
                _keep(taken, f"xltrack {name}", together([own[part] for part in parts]))
    return taken


def _keep(taken: Taken, name: str, found: Measured) -> None:
    taken.setdefault(name, []).append(found)
    progress(f"run {len(taken[name])}: {name}: {found.wall:.1f} s")


def table(taken: Taken, rows: int) -> Iterator[str]:
    """Yield a table of the medians: a tool or command a line."""
    middles = {name: middle(found) for name, found in taken.items()}
    floor, script = middles[FLOOR], middles[SCRIPT]
    yield f"| tool | does | runs | seconds | processor seconds | rows/s | memory MB | × floor | × {SCRIPT} |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for name, one in middles.items():
        yield (
            f"| {name} | {_does(name)} | {len(taken[name])}{_part(one)} | {one.wall:.2f} | {one.processor:.2f} "
            f"| {_speed(name, rows, one)} | {one.tree / 1e6:.0f} | {one.wall / floor.wall:.2f} "
            f"| {one.wall / script.wall:.2f} |"
        )
    yield (
        f"\nMedians of the runs, which went in turn; memory is that of all processes at once, at the most. The floor "
        f"is {FLOOR}. xltrack and the floors use two processes, the others are scripts of one. *: of so many rows as "
        f"the workbooks within {MOST_ROWS:,} hold; seconds as they would be for all."
    )


def _does(name: str) -> str:
    return TOOLS[name].does if name in TOOLS else _OWN.get(name, "checks, merges")


_OWN = {
    "xltrack validate": "checks",
    f"xltrack {AGAIN}": "knows what it checked",
    f"xltrack {WITH_ANSWERS}": "checks, answers senders",
    "xltrack rollup": "national workbook",
    "xltrack status": "who has reported",
    f"xltrack {ONE}": "checks",
    f"xltrack {HELP}": "",
}


def _part(one: Measured) -> str:
    return " *" if isinstance(one.said, dict) and one.said.get("share", 1) < 1 else ""


def _speed(name: str, rows: int, one: Measured) -> str:
    return "" if name in (f"xltrack {ONE}", f"xltrack {HELP}") else f"{rows / one.wall:,.0f}"
