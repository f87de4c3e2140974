"""Checks that keys are unique (XLT501, XLT579) and that references find their row (XLT502)."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import polars as pl

from xltrack.checking.codes import wrong_codes
from xltrack.checking.questions import Question
from xltrack.checking.rows import AT, FILE, Located, Rows
from xltrack.checking.wording import Wording, number, said_key
from xltrack.findings.masking import masked
from xltrack.forms import Column, Schemas, Sheet
from xltrack.language import Text
from xltrack.reading.model import ROW

_SEVERAL = 2
_MOST_ROWS = 10
_MOST_SUGGESTED = 3
_MOST_NEAR = 6
# A slip of the keyboard changes, drops, adds or swaps a character; codes of one province look alike anyway.
_CHARACTERS_PER_SLIP = 5
# Numbers stand close together: two digits away is somebody else's.
_DIGITS = re.compile(r"[0-9-]+")
_NUMBER = re.compile(r"[0-9]+")
# Comparing each of ten thousand lost references with ten thousand codes would take minutes and help nobody.
_MOST_COMPARED = 200


def check_keys(rows: Rows, schemas: Schemas) -> Iterator[Question]:
    """Ask for every row (XLT501) whose key another row of the same file repeats; it names the others.

    Where the rows state amounts that are added up and differ, they may be two payments of one item: XLT579 says what
    they come to together. Keys are compared as typed values; two blanks are the same. A row that lacks a required part
    of its key has a finding for that already and is left out.
    """
    key = rows.sheet.key
    if key and rows.frame.height > 1:
        # Of most sheets this much, which costs little, says that there are none.
        yield Question(pl.struct(FILE, *key).hash().is_duplicated(), partial(_keys, rows, schemas))


def added_up(sheet: Sheet) -> Column | None:
    """Return the column of `sheet` with the amount for which each of its rows stands, None if they stand for none."""
    amounts = (one for one in sheet.columns if one.money and one.required and one.id not in sheet.key)
    return next(amounts, None)


def _keys(rows: Rows, schemas: Schemas) -> Iterator[Located]:
    key = rows.sheet.key
    needed = [name for name in key if rows.sheet.by_id[name].required]
    known = rows.frame.filter(
        pl.all_horizontal(pl.col(name).is_not_null() for name in needed) if needed else True
    )
    repeated = known.filter(pl.struct(FILE, *key).is_duplicated())
    if repeated.is_empty():
        return
    wording = Wording(rows.sheet, schemas)
    for group in repeated.group_by(FILE, *key, maintain_order=True).all().iter_rows(named=True):
        yield from _repeated(rows, group, said_key({name: group[name] for name in key}, wording))


def _repeated(rows: Rows, group: Mapping[str, Any], key: Text) -> Iterator[Located]:
    """Yield what is said of the rows of `group`, which gives of every column the values in them."""
    known = [n for n, at in enumerate(group[AT]) if not _any_unread(rows, at)]
    if len(known) < _SEVERAL:
        return
    code, facts = _together(rows.sheet, group, known)
    for n in known:
        others = [str(group[ROW][other]) for other in known if other != n]
        more = ["…"] if len(others) > _MOST_ROWS else []
        named = {"other_rows": ", ".join([*others[:_MOST_ROWS], *more]), "key": key}
        at = group[AT][n]
        yield rows.places[at][0], rows.finding(code, at, rows.sheet.key[0], {**named, **facts})


def _together(
    sheet: Sheet, group: Mapping[str, Any], known: Sequence[int]
) -> tuple[str, Mapping[str, object]]:
    """Return which finding the rows `known` of `group` have, and what their amounts come to if all were read."""
    column = added_up(sheet)
    amounts = [group[column.id][n] for n in known] if column else []
    if len(set(amounts)) < _SEVERAL:
        return "XLT501", {}
    return "XLT579", {"total": "" if None in amounts else number(sum(amounts))}


def _any_unread(rows: Rows, at: int) -> bool:
    return any(rows.unread(at, name) for name in rows.sheet.key)


def check_references(rows: Rows, sheets: Mapping[str, Rows], complete: Iterable[int]) -> Iterator[Question]:
    """Ask where a column (XLT502) points to a row that its file does not have.

    Only files in `complete` are asked: a correction, or one part of a return in several parts, may point to
    rows that it does not hold; the store compares those once the return is put together.
    """
    files = list(complete)
    for column in rows.sheet.columns:
        reference = column.references
        for value, (sheet, target) in (reference.targets if reference else {}).items():
            asked = pl.col(FILE).is_in(files) & pl.col(column.id).is_not_null()
            if reference is not None and reference.by is not None:
                asked &= pl.col(reference.by) == value
            # A sheet that is missing is a finding of its own.
            if sheet in sheets:
                yield Question(asked, partial(_dangling, rows, column, asked, (sheets[sheet], target)))


def _dangling(rows: Rows, column: Column, asked: pl.Expr, target: tuple[Rows, str]) -> Iterator[Located]:
    found, name = target
    asking = rows.frame.lazy().filter(asked)
    there = found.frame.lazy().select(FILE, pl.col(name).alias(column.id)).drop_nulls()
    lost = asking.select(AT, FILE, column.id).join(
        there, on=[FILE, column.id], how="anti", maintain_order="left"
    )
    wanted = found.sheet.by_id[name]
    similar = _Similar(found, wanted)
    for at, file, value in lost.collect().iter_rows():
        table = found.tables.get(file)
        if table is None or name not in table.addresses or rows.unread(at, column.id):
            continue
        facts = {
            "target_tab": table.tab,
            "target_title": wanted.title,
            **similar.to(file, str(value)),
        }
        yield file, rows.finding("XLT502", at, column.id, facts)


class _Similar:
    """Finds values of a column that are spelt like a lost one of the same file."""

    def __init__(self, rows: Rows, column: Column) -> None:
        self._rows, self._column = rows, column
        self._form = re.compile(column.schema.get("pattern", ""))
        self._choices: dict[int, list[str]] = {}
        self._known: defaultdict[int, dict[str, dict[str, str]]] = defaultdict(dict)

    @cached_property
    def _wrong(self) -> Collection[tuple[int, object]]:
        """Return those that cannot be right themselves."""
        return wrong_codes(self._rows, self._column)

    def to(self, file: int, value: str) -> dict[str, str]:
        """Return what is like `value`, joined: up to three as `suggestions`, those that are wrong as `doubtful`.

        `misspelt` are the addresses of cells like it that have not the form asked for: what stands there cannot be
        found and is not offered. All are empty if there is nothing or too many were asked for of this file.
        """
        known = self._known[file]
        if value not in known:
            known[value] = self._sorted_out(file, value) if len(known) < _MOST_COMPARED else {}
        return {"suggestions": "", "doubtful": "", "misspelt": "", **known[value]}

    def _sorted_out(self, file: int, value: str) -> dict[str, str]:
        best = self._search(file, value)
        formed = [choice for choice in best if self._form.search(choice)]
        likely = [choice for choice in formed if (file, choice) not in self._wrong]
        doubtful = [choice for choice in formed if (file, choice) in self._wrong]
        misspelt = [choice for choice in best if choice not in formed]
        return {
            "suggestions": _said(likely),
            "doubtful": _said(doubtful),
            "misspelt": self._cells(file, misspelt),
        }

    def _search(self, file: int, value: str) -> list[str]:
        from rapidfuzz import process  # noqa: PLC0415  # seldom needed
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        if file not in self._choices:
            own = self._rows.frame.filter(pl.col(FILE) == file)[self._column.id].drop_nulls().unique()
            self._choices[file] = sorted(map(str, own))
        choices = self._choices[file]
        slips = 1 if _DIGITS.fullmatch(value) else max(1, len(value) // _CHARACTERS_PER_SLIP)
        near = process.extract(value, choices, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_NEAR)
        # A branch and its enterprise, or a code cut off, are many characters apart and yet meant.
        longer = [choice for choice in choices if choice.startswith(value) or value.startswith(choice)]
        formed = [choice for choice in longer if self._form.search(choice)]
        found = dict.fromkeys([*(choice for choice, _, _ in near), *formed])
        return [choice for choice in found if not _is_anothers(value, choice)]

    def _cells(self, file: int, choices: Sequence[str]) -> str:
        named = self._rows.frame.filter(pl.col(FILE) == file, pl.col(self._column.id).is_in(choices))
        cells = (self._rows.cell(at, self._column.id) for at in named[AT].head(_MOST_SUGGESTED))
        return ", ".join(map(str, cells))


def _is_anothers(value: str, choice: str) -> bool:
    """Return whether both are ids numbered alike, such as HT7 and HT8: the lost one is missing, not misspelt."""
    if _DIGITS.fullmatch(value) or _NUMBER.sub("0", value) != _NUMBER.sub("0", choice):
        return False
    own, others = ([one.lstrip("0") for one in _NUMBER.findall(text)] for text in (value, choice))
    return own != others


def _said(choices: Sequence[str]) -> str:
    return masked(", ".join(choices[:_MOST_SUGGESTED]))
