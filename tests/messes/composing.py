"""Any of the cases one upon the other, in any order: what must then hold of a reading."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.messes.actions import label_of
from tests.messes.cases import Case, base, cases, expected_places, found_places, messed
from tests.messes.compare import Expected, Reading, covered, faults, missing
from tests.messes.model import place_of
from tests.messes.truth import FORM

# What can be done to any table as it is written down for one.
_ANYWHERE = {
    "insert_rows", "spread_rows", "push_down", "repeat_headings", "delete_headings", "delete_ids", "hide_rows",
    "filter_rows", "strike_row", "format_blank_rows", "retitle_all", "protect", "set_state", "draw", "resize_table",
    "number_columns", "delete_tab", "copy_tab",
}  # fmt: skip
# Told at a cell for what stands in others, which another case may have changed.
_OF_OTHERS = {"XLT575"}
_OF_MANY = {"XLT319", "XLT323", "XLT327", "XLT332", "XLT353", "XLT355"}
_TABLES = tuple(sheet.id for sheet in FORM.tables)


def composable() -> tuple[Case, ...]:
    """Return the cases that leave a workbook to do more to."""
    return tuple(case for case in cases() if not case.file and case.base in ("template", "plain"))


@dataclass(frozen=True)
class Composed:
    """What became of a workbook, and the cases that made it."""

    expected: Expected
    applied: tuple[Case, ...]
    is_repairable: bool

    @property
    def named(self) -> str:
        """Return the name of the file."""
        return next((case.named for case in self.applied if case.named != Case.named), Case.named)


def compose(start: str, chosen: Sequence[tuple[Case, int]]) -> Composed:
    """Return what the cases `chosen` make of the workbook `start`, each with a seed that says on which sheet.

    Left out is a case whose sheet or cells are gone, or that types where another has typed.
    """
    expected = Expected(*base(start))
    typed: set[str] = set()
    applied: list[Case] = []
    for written, seed in chosen:
        case = elsewhere(written, random.Random(seed))
        own = {str(one["at"]) for one in case.type}
        if own & typed or any(_exclude(case, other) or _exclude(other, case) for other in applied):
            continue
        try:
            expected = messed(expected, case)
        except LookupError:
            continue
        typed |= own
        applied.append(case)
    return Composed(expected, tuple(applied), _is_repairable(start, applied))


def _exclude(case: Case, other: Case) -> bool:
    return bool(set(case.takes) & set(other.needs))


def elsewhere(case: Case, chance: random.Random) -> Case:
    """Return `case` as it is done to another sheet, where it can be."""
    if case.fixed or case.type or not all(step["do"] in _ANYWHERE for step in case.do):
        return case
    own = sorted({step["sheet"] for step in case.do})
    others = dict(zip(own, chance.sample(_TABLES, len(own)), strict=True))
    return replace(
        case,
        do=[{**step, "sheet": others[step["sheet"]]} for step in case.do],
        finds=[_renamed(text, others) for text in case.finds],
    )


def _renamed(text: str, others: Mapping[str, str]) -> str:
    return re.sub(r"\b[a-z_]+\b", lambda match: others.get(match[0], match[0]), text)


def _is_repairable(start: str, applied: Iterable[Case]) -> bool:
    """Return whether all is to be read: all that was done can be repaired, no sheet is robbed of its marks twice."""
    robbed = Counter(_TABLES if start == "plain" else ())
    for case in applied:
        if case.rows != "all" or case.verdict != "accepted":
            return False
        robbed.update({step["sheet"] for step in case.do if case.robs and "sheet" in step})
    return max((robbed[sheet] for sheet in _TABLES), default=0) < 2


def wrongs(composed: Composed, reading: Reading) -> list[str]:
    """Return what is wrong with the reading of a composed workbook: nothing, if it is right."""
    found = faults(composed.expected, reading)
    if composed.is_repairable:
        found += [f"{label} was not read" for label in missing(composed.expected, reading)]
        found += [f"{error.code} at {error.sheet}!{error.cell}" for error in reading.errors]
    return [*found, *_unsaid(composed, reading)]


def _unsaid(composed: Composed, reading: Reading) -> Iterator[str]:
    """Yield the findings of single cases that are neither there nor made needless by an error on the same place."""
    there = {_anywhere(*found) for found in found_places(reading)}
    for case in composed.applied:
        others = {typed["at"] for other in composed.applied if other is not case for typed in other.type}
        finds = [
            text
            for text in case.finds
            for code, _, place in [text.partition(" ")]
            if code not in _OF_OTHERS and place not in others
        ]
        for found in expected_places(composed.expected.book, finds):
            if _anywhere(*found) not in there and not _said_otherwise(reading, *found):
                yield f"{case.name}: {found} is not said"


def _anywhere(code: str, tab: str | None, where: str | None) -> tuple[str, str | None, str | None]:
    """Return a finding's place without its row if it is one of those that speak of the first cell of many."""
    return (code, tab, where.rstrip("0123456789") if where and code in _OF_MANY else where)


def _said_otherwise(reading: Reading, code: str, tab: str | None, where: str | None) -> bool:
    others = [error for error in reading.errors if error.code != code]
    if tab is None or any(error.sheet is None for error in others):
        return bool(others)
    if where is None or " " in where:
        return any(error.sheet == tab for error in others)
    tables = [finding for finding in reading.findings if finding.code == "XLT225"]
    return covered((tab, place_of(where)), "", [*others, *tables])


def described(composed: Composed) -> dict[str, Any]:
    """Return what a failing test has to show."""
    return {
        "cases": [(case.name, list(case.do)) for case in composed.applied],
        "repairable": composed.is_repairable,
    }


__all__ = ["Composed", "composable", "compose", "described", "elsewhere", "label_of", "wrongs"]
