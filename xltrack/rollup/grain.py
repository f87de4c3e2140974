"""The grains: tables in memory with one row per enterprise, application, line of money …, placed in both views."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import duckdb
import polars as pl
from duckdb import DuckDBPyConnection

from xltrack.checking.reference import size_limits, vsic_sections
from xltrack.forms import PeriodKind, Schemas
from xltrack.rollup.coding import coded, coded_columns, make_coded
from xltrack.rollup.definitions import statement
from xltrack.rollup.model import BOTH, FIGURES_KINDS, View
from xltrack.rollup.side_by_side import side_by_side
from xltrack.rollup.sums import summed, sums
from xltrack.rollup.whole import Codes, Wholly, whole_sheets
from xltrack.store import Store
from xltrack.store.database import MEMORY
from xltrack.store.frames import registered

GRAINS = (
    "word", "budget", "span", "place", "report", "spot", "site", "file", "industry", "limits", "listed_again",
    "look", "enterprise", "unlinked", "applicant", "applied", "application", "counted", "party", "supported", "support",
    "used", "task", "unplaced", "subject", "spent", "money", "certificate", *summed(),
)  # fmt: skip
WHOLE_LISTS = ("restatements",)
"""Lists that are made over whole sheets, after the grains."""
IN_WORDS = ("application", "money")
"""Which of them are views: the numbers of another grain, put into words for those that ask."""
SPANS = ((2021, 2025), (2026, 2030), (2021, 2030))
"""The periods of several years: the two halves of Programme 1322 and Plan 36, and the whole."""
_INPUTS = (
    "asked", "period", "year", "view", "scope", "kind", "vsic", "division", "size_limit", "year_end", "source",
)  # fmt: skip
YEARS_ASKED = "SELECT DISTINCT year FROM current_submission WHERE period_kind = ? ORDER BY year"
_ALIKE = "bit, spot_no, legal_form, first_year, is_wide, years, pilot, pilot_years"
LAST_READ = {"party": "enterprise", "supported": "counted"}
"""After which grain another is read by nobody any more; those of ten years fill hundreds of megabytes."""
_BITS = {"year": pl.Int64(), "bit": pl.Int64()}
_YEARS_OF = {"half": 1, "annual": 1, "five_year": 5}


def condensed(name: str) -> str:
    """Return the SQL of a grain; of those supported, how many are alike: nobody but a trace asks for each by itself."""
    if name in summed():
        return sums(summed()[name])
    rows = statement("grains", name)
    if name != "supported":
        return rows
    # Who stands in several places is met again in each.
    own = ("CASE WHEN is_wide THEN party_id END", "CASE WHEN is_wide THEN rank ELSE rank % 100000 END")
    alike = f"SELECT {_ALIKE}, {own[0]} AS party_id, {own[1]} AS rank, count(*) AS parties"
    return f"{alike} FROM (\n{rows}\n) AS met GROUP BY {_ALIKE}, {', '.join(own)}"


@dataclass(frozen=True)
class Making:
    """Which grains are made (`names`), how each is `written`, and of inputs `only` the rows with these values.

    `views` are those that are no tables.
    """

    names: Sequence[str] = GRAINS
    written: Callable[[str], str] = condensed
    only: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    views: Sequence[str] = IN_WORDS


@contextmanager
def grains(
    store: Store,
    schemas: Schemas,
    period_kind: PeriodKind,
    views: Sequence[View] = BOTH,
    making: Making | None = None,
) -> Iterator[Wholly]:
    """Make the tables `rollup_<name>` in memory over the current returns of `period_kind`, and drop them at the end.

    Without `making`, which narrows what is read, they are made over whole sheets, and tax codes are numbers in them.
    Gives what makes the lists `WHOLE_LISTS` read the same.
    """
    only = making.only if making else {}
    with (
        coded(store, schemas, parties=making is None),
        asked(store, schemas, period_kind, views, only),
        _made(store, making) if making else _made_whole(store) as wholly,
    ):
        yield wholly or str


@contextmanager
def _made_whole(store: Store) -> Iterator[Wholly]:
    """Make the grains over whole sheets, whose codes come as codes unless one of them is in no list any more."""
    made = ExitStack()
    with made:
        try:
            wholly = _keep_whole(store, made, coded_columns(store.schemas))
        except duckdb.ConversionException:
            made.close()
            wholly = _keep_whole(store, made, {})
        yield wholly


def _keep_whole(store: Store, made: ExitStack, codes: Codes) -> Wholly:
    texts = (*map(condensed, GRAINS), *(statement("lists", name) for name in WHOLE_LISTS))
    wholly = made.enter_context(whole_sheets(store, texts, codes))
    # Lines of funding are added up once: to write them down would take longer than to add them up.
    making = Making(written=lambda name: wholly(condensed(name)), views=(*IN_WORDS, "spent"))
    made.enter_context(_made(store, making))
    return wholly


@contextmanager
def _made(store: Store, making: Making) -> Iterator[None]:
    texts = {name: making.written(name) for name in making.names}
    try:
        side_by_side(
            store, texts, lambda connection, name: _make(connection, name, texts[name], making.views)
        )
        yield
    finally:
        _drop(store, reversed(making.names), making.views)


def _make(connection: DuckDBPyConnection, name: str, query: str, views: Sequence[str]) -> None:
    if name in views:
        connection.execute(f"CREATE OR REPLACE VIEW {MEMORY}.rollup_{name} AS\n{query}")
    else:
        make_coded(connection, f"rollup_{name}", query)
    if name in LAST_READ:
        connection.execute(f"DROP TABLE IF EXISTS {MEMORY}.rollup_{LAST_READ[name]}")


@contextmanager
def asked(
    store: Store,
    schemas: Schemas,
    period_kind: PeriodKind,
    views: Sequence[View] = BOTH,
    only: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Iterator[None]:
    """Make of the `inputs` tables `rollup_<name>` in memory, `only` rows with these values; drop them at last."""
    try:
        years = [year for (year,) in store.rows(YEARS_ASKED, [period_kind])]
        for name, frame in inputs(years, schemas, period_kind, views).items():
            _load(store, f"rollup_{name}", frame.filter(**only.get(name, {})))
        yield
    finally:
        _drop(store, _INPUTS)


def _drop(store: Store, names: Iterable[str], views: Sequence[str] = ()) -> None:
    for name in names:
        kind = "VIEW" if name in views else "TABLE"
        store.connection.execute(f"DROP {kind} IF EXISTS {MEMORY}.rollup_{name}")


def inputs(
    years: Sequence[int], schemas: Schemas, period_kind: PeriodKind, views: Sequence[View]
) -> dict[str, pl.DataFrame]:
    """Return by name what grains and measures read as `rollup_<name>` beside the rows; `years` are those of returns."""
    return {
        "asked": pl.DataFrame({"period_kind": [period_kind], "span": [_YEARS_OF[period_kind]]}),
        "period": _periods(years, period_kind),
        "year": pl.DataFrame(
            {"year": years, "bit": [1 << place for place, _ in enumerate(years)]}, schema=_BITS
        ),
        "view": pl.DataFrame({"view": list(views)}),
        "scope": pl.DataFrame({"scope": [*["nation"] * len(views), *views], "view": [*views, *views]}),
        "kind": _kinds(years),
        "vsic": vsic_sections(schemas),
        "division": pl.DataFrame({"prefix": [f"{number:02}" for number in range(1, 100)]}),
        "size_limit": size_limits(schemas),
        "year_end": pl.DataFrame(
            [(year, date(year, 12, 31)) for year in range(1990, 2101)], ["year", "day"], orient="row"
        ),
        "source": _sources(schemas),
    }


def _kinds(years: Sequence[int]) -> pl.DataFrame:
    """Return figures_kind, place, and `apart`: by what the bits of the years of one kind are told from another's."""
    places = range(len(FIGURES_KINDS))
    apart = pl.Series("apart", [1 << place * len(years) for place in places], pl.Int64)
    return pl.DataFrame({"figures_kind": FIGURES_KINDS, "place": places}).with_columns(apart)


