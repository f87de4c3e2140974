"""The row of large numbers on the first sheet: what was reached, and how much of the target that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xltrack.excel.formats import GREY, NAVY, WHITE
from xltrack.excel.national_page import Page
from xltrack.excel.national_source import Source
from xltrack.language import Text
from xltrack.rollup.plan36 import TITLES
from xltrack.rollup.summary import KINDS, Summary, number, target_of, whole_span

_GROUND = "#F1F5FA"
_HEIGHTS = (18, 34, 44, 9, 4)
_STATUSES = ("issued", "under_way", "completed")


Figures = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One large number: its title, what stands below it, and which part of the target is reached, if there is one.

    `figures` are those that the number is put together from, `below` those of what stands below it.
    """

    title: Text
    value: str
    detail: str
    reached: float | None = None
    figures: Figures = ()
    below: Figures = ()


def tiles_of(source: Source, summary: Summary) -> list[Tile]:
    """Return enterprises, pilot models, experts, money and Plan 36, in that order."""
    return [
        _enterprises(source, summary),
        _against(
            source,
            _of_span(Text("Mô hình điểm", "Pilot models"), whole_span(source.rollup, summary.span)),
            [(one.figures_kind, one.national) for one in summary.pilot_models],
            ("PILOT-MODELS", "2021-2030"),
            _figures(source, "pilot_models", whole_span(source.rollup, summary.span)),
        ),
        _against(
            source,
            _titled(Text("Chuyên gia đạt chuẩn", "Certified experts"), summary),
            summary.experts,
            ("EXPERTS", summary.span),
            _figures(source, "certified_experts", summary.span),
        ),
        _money(source, summary),
        _plan_of_unit(source) if source.rollup.unit else _plan36(source, summary),
    ]


def write_tiles(page: Page, tiles: Sequence[Tile], spans: Sequence[tuple[int, int]]) -> None:
    """Write `tiles` side by side, each over the columns of its span."""
    for row, height in enumerate(_HEIGHTS, page.row):
        page.sheet.set_row(row, height)
    ground = {"bg_color": _GROUND, "align": "center", "right": 5, "right_color": WHITE}
    title = page.look.of(**ground, font_color=GREY, valign="bottom", top=5, top_color=NAVY)
    value = page.look.of(**ground, font_color=NAVY, bold=True, font_size=22, valign="vcenter", shrink=True)
    detail = page.look.of(**ground, font_color=GREY, font_size=9, valign="top", text_wrap=True)
    bar = page.look.of(**ground, num_format=";;;")
    for tile, span in zip(tiles, spans, strict=True):
        page.block(1, span, tile.title.to(page.lang), title)
        for text, look, figures in ((tile.value, value, tile.figures), (tile.detail, detail, tile.below)):
            page.row += 1
            page.block(1, span, text, look)
            page.made_of((page.row, span[0]), figures)
        page.row += 1
        page.block(1, span, "", bar)
        if tile.reached is not None:
            page.sheet.write_number(page.row, span[0], min(tile.reached, 1), bar)
            page.bars((page.row, span[0]), (page.row, span[1]), most=1)
        page.row += 1
        page.block(1, span, "", bar)
        page.row -= len(_HEIGHTS) - 1
    page.row += len(_HEIGHTS)


def _enterprises(source: Source, summary: Summary) -> Tile:
    values = [(one.figures_kind, one.national) for one in summary.enterprises]
    title = _titled(Text("Doanh nghiệp được hỗ trợ", "Enterprises supported"), summary)
    figures = _figures(source, "enterprises_supported", summary.span)
    if source.rollup.unit:
        once = Text("đếm không trùng", "counted once each").to(source.lang)
        return Tile(title, _by_kind(values, source), once, figures=figures)
    sums = "; ".join(
        " − ".join(number(value, source.lang) for value in (one.units_34, one.several_34))
        + f" = {number(one.national, source.lang)}"
        for one in summary.enterprises
    )
    stands_for = Text("cộng các đơn vị − trùng = cả nước: ", "units − in several = nation: ").to(source.lang)
    lines = [*_growth(source), *([stands_for + sums] if sums else [])]
    return Tile(title, _by_kind(values, source), "\n".join(lines), figures=figures)


def _growth(source: Source) -> Iterator[str]:
    """Yield by how much the newest year exceeds the one before, and on how many units: those that reported both."""
    known = source.rollup.growth.drop_nulls("percent").sort("year", "units")
    for row in known.tail(1).to_dicts():
        change = f"{'+' if row['percent'] > 0 else ''}{number(row['percent'], source.lang)}%"
        now, before = (number(row[name], source.lang) for name in ("enterprises", "enterprises_before"))
        units, target = row["units"], _growth_wanted(source, row["year"])
        aim = (
            Text(f" (mục tiêu {target}% mỗi năm)", f" (target {target}% a year)") if target else Text("", "")
        )
        text = Text(
            f"{change}: {now} so với {before} năm trước, {units} đơn vị có cả hai năm{aim.vi}",
            f"{change}: {now}, {before} the year before, {units} units with both years{aim.en}",
        )
        yield text.to(source.lang)


