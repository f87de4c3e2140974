"""Rows of a table as the XML of a worksheet, many at a time: 200,000 rows take a third of a second."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from xml.sax.saxutils import escape

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from xltrack.excel.packed import Piece, piece
from xltrack.excel.strings_xml import xml_text
from xltrack.excel.wording import DIGITS, EPOCH
from xltrack.stages import stage

NUMBER, LEFT, RIGHT = "number", "left", "right"
"""The columns with the numbers of the rows, and with what stands beside the table."""
_PIECE = 2_000
"""Rows that are made at a time: a worksheet of 100,000 rows is never in memory as a whole."""
_BEYOND = 10**DIGITS


@dataclass(frozen=True, slots=True)
class Cells:
    """How the cells of a column are written: the number of their format ("" for none), and what follows each of them.

    `prefix` is that of the worksheet's elements. A cell is written from behind the number of its row.
    """

    style: str
    after: str = ""
    prefix: str = ""

    def blank(self) -> str:
        """Return a cell with nothing."""
        return f'"{self._format}/>{self.after}'

    def numbers(self, values: pl.Series) -> pl.Series:
        """Return the cells with these numbers, given as texts."""
        p = self.prefix
        return f'"{self._format}><{p}v>' + values + f"</{p}v></{p}c>{self.after}"

    def whole_numbers(self, values: pl.Series) -> pl.Series:
        """Return the same; what has more digits than Excel keeps is written as text."""
        kept = _has_few_digits(values)
        return self.numbers(values) if kept.all() else self.numbers(values).zip_with(kept, self.texts(values))

    def texts(self, values: pl.Series) -> pl.Series:
        """Return the cells with these texts, which stand in the cells themselves and so are never formulas."""
        return pl.Series([self._text(value) for value in values], dtype=pl.String)

    def calculated(self, formula: str) -> str:
        """Return a cell that Excel works out by `formula`."""
        p = self.prefix
        return f'"{self._format}><{p}f>{escape(formula)}</{p}f></{p}c>{self.after}'

    def _text(self, value: str) -> str:
        p = self.prefix
        kept = "" if value == value.strip() and "\n" not in value else ' xml:space="preserve"'
        shown = f"<{p}t{kept}>{escape(xml_text(value))}</{p}t>"
        return f'"{self._format} t="inlineStr"><{p}is>{shown}</{p}is></{p}c>{self.after}'

    @property
    def _format(self) -> str:
        return f' s="{self.style}"' if self.style else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows of a table begin (row and column from 0), and by number the formats of their columns.

    `height` are the attributes that say how high a row is, `prefix` is that of the worksheet's elements.
    """

    first: tuple[int, int]
    styles: tuple[str, ...]
    height: str = ""
    prefix: str = ""

    def cells(self) -> list[Cells]:
        """Return how the cells of each column are written: behind them stands the tag of the next one."""
        behind = (*self.tags()[1:], "")
        return [Cells(style, tag, self.prefix) for style, tag in zip(self.styles, behind, strict=True)]

    def tags(self) -> list[str]:
        """Return of the tag of each column's cells what stands before the number of the row."""
        letters = (xl_col_to_name(self.first[1] + place) for place in range(len(self.styles)))
        return [f'<{self.prefix}c r="{one}' for one in letters]


@dataclass(frozen=True, slots=True)
class RowsXml:
    """Rows that are to be written: their `values`, and the XML of each of them, as bytes."""

    values: pl.DataFrame
    xml: pl.Expr

    def pieces(self, threads: Executor) -> Iterator[Piece]:
        """Return an iterator over the rows, made and deflated by `threads` from now on, a few thousand at a time."""
        return threads.map(self._piece, self.values.iter_slices(_PIECE))

    def _piece(self, some: pl.DataFrame) -> Piece:
        with stage("workbook"):
            # Joined by Python: polars would copy what it joins three times more.
            return piece(b"".join(some.select(self.xml).to_series().to_list()))


