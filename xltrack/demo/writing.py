"""Writes the made-up workbooks as their senders would, in several processes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from xltrack.demo.occasion import occasion
from xltrack.demo.programme import Programme, plan_programme
from xltrack.demo.returns import occasions_of
from xltrack.demo.sendings import Sending, sendings_of
from xltrack.excel.template import TemplateOptions, template_name, write_template
from xltrack.forms import Round, Schemas, load_schemas
from xltrack.pipeline.parallel import map_in_processes
from xltrack.pipeline.watching import Watch


@dataclass(frozen=True)
class Written:
    """A workbook that lies ready as received: the unit, the year and number of its return, the day it came."""

    path: Path
    unit: str
    year: int
    number: int
    day: date
    rows: int


@dataclass(frozen=True)
class _Order:
    directory: Path
    unit: str
    year: int


def annual_round(schemas: Schemas, year: int) -> Round:
    """Return the annual round of `year`, which the shipped list of rounds always has."""
    found = schemas.units.round(year, "annual")
    if found is None:
        raise LookupError(year)
    return found


def write_received(directory: Path, years: Sequence[int], watch: Watch) -> tuple[Written, ...]:
    """Write everything that arrives in the annual rounds of `years` below `directory`, a folder for each day."""
    schemas = load_schemas()
    orders = [
        _Order(directory, about.unit.code, year)
        for year in years
        for about in occasions_of(annual_round(schemas, year), schemas)
    ]
    return tuple(_written(orders, watch))


def _written(orders: Sequence[_Order], watch: Watch) -> Iterator[Written]:
    for number, workbooks in enumerate(map_in_processes(_write_unit, orders), start=1):
        watch("template", number, len(orders), workbooks[0].path.name)
        yield from workbooks


def _write_unit(order: _Order) -> tuple[Written, ...]:
    schemas = load_schemas()
    unit = schemas.units.by_code[order.unit]
    about = occasion(unit, annual_round(schemas, order.year), schemas)
    return tuple(_write(order.directory, sending, schemas) for sending in sendings_of(about, _programme()))


@cache
def _programme() -> Programme:
    return plan_programme(load_schemas().units)


def _write(directory: Path, sending: Sending, schemas: Schemas) -> Written:
    content, form = sending.content, schemas.form()
    name = template_name(form, content.unit, content.round)
    path = (
        directory / sending.folder / (name if sending.number == 1 else name.replace(".xlsx", "_lan-2.xlsx"))
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    options = TemplateOptions(
        unit=content.unit,
        round=content.round,
        rows=content.rows,
        currency=str(content.cover["currency_unit"]),
    )
    write_template(path, form, schemas, options)
    rows = sum(len(sheet) for name, sheet in content.rows.items() if name != form.cover.id)
    return Written(path, content.unit.code, content.round.year, sending.number, sending.day, rows)
