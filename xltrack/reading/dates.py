"""Dates as people type them, and as Excel counts them."""

import re
from datetime import date, timedelta

# What a date of these reports can be: the oldest documents quoted, the farthest deadlines planned.
FIRST = date(1990, 1, 1)
LAST = date(2100, 12, 31)
_DAY_FIRST = re.compile(r"(?:ngày\s*)?([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})", re.IGNORECASE)
_WORDS = re.compile(r"(?:ngày\s*)?([0-9]{1,2})\s*tháng\s*([0-9]{1,2})\s*,?\s*năm\s*([0-9]{4})", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+Z?)?")
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)


def read_date(text: str) -> date | None:
    """Return the date that the whole of the clean `text` names: day, month, four-digit year; None otherwise."""
    if match := _DAY_FIRST.fullmatch(text):
        return _date(match[4], match[3], match[1])
    if match := _WORDS.fullmatch(text):
        return _date(match[3], match[2], match[1])
    if match := _ISO.fullmatch(text):
        return _date(match[1], match[2], match[3])
    return None


def of_serial(serial: float, date_1904: bool) -> date | None:
    """Return the date of a serial number that lost its date format; None where it is no likely date."""
    if serial != int(serial) or not 0 < serial < 200_000:
        return None
    day = (_EPOCH_1904 if date_1904 else _EPOCH_1900) + timedelta(days=int(serial))
    return day if FIRST <= day <= LAST else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
