"""What is known to be wrong, or was waived, in what the figures rest on."""

from datetime import date, datetime

import polars as pl

from xltrack.forms import PeriodKind
from xltrack.hanoi import HANOI, in_hanoi
from xltrack.store import Store, held_back, quality

_QUALITY = ("year", "unit_code", "code", "severity", "findings", "waived")
_HELD_BACK = ("year", "unit_code", "state", "files")


def make_quality(store: Store, period_kind: PeriodKind) -> pl.DataFrame:
    """Return year, unit_code, code, severity, findings, of them waived, of the returns that count.

    Waivers are those that hold today, or on the day of the moment as of which the store is seen.
    """
    told = quality(store, period_kind, _day(store))
    rows = [(one.year, one.unit, one.code, one.severity, one.findings, one.waived) for one in told]
    return pl.DataFrame(rows, _schema(_QUALITY), orient="row")


def make_held_back(store: Store, period_kind: PeriodKind) -> pl.DataFrame:
    """Return year, unit_code, state (held, rejected) and files of what was sent and does not count.

    Year and unit are null where they could not be read.
    """
    rows = [(one.year, one.unit, one.state, one.files) for one in held_back(store, period_kind)]
    return pl.DataFrame(rows, _schema(_HELD_BACK), orient="row")


def over_units(by_unit: pl.DataFrame) -> pl.DataFrame:
    """Return `by_unit` added up over the units, with their number (`units`) in place of their codes."""
    counts = [name for name in ("findings", "waived", "files") if name in by_unit.columns]
    keys = [name for name in by_unit.columns if name not in (*counts, "unit_code")]
    units = pl.col("unit_code").drop_nulls().n_unique().cast(pl.Int64).alias("units")
    return by_unit.group_by(keys, maintain_order=True).agg(*(pl.col(name).sum() for name in counts), units)


def _day(store: Store) -> date:
    return (in_hanoi(store.as_of) if store.as_of else datetime.now(HANOI)).date()


def _schema(names: tuple[str, ...]) -> dict[str, pl.DataType]:
    texts = ("code", "severity", "state", "unit_code")
    return {name: pl.String() if name in texts else pl.Int64() for name in names}
