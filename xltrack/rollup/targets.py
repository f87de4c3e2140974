"""The targets of Programme 1322 and Plan 36 beside what the returns add up to."""

from collections.abc import Callable, Iterator, Mapping
from typing import get_args

import polars as pl

from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.rollup.definitions import statement
from xltrack.rollup.summary import number
from xltrack.store import Store

_SCHEMA = {
    "programme": pl.String, "indicator_code": pl.String, "indicator": pl.String, "indicator_en": pl.String,
    "period": pl.String, "measured_in": pl.String, "target_low": pl.Float64, "target_high": pl.Float64,
    "detail": pl.String, "detail_en": pl.String, "figures_kind": pl.String, "value": pl.Float64,
    "source_vi": pl.String, "source": pl.String, "verified": pl.Boolean, "note": pl.String,
}  # fmt: skip
_Computed = tuple[Text, str | None, float | None]
_NOT_COMPUTED = Text(
    "Không tính được từ báo cáo; xem số các đơn vị tự báo",
    "Not computable from the returns; see what units state",
)
_NO_RETURNS = Text("Chưa có báo cáo", "No returns yet")


def make_growth(store: Store) -> pl.DataFrame:
    """Return year, figures_kind, units, unit_codes, enterprises_before, enterprises, percent: a year on the one before.

    Only on constant units of the 34 view, those that reported both years; `unit_codes` has them with blanks between.
    `percent` is the growth with one decimal, null where there was no enterprise before.
    """
    before = pl.when(pl.col("enterprises_before") > 0).then("enterprises_before")
    percent = ((pl.col("enterprises") / before - 1) * 100).round(1)
    return store.frame(statement("lists", "growth")).with_columns(percent.alias("percent"))


def make_national_targets(
    schemas: Schemas, figures: pl.DataFrame, counts: pl.DataFrame, growth: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per target and computed value: indicator, period, target, what was counted, value, source.

    `detail` says what the value is of ("năm 2025, 34 đơn vị cố định: 120 → 135"); value is null where the returns do
    not hold what the target asks.
    """
    compute: Mapping[str, Callable[[str], Iterator[_Computed]]] = {
        "ENT-GROWTH": lambda period: _growth(growth, period),
        "PILOT-MODELS": lambda period: _counted(figures, "pilot_models", period),
        "EXPERTS": lambda period: _counted(figures, "certified_experts", period),
        "PROVINCES-PLAN36": lambda _: _plan36(counts),
    }
    names = {entry.code: entry for entry in schemas.code_lists["indicators"].codes}
    rows = []
    for target in schemas.table("indicator_targets"):
        code, period = target["indicator_code"], target["period"]
        found = list(compute[code](period)) if code in compute else [(_NOT_COMPUTED, None, None)]
        for detail, kind, value in found or [(_NO_RETURNS, None, None)]:
            limits = (_number(target["target_low"]), _number(target["target_high"]))
            known = (
                target.get("source_vi") or target["source"],
                target["source"],
                target["verified"] == "yes",
                target["note"],
            )
            stated = (names[code].parent, code, *names[code].label, period, target["unit"], *limits)
            rows.append((*stated, *detail, kind, value, *known))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def make_unit_targets(store: Store) -> pl.DataFrame:
    """Return the targets that units state, each as in the newest return that has it."""
    return store.frame(statement("lists", "unit_targets"))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _growth(growth: pl.DataFrame, period: str) -> Iterator[_Computed]:
    first, last = (int(year) for year in period.split("-"))
    for row in growth.filter(pl.col("year").is_between(first, last)).iter_rows(named=True):
        before, now, units = row["enterprises_before"], row["enterprises"], row["units"]
        vi, en = (f"{number(before, lang)} → {number(now, lang)}" for lang in get_args(Lang))
        detail = Text(
            f"Năm {row['year']} so với {row['year'] - 1}, {units} đơn vị cố định: {vi} doanh nghiệp",
            f"{row['year']} on {row['year'] - 1}, {units} constant units: {en} enterprises",
        )
        yield detail, row["figures_kind"], row["percent"]


def _counted(figures: pl.DataFrame, measure: str, period: str) -> Iterator[_Computed]:
    cut = ["unit_code", "training_kind", "size", "size_sector", "sector"]
    rows = figures.filter(
        (pl.col("measure") == measure)
        & (pl.col("period") == period)
        & (pl.col("view") == "34")
        & pl.all_horizontal(pl.col(name).is_null() for name in cut)
    )
    for kind, value in rows.select("figures_kind", "value").sort("figures_kind").rows():
        yield Text(f"Cộng từ báo cáo, giai đoạn {period}", f"From the returns, {period}"), kind, float(value)


def _plan36(counts: pl.DataFrame) -> Iterator[_Computed]:
    titles = {
        "issued": Text("Đã ban hành kế hoạch hoặc hơn", "Plan issued, or beyond"),
        "under_way": Text("Đang thực hiện hoặc hơn", "Under way, or beyond"),
        "completed": Text("Hoàn thành", "Completed"),
    }
    for status, reached, provinces in counts.select("status", "reached", "provinces").rows():
        if status in titles:
            vi, en = titles[status]
            yield (
                Text(f"{vi}, trên {provinces} tỉnh", f"{en}, of {provinces} provinces"),
                None,
                float(reached),
            )
