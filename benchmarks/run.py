"""Measures xltrack on made-up data: `make bench`, or `make bench ARGS="read --write"`.

Each benchmark is a module beside this one with a function `report()`, which yields the lines of its report. `--write`
puts the report into docs/benchmarks.md, with the machine and the versions it was measured with.
"""

import argparse
import importlib
import os
import platform
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What is measured is to be done, each time.
os.environ["XLTRACK_CACHE"] = "off"
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "benchmarks.md"
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
    "peers": "Beside what people would use instead",
}
LIBRARIES = ("python-calamine", "polars", "duckdb", "openpyxl", "XlsxWriter")
_HEAD = """# Benchmarks

Measured by `make bench ARGS="--write"` on made-up data; each part says on which machine. Figures of different machines
cannot be compared, ratios within one part can.
"""


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
        lines = [f"## {BENCHMARKS[name]}", "", machine()]
        print(*lines, sep="\n", flush=True)
        given = {"rounds": arguments.rounds, "runs": arguments.runs} if name == "peers" else {}
        options = {word: value for word, value in given.items() if value}
        for line in importlib.import_module(f"benchmarks.{name}").report(**options):
            print(line, flush=True)
            lines.append(line)
        if arguments.write:
            write(name, "\n".join(lines))


def machine() -> str:
    """Return the day, the machine and the versions, as one sentence."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    system = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors"
    today = f"{datetime.now().astimezone():%d/%m/%Y}"
    return f"{today}: {system}, Python {platform.python_version()}; {libraries}."


def write(name: str, report: str) -> None:
    """Put `report` in the place of the last one of `name` in docs/benchmarks.md."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _HEAD
    part = f"<!-- {name} -->\n{report}\n<!-- end of {name} -->\n"
    known = re.compile(rf"<!-- {name} -->\n.*?<!-- end of {name} -->\n", re.DOTALL)
    text = known.sub(lambda _: part, text) if known.search(text) else f"{text}\n{part}"
    PAGE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
