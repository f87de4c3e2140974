"""xltrack itself: its commands as a person types them, one after the other, each measured by itself."""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import Measured, measure_command
from benchmarks.peers.task import FILLED
from benchmarks.workbooks import Content, Round
from xltrack.forms import load_schemas
from xltrack.store import open_store

AGAIN, ALONE = "validate again", "merge, not validated before"
FIRST = ("validate", AGAIN, "merge", ALONE, "rollup", "status")
"""The commands that are run over every round."""
WITH_ANSWERS = "validate --return"
ONE, HELP = "validate, one workbook", "--help"
_ANEW = (ALONE, WITH_ANSWERS, ONE)
"""Commands that find nothing kept; the others know what those before them have read."""


def run_commands(made: Round, names: Sequence[str]) -> Iterator[tuple[str, Measured]]:
    """Yield each command of `names` with what it took.

    Raises ValueError if the store holds other rows or sums than were written, CalledProcessError if a file is refused.
    """
    with tempfile.TemporaryDirectory() as folder:
        commands = _commands(made, Path(folder))
        for name in names:
            cache = Path(folder) / (f"cache of {name}" if name in _ANEW else "cache")
            yield name, measure_command([sys.executable, "-m", "xltrack", *commands[name]], cache=cache)
            if name in ("merge", ALONE):
                _require(_store(name, Path(folder)), made.content)


def _commands(made: Round, folder: Path) -> Mapping[str, Sequence[str]]:
    store, received = ["--store", str(_store("merge", folder))], str(made.paths[0].parent)
    return {
        "validate": ["validate", received, *store],
        AGAIN: ["validate", received, *store],
        "merge": ["merge", received, *store],
        ALONE: ["merge", received, "--store", str(_store(ALONE, folder))],
        "rollup": ["rollup", "-o", str(folder / "national.xlsx"), *store],
        "status": ["status", *store],
        WITH_ANSWERS: ["validate", received, "--return", str(folder / "answers"), *store],
        ONE: ["validate", str(made.paths[0]), *store],
        HELP: ["--help"],
    }


def _store(name: str, folder: Path) -> Path:
    return folder / ("alone.duckdb" if name == ALONE else "a.duckdb")


def _require(store: Path, content: Content) -> None:
    with open_store(store, load_schemas(), read_only=True) as opened:
        rows = sum(opened.rows(f"SELECT count(*) FROM {name}", [])[0][0] for name in FILLED)
        sums = ("SELECT sum(revenue) FROM enterprises", "SELECT sum(amount) FROM funding")
        money = sum(int(opened.rows(query, [])[0][0]) for query in sums)
    if (rows, money) != (content.rows, content.money):
        raise ValueError(f"{content} was written, {rows} rows with {money} đồng stored")
