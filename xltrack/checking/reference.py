"""What rules may ask of the schemas: units, tools, sources, limits and ceilings as small tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from xltrack.forms import Code, Schemas

_LAST_DAY = date(9999, 12, 31)
_FIRST_DAY = date(1, 1, 1)
_PROVINCE_PAYS = "local_budget"
_TEXT, _NUMBER, _DAY = pl.String(), pl.Int64(), pl.Date()

_Rows = Iterator[Sequence[object]]


def territories(schemas: Schemas) -> pl.DataFrame:
    """Return for each unit the one to which its territory belongs today (Resolution 202/2025/QH15).

    Columns: unit_code, unit34, kind; a unit that exists belongs to itself.
    """
    rows = (
        (unit.code, schemas.units.successor.get(unit.code, unit.code), unit.kind)
        for unit in schemas.units.all
    )
    return _frame({"unit_code": _TEXT, "unit34": _TEXT, "kind": _TEXT}, rows)


def size_limits(schemas: Schemas) -> pl.DataFrame:
    """Return the upper limits of the size classes of Decree 80/2021/NĐ-CP, in đồng, each with its days in force."""
    rows = schemas.table("size_limits")
    starts = sorted({row["valid_from"] for row in rows})
    ends = {start: date.fromisoformat(after) - timedelta(days=1) for start, after in pairwise(starts)}
    limits = ("workers_max", "revenue_max", "capital_max")
    schema = {"sector": _TEXT, "size": _TEXT, **dict.fromkeys(limits, _NUMBER)}
    return _frame(
        schema | {"valid_from": _DAY, "valid_to": _DAY},
        (
            (
                row["sector"], row["size"], *(int(row[limit]) for limit in limits),
                date.fromisoformat(row["valid_from"]), ends.get(row["valid_from"], _LAST_DAY),
            )
            for row in rows
        ),
    )  # fmt: skip


def vsic_sections(schemas: Schemas) -> pl.DataFrame:
    """Return the sections of both versions of VSIC with their divisions, and the sector in which size is judged."""
    sectors = {(e.parent, e.code): e.extra.get("sme_sector") for e in schemas.code_lists["vsic"].codes}
    columns = ("version", "section", "first_division", "last_division")
    rows = (
        (*(row[column] for column in columns), sectors[row["version"], row["section"]])
        for row in schemas.table("vsic_divisions")
    )
    return _frame(dict.fromkeys((*columns, "size_sector"), _TEXT), rows)


def _ceilings(schemas: Schemas) -> pl.DataFrame:
    """Return what a province may pay at most, by tool and period: a share in per cent, an amount in đồng, or both.

    `sources` are the funding sources whose money counts against it.
    """
    schema = {
        "unit_code": _TEXT, "tool_code": _TEXT, "first_day": _DAY, "last_day": _DAY, "max_percent": pl.Float64(),
        "max_vnd": _NUMBER, "sources": pl.List(_TEXT), "legal_basis": _TEXT,
    }  # fmt: skip
    rows = (
        (
            row["unit_code"], row["tool_code"], _day(row["valid_from"], _FIRST_DAY), _day(row["valid_to"], _LAST_DAY),
            float(row["max_percent"]) if row["max_percent"] else None, int(row["max_vnd"]) if row["max_vnd"] else None,
            (row.get("sources") or _PROVINCE_PAYS).split("|"), row["legal_basis"],
        )
        for row in schemas.table("support_ceilings")
    )  # fmt: skip
    return _frame(schema, rows)


def state_sources(schemas: Schemas) -> pl.DataFrame:
    """Return the funding sources that are state budget."""
    codes = (entry.code for entry in _codes(schemas, "funding_sources") if entry.extra.get("state") == "yes")
    return _frame({"code": _TEXT}, ((code,) for code in codes))


def _tools(schemas: Schemas) -> pl.DataFrame:
    """Return what kind of thing each tool is: certified, accredited, declared, award, tool or none."""
    rows = ((entry.code, entry.extra.get("kind")) for entry in _codes(schemas, "tools"))
    return _frame({"code": _TEXT, "kind": _TEXT}, rows)


def _indicators(schemas: Schemas) -> pl.DataFrame:
    columns = ("unit", "unit_en", "direction")
    rows = ((e.code, *map(e.extra.get, columns)) for e in _codes(schemas, "indicators"))
    return _frame(dict.fromkeys(("code", *columns), _TEXT), rows)


def _indicator_units(schemas: Schemas) -> pl.DataFrame:
    """Return every word by which people name the unit of measure of an indicator, in both languages."""
    rows = (
        (entry.code, word)
        for entry in _codes(schemas, "indicators")
        for word in (
            entry.extra.get("unit"),
            entry.extra.get("unit_en"),
            *entry.extra.get("unit_words", "").split("|"),
        )
        if word
    )
    return _frame({"code": _TEXT, "word": _TEXT}, rows)


def _programme_groups(schemas: Schemas) -> pl.DataFrame:
    """Return the groups of tasks of each programme."""
    rows = ((entry.parent, entry.code) for entry in _codes(schemas, "task_groups"))
    return _frame({"programme": _TEXT, "code": _TEXT}, rows)


def _programmes(schemas: Schemas) -> pl.DataFrame:
    """Return the first and last day of each programme."""
    rows = (
        (entry.code, entry.valid_from or _FIRST_DAY, entry.valid_to or _LAST_DAY)
        for entry in _codes(schemas, "programmes")
    )
    return _frame({"code": _TEXT, "first_day": _DAY, "last_day": _DAY}, rows)


def _further(name: str, *columns: str) -> Callable[[Schemas], pl.DataFrame]:
    """Return what makes a table of the `columns` of the further table `name`."""

    def made(schemas: Schemas) -> pl.DataFrame:
        rows = ([row[column] for column in columns] for row in schemas.table(name))
        return _frame(dict.fromkeys(columns, _TEXT), rows)

    return made


def _codes(schemas: Schemas, name: str) -> tuple[Code, ...]:
    listed = schemas.code_lists.get(name)
    return listed.codes if listed else ()


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def _frame(schema: Mapping[str, pl.DataType], rows: _Rows) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


TABLES: Mapping[str, Callable[[Schemas], pl.DataFrame]] = {
    "territory": territories,
    "state_source": state_sources,
    "tool": _tools,
    "indicator": _indicators,
    "indicator_unit": _indicator_units,
    "programme_period": _programmes,
    "programme_group": _programme_groups,
    "size_limit": size_limits,
    "vsic_section": vsic_sections,
    "support_ceiling": _ceilings,
    "result_word": _further("result_words", "word", "direction"),
    "mail_provider": _further("mail_providers", "domain"),
}
"""The tables by the names under which rules ask for them."""
