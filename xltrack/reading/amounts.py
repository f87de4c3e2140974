"""Turns one odd cell into a number or an amount of money, or says why it cannot."""

import re
from decimal import Decimal

from xltrack.forms import CodeList, Column
from xltrack.language import Text
from xltrack.reading import numbers
from xltrack.reading.cells import Cell
from xltrack.reading.units_beside import shown_otherwise
from xltrack.reading.values import INT64, Beside, Converted, Setting

_PERCENT = re.compile(r"(.*[0-9)])\s*(?:%|phần trăm|percent)", re.IGNORECASE)
_WITH_UNIT = re.compile(r"(\(?[-−–+]?[0-9][0-9.,'’ ]*\)?)\s*([^\W\d_](?:[^\W\d_]|[ .])*)")


def is_number(cell: Cell) -> bool:
    """Return whether `cell` is a number, which a truth value is not."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def is_percent(unit: str) -> bool:
    """Return whether the text of a unit means per cent: "%", "% doanh nghiệp", "phần trăm"."""
    lower = unit.lower()
    return "%" in lower or "phần trăm" in lower or "percent" in lower


def number_of(column: Column, cell: Cell, text: str, beside: Beside) -> Converted:
    """Return the number in `cell`; where its unit is per cent, 15 % is 15, however Excel stores it."""
    if is_number(cell):
        return _number(column, cell, beside)
    match = _PERCENT.fullmatch(text)
    amount = numbers.read_amount(match[1] if match else text) if isinstance(cell, str) else None
    if amount is None:
        return Converted(None, "XLT301")
    if _is_doubtful(amount, whole=column.type == "integer"):
        return _both(amount)
    if match and not beside.unit_is_percent:
        return _percent_without_unit(amount.only)
    return _typed(column, amount.only)


def money_of(cell: Cell, text: str, beside: Beside, setting: Setting) -> Converted:
    """Return the amount of money in `cell` in whole đồng; a unit typed in the cell goes before the sheet's."""
    if is_number(cell):
        fault = _unusable(cell) or _shown_in_percent(cell, beside)
        fault = fault or shown_otherwise(_exact(cell), beside.marks, setting)
        return fault or _dong(_exact(cell) * setting.factor, None)
    amount = numbers.read_amount(text) if isinstance(cell, str) else None
    if amount is None:
        dong = _with_units(text, setting.currencies) if isinstance(cell, str) else Converted(None, "XLT301")
        return dong if isinstance(dong, Converted) else _dong(dong, "XLT315")
    return _both(amount) if _is_doubtful(amount, whole=True) else _dong(amount.only * setting.factor, None)


def _number(column: Column, cell: Cell, beside: Beside) -> Converted:
    if fault := _unusable(cell):
        return fault
    if "percent" in beside.marks and beside.unit_is_percent:
        return _typed(column, _exact(cell) * 100)
    # A measured number is kept as the file has it; what Excel shows of it is needed where digits are counted.
    typed = (
        Converted(cell)
        if isinstance(cell, float) and column.type == "number"
        else _typed(column, _exact(cell))
    )
    return _shown_in_percent(cell, beside) or typed


def _exact(cell: Cell) -> Decimal:
    assert isinstance(cell, int | float)  # noqa: S101  # the caller made sure
    return numbers.of_number(cell)


def _unusable(cell: Cell) -> Converted | None:
    """Return the finding on a number that is none, or has more digits than Excel keeps; None for any other."""
    assert isinstance(cell, int | float)  # noqa: S101  # the caller made sure
    if cell - cell != 0:
        return Converted(None, "XLT301")
    return Converted(None, "XLT352") if abs(cell) >= numbers.PRECISE_BELOW else None


def _shown_in_percent(cell: Cell, beside: Beside) -> Converted | None:
    return _percent_without_unit(_exact(cell) * 100) if "percent" in beside.marks else None


def _percent_without_unit(percent: Decimal) -> Converted:
    """Return the finding that `percent` per cent stand where the unit is not per cent."""
    shown = numbers.shown(percent)
    facts = {
        "value": Text(f"{shown.vi}%", f"{shown.en}%"),
        "first": shown,
        "second": numbers.shown(percent / 100),
    }
    return Converted(None, "XLT313", facts)


def _typed(column: Column, number: Decimal) -> Converted:
    if column.type == "number":
        return Converted(float(number))
    if number != number.to_integral_value():
        return Converted(None, "XLT302")
    return Converted(int(number)) if abs(number) < INT64 else Converted(None, "XLT301")


def _is_doubtful(amount: numbers.Amount, whole: bool) -> bool:
    """A usual point before three digits separates thousands where whole numbers or money are meant; else in doubt."""
    return amount.is_ambiguous and not (whole and amount.is_usual)


def _both(amount: numbers.Amount) -> Converted:
    assert amount.grouped is not None and amount.decimal is not None  # noqa: S101,PT018  # it is ambiguous
    first, second = numbers.shown(amount.grouped), numbers.shown(amount.decimal)
    return Converted(None, "XLT304", {"first": first, "second": second})


def _dong(dong: Decimal, note: str | None) -> Converted:
    amount = {"amount": numbers.shown(dong)}
    if dong != dong.to_integral_value():
        return Converted(None, "XLT310", amount)
    if abs(dong) >= INT64:
        return Converted(None, "XLT301")
    return Converted(int(dong), note, amount if note else {})


def _with_units(text: str, currencies: CodeList) -> Decimal | Converted:
    """Return the đồng of an amount with its unit ("1,25 tỷ"), or of several ("1 tỷ 250 triệu"); else the finding.

    Of several each must be smaller than the unit before it, so that nothing but a sum can be meant.
    """
    typed = text.lstrip("'’").replace("₫", "đ")
    parts = _WITH_UNIT.findall(typed)
    if not parts or "".join(map("".join, parts)).replace(" ", "") != typed.replace(" ", ""):
        return Converted(None, "XLT301")
    total, above = Decimal(0), Decimal("Infinity")
    for digits, unit in parts:
        found, amount = currencies.find(unit.strip(" .")), numbers.read_amount(digits.strip())
        if len(found) != 1 or amount is None:
            return Converted(None, "XLT301")
        if _is_doubtful(amount, whole=True):
            return _both(amount)
        factor = Decimal(found[0].extra["factor"])
        dong = amount.only * factor
        if dong >= above or (len(parts) > 1 and dong < 0):
            return Converted(None, "XLT301")
        total, above = total + dong, factor
    return total
