"""Rolls all current returns up into national figures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import polars as pl

from xltrack.forms import PeriodKind, Schemas
from xltrack.rollup.clock import wall_clock
from xltrack.rollup.coverage import check_units, make_coverage, make_double_cover, make_rounds
from xltrack.rollup.definitions import measures, statement
from xltrack.rollup.exact import narrowed, whole_frame
from xltrack.rollup.figures import make_dimensions, make_figures
from xltrack.rollup.grain import asked, grains
from xltrack.rollup.model import BOTH, UNALLOCATED, Rollup, View
from xltrack.rollup.plan36 import make_counts, make_plan36
from xltrack.rollup.quality import make_held_back, make_quality, over_units
from xltrack.rollup.reconcile import Apart, count_apart, reconcile, trusted
from xltrack.rollup.row_tables import make_rows, without_contacts
from xltrack.rollup.targets import make_growth, make_national_targets, make_unit_targets
from xltrack.stages import stage
from xltrack.store import Store

Rows = Mapping[str, pl.DataFrame]
TakeRows = Callable[[Rows, pl.DataFrame], None]
Gather = Callable[[pl.DataFrame, pl.DataFrame], Rows]


def _nobody(rows: Rows, units: pl.DataFrame) -> None:
    """Take no rows."""


def _nothing(coverage: pl.DataFrame, units: pl.DataFrame) -> Rows:  # noqa: ARG001
    return {}


def roll_up(
    store: Store,
    schemas: Schemas,
    period_kind: PeriodKind = "annual",
    views: Sequence[View] = BOTH,
    *,
    with_rows: bool = True,
    take_rows: TakeRows = _nobody,
) -> Rollup:
    """Return the national figures of the rounds of `period_kind`; other kinds of rounds are never mixed in.

    `views` are those in which figures are made for units, 63 and 34 among them; without `with_rows` the rows that only
    a workbook shows are not gathered. `take_rows` is given them (`rows` and `units` of the roll-up) before the figures
    are made, so that something can be made of them meanwhile.

    The store is only read (tables are made in memory beside it). Raises ProgramError, naming the measure, if sums
    over units, the nation, the current rows and the files' rows do not agree, and StoreError, naming the units, if a
    return is of a unit that `schemas` lack.
    """

    def gathered(coverage: pl.DataFrame, units: pl.DataFrame) -> Rows:
        with stage("rows"):
            rows = make_rows(store, coverage)
        with stage("workbook"):
            take_rows(rows, units)
        return rows

    gather = gathered if with_rows else _nothing
    with stage("figures"), national(store, schemas, period_kind, views, gather=gather) as made:
        return made


@contextmanager
def national(
    store: Store,
    schemas: Schemas,
    period_kind: PeriodKind,
    views: Sequence[View] = BOTH,
    *,
    leave_out: bool = False,
    gather: Gather = _nothing,
) -> Iterator[Rollup]:
    """Give the roll-up while the grains are there that rows are made from; raises as `roll_up`.

    Its rows are what `gather` returns when it is asked, before there are figures, with coverage and units.
    With `leave_out`, measures that do not agree are left out and named (`doubted`) instead of stopping all.
    """
    check_units(store)
    units = _units(schemas, views)
    coverage = make_coverage(store, schemas)
    plan36 = make_plan36(store, schemas)
    counts = make_counts(plan36)
    # Before the grains are there, for all of these fill memory.
    quality = over_units(make_quality(store, period_kind))
    with asked(store, schemas, period_kind, views):
        apart = count_apart(store)
    with grains(store, schemas, period_kind, views) as wholly:
        rows = gather(coverage, units)
        figures, reconciliation, doubted = _reconciled(store, apart, leave_out=leave_out)
        growth = make_growth(store)
        national_targets = make_national_targets(schemas, figures, counts, growth)
        unit_targets = make_unit_targets(store)
        obstacles = without_contacts(store.frame(statement("lists", "obstacles")))
        restatements = whole_frame(store, wholly(statement("lists", "restatements")))
        yield Rollup(
            unit=None,
            period_kind=period_kind,
            as_of=store.as_of,
            received_until=_received_until(store),
            merged_later=_merged_later(store),
            other_lists=_other_lists(store, schemas),
            schemas_version=schemas.fingerprint,
            figures=_named(narrowed(figures), units, period_kind),
            measures=measures(),
            dimensions=make_dimensions(),
            units=units,
            coverage=coverage,
            coverage_rounds=make_rounds(coverage),
            double_cover=make_double_cover(store),
            growth=growth,
            reconciliation=narrowed(reconciliation),
            national_targets=national_targets,
            unit_targets=unit_targets,
            plan36=plan36,
            plan36_counts=counts,
            obstacles=obstacles,
            restatements=narrowed(restatements),
            quality=quality,
            held_back=over_units(make_held_back(store, period_kind)),
            rows=rows,
            doubted=doubted,
        )


def _reconciled(
    store: Store, apart: Apart, *, leave_out: bool
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    figures = make_figures(store)
    return trusted(figures, apart) if leave_out else (figures, reconcile(figures, apart), ())


def _received_until(store: Store) -> datetime | None:
    ((newest,),) = store.rows("SELECT max(received_at) FROM known_submission")
    return wall_clock(newest.replace(tzinfo=UTC)) if newest else None


def _other_lists(store: Store, schemas: Schemas) -> int:
    ((number,),) = store.rows(
        "SELECT count(*) FROM known_submission JOIN current_submission USING (sha256) WHERE schemas_version <> ?",
        [schemas.fingerprint],
    )
    return int(number)


def _merged_later(store: Store) -> int:
    moment = store.as_of.astimezone(UTC).replace(tzinfo=None) if store.as_of else None
    ((number,),) = store.rows(
        "SELECT count(*) FROM known_submission WHERE merged_at > $moment", {"moment": moment}
    )
    return int(number)


def _units(schemas: Schemas, views: Sequence[View]) -> pl.DataFrame:
    """Return view, unit_code, unit_name, unit_name_en, unit_group and place: the official order within the view."""
    ordered = sorted(schemas.units.all, key=lambda unit: unit.order)
    rows: list[tuple[object, ...]] = []
    for view in views:
        provinces = [
            (u.code, *u.name, "province") for u in ordered if u.is_province and view in (u.scheme, "reported")
        ]
        loose = [(UNALLOCATED, "Chưa phân bổ", "Not allocated", "province")] if view == "63" else []
        others = [(u.code, *u.name, "other") for u in ordered if not u.is_province]
        rows += [(view, *unit, place) for place, unit in enumerate((*provinces, *loose, *others), 1)]
    names = ("view", "unit_code", "unit_name", "unit_name_en", "unit_group")
    schema = dict.fromkeys(names, pl.String()) | {"place": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _named(figures: pl.DataFrame, units: pl.DataFrame, period_kind: PeriodKind) -> pl.DataFrame:
    names = units.select("view", "unit_code", "unit_name", "unit_name_en", "place")
    named = figures.join(names, on=["view", "unit_code"], how="left").with_columns(
        pl.lit(period_kind).alias("period_kind")
    )
    first = [
        "measure", "measure_unit", "period_kind", "period", "figures_kind", "view", "unit_code", "unit_name",
        "unit_name_en",
    ]  # fmt: skip
    dimensions = [name for name in figures.columns if name not in (*first, "value")]
    cut = pl.concat_str([pl.col(name).fill_null("") for name in dimensions], separator=" ").alias("cut")
    keyed = named.with_columns(pl.col("place").fill_null(0), cut)
    return keyed.sort("measure", "period", "figures_kind", "view", "place", "cut").select(
        *first, *dimensions, "value"
    )
