"""Finds amounts typed in another money unit than the workbook's: a thousand or a million times too large or small.

Three signs, each a warning that names both units: the amounts of a column lie where such amounts never do (XLT327,
from the column's `x-usual`), one amount lies a thousand times from the others of its column (XLT328), or the cover's
total is a thousand times that of the rows (XLT329). An amount that is none of these, but so small or large as none ever
is (the column's `x-plausible`), is told as just that (XLT573).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import NamedTuple

import polars as pl

from xltrack.checking.rows import AT, FILE, Located, Rows
from xltrack.checking.wording import joined, number
from xltrack.forms import Column, Schemas
from xltrack.language import Text
from xltrack.reading.model import Workbook

# Fewer amounts have no usual size of their own; a card has one of each.
_FEWEST = 3
_FEWEST_BESIDE_OTHERS = 8
# In decimal places: how far from the median an amount must lie, also in spreads of the others; how far from the
# nearest of them, for capital and revenue reach from small to large without a gap; how near it must be once divided.
_FAR, _SPREADS, _GAP, _NEAR, _LEAST_SPREAD = 2.5, 4.0, 1.25, 0.75, 0.25
_SIGMA = 1.4826  # of a normal distribution: its standard deviation in median deviations
_STEPS = (3, 6, 9, -3, -6, -9)
_SAME = 0.01


class Unit(NamedTuple):
    """A money unit: its label, and how many đồng it is."""

    label: Text
    factor: int


@dataclass(frozen=True)
class _Units:
    """The money units there are, by how many đồng they are; and that of each workbook, by its number."""

    known: Mapping[int, Unit]
    declared: Mapping[int, Unit]

    def smaller(self, file: int, step: int) -> Unit | None:
        """Return the unit that is 10 ** `step` times smaller than that of the workbook."""
        return self.known.get(round(self.declared[file].factor / 10**step))


def check_money_units(
    workbooks: Sequence[Workbook], sheets: Mapping[str, Rows], schemas: Schemas
) -> Iterator[Located]:
    """Yield XLT327 to XLT329 for the amounts of `workbooks`, whose rows are `sheets`."""
    listed = schemas.code_lists["currency_units"].codes
    units = {entry.code: Unit(entry.label, int(entry.extra["factor"])) for entry in listed}
    declared = {n: units[book.cover.currency_unit] for n, book in enumerate(workbooks) if book.cover}
    found = _Units({unit.factor: unit for unit in units.values()}, declared)
    for rows in sheets.values():
        for column in _suspicious(rows, found):
            yield from _check_column(rows, column, found)
    if {"cover", "funding"} <= set(sheets):
        yield from _check_cover(sheets["cover"], sheets["funding"], found)


def _suspicious(rows: Rows, units: _Units) -> Sequence[Column]:
    """Return the columns of `rows` that are worth a close look: all of which anything is told are among them."""
    columns = [column for column in rows.sheet.columns if column.money]
    if not columns or rows.frame.is_empty():
        return ()
    read = [pl.when(_read(rows, column, units)).then(pl.col(column.id)) for column in columns]
    odd = [_is_odd(column, pl.col(column.id)).alias(column.id) for column in columns]
    found = rows.frame.select(FILE, *read).group_by(FILE).agg(odd)
    return [column for column in columns if found[column.id].any()]


def _is_odd(column: Column, amount: pl.Expr) -> pl.Expr:
    """Return whether the amounts of a file have an unusual middle, lie far from it, or beyond what is plausible."""
    place = amount.log10()
    middle = place.median()
    odd = (place.max() - middle >= _FAR) | (middle - place.min() >= _FAR)
    if column.usual is not None:
        low, high = (log10(limit) for limit in column.usual)
        odd |= ~middle.round(6).is_between(low, high)
    if column.plausible is not None:
        least, most = column.plausible
        odd |= ~amount.is_between(least, most).all()
    return odd


def _check_column(rows: Rows, column: Column, units: _Units) -> Iterator[Located]:
    amounts = _amounts(rows, column, units)
    place = pl.col("place")
    asked = (
        pl.col(AT).first(),
        pl.len(),
        place.median(),
        place.min().alias("least"),
        place.max().alias("most"),
    )
    uneven = []
    for file, at, size, middle, least, most in (
        amounts.group_by(FILE, maintain_order=True).agg(asked).iter_rows()
    ):
        declared = units.declared[file]
        other = _other_unit(column, middle, declared, units)
        if other and (size >= _FEWEST or rows.sheet.layout == "card"):
            typical = number(_rounded(10**middle))
            facts = {"amounts": size, "typical": typical, "declared": declared.label, "other": other.label}
            yield file, rows.finding("XLT327", at, column.id, facts)
            amounts = amounts.filter(pl.col(FILE) != file)
        elif size >= _FEWEST_BESIDE_OTHERS and max(most - middle, middle - least) >= _FAR:
            uneven.append(file)
    found = list(_outliers(rows, column, amounts.filter(pl.col(FILE).is_in(uneven)), units))
    yield from found
    yield from _improbable(rows, column, amounts, {(file, one.row) for file, one in found})


def _amounts(rows: Rows, column: Column, units: _Units) -> pl.DataFrame:
    """Return position, file, amount and `place`, its power of ten, of the amounts read in the workbook's unit.

    Amounts that name their unit in the cell are left out.
    """
    amount = pl.col(column.id)
    amounts = rows.frame.filter(_read(rows, column, units))
    return amounts.select(AT, FILE, amount.alias("amount"), amount.log10().alias("place"))


def _read(rows: Rows, column: Column, units: _Units) -> pl.Expr:
    """Return where an amount stands that was read in the workbook's unit."""
    is_read = (pl.col(column.id) > 0) & pl.col(FILE).is_in(list(units.declared))
    tables = rows.tables.values()
    if all(table.raw.are_numbers(column.id) for table in tables):
        return is_read
    own = pl.concat([table.raw[column.id] for table in tables]).str.contains(r"\p{L}").fill_null(value=False)
    return is_read & ~pl.lit(own)


