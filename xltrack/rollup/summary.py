"""The few facts that a reader asks first, from one roll-up, in one place for the workbook and the command line."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from xltrack.hanoi import known_until
from xltrack.language import Lang, Text
from xltrack.rollup.grain import SPANS
from xltrack.rollup.model import Rollup

_VIETNAMESE_MARKS = str.maketrans(",.", ".,")
KINDS = {"actual": Text("thực hiện", "actual"), "estimate": Text("ước thực hiện", "estimated")}


@dataclass(frozen=True, slots=True)
class Counted:
    """A distinct count: over units in either view, how often in several units, and the nation."""

    figures_kind: str
    units_63: int
    several_63: int
    units_34: int
    several_34: int
    national: int

    def equation(self, view: str) -> Text:
        """Return how the units of `view` add up to the nation, in words."""
        units = self.units_63 if view == "63" else self.units_34
        several = self.several_63 if view == "63" else self.several_34
        vi, en = ([number(value, lang) for value in (units, several, self.national)] for lang in ("vi", "en"))
        return Text(
            f"tính theo {view} tỉnh: cộng các đơn vị {vi[0]} − trùng giữa các đơn vị {vi[1]} = cả nước {vi[2]}",
            f"by {view} provinces: sum over units {en[0]} − counted in several units {en[1]} = national {en[2]}",
        )


@dataclass(frozen=True, slots=True)
class Money:
    """Disbursed funding in đồng: all sources, and of it the state budget."""

    figures_kind: str
    total: int
    state: int


@dataclass(frozen=True, slots=True)
class Reported:
    """One group of units ("province", "other") in the newest round: how many reported, and by name who did not.

    `absent` have sent nothing, `not_counted` nothing that counts, `partial` only a part.
    `held_back` counts rows that were left out of what was reported.
    """

    unit_group: str
    year: int
    reported: int
    expected: int
    absent: Text
    not_counted: Text
    partial: Text
    held_back: int


@dataclass(frozen=True)
class Summary:
    """What stands on top of every presentation.

    `span` is the five years that hold the newest return ("2021-2025"), the year alone of a half-year roll-up, "" for
    one without returns.

    Lists have one entry per kind of figures that occurs, actual first. `plan36` maps (view, status) to the number of
    provinces that reached at least that status, `provinces` the view to their number.
    """

    newest_year: int | None
    span: str
    enterprises: tuple[Counted, ...]
    pilot_models: tuple[Counted, ...]
    experts: tuple[tuple[str, int], ...]
    disbursed: tuple[Money, ...]
    coverage: tuple[Reported, ...]
    plan36: dict[tuple[str, str], int]
    provinces: dict[str, int]


def summarise(rollup: Rollup) -> Summary:
    """Return the facts of `rollup`; a half-year or five-year roll-up is summed up over its newest period."""
    periods = rollup.figures["period"].unique().to_list()
    newest = max((int(period[-4:]) for period in periods if _is_single(rollup, period)), default=None)
    span = _span(rollup, newest)
    counts = rollup.plan36_counts
    return Summary(
        newest_year=newest,
        span=span,
        enterprises=counted(rollup, "enterprises_supported", span),
        pilot_models=counted(rollup, "pilot_models", whole_span(rollup, span)),
        experts=tuple(
            (k, v) for k in KINDS if (v := rollup.figure("certified_experts", span, figures_kind=k))
        ),
        disbursed=_disbursed(rollup, span),
        coverage=_coverage(rollup),
        plan36={(view, status): n for view, status, n in counts.select("view", "status", "reached").rows()},
        provinces=dict(counts.select("view", "provinces").rows()),
    )


def as_of_lines(rollup: Rollup) -> tuple[Text, ...]:
    """Return of which moment the figures tell, what was not yet merged then, and that lists are those of today.

    Nothing if they tell of all.
    """
    if rollup.as_of is None:
        return ()
    return (known_until(rollup.as_of), *_merged_later(rollup), _lists_of_today(rollup))


def _lists_of_today(rollup: Rollup) -> Text:
    today = Text(
        "Đơn vị, danh mục, chỉ tiêu: như hôm nay", "Units, code lists and targets are those of today"
    )
    if not rollup.other_lists:
        return Text(f"{today.vi}.", f"{today.en}.")
    return Text(
        f"{today.vi}; {rollup.other_lists} tệp đã được kiểm tra theo bản khác.",
        f"{today.en}; {rollup.other_lists} files were checked with another version of them.",
    )


def _merged_later(rollup: Rollup) -> tuple[Text, ...]:
    if not rollup.merged_later:
        return ()
    later = Text(
        f"Trong đó {rollup.merged_later} tệp nhận trước lúc đó nhưng hợp nhất sau: bản công bố khi đó chưa có.",
        f"Among them {rollup.merged_later} files that had come but were merged later: what was published lacks them.",
    )
    return (later,)


def number(value: float, lang: Lang) -> str:
    """Return `value` with the separators of `lang`, as many decimals as it has."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.15g}"
    return text.translate(_VIETNAMESE_MARKS) if lang == "vi" else text


