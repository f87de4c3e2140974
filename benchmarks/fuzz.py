"""Breaks thousands of workbooks and has them read: nothing may end, hang, fill a worker, or be read as something else.

    python benchmarks/fuzz.py --count 2000 --first 0

The seeds are workbooks of Python's writers, of LibreOffice, ExcelJS and SheetJS where they are installed. The exit
code is 1 if one broken workbook did harm, or was read otherwise than a third reading says; --keep keeps those.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.fuzzing import Outcome, broken, examine, seeds
from tests.javascript import PACKAGES, javascript_available, run, written
from tests.messes.truth import as_plain, as_template
from tests.office import Office
from tests.office_process import office_available

BATCH = 200


def main() -> int:
    """Break, read, compare, and print what was found."""
    arguments = _arguments()
    total, started = Outcome(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        good = _good(Path(folder))
        print("seeds:", ", ".join(path.stem for path in good))
        last = arguments.first + arguments.count
        for first in range(arguments.first, last, BATCH):
            batch = Path(folder) / f"batch {first}"
            batch.mkdir()
            files = list(broken(good, range(first, min(first + BATCH, last)), batch))
            outcome = examine(batch)
            total.verdicts += outcome.verdicts
            total.stopped += outcome.stopped
            total.disagreements += outcome.disagreements
            _keep(files, [*outcome.stopped, *outcome.disagreements], arguments.keep)
            shutil.rmtree(batch)
            print(f"{total.verdicts.total()} {dict(total.verdicts)}", flush=True)
    print(*total.stopped, *total.disagreements, sep="\n")
    seconds = time.perf_counter() - started
    print(f"{total.verdicts.total()} broken workbooks in {seconds:.0f} s: {dict(total.verdicts)}")
    print(f"stopped {len(total.stopped)}, silent disagreements {len(total.disagreements)}{_memory()}")
    return 1 if total.stopped or total.disagreements else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2_000, help="how many workbooks to break")
    parser.add_argument(
        "--first", type=int, default=0, help="the number of the first; each number breaks in its own way"
    )
    parser.add_argument("--keep", type=Path, help="a folder for those that did harm or were read otherwise")
    return parser.parse_args()


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


def _keep(files: list[Path], wrong: list[str], folder: Path | None) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for path in files:
            if any(text.startswith(path.name) for text in wrong):
                shutil.copyfile(path, folder / path.name)


def _memory() -> str:
    """Return the most memory this process ever had, where the system tells."""
    if sys.platform == "win32":
        return ""
    import resource

    return f", main process at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
