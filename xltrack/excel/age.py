"""What a national workbook says of its age: to which day its fixed figures go, and tables that were refreshed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from xltrack.hanoi import clock
from xltrack.language import Text
from xltrack.rollup import Rollup

DATED: Final = Text("Số liệu đến {day} (giờ Hà Nội), {kind}", "Data up to {day} (Hà Nội), {kind}")
RECEIVED: Final = Text("Tệp nhận đến: {day}", "Files received up to: {day}")
_REFRESHED: Final = Text(
    " — trang này giữ số khi lập sổ; các bảng dl_… và PivotTable đã làm mới, số liệu đến {day}",
    " — this page keeps the figures of when the workbook was made; tables dl_… and PivotTables were refreshed, data "
    "up to {day}",
)


@dataclass(frozen=True, slots=True)
class Age:
    """Which figures tables have: `figures` as `figures_of`, `told` what pages with other figures say of them.

    `pages` are what the sheets of fixed figures are called.
    """

    figures: str
    told: Text
    pages: Sequence[Text]


def age_of(rollup: Rollup, pages: Sequence[Text]) -> Age:
    """Return the age of tables with the rows of `rollup`, in a workbook with these `pages`."""
    day = clock(rollup.received_until) if rollup.received_until else "–"
    return Age(figures_of(rollup), Text(*(text.format(day=day) for text in _REFRESHED)), pages)


def is_date(text: str) -> bool:
    """Return whether a line of a page says to which day its figures go."""
    return text.startswith(tuple(line.partition("{")[0] for line in (*DATED, *RECEIVED)))


def as_written(text: str) -> str:
    """Return a line of a page without what a refresh wrote behind it."""
    for told in _REFRESHED:
        text = text.partition(told.partition("{")[0])[0]
    return text


def figures_of(rollup: Rollup) -> str:
    """Return what roll-ups of the same figures share, and others do not.

    Another version of Polars may hash otherwise: equal figures then pass for others, and what is said is still true.
    """
    known = (rollup.period_kind, rollup.received_until, rollup.as_of, rollup.schemas_version)
    hashes = sum(_hash(frame) for name, frame in rollup.frames.items() if name != "lineage")
    return " ".join(map(str, (*known, f"{hashes:x}")))


def _hash(frame: pl.DataFrame) -> int:
    return int(frame.hash_rows(seed=0).sum())
