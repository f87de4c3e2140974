"""The roll-up of one unit alone: its figures as the national roll-up has them, and nothing of anybody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from xltrack.forms import PeriodKind, Schemas, Unit
from xltrack.rollup.compute import national
from xltrack.rollup.coverage import make_rounds
from xltrack.rollup.model import Rollup
from xltrack.rollup.quality import make_held_back, make_quality, over_units
from xltrack.rollup.row_tables import make_rows
from xltrack.store import Store


def roll_up_units(
    store: Store, schemas: Schemas, period_kind: PeriodKind = "annual", units: Sequence[Unit] = ()
) -> Iterator[Rollup]:
    """Yield the roll-up of each of `units`; without any, of every unit of the 34 view that has figures.

    A province of today has with it what the provinces it was made of have sent, and their figures in the 63 view;
    one of the 63 has what stands under it. Figures are those of the national roll-up, which is made and reconciled
    first; what compares units, such as reconciliation and national targets, is empty. Raises as `roll_up`.
    """
    with national(store, schemas, period_kind) as whole:
        told, held = make_quality(store, period_kind), make_held_back(store, period_kind)
        for unit in units or _reporting(whole, schemas):
            cut = _Cut(unit, whole, schemas)
            pack = replace(
                cut.rollup(),
                quality=over_units(cut.of(told)),
                held_back=over_units(cut.of(held)),
            )
            yield replace(pack, rows=make_rows(store, pack.coverage, unit.code))


@dataclass(frozen=True)
class _Cut:
    """What of the national roll-up `whole` is of `unit`."""

    unit: Unit
    whole: Rollup
    schemas: Schemas

    @property
    def codes(self) -> list[str]:
        """Return the unit's code and those of the provinces it was made of: ministries keep to themselves."""
        former = self.schemas.units.predecessors.get(self.unit.code, ()) if self.unit.is_province else ()
        return [self.unit.code, *former]

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of `frame` that are of the unit."""
        return frame.filter(pl.col("unit_code").is_in(self.codes))

    def rollup(self) -> Rollup:
        """Return the figures and lists of the unit, without its rows."""
        whole = self.whole
        coverage = self.of(whole.coverage)
        both = pl.col("successor").is_in(self.codes) & pl.col("predecessor").is_in(self.codes)
        return replace(
            whole,
            unit=self.unit.code,
            figures=self.of(whole.figures),
            units=self.of(whole.units),
            coverage=coverage,
            coverage_rounds=make_rounds(coverage),
            double_cover=whole.double_cover.filter(both),
            growth=whole.growth.clear(),
            reconciliation=whole.reconciliation.clear(),
            national_targets=whole.national_targets.clear(),
            unit_targets=self.of(whole.unit_targets),
            plan36=self.of(whole.plan36),
            plan36_counts=whole.plan36_counts.clear(),
            obstacles=self.of(whole.obstacles),
            restatements=self.of(whole.restatements),
        )


def _reporting(whole: Rollup, schemas: Schemas) -> list[Unit]:
    """Return the units of the 34 view that have figures, in official order."""
    found = whole.figures.filter(pl.col("view") == "34")["unit_code"].drop_nulls().unique().to_list()
    return sorted((schemas.units.by_code[code] for code in found), key=lambda unit: unit.order)
