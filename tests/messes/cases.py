"""Reads `cases.toml`: what goes wrong on the way, one case after the other, and what xltrack is to make of it."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.messes import truth
from tests.messes.actions import apply, blank_place, column_of, label_of, row_of, value_of
from tests.messes.compare import Expected, Reading
from tests.messes.files import FILES
from tests.messes.model import Book, Cell, Label, Place, Tab, address
from tests.messes.truth import Meant
from tests.messes.writers import Writer
from xltrack.findings import Finding

CASES = Path(__file__).resolve().parent / "cases.toml"


@dataclass(frozen=True)
class Case:
    """One case as written; the words are explained in `cases.toml`."""

    name: str
    vi: str
    en: str
    base: str = "template"
    do: Sequence[Mapping[str, Any]] = ()
    type: Sequence[Mapping[str, Any]] = ()
    file: str = ""
    named: str = "bao cao.xlsx"
    verdict: str = "accepted"
    rows: str = "all"
    finds: Sequence[str] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    robs: bool = False
    takes: Sequence[str] = ()
    needs: Sequence[str] = ()
    fixed: bool = False
    note_vi: str = ""
    note_en: str = ""


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases."""
    return tuple(Case(**case) for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["case"])


@cache
def _stranger() -> Book:
    rows = (("Danh sách cán bộ", None), ("Họ tên", "Chức vụ"), ("A", "Trưởng phòng"))
    cells = {
        (at, column): value for at, row in enumerate(rows, 1) for column, value in enumerate(row, 1) if value
    }
    return Book((Tab("Sheet1", "Sheet1", {place: Cell(value) for place, value in cells.items()}),), {})


@cache
def base(name: str) -> tuple[Book, Mapping[Label, Meant]]:
    """Return the workbook that a case begins with, and what it means."""
    match name:
        case "template":
            return truth.as_template(), truth.meant()
        case "plain":
            return truth.as_plain(), truth.meant()
        case "blank":
            filled = truth.as_blank().labels()
            return truth.as_blank(), {
                label: value for label, value in truth.meant().items() if label in filled
            }
        case "stranger":
            return _stranger(), {}
    raise ValueError(name)


def messed(start: Expected, case: Case) -> Expected:
    """Return what `case` makes of a workbook; raises LookupError where what it is about is gone."""
    book, meant = start.book, dict(start.meant)
    for step in case.do:
        book = apply(book, dict(step))
    for typed in case.type:
        label = label_of(typed["at"])
        tab, place = _find(book, label)
        book = book.with_tab(_typed(tab, place, label, typed))
        if "means" in typed and isinstance(label, Label):
            meant[label] = typed["means"]
            if typed["means"] == "":
                del meant[label]
    return Expected(book, meant)


def _find(book: Book, label: Label | str) -> tuple[Tab, Place]:
    if isinstance(label, Label) and label not in book.labels():
        return blank_place(book, label)
    return book.find(label)


def _typed(tab: Tab, place: tuple[int, int], label: Label | str, typed: Mapping[str, Any]) -> Tab:
    value = value_of(typed["typed"])
    known = tab.cells.get(place)
    form = typed.get("format", "day" if isinstance(value, date) else None)
    return tab.put({place: replace(known or Cell(None, None, label), value=value, format=form)})


def write(case: Case, book: Book, directory: Path, writer: Writer) -> Path:
    """Write the workbook of `case` as it arrives."""
    path = directory / case.named
    writer(book, path)
    if case.file:
        path.write_bytes(FILES[case.file](path.read_bytes()))
    return path


def place_of_finding(finding: Finding) -> tuple[str | None, str | None]:
    """Return where a finding is: tab and cell; the row or the column where it names no cell."""
    if finding.cell is None and finding.row is not None:
        return finding.sheet, f"row {finding.row}"
    return finding.sheet, finding.cell or (finding.column and f"column {finding.column}")


def expected_places(book: Book, finds: Iterable[str]) -> list[tuple[str, str | None, str | None]]:
    """Return code, tab and cell of each of `finds` in the workbook as it is now; leaves out what is gone."""
    found = []
    for text in finds:
        code, _, where = text.partition(" ")
        try:
            found.append((code, *_place(book, where)))
        except LookupError:
            continue
    return found


def _place(book: Book, where: str) -> tuple[str | None, str | None]:
    if not where:
        return None, None
    if match := re.fullmatch(r"(\w+)\[(\d+)\]", where):
        return book.tab(match[1]).name, f"row {row_of(book, match[1], int(match[2]))}"
    label = label_of(where)
    if isinstance(label, Label) or label in book.labels():
        tab, place = _find(book, label)
        return tab.name, address(*place)
    sheet, dot, column = where.partition(".")
    if dot and book.has(sheet):
        return book.tab(sheet).name, f"column {column}"
    if dot:
        tab, (row, _) = book.find(sheet)
        return tab.name, address(row, column_of(book, tab.key, column))
    return book.tab(where).name, None


def found_places(reading: Reading) -> list[tuple[str, str | None, str | None]]:
    """Return code, tab and cell of every finding."""
    return [(finding.code, *place_of_finding(finding)) for finding in reading.findings]
