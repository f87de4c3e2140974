"""Turns the columns of a sheet into typed frames."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

import polars as pl

from xltrack.forms import Column, ColumnType, Sheet
from xltrack.reading import dates
from xltrack.reading.cells import BLANK, Cell, raw_text
from xltrack.reading.convert import Converted, Setting, Value, convert
from xltrack.reading.model import DTYPES, ROW
from xltrack.reading.numbers import PRECISE_BELOW
from xltrack.reading.text import spotless

Cells = Sequence[Cell]


class Oddity(NamedTuple):
    """What there is to say of one cell: its column, the place of its row, a finding's code and facts."""

    column: Column
    at: int
    code: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Coerced:
    """The typed frame, the frame of the texts as they stood, and what was odd, in the order of rows."""

    frame: pl.DataFrame
    raw: pl.DataFrame
    oddities: tuple[Oddity, ...]


def coerce(sheet: Sheet, rows: Sequence[int], cells: Mapping[str, Cells], setting: Setting) -> Coerced:
    """Return `cells`, columns by id, as typed columns; `rows` are the numbers of their rows in the file.

    Columns whose cells are of the right type already are taken over as they are, in one pass of polars; only
    the other cells are looked at one by one, each different one once.
    """
    columns = [column for column in sheet.columns if column.id in cells]
    plain = _convert_plain(columns, cells, setting)
    typed: dict[str, list[Value]] = {}
    oddities: list[Oddity] = []
    for column in sorted(columns, key=lambda column: column.code_parent is not None):
        odd = _odd_cells(column, cells[column.id], plain)
        if odd:
            values = plain[column.id].to_list()
            parents = _values_of(column.code_parent, typed, plain)
            oddities += _convert_odd(column, odd, values, parents, setting)
            typed[column.id] = values
    frame = _frame(sheet, rows, plain, typed)
    return Coerced(frame, _raw_frame(sheet, rows, cells), tuple(sorted(oddities, key=lambda odd: odd.at)))


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


def _convert_plain(columns: Iterable[Column], cells: Mapping[str, Cells], setting: Setting) -> pl.DataFrame:
    """Return what polars can take over; null wherever a cell has to be looked at by itself, or is blank."""
    series = []
    expressions = []
    for column in columns:
        if _is_looked_up(column, setting):
            series.append(pl.Series(column.id, [None] * len(cells[column.id]), dtype=DTYPES[column.type]))
            continue
        source, expression = _plain(column, cells[column.id], setting)
        series.append(source)
        expressions.append(expression)
    return pl.DataFrame(series).with_columns(expressions)


def _is_looked_up(column: Column, setting: Setting) -> bool:
    return column.id in setting.lists or column.checksum is not None


def _plain(column: Column, cells: Cells, setting: Setting) -> tuple[pl.Series, pl.Expr]:
    name = column.id
    match column.type:
        case "string":
            return pl.Series(
                name, [c if type(c) is str else None for c in cells], dtype=pl.String()
            ), spotless(name)
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


@cache
def _plain_number(name: str, kind: ColumnType, factor: int) -> pl.Expr:
    """Return the expression for cells that are numbers.

    An amount is taken over where whole đồng divided by the unit give back the very number of the cell: then no
    digit of it can be noise.
    """
    number = pl.col(name)
    if kind == "number":
        return pl.when(number.is_finite()).then(number).alias(name)
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


def _values_of(
    name: str | None, typed: Mapping[str, list[Value]], plain: pl.DataFrame
) -> Callable[[int], str | None]:
    """Return what gives the value of column `name` in a row; None always where there is no such column."""
    if name is None or (name not in typed and name not in plain.columns):
        return lambda _: None
    values = typed[name] if name in typed else plain[name].to_list()
    return lambda at: None if values[at] is None else str(values[at])


def _convert_odd(
    column: Column,
    odd: list[tuple[int, Cell]],
    values: list[Value],
    parents: Callable[[int], str | None],
    setting: Setting,
) -> list[Oddity]:
    """Put the values of the `odd` cells into `values`; return what there is to say of them."""
    known: dict[tuple[type, Cell, str | None], Converted] = {}
    found = []
    for at, cell in odd:
        key = (type(cell), cell, parents(at))
        if key not in known:
            known[key] = convert(column, cell, key[2], setting)
        values[at], code, facts = known[key]
        if code:
            found.append(Oddity(column, at, code, facts))
    return found
