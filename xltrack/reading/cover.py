"""Understands the cover: who reports, for which round, in which money unit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from xltrack.findings import Finding
from xltrack.forms import Round, Schemas, Unit, Units
from xltrack.language import Text
from xltrack.reading import codes
from xltrack.reading.model import Cover, Table
from xltrack.reading.recognise import Manifest
from xltrack.reading.text import clean, is_nothing

UNIT = "unit_code"
CURRENCY = "currency_unit"
PERIODS = "period_kinds"
_DEFAULTS: Mapping[str, Any] = {
    "figures_kind": "actual",
    "submission_no": 1,
    "submission_kind": "full",
    "part_no": 1,
    "part_count": 1,
    "currency_unit": "dong",
    "nil_report": False,
}
_BARE_CODE = 2


@dataclass(frozen=True)
class Understood:
    """What the cover says: the `cover` if unit and round are known, the table with the unit's code, what was found."""

    cover: Cover | None
    table: Table
    findings: tuple[Finding, ...]


def round_named(table: Table, units: Units) -> Round | None:
    """Return the round that the cover names, None if it names none."""
    year, period = _value(table, "year"), _value(table, "period_kind")
    return units.round(year, period) if year is not None and period is not None else None


def understand(table: Table, manifest: Manifest, schemas: Schemas) -> Understood:
    """Return who reports what, as the cover says; whatever is blank has its usual value.

    A blank required cell is no finding here. Where unit or round are not known there is no cover.
    """
    units = schemas.units
    round_ = round_named(table, units)
    unit, findings = _unit(table, units, round_)
    findings += _round_findings(table, round_, unit, schemas)
    findings += _template_findings(table, manifest, (unit, round_), schemas)
    code = pl.lit(unit.code if unit else None, dtype=pl.String()).alias(UNIT)
    if UNIT in table.frame.columns:
        table = replace(table, frame=table.frame.with_columns(code))
    cover = None
    if unit is not None and round_ is not None:
        known = {name: _value(table, name) for name in _DEFAULTS}
        values = {name: _DEFAULTS[name] if value is None else value for name, value in known.items()}
        cover = Cover(unit=unit, round=round_, **values)
    return Understood(cover, table, tuple(findings))


def _value(table: Table, column: str) -> Any:
    return table.frame[column][0] if column in table.frame.columns else None


def _finding(xlt: str, table: Table, column: str, **facts: object) -> Finding:
    row, cell = table.place(column, 0)
    return Finding(xlt, table.tab, row, cell, column, table.raw.at(column, 0), facts)


def _unit(table: Table, units: Units, round_: Round | None) -> tuple[Unit | None, list[Finding]]:
    """Return the unit by code and name; by the round only if just one unit of that code or name may send then."""
    text, name = (_text(table, column) for column in (UNIT, "unit_name"))
    by_name = units.find(name) if name else ()
    if not text:
        return _only(table, "unit_name", by_name, units, round_) if name else (None, [])
    is_code = not codes.is_broken_number(text)
    meant = units.find(text) or units.find(text.zfill(_BARE_CODE)) if is_code else ()
    if not meant:
        suggestions = codes.suggestions(units.as_code_list, text)
        return None, [_finding("XLT120", table, UNIT, value=text, suggestions=suggestions)]
    both = tuple(unit for unit in meant if unit in by_name)
    if by_name and not both:
        return None, [_finding("XLT131", table, UNIT, code=text, name=name)]
    return _only(table, UNIT, both or meant, units, round_)


def _only(
    table: Table, column: str, meant: tuple[Unit, ...], units: Units, round_: Round | None
) -> tuple[Unit | None, list[Finding]]:
    if len(meant) > 1 and round_ is not None:
        meant = tuple(unit for unit in meant if units.may_send(unit, round_)) or meant
    if len(meant) == 1:
        return meant[0], []
    if not meant:
        suggestions = codes.suggestions(units.as_code_list, _text(table, column))
        return None, [_finding("XLT120", table, column, suggestions=suggestions)]
    return None, [
        _finding("XLT121", table, column, readings=codes.readings(tuple(u.as_code("") for u in meant)))
    ]


def _text(table: Table, column: str) -> str:
    text = clean(str(_value(table, column) or ""))
    return "" if is_nothing(text) else text


def _round_findings(table: Table, round_: Round | None, unit: Unit | None, schemas: Schemas) -> list[Finding]:
    year, period = _value(table, "year"), _value(table, "period_kind")
    if round_ is None:
        known = year is not None and period is not None
        return (
            [_finding("XLT123", table, "year", year=year, period=table.raw.at("period_kind", 0))]
            if known
            else []
        )
    if unit is not None and not schemas.units.may_send(unit, round_):
        named = _round_words(schemas, str(round_.year), round_.period_kind)
        return [_finding("XLT122", table, UNIT, unit=_named(unit), round=named)]
    return []


def _named(unit: Unit) -> Text:
    return Text(f"{unit.code} – {unit.name.vi}", f"{unit.code} – {unit.name.en}")


def _round_words(schemas: Schemas, year: str, period: str) -> Text:
    """Return a round in the words of the dropdown: "2025 (6 tháng)"."""
    known = schemas.code_lists[PERIODS].by_code.get(period)
    words = known.label if known else Text(period, period)
    return Text(f"{year} ({words.vi.lower()})", f"{year} ({words.en.lower()})")


def _template_findings(
    table: Table, manifest: Manifest, named: tuple[Unit | None, Round | None], schemas: Schemas
) -> list[Finding]:
    """Return where the cover names another unit or round than the file was made out for."""
    unit, round_ = named
    made_for = manifest.entries
    findings = []
    if unit is not None and made_for.get("unit", unit.code) not in ("", unit.code):
        other = schemas.units.by_code.get(made_for["unit"])
        template = _named(other) if other else made_for["unit"]
        findings.append(_finding("XLT124", table, UNIT, cover=_named(unit), template=template))
    if round_ is not None and made_for.get("year") and made_for.get("period"):
        expected = (made_for["year"], made_for["period"])
        if expected != (str(round_.year), round_.period_kind):
            own = _round_words(schemas, str(round_.year), round_.period_kind)
            other_round = _round_words(schemas, *expected)
            findings.append(_finding("XLT125", table, "year", cover=own, template=other_round))
    return findings
