"""Turns one odd cell into a value of its column, or says why it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from xltrack.forms import CodeList, Column
from xltrack.reading import codes, dates, numbers
from xltrack.reading.cells import Cell, ErrorValue, Uncalculated, raw_text
from xltrack.reading.codes import Viewpoint
from xltrack.reading.text import clean, is_nothing

Value = str | int | float | bool | date | None
_INT64 = 2**63
_LOST_ZERO = 9
_BRANCH = 13


@dataclass(frozen=True)
class Setting:
    """What the workbook says about its cells: the money unit, the days of the round, the date system.

    `currencies` is the list of money units with their `factor`, `yes_no` the words for true and false,
    `lists` the code list of each column that has one, `viewpoint` the round and the unit, once they are known.
    """

    currencies: CodeList
    yes_no: CodeList
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    factor: int = 1
    viewpoint: Viewpoint | None = None
    date_1904: bool = False


class Converted(NamedTuple):
    """A value, or None; and the code of a finding with its facts, if there is something to say."""

    value: Value
    code: str | None = None
    facts: Mapping[str, object] = {}


NOTHING = Converted(None)


def convert(column: Column, cell: Cell, parent: str | None, setting: Setting) -> Converted:
    """Return what `cell` means in `column`; `parent` is the code of the same row that narrows its code list."""
    if isinstance(cell, ErrorValue | Uncalculated):
        return Converted(None, "XLT308" if isinstance(cell, ErrorValue) else "XLT309")
    text = clean(raw_text(cell))
    if column.id in setting.lists:
        return _code(column, cell, parent, setting)
    if column.type == "boolean":
        return _boolean(cell, text, setting)
    return NOTHING if is_nothing(text) else _written(column, cell, text, setting)


def _written(column: Column, cell: Cell, text: str, setting: Setting) -> Converted:
    if column.money:
        return _money(cell, text, setting)
    if column.type == "date":
        return _date(cell, text, setting)
    if column.type != "string":
        return _number(column, cell, text)
    return _tax_code(cell, text) if column.checksum == "vn-mst" else _text(cell, text)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(cell: Cell, text: str) -> Converted:
    if isinstance(cell, int | float) and abs(cell) >= numbers.PRECISE_BELOW:
        return Converted(None, "XLT312")
    return Converted(text)


def _code(column: Column, cell: Cell, parent: str | None, setting: Setting) -> Converted:
    listed = setting.lists[column.id]
    text = clean(raw_text(cell))
    if _is_number(cell) and text.isdecimal():
        found = codes.of_digits(listed, text, parent, setting.viewpoint)
    else:
        found = codes.candidates(listed, text, parent, setting.viewpoint)
    if len(found) == 1:
        return Converted(found[0].code)
    if len(found) > 1:
        return Converted(None, "XLT307", {"readings": codes.readings(found)})
    if is_nothing(text):
        return NOTHING
    if several := codes.several(listed, text, parent, setting.viewpoint):
        return Converted(None, "XLT227", {"list": listed.title, "codes": codes.readings(several)})
    if column.code_open:
        return Converted(text)
    return Converted(None, "XLT306", {"list": listed.title, "suggestions": codes.suggestions(listed, text)})


def _boolean(cell: Cell, text: str, setting: Setting) -> Converted:
    if isinstance(cell, bool):
        return Converted(cell)
    found = {entry.code for entry in setting.yes_no.find(text)} if text else set()
    if len(found) == 1:
        return Converted(found == {"yes"})
    return NOTHING if is_nothing(text) else Converted(None, "XLT305")


def _number(column: Column, cell: Cell, text: str) -> Converted:
    if _is_number(cell):
        assert isinstance(cell, int | float)  # noqa: S101  # _is_number said so
        if cell - cell != 0:
            return Converted(None, "XLT301")
        number = numbers.of_number(cell)
    else:
        amount = numbers.read_amount(text) if isinstance(cell, str) else None
        if amount is None:
            return Converted(None, "XLT301")
        if _is_doubtful(amount, whole=column.type == "integer"):
            return _both(amount)
        number = amount.only
    return _typed(column, number)


def _typed(column: Column, number: Decimal) -> Converted:
    if column.type == "number":
        return Converted(float(number))
    if number != number.to_integral_value():
        return Converted(None, "XLT302")
    return Converted(int(number)) if abs(number) < _INT64 else Converted(None, "XLT301")


def _is_doubtful(amount: numbers.Amount, whole: bool) -> bool:
    """A point before three digits separates thousands where whole numbers or money are meant; else it is in doubt."""
    return amount.is_ambiguous and not (whole and amount.separator == ".")


def _both(amount: numbers.Amount) -> Converted:
    assert amount.grouped is not None and amount.decimal is not None  # noqa: S101,PT018  # it is ambiguous
    first, second = numbers.shown(amount.grouped), numbers.shown(amount.decimal)
    return Converted(None, "XLT304", {"first": first, "second": second})


def _money(cell: Cell, text: str, setting: Setting) -> Converted:
    factor, note = Decimal(setting.factor), False
    if _is_number(cell):
        assert isinstance(cell, int | float)  # noqa: S101  # _is_number said so
        if cell - cell != 0:
            return Converted(None, "XLT301")
        number = numbers.of_number(cell)
    else:
        digits, own_factor = _without_unit(text, setting.currencies) if isinstance(cell, str) else ("", None)
        amount = numbers.read_amount(digits)
        if amount is None:
            return Converted(None, "XLT301")
        if _is_doubtful(amount, whole=True):
            return _both(amount)
        number, factor, note = amount.only, own_factor or factor, own_factor is not None
    return _dong(number * factor, note)


def _dong(dong: Decimal, note: bool) -> Converted:
    if dong != dong.to_integral_value():
        return Converted(None, "XLT310", {"amount": numbers.shown(dong)})
    if abs(dong) >= _INT64:
        return Converted(None, "XLT301")
    return Converted(int(dong), "XLT315" if note else None, {"amount": numbers.shown(dong)} if note else {})


def _without_unit(text: str, currencies: CodeList) -> tuple[str, Decimal | None]:
    """Return the number in `text` and the factor of the unit typed behind it, None if there is none."""
    end = max(
        (at for at, character in enumerate(text, 1) if character.isdigit() or character == ")"), default=0
    )
    unit = text[end:].replace("₫", "đ").strip()
    if not unit:
        return text, None
    found = currencies.find(unit)
    return (text[:end], Decimal(found[0].extra["factor"])) if len(found) == 1 else ("", None)


def _date(cell: Cell, text: str, setting: Setting) -> Converted:
    day: date | None = None
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif isinstance(cell, str):
        day = dates.read_date(text)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        day = dates.of_serial(cell, setting.date_1904)
    if day is None:
        return Converted(None, "XLT303")
    return Converted(day) if dates.FIRST <= day <= dates.LAST else Converted(None, "XLT317")


def _tax_code(cell: Cell, text: str) -> Converted:
    """Return ten digits, a branch as NNNNNNNNNN-NNN; nine only with a zero that makes the check digit right."""
    if isinstance(cell, int | float) and abs(cell) >= numbers.PRECISE_BELOW:
        return Converted(None, "XLT312")
    digits = text.replace(" ", "").replace(".", "").replace("-", "")
    if not digits.isdecimal():
        is_rounded = isinstance(cell, str) and _is_scientific(text)
        return Converted(None, "XLT312") if is_rounded else Converted(text)
    if len(digits) == _BRANCH:
        return Converted(f"{digits[:10]}-{digits[10:]}")
    if len(digits) == _LOST_ZERO and _agrees(f"0{digits}"):
        return Converted(f"0{digits}", "XLT311", {"restored": f"0{digits}"})
    return Converted(digits)


def _is_scientific(text: str) -> bool:
    mantissa, mark, exponent = text.upper().partition("E+")
    return bool(mark) and exponent.isdecimal() and mantissa.replace(".", "").replace(",", "").isdecimal()


def _agrees(code: str) -> bool:
    try:
        mst.validate(code)
    except ValidationError:
        return False
    return True
