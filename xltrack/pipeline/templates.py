"""Writes the workbooks that are sent out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xltrack.errors import UnknownName
from xltrack.excel.template import LARGE, TemplateOptions, template_name, write_template
from xltrack.excel.wording import Row
from xltrack.files import add_file, make_folder
from xltrack.forms import Round, Schemas, Unit, load_schemas
from xltrack.language import Text
from xltrack.pipeline.parallel import map_in_processes
from xltrack.pipeline.watching import Watch, silent

if TYPE_CHECKING:
    from xltrack.store import Carried


def _untold(_unit: Unit, _carried: "Carried") -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Prefill:
    """The store at the path `store` from which workbooks are filled in beforehand (`xltrack.store.carried`).

    `tell` is called with each unit and what its workbook begins with.
    """

    store: Path
    tell: Callable[[Unit, "Carried"], None] = _untold


@dataclass(frozen=True)
class Outfit:
    """How workbooks are made: their unit of money, 5,000 rows a sheet if `large`, locked if `protected`.

    With `prefill` each begins with what goes on from its unit's last return.
    """

    currency: str = "million"
    large: bool = False
    protected: bool = True
    prefill: Prefill | None = None


@dataclass(frozen=True)
class _Order:
    """One workbook to write, picklable."""

    path: Path
    unit: str
    year: int
    period: str
    outfit: Outfit
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def write_templates(
    units: Sequence[str],
    year: int,
    period: str,
    directory: Path | str = ".",
    *,
    outfit: Outfit | None = None,
    schemas: Path | None = None,
    watch: Watch = silent,
) -> tuple[Path, ...]:
    """Write a workbook for each of `units` (codes or names; none: every unit of the round); return their paths.

    Raises UnknownName for a unit or round that does not exist, StoreError of the store to prefill from, and OutputError
    where a file cannot be written or another one, perhaps filled in, has its name.
    """
    declared = load_schemas(schemas)
    round_ = _round(declared, year, period)
    named = dict.fromkeys(_unit(declared, name, round_) for name in units)
    chosen = tuple(named) or declared.units.expected(round_)
    folder, form = make_folder(Path(directory)), declared.form()
    made = outfit or Outfit()
    known = _known(made.prefill, declared, chosen, round_) if made.prefill else {}
    bare = replace(made, prefill=None)
    orders = [
        _Order(
            folder / template_name(form, unit, round_),
            unit.code,
            year,
            period,
            bare,
            known.get(unit.code, {}),
        )
        for unit in chosen
    ]
    written = map_in_processes(partial(_write, schemas=schemas), orders)
    return tuple(_watched(written, len(orders), watch))


def _known(
    prefill: Prefill, declared: Schemas, units: Sequence[Unit], round_: Round
) -> Mapping[str, Mapping[str, Sequence[Row]]]:
    """Return by unit code the rows that its workbook begins with."""
    from xltrack.store import carried, open_store

    known = {}
    with open_store(prefill.store, declared, read_only=True) as opened:
        for unit in units:
            found = carried(opened, unit, round_)
            known[unit.code] = found.rows
            prefill.tell(unit, found)
    return known


def _watched(paths: Iterator[Path], total: int, watch: Watch) -> Iterator[Path]:
    for number, path in enumerate(paths, start=1):
        watch("template", number, total, path.name)
        yield path


def _write(order: _Order, schemas: Path | None) -> Path:
    declared = load_schemas(schemas)
    options = TemplateOptions(
        unit=declared.units.by_code[order.unit],
        round=declared.units.round(order.year, order.period),
        rows=order.rows,
        currency=order.outfit.currency,
        capacity=LARGE if order.outfit.large else None,
        protected=order.outfit.protected,
    )
    write_template(order.path, declared.form(), declared, options, put=add_file)
    return order.path


def _round(declared: Schemas, year: int, period: str) -> Round:
    found = declared.units.round(year, period)
    if found is None:
        known = ", ".join(sorted({f"{r.year}" for r in declared.units.rounds if r.period_kind == period}))
        hint = Text(f"Có các năm: {known}.", f"There are the years {known}.")
        raise UnknownName(kind=Text("kỳ báo cáo", "round"), name=f"{year} {period}", hint=hint)
    return found


def _unit(declared: Schemas, name: str, round_: Round) -> Unit:
    units = declared.units
    found = units.sending(name, round_)
    if len(found) == 1:
        return found[0]
    heirs = (
        units.by_code[units.successor[unit.code]] for unit in units.find(name) if unit.code in units.successor
    )
    possible = found or tuple(heir for heir in dict.fromkeys(heirs) if units.may_send(heir, round_))
    readings = ", ".join(f"{unit.code} {unit.name.vi}" for unit in possible)
    hint = (
        Text(f"Có thể là: {readings}. Hãy ghi mã.", f"It may be {readings}. Give the code.")
        if possible
        else Text(
            "Ghi mã như T34-24, BO-CT, hoặc tên tỉnh.", "Give a code as T34-24, BO-CT, or a province's name."
        )
    )
    kind = (
        Text(
            "một đơn vị duy nhất gửi được trong kỳ mang tên",
            "single unit that may send in the round and is called",
        )
        if len(found) > 1
        else Text("đơn vị gửi được trong kỳ", "unit that may send in the round")
    )
    raise UnknownName(kind=kind, name=name, hint=hint)
