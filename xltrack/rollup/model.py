"""What a roll-up is: frames of figures that agree with one another, and what they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import polars as pl

from xltrack.forms import PeriodKind

DIMENSIONS = (
    "programme", "tool", "task_group", "status", "legal_form", "size", "size_sector", "sector", "source",
    "funding_kind", "spending_item", "subject_kind", "training_kind", "task_kind", "level", "category",
)  # fmt: skip
FIGURES_KINDS = ("actual", "estimate")
"""The kinds of figures; of several that make one, the last says what it is: an estimate in any part is an estimate."""
View = Literal["63", "34", "reported"]
"""The units in which figures stand: the 63 provinces before 1 July 2025, the 34 since, or whoever reported them."""
BOTH: tuple[View, ...] = ("63", "34")
UNALLOCATED = "CHUA-PHAN-BO"
"""The unit of the 63 view under which rows of a merged province stand whose former province nobody stated."""


@dataclass(frozen=True)
class Rollup:
    """The national figures of all rounds of one kind (`period_kind`), and what they rest on.

    `unit` is the code of the unit that they are of, None for the nation: then figures without a unit_code are its own.

    `figures`: one row per figure: measure, measure_unit, period_kind, period ("2025", or "2021-2025"), figures_kind
    ("actual" or "estimate", never mixed), view (a `View`), unit_code and unit_name (null: the nation), the
    `DIMENSIONS` (null: all of them; "unknown": not stated; "none": does not apply), value (money in đồng; Int64, or
    Int128 where a sum exceeds that).
    `measures`: id, unit, additive, titles and definitions. `dimensions`: per measure, the sets of dimensions made.
    `coverage`: one row per round and unit; `coverage_rounds`: one per round and group (province, other), with the
    names of units that have sent nothing, nothing that counts, or a part. `double_cover`: provinces reported by
    themselves and by a predecessor.
    `growth`: enterprises of a year and of the one before, on the units that reported both. `reconciliation`: what adds
    up to what. `national_targets`: the programmes' targets beside what was computed; `unit_targets`: those of the
    units. `plan36`: how far each unit is in each view; `plan36_counts`: how many at each stage. `obstacles`,
    `restatements`: lists. `quality`: by year and finding code, what the returns that count were told, and how much of
    it is waived; `held_back`: by year and state, the files whose rows do not count. `units`: unit codes and names of
    both views in official order.
    `rows`: what the figures are added up from, row by row with its file, sheet and line (see `row_tables`);
    empty if they were not asked for. `lineage`: in short from which files and rows figures are (see `make_lineage`);
    empty if it was not asked for.
    `doubted` are measures that were left out because their counts do not agree, where that was asked for.
    `as_of` is the moment of which they tell, None: of all that the store holds. `received_until` is the newest arrival
    (Hà Nội) among the submissions, None if none is known. `merged_later` counts files that had come by `as_of` and were
    merged after it: what was published then lacks them.
    `other_lists` counts files that count and were checked with other schemas than today's (units, code lists, rules).
    """

    unit: str | None
    period_kind: PeriodKind
    as_of: datetime | None
    received_until: datetime | None
    merged_later: int
    other_lists: int
    schemas_version: str
    figures: pl.DataFrame
    measures: pl.DataFrame
    dimensions: pl.DataFrame
    units: pl.DataFrame
    coverage: pl.DataFrame
    coverage_rounds: pl.DataFrame
    double_cover: pl.DataFrame
    growth: pl.DataFrame
    reconciliation: pl.DataFrame
    national_targets: pl.DataFrame
    unit_targets: pl.DataFrame
    plan36: pl.DataFrame
    plan36_counts: pl.DataFrame
    obstacles: pl.DataFrame
    restatements: pl.DataFrame
    quality: pl.DataFrame
    held_back: pl.DataFrame
    rows: Mapping[str, pl.DataFrame]
    lineage: pl.DataFrame = field(default_factory=pl.DataFrame)
    doubted: tuple[str, ...] = ()

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Return every frame of figures by its name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, pl.DataFrame)}

    @property
    def view(self) -> str:
        """Return the view in which the figures of the whole stand; those of the nation are equal in all."""
        made = set(self.units["view"])
        return "34" if "34" in made else max(made)

    def in_units(self, view: View) -> "Rollup":
        """Return the same roll-up with figures in the units of `view` alone; what they rest on stays as it is."""
        is_in = pl.col("view") == view
        return replace(self, figures=self.figures.filter(is_in), units=self.units.filter(is_in))

    def figure(self, measure: str, period: str, *, figures_kind: str = "actual", **cut: str | None) -> int:
        """Return one figure, 0 if nothing was counted; `cut` names unit_code, view and dimensions, others are all.

        The view matters for units only: the nation is equal in all that were made.
        """
        named = {"measure": measure, "period": period, "figures_kind": figures_kind, "view": self.view}
        wanted: dict[str, str | None] = dict.fromkeys(DIMENSIONS) | {"unit_code": self.unit} | named | cut
        rows = self.figures.filter(
            pl.all_horizontal(pl.col(n).eq_missing(pl.lit(v)) for n, v in wanted.items())
        )
        return int(rows["value"].sum())
