"""Who has reported in which round, on time or late, and who has not: by name, never as a zero."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from xltrack.errors import StoreError
from xltrack.forms import Round, Schemas
from xltrack.language import Text
from xltrack.rollup.clock import wall_clock
from xltrack.rollup.definitions import statement
from xltrack.rollup.model import FIGURES_KINDS
from xltrack.store import Store, UnitStatus, round_status

RECEIVED = ("on_time", "late", "received")
PARTIAL = "incomplete"
NOT_COUNTED = ("held", "rejected")
ABSENT = "missing"
_SCHEMA: dict[str, pl.DataType] = {
    "year": pl.Int64(), "period_kind": pl.String(), "unit_group": pl.String(), "unit_code": pl.String(),
    "unit_name": pl.String(), "unit_name_en": pl.String(), "expected": pl.Boolean(), "state": pl.String(),
    "first_received_at": pl.Datetime("us"), "received_at": pl.Datetime("us"), "on_time_until": pl.Date(),
    "figures_kind": pl.String(),
    "nil_report": pl.Boolean(), "reported_by": pl.String(), "reported_by_en": pl.String(),
    "not_reported": pl.String(), "not_reported_en": pl.String(), "held_back": pl.Int64(),
}  # fmt: skip


@dataclass(frozen=True)
class _Names:
    """What rows of coverage need beside the status of their round: names, and the kind of figures per return."""

    schemas: Schemas
    figures: Mapping[tuple[int, str, str], set[str]]

    def kind(self, round_: Round, codes: tuple[str, ...]) -> str | None:
        """Return what the returns of `codes` are together: an estimate if one of them is."""
        found = set().union(
            *(self.figures.get((round_.year, round_.period_kind, code), ()) for code in codes)
        )
        return max(found, key=FIGURES_KINDS.index, default=None)

    def listed(self, codes: tuple[str, ...]) -> Text:
        units = [self.schemas.units.by_code[code] for code in codes]
        return Text(", ".join(unit.name.vi for unit in units), ", ".join(unit.name.en for unit in units))


def check_units(store: Store) -> None:
    """Let every current return be of a unit that the schemas know: its figures could stand nowhere else.

    Raises StoreError naming the units.
    """
    unknown = store.rows(
        'SELECT DISTINCT unit_code FROM "return" WHERE unit_code NOT IN (SELECT code FROM unit) ORDER BY unit_code'
    )
    if unknown:
        codes = ", ".join(code for (code,) in unknown)
        reason = Text(
            f"Kho dữ liệu có báo cáo của đơn vị mà lược đồ không có: {codes}. "
            "Khôi phục các mã này trong units.csv (ghi ngày hết hiệu lực nếu đơn vị không còn), rồi chạy lại.",
            f"The store has returns of units that the schemas lack: {codes}. "
            "Put these codes back into units.csv (with their last day, if they are no more), and run this again.",
        )
        raise StoreError(reason=reason)


def make_coverage(store: Store, schemas: Schemas) -> pl.DataFrame:
    """Return one row per round and unit: what came, when (in Hà Nội), by whom.

    `state`: on_time, late (by `first_received_at`, see `UnitStatus`), received (no arrival known), incomplete (only
    some of the provinces it was made of have reported: `reported_by` and `not_reported` name them), held, rejected,
    missing. `held_back` counts rows of what stands that are not in the figures (`merge --partial`). `expected` is False
    for a unit that reported without being expected. Rounds are those that a submission names, and the annual ones
    between.
    """
    kinds: defaultdict[tuple[int, str, str], set[str]] = defaultdict(set)
    for year, period, unit, kind in store.rows(
        'SELECT year, period_kind, unit_code, figures_kind FROM "return"'
    ):
        kinds[year, period, unit].add(kind)
    names = _Names(schemas, kinds)
    rows = [row for round_ in _rounds(store, schemas) for row in _round_rows(store, round_, names)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def make_rounds(coverage: pl.DataFrame) -> pl.DataFrame:
    """Return one row per round and group (province, other): counts of units, and names.

    `absent` are those that have sent nothing, `not_counted` those that have, but all of it is rejected or held, and
    `partial` those of which only a part is in the figures: some of the provinces they were made of have reported.
    """
    state = pl.col("state")
    counts = [
        (state == name).sum().cast(pl.Int64).alias(name)
        for name in (*RECEIVED[:2], PARTIAL, *NOT_COUNTED, ABSENT)
    ]
    listed = {
        "absent": state == ABSENT,
        "not_counted": state.is_in(NOT_COUNTED),
        "partial": state == PARTIAL,
    }
    return (
        coverage.filter("expected")
        .group_by("year", "period_kind", "unit_group", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("expected"),
            state.is_in(RECEIVED).sum().cast(pl.Int64).alias("reported"),
            *counts,
            (state.is_in(RECEIVED) & (pl.col("figures_kind") == "estimate"))
            .sum()
            .cast(pl.Int64)
            .alias("estimates"),
            *(
                pl.col(f"unit_name{ending}").filter(those).str.join("; ").alias(f"{name}{ending}")
                for name, those in listed.items()
                for ending in ("", "_en")
            ),
            pl.col("on_time_until").first(),
            pl.col("held_back").sum(),
        )
    )


def make_double_cover(store: Store) -> pl.DataFrame:
    """Return the rounds in which a province and one it was made of both have a current return."""
    return store.frame(statement("lists", "double_cover"))


def _rounds(store: Store, schemas: Schemas) -> list[Round]:
    named = set(store.rows("SELECT DISTINCT year, period_kind FROM known_submission WHERE year IS NOT NULL"))
    annual = [year for year, period_kind in named if period_kind == "annual"]
    between = range(min(annual), max(annual) + 1) if annual else ()
    return [
        round_
        for round_ in schemas.units.rounds
        if (round_.year, round_.period_kind) in named
        or (round_.period_kind == "annual" and round_.year in between)
    ]


def _round_rows(store: Store, round_: Round, names: _Names) -> Iterator[tuple[object, ...]]:
    status = round_status(store, round_)
    for unit in status.units:
        yield _expected(round_, unit, names)
    standing = sorted(
        {
            file.unit_code
            for file in status.files
            if not file.expected and file.state == "current" and file.unit_code
        }
    )
    for code in standing:
        named = names.listed((code,))
        group = "province" if names.schemas.units.by_code[code].is_province else "other"
        kind = names.kind(round_, (code,))
        fixed = (
            round_.year,
            round_.period_kind,
            group,
            code,
            *named,
            False,
            "received",
            None,
            None,
            round_.on_time_until,
        )
        yield (*fixed, kind, None, None, None, None, None, None)


def _expected(round_: Round, unit: UnitStatus, names: _Names) -> tuple[object, ...]:
    kind = names.kind(round_, unit.senders)
    by_others = unit.senders if unit.senders and unit.senders != (unit.unit_code,) else ()
    former = names.schemas.units.predecessors.get(unit.unit_code, ()) if by_others else ()
    reported = names.listed(by_others)
    absent = names.listed(tuple(code for code in former if code not in by_others))
    return (
        round_.year, round_.period_kind, "province" if unit.is_province else "other", unit.unit_code, *unit.name, True,
        unit.state, wall_clock(unit.first_received_at), wall_clock(unit.received_at), round_.on_time_until, kind,
        unit.nil_report if unit.senders else None, *(text or None for text in (*reported, *absent)),
        unit.held_back,
    )  # fmt: skip
