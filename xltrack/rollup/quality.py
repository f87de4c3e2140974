"""What is known to be wrong, or was waived, in what the figures rest on."""

from datetime import date, datetime

import polars as pl

from xltrack.forms import PeriodKind
from xltrack.hanoi import HANOI, in_hanoi
from xltrack.store import Store, held_back, quality

_QUALITY = ("year", "code", "severity", "findings", "waived", "units")
_HELD_BACK = ("year", "state", "files", "units")


def make_quality(store: Store, period_kind: PeriodKind) -> pl.DataFrame:
    """Return year, code, severity, findings, of them waived, and units, of the returns that count.

    Waivers are those that hold today, or on the day of the moment as of which the store is seen.
    """
    told = quality(store, period_kind, _day(store))
    rows = [(one.year, one.code, one.severity, one.findings, one.waived, one.units) for one in told]
    return pl.DataFrame(rows, _schema(_QUALITY), orient="row")


def make_held_back(store: Store, period_kind: PeriodKind) -> pl.DataFrame:
    """Return year, state (held, rejected), files and units of what was sent and does not count."""
    rows = [(one.year, one.state, one.files, one.units) for one in held_back(store, period_kind)]
    return pl.DataFrame(rows, _schema(_HELD_BACK), orient="row")


def _day(store: Store) -> date:
    return (in_hanoi(store.as_of) if store.as_of else datetime.now(HANOI)).date()


def _schema(names: tuple[str, ...]) -> dict[str, pl.DataType]:
    texts = ("code", "severity", "state")
    return {name: pl.String() if name in texts else pl.Int64() for name in names}
