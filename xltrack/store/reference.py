"""Units, rounds, expectations and code lists as TEMP tables beside the store's own."""

from collections.abc import Iterable, Mapping, Sequence

from duckdb import DuckDBPyConnection

from xltrack.forms import Schemas
from xltrack.store.plain import plain_rows
from xltrack.store.schema import quoted

_UNIT = {
    "code": "VARCHAR", "name_vi": "VARCHAR", "name_en": "VARCHAR", "kind": "VARCHAR", "scheme": "VARCHAR",
    "bare_code": "VARCHAR", "successor": "VARCHAR", "ordinal": "BIGINT",
}  # fmt: skip
_ROUND = {
    "year": "BIGINT", "period_kind": "VARCHAR", "province_scheme": "VARCHAR",
    "on_time_until": "DATE", "data_from": "DATE", "cut_off": "DATE",
}  # fmt: skip
_EXPECTED = {
    "year": "BIGINT", "period_kind": "VARCHAR", "unit_code": "VARCHAR", "kind": "VARCHAR", "ordinal": "BIGINT",
}  # fmt: skip
_CODE = {
    "list": "VARCHAR", "code": "VARCHAR", "parent": "VARCHAR", "label_vi": "VARCHAR", "label_en": "VARCHAR",
    "verified": "BOOLEAN", "ordinal": "BIGINT", "extra": "MAP(VARCHAR, VARCHAR)",
}  # fmt: skip
_TARGET_NUMBERS = ("target_low", "target_high")


def load_reference(connection: DuckDBPyConnection, schemas: Schemas) -> None:
    """Make the TEMP tables `unit`, `round`, `expected`, `code`, `indicator_target` from `schemas`.

    `unit.successor` is null for a unit that exists; `ordinal` is the official order. `code.extra` maps the names of
    a list's further columns to their values; `indicator_target` has the columns of its file.
    """
    _make(connection, "unit", _UNIT, _units(schemas))
    _make(connection, "round", _ROUND, _rounds(schemas))
    _make(connection, "expected", _EXPECTED, _expected(schemas))
    _make(connection, "code", _CODE, _codes(schemas))
    _make_targets(connection, schemas.table("indicator_targets"))


def _make(
    connection: DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[object]],
    said: str = "*",
) -> None:
    query, parameters = plain_rows(columns, rows)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS SELECT {said} FROM ({query})", parameters
    )


def _units(schemas: Schemas) -> Iterable[Sequence[object]]:
    for unit in schemas.units.all:
        successor = schemas.units.successor.get(unit.code)
        yield (unit.code, *unit.name, unit.kind, unit.scheme, unit.bare_code, successor, unit.order)


def _rounds(schemas: Schemas) -> Iterable[Sequence[object]]:
    for round_ in schemas.units.rounds:
        dates = (round_.on_time_until, round_.data_from, round_.cut_off)
        yield (round_.year, round_.period_kind, round_.province_scheme, *dates)


def _expected(schemas: Schemas) -> Iterable[Sequence[object]]:
    for round_ in schemas.units.rounds:
        for ordinal, unit in enumerate(schemas.units.expected(round_), 1):
            yield (round_.year, round_.period_kind, unit.code, unit.kind, ordinal)


def _codes(schemas: Schemas) -> Iterable[Sequence[object]]:
    for name, code_list in schemas.code_lists.items():
        for ordinal, entry in enumerate(code_list.codes, 1):
            yield (name, entry.code, entry.parent, *entry.label, entry.verified, ordinal, dict(entry.extra))


def _make_targets(connection: DuckDBPyConnection, rows: Sequence[Mapping[str, str]]) -> None:
    columns = dict.fromkeys(rows[0] if rows else ["indicator_code"], "VARCHAR")
    numbers = ", ".join(
        f"TRY_CAST({name} AS DOUBLE) AS {name}" for name in _TARGET_NUMBERS if name in columns
    )
    said = f"* REPLACE ({numbers})" if numbers else "*"
    _make(connection, "indicator_target", columns, (list(row.values()) for row in rows), said)