def rows_xml(
    layout: Layout, columns: Sequence[pl.Series | str], height: int, beside: pl.DataFrame | None = None
) -> RowsXml:
    """Return `height` rows with these columns, of which a text is the formula in all its cells.

    `beside` says what stands left and right of the table in some rows: NUMBER, LEFT and RIGHT, all texts.
    """
    first = layout.first[0] + 1
    values = pl.int_range(first, first + height, eager=True).cast(pl.String).alias(NUMBER).to_frame()
    if beside is not None:
        values = values.join(beside, on=NUMBER, how="left", maintain_order="left").fill_null("")
    contents: list[str | pl.Expr] = []
    for place, (column, cells) in enumerate(zip(columns, layout.cells(), strict=True)):
        if isinstance(column, str):
            contents.append(cells.calculated(column))
        else:
            name = str(place)
            numbers, made = _written(column, cells)
            values = values.with_columns(numbers.alias(name))
            contents.append(_content(name, numbers, made, cells))
    return RowsXml(values, _joined(_row(layout, contents, has_sides=beside is not None)))


def _content(name: str, numbers: pl.Series, made: pl.Series, cells: Cells) -> str | pl.Expr:
    """Return the cells `made` by their `numbers`, which the column `name` has; one text if all rows have the same."""
    each, first = pl.lit(made).gather(pl.col(name)), numbers.min()
    if numbers.null_count():
        return each.fill_null(cells.blank())
    return str(made[first]) if isinstance(first, int) and first == numbers.max() else each


def _row(layout: Layout, contents: Iterable[str | pl.Expr], *, has_sides: bool) -> list[str | pl.Expr]:
    """Return what a row is made of: its tag, what stands left of the table, its cells, what stands right of it."""
    start, attributes, end = row_tags(layout.prefix, layout.height)
    left, right = (pl.col(LEFT), pl.col(RIGHT)) if has_sides else ("", "")
    pieces: list[str | pl.Expr] = [start, pl.col(NUMBER), attributes, left, layout.tags()[0]]
    for content in contents:
        pieces += (pl.col(NUMBER), content)
    return [*pieces, right, end]


def _joined(pieces: Iterable[str | pl.Expr]) -> pl.Expr:
    """Return the bytes of each row, made of these pieces; a text is the same in every row."""
    runs = groupby(pieces, key=lambda piece: isinstance(piece, str))
    parts = [[pl.lit("".join(map(str, run)))] if is_fixed else list(run) for is_fixed, run in runs]
    return pl.concat_str([part for run in parts for part in run]).cast(pl.Binary)


def _written(column: pl.Series, cells: Cells) -> tuple[pl.Series, pl.Series]:
    """Return numbers of what differs in `column`, and the cells of that: each is made once, however many have it."""
    if isinstance(column.dtype, pl.Enum):
        return column.to_physical(), cells.texts(column.dtype.categories)
    different = column.drop_nulls().unique()
    numbers = pl.int_range(len(different), dtype=pl.UInt32, eager=True)
    return column.replace_strict(different, numbers).cast(pl.UInt32), _made(different, cells)


def _made(values: pl.Series, cells: Cells) -> pl.Series:
    if values.dtype == pl.String:
        return cells.texts(values)
    numbers = _plain(values).cast(pl.String)
    return cells.whole_numbers(numbers) if values.dtype.is_integer() else cells.numbers(numbers)


def row_tags(prefix: str, attributes: str = "") -> tuple[str, str, str]:
    """Return the tags around the cells of a row: what stands before its number, behind it, and at its end."""
    tag = f"{prefix}row"
    return f'<{tag} r="', f'"{attributes and f" {attributes}"}>', f"</{tag}>"


def is_exact(column: pl.Series) -> pl.Series:
    """Return which whole numbers Excel keeps to the last digit: it keeps 15, and zeros behind them."""
    ends = [int(end) for end in (column.min(), column.max()) if isinstance(end, int)]
    if all(abs(end) < _BEYOND for end in ends):
        return pl.repeat(True, len(column), eager=True)
    return _has_few_digits(column.cast(pl.String))


def _has_few_digits(numbers: pl.Series) -> pl.Series:
    return numbers.str.strip_chars("-0").str.len_chars() <= DIGITS


def _plain(column: pl.Series) -> pl.Series:
    """Return dates as the numbers by which Excel means them, truth values as 0 and 1."""
    if column.dtype == pl.Date:
        return column.to_physical() - (EPOCH - date(1970, 1, 1)).days
    return column.cast(pl.Int8) if column.dtype == pl.Boolean else column
