"""Rows of a table as the XML of a worksheet's cells, column by column: 100,000 rows take seconds."""

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from xltrack.excel.strings_xml import xml_text
from xltrack.excel.wording import DIGITS, EPOCH

_BEYOND = 10**DIGITS


def cells_xml(
    frame: pl.DataFrame, corner: tuple[int, int], styles: Sequence[str], prefix: str = ""
) -> pl.Series:
    """Return for each row of `frame` the XML of its cells, the first of them at `corner` (row and column from 0).

    `styles` are the numbers of the columns' cell formats ("" for none). Texts stand in the cells themselves, so that
    none of them is ever a formula; a whole number of more digits than Excel keeps is written as text.
    """
    row, column = corner
    numbers = pl.int_range(row + 1, row + frame.height + 1, eager=True).cast(pl.String)
    contents = [
        _content(frame[name], style, prefix) for name, style in zip(frame.columns, styles, strict=True)
    ]
    table = pl.DataFrame([numbers, *contents], [str(place) for place in range(frame.width + 1)])
    heads = [f'<{prefix}c r="{xl_col_to_name(column + place)}' for place in range(frame.width)]
    pieces = [(pl.lit(head), pl.col("0"), pl.col(str(place))) for place, head in enumerate(heads, 1)]
    return table.select(pl.concat_str([piece for cell in pieces for piece in cell]).alias("cells"))["cells"]


def _content(column: pl.Series, style: str, prefix: str) -> pl.Series:
    """Return what follows the number of the row in each cell."""
    format_ = f' s="{style}"' if style else ""
    if column.dtype == pl.String:
        content = _texts(column, format_, prefix)
    elif column.dtype.is_integer():
        content = _whole(column, format_, prefix)
    else:
        content = _number(_plain(column), format_, prefix)
    return content.fill_null(f'"{format_}/>')


def _texts(column: pl.Series, format_: str, prefix: str) -> pl.Series:
    known = column.drop_nulls().unique()
    before, after = f'"{format_} t="inlineStr"><{prefix}is>', f"</{prefix}is></{prefix}c>"
    written = [f"{before}{_text(text, prefix)}{after}" for text in known]
    return column.replace_strict(
        known, pl.Series(written, dtype=pl.String), default=None, return_dtype=pl.String
    )


def _text(text: str, prefix: str) -> str:
    kept = "" if text == text.strip() and "\n" not in text else ' xml:space="preserve"'
    return f"<{prefix}t{kept}>{escape(xml_text(text))}</{prefix}t>"


def _whole(column: pl.Series, format_: str, prefix: str) -> pl.Series:
    numbers = _number(column, format_, prefix)
    exact = is_exact(column).fill_null(value=True)
    return (
        numbers if exact.all() else numbers.zip_with(exact, _texts(column.cast(pl.String), format_, prefix))
    )


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


def _number(column: pl.Series, format_: str, prefix: str) -> pl.Series:
    before, after = f'"{format_}><{prefix}v>', f"</{prefix}v></{prefix}c>"
    texts = column.cast(pl.String).rename("text").to_frame()
    return texts.select(pl.concat_str(pl.lit(before), "text", pl.lit(after)).alias("text"))["text"]
