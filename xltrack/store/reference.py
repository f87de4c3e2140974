"""Units, rounds, expectations and code lists as TEMP tables beside the store's own."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from duckdb import DuckDBPyConnection

from xltrack.forms import Code, Schemas
from xltrack.store.frames import registered

_TEXT = pl.String()
_NUMBER = pl.Int64()
_UNIT = {
    "code": _TEXT, "name_vi": _TEXT, "name_en": _TEXT, "kind": _TEXT, "scheme": _TEXT, "bare_code": _TEXT,
    "successor": _TEXT, "ordinal": _NUMBER,
}  # fmt: skip
_ROUND = {
    "year": _NUMBER, "period_kind": _TEXT, "province_scheme": _TEXT,
    "on_time_until": pl.Date(), "data_from": pl.Date(), "cut_off": pl.Date(),
}  # fmt: skip
_EXPECTED = {"year": _NUMBER, "period_kind": _TEXT, "unit_code": _TEXT, "kind": _TEXT, "ordinal": _NUMBER}
_CODE = {
    "list": _TEXT, "code": _TEXT, "parent": _TEXT, "label_vi": _TEXT, "label_en": _TEXT, "verified": pl.Boolean(),
    "ordinal": _NUMBER, "extra": pl.List(pl.Struct({"key": pl.String(), "value": pl.String()})),
}  # fmt: skip
_TARGET_NUMBERS = ("target_low", "target_high")


def load_reference(connection: DuckDBPyConnection, schemas: Schemas) -> None:
    """Make the TEMP tables `unit`, `round`, `expected`, `code`, `indicator_target` from `schemas`.

    `unit.successor` is null for a unit that exists; `ordinal` is the official order. `code.extra` maps the names of
    a list's further columns to their values; `indicator_target` has the columns of its file.
    """
    _make(connection, "unit", _frame(_UNIT, _units(schemas)))
    _make(connection, "round", _frame(_ROUND, _rounds(schemas)))
    _make(connection, "expected", _frame(_EXPECTED, _expected(schemas)))
    codes = _frame(_CODE, _codes(schemas))
    _make(connection, "code", codes, "* REPLACE (map_from_entries(extra) AS extra)")
    _make(connection, "indicator_target", _targets(schemas))


def _make(connection: DuckDBPyConnection, name: str, frame: pl.DataFrame, columns: str = "*") -> None:
    with registered(connection, {"incoming": frame}):
        connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {columns} FROM incoming')


def _frame(schema: Mapping[str, pl.DataType], rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


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
            yield (name, entry.code, entry.parent, *entry.label, entry.verified, ordinal, _extra(entry))


def _extra(entry: Code) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in entry.extra.items()]


def _targets(schemas: Schemas) -> pl.DataFrame:
    rows = schemas.table("indicator_targets")
    frame = pl.DataFrame(rows) if rows else pl.DataFrame(schema={"indicator_code": pl.String})
    numbers = [
        pl.col(name).cast(pl.Float64, strict=False) for name in _TARGET_NUMBERS if name in frame.columns
    ]
    return frame.with_columns(numbers)
