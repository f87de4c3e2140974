"""Dates as people type them, and as Excel counts them."""

import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple

# What a date of these reports can be: the oldest documents quoted, the farthest deadlines planned.
FIRST = date(1990, 1, 1)
LAST = date(2100, 12, 31)
# A year of two digits is taken for a year of the programme or of its baselines and certificates.
_SHORT_YEARS = range(2010, 2036)
_TIME = r"(?:\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
_DAY_FIRST = re.compile(
    rf"(?:ngày\s*)?([0-9]{{1,2}})\s*([/.-])\s*([0-9]{{1,2}})\s*\2\s*([0-9]{{2}}|[0-9]{{4,5}}){_TIME}",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"(?:ngày\s*)?([0-9]{1,2})\s*tháng\s*([0-9]{1,2})\s*,?\s*năm\s*([0-9]{4,5})", re.IGNORECASE
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+Z?)?")
_BETWEEN = r"\s*(?:[/.,-]|năm)?\s*(?:năm\s*)?"
# Digits alone are no month: 42020 is a day as Excel counts them, and 122024 may be anything.
_MONTH = re.compile(
    r"(?:(?:tháng|thg|t)\s*\.?\s*([0-9]{1,2})(?:\s*[/.,-]\s*|\s+)(?:năm\s+)?|([0-9]{1,2})\s*[/.,-]\s*)([0-9]{4})",
    re.IGNORECASE,
)
_QUARTER = re.compile(rf"(?:quý|quí|q)\s*\.?\s*([1-4]|iv|i{{1,3}}){_BETWEEN}([0-9]{{4}})", re.IGNORECASE)
_HALF = re.compile(rf"(?:6|sáu)\s*tháng\s*(đầu|cuối)\s*(?:năm\s*)?{_BETWEEN}([0-9]{{4}})", re.IGNORECASE)
_YEAR = re.compile(r"(?:năm\s*)?([0-9]{4})", re.IGNORECASE)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)


class Typed(NamedTuple):
    """What a text in the form of a date names: the day, None if there is none such, and the digits of its year.

    `is_clear` says whether the year can be told: not that of "1/3/99".
    """

    day: date | None
    digits: int
    is_clear: bool = True


class Period(NamedTuple):
    """A stretch of days: a month, a quarter, half a year or a year."""

    first: date
    last: date


def read_date(text: str) -> Typed | None:
    """Return the date that the whole of the clean `text` names; None where it has not the form of a date.

    The day stands first ("5/3/2024", "05.03.24", "ngày 5 tháng 3 năm 2024"), or the text is of ISO 8601. A
    year of two digits is one from 2010 to 2035: "1/3/99" names no day.
    """
    if match := _DAY_FIRST.fullmatch(text):
        return _typed(match[4], match[3], match[1])
    if match := _WORDS.fullmatch(text):
        return _typed(match[3], match[2], match[1])
    if match := _ISO.fullmatch(text):
        return _typed(match[1], match[2], match[3])
    return None


def read_period(text: str) -> Period | None:
    """Return the month, quarter, half-year or year that the whole of the clean `text` names; None otherwise.

    "tháng 3/2024", "3/2024", "quý I/2025", "6 tháng đầu năm 2025", "2024": no day, so that none may be taken
    from it without saying so.
    """
    if match := _MONTH.fullmatch(text):
        return _months(match[3], int(match[1] or match[2]), 1)
    if match := _QUARTER.fullmatch(text):
        return _months(match[2], 3 * _QUARTERS[match[1].lower()] - 2, 3)
    if match := _HALF.fullmatch(text):
        return _months(match[2], 1 if match[1].lower() == "đầu" else 7, 6)
    if match := _YEAR.fullmatch(text):
        return _months(match[1], 1, 12)
    return None


def of_serial(serial: float, date_1904: bool) -> date | None:
    """Return the date of a serial number that lost its date format; None where it is no likely date."""
    if serial != int(serial) or not 0 < serial < 200_000:
        return None
    day = (_EPOCH_1904 if date_1904 else _EPOCH_1900) + timedelta(days=int(serial))
    return day if FIRST <= day <= LAST else None


def _typed(year: str, month: str, day: str) -> Typed:
    full = int(year) if len(year) > 2 else 2000 + int(year)
    if len(year) == 2 and full not in _SHORT_YEARS:
        return Typed(None, 2, is_clear=False)
    try:
        return Typed(date(full, int(month), int(day)), len(year))
    except ValueError:
        return Typed(None, len(year))


def _months(year: str, first: int, count: int) -> Period | None:
    last = first + count - 1
    if int(year) == 0 or not 1 <= first <= last <= 12:
        return None
    return Period(date(int(year), first, 1), date(int(year), last, calendar.monthrange(int(year), last)[1]))
