"""Turns the columns of a sheet into typed frames."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
from typing import NamedTuple, TypeVar

import polars as pl

from xltrack.forms import Column, ColumnType, Sheet
from xltrack.reading import dates
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.evidence import (
    autofill,
    may_rise,
    misplaced_personal_ids,
    mixed_points,
    swapped_days,
)
from xltrack.reading.filled import Cells, Filled, Texts, filled_columns
from xltrack.reading.identifiers import is_identifier, plain_code
from xltrack.reading.legacy import SUSPECT, Decoder, Encoding, encoding_of
from xltrack.reading.meanings import NO_MARKS, Near, Task, read_cells
from xltrack.reading.model import DTYPES, ROW
from xltrack.reading.numbers import PRECISE_BELOW
from xltrack.reading.text import SPOTTED, without
from xltrack.reading.values import Marks, Oddity, Setting, Value, shows_unit

Item = TypeVar("Item")
# Which marks of a format make a cell odd in a column of which type.
_TELLING: Mapping[ColumnType, frozenset[str]] = {
    "string": frozenset({"tcvn3", "vni"}),
    "integer": frozenset({"percent"}),
    "number": frozenset({"percent"}),
}
# Of which types the cells of a column are that polars takes over, and as what.
_TYPES: Mapping[ColumnType, tuple[type, ...]] = {
    "string": (str,), "boolean": (bool,), "integer": (float, int), "number": (float, int),
}  # fmt: skip
_SOURCES: Mapping[str, pl.DataType] = {**DTYPES, "integer": pl.Float64()}
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Coerced:
    """The typed frame, the texts as they stood, and what was odd, in the order of rows.

    `cells` is how many cells with content they are made of.
    """

    frame: pl.DataFrame
    raw: Texts
    oddities: tuple[Oddity, ...]
    cells: int


class _Asked(NamedTuple):
    """What is to be read of a sheet: the columns in which something stands, by their ids."""

    sheet: Sheet
    rows: Sequence[int]
    columns: Mapping[str, Filled]
    setting: Setting
    marks: Marks
    decoder: Decoder

    def is_soon_read(self, filled: Filled) -> bool:
        """Return whether the different cells of a column are best read one by one; codes of lists always are."""
        return filled.are_few or filled.column.id in self.setting.lists or bool(filled.column.contact)


def coerce(
    sheet: Sheet,
    rows: Sequence[int],
    cells: Mapping[str, Cells],
    setting: Setting,
    marks: Marks | None = None,
) -> Coerced:
    """Return `cells`, columns by id, as typed columns; `rows` are the numbers of their rows in the file.

    Columns of many different cells that are of the right type already are taken over as they are, in one pass of
    polars. Only the others, and those whose formats say something (`marks`), are looked at one by one, each different
    one once.
    """
    if not rows:
        return _blank(tuple((column.id, column.type) for column in sheet.columns))
    decoder = Decoder(_legacy_texts(cells, marks or {}))
    asked = _Asked(sheet, rows, filled_columns(sheet, cells), setting, marks or {}, decoder)
    raw = Texts(len(rows), asked.columns)
    typed, oddities = _read(asked, _convert_plain(asked))
    frame = _frame(asked, typed)
    for filled in asked.columns.values():
        if may_rise(filled):
            unknown = [odd.at for odd in oddities if odd.column is filled.column and odd.code == "XLT306"]
            oddities += autofill(filled, frame[ROW], unknown)
        oddities += misplaced_personal_ids(filled.column, frame, raw)
    content = sum(len(rows) - filled.blanks for filled in asked.columns.values())
    return Coerced(frame, raw, tuple(sorted(oddities, key=lambda odd: odd.at)), content)


@cache
def _blank(columns: tuple[tuple[str, ColumnType], ...]) -> Coerced:
    """Return what a sheet of these columns, by id and type, is without rows: most sheets of most returns."""
    typed = {ROW: pl.Int32(), **{name: DTYPES[kind] for name, kind in columns}}
    return Coerced(pl.DataFrame(schema=typed), Texts(), (), 0)


def _frame(asked: _Asked, known: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Return the frame of the rows and of all columns, null where they are not `known`."""
    dtypes = {column.id: DTYPES[column.type] for column in asked.sheet.columns}
    unknown = {dtypes[name] for name in dtypes if name not in known}
    blank = {dtype: pl.Series([None], dtype=dtype).new_from_index(0, len(asked.rows)) for dtype in unknown}
    numbers = pl.Series(ROW, asked.rows, dtype=pl.Int32())
    columns = [known[name] if name in known else blank[dtype].alias(name) for name, dtype in dtypes.items()]
    return pl.DataFrame([numbers, *columns])