def _growth_wanted(source: Source, year: int) -> str:
    """Return the target of growth for `year`, "" if there is none."""
    periods = source.rollup.national_targets.filter(indicator_code="ENT-GROWTH")["period"].unique().sort()
    span = next((one for one in periods if one[:4] <= str(year) <= one[-4:]), "")
    return target_of(source.rollup, "ENT-GROWTH", span, source.lang)


def _figures(source: Source, measure: str, period: str, **cut: str) -> Figures:
    """Return the figures of a measure over a period in all kinds that there are."""
    return tuple(source.value(measure, (period, kind), **cut) for kind in KINDS)


def _against(
    source: Source,
    title: Text,
    values: Sequence[tuple[str, int]],
    target: tuple[str, str],
    figures: Figures,
) -> Tile:
    """Return a tile of a number that has a target, named by indicator and period."""
    aim = target_of(source.rollup, *target, source.lang)
    if not aim:
        return Tile(title, _by_kind(values, source), "", figures=figures)
    low = _low(source, *target)
    reached = values[0][1] / low if values and low else None
    return Tile(title, _by_kind(values, source), _aim(source, aim, reached), reached, figures, figures)


def _aim(source: Source, aim: str, reached: float | None) -> str:
    told = Text(f"mục tiêu {aim}", f"target {aim}").to(source.lang)
    share = Text(f", đạt {reached:.0%}", f", {reached:.0%} reached").to(source.lang) if reached else ""
    return told + share


def _low(source: Source, indicator: str, period: str) -> float | None:
    rows = source.rollup.national_targets.filter(indicator_code=indicator, period=period)
    return rows["target_low"][0] if rows.height else None


def _money(source: Source, summary: Summary) -> Tile:
    title = _titled(Text("Giải ngân, tỷ đồng", "Disbursed, billion VND"), summary)
    values = [(one.figures_kind, _billions(one.total, source)) for one in summary.disbursed]
    shares = "; ".join(f"{one.state / one.total:.0%}" for one in summary.disbursed if one.total)
    detail = Text(f"ngân sách nhà nước {shares}", f"state budget {shares}").to(source.lang) if shares else ""
    total, state = (
        _figures(source, measure, summary.span, funding_kind="disbursed")
        for measure in ("funding", "funding_state")
    )
    return Tile(title, _spoken(values, source), detail, figures=total, below=(*state, *total))


def _billions(dong: int, source: Source) -> str:
    """Return `dong` in thousand millions with one decimal, rounded half up."""
    tenths = (dong + 50_000_000) // 100_000_000
    mark = "," if source.lang == "vi" else "."
    return f"{number(tenths // 10, source.lang)}{mark}{tenths % 10}"


def _plan36(source: Source, summary: Summary) -> Tile:
    period = "2021-2025" if (summary.newest_year or 0) <= 2025 else "2026-2030"
    title = Text("Kế hoạch 36: tỉnh đã ban hành", "Plan 36: provinces that issued theirs")
    if not summary.provinces:
        return Tile(title, _spoken([], source), "")
    issued = summary.plan36.get(("34", "issued"), 0)
    aim, low = (
        target_of(source.rollup, "PROVINCES-PLAN36", period, source.lang),
        _low(source, "PROVINCES-PLAN36", period),
    )
    names = " / ".join(TITLES[status].to(source.lang).lower() for status in _STATUSES)
    further = "; ".join(
        Text(f"trên {provinces} tỉnh {' / '.join(reached)}", f"of {provinces} {' / '.join(reached)}").to(
            source.lang
        )
        for view, provinces in sorted(summary.provinces.items())
        for reached in [[str(summary.plan36[view, status]) for status in _STATUSES]]
    )
    reached = issued / low if low else None
    return Tile(
        title, number(issued, source.lang), f"{_aim(source, aim, reached)}\n{names}: {further}", reached
    )


def _plan_of_unit(source: Source) -> Tile:
    """Return how far the unit itself is."""
    title = Text("Kế hoạch 36", "Plan 36")
    rows = source.rollup.plan36.filter(unit_code=source.rollup.unit).to_dicts()
    if not rows:
        return Tile(title, "–", "")
    return Tile(title, TITLES[rows[0]["status"]].to(source.lang), rows[0]["document_no"] or "")


def _titled(title: Text, summary: Summary) -> Text:
    return _of_span(title, summary.span)


def _of_span(title: Text, span: str) -> Text:
    span = span.replace("-", "–")
    return Text(f"{title.vi} {span}".strip(), f"{title.en} {span}".strip())


def _by_kind(values: Sequence[tuple[str, int]], source: Source) -> str:
    return _spoken([(kind, number(value, source.lang)) for kind, value in values], source)


def _spoken(values: Sequence[tuple[str, str]], source: Source) -> str:
    """Return figures of several kinds beside each other, estimates marked."""
    if not values:
        return Text("chưa có", "none yet").to(source.lang)
    return "; ".join(
        value if kind == "actual" else f"{value} ({KINDS[kind].to(source.lang).split()[0]})"
        for kind, value in values
    )
