"""What a PivotTable is made from: a native table, and which of its columns stand where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from xltrack.excel.pivot.collation import vietnamese
from xltrack.excel.rows_xml import is_exact


@dataclass(frozen=True)
class Table:
    """A native table with its rows; the columns of `frame` bear the headings, whole numbers or texts.

    `orders` gives a column's texts in the order in which they are shown; what is not named follows by the alphabet.
    Columns that a pivot puts on an axis hold texts and no blanks.
    """

    name: str
    frame: pl.DataFrame
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def items(self, column: str) -> tuple[str, ...]:
        """Return the different texts of `column` in their order; Excel takes texts that differ in case for one."""
        if column not in self._items:
            known = {text: place for place, text in enumerate(self.orders.get(column, ()))}
            found = self.frame[column].unique().to_list()
            self._items[column] = tuple(
                sorted(found, key=lambda text: (known.get(text, len(known)), vietnamese(text)))
            )
        return self._items[column]

    @cached_property
    def summable(self) -> pl.DataFrame:
        """Return the rows without the numbers that a cell can hold as text only, which no pivot adds up."""
        whole = [name for name, kind in self.frame.schema.items() if kind.is_integer()]
        exact = [pl.when(is_exact(self.frame[name])).then(pl.col(name)).alias(name) for name in whole]
        return self.frame.with_columns(exact)

    @cached_property
    def _items(self) -> dict[str, tuple[str, ...]]:
        return {}


@dataclass(frozen=True, slots=True)
class Measure:
    """A column that is added up: the heading of its sums (unlike any column's) and how they are shown."""

    column: str
    title: str
    number_format: str


@dataclass(frozen=True)
class Pivot:
    """One PivotTable over `table`: sums of one measure by the columns of `rows` and, if there is one, `across`.

    `filters` maps further columns to the one text that is chosen, None for all. `total_row` and `total_column` are
    asked for only where such sums mean something; `subtotals` close each group but the innermost of `rows`.
    """

    name: str
    table: Table
    rows: tuple[str, ...]
    measure: Measure
    across: str | None = None
    filters: Mapping[str, str | None] = field(default_factory=dict)
    total_row: bool = True
    total_column: bool = False
    subtotals: bool = True

    @cached_property
    def chosen(self) -> pl.DataFrame:
        """Return the rows of the table that the filters let through, with the columns that the pivot shows."""
        wanted = [pl.col(name) == text for name, text in self.filters.items() if text is not None]
        return self.table.summable.select(sorted({*self.axes, self.measure.column})).filter(*wanted)

    @property
    def axes(self) -> tuple[str, ...]:
        """Return the columns whose texts the pivot lists."""
        return (*self.rows, *([self.across] if self.across else []), *self.filters)
