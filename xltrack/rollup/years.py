"""Which years figures of several years lack: one without any return is named, and never passes for a zero."""

from collections.abc import Iterable, Iterator

import polars as pl

from xltrack.language import Text
from xltrack.rollup.coverage import PARTIAL, RECEIVED
from xltrack.rollup.grain import SPANS
from xltrack.rollup.model import Rollup


def lacking_years(rollup: Rollup) -> tuple[Text, ...]:
    """Return the sentence that names the years in figures of several years, and those `without_return`."""
    lacking = without_return(rollup)
    return (_sentence(_named(_held(rollup)), _named(lacking)),) if lacking else ()


def without_return(rollup: Rollup) -> tuple[int, ...]:
    """Return the years of which no return counts, of those that figures of several years are summed over.

    None where there is no return at all, or where figures are not summed over years.
    """
    held = _held(rollup)
    return tuple(sorted(_over(rollup, _annual(rollup)) - held)) if held else ()


def _held(rollup: Rollup) -> set[int]:
    if rollup.period_kind != "annual":
        return set()
    return set(_annual(rollup).filter(pl.col("state").is_in((*RECEIVED, PARTIAL)))["year"])


def _annual(rollup: Rollup) -> pl.DataFrame:
    return rollup.coverage.filter(period_kind="annual")


def _over(rollup: Rollup, coverage: pl.DataFrame) -> set[int]:
    """Return the years from the first of the programme to the last that is asked for.

    Of the nation also those that were over when the newest file came; a unit may be no more by then.
    """
    asked = set(coverage["year"])
    if rollup.unit is None and rollup.received_until:
        asked.add(rollup.received_until.year - 1)
    first, last = min(first for first, _ in SPANS), max(last for _, last in SPANS)
    return set(range(first, min(max(asked, default=first), last) + 1))


def _sentence(held: Text, lacking: Text) -> Text:
    return Text(
        f"Số liệu các giai đoạn chỉ gồm {held.vi}; chưa có báo cáo nào được tính của {lacking.vi}.",
        f"Figures of several years are of {held.en} only; no return that counts has come for {lacking.en}.",
    )


def _named(years: Iterable[int]) -> Text:
    """Return "năm 2025", or "các năm 2021, 2023–2025"."""
    ordered = sorted(years)
    listed = ", ".join(_ranges(ordered))
    return Text(f"{'các năm' if len(ordered) > 1 else 'năm'} {listed}", listed)


def _ranges(ordered: list[int]) -> Iterator[str]:
    known = set(ordered)
    starts = (year for year in ordered if year - 1 not in known)
    ends = (year for year in ordered if year + 1 not in known)
    for start, end in zip(starts, ends, strict=True):
        yield str(start) if start == end else f"{start}–{end}"
