"""Money units that stand beside the amounts: in the format of a cell, in a heading, in the note on a heading."""

import re
from decimal import Decimal

from xltrack.forms import Code, CodeList
from xltrack.intake.styles import BESIDE, DIVIDED
from xltrack.language import Text
from xltrack.reading.numbers import shown
from xltrack.reading.text import clean
from xltrack.reading.values import Converted, Setting

_FOREIGN = ("USD", "US$", "$", "đô la", "đô la Mỹ", "EUR", "€", "euro", "JPY", "¥", "CNY", "GBP", "£")
_SET_OFF = r"(?:^|[-–—:;,(/\[]|\b(?:bằng|vị|đvt|là)\s)\s*"
_LETTERS_ALONE = "đ$€¥£"


def unit_named(text: str, currencies: CodeList) -> Code | None:
    """Return the money unit that a line of `text` ends in, set off from the rest; None if there is none such.

    "Doanh thu - đồng" names đồng and "Doanh thu (USD)" a foreign currency, which has no `factor`; "hợp đồng" (contract)
    and "công ty" (company) name none.
    """
    if not text:
        return None
    units = {spelling.casefold(): entry for entry in currencies.codes for spelling in entry.spellings()}
    units |= {name.casefold(): Code(name, Text(name, name)) for name in _FOREIGN}
    names = sorted((name for name in units if len(name) > 1 or name in _LETTERS_ALONE), key=len, reverse=True)
    alone = [name for name in names if " " in name or name.upper() in _FOREIGN]
    any_unit, clear = ("|".join(map(re.escape, some)) for some in (names, alone))
    pattern = rf"(?:{_SET_OFF}({any_unit})|\s({clear}))\s*[)\].]*\s*$"
    match = re.search(pattern, clean(text), re.IGNORECASE | re.MULTILINE)
    return units[(match[1] or match[2]).casefold()] if match else None


def shown_otherwise(number: Decimal, marks: frozenset[str], setting: Setting) -> Converted | None:
    """Return XLT357 where Excel shows the amount `number` in another unit than that of the workbook; None elsewhere.

    A format may write a unit beside the number ("5 tỷ"), or divide it by thousands; `marks` tell.
    """
    told = dict(mark.partition(":")[::2] for mark in marks)
    beside, thousands = told.get(BESIDE[:-1], ""), int(told.get(DIVIDED[:-1], 0))
    found = setting.currencies.find(beside.replace("₫", "đ")) if beside else ()
    is_foreign = beside.casefold() in {name.casefold() for name in _FOREIGN}
    if not (thousands or is_foreign or len(found) == 1):
        return None
    seen, kept = number / 1000**thousands, number * setting.factor
    meant = seen * (int(found[0].extra["factor"]) if len(found) == 1 else setting.factor)
    if meant == kept and not is_foreign:
        return None
    view = Text(*(f"{text} {beside}".strip() for text in shown(seen)))
    return Converted(
        None, "XLT357", {"shown": view, "first": _dong(kept), "second": view if is_foreign else _dong(meant)}
    )


def _dong(amount: Decimal) -> Text:
    text = shown(amount)
    return Text(f"{text.vi} đồng", f"{text.en} VND")
