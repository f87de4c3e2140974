"""The national figures in a dozen lines, as the command line prints them."""

from collections.abc import Iterator

import polars as pl

from xltrack.language import Lang, Text
from xltrack.rollup import Rollup
from xltrack.rollup.summary import KINDS, Summary, as_of_lines, millions, number, summarise, target_of
from xltrack.rollup.years import lacking_years

_GROUPS = {"province": Text("tỉnh", "provinces"), "other": Text("bộ", "ministries")}
_GRADES = {
    "error": Text("lỗi", "errors"),
    "warning": Text("cảnh báo", "warnings"),
    "note": Text("ghi chú", "notes"),
}
_STATES = {"held": Text("chờ", "held"), "rejected": Text("bị từ chối", "rejected")}
_NONE = Text(
    "chưa có doanh nghiệp nào trong các báo cáo hiện hành", "no enterprise in the returns that stand"
)
_STATUSES = {
    "issued": Text("đã ban hành", "issued"),
    "under_way": Text("đang thực hiện", "under way"),
    "completed": Text("hoàn thành", "completed"),
}


def headlines(rollup: Rollup, lang: Lang) -> str:
    """Return about a dozen lines: enterprises, pilot models, money, who is missing by name, Plan 36."""
    summary = summarise(rollup)
    lines = [
        *(line.to(lang) for line in as_of_lines(rollup)),
        *_enterprises(summary, lang, is_alone=rollup.unit is not None),
        *_growth(rollup, lang),
        *_pilots(rollup, summary, lang),
        *_money(summary, lang),
        *_coverage(summary, lang),
        *(f"  {line.to(lang)}" for line in lacking_years(rollup)),
        *_double_cover(rollup, lang),
        *_quality(rollup, lang),
        *_plan36(rollup, summary, lang),
    ]
    return "\n".join(lines)


def _enterprises(summary: Summary, lang: Lang, *, is_alone: bool) -> Iterator[str]:
    name = Text("Doanh nghiệp được hỗ trợ", "Enterprises supported").to(lang)
    title = f"{name} {summary.span.replace('-', '–')}".strip()
    if not summary.enterprises:
        yield f"{title}: {_NONE.to(lang)}"
    for counted in summary.enterprises:
        yield f"{title} ({KINDS[counted.figures_kind].to(lang)}): {number(counted.national, lang)}"
        if not is_alone:
            yield from (f"  {counted.equation(view).to(lang)}" for view in ("63", "34"))


def _growth(rollup: Rollup, lang: Lang) -> Iterator[str]:
    """Yield by how much the newest year exceeds the one before, on the units that reported both."""
    known = rollup.national_targets.filter(
        (pl.col("indicator_code") == "ENT-GROWTH") & pl.col("value").is_not_null()
    ).to_dicts()
    for row in known[-1:]:
        detail = Text(row["detail"], row["detail_en"]).to(lang)
        target = target_of(rollup, "ENT-GROWTH", row["period"], lang)
        change = f"{'+' if row['value'] >= 0 else ''}{number(row['value'], lang)} %"
        aim = Text(f"; mục tiêu {target} % mỗi năm", f"; target {target} % a year").to(lang)
        yield f"  {detail}, {change}{aim if target else ''}"


def _pilots(rollup: Rollup, summary: Summary, lang: Lang) -> Iterator[str]:
    target = target_of(rollup, "PILOT-MODELS", "2021-2030", lang)
    for counted in summary.pilot_models:
        text = Text(
            "Mô hình điểm ({}): {}; mục tiêu đến 2030: {}", "Pilot models ({}): {}; target by 2030: {}"
        ).to(lang)
        told = text.format(KINDS[counted.figures_kind].to(lang), number(counted.national, lang), target)
        yield told if target else told.partition(";")[0]


def _money(summary: Summary, lang: Lang) -> Iterator[str]:
    for money in summary.disbursed:
        text = Text(
            "Kinh phí giải ngân {} ({}): {} triệu đồng, trong đó ngân sách nhà nước {} triệu đồng",
            "Funding disbursed {} ({}): {} million VND, of which state budget {} million VND",
        ).to(lang)
        kind = KINDS[money.figures_kind].to(lang)
        yield text.format(
            summary.span.replace("-", "–"), kind, millions(money.total, lang), millions(money.state, lang)
        )


