"""How right a tool was about a dirty round: what it found, where, what it lost, and what it added up."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from benchmarks.dirty.grid import Label
from benchmarks.dirty.mistakes import MISTAKES
from benchmarks.dirty.truth import Mistaken, Row, Truth, Value, as_text
from xltrack.forms import CodeList, load_schemas

_MILLION = 1_000_000


class Finding(NamedTuple):
    """What a tool says of a place: of a whole file without a tab, of a sheet without a row, of a row without a cell."""

    file: str
    tab: str | None
    row: int | None
    cell: str | None
    code: str = ""
    is_note: bool = False


@dataclass(frozen=True)
class Told:
    """All that a tool made of a round: its findings, its rows by sheet (each with its `_file`), the files it gave up.

    `rows` is None of a tool that gives none, `funding` (in đồng) of one that adds nothing up. `held` are rows that it
    says it left out.
    """

    findings: Sequence[Finding] = ()
    rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
    stopped: frozenset[str] = frozenset()
    funding: int | None = None
    held: frozenset[Row] = frozenset()


@dataclass(frozen=True)
class Score:
    """Mistakes found (of all, and of those that a rule covers), false alarms, exact addresses, cells lost, sum off."""

    mistakes: int
    covered: int
    found: int
    found_covered: int
    exact: int
    alarms: int
    false: Sequence[Finding]
    missed: Sequence[Mistaken]
    lost: Sequence[Value] | None
    off: int | None
    stopped: int
    values: int = field(default=0)


def score(truth: Truth, told: Told) -> Score:
    """Return how right `told` is. What is said of files that add nothing is passed over."""
    said = [one for one in told.findings if one.file not in truth.copies]
    found, exact, missed = _compare(truth, said)
    alarms, false = _alarms(truth, [one for one in said if not one.is_note])
    covered = [one for one in truth.mistakes if one.codes]
    reported = Reported(truth, said, told)
    return Score(
        len(truth.mistakes),
        len(covered),
        len(found),
        sum(1 for one in found if one.codes),
        exact,
        alarms,
        false,
        missed,
        None if told.rows is None else list(_lost(truth, told.rows, reported)),
        None if told.funding is None or told.rows is None else _off(truth, told, reported),
        len(told.stopped - truth.copies),
        sum(1 for value in truth.values if value.typed is not None),
    )


def _compare(truth: Truth, said: Iterable[Finding]) -> tuple[list[Mistaken], int, list[Mistaken]]:
    by_row: dict[Row, list[Finding]] = {}
    for one in said:
        if one.tab is not None and one.row is not None:
            by_row.setdefault((one.file, one.tab, one.row), []).append(one)
    found: list[Mistaken] = []
    missed: list[Mistaken] = []
    exact = 0
    for mistake in truth.mistakes:
        fitting = [one for one in by_row.get(mistake.row, ()) if not one.code or one.code in mistake.codes]
        (found if fitting else missed).append(mistake)
        exact += any(one.cell in mistake.cells for one in fitting)
    return found, exact, missed


def _alarms(truth: Truth, said: Iterable[Finding]) -> tuple[int, list[Finding]]:
    """Return how many findings there are below the headings, and those among them that say something untrue.

    What is said of the headings, a sheet or a file is of a mess, not of a value.
    """
    wrong = {mistake.row for mistake in truth.mistakes}
    wrong = wrong.union(truth.told, *(mistake.others for mistake in truth.mistakes))
    below = [
        one
        for one in said
        if one.tab is not None and one.row and one.row > truth.tops.get((one.file, one.tab), 0)
    ]
    return len(below), [one for one in below if (one.file, one.tab, one.row) not in wrong]


class Reported:
    """Which values are spoken for: a tool named their cell, row, heading, sheet or file."""

    def __init__(self, truth: Truth, said: Iterable[Finding], told: Told) -> None:
        """Sort what was said by what it speaks for."""
        self._files = set(told.stopped)
        self._tabs: set[tuple[str, str]] = set()
        self._rows = set(told.held)
        self._columns: set[tuple[str, str, str]] = set()
        for one in said:
            if not one.is_note:
                self._add(one, truth)

    def _add(self, one: Finding, truth: Truth) -> None:
        if one.tab is None:
            self._files.add(one.file)
        elif one.row is None:
            self._tabs.add((one.file, one.tab))
        elif one.cell and one.row == truth.tops.get((one.file, one.tab)):
            self._columns.add((one.file, one.tab, re.sub(r"\d", "", one.cell)))
        else:
            self._rows.add((one.file, one.tab, one.row))

    def __contains__(self, value: Value) -> bool:
        """Return whether `value` is spoken for."""
        return (
            value.file in self._files
            or (value.file, value.tab) in self._tabs
            or (value.file, value.tab, value.row) in self._rows
            or (value.file, value.tab, re.sub(r"\d", "", value.cell)) in self._columns
        )


def _lost(
    truth: Truth, rows: Mapping[str, Sequence[Mapping[str, Any]]], reported: Reported
) -> Iterator[Value]:
    """Yield the values that are neither in `rows`, as they were typed or as they were meant, nor spoken for."""
    reading = Reading()
    given = Counter(
        (row["_file"], sheet, column, reading.plain(sheet, column, value))
        for sheet, some in rows.items()
        for row in some
        for column, value in row.items()
    )
    for value in sorted(truth.values, key=lambda value: value in reported):
        if value.typed is None:
            continue
        ways = (
            reading.plain(value.label.sheet, value.label.column, one) for one in (value.meaning, value.typed)
        )
        keys = [(value.file, value.label.sheet, value.label.column, way) for way in ways]
        key = next((key for key in keys if given[key] > 0), None)
        if key is not None:
            given[key] -= 1
        elif value not in reported:
            yield value


class Reading:
    """Makes values of a column comparable, whether they stand as in a cell, as a code, or as JSON has them."""

    def __init__(self) -> None:
        """Know the lists of codes of the form."""
        schemas = load_schemas()
        self._codes: dict[tuple[str, str], Mapping[str, str]] = {}
        for sheet in schemas.form().tables:
            for column in sheet.columns:
                if (codes := schemas.codes_of(column)) is not None:
                    self._codes[sheet.id, column.id] = _by_text(codes)

    def plain(self, sheet: str, column: str, value: Any) -> str:
        """Return `value` of a column as text: codes as codes, numbers without an ending .0, days without a time."""
        if isinstance(value, bool) or str(value) in ("True", "False"):
            return "có" if str(value) == "True" else "không"
        text = _folded(as_text(value))
        text = re.sub(r"^(-?\d+)\.0+$", r"\1", re.sub(r"^(\d{4}-\d\d-\d\d)[ t]00:00:00.*$", r"\1", text))
        return self._codes.get((sheet, column), {}).get(text, text)


def _by_text(codes: CodeList) -> Mapping[str, str]:
    shown = {_folded(codes.shown(entry)): _folded(entry.code) for entry in codes.codes}
    return {**shown, **{_folded(entry.code): _folded(entry.code) for entry in codes.codes}}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _off(truth: Truth, told: Told, reported: Reported) -> int:
    """Return by how many đồng the sum of funding differs from what was typed, less what is spoken for and not in it."""
    assert told.funding is not None
    assert told.rows is not None
    given = Counter(
        (row["_file"], _million(row.get("amount")))
        for row in told.rows["funding"]
        if _million(row.get("amount"))
    )
    expected = 0
    for value in sorted(truth.values, key=lambda value: value in reported):
        amount = _million(value.meaning) if _is_amount(value.label) else None
        if amount is None:
            continue
        if given[value.file, amount] > 0:
            given[value.file, amount] -= 1
        elif value in reported:
            continue
        expected += amount
    return told.funding - expected * _MILLION


def _is_amount(label: Label) -> bool:
    return (label.sheet, label.column) == ("funding", "amount")


def _million(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def kinds() -> int:
    """Return how many kinds of mistakes are seeded."""
    return len(MISTAKES)
