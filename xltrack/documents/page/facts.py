"""What the page tells, as plain data: figures, their names, their targets, who has reported, what they are made of."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import polars as pl

from xltrack.excel.national_source import Source
from xltrack.findings.masking import masked, visible
from xltrack.hanoi import clock, in_hanoi, is_day
from xltrack.language import Text
from xltrack.rollup import BOTH, DIMENSIONS, Rollup
from xltrack.rollup.clock import wall_clock
from xltrack.rollup.labels import LISTS, label
from xltrack.rollup.plan36 import TITLES
from xltrack.rollup.summary import as_of_lines, summarise, target_text
from xltrack.rollup.years import lacking_years

NATION_CUTS = frozenset({(), ("tool",), ("task_group",), ("size",), ("source",)})
UNIT_CUTS = frozenset({(), ("tool",)})
"""The cuts that the page shows, beside the kind of funding."""
LISTED = ("tool", "task_group", "size", "source", "funding_kind")
EXACT = 2**53
"""Whole numbers up to here are exact in a browser; what exceeds it is handed over as text."""
Json = Any


def facts(source: Source) -> dict[str, Json]:
    """Return everything that the page shows, of plain lists, texts and numbers; texts are [Vietnamese, English].

    A figure is named by its measure and cut, "funding|funding_kind=disbursed|tool=5S", in `nation` and, by view and
    number of the unit, in `units`; its values stand in the order of `columns`, null where nothing was counted.
    """
    rollup = source.rollup
    shown = {view: _shown(source, view) for view in BOTH}
    return {
        "kind": rollup.period_kind,
        "until": _moment(rollup.received_until),
        "as_of": [list(line) for line in as_of_lines(rollup)],
        "day": f"{in_hanoi(rollup.as_of):%d/%m/%Y}" if rollup.as_of else None,
        "schemas": rollup.schemas_version,
        "columns": [[*one, int(one in source.with_spans)] for one in source.columns],
        "measures": {m["id"]: _measure(m) for m in rollup.measures.to_dicts()},
        "lists": {name: _codes(source, name) for name in LISTED},
        "provinces": {view: [_unit(row) for row in rows] for view, rows in shown.items()},
        "tiles": _tiles(),
        "nation": _nation(source),
        "units": {view: _of_units(source, view, rows) for view, rows in shown.items()},
        "states": {
            view: [_states(source, view, row["unit_code"]) for row in rows] for view, rows in shown.items()
        },
        "apart": _apart(source),
        "headlines": _headlines(source),
        "targets": [_target(row) for row in rollup.national_targets.to_dicts()],
        "plan36": {view: _plan36(rollup.plan36_counts.filter(view=view)) for view in BOTH},
        "stages": {view: dict(_stages(rollup.plan36.filter(view=view))) for view in BOTH},
        "doubted": [_title(rollup, measure) for measure in rollup.doubted],
        "rounds": [_round(row) for row in rollup.coverage_rounds.reverse().to_dicts()],
        "lacking": [list(line) for line in lacking_years(rollup)],
        "twice": [
            _twice(row) for row in rollup.double_cover.filter(period_kind=rollup.period_kind).to_dicts()
        ],
    }


def _moment(moment: datetime | None) -> list[str] | None:
    if moment is None:
        return None
    return [clock(moment), f"{moment:%d %B %Y}" if is_day(moment) else f"{moment:%d %B %Y, %H:%M}"]


def _title(rollup: Rollup, measure: str) -> list[Json]:
    (row,) = rollup.measures.filter(id=measure).to_dicts()
    return [row["title_vi"], row["title_en"]]


def _measure(row: Mapping[str, Any]) -> dict[str, Json]:
    return {
        "title": [row["title_vi"], row["title_en"]],
        "definition": [row["definition_vi"], row["definition_en"]],
        "unit": row["unit"],
        "additive": row["additive"],
    }


def _unit(row: Mapping[str, Any]) -> list[Json]:
    return [row["unit_code"], row["unit_name"], row["unit_name_en"], row["unit_group"]]


def _tiles() -> dict[str, list[int]]:
    """Return column and row of every province of the 34 on a grid in the shape of the country."""
    text = files("xltrack.documents.page").joinpath("tiles.csv").read_text(encoding="utf-8")
    return {
        row["unit_code"]: [int(row["column"]), int(row["row"])] for row in csv.DictReader(text.splitlines())
    }


def _shown(source: Source, view: str) -> list[dict[str, Any]]:
    """Return the provinces of `view`, and whoever else has a figure."""
    seen = {unit for of, unit, _, _ in source.with_figures if of == view}
    units = source.rollup.units.filter(pl.col("view") == view).to_dicts()
    own = {"T34", "T63"}
    return [u for u in units if u["unit_code"] in seen or u["unit_code"][:3] in own]


def _codes(source: Source, dimension: str) -> list[list[Json]]:
    """Return the codes that occur along `dimension` with both names, in the order of their list."""
    order = {
        entry.code: place for place, entry in enumerate(source.schemas.code_lists[LISTS[dimension]].codes)
    }
    found = source.rollup.figures[dimension].drop_nulls().unique().to_list()
    ordered = sorted(found, key=lambda code: (order.get(code, len(order)), code))
    return [[code, *label(source.schemas, "", dimension, code)] for code in ordered]


def _cuts(frame: pl.DataFrame, wanted: Iterable[tuple[str, ...]]) -> pl.DataFrame:
    """Return the rows of `frame` that are cut by one of `wanted`, with `key`: the measure and its cut in words."""
    cut = [name for name in DIMENSIONS if name != "funding_kind"]
    names = [
        pl.when(pl.col(name).is_not_null()).then(pl.lit(f"{name} ")).otherwise(pl.lit("")) for name in cut
    ]
    key = [pl.format(f"|{name}={{}}", pl.col(name)).fill_null("") for name in ("funding_kind", *cut)]
    kept = ["".join(f"{name} " for name in one) for one in wanted]
    return frame.filter(pl.concat_str(names).is_in(kept)).with_columns(
        pl.concat_str(pl.col("measure"), *key).alias("key")
    )


def _nation(source: Source) -> dict[str, list[Json]]:
    figures = source.rollup.figures.filter(pl.col("unit_code").is_null() & (pl.col("view") == "34"))
    found: defaultdict[str, list[Json]] = defaultdict(lambda: [None] * len(source.columns))
    place = _places(source)
    for key, period, kind, value in _cuts(figures, NATION_CUTS).select(*_PICKED).iter_rows():
        if (period, kind) in place:
            found[key][place[period, kind]] = _exact(value)
    return {key: _trimmed(values) for key, values in found.items()}


_PICKED = ("key", "period", "figures_kind", "value")


def _places(source: Source) -> dict[tuple[str, str], int]:
    return {one: number for number, one in enumerate(source.columns)}


def _of_units(
    source: Source, view: str, shown: Sequence[Mapping[str, Any]]
) -> dict[str, dict[int, list[Json]]]:
    number = {row["unit_code"]: place for place, row in enumerate(shown)}
    figures = source.rollup.figures.filter(pl.col("unit_code").is_not_null() & (pl.col("view") == view))
    found: defaultdict[str, defaultdict[int, list[Json]]] = defaultdict(
        lambda: defaultdict(lambda: [None] * len(source.columns))
    )
    place = _places(source)
    for key, period, kind, value, unit in _cuts(figures, UNIT_CUTS).select(*_PICKED, "unit_code").iter_rows():
        if (period, kind) in place:
            found[key][number[unit]][place[period, kind]] = _exact(value)
    return {key: {at: _trimmed(row) for at, row in by_unit.items()} for key, by_unit in found.items()}


def _exact(value: int) -> int | str:
    return value if abs(value) < EXACT else str(value)


def _trimmed(values: list[Json]) -> list[Json]:
    """Return `values` without the nulls at their end."""
    while values and values[-1] is None:
        values.pop()
    return values


def _states(source: Source, view: str, unit: str) -> str:
    """Return a letter per column: z (what is absent is 0), p (in part), m (nothing reported), - (nothing is known)."""
    return "".join(_state(source, view, unit, *one) for one in source.columns)


def _state(source: Source, view: str, unit: str, period: str, kind: str) -> str:
    first, last = (int(year) for year in (period[:4], period[-4:]))
    if source.rollup.period_kind == "five_year":
        first = last
    standing = [source.state(view, unit, year) for year in range(first, last + 1)]
    if kind not in set().union(*(source.kinds(view, unit, year) for year in range(first, last + 1))):
        return "m" if "missing" in standing else "-"
    if "incomplete" in standing or "missing" in standing:
        return "p"
    return "z" if first < last or source.speaks_for_itself(view, unit, period) else "-"


def _apart(source: Source) -> dict[str, dict[str, list[Json]]]:
    """Return for distinct counts, by measure and view, per column the sum over units and what of it is in several."""
    found: defaultdict[str, defaultdict[str, list[Json]]] = defaultdict(
        lambda: defaultdict(lambda: [None] * len(source.columns))
    )
    distinct = source.rollup.measures.filter(~pl.col("additive"))["id"].implode()
    rows = source.rollup.reconciliation.filter(pl.col("measure").is_in(distinct))
    place = _places(source)
    for row in rows.to_dicts():
        at = place.get((row["period"], row["figures_kind"]))
        if at is not None:
            found[row["measure"]][row["view"]][at] = [row["sum_over_units"], row["counted_in_several"]]
    return {measure: dict(views) for measure, views in found.items()}


def _headlines(source: Source) -> dict[str, Json]:
    """Return the periods of the headline figures, their targets, and the growth of the newest year."""
    rollup, summary = source.rollup, summarise(source.rollup)
    grown = rollup.national_targets.filter(
        (pl.col("indicator_code") == "ENT-GROWTH") & pl.col("value").is_not_null()
    )
    return {
        "span": summary.span,
        "newest": summary.newest_year,
        "whole": "2021-2030" if rollup.period_kind == "annual" else summary.span,
        "growth": _target(grown.row(-1, named=True)) if grown.height else None,
    }


def _target(row: Mapping[str, Any]) -> dict[str, Json]:
    limits = (row["target_low"], row["target_high"])
    return {
        "code": row["indicator_code"],
        "programme": row["programme"],
        "name": [row["indicator"], row["indicator_en"]],
        "period": row["period"],
        "low": row["target_low"],
        "aim": [target_text(*limits, "vi"), target_text(*limits, "en")],
        "in": row["measured_in"],
        "detail": [row["detail"], row["detail_en"]],
        "kind": row["figures_kind"],
        "value": row["value"],
        "source": [row["source_vi"], row["source"]],
        "verified": row["verified"],
    }


def _plan36(counts: pl.DataFrame) -> list[Json]:
    """Return per status: its code, both names, how many provinces stand at it, how many reached it, of how many."""
    return [
        [row["status"], *TITLES[row["status"]], row["at_stage"], row["reached"], row["provinces"]]
        for row in counts.to_dicts()
    ]


def _stages(plan36: pl.DataFrame) -> Iterable[tuple[str, str]]:
    return plan36.filter("counted").select("unit_code", "status").iter_rows()


def _round(row: Mapping[str, Any]) -> dict[str, Json]:
    numbers = ("year", "expected", "reported", "late", "estimates", "held_back")
    texts = {
        name: [row[name] or "", row[f"{name}_en"] or ""] for name in ("absent", "not_counted", "partial")
    }
    return {
        "kind": row["period_kind"],
        "group": row["unit_group"],
        **{name: row[name] for name in numbers},
        **texts,
    }


def _twice(row: Mapping[str, Any]) -> list[Json]:
    both = Text("{} và {}", "{} and {}")
    names = [
        text.format(row[f"successor_name{ending}"], row[f"predecessor_name{ending}"])
        for text, ending in zip(both, ("", "_en"), strict=True)
    ]
    return [row["year"], *names]


def lineage(source: Source) -> dict[str, Json]:
    """Return what figures are made of: `files`, `sheets` and, by the name of a figure, `rows` column by column.

    The columns are those of `LINEAGE`; a unit stands under its number in `provinces`.
    """
    rows = source.rollup.lineage
    if rows.is_empty():
        return {"files": [], "sheets": [], "rows": {}}
    files_ = _numbered(rows, "file", ("unit_code", "year", "file_name", "sha256", "received_at"))
    sheets = _numbered(rows, "sheet", ("tab", "column_letter"))
    units = [_numbers(_shown(source, view), f"unit{view}") for view in BOTH]
    numbered = _keyed(rows)
    for names in (files_, sheets, *units):
        numbered = numbered.join(names, on=names.columns[:-1], nulls_equal=True)
    named = numbered.sort("key", "figure_year", "file", "first_row")
    return {
        "files": [_file(row) for row in files_.to_dicts()],
        "sheets": [[row["tab"], row["column_letter"]] for row in sheets.to_dicts()],
        "rows": {
            key: {
                short: part[name].to_list()
                for short, name in LINEAGE.items()
                if part[name].is_not_null().any()
            }
            for (key,), part in named.partition_by("key", as_dict=True, maintain_order=True).items()
        },
    }


LINEAGE = {
    "f": "file", "s": "sheet", "y": "figure_year", "e": "estimated", "a": "place34", "b": "place63",
    "i": "first_row", "j": "last_row", "n": "rows", "v": "value",
}  # fmt: skip
"""How the page names the columns of a lineage, each of which may be thousands long."""


def _keyed(rows: pl.DataFrame) -> pl.DataFrame:
    parts = [pl.format(f"|{name}={{}}", pl.col(name)).fill_null("") for name in ("funding_kind", "tool")]
    is_exact = pl.col("value").abs() < EXACT
    return rows.with_columns(
        pl.concat_str(pl.col("measure"), *parts).alias("key"),
        pl.when(is_exact).then(pl.col("value").cast(pl.Int64, strict=False)).alias("value"),
        (pl.col("figures_kind") == "estimate").cast(pl.Int8).alias("estimated"),
    )


def _numbered(rows: pl.DataFrame, number: str, names: tuple[str, ...]) -> pl.DataFrame:
    return rows.select(names).unique().sort(names).with_row_index(number).select(*names, number)


def _numbers(units: Sequence[Mapping[str, Any]], column: str) -> pl.DataFrame:
    """Return under which number the page has each of `units`, as they stand in `column` of a lineage."""
    numbers = {column: [unit["unit_code"] for unit in units]}
    return (
        pl.DataFrame(numbers, schema={column: pl.String})
        .with_row_index(f"place{column[-2:]}")
        .select(column, f"place{column[-2:]}")
    )


def _file(row: Mapping[str, Any]) -> list[Json]:
    received = wall_clock(row["received_at"].replace(tzinfo=UTC)) if row["received_at"] else None
    day = f"{received:%d/%m/%Y}" if received else None
    return [row["unit_code"], row["year"], masked(visible(row["file_name"])), row["sha256"][:12], day]
