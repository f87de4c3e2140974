"""Reads the cells of a column one by one, each different one once."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from xltrack.forms import Column
from xltrack.reading.amounts import is_percent
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.convert import convert
from xltrack.reading.legacy import Decoder, Decoding
from xltrack.reading.values import Beside, Oddity, Setting, Value

Near = tuple[Value, str | None, frozenset[str]]
"""What stands beside a cell: the code that narrows its list, its unit, and what its format says."""
NO_MARKS: frozenset[str] = frozenset()
_NOTHING: Near = (None, None, NO_MARKS)
_Meaning = tuple[Value, Sequence[tuple[str, Mapping[str, object]]]]
_HABITS = frozenset({"XLT319", "XLT332", "XLT353", "XLT355"})


class Task(NamedTuple):
    """One column to be read cell by cell, and what that takes.

    `different` are the different ones among the cells; None where cells that are equal may not be the same.
    """

    column: Column
    is_code: bool
    different: Collection[Cell] | None
    setting: Setting
    decoder: Decoder


def read_cells(
    task: Task, places: Sequence[int], cells: Sequence[Cell], near: Sequence[Near] | None
) -> tuple[Sequence[Hashable], Mapping[Hashable, Value], list[Oddity]]:
    """Return a key for each of the `cells` at the `places`, what it means, and what there is to say, in their order.

    `near` is what stands beside each cell, None if nothing does: then the `cells` themselves are the keys, unless equal
    ones may not be the same.
    """
    keys, different = _different(task, cells, near)
    meanings = {key: _meaning(task, cell, beside) for key, (cell, beside) in different.items()}
    values = {key: value for key, (value, _) in meanings.items()}
    remarks = {key: said for key, (_, said) in meanings.items() if said}
    found = [
        Oddity(task.column, at, code, facts)
        for at, key in (zip(places, keys, strict=True) if remarks else ())
        for code, facts in remarks.get(key, ())
    ]
    return keys, values, _once_a_habit(found)


def _different(
    task: Task, cells: Sequence[Cell], near: Sequence[Near] | None
) -> tuple[Sequence[Hashable], Mapping[Hashable, tuple[Cell, Near]]]:
    """Return a key for each cell, and for each different key a cell and what stands beside it."""
    if near is None and task.different is not None:
        return cells, {cell: (cell, _NOTHING) for cell in task.different}
    keys = list(zip(map(type, cells), cells, near or repeat(_NOTHING), strict=False))
    return keys, {key: key[1:] for key in dict.fromkeys(keys)}


def _meaning(task: Task, cell: Cell, near: Near) -> _Meaning:
    """Return what `cell` means, and what there is to say of its encoding and of itself."""
    if cell == BLANK:
        return None, ()
    parent, unit, marks = near
    beside = Beside(None if parent is None else str(parent), unit is not None and is_percent(unit), marks)
    decoding = task.decoder.read(cell, marks) if type(cell) is str else Decoding("")
    meant = decoding.text if type(cell) is str else cell
    converted = convert(task.column, meant, beside, task.setting, is_code=task.is_code)
    said = ((decoding.code, decoding.facts), (converted.code, converted.facts))
    return converted.value, [(code, facts) for code, facts in said if code]


def _once_a_habit(found: Sequence[Oddity]) -> list[Oddity]:
    """Return `found` with one finding, at the first cell, for what is one habit of a column and not one slip a cell."""
    habits = Counter(odd.code for odd in found if odd.code in _HABITS)
    once: list[Oddity] = []
    for odd in found:
        if odd.code not in _HABITS:
            once.append(odd)
        elif cells := habits.pop(odd.code, 0):
            once.append(odd._replace(facts={**odd.facts, "cells": cells}))
    return once
