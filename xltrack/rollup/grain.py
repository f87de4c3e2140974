"""The grains: temporary tables with one row per enterprise, application, line of money …, placed in both views."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from xltrack.checking.reference import size_limits, vsic_sections
from xltrack.forms import PeriodKind, Schemas
from xltrack.rollup.definitions import statement
from xltrack.rollup.model import BOTH, FIGURES_KINDS, View
from xltrack.store import Store
from xltrack.store.frames import registered

GRAINS = (
    "place", "report", "enterprise", "application", "party", "support", "task", "money", "certificate",
)  # fmt: skip
SPANS = ((2021, 2025), (2026, 2030), (2021, 2030))
"""The periods of several years: the two halves of Programme 1322 and Plan 36, and the whole."""
_INPUTS = ("asked", "period", "view", "kind", "vsic", "size_limit", "source")
_YEARS_OF = {"half": 1, "annual": 1, "five_year": 5}


@contextmanager
def grains(
    store: Store, schemas: Schemas, period_kind: PeriodKind, views: Sequence[View] = BOTH
) -> Iterator[None]:
    """Make the temporary tables `rollup_<name>` over the current returns of `period_kind`, and drop them at the end."""
    try:
        for name, frame in _inputs(store, schemas, period_kind, views).items():
            _load(store, f"rollup_{name}", frame)
        for name in GRAINS:
            store.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE rollup_{name} AS\n{statement('grains', name)}"
            )
        yield
    finally:
        for name in (*GRAINS, *_INPUTS):
            store.connection.execute(f"DROP TABLE IF EXISTS rollup_{name}")


def _inputs(
    store: Store, schemas: Schemas, period_kind: PeriodKind, views: Sequence[View]
) -> dict[str, pl.DataFrame]:
    return {
        "asked": pl.DataFrame({"period_kind": [period_kind], "span": [_YEARS_OF[period_kind]]}),
        "period": _periods(store, period_kind),
        "view": pl.DataFrame({"view": list(views)}),
        "kind": pl.DataFrame({"figures_kind": FIGURES_KINDS, "place": range(len(FIGURES_KINDS))}),
        "vsic": vsic_sections(schemas),
        "size_limit": size_limits(schemas),
        "source": _sources(schemas),
    }


def _load(store: Store, name: str, frame: pl.DataFrame) -> None:
    with registered(store.connection, {"incoming": frame}):
        store.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming")


def _periods(store: Store, period_kind: PeriodKind) -> pl.DataFrame:
    found = store.rows(
        'SELECT DISTINCT year FROM "return" WHERE period_kind = ? ORDER BY year', [period_kind]
    )
    back = _YEARS_OF[period_kind] - 1
    rows = [
        (f"{year - back}-{year}" if back else str(year), year, year, year - back, year, False)
        for (year,) in found
    ]
    if period_kind == "annual":
        years = {year for (year,) in found}
        spans = [(first, last) for first, last in SPANS if years.intersection(range(first, last + 1))]
        rows += [(f"{first}-{last}", first, last, first, last, True) for first, last in spans]
    names = ("period", "return_from", "return_to", "first_year", "last_year")
    schema = {name: pl.String() if name == "period" else pl.Int64() for name in names} | {
        "is_span": pl.Boolean()
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _sources(schemas: Schemas) -> pl.DataFrame:
    codes = schemas.code_lists["funding_sources"].codes
    return pl.DataFrame(
        {
            "source": [entry.code for entry in codes],
            "state": [entry.extra.get("state") == "yes" for entry in codes],
        }
    )