def _convert_plain(asked: _Asked) -> dict[str, pl.Series]:
    """Return what polars can take over; null wherever a cell has to be looked at by itself, or is blank."""
    columns = [filled for filled in asked.columns.values() if not asked.is_soon_read(filled)]
    sources = [(filled.column, _source(filled)) for filled in columns]
    found = {column.id: _whole(asked, column, source) for column, source in sources}
    odd = [(source, _plain(asked, column)) for column, source in sources if found[column.id] is None]
    if odd:
        frame = pl.DataFrame([source for source, _ in odd]).select([plain for _, plain in odd])
        found |= {series.name: series for series in frame.get_columns()}
    return {name: series for name, series in found.items() if series is not None}


def _whole(asked: _Asked, column: Column, source: pl.Series) -> pl.Series | None:
    """Return the column if all of its cells can be taken over, None if `_plain` has to say which.

    To ask a series is soon done; an expression takes polars longer to understand than a thousand cells to go through.
    """
    if column.type == "boolean" or source.null_count() == len(source):
        return source.cast(DTYPES[column.type])
    if column.type == "date":
        return source if (source >= dates.FIRST).all() and (source <= dates.LAST).all() else None
    if column.type == "string" or not _is_precise(source):
        return None
    if column.type == "number":
        return source
    whole = source.cast(pl.Int64())
    is_exact = (not column.money or asked.setting.factor == 1) and (whole == source).all()
    return whole if is_exact else None


def _is_precise(numbers: pl.Series) -> bool:
    return bool((numbers < PRECISE_BELOW).all() and (numbers > -PRECISE_BELOW).all())


def _source(filled: Filled) -> pl.Series:
    """Return those cells that have the type of their column; the others are null."""
    name, kind = filled.column.id, filled.column.type
    if kind == "string" and filled.are(str):
        return filled.texts
    if kind == "date":
        # By way of numbers polars takes a third of the time.
        return filled.made(_day, pl.Int32()).cast(pl.Date())
    return pl.Series(name, _only(filled, *_TYPES[kind]), dtype=_SOURCES[kind], strict=False)


def _day(cell: Cell) -> int | None:
    return cell.toordinal() - _EPOCH if type(cell) is date else None


def _only(filled: Filled, *types: type) -> Sequence[Cell | None]:
    """Return the cells with None for those of other `types`."""
    cells = filled.cells
    return cells if filled.are(*types) else [cell if type(cell) in types else None for cell in cells]


def _plain(asked: _Asked, column: Column) -> pl.Expr:
    name = column.id
    if column.type == "string":
        return _plain_text(column, is_code=is_identifier(column, asked.sheet))
    if column.type == "date":
        inside = pl.col(name).is_between(dates.FIRST, dates.LAST)
        return pl.when(inside).then(pl.col(name)).alias(name)
    return _plain_number(name, column.type, asked.setting.factor if column.money else 1)


def _plain_text(column: Column, *, is_code: bool) -> pl.Expr:
    if is_code:
        return plain_code(column.id, is_tax_code=column.checksum == "vn-mst")
    return without(column.id, SPOTTED, SUSPECT)


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


def _read(asked: _Asked, plain: Mapping[str, pl.Series]) -> tuple[dict[str, pl.Series], list[Oddity]]:
    """Return the columns typed, those narrowed by others read last, and what was odd."""
    typed = dict(plain)
    oddities: list[Oddity] = []
    for name, filled in sorted(asked.columns.items(), key=lambda item: _is_narrowed(item[1].column)):
        odd = _odd_places(asked, filled, plain.get(name))
        if odd:
            read, said = _read_odd(asked, filled, odd, typed)
            swapped = swapped_days(filled.column, filled.cells, read)
            oddities += [*said, *swapped, *mixed_points(filled.column, filled.cells)]
            refused = [odd.at for odd in swapped if odd.code == "XLT314"]
            typed[name] = read.scatter(refused, None) if refused else read
    return typed, oddities


