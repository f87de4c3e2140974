"""Reads the values of a worksheet element by element: what the quick reader is not trusted with."""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from xltrack.intake.markup import decoded
from xltrack.intake.styles import Moment, format_of
from xltrack.intake.walk import Cell, truth_of, walk_worksheet
from xltrack.intake.worksheet import Vocabulary

Value = str | int | float | bool | date | datetime | time | timedelta
Values = list[list[Value]]

# Numbers as XML Schema writes them, without infinity and the like.
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ISO: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?Z?)?|\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?"
)
# From here on a double does not hold every whole number of as many digits.
_EXACT_BELOW: Final = 10**15
_EPOCH: Final = datetime.fromisoformat("1899-12-30")
_EPOCH_1904: Final = datetime.fromisoformat("1904-01-01")
_DAY: Final = timedelta(days=1)
_NO_DAY: Final = timedelta(0)
# Excel counts 29 February 1900, which never was; and nothing after 31 December 9999.
_LEAP_DAY: Final = 60
_END: Final = 2_958_466


def read_values(xml: bytes, vocabulary: Vocabulary) -> Values:
    """Return the columns of the worksheet `xml`, each as far as it has values; raises Refused.

    The first value of the first column is that of A1; blank cells, errors and formulas without a value are "". A whole
    number of more than 15 digits is an int with all its digits. What is no number where there should be one is a text.
    """
    columns: Values = []

    def visit(cell: Cell) -> None:
        value = _value(cell, vocabulary)
        if value is not None:
            columns.extend([] for _ in range(cell.column - len(columns)))
            column = columns[cell.column - 1]
            column.extend([""] * (cell.row - 1 - len(column)))
            column.append(value)

    walk_worksheet(xml, visit)
    return columns


def as_moment(number: float, moment: Moment, date_1904: bool) -> Value:
    """Return the moment or the span of time that `number` is shown as; the number, if it is outside the calendar."""
    if not 0 <= number < (_END if moment == "date" else math.inf):
        return number
    try:
        # Half a millisecond is rounded up, as calamine does.
        span = timedelta(milliseconds=math.floor(number * 86_400_000 + 0.5))
        if moment == "duration":
            return span
        if number < 1:
            return (_EPOCH + span).time()
        found = _EPOCH_1904 + span if date_1904 else _EPOCH + span + (_DAY if number < _LEAP_DAY else _NO_DAY)
    except OverflowError:
        return number
    return found.date() if number.is_integer() else found


def _value(cell: Cell, vocabulary: Vocabulary) -> Value | None:
    if cell.text is not None or cell.kind in ("str", "inlineStr"):
        return decoded(cell.text if cell.text is not None else cell.value or "")
    written = (cell.value or "").strip()
    if not written or cell.kind == "e":
        return None
    if cell.kind == "s":
        return vocabulary.strings.texts[int(written)]
    if cell.kind == "b":
        return truth_of(written)
    return _iso(written) if cell.kind == "d" else _number(written, cell.style, vocabulary)


def _number(written: str, style: str | None, vocabulary: Vocabulary) -> Value:
    if not _NUMBER.fullmatch(written) or math.isinf(number := float(written)):
        return written
    if moment := format_of(style, vocabulary.formats).moment:
        return as_moment(number, moment, vocabulary.date_1904)
    if abs(number) < _EXACT_BELOW:
        return number
    exact = Decimal(written)
    return int(exact) if exact == exact.to_integral_value() else number


def _iso(written: str) -> Value:
    """Return the moment in ISO 8601, or the text as it stands if it is none."""
    try:
        if not _ISO.fullmatch(written):
            return written
        if len(written) == len("2025-03-01"):
            return date.fromisoformat(written)
        if ":" in written[:3]:
            return time.fromisoformat(written)
        return datetime.fromisoformat(written.removesuffix("Z"))
    except ValueError:
        return written