def _load(store: Store, name: str, frame: pl.DataFrame) -> None:
    with registered(store.connection, {"incoming": frame}):
        store.connection.execute(f"CREATE OR REPLACE TABLE {MEMORY}.{name} AS SELECT * FROM incoming")


def _periods(found: Sequence[int], period_kind: PeriodKind) -> pl.DataFrame:
    back = _YEARS_OF[period_kind] - 1
    rows = [
        (f"{year - back}-{year}" if back else str(year), year, year, year - back, year, False)
        for year in found
    ]
    if period_kind == "annual":
        spans = [(first, last) for first, last in SPANS if set(found).intersection(range(first, last + 1))]
        rows += [(f"{first}-{last}", first, last, first, last, True) for first, last in spans]
    names = ("period", "return_from", "return_to", "first_year", "last_year")
    schema = {name: pl.String() if name == "period" else pl.Int64() for name in names} | {
        "is_span": pl.Boolean()
    }
    bits = [
        sum(1 << place for place, year in enumerate(found) if first <= year <= last)
        for _, first, last, *_ in rows
    ]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.Series("years", bits, pl.Int64))


def _sources(schemas: Schemas) -> pl.DataFrame:
    codes = schemas.code_lists["funding_sources"].codes
    return pl.DataFrame(
        {
            "source": [entry.code for entry in codes],
            "state": [entry.extra.get("state") == "yes" for entry in codes],
        }
    )