def millions(dong: int, lang: Lang) -> str:
    """Return `dong` in millions of đồng with one decimal, rounded half up."""
    tenths = (abs(dong) + 50_000) // 100_000
    mark = "," if lang == "vi" else "."
    sign = "-" if dong < 0 else ""
    return f"{sign}{number(tenths // 10, lang)}{mark}{tenths % 10}"


def target_of(rollup: Rollup, indicator: str, period: str, lang: Lang) -> str:
    """Return the target of `indicator` for `period` as "12–15" or "≥ 100"; "" if there is none."""
    rows = rollup.national_targets.filter(indicator_code=indicator, period=period)
    low, high = rows.select("target_low", "target_high").row(0) if rows.height else (None, None)
    return target_text(low, high, lang)


def target_text(low: float | None, high: float | None, lang: Lang) -> str:
    """Return a target as "12–15" or "≥ 100"; "" if there is none."""
    if low is None:
        return ""
    return f"{number(low, lang)}–{number(high, lang)}" if high is not None else f"≥ {number(low, lang)}"


def _is_single(rollup: Rollup, period: str) -> bool:
    return len(period) == 4 or rollup.period_kind == "five_year"


def _span(rollup: Rollup, newest: int | None) -> str:
    if rollup.period_kind == "half":
        return str(newest or "")
    first, last = next((pair for pair in SPANS if pair[0] <= (newest or 2021) <= pair[1]), SPANS[0])
    return f"{first}-{last}"


def whole_span(rollup: Rollup, span: str) -> str:
    """Return the period over which pilot models are counted: their target is set for the whole programme."""
    return "2021-2030" if rollup.period_kind == "annual" else span


def counted(rollup: Rollup, measure: str, period: str) -> tuple[Counted, ...]:
    """Return the distinct count `measure` of `period`, one entry per kind of figures that occurs."""
    if rollup.unit:
        return tuple(_of_unit(rollup, measure, period))
    rows = rollup.reconciliation.filter((pl.col("measure") == measure) & (pl.col("period") == period))
    found = []
    for kind in KINDS:
        by_view = {row["view"]: row for row in rows.filter(pl.col("figures_kind") == kind).to_dicts()}
        if by_view:
            a, b = by_view["63"], by_view["34"]
            units = (
                a["sum_over_units"],
                a["counted_in_several"],
                b["sum_over_units"],
                b["counted_in_several"],
            )
            found.append(Counted(kind, *units, b["national"]))
    return tuple(found)


def _of_unit(rollup: Rollup, measure: str, period: str) -> Iterator[Counted]:
    """Yield what one unit has: nothing there can be counted in several."""
    for kind in KINDS:
        value = rollup.figure(measure, period, figures_kind=kind)
        if value:
            yield Counted(kind, value, 0, value, 0, value)


def _disbursed(rollup: Rollup, period: str) -> tuple[Money, ...]:
    found = []
    for kind in KINDS:
        total, state = (
            rollup.figure(measure, period, figures_kind=kind, funding_kind="disbursed")
            for measure in ("funding", "funding_state")
        )
        if total:
            found.append(Money(kind, total, state))
    return tuple(found)


def _coverage(rollup: Rollup) -> tuple[Reported, ...]:
    rounds = rollup.coverage_rounds.filter(pl.col("period_kind") == rollup.period_kind)
    newest = rounds.filter(pl.col("year") == pl.col("year").max())
    return tuple(
        Reported(
            r["unit_group"],
            r["year"],
            r["reported"],
            r["expected"],
            Text(r["absent"] or "", r["absent_en"] or ""),
            Text(r["not_counted"] or "", r["not_counted_en"] or ""),
            Text(r["partial"] or "", r["partial_en"] or ""),
            r["held_back"],
        )
        for r in newest.to_dicts()
    )
