"""Writes a fresh workbook that holds what was typed in another."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xltrack.excel.places import card_place, table_place
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.excel.wording import Typed, Value
from xltrack.files import replace_file
from xltrack.forms import Form, Round, Schemas, Sheet, Unit
from xltrack.reading.moves import GIVEN, Moved


@dataclass(frozen=True)
class Move:
    """A cell that was moved: where it stood, and the tab and cell where it stands now."""

    moved: Moved
    tab: str
    cell: str


@dataclass(frozen=True)
class Fresh:
    """The workbook to be written: of which form, for whom, with money in which unit (a code)."""

    form: Form
    unit: Unit | None
    round: Round | None
    currency: str


def write_relocated(
    path: Path,
    fresh: Fresh,
    moved: Iterable[Moved],
    schemas: Schemas,
    *,
    put: Callable[[Path, bytes], None] = replace_file,
) -> tuple[Move, ...]:
    """Write a workbook with the cells `moved` and `put` it at `path`; return where each stands. Raises OutputError.

    The cover has what was typed there and nothing else, but for what the form itself states.
    """
    known = tuple(moved)
    rows: dict[str, list[dict[str, Value]]] = {sheet.id: [] for sheet in fresh.form.sheets}
    for one in known:
        records = rows[one.sheet]
        records.extend({} for _ in range(len(records), one.record + 1))
        if one.column not in GIVEN or fresh.form.by_id[one.sheet] is not fresh.form.cover:
            records[one.record][one.column] = _typed(one)
    cover = fresh.form.cover
    blank: dict[str, Value] = {column.id: None for column in cover.columns if column.id not in GIVEN}
    rows[cover.id] = [blank | dict(next(iter(rows[cover.id]), {}))]
    options = TemplateOptions(fresh.unit, fresh.round, rows, fresh.currency)
    write_template(path, fresh.form, schemas, options, put=put)
    own = {sheet.id: _own(sheet) for sheet in fresh.form.sheets}
    return tuple(_arrived(one, fresh.form.by_id[one.sheet], own[one.sheet]) for one in known)


def _typed(moved: Moved) -> Typed:
    value = moved.value
    if not isinstance(value, str | int | float):
        raise TypeError(f"{moved.cell}: {type(value).__name__}")
    return Typed(value, moved.look)


def _own(sheet: Sheet) -> Mapping[str, str]:
    place = card_place(sheet) if sheet.layout == "card" else table_place(sheet, sheet.capacity)
    return place.own


def _arrived(moved: Moved, sheet: Sheet, own: Mapping[str, str]) -> Move:
    first = own[moved.column]
    letters = first.rstrip("0123456789")
    return Move(moved, sheet.tab, f"{letters}{int(first[len(letters) :]) + moved.record}")
