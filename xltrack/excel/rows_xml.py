"""Rows of a table as the XML of a worksheet, many at a time: 200,000 rows take half a second."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from xml.sax.saxutils import escape

import polars as pl

from xltrack.excel.strings_xml import xml_text
from xltrack.excel.wording import DIGITS, EPOCH

NUMBER = "number"
"""The column with the numbers of the rows."""
_BEYOND = 10**DIGITS


@dataclass(frozen=True, slots=True)
class Written:
    """A column to be written: its `values`, and what follows the number of the row in its cell, made from them.

    Of texts `values` are numbers: each different text is made XML once.
    """

    values: pl.Series
    content: pl.Expr


def written(column: pl.Series, style: str, prefix: str = "") -> Written:
    """Return how `column` is written in cells with the number `style` of a format ("" for none).

    Texts stand in the cells themselves, so that none of them is ever a formula; a whole number of more digits than
    Excel keeps is written as text.
    """
    format_ = _format(style)
    if column.dtype in (pl.String, pl.Enum):
        made = _texts(column, format_, prefix)
    elif column.dtype.is_integer() and not is_exact(column).fill_null(value=True).all():
        made = _partly_exact(column, format_, prefix)
    else:
        made = _numbers(_plain(column), format_, prefix)
    return Written(made.values, made.content.fill_null(f'"{format_}/>'))


def calculated(formula: str, style: str, prefix: str = "") -> str:
    """Return what follows the number of the row in a cell that Excel works out by `formula`."""
    return f'"{_format(style)}><{prefix}f>{escape(formula)}</{prefix}f></{prefix}c>'


def row_xml(pieces: Iterable[str | pl.Expr]) -> pl.Expr:
    """Return the bytes of a row made of these pieces; a text is the same in every row."""
    runs = groupby(pieces, key=lambda piece: isinstance(piece, str))
    parts = [[pl.lit("".join(map(str, run)))] if is_fixed else list(run) for is_fixed, run in runs]
    return pl.concat_str([part for run in parts for part in run]).cast(pl.Binary)


def _format(style: str) -> str:
    return f' s="{style}"' if style else ""


def _texts(column: pl.Series, format_: str, prefix: str) -> Written:
    texts = column.dtype if isinstance(column.dtype, pl.Enum) else pl.Enum(column.drop_nulls().unique())
    before, after = f'"{format_} t="inlineStr"><{prefix}is>', f"</{prefix}is></{prefix}c>"
    contents = pl.Series(
        [f"{before}{_text(text, prefix)}{after}" for text in texts.categories], dtype=pl.String
    )
    return Written(column.cast(texts).to_physical(), pl.lit(contents).gather(pl.col(column.name)))


def _text(text: str, prefix: str) -> str:
    kept = "" if text == text.strip() and "\n" not in text else ' xml:space="preserve"'
    return f"<{prefix}t{kept}>{escape(xml_text(text))}</{prefix}t>"


def _partly_exact(column: pl.Series, format_: str, prefix: str) -> Written:
    numbers = _numbers(column, format_, prefix)
    texts = _texts(column.cast(pl.String), format_, prefix)
    ways = [one.values.to_frame().select(one.content).to_series() for one in (numbers, texts)]
    contents = ways[0].zip_with(is_exact(column), ways[1])
    return Written(contents.alias(column.name), pl.col(column.name))


def is_exact(column: pl.Series) -> pl.Series:
    """Return which whole numbers Excel keeps to the last digit: it keeps 15, and zeros behind them."""
    ends = [int(end) for end in (column.min(), column.max()) if isinstance(end, int)]
    if all(abs(end) < _BEYOND for end in ends):
        return pl.repeat(True, len(column), eager=True)
    return column.cast(pl.String).str.strip_chars("-0").str.len_chars() <= DIGITS


def _plain(column: pl.Series) -> pl.Series:
    """Return dates as the numbers by which Excel means them, truth values as 0 and 1."""
    if column.dtype == pl.Date:
        return column.to_physical() - (EPOCH - date(1970, 1, 1)).days
    return column.cast(pl.Int8) if column.dtype == pl.Boolean else column


def _numbers(column: pl.Series, format_: str, prefix: str) -> Written:
    before, after = f'"{format_}><{prefix}v>', f"</{prefix}v></{prefix}c>"
    content = pl.concat_str(pl.lit(before), pl.col(column.name).cast(pl.String), pl.lit(after))
    return Written(column, content)
