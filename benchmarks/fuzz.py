"""Breaks thousands of workbooks and has them read: nothing may end, hang, fill a reader, or be read as something else.

The seeds are workbooks of Python's writers, and of LibreOffice, ExcelJS and SheetJS where they are installed. Run by
itself it takes other numbers, each of which breaks a workbook in its own way, and keeps those that did harm:

    python -m benchmarks.fuzz --count 2000 --first 0 --keep DIR
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.fuzzing import Outcome, broken, examine, seeds
from tests.javascript import PACKAGES, javascript_available, run, written
from tests.messes.truth import as_plain, as_template
from tests.office import Office
from tests.office_process import office_available

COUNT = 2_000
_BATCH = 200


def report(count: int = COUNT, first: int = 0, keep: Path | None = None) -> Iterator[str]:
    """Yield the lines of the report; raises ValueError if a broken workbook did harm or was read as something else.

    `first` is the number of the first way of breaking; what did harm is copied to the folder `keep`.
    """
    total, begun = Outcome(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        good = _good(Path(folder))
        yield f"\n{count:,} broken workbooks, made of {len(good)}: {', '.join(path.stem for path in good)}.\n"
        yield "| broken | accepted | rejected | quarantined | unreadable | stopped | read otherwise | seconds |"
        yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
        for start in range(first, first + count, _BATCH):
            numbers = range(start, min(start + _BATCH, first + count))
            _add(total, _examined(good, numbers, Path(folder) / str(start), keep))
        yield _figures(total, time.perf_counter() - begun)
    wrong = [*total.stopped, *total.disagreements]
    yield (
        "\nNo reader was ended, held up or filled, and no ledger differs from its sheets."
        if not wrong
        else ""
    )
    if wrong:
        raise ValueError("\n".join(wrong))


def _good(folder: Path) -> list[Path]:
    """Return the seeds: of every writer that this machine has."""
    good = seeds(folder)
    if javascript_available() is None:
        for library in PACKAGES:
            made = {folder / f"{library}.xlsx": as_template(), folder / f"{library} plain.xlsx": as_plain()}
            run(library, [written(book, path) for path, book in made.items()])
            good += made
    if office_available() is None:
        with Office() as office:
            good.append(office.save_as(good[0], folder / "libreoffice.xlsx"))
    return good


def _examined(good: Sequence[Path], numbers: Sequence[int], folder: Path, keep: Path | None) -> Outcome:
    folder.mkdir()
    files = list(broken(good, numbers, folder))
    outcome = examine(folder)
    wrong = [*outcome.stopped, *outcome.disagreements]
    for path in files if keep else ():
        if any(text.startswith(path.name) for text in wrong):
            shutil.copyfile(path, keep / path.name)  # type: ignore[operator]  # there is a folder to keep them in
    shutil.rmtree(folder)
    return outcome


def _add(total: Outcome, outcome: Outcome) -> None:
    total.verdicts += outcome.verdicts
    total.stopped += outcome.stopped
    total.disagreements += outcome.disagreements


def _figures(total: Outcome, seconds: float) -> str:
    verdicts = [total.verdicts[name] for name in ("accepted", "rejected", "quarantined", "unreadable")]
    cells = [total.verdicts.total(), *verdicts, len(total.stopped), len(total.disagreements)]
    return "| " + " | ".join(f"{cell:,}" for cell in cells) + f" | {seconds:.0f} |"


def main(words: Sequence[str] | None = None) -> int:
    """Break as many workbooks as asked for, print what became of them, and return 1 if one did harm."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT, help="how many workbooks to break")
    parser.add_argument("--first", type=int, default=0, help="the number of the first way of breaking")
    parser.add_argument("--keep", type=Path, help="a folder for those that do harm")
    arguments = parser.parse_args(words)
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    try:
        for line in report(arguments.count, arguments.first, arguments.keep):
            print(line, flush=True)
    except ValueError as harm:
        print(harm)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
