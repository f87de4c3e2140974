"""Writes what a cell holds: words and numbers of ours, and what somebody typed as it was typed."""

from datetime import datetime
from typing import Self

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltrack.excel.wording import Typed, serial

_SECONDS_A_DAY = 86_400


class _Exact(float):
    """A number that is written with all its digits, of which XlsxWriter would write sixteen."""

    _digits: str

    def __new__(cls, number: float) -> Self:
        exact = super().__new__(cls, number)
        exact._digits = repr(number)
        return exact

    def __format__(self, _spec: str) -> str:
        return self._digits


def write_cell(
    sheet: Worksheet, place: tuple[int, int], value: str | float | Typed, look: Format | None = None
) -> None:
    """Write `value` to the cell at `place` (row and column from 0), in `look`, else in that of its column."""
    if isinstance(value, Typed):
        _write_typed(sheet, place, value, look)
    elif isinstance(value, str):
        sheet.write_string(*place, value, look)
    else:
        sheet.write_number(*place, value, look)


def _write_typed(sheet: Worksheet, place: tuple[int, int], typed: Typed, look: Format | None) -> None:
    match typed.look, typed.value:
        case "error", value:
            sheet.write_formula(*place, f"={value}", look, value)
        case (("date" | "moment"), str() as value):
            sheet.write_number(*place, _serial(datetime.fromisoformat(value)), look)
        case "duration", int() | float() as value:
            sheet.write_number(*place, value / _SECONDS_A_DAY, look)
        case _, bool() as value:
            sheet.write_boolean(*place, value, look)
        case _, str() as value:
            sheet.write_string(*place, value, look)
        case _, value:
            sheet.write_number(*place, _Exact(value), look)


def _serial(moment: datetime) -> float:
    seconds = (moment - datetime.combine(moment.date(), datetime.min.time())).total_seconds()
    return serial(moment.date()) + seconds / _SECONDS_A_DAY
