"""Values as a workbook shows them: codes as dropdown texts, đồng in the workbook's unit, dates as dates."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from xltrack.errors import UnknownName
from xltrack.excel.choices import CURRENCIES, YES_NO
from xltrack.excel.formats import is_year
from xltrack.forms import Code, Column, Schemas, Sheet
from xltrack.language import Text

TEXT_LIMIT = 32_767
DIGITS = 15
"""Excel keeps texts of 32,767 UTF-16 units and numbers of 15 digits (its documented limits)."""
EPOCH = date(1899, 12, 30)
FIRST_DAY = date(1900, 3, 1)
"""Day 61 of Excel's calendar; the days before are counted wrongly, as if 1900 had been a leap year."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell as somebody typed it: a text, number, truth value, ISO date or error, in one of `formats.LOOKS`."""

    value: str | int | float | bool
    look: str = "usual"


Value = str | int | float | bool | date | Typed | None
Row = Mapping[str, Value]


@dataclass(frozen=True)
class Wording:
    """How one workbook writes values: the lists of `schemas`, money in the unit `currency` (a code)."""

    schemas: Schemas
    currency: str

    @cached_property
    def money(self) -> Text:
        """Return the name of the unit of money; raises UnknownName."""
        return self._unit.label

    @cached_property
    def factor(self) -> int:
        """Return how many đồng make one unit of money; raises UnknownName."""
        return int(self._unit.extra["factor"])

    @cached_property
    def _unit(self) -> Code:
        units = self.schemas.code_lists[CURRENCIES].by_code
        if self.currency not in units:
            raise UnknownName(kind="đơn vị tiền/currency unit", name=self.currency, hint=", ".join(units))
        return units[self.currency]

    @cached_property
    def yes_no(self) -> tuple[str, str]:
        """Return the words for true and false."""
        words = self.schemas.code_lists[YES_NO].by_code
        return words["yes"].label.vi, words["no"].label.vi

    def shown(self, column: Column, code: str, parent: str | None = None) -> str:
        """Return the dropdown's text for `code`; text that is no code of the list is returned as it is."""
        codes = self.schemas.codes_of(column)
        if codes is None or code not in codes.by_code:
            return code
        same = (entry for entry in codes.codes if entry.code == code and entry.parent == parent)
        return codes.shown(next(same, codes.by_code[code]))

    def amount(self, dong: float | Decimal) -> int | float:
        """Return `dong` in the unit of money; raises ValueError where a cell cannot hold it exactly."""
        exact = Decimal(str(dong)) / self.factor
        digits = exact.normalize().as_tuple().digits
        if not exact.is_finite() or len(digits) > DIGITS:
            raise ValueError(f"{dong} đồng in {self.money.en} has more than {DIGITS} digits")
        return int(exact) if exact == exact.to_integral_value() else float(exact)

    def cell(self, sheet: Sheet, column: Column, row: Row) -> str | int | float | Typed | None:
        """Return what the cell of `column` in `row` holds: text, a number, what was typed, or None for no cell at all.

        Text in a column of another type is kept as it is. Raises ValueError for what Excel cannot hold.
        """
        value = row[column.id]
        if value is None or value == "":
            return None
        if isinstance(value, Typed):
            return value
        if isinstance(value, str):
            parent = row.get(column.code_parent or "")
            code = self.shown(column, value, str(parent)) if sheet.by_id[column.id].code_list else value
            return _text(code)
        if isinstance(value, bool):
            return self.yes_no[0] if value else self.yes_no[1]
        if isinstance(value, date):
            return serial(value)
        return self.amount(value) if column.money else _number(value)

    def example(self, sheet: Sheet, column: Column) -> str | None:
        """Return the declared example as people would see it in the cell."""
        if column.example is None:
            return None
        value: Value = column.example
        if column.type == "date":
            return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
        shown = self.cell(sheet, column, {column.id: value})
        if isinstance(shown, str | Typed) or shown is None or is_year(column):
            return None if shown is None else str(shown)
        return f"{shown:,.15g}".translate(_VIETNAMESE_MARKS)


_VIETNAMESE_MARKS = str.maketrans(".,", ",.")


def serial(day: date) -> int:
    """Return the number by which Excel means `day`; raises ValueError before 1 March 1900."""
    if day < FIRST_DAY:
        raise ValueError(f"{day} is before {FIRST_DAY}, which Excel cannot write as a date")
    return (day - EPOCH).days if type(day) is date else (date(day.year, day.month, day.day) - EPOCH).days


def _text(value: str) -> str:
    if len(value.encode("utf-16-le")) > 2 * TEXT_LIMIT:
        raise ValueError(f"a text of {len(value)} characters does not fit in one cell")
    return value


def _number(value: float) -> int | float:
    if not math.isfinite(value) or (isinstance(value, int) and len(str(abs(value)).rstrip("0")) > DIGITS):
        raise ValueError(f"{value} cannot be a number in a cell: write it as text")
    return value
