"""What a unit's next workbook begins with: the rows of its last return that go on, under the ids they have."""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xltrack.forms import Carry, Column, Form, Round, Sheet, Unit, Units
from xltrack.store.connection import Store
from xltrack.store.party_redaction import code_columns, is_stand_in
from xltrack.store.schema import quoted

Row = dict[str, Any]
Rows = dict[str, list[Row]]
_MARK = 4
"""So many digits of its hash tell a shortened id apart."""
_YEAR = re.compile(r"\d{4}")
_NEWEST = """
SELECT unit_code, year, period_kind, form, cut_off
FROM "return" JOIN "round" USING (year, period_kind)
WHERE unit_code IN (SELECT unnest($units)) AND period_kind <> 'five_year'
    AND cut_off <= $cut_off AND NOT (year = $year AND period_kind = $period)
QUALIFY row_number() OVER (PARTITION BY unit_code ORDER BY cut_off DESC, period_kind) = 1
"""


@dataclass(frozen=True, slots=True)
class LastReturn:
    """The newest return of one unit before a round."""

    unit: Unit
    year: int
    period_kind: str
    form: str
    cut_off: date


@dataclass(frozen=True)
class Carried:
    """What goes on from earlier returns: `rows` by sheet id, as the store has them; blank cells are left out.

    `returns` are those that the rows come from; none: nothing is known. `silent` are the units it was made of that sent
    none, where it has sent none itself. `renamed` counts ids that two former units had
    both used, `left_out` the rows that they state differently under one key: which holds is for the new unit to say.
    """

    rows: Mapping[str, Sequence[Row]]
    returns: tuple[LastReturn, ...] = ()
    silent: tuple[Unit, ...] = ()
    renamed: int = 0
    left_out: int = 0


def carried(store: Store, unit: Unit, round_: Round) -> Carried:
    """Return what the workbook of `unit` for `round_` begins with, by what the sheets of the form declare (`x-carry`).

    That is from its newest annual or half-year return before the round; of a unit that has sent none itself, from those
    of the units it was made of, together: an id that two of them used gets the code of each before it, numbers run on.
    """
    returns = _returns(store, unit, round_)
    if not returns:
        return Carried({})
    form = store.schemas.forms[returns[0].form]
    sources = [_going_on(store, form, one, round_) for one in returns]
    renamed = _told_apart(form, returns, sources) if len(sources) > 1 else 0
    joined = {
        sheet.id: _joined(sheet, [[_shown(sheet.carry, row) for row in rows[sheet.id]] for rows in sources])
        for sheet in form.sheets
        if sheet.carry
    }
    left_out = sum(count for _, count in joined.values())
    silent = _silent(store.schemas.units, unit, returns)
    return Carried({name: found for name, (found, _) in joined.items()}, returns, silent, renamed, left_out)


def _silent(units: Units, unit: Unit, returns: Sequence[LastReturn]) -> tuple[Unit, ...]:
    known = {one.unit.code for one in returns}
    if unit.code in known:
        return ()
    return tuple(units.by_code[code] for code in units.predecessors.get(unit.code, ()) if code not in known)


def _returns(store: Store, unit: Unit, round_: Round) -> tuple[LastReturn, ...]:
    units = store.schemas.units
    codes = (unit.code, *units.predecessors.get(unit.code, ()))
    asked = {
        "units": list(codes),
        "cut_off": round_.cut_off,
        "year": round_.year,
        "period": round_.period_kind,
    }
    found = {row[0]: LastReturn(units.by_code[row[0]], *row[1:]) for row in store.rows(_NEWEST, asked)}
    own = found.get(unit.code)
    if own is None:
        return tuple(found[code] for code in codes if code in found)
    # A province speaks for all it was made of; a ministry that took in another existed beside it.
    beside = [one for one in found.values() if one is not own and one.cut_off >= own.cut_off]
    return (own,) if unit.is_province else (own, *beside)


def _going_on(store: Store, form: Form, last: LastReturn, round_: Round) -> Rows:
    """Return the rows of one return that go on, and those they refer to, where they stand in `round_`."""
    every = {sheet.id: _rows(store, sheet, last) for sheet in form.sheets if sheet.carry}
    kept = {
        sheet.id: [row for row in every[sheet.id] if _goes_on(sheet.carry, row, round_)]
        for sheet in form.sheets
        if sheet.carry
    }
    for sheet in form.sheets:
        for row in tuple(kept.get(sheet.id, ())):
            for name, column in _references(sheet, row):
                found = (other for other in every.get(name, ()) if other[column[1]] == row[column[0]])
                kept[name] = kept.get(name, []) + [one for one in found if one not in kept.get(name, [])]
    for sheet in form.sheets:
        for row in kept.get(sheet.id, ()):
            _move(sheet, row, store.schemas.units, round_)
    return kept


def _rows(store: Store, sheet: Sheet, last: LastReturn) -> list[Row]:
    names = [column.id for column in sheet.columns]
    query = (
        f"SELECT {', '.join(map(quoted, names))} FROM {quoted(f'current_{sheet.id}')} "
        "WHERE return_unit = ? AND return_year = ? AND return_period = ? ORDER BY _submission, _row"
    )
    asked = [last.unit.code, last.year, last.period_kind]
    rows = [dict(zip(names, row, strict=True)) for row in store.rows(query, asked)]
    # A household that was redacted has no number any more that its province could send again.
    codes = [column.id for other, column in code_columns(store.schemas) if other.id == sheet.id]
    return [row for row in rows if not any(is_stand_in(row[name]) for name in codes)]


