"""Sends broken workbooks through the whole of reading, and holds what comes out against a third reading.

The seeds are good workbooks of all writers; `tests/mutations.py` breaks them. Nothing may end, hang or fill a worker,
and what is read must be what stands in the sheet: as many cells as the ledger says, each with the text it was read as.
"""

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

import xltrack
from tests.messes.package import write_package
from tests.messes.truth import SCHEMAS, as_plain, as_template, write_truth
from tests.messes.writers import by_openpyxl, by_xlsxwriter
from tests.mutations import mutate
from tests.third_reading import disagreements
from xltrack.intake import receive
from xltrack.pipeline import FileResult, examining

STOPPED = {"XLT140": "crash", "XLT141": "hang", "XLT142": "memory", "XLT143": "fault"}
"""What is said of a file that ended, held up or filled its worker, or that xltrack failed on."""
_UNREAD = {"XLT102", "XLT106", "XLT107"}
_FAILURES = (
    zipfile.BadZipFile,
    etree.XMLSyntaxError,
    LookupError,
    ValueError,
    OSError,
    TypeError,
    StopIteration,
)


@dataclass
class Outcome:
    """What became of the broken workbooks: how many of each verdict, and what must not be."""

    verdicts: Counter[str] = field(default_factory=Counter)
    stopped: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)


def seeds(folder: Path) -> list[Path]:
    """Write the good workbooks of Python's writers, and return them."""
    return [
        write_truth(folder / "template.xlsx"),
        write_package(as_template(), folder / "package.xlsx"),
        write_package(as_plain(), folder / "plain.xlsx"),
        by_openpyxl(as_plain(), folder / "openpyxl.xlsx"),
        by_xlsxwriter(as_plain(), folder / "xlsxwriter.xlsx"),
    ]


def broken(good: Sequence[Path], numbers: Iterable[int], folder: Path) -> Iterator[Path]:
    """Write one broken workbook for each of `numbers`, which say how it is broken."""
    contents = [path.read_bytes() for path in good]
    for number in numbers:
        at = number % len(good)
        path = folder / f"{number:06} {good[at].stem}.xlsx"
        path.write_bytes(mutate(contents[at], number))
        yield path


def examine(folder: Path) -> Outcome:
    """Return what became of the files in `folder`."""
    outcome = Outcome()
    for result in xltrack.validate([folder]).files:
        codes = {finding.code for finding in result.findings}
        stopped = codes & STOPPED.keys()
        outcome.verdicts[result.verdict] += 1
        outcome.stopped += [f"{result.path.name}: {STOPPED[code]} {result.findings}" for code in stopped]
        if result.ledger.cells and not codes & _UNREAD:
            outcome.disagreements += _disagreements(result)
    return outcome


def _disagreements(result: FileResult) -> list[str]:
    """Return how a workbook that was read without harm, and is read here once more, differs from its XML."""
    workbook = examining.read(receive(result.path), SCHEMAS).workbook
    found = [] if workbook.ledger == result.ledger else ["a second reading gives another ledger"]
    try:
        found += disagreements(result.path.read_bytes(), workbook)
    except _FAILURES as failure:
        found.append(f"it was read, but a third reading fails: {failure!r}")
    return [f"{result.path.name}: {text}" for text in found[:3]]
