"""What each dropdown offers: the codes in force in the round, as people see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xltrack.forms import Code, CodeList, Column, Form, Round, Schemas, Sheet, Unit
from xltrack.language import Text

YES_NO = "yes_no"
CURRENCIES = "currency_units"


@dataclass(frozen=True)
class Choice:
    """One dropdown: `shown` are its texts, `codes` the codes behind them, in the same order.

    `pairs` has (text of the parent, text) sorted by parent for a list that depends on another column, else ().
    """

    name: str
    title: Text
    shown: tuple[str, ...]
    codes: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Choices:
    """All dropdowns of a workbook: `every` in the order of their names, `of` by (sheet id, column id)."""

    every: tuple[Choice, ...]
    of: Mapping[tuple[str, str], Choice]
    yes_no: Choice


@dataclass(frozen=True)
class Scope:
    """For whom dropdowns are made: the codes valid for `unit` in `round`, all where that is None.

    `currency` is the code of the unit of money that the headings name.
    """

    schemas: Schemas
    unit: Unit | None
    round: Round | None
    currency: str


def choices_of(form: Form, scope: Scope) -> Choices:
    """Return the dropdowns of `form` within `scope`."""
    schemas = scope.schemas
    yes_no = _choice(schemas.code_lists[YES_NO], schemas.code_lists[YES_NO].codes, YES_NO)
    named = {YES_NO: yes_no}
    found: dict[tuple[str, str], Choice] = {}
    for sheet in form.sheets:
        for column in sheet.columns:
            codes = schemas.codes_of(column)
            if codes is None:
                continue
            offered = [entry for entry in codes.codes if _offered(entry, column, sheet, scope)]
            choice = _choice(codes, offered, _name(column))
            choice = replace(choice, pairs=_pairs(codes, offered, sheet, column, schemas))
            found[sheet.id, column.id] = _register(named, choice)
    return Choices(tuple(named[name] for name in sorted(named)), found, yes_no)


def _offered(entry: Code, column: Column, sheet: Sheet, scope: Scope) -> bool:
    """Return whether `entry` is offered; a list that names a scheme of provinces is historical and stays whole.

    The cover offers no unit of money but that of the headings, which do not change with it.
    """
    schemas, unit, round_ = scope.schemas, scope.unit, scope.round
    if column.code_list == CURRENCIES and sheet.layout == "card":
        return entry.code == scope.currency
    if round_ is None or "scheme" in (column.code_filter or {}):
        return True
    as_unit = schemas.units.by_code.get(entry.code) if column.code_list == "units" else None
    if as_unit is not None and sheet.layout == "card":
        return schemas.units.may_send(as_unit, round_)
    if as_unit is not None and as_unit.is_province:
        return as_unit.scheme == ((unit and unit.scheme) or round_.province_scheme)
    return entry.valid_during(round_.data_from, round_.cut_off)


def _choice(codes: CodeList, offered: Iterable[Code], name: str) -> Choice:
    texts: dict[str, str] = {}
    for entry in offered:
        texts.setdefault(codes.shown(entry), entry.code)
    return Choice(name, codes.title, tuple(texts), tuple(texts.values()))


def _pairs(
    codes: CodeList, offered: Iterable[Code], sheet: Sheet, column: Column, schemas: Schemas
) -> tuple[tuple[str, str], ...]:
    if column.code_parent is None:
        return ()
    parents = schemas.codes_of(sheet.by_id[column.code_parent])
    if parents is None:
        return ()
    order = {entry.code: number for number, entry in enumerate(parents.codes)}
    below = sorted(
        (entry for entry in offered if entry.parent in order), key=lambda entry: order[entry.parent]
    )
    return tuple((parents.shown(parents.by_code[entry.parent]), codes.shown(entry)) for entry in below)


def _name(column: Column) -> str:
    filters = (value for values in (column.code_filter or {}).values() for value in values)
    return "_".join([column.code_list or "", *filters])


def _register(named: dict[str, Choice], choice: Choice) -> Choice:
    """Keep one copy of equal dropdowns; columns that see another part of a list get a name of their own."""
    name, number = choice.name, 1
    while named.setdefault(name, replace(choice, name=name)) != replace(choice, name=name):
        number += 1
        name = f"{choice.name}_{number}"
    return named[name]
