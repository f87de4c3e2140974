"""Turns the columns of a sheet into typed frames."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

import polars as pl

from xltrack.forms import Column, ColumnType, Sheet
from xltrack.reading import dates
from xltrack.reading.amounts import is_percent
from xltrack.reading.cells import BLANK, Cell, raw_text
from xltrack.reading.convert import convert
from xltrack.reading.evidence import autofill, misplaced_personal_ids, mixed_points, swapped_days
from xltrack.reading.identifiers import is_identifier, plain_code
from xltrack.reading.legacy import Decoder, Decoding, Encoding, encoding_of, unsuspected
from xltrack.reading.model import DTYPES, ROW
from xltrack.reading.numbers import PRECISE_BELOW
from xltrack.reading.text import spotless
from xltrack.reading.values import Beside, Marks, Oddity, Setting, Value, shows_unit

Cells = Sequence[Cell]
Columns = Callable[[str | None], list[Value] | None]
Remark = tuple[str, Mapping[str, object]]
_PLAIN = Beside()
_NO_MARKS: frozenset[str] = frozenset()
_HABITS = frozenset({"XLT319", "XLT332", "XLT353", "XLT355"})
# Which marks of a format make a cell odd in a column of which type.
_TELLING: Mapping[ColumnType, frozenset[str]] = {
    "string": frozenset({"tcvn3", "vni"}),
    "integer": frozenset({"percent"}),
    "number": frozenset({"percent"}),
}


@dataclass(frozen=True)
class Coerced:
    """The typed frame, the frame of the texts as they stood, and what was odd, in the order of rows."""

    frame: pl.DataFrame
    raw: pl.DataFrame
    oddities: tuple[Oddity, ...]


class _Task(NamedTuple):
    """One column to be read cell by cell, and what that takes."""

    column: Column
    is_code: bool
    setting: Setting
    decoder: Decoder
    beside: Callable[[int], Beside] | None


def coerce(
    sheet: Sheet,
    rows: Sequence[int],
    cells: Mapping[str, Cells],
    setting: Setting,
    marks: Marks | None = None,
) -> Coerced:
    """Return `cells`, columns by id, as typed columns; `rows` are the numbers of their rows in the file.

    Columns whose cells are of the right type already are taken over as they are, in one pass of polars. Only the other
    cells, and those whose formats say something (`marks`), are looked at one by one, each different one once.
    """
    marks = marks or {}
    columns = [column for column in sheet.columns if column.id in cells]
    plain = _convert_plain(sheet, columns, _unmarked(columns, cells, marks), setting)
    typed, oddities = _read_odd(sheet, cells, marks, plain, setting)
    frame = _frame(sheet, rows, plain, typed)
    raw = _raw_frame(sheet, rows, cells)
    for column in columns:
        unknown = [odd.at for odd in oddities if odd.column is column and odd.code == "XLT306"]
        oddities += autofill(column, raw, unknown)
        oddities += misplaced_personal_ids(column, frame, raw)
    return Coerced(frame, raw, tuple(sorted(oddities, key=lambda odd: odd.at)))


def _read_odd(
    sheet: Sheet, cells: Mapping[str, Cells], marks: Marks, plain: pl.DataFrame, setting: Setting
) -> tuple[dict[str, list[Value]], list[Oddity]]:
    """Return the values of the columns that have odd cells, those narrowed by others last, and what was odd."""
    decoder = Decoder(_legacy_texts(cells, marks))
    typed: dict[str, list[Value]] = {}
    oddities: list[Oddity] = []

    def values_of(name: str | None) -> list[Value] | None:
        if name is None or (name not in typed and name not in plain.columns):
            return None
        return typed[name] if name in typed else plain[name].to_list()

    columns = [column for column in sheet.columns if column.id in cells]
    for column in sorted(columns, key=lambda column: bool(column.code_parent or column.unit_in)):
        odd = _odd_cells(column, cells[column.id], plain)
        if odd:
            values = typed[column.id] = plain[column.id].to_list()
            beside = _beside(column, marks.get(column.id, {}), values_of, setting)
            task = _Task(column, is_identifier(column, sheet), setting, decoder, beside)
            oddities += _convert_odd(task, odd, values)
            oddities += swapped_days(column, cells[column.id], values)
            oddities += mixed_points(column, cells[column.id])
    return typed, oddities


def _frame(
    sheet: Sheet, rows: Sequence[int], plain: pl.DataFrame, typed: Mapping[str, list[Value]]
) -> pl.DataFrame:
    series = [pl.Series(ROW, rows, dtype=pl.Int32())]
    for column in sheet.columns:
        dtype = DTYPES[column.type]
        if column.id in typed:
            series.append(pl.Series(column.id, typed[column.id], dtype=dtype))
        elif column.id in plain.columns:
            series.append(plain[column.id])
        else:
            series.append(pl.Series(column.id, [None] * len(rows), dtype=dtype))
    return pl.DataFrame(series)


def _raw_frame(sheet: Sheet, rows: Sequence[int], cells: Mapping[str, Cells]) -> pl.DataFrame:
    series = [pl.Series(ROW, rows, dtype=pl.Int32())]
    for column in sheet.columns:
        if column.id in cells:
            texts = [(cell or None) if type(cell) is str else raw_text(cell) for cell in cells[column.id]]
            series.append(pl.Series(column.id, texts, dtype=pl.String()))
        else:
            series.append(pl.Series(column.id, [None] * len(rows), dtype=pl.String()))
    return pl.DataFrame(series)


def _legacy_texts(cells: Mapping[str, Cells], marks: Marks) -> Iterator[tuple[str, Encoding]]:
    for column_id, marked in marks.items():
        for at, found in marked.items():
            cell, encoding = cells[column_id][at], encoding_of(found)
            if encoding is not None and isinstance(cell, str):
                yield cell, encoding


def _unmarked(columns: Iterable[Column], cells: Mapping[str, Cells], marks: Marks) -> dict[str, Cells]:
    """Return `cells` without those whose format says something that their column must heed."""
    found = dict(cells)
    for column in columns:
        telling = _TELLING.get(column.type, _NO_MARKS)
        marked = marks.get(column.id, {}).items()
        if odd := {at for at, said in marked if said & telling or (column.money and shows_unit(said))}:
            found[column.id] = [BLANK if at in odd else cell for at, cell in enumerate(cells[column.id])]
    return found


def _convert_plain(
    sheet: Sheet, columns: Iterable[Column], cells: Mapping[str, Cells], setting: Setting
) -> pl.DataFrame:
    """Return what polars can take over; null wherever a cell has to be looked at by itself, or is blank."""
    series = []
    expressions = []
    for column in columns:
        if column.id in setting.lists:
            series.append(pl.Series(column.id, [None] * len(cells[column.id]), dtype=DTYPES[column.type]))
            continue
        is_code = is_identifier(column, sheet)
        source, expression = _plain(column, cells[column.id], setting, is_code=is_code)
        series.append(source)
        expressions.append(expression)
    return pl.DataFrame(series).with_columns(expressions)


def _plain(column: Column, cells: Cells, setting: Setting, *, is_code: bool) -> tuple[pl.Series, pl.Expr]:
    name = column.id
    match column.type:
        case "string":
            texts = [c if type(c) is str else None for c in cells]
            return pl.Series(name, texts, dtype=pl.String()), _plain_text(column, is_code=is_code)
        case "date":
            days = [c if type(c) is date else None for c in cells]
            inside = pl.col(name).is_between(dates.FIRST, dates.LAST)
            return pl.Series(name, days, dtype=pl.Date()), pl.when(inside).then(pl.col(name)).alias(name)
        case "boolean":
            flags = [c if type(c) is bool else None for c in cells]
            return pl.Series(name, flags, dtype=pl.Boolean()), pl.col(name)
    numbers = [c if type(c) is float or type(c) is int else None for c in cells]
    factor = setting.factor if column.money else 1
    return pl.Series(name, numbers, dtype=pl.Float64(), strict=False), _plain_number(
        name, column.type, factor
    )


def _plain_text(column: Column, *, is_code: bool) -> pl.Expr:
    if is_code:
        return plain_code(column.id, is_tax_code=column.checksum == "vn-mst")
    if column.contact:
        return pl.lit(None, dtype=pl.String()).alias(column.id)
    return pl.when(unsuspected(column.id)).then(spotless(column.id)).alias(column.id)


@cache
def _plain_number(name: str, kind: ColumnType, factor: int) -> pl.Expr:
    """Return the expression for cells that are numbers.

    An amount is taken over where whole đồng divided by the unit give back the very number of the cell: then no
    digit of it can be noise.
    """
    number = pl.col(name)
    if kind == "number":
        return pl.when(number.abs() < PRECISE_BELOW).then(number).alias(name)
    whole = (number * factor).round()
    is_exact = (whole / factor == number) & (whole.abs() < PRECISE_BELOW)
    return pl.when(is_exact).then(whole).cast(pl.Int64()).alias(name)


def _odd_cells(column: Column, cells: Cells, plain: pl.DataFrame) -> list[tuple[int, Cell]]:
    if not plain[column.id].null_count():
        return []
    return [
        (at, cells[at])
        for at, value in enumerate(plain[column.id].to_list())
        if value is None and cells[at] != BLANK
    ]


def _beside(
    column: Column, marks: Mapping[int, frozenset[str]], values_of: Columns, setting: Setting
) -> Callable[[int], Beside] | None:
    """Return what tells, for a row, what stands beside its cell of `column`; None if nothing does."""
    parents = values_of(column.code_parent)
    units = _units(column, values_of, setting) if column.unit_in else None
    if parents is None and units is None and not marks:
        return None

    def beside(at: int) -> Beside:
        parent = parents[at] if parents else None
        is_share = units is not None and is_percent(units[at])
        return Beside(None if parent is None else str(parent), is_share, marks.get(at, _NO_MARKS))

    return beside


def _units(column: Column, values_of: Columns, setting: Setting) -> list[str] | None:
    """Return the unit of each row: as it is named there, else that of the row's code, where the list has units."""
    named = values_of(column.unit_in)
    for name, listed in setting.lists.items():
        known = {entry.code: unit for entry in listed.codes if (unit := entry.extra.get("unit"))}
        codes = values_of(name) if known else None
        if codes is not None:
            named = [
                unit or known.get(str(code), "")
                for unit, code in zip(named or [None] * len(codes), codes, strict=True)
            ]
    return None if named is None else [str(unit or "") for unit in named]


def _convert_odd(task: _Task, odd: Iterable[tuple[int, Cell]], values: list[Value]) -> list[Oddity]:
    """Put the values of the `odd` cells into `values`; return what there is to say of them."""
    known: dict[tuple[type, Cell, Beside], tuple[Value, list[Remark]]] = {}
    found: list[Oddity] = []
    for at, cell in odd:
        key = (type(cell), cell, task.beside(at) if task.beside else _PLAIN)
        if key not in known:
            known[key] = _read(task, cell, key[2])
        values[at], remarks = known[key]
        if remarks:
            found += [Oddity(task.column, at, code, facts) for code, facts in remarks]
    return _once_a_habit(found)


def _read(task: _Task, cell: Cell, beside: Beside) -> tuple[Value, list[Remark]]:
    """Return what `cell` means, and what there is to say of its encoding and of itself."""
    decoding = task.decoder.read(cell, beside.marks) if type(cell) is str else Decoding("")
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
