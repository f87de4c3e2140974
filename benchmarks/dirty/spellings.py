"""How people and programs write the same value: none of this is a mistake, and nothing is lost by it."""

import datetime as dt
import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from benchmarks.dirty.grid import Cell, Typed
from xltrack.forms import Column

SHARE = 0.06
"""The share of cells that are written otherwise."""
_EPOCH = dt.date(1899, 12, 30)


def spell(cell: Cell, column: Column, chance: random.Random) -> Typed | None:
    """Return what is typed for `cell`: mostly what the form would have, sometimes the same in another way."""
    ways = _ways(column)
    if cell.spoilt or cell.typed is None or not ways or chance.random() > SHARE:
        return cell.typed
    return chance.choice(ways)(cell.typed)


def _ways(column: Column) -> Sequence[Callable[[Typed], Typed]]:
    if column.id == "tax_code":
        return (_as_number, _spaced)
    if column.money:
        return (_dotted, _with_unit, _with_blank)
    if column.schema.get("format") == "date":
        return (_slashed, _dashed, _as_serial)
    if column.type == "string":
        return (_decomposed, _spaced, _upper) if column.code_list else (_decomposed, _spaced)
    return _WAYS[column.type]


def _as_number(typed: Typed) -> Typed:
    """Let the program take a code for a number: what was a zero in front is gone."""
    return int(typed) if isinstance(typed, str) and typed.isdecimal() else typed


def _spaced(typed: Typed) -> Typed:
    return f"\u00a0{typed}  " if isinstance(typed, str) else typed


def _decomposed(typed: Typed) -> Typed:
    return unicodedata.normalize("NFD", typed) if isinstance(typed, str) else typed


def _upper(typed: Typed) -> Typed:
    return typed.upper() if isinstance(typed, str) else typed


def _lower(typed: Typed) -> Typed:
    return typed.lower() if isinstance(typed, str) else typed


def _as_truth(typed: Typed) -> Typed:
    return typed == "Có"


def _as_text(typed: Typed) -> Typed:
    return str(typed)


def _dotted(typed: Typed) -> Typed:
    return f"{typed:,}".replace(",", ".") if isinstance(typed, int) else typed


def _with_blank(typed: Typed) -> Typed:
    return f"{typed:,}".replace(",", "\u00a0") if isinstance(typed, int) else typed


def _with_unit(typed: Typed) -> Typed:
    """Write the unit behind an amount in millions: tỷ, a thousand of them, where that is a short number."""
    if not isinstance(typed, int):
        return typed
    return f"{typed / 1000:g} tỷ".replace(".", ",") if typed > 999 and typed % 100 == 0 else f"{typed} triệu"


def _with_comma(typed: Typed) -> Typed:
    return str(typed).replace(".", ",") if isinstance(typed, int | float) else typed


def _slashed(typed: Typed) -> Typed:
    return f"{typed:%d/%m/%Y}" if isinstance(typed, dt.date) else typed


def _dashed(typed: Typed) -> Typed:
    return f"{typed.day}-{typed.month}-{typed.year}" if isinstance(typed, dt.date) else typed


def _as_serial(typed: Typed) -> Typed:
    return (typed - _EPOCH).days if isinstance(typed, dt.date) else typed


_WAYS: Mapping[str, Sequence[Callable[[Typed], Typed]]] = {
    "number": (_with_comma,),
    "integer": (_as_text,),
    "boolean": (_lower, _as_truth),
}
