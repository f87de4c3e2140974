"""Which lines a PivotTable has, and the sum in each of its cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import polars as pl

from xltrack.excel.pivot.spec import Pivot

Kind = Literal["data", "subtotal", "total"]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the body: the texts that lead to it, and how many of them stand in the line above as well."""

    kind: Kind
    key: Key
    repeated: int = 0


@dataclass(frozen=True)
class Lines:
    """The lines and columns of `pivot`, and its sums."""

    pivot: Pivot

    @cached_property
    def rows(self) -> tuple[Line, ...]:
        """Return the lines from top to bottom, each group followed by its subtotal."""
        total = [Line("total", ())] if self.pivot.total_row else []
        return (*self._below(()), *total)

    @cached_property
    def columns(self) -> tuple[str | None, ...]:
        """Return the texts across, None for the column of totals; without a column across, one total."""
        across = self.pivot.across
        if across is None:
            return (None,)
        there = set(self.pivot.chosen[across].unique())
        found = [text for text in self.pivot.table.items(across) if text in there]
        return (*found, *([None] if self.pivot.total_column else []))

    def value(self, line: Line, column: str | None) -> int | float | None:
        """Return the sum in the cell of `line` under `column`, None where no row of the table leads there."""
        return self._sums.get((line.key, column))

    @cached_property
    def _sums(self) -> Mapping[tuple[Key, str | None], int | float | None]:
        found: dict[tuple[Key, str | None], int | float | None] = {}
        for depth in range(len(self.pivot.rows) + 1):
            for across in {None, self.pivot.across}:
                found |= self._grouped(self.pivot.rows[:depth], across)
        return found

    def _grouped(self, rows: Key, across: str | None) -> dict[tuple[Key, str | None], int | float | None]:
        by = [*rows, *([across] if across else [])]
        value = self.pivot.measure.column
        # A sum of nothing but blanks is blank, as Excel has it, and đồng may add up beyond 64 bits.
        column = pl.col(value)
        wide = column.cast(pl.Int128) if self.pivot.table.frame.schema[value].is_integer() else column
        total = pl.when(column.count() > 0).then(wide.sum()).alias("")
        frame = self.pivot.chosen
        summed = frame.group_by(by).agg(total) if by else frame.select(total)
        return {(row[: len(rows)], row[-2] if across else None): row[-1] for row in summed.rows()}

    @cached_property
    def _keys(self) -> frozenset[Key]:
        rows = self.pivot.rows
        keys = self.pivot.chosen.select(rows).unique().rows()
        return frozenset(key[:depth] for key in keys for depth in range(1, len(rows) + 1))

    def _below(self, key: Key) -> Iterator[Line]:
        depth = len(key)
        texts = self.pivot.table.items(self.pivot.rows[depth])
        below = [(*key, text) for text in texts if (*key, text) in self._keys]
        for place, longer in enumerate(below):
            repeated = depth if place else 0
            if depth + 1 == len(self.pivot.rows):
                yield Line("data", longer, repeated)
                continue
            first, *others = self._below(longer)
            yield Line(first.kind, first.key, repeated)
            yield from others
            if self.pivot.subtotals:
                yield Line("subtotal", longer)
