"""Lets workbooks with randomly wrong rows judge themselves in LibreOffice, and compares that with `validate`.

Run by itself it takes more rows, or others, and keeps the workbooks on which the two disagree:

    python -m benchmarks.self_check --rows 5000 --first 1000 --keep DIR
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.office import Office
from tests.office_process import office_available
from tests.wrong_rows import Compared, compare, write_wrong

ROWS = 5_000
_LEAST_ROWS, _MOST_WORKBOOKS = 25, 25
"""To open a workbook takes LibreOffice as long as to work out a hundred rows: of many, each workbook has more."""


def report(rows: int = ROWS, first: int = 1, keep: Path | None = None) -> Iterator[str]:
    """Yield the lines of the report; raises ValueError if a workbook and `validate` disagree.

    `first` is the number of the first workbook: each is wrong in its own way. Those that disagree are copied to `keep`.
    """
    if reason := office_available():
        yield f"\nNot measured: {reason}."
        return
    total, begun = Compared(), time.perf_counter()
    each = max(_LEAST_ROWS, -(-rows // _MOST_WORKBOOKS))
    with tempfile.TemporaryDirectory() as folder, Office() as office:
        for seed in range(first, first + -(-rows // each)):
            _add(Path(folder) / f"{seed}.xlsx", each, office, total, keep)
    yield from _figures(total, time.perf_counter() - begun)
    if total.disagreements:
        raise ValueError("\n".join(total.disagreements))


def _add(path: Path, rows: int, office: Office, total: Compared, keep: Path | None) -> None:
    before = len(total.disagreements)
    total.rows += rows
    total.workbooks += 1
    total.cells += write_wrong(path, int(path.stem), rows)
    compare(path, office, total)
    if keep and len(total.disagreements) > before:
        shutil.copyfile(path, keep / path.name)
    path.unlink()


def _figures(total: Compared, seconds: float) -> Iterator[str]:
    yield (
        f"\n{total.rows:,} rows in {total.workbooks} workbooks, written by openpyxl and worked out by LibreOffice. "
        "Wrong are cells that both find wrong; stricter those that only the workbook minds, because reading "
        "understands them without a word although they are not written as the form asks; followed the columns where "
        "something follows from such a cell, which only validate can see.\n"
    )
    yield "| rows | cells | wrong | of finding codes | stricter | followed | disagreements | seconds |"
    yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
    figures = (
        total.rows, total.cells, total.agreed.total(), len([n for n in total.agreed.values() if n]),
        total.stricter.total(), total.followed.total(), len(total.disagreements),
    )  # fmt: skip
    yield "| " + " | ".join(f"{figure:,}" for figure in figures) + f" | {seconds:.0f} |"


def main(words: Sequence[str] | None = None) -> int:
    """Compare as many rows as asked for, print what came of it, and return 1 if the two disagree anywhere."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS, help="how many rows to fill in")
    parser.add_argument("--first", type=int, default=1, help="the number of the first workbook")
    parser.add_argument("--keep", type=Path, help="a folder for the workbooks on which the two disagree")
    arguments = parser.parse_args(words)
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    try:
        for line in report(arguments.rows, arguments.first, arguments.keep):
            print(line, flush=True)
    except ValueError as difference:
        print(difference)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
