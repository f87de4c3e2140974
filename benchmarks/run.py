"""Measures xltrack on made-up data: `make bench`, or `make bench ARGS="read --write"`.

Each benchmark is a module beside this one with a function `report()`, which yields the lines of its report. `--write`
puts the report into docs/benchmarks.md, with the machine and the versions it was measured with; what was not run again
stays there as it is. Each round of peers is a part of its own.
"""

import argparse
import importlib
import itertools
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What is measured is to be done, each time.
os.environ["XLTRACK_CACHE"] = "off"
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "benchmarks.md"
PEERS = "peers"
BENCHMARKS = {
    "gate": "One workbook at the gate",
    "read": "Reading a round",
    "rules": "Rules over a round",
    "load": "A thousand workbooks and some bombs",
    "fuzz": "Broken workbooks",
    "kill": "Processes killed while they merge",
    "self_check": "Workbooks that check themselves",
    "constraints": "Rows against the schema",
    "ten_years": "Ten years in one store",
    "scale": "Ten times as many rows",
    "national": "The national workbook",
    PEERS: "Beside what people would use instead",
}
LIBRARIES = ("python-calamine", "polars", "duckdb", "openpyxl", "XlsxWriter")
_HEAD = """# Benchmarks

Measured by `make bench ARGS="--write"` on made-up data; each part says on which machine. Figures of different machines
cannot be compared, ratios within one part can.
"""
_PART = re.compile(r"<!-- ([\w ]+) -->\n(.*?)\n<!-- end of \1 -->\n", re.DOTALL)


def main(words: Sequence[str] | None = None) -> None:
    """Run the benchmarks named, by default all, and print what they report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmarks", nargs="*", choices=[*BENCHMARKS, []], metavar="|".join(BENCHMARKS))
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument(
        "--rounds",
        nargs="+",
        help="of peers: ordinary, dirty, large, or like 2x100 (workbooks, rows of each)",
    )
    parser.add_argument("--runs", type=int, help="of peers: how often what is quick is run")
    arguments = parser.parse_args(words)
    for name in arguments.benchmarks or BENCHMARKS:
        for part, report in _reports(name, arguments.rounds, arguments.runs):
            lines = list(_printed(report))
            if arguments.write:
                write(part, "\n".join(lines))


def _reports(
    name: str, rounds: Sequence[str] | None, runs: int | None
) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the parts of the page that the benchmark fills, each with its lines as they come."""
    module = importlib.import_module(f"benchmarks.{name}")
    heading = f"## {BENCHMARKS[name]}"
    if name != PEERS:
        yield name, itertools.chain([heading, "", machine()], module.report())
        return
    yield name, [heading, "", module.ABOUT]
    for one in rounds or module.ROUNDS:
        report = module.report(one, runs or module.RUNS)
        yield f"{PEERS} {one}", itertools.chain([f"### The {one} round", "", machine()], report)


def _printed(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        print(line, flush=True)
        yield line


def machine() -> str:
    """Return the day, the machine and the versions, as one sentence."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    system = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors"
    today = f"{datetime.now().astimezone():%d/%m/%Y}"
    return f"{today}: {system}, Python {platform.python_version()}; {libraries}."


def write(name: str, report: str) -> None:
    """Put `report` in the place of the last one of `name` in docs/benchmarks.md; the other parts stay as they are."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = dict(_PART.findall(text)) | {name: report}
    marked = (f"<!-- {one} -->\n{parts[one]}\n<!-- end of {one} -->\n" for one in sorted(parts, key=_place))
    PAGE.write_text("\n".join([_HEAD, *marked]), encoding="utf-8", newline="\n")


def _place(part: str) -> tuple[int, int]:
    """Return where a part stands: benchmarks and the rounds of peers as they are declared, other rounds after them."""
    name, _, one = part.partition(" ")
    rounds = ["", *importlib.import_module(f"benchmarks.{PEERS}").ROUNDS]
    return list(BENCHMARKS).index(name), rounds.index(one) if one in rounds else len(rounds)


if __name__ == "__main__":
    main()