def _goes_on(carry: Carry | None, row: Row, round_: Round) -> bool:
    if carry is None:
        return False
    chosen = all(row[name] is None or row[name] in values for name, values in (carry.where or {}).items())
    return chosen and (carry.until is None or _lasts(row[carry.until], round_))


def _lasts(end: object, round_: Round) -> bool:
    """Return whether the day or period `end` reaches into `round_`."""
    if isinstance(end, date):
        return end >= round_.data_from
    years = [int(year) for year in _YEAR.findall(str(end or ""))]
    return not years or max(years) >= round_.year


def _references(sheet: Sheet, row: Row) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the sheets that `row` refers to, with the column here and the column there."""
    for column in sheet.columns:
        if column.references and row[column.id] is not None:
            by = column.references.by
            target = column.references.targets.get(str(row[by]) if by else "")
            if target:
                yield target[0], (column.id, target[1])


def _move(sheet: Sheet, row: Row, units: Units, round_: Round) -> None:
    """Let every unit that `row` names be the one of `round_`; the former one is kept where a column asks for it."""
    for column in sheet.columns:
        now = (
            _now(row[column.id], units, round_)
            if column.code_list == "units" and not column.code_parent
            else None
        )
        if now:
            beside = (
                one.id for one in sheet.columns if one.code_list == "units" and one.code_parent == column.id
            )
            for name in beside:
                row[name] = row[name] or row[column.id]
            row[column.id] = now


def _now(code: str | None, units: Units, round_: Round) -> str | None:
    steps = (
        step for step in units.crosswalk if step.predecessor == code and step.effective_on <= round_.cut_off
    )
    return next((step.successor for step in steps), None)


def _told_apart(form: Form, returns: Sequence[LastReturn], sources: Sequence[Rows]) -> int:
    """Give ids that several sources use for their own things the code of each; return how many ids that were."""
    renamed = 0
    for sheet in form.sheets:
        column = _own_id(sheet)
        if column is None or not sheet.carry:
            continue
        used = Counter(value for rows in sources for value in {row[column.id] for row in rows[sheet.id]})
        shared = {value for value, times in used.items() if times > 1}
        renamed += len(shared)
        for last, rows in zip(returns, sources, strict=True):
            prefix = last.unit.bare_code or last.unit.code
            names = {value: _told_by(prefix, value, column, used) for value in shared}
            _rename(form, rows, (sheet.id, column.id), names)
    return renamed


def _told_by(prefix: str, value: str, column: Column, used: Collection[str]) -> str:
    """Return the id `value` with the code of its unit: shortened, with four digits that tell it apart, if need be."""
    name, longest = f"{prefix}-{value}", column.schema.get("maxLength", math.inf)
    if len(name) <= longest and name not in used:
        return name
    mark = hashlib.sha256(value.encode()).hexdigest()[:_MARK]
    kept = f"{prefix}-{value}"[: int(min(longest, len(name) + _MARK + 1)) - _MARK - 1]
    return f"{kept}-{mark}"


def _own_id(sheet: Sheet) -> Column | None:
    """Return the column by which a unit numbers its own things; a tax code is nobody's own."""
    column = sheet.by_id[sheet.key[0]] if len(sheet.key) == 1 else None
    return column if column and column.type == "string" and column.checksum is None else None


def _rename(form: Form, rows: Rows, target: tuple[str, str], names: Mapping[str, str]) -> None:
    for sheet in form.sheets:
        for row in rows.get(sheet.id, ()):
            for name, (here, there) in tuple(_references(sheet, row)):
                if (name, there) == target:
                    row[here] = names.get(row[here], row[here])
    for row in rows[target[0]]:
        row[target[1]] = names.get(row[target[1]], row[target[1]])


def _joined(sheet: Sheet, sources: Sequence[list[Row]]) -> tuple[list[Row], int]:
    """Return the rows of all `sources` together, and how many had to be left out."""
    rows = [row for source in sources for row in source]
    if len(sources) == 1:
        return rows, 0
    if sheet.layout == "card":
        shared = set(rows[0].items()).intersection(*(row.items() for row in rows))
        return [dict(shared)], 0
    number = next((name for name in sheet.key if sheet.by_id[name].type == "integer"), None)
    return (_numbered(sheet, rows, number), 0) if number else _once(sheet, rows)


def _numbered(sheet: Sheet, rows: Iterable[Row], number: str) -> list[Row]:
    """Return `rows` numbered on from one, each group of the other key columns by itself."""
    counts: Counter[tuple[Any, ...]] = Counter()
    numbered = []
    for row in rows:
        group = tuple(row.get(name) for name in sheet.key if name != number)
        counts[group] += 1
        numbered.append(row | {number: counts[group]})
    return numbered


def _once(sheet: Sheet, rows: Iterable[Row]) -> tuple[list[Row], int]:
    """Return one row per key: of an enterprise the first, of anything else only what all say alike."""
    by_key: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        by_key.setdefault(tuple(row.get(name) for name in sheet.key), []).append(row)
    natural = any(sheet.by_id[name].checksum for name in sheet.key)
    alike = [found[0] for found in by_key.values() if natural or all(row == found[0] for row in found)]
    left_out = sum(len(found) for found in by_key.values() if found[0] not in alike)
    return alike, left_out


def _shown(carry: Carry, row: Row) -> Row:
    return {name: row[name] for name in carry.columns if row[name] is not None}
