"""From a figure back to the cells that it is made of, by the SQL that the figure itself is made by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from xltrack.errors import ProgramError, UnknownName
from xltrack.forms import PeriodKind, Schemas
from xltrack.language import Text
from xltrack.rollup.definitions import Group, groups, measures
from xltrack.rollup.figures import placed
from xltrack.rollup.grain import Making, grains
from xltrack.rollup.model import UNALLOCATED, View
from xltrack.rollup.narrowing import Narrow, each, narrowed, needed, traced
from xltrack.store import Store
from xltrack.store.places import places


@dataclass(frozen=True)
class Figure:
    """One figure as a roll-up names it: `unit_code` None is the nation, `cut` the dimensions that are not all."""

    measure: str
    period: str
    figures_kind: str = "actual"
    view: View = "34"
    unit_code: str | None = None
    cut: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InWorkbook:
    """What a figure is in the workbook whose cell was asked for, where the store counts otherwise: its `value`.

    `as_of` is the day, or the moment, of which the store still gives that value, None if none is known.
    """

    value: int
    as_of: date | None


@dataclass(frozen=True)
class Trace:
    """A figure, its `value`, and the cells that it is made of.

    `rows`: one row per cell, in the order of units, years, files and rows: unit_code, year, file_name, sha256,
    received_at (UTC), source, sheet (the id), tab, row, cell (null where the store does not know the column's letter),
    column (the id), value (as text), and counts: what of the figure the cell stands for, a tax code or a number.
    `kinds` are the kinds of figures that the returns of its period have, `silent` the years and units without whose
    returns the figure of their successor is one of a part; both () where that was not asked. `in_workbook` is what it
    was when the workbook was made whose cell was asked for, None where that is the same.
    """

    figure: Figure
    value: int
    rows: pl.DataFrame
    kinds: tuple[str, ...] = ()
    silent: tuple[tuple[int, str], ...] = ()
    in_workbook: InWorkbook | None = None


def trace(store: Store, schemas: Schemas, figure: Figure, period_kind: PeriodKind = "annual") -> Trace:
    """Return what `figure` is made of. Only the rows that can have a part in it are looked at.

    Raises UnknownName for a measure, or dimensions by which it is not counted; ProgramError if the cells do not make up
    the figure; StoreDamaged.
    """
    group = group_of(figure)
    making = _making(group, figure)
    with (
        narrowed(store, group, _narrow(store, group, figure, period_kind)),
        grains(store, schemas, period_kind, (figure.view,), making),
    ):
        value = _value(store, group, figure)
        found = store.frame(_cells(group, figure), _asked(figure))
        rows = places(store, found, sheet_of(figure.measure), column_of(figure.measure))
    made = Trace(figure, value, rows)
    if counted(made, group, schemas) != value:
        said = f"{figure.measure} {figure.period}: {value} ≠ {counted(made, group, schemas)}"
        raise ProgramError(reason=Text(f"các ô không khớp số liệu ({said})", f"cells do not agree ({said})"))
    return made


def sheet_of(measure: str) -> str:
    """Return the id of the sheet whose rows `measure` counts."""
    return str(_measure(measure)["sheet"])


def column_of(measure: str) -> str:
    """Return the id of the column that `measure` counts or adds up."""
    return str(_measure(measure)["column"])


def group_of(figure: Figure) -> Group:
    """Return the group of measures that counts `figure`; raises UnknownName."""
    _measure(figure.measure)
    having = [group for group in groups() if figure.measure in group.measures]
    for group in having:
        if set(figure.cut) <= set(group.dimensions) and set(group.always) <= set(figure.cut):
            return group
    hint = "; ".join(
        f"{', '.join(group.dimensions) or '–'}" + (f" (* {', '.join(group.always)})" if group.always else "")
        for group in having
    )
    raise UnknownName(
        kind=Text(f"cách chia của `{figure.measure}` theo", f"cut of `{figure.measure}` by"),
        name=", ".join(figure.cut) or "–",
        hint=Text(
            f"Có thể chia theo: {hint}. Dấu * là bắt buộc.",
            f"It is cut by: {hint}. Those after * are needed.",
        ),
    )


def counted(trace_: Trace, group: Group, schemas: Schemas) -> int:
    """Return what the cells of `trace_` make up: different tax codes, an amount, or a number of rows."""
    if group.scoped or group.aggregate == "distinct":
        return trace_.rows["counts"].n_unique()
    if adds_up(trace_.figure.measure, schemas):
        return sum(int(value) for value in trace_.rows["counts"])
    return trace_.rows.height


def adds_up(measure: str, schemas: Schemas) -> bool:
    """Return whether the cells of `measure` are numbers that are added up."""
    column = schemas.form().by_id[sheet_of(measure)].by_id[column_of(measure)]
    return column.type == "integer"


def _measure(name: str) -> Mapping[str, Any]:
    rows = measures().filter(id=name).to_dicts()
    if not rows:
        known = ", ".join(measures()["id"])
        raise UnknownName(kind=Text("chỉ số", "measure"), name=name, hint=known)
    return rows[0]


def _asked(figure: Figure) -> dict[str, object]:
    named = {"period": figure.period, "figures_kind": figure.figures_kind, "view": figure.view}
    asked: dict[str, object] = {**named, **figure.cut}
    return asked | ({"unit_code": figure.unit_code} if figure.unit_code else {})


def _chosen(group: Group, figure: Figure) -> str:
    """Return the SQL of the rows of `group` that make `figure`."""
    named = ("period", "figures_kind", "view", *figure.cut)
    same = " AND ".join(f"{name} = ${name}" for name in named)
    where = "is_unit AND unit_code = $unit_code" if figure.unit_code else "NOT is_unit"
    return f"SELECT * FROM (\n{traced(placed(group))}\n) WHERE {same} AND {where} AND {figure.measure} IS NOT NULL"


def _value(store: Store, group: Group, figure: Figure) -> int:
    added = f"count(DISTINCT {figure.measure})" if group.aggregate == "distinct" else f"sum({figure.measure})"
    query = f"SELECT coalesce({added}, 0) FROM (\n{_chosen(group, figure)}\n)"
    ((value,),) = store.rows(query, _asked(figure))
    return int(value)


def _cells(group: Group, figure: Figure) -> str:
    """Return the SQL of the rows of the files behind `figure`: _file, _row and what each stands for."""
    if not group.scoped:
        return f"SELECT _file, _row, CAST({figure.measure} AS VARCHAR) AS counts FROM (\n{_chosen(group, figure)}\n)"
    column = "return_unit" if figure.view == "reported" else f"unit{figure.view}"
    unit = f"a.{column} = $unit_code" if figure.unit_code else "TRUE"
    pilot = "a.pilot = 1" if column_of(figure.measure) == "pilot_model" else "TRUE"
    return (
        f"SELECT a._file, a._row, a.party_id AS counts\nFROM (\n{_chosen(group, figure)}\n) AS c\n"
        "JOIN rollup_application AS a ON a.party_id = c.party_id AND a.figures_kind = c.figures_kind\n"
        "JOIN rollup_period AS t ON t.period = c.period AND a.return_year BETWEEN t.return_from AND t.return_to\n"
        f"WHERE a.counted AND {unit} AND {pilot}"
    )


def _making(group: Group, figure: Figure) -> Making:
    """Return how the grains that `group` needs are made: over narrowed sheets, each of those supported by itself."""
    scope = figure.view if figure.unit_code else "nation"
    asked = {"scope": scope, "view": str(figure.view)}
    only: dict[str, dict[str, str]] = {"period": {"period": figure.period}, "scope": asked}
    return Making(needed(group), each, only)


_EXAMPLE = Text("Ví dụ: 2025, 2021-2025.", "For example 2025, 2021-2025.")


def years_of(period: str) -> tuple[int, int]:
    """Return the first and the last year of "2025" or "2021-2025"; raises UnknownName."""
    first, _, last = period.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise UnknownName(kind=Text("kỳ", "period"), name=period, hint=_EXAMPLE)
    return int(first), int(last or first)


def _narrow(store: Store, group: Group, figure: Figure, period_kind: PeriodKind) -> Narrow:
    """Return in which returns the rows of `figure` stand; what is dated may stand in the returns of any year."""
    first, last = years_of(figure.period)
    year = "TRUE" if group.dated else f"year BETWEEN {first} AND {last}"
    unit = f"unit_code IN ({', '.join(map(_text, senders(store, figure)))})" if figure.unit_code else "TRUE"
    return Narrow(
        f"period_kind = {_text(period_kind)} AND {year} AND {unit}",
        _applications(group, first, last),
        figure.measure in group.looks_back,
    )


def _applications(group: Group, first: int, last: int) -> str:
    """Return the SQL of which applications may be counted, so that what is said of other enterprises is not read."""
    if group.scoped:
        return "status IN ('doing', 'completed')"
    if group.dated:
        year = "coalesce(extract(YEAR FROM issued_on), return_year)"
        return f"(certificate_no IS NOT NULL OR issued_on IS NOT NULL) AND {year} BETWEEN {first} AND {last}"
    return "TRUE"


def senders(store: Store, figure: Figure) -> list[str]:
    """Return the units whose returns may have rows that stand under the figure's unit; raises UnknownName."""
    if figure.unit_code is None:
        return []
    if figure.unit_code == UNALLOCATED:
        return [code for (code,) in store.rows("SELECT DISTINCT unit_code FROM current_submission")]
    related = (
        "SELECT code FROM unit WHERE $unit IN (code, successor) "
        "UNION SELECT successor FROM unit WHERE code = $unit AND successor IS NOT NULL"
    )
    found = [code for (code,) in store.rows(related, {"unit": figure.unit_code})]
    if figure.unit_code not in found:
        raise UnknownName(kind=Text("đơn vị", "unit"), name=figure.unit_code, hint="")
    return found


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