def _other_unit(column: Column, middle: float, declared: Unit, units: _Units) -> Unit | None:
    """Return the unit in which the usual amount 10 ** `middle` would be one that occurs, None if it is one."""
    if column.usual is None:
        return None
    low, high = (log10(limit) for limit in column.usual)
    middle = round(middle, 6)
    if low <= middle <= high:
        return None
    in_units = {unit: middle + log10(unit.factor / declared.factor) for unit in units.known.values()}
    likely = {unit: abs(place - (low + high) / 2) for unit, place in in_units.items() if low <= place <= high}
    return min(likely, key=lambda unit: likely[unit], default=None)


def _outliers(rows: Rows, column: Column, amounts: pl.DataFrame, units: _Units) -> Iterator[Located]:
    for at, file, amount, away, spread in _far(amounts).iter_rows():
        near = {step: abs(away - step) for step in _STEPS if units.smaller(file, step)}
        step = min(near, key=lambda step: near[step], default=0)
        other = units.smaller(file, step)
        if step and other and near[step] <= max(2 * spread, _NEAR):
            facts = {"amount": number(amount), "against": _times(step), "other": other.label}
            yield (
                file,
                rows.finding("XLT328", at, column.id, {**facts, "declared": units.declared[file].label}),
            )


def _improbable(
    rows: Rows, column: Column, amounts: pl.DataFrame, told: Collection[tuple[int, int | None]]
) -> Iterator[Located]:
    """Yield XLT573 for the amounts outside the limits of the column but those in the rows `told`."""
    if column.plausible is None:
        return
    low, high = column.plausible
    asked = amounts.filter(~pl.col("amount").is_between(low, high))
    for at, file, amount in asked.select(AT, FILE, "amount").iter_rows():
        finding = rows.finding(
            "XLT573", at, column.id, {"amount": number(amount), "least": number(low), "most": number(high)}
        )
        if (file, finding.row) not in told:
            yield file, finding


def _far(amounts: pl.DataFrame) -> pl.DataFrame:
    """Return position, file, amount, distance from the median and spread of what lies far from all the others."""
    away = (pl.col("place") - pl.col("place").median().over(FILE)).alias("away")
    distance = pl.col("away").abs()
    spread = pl.max_horizontal(distance.median().over(FILE) * _SIGMA, pl.lit(_LEAST_SPREAD)).alias("spread")
    is_far = distance >= pl.max_horizontal(pl.lit(_FAR), pl.col("spread") * _SPREADS)
    farthest = distance.filter(~is_far).max().over(FILE, pl.col("away") > 0).fill_null(0)
    return (
        amounts.with_columns(away)
        .with_columns(spread)
        .filter(is_far & (distance - farthest >= _GAP))
        .select(AT, FILE, "amount", "away", "spread")
    )


def _times(step: int) -> Text:
    times = number(10 ** abs(step))
    if step > 0:
        return Text(f"gấp khoảng {times.vi} lần", f"some {times.en} times")
    return Text(f"chỉ bằng khoảng 1/{times.vi}", f"some 1/{times.en} of")


def _check_cover(cover: Rows, funding: Rows, units: _Units) -> Iterator[Located]:
    """Yield XLT329 where the cover's total of a kind of figure is just 1,000 or 1,000,000 times that of its rows."""
    asked = {"funding_kind", "funding_total", "figure_kind", "amount"}
    if not asked <= {*cover.sheet.by_id, *funding.sheet.by_id}:
        return
    sums = funding.frame.group_by(FILE, pl.col("figure_kind").alias("funding_kind")).agg(
        pl.col("amount").cast(pl.Float64).sum().alias("added")
    )
    both = cover.frame.join(sums, on=[FILE, "funding_kind"]).filter(
        (pl.col("funding_total") > 0) & (pl.col("added") > 0) & pl.col(FILE).is_in(list(units.declared))
    )
    for at, file, total, added in both.select(AT, FILE, "funding_total", "added").iter_rows():
        place = log10(total / added)
        step = next((step for step in _STEPS if abs(place - step) < _SAME), 0)
        readings = _readings(file, step, funding.tables[file].tab, units) if step else []
        if readings:
            facts = {
                "cover_total": number(total),
                "sheet_total": number(round(added)),
                "against": _times(step),
            }
            said = {"readings": joined(readings, " hoặc ", " or "), "declared": units.declared[file].label}
            yield file, cover.finding("XLT329", at, "funding_total", {**facts, **said})


def _readings(file: int, step: int, tab: str, units: _Units) -> list[Text]:
    """Return which of both may be in which other unit, if the cover is 10 ** `step` times the rows."""
    cover, rows = units.smaller(file, step), units.smaller(file, -step)
    found = []
    if cover:
        found.append(Text(f"trang bìa ghi bằng {cover.label.vi}", f"the cover is in {cover.label.en}"))
    if rows:
        found.append(Text(f"trang {tab} ghi bằng {rows.label.vi}", f"the sheet {tab} is in {rows.label.en}"))
    return found


def _rounded(amount: float) -> int:
    """Return `amount` with two significant digits."""
    return int(float(f"{amount:.1e}"))