def _read_odd(
    asked: _Asked, filled: Filled, odd: Sequence[int], typed: Mapping[str, pl.Series]
) -> tuple[pl.Series, list[Oddity]]:
    """Return the column with its cells at the places `odd` read one by one, the others as `typed` before."""
    column, dtype = filled.column, DTYPES[filled.column.type]
    cells = _at(odd, filled.cells)
    different = filled.different if cells is filled.cells else set(cells)
    is_code = is_identifier(column, asked.sheet)
    task = Task(column, is_code, different if filled.is_told_apart else None, asked.setting, asked.decoder)
    keys, values, said = read_cells(task, odd, cells, _near(asked, column, typed, odd))
    if keys is filled.cells and filled.is_repeated:
        return filled.spread(map(values.__getitem__, different), dtype), said
    found = _put(list(map(values.__getitem__, keys)), odd, typed.get(column.id))
    return pl.Series(column.id, found, dtype=dtype), said


def _is_narrowed(column: Column) -> bool:
    return bool(column.code_parent or column.unit_in)


def _odd_places(asked: _Asked, filled: Filled, plain: pl.Series | None) -> Sequence[int]:
    """Return the places of the cells to be looked at by themselves: all where none is `plain`."""
    column, cells = filled.column, filled.cells
    if plain is None:
        return range(len(cells))
    telling = _telling(column, asked.marks.get(column.id, {}))
    if not telling and plain.null_count() == filled.blanks:
        return ()
    values = plain.to_list()
    return [at for at, value in enumerate(values) if (value is None or at in telling) and cells[at] != BLANK]


def _telling(column: Column, marks: Mapping[int, frozenset[str]]) -> set[int]:
    """Return the places of the cells whose format says something that the column must heed."""
    telling = _TELLING.get(column.type, NO_MARKS)
    return {at for at, said in marks.items() if said & telling or (column.money and shows_unit(said))}


def _at(places: Sequence[int], column: Sequence[Item]) -> Sequence[Item]:
    return column if len(places) == len(column) else [column[at] for at in places]


def _put(found: list[Value], places: Sequence[int], plain: pl.Series | None) -> list[Value]:
    """Return the values that are `plain` with those `found` in their places."""
    if plain is None:
        return found
    values: list[Value] = plain.to_list()
    for at, value in zip(places, found, strict=True):
        values[at] = value
    return values


def _near(
    asked: _Asked, column: Column, typed: Mapping[str, pl.Series], places: Sequence[int]
) -> Sequence[Near] | None:
    """Return what stands beside the cells of `column` at the `places`, None if nothing does."""
    parents = _values(typed, column.code_parent)
    units = _units(asked, column, typed) if column.unit_in else None
    marks = asked.marks.get(column.id)
    if parents is None and units is None and not marks:
        return None
    beside = (
        repeat(None) if parents is None else _at(places, parents),
        repeat(None) if units is None else _at(places, units),
        [marks.get(at, NO_MARKS) for at in places] if marks else repeat(NO_MARKS),
    )
    return list(zip(*beside, strict=False))


def _values(typed: Mapping[str, pl.Series], name: str | None) -> list[Value] | None:
    return typed[name].to_list() if name is not None and name in typed else None


def _units(asked: _Asked, column: Column, typed: Mapping[str, pl.Series]) -> list[str] | None:
    """Return the unit of each row: as it is named there, else that of the row's code, where the list has units."""
    named = _values(typed, column.unit_in)
    for name, listed in asked.setting.lists.items():
        known = {entry.code: unit for entry in listed.codes if (unit := entry.extra.get("unit"))}
        codes = _values(typed, name) if known else None
        if codes is not None:
            named = [
                unit or known.get(str(code), "")
                for unit, code in zip(named or [None] * len(codes), codes, strict=True)
            ]
    return None if named is None else [str(unit or "") for unit in named]


def _legacy_texts(cells: Mapping[str, Cells], marks: Marks) -> Iterator[tuple[str, Encoding]]:
    for column_id, marked in marks.items():
        for at, found in marked.items():
            cell, encoding = cells[column_id][at], encoding_of(found)
            if encoding is not None and isinstance(cell, str):
                yield cell, encoding
