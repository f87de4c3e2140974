"""Columns of a sheet in which something stands, and their cells as series: each different one made into it once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from xltrack.forms import Column, Sheet
from xltrack.reading.cells import BLANK, Cell, are_told_apart, raw_text, types_of

Cells = Sequence[Cell]
# Up to so many different cells, or one in so many, are sooner read one by one than set up for polars.
_FEW, _SHARE = 8, 128
_REPEATED = 2


@dataclass(frozen=True)
class Filled:
    """A column in which something stands: its cells, how many are blank, the different ones, and the types of all."""

    column: Column
    cells: Cells
    blanks: int
    different: set[Cell]
    types: set[type]

    def are(self, *types: type) -> bool:
        """Return whether all cells are of one of `types`."""
        return self.types.issubset(types)

    @property
    def are_few(self) -> bool:
        """Return whether the different cells are best read one by one."""
        return len(self.different) <= max(_FEW, len(self.cells) // _SHARE)

    @cached_property
    def is_told_apart(self) -> bool:
        """Return whether cells that are equal are the same."""
        return are_told_apart(self.types)

    @cached_property
    def is_repeated(self) -> bool:
        """Return whether so few cells are different that a series is sooner made of these, and spread."""
        count = len(self.different)
        return self.is_told_apart and (count == 1 or count * _REPEATED <= len(self.cells))

    @property
    def are_numbers(self) -> bool:
        """Return whether all cells are numbers or blank."""
        texts = (cell for cell in self.different if type(cell) is str) if str in self.types else ()
        return self.are(float, int, str) and not any(texts)

    @cached_property
    def texts(self) -> pl.Series:
        """Return the cells as text, null where they are blank."""
        if self.are(str) and not self.are_few:
            texts = [cell or None for cell in self.cells] if self.blanks else self.cells
            return pl.Series(self.column.id, texts, dtype=pl.String())
        return self.made(_text, pl.String())

    def made(self, value: Callable[[Cell], object], dtype: pl.DataType) -> pl.Series:
        """Return the column of the `value` of each cell."""
        if self.is_repeated:
            return self.spread(map(value, self.different), dtype)
        known = {cell: value(cell) for cell in self.different}
        values = map(known.__getitem__ if self.is_told_apart else value, self.cells)
        return pl.Series(self.column.id, list(values), dtype=dtype)

    def spread(self, values: Iterable[object], dtype: pl.DataType) -> pl.Series:
        """Return the column that has for each cell the one of `values`, given in the order of the different cells."""
        known = pl.Series(self.column.id, list(values), dtype=dtype)
        return known.new_from_index(0, len(self.cells)) if len(known) == 1 else known[self._places]

    @cached_property
    def _places(self) -> pl.Series:
        """Return for each cell its place among the different ones."""
        places = {cell: place for place, cell in enumerate(self.different)}
        return pl.Series(list(map(places.__getitem__, self.cells)), dtype=pl.UInt32())


def _text(cell: Cell) -> str | None:
    return raw_text(cell) or None


@dataclass(frozen=True)
class Texts:
    """What stood in the cells of a sheet, as text: made when it is asked for, as little of it ever is.

    `filled` are the columns in which something stands, by id; in any other the `height` cells are blank.
    """

    height: int = 0
    filled: Mapping[str, Filled] = field(default_factory=dict)

    def at(self, column: str, place: int) -> str | None:
        """Return what stands in one cell, None if it is blank."""
        return _text(self.filled[column].cells[place]) if column in self.filled else None

    def __getitem__(self, column: str) -> pl.Series:
        """Return what stands in the cells of `column`, null where they are blank."""
        if column in self.filled:
            return self.filled[column].texts
        return pl.Series(column, [None], dtype=pl.String()).new_from_index(0, self.height)

    def are_numbers(self, column: str) -> bool:
        """Return whether all cells of `column` are numbers or blank."""
        return column not in self.filled or self.filled[column].are_numbers


def filled_columns(sheet: Sheet, cells: Mapping[str, Cells]) -> dict[str, Filled]:
    """Return those of the columns `cells`, by their ids, in which something stands, in the order of `sheet`."""
    given = [column for column in sheet.columns if column.id in cells]
    found = [(column, cells[column.id], set(cells[column.id])) for column in given]
    return {
        column.id: Filled(
            column,
            there,
            there.count(BLANK) if BLANK in different else 0,
            different,
            types_of(there, different),
        )
        for column, there, different in found
        if different - {BLANK}
    }
