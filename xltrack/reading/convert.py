"""Turns one odd cell into a value of its column, or says why it cannot."""

import re
from datetime import date, datetime, time, timedelta

from xltrack.forms import Column
from xltrack.reading import codes, dates, numbers
from xltrack.reading.amounts import is_number, money_of, number_of
from xltrack.reading.cells import Cell, ErrorValue, Uncalculated, raw_text
from xltrack.reading.identifiers import code_of, latin, spelt
from xltrack.reading.text import clean, is_ditto, is_maybe_zero, is_nothing
from xltrack.reading.values import NOTHING, Beside, Converted, Setting

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_FEWEST_DIGITS = 8


def convert(
    column: Column, cell: Cell, beside: Beside, setting: Setting, *, is_code: bool = False
) -> Converted:
    """Return what `cell` means in `column`; `is_code` says whether the column holds codes of any kind."""
    if isinstance(cell, ErrorValue | Uncalculated):
        return Converted(None, "XLT308" if isinstance(cell, ErrorValue) else "XLT309")
    text = clean(raw_text(cell))
    if isinstance(cell, str) and is_ditto(text):
        return Converted(None, "XLT322")
    if column.id in setting.lists:
        return _listed(column, cell, beside, setting)
    if column.type == "boolean":
        return _boolean(cell, text, setting)
    if is_nothing(text, is_free=column.type == "string" and not is_code):
        is_doubtful = column.type in ("integer", "number") and is_maybe_zero(text)
        return Converted(None, "XLT355") if is_doubtful else NOTHING
    return code_of(column, cell, text) if is_code else _plain(column, cell, text, beside, setting)


def _plain(column: Column, cell: Cell, text: str, beside: Beside, setting: Setting) -> Converted:
    if column.money:
        return money_of(cell, text, beside, setting)
    if column.type == "date":
        return _date(column, cell, text, setting)
    if column.type != "string":
        return number_of(column, cell, text, beside)
    if isinstance(cell, date | time | timedelta):
        return Converted(text, "XLT353")
    if isinstance(cell, bool):
        return Converted(text, "XLT354")
    return _contact(column, cell, text) if column.contact else _text(cell, text, beside)


def _text(cell: Cell, text: str, beside: Beside) -> Converted:
    if isinstance(cell, int | float) and abs(cell) >= numbers.PRECISE_BELOW:
        return Converted(None, "XLT312")
    if is_number(cell) and "percent" in beside.marks:
        assert isinstance(cell, int | float)  # noqa: S101  # is_number said so
        return Converted(f"{numbers.shown(numbers.of_number(cell) * 100).vi}%")
    return Converted(text)


def _listed(column: Column, cell: Cell, beside: Beside, setting: Setting) -> Converted:
    """Return the code that `cell` names; digits also with the zeros that Excel drops."""
    listed, viewpoint = setting.lists[column.id], setting.viewpoint
    typed = clean(raw_text(cell))
    is_known = bool(listed.find(typed))
    text = typed if is_known else spelt(typed, column)
    if text.isdecimal() and (is_number(cell) or not listed.find(text)):
        found = codes.of_digits(listed, text, beside.parent, viewpoint)
    else:
        found = codes.candidates(listed, text, beside.parent, viewpoint)
    if len(found) == 1:
        mended = Converted(found[0].code, "XLT321", {"restored": found[0].label})
        return Converted(found[0].code) if is_known or latin(typed) == typed else mended
    if len(found) > 1:
        return Converted(None, "XLT307", {"readings": codes.readings(found)})
    if is_nothing(text):
        return NOTHING
    return _unlisted(column, cell, text, beside, setting)


def _unlisted(column: Column, cell: Cell, text: str, beside: Beside, setting: Setting) -> Converted:
    listed = setting.lists[column.id]
    if found := codes.several(listed, text, beside.parent, setting.viewpoint):
        return Converted(None, "XLT227", {"list": listed.title, "codes": codes.labels(found)})
    if column.code_open:
        return code_of(column, cell, text)
    return Converted(None, "XLT306", {"list": listed.title, "suggestions": codes.suggestions(listed, text)})


def _boolean(cell: Cell, text: str, setting: Setting) -> Converted:
    if isinstance(cell, bool):
        return Converted(cell)
    found = (
        {entry.code for entry in setting.yes_no.find(text) or setting.yes_no.find(latin(text))}
        if text
        else set()
    )
    if len(found) == 1:
        return Converted(found == {"yes"})
    return NOTHING if is_nothing(text) else Converted(None, "XLT305")


def _date(column: Column, cell: Cell, text: str, setting: Setting) -> Converted:
    if isinstance(cell, date):
        return _in_range(cell.date() if isinstance(cell, datetime) else cell)
    typed = dates.read_date(text) if isinstance(cell, str) else None
    if typed is not None:
        return _typed_date(typed)
    if isinstance(cell, int | float) and (day := dates.of_serial(cell, setting.date_1904)):
        return Converted(day, "XLT332", {"day": day})
    period = dates.read_period(text) if isinstance(cell, str) or is_number(cell) else None
    return Converted(None, "XLT303") if period is None else _period(column, period)


def _typed_date(typed: dates.Typed) -> Converted:
    if typed.day is None:
        known = "XLT350" if typed.is_clear else "XLT303"
        return Converted(None, "XLT317" if typed.digits > 4 else known)
    if typed.digits == 2:
        return Converted(typed.day, "XLT316", {"day": typed.day})
    return _in_range(typed.day)


def _in_range(day: date) -> Converted:
    return Converted(day) if dates.FIRST <= day <= dates.LAST else Converted(None, "XLT317")


def _period(column: Column, period: dates.Period) -> Converted:
    """Return the day for which a month, quarter or year stands in `column`, said aloud; else the finding."""
    if column.period_day is None:
        return Converted(None, "XLT303")
    if not dates.FIRST <= period.first <= dates.LAST:
        return Converted(None, "XLT317")
    facts = {"first": period.first, "last": period.last}
    day = period.first if column.period_day == "first" else period.last
    return Converted(day, "XLT318", {"day": day, **facts})


def _contact(column: Column, cell: Cell, text: str) -> Converted:
    """Return a contact as typed; a telephone number that Excel took for a number gets its first zero back."""
    if is_number(cell) and column.contact == "phone" and text.isdecimal() and len(text) in (9, 10):
        return Converted(f"0{text}", "XLT330")
    plain = re.sub(r"^(?:mailto|tel):", "", text, flags=re.IGNORECASE)
    return Converted(plain, None if _is_contact(column, plain) else "XLT331")


def _is_contact(column: Column, text: str) -> bool:
    if column.contact == "phone":
        return sum(map(str.isdecimal, text)) >= _FEWEST_DIGITS
    parts = [part for part in re.split(r"[\s;,/]+", text) if part]
    return bool(parts) and all(_EMAIL.fullmatch(part.strip("<>()")) for part in parts)
