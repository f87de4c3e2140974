"""What a whole column says of its cells that no cell says by itself."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from xltrack.forms import Column
from xltrack.reading import dates
from xltrack.reading.cells import Cell
from xltrack.reading.filled import Filled, Texts
from xltrack.reading.model import ROW
from xltrack.reading.numbers import read_amount, shown
from xltrack.reading.text import clean
from xltrack.reading.values import Oddity, Value

# Excel fills on from one cell: three in a row are no accident where a code cannot rise by one.
FEWEST_IN_A_RUN = 3
# Of all days 19 of 31 are above 12: so few texts, or so many true dates for each, are no sign of swapped days.
_FEWEST_LEFT, _MOST_TRUE_EACH = 2, 4
_MONTHS = 12
# A point that ends in other than three digits groups nothing.
_POINT = re.compile(r"\.(?![0-9]{3}\D*$)[0-9]+\D*$")
_RISING = "^(.*?)([0-9]{1,15})([^0-9]*)$"


def swapped_days(column: Column, cells: Sequence[Cell], read: pl.Series) -> list[Oddity]:
    """Return the true dates of a column in which Excel took day and month for one another: XLT314, both readings.

    An Excel that expects the month first turns "05/03/2024" into 3 May and leaves "15/03/2024" a text. So
    it was, where no true date has a day above 12 and every date left as text has one. `read` are the dates as read.
    Most days are above 12, so that it leaves many texts: from one, or a few among many dates, nothing follows, and the
    dates stay as they are, with a doubt (XLT341).
    """
    texts, days = _left_and_true(cells, read.to_list()) if column.type == "date" else ((), {})
    found = [
        Oddity(column, at, "XLT314", {"first": day, "second": _swapped(day), "text": texts[0]})
        for at, day in days.items()
        if texts and day.day != day.month
    ]
    if len(texts) >= _FEWEST_LEFT and len(texts) * _MOST_TRUE_EACH >= len(days):
        return found
    return [odd._replace(code="XLT341", facts={**odd.facts, "cells": len(days)}) for odd in found[:1]]


def _left_and_true(
    cells: Sequence[Cell], values: Sequence[Value]
) -> tuple[Sequence[str], Mapping[int, date]]:
    """Return the dates that Excel left as texts, and the true dates by their places; none where a date is neither."""
    texts = [cell for cell in cells if type(cell) is str and _is_tried(cell)]
    typed = [read.day for text in texts if (read := dates.read_date(clean(text))) and read.day]
    days = {at: day for at, day in enumerate(values) if isinstance(cells[at], date) and isinstance(day, date)}
    is_bound = all(day.day > _MONTHS for day in typed) and all(day.day <= _MONTHS for day in days.values())
    return (texts, days) if typed and is_bound else ((), {})


def _swapped(day: date) -> date:
    return day.replace(day=day.month, month=day.day)


def _is_tried(text: str) -> bool:
    """Return whether Excel would try to read `text` as a date: it does so with slashes and hyphens, not with dots."""
    return "." not in text and dates.read_date(clean(text)) is not None


def mixed_points(column: Column, cells: Sequence[Cell]) -> list[Oddity]:
    """Return XLT340 at the first text of a column of money whose point was read as grouping: "1.250" beside "1.25".

    Where another text of the column has a point that can only begin the decimals, this one may have been meant so too.
    """
    if not column.money:
        return []
    texts = {at: clean(cell) for at, cell in enumerate(cells) if type(cell) is str and "." in cell}
    amounts = {at: amount for at, text in texts.items() if (amount := read_amount(text))}
    grouped = [at for at, amount in amounts.items() if amount.is_ambiguous and amount.is_usual]
    pointed = [at for at in amounts if _POINT.search(texts[at])]
    if not grouped or not pointed:
        return []
    doubtful, other = amounts[grouped[0]], pointed[0]
    assert doubtful.grouped is not None and doubtful.decimal is not None  # noqa: S101,PT018  # it is ambiguous
    facts = {
        "first": shown(doubtful.grouped),
        "second": shown(doubtful.decimal),
        "other": texts[other],
        "other_read": shown(amounts[other].only),
        "cells": len(grouped),
    }
    return [Oddity(column, grouped[0], "XLT340", facts)]


def may_rise(filled: Filled) -> bool:
    """Return whether a column may have such a run as `autofill` finds.

    A quick look before the close one: three cells differ, and a version has a colon.
    """
    column, different = filled.column, filled.different
    if len(different) < FEWEST_IN_A_RUN or column.code_list or column.checksum:
        return len(different) >= FEWEST_IN_A_RUN
    if column.type != "string":
        return False
    return not filled.are(str) or ":" in "".join(different)  # type: ignore[arg-type]  # texts


def autofill(filled: Filled, rows: pl.Series, unknown: Sequence[int]) -> list[Oddity]:
    """Return XLT323 for every run of cells that were filled down from one code, so that its number rose.

    Codes of a list count where at least two of a run are `unknown` to it (their places); tax codes, whose last
    digit is a check digit; and versions after a colon ("ISO 9001:2015", "ISO 9001:2016", …). `rows` are the numbers of
    the rows in the file.
    """
    found = []
    for first, last in _runs(filled, rows, unknown):
        facts = {"first": filled.texts[first], "last": filled.texts[last], "cells": last - first}
        found.append(Oddity(filled.column, first + 1, "XLT323", facts))
    return found


def _runs(filled: Filled, rows: pl.Series, unknown: Sequence[int]) -> list[tuple[int, int]]:
    column = filled.column
    if column.code_list:
        lost = set(unknown)
        runs = rising_runs(filled.texts, rows) if len(lost) > 1 else []
        return [(first, last) for first, last in runs if len(lost & {*range(first, last + 1)}) > 1]
    texts = filled.texts
    if column.type != "string" or (column.checksum and not _ever_rises(texts)):
        return []
    found = texts.str.contains("^[0-9]{9,10}$" if column.checksum else r"[0-9]:(?:19|20)[0-9]{2}$")
    return rising_runs(texts.set(~found, None), rows) if found.sum() >= FEWEST_IN_A_RUN else []


def _ever_rises(texts: pl.Series) -> bool:
    """Return whether one of `texts` is the number after the text before it: a quick look before the close one."""
    numbers = texts.cast(pl.Int64(), strict=False)
    return bool((numbers.slice(1) - numbers.slice(0, len(numbers) - 1) == 1).any())


def rising_runs(texts: pl.Series, rows: pl.Series) -> list[tuple[int, int]]:
    """Return the first and last place of every run of three or more `texts` that differ only in a last number.

    The number rises by one from row to row; `rows` are the numbers of their rows in the file.
    """
    parts = texts.str.extract_groups(_RISING).struct.unnest()
    frame = pl.DataFrame([*parts.get_columns(), rows]).with_columns(
        pl.col("2").cast(pl.Int64(), strict=False)
    )
    follows = (
        frame.select(
            (pl.col("1") == pl.col("1").shift())
            & (pl.col("3") == pl.col("3").shift())
            & (pl.col("2") - pl.col("2").shift() == 1)
            & (pl.col(ROW) - pl.col(ROW).shift() == 1)
        )
        .to_series()
        .fill_null(value=False)
    )
    runs = pl.DataFrame(
        {"at": pl.int_range(len(texts), eager=True), "follows": follows, "run": follows.rle_id()}
    )
    found = runs.filter("follows").group_by("run", maintain_order=True).agg(pl.col("at").first(), pl.len())
    return [(at - 1, at + size - 1) for _, at, size in found.iter_rows() if size + 1 >= FEWEST_IN_A_RUN]


def misplaced_personal_ids(column: Column, frame: pl.DataFrame, raw: Texts) -> list[Oddity]:
    """Return XLT326 for twelve digits in rows that do not say that they may have a personal identification number."""
    if column.personal_id_where is None:
        return []
    has_twelve = frame[column.id].str.contains("^[0-9]{12}$")
    if not has_twelve.any():
        return []
    asked = pl.lit(has_twelve)
    for other, values in column.personal_id_where.items():
        # What was typed there and not understood is a finding of its own.
        silent = frame[other].is_null() & raw[other].is_null()
        asked &= silent | ~pl.col(other).is_in(list(values))
    places = frame.select(asked.fill_null(value=False)).to_series().arg_true()
    return [Oddity(column, at, "XLT326", {}) for at in places.to_list()]