def _coverage(summary: Summary, lang: Lang) -> Iterator[str]:
    if summary.coverage:
        counts = "; ".join(
            f"{_GROUPS[c.unit_group].to(lang)} {c.reported}/{c.expected}" for c in summary.coverage
        )
        yield f"{Text('Đã báo cáo năm', 'Reported for').to(lang)} {summary.coverage[0].year}: {counts}"
    for group in summary.coverage:
        name = _GROUPS[group.unit_group].to(lang)
        if group.absent.vi:
            yield f"  {Text('Chưa báo cáo', 'Not reported').to(lang)} ({name}): {group.absent.to(lang)}"
        if group.not_counted.vi:
            title = Text("Đã gửi, chưa được tính", "Sent, but nothing counts").to(lang)
            yield f"  {title} ({name}): {group.not_counted.to(lang)}"
        if group.partial.vi:
            title = Text("Mới báo cáo một phần, đã tính phần đó", "Reported in part, which is counted").to(
                lang
            )
            yield f"  {title} ({name}): {group.partial.to(lang)}"
        if group.held_back:
            title = Text("Dòng giữ lại vì có lỗi, chưa tính", "Rows held back for errors, not counted").to(
                lang
            )
            yield f"  {title} ({name}): {number(group.held_back, lang)}"


def _double_cover(rollup: Rollup, lang: Lang) -> Iterator[str]:
    """Yield where a province and one it was made of have both reported, if there is such a place."""
    rows = rollup.double_cover.filter(period_kind=rollup.period_kind)
    ending = "" if lang == "vi" else "_en"
    pairs = [
        f"{row['year']} {row[f'successor_name{ending}']} ({row['successor']}) "
        f"{Text('và', 'and').to(lang)} {row[f'predecessor_name{ending}']} ({row['predecessor']})"
        for row in rows.to_dicts()
    ]
    if pairs:
        title = Text(
            "Báo cáo trùng địa bàn, số cộng được có thể tính hai lần",
            "Territory reported twice, sums may hold a thing twice",
        ).to(lang)
        yield f"  {title}: {'; '.join(pairs)}"


def _quality(rollup: Rollup, lang: Lang) -> Iterator[str]:
    """Yield what the returns of the newest year were told, what of it is waived, and which files do not count."""
    told = rollup.quality.filter(pl.col("year") == pl.col("year").max())
    if told.height:
        counts = "; ".join(_told(name, told.filter(severity=grade), lang) for grade, name in _GRADES.items())
        title = Text("Phát hiện trong các báo cáo được tính, năm", "Findings in what counts,").to(lang)
        yield f"{title} {told['year'][0]}: {counts}"
    yield from _not_counted(rollup.held_back, lang)


def _not_counted(held: pl.DataFrame, lang: Lang) -> Iterator[str]:
    """Yield how many files do not count of the newest year, and how many that nobody can say the year of."""
    newest = held.filter(pl.col("year") == pl.col("year").max())
    for year in newest["year"].head(1):
        yield _states(
            Text(f"Tệp chưa được tính, năm {year}", f"Files that do not count, {year}"), newest, lang
        )
    unknown = held.filter(pl.col("year").is_null())
    if unknown.height:
        title = Text("Tệp không đọc được kỳ báo cáo", "Files whose round could not be read")
        yield _states(title, unknown, lang)


def _states(title: Text, held: pl.DataFrame, lang: Lang) -> str:
    counts = "; ".join(f"{_STATES[row['state']].to(lang)} {row['files']}" for row in held.to_dicts())
    return f"  {title.to(lang)}: {counts}"


def _told(name: Text, told: pl.DataFrame, lang: Lang) -> str:
    findings, waived = int(told["findings"].sum()), int(told["waived"].sum())
    away = f" ({Text('đã miễn trừ', 'waived').to(lang)} {number(waived, lang)})" if waived else ""
    return f"{name.to(lang)} {number(findings, lang)}{away}"


def _plan36(rollup: Rollup, summary: Summary, lang: Lang) -> Iterator[str]:
    for view, provinces in summary.provinces.items():
        counts = "; ".join(f"{t.to(lang)} {summary.plan36[view, status]}" for status, t in _STATUSES.items())
        title = Text(f"Kế hoạch 36, trên {provinces} tỉnh", f"Plan 36, of {provinces} provinces").to(lang)
        yield f"{title}: {counts}"
    by_2025, by_2030 = (
        target_of(rollup, "PROVINCES-PLAN36", period, lang) for period in ("2021-2025", "2026-2030")
    )
    if by_2025 or by_2030:
        text = Text("  mục tiêu: {} tỉnh đến 2025; {} tỉnh đến 2030", "  targets: {} by 2025; {} by 2030").to(
            lang
        )
        yield text.format(by_2025 or "–", by_2030 or "–")
