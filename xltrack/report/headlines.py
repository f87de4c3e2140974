"""The national figures in a dozen lines, as the command line prints them."""

from collections.abc import Iterator

from xltrack.language import Lang, Text
from xltrack.rollup import Rollup
from xltrack.rollup.summary import KINDS, Counted, Summary, millions, number, summarise, target_of

_GROUPS = {"province": Text("tỉnh", "provinces"), "other": Text("bộ", "ministries")}
_STATUSES = {
    "issued": Text("đã ban hành", "issued"),
    "under_way": Text("đang thực hiện", "under way"),
    "completed": Text("hoàn thành", "completed"),
}


def headlines(rollup: Rollup, lang: Lang) -> str:
    """Return about a dozen lines: enterprises, pilot models, money, who is missing by name, Plan 36."""
    summary = summarise(rollup)
    lines = [
        *_enterprises(summary, lang),
        *_pilots(rollup, summary, lang),
        *_money(summary, lang),
        *_coverage(summary, lang),
        *_plan36(rollup, summary, lang),
    ]
    return "\n".join(lines)


def _enterprises(summary: Summary, lang: Lang) -> Iterator[str]:
    title = Text(f"Doanh nghiệp được hỗ trợ {summary.span}", f"Enterprises supported {summary.span}").to(lang)
    if not summary.enterprises:
        yield f"{title}: {Text('chưa có số liệu', 'no figures yet').to(lang)}"
    for counted in summary.enterprises:
        yield f"{title} ({KINDS[counted.figures_kind].to(lang)}): {number(counted.national, lang)}"
        yield f"  {_sum(counted, '63', lang)}"
        yield f"  {_sum(counted, '34', lang)}"


def _sum(counted: Counted, view: str, lang: Lang) -> str:
    units = counted.units_63 if view == "63" else counted.units_34
    several = counted.several_63 if view == "63" else counted.several_34
    parts = tuple(number(value, lang) for value in (units, several, counted.national))
    return (
        Text(
            "tính theo {} tỉnh: cộng các đơn vị {} − trùng giữa các đơn vị {} = {}",
            "by {} provinces: sum over units {} − counted in several units {} = {}",
        )
        .to(lang)
        .format(view, *parts)
    )


def _pilots(rollup: Rollup, summary: Summary, lang: Lang) -> Iterator[str]:
    target = target_of(rollup, "PILOT-MODELS", "2021-2030")
    for counted in summary.pilot_models:
        text = Text(
            "Mô hình điểm ({}): {}; mục tiêu đến 2030: {}", "Pilot models ({}): {}; target by 2030: {}"
        ).to(lang)
        yield text.format(KINDS[counted.figures_kind].to(lang), number(counted.national, lang), target or "–")


def _money(summary: Summary, lang: Lang) -> Iterator[str]:
    for money in summary.disbursed:
        text = Text(
            "Kinh phí giải ngân {} ({}): {} triệu đồng, trong đó ngân sách nhà nước {} triệu đồng",
            "Funding disbursed {} ({}): {} million VND, of which state budget {} million VND",
        ).to(lang)
        kind = KINDS[money.figures_kind].to(lang)
        yield text.format(summary.span, kind, millions(money.total, lang), millions(money.state, lang))


def _coverage(summary: Summary, lang: Lang) -> Iterator[str]:
    if summary.coverage:
        counts = "; ".join(
            f"{_GROUPS[c.unit_group].to(lang)} {c.reported}/{c.expected}" for c in summary.coverage
        )
        yield f"{Text('Đã báo cáo năm', 'Reported for').to(lang)} {summary.coverage[0].year}: {counts}"
    for group in summary.coverage:
        if group.absent.vi:
            title = Text("Chưa báo cáo", "Not reported").to(lang)
            yield f"  {title} ({_GROUPS[group.unit_group].to(lang)}): {group.absent.to(lang)}"


def _plan36(rollup: Rollup, summary: Summary, lang: Lang) -> Iterator[str]:
    for view, provinces in summary.provinces.items():
        counts = "; ".join(f"{t.to(lang)} {summary.plan36[view, status]}" for status, t in _STATUSES.items())
        title = Text(f"Kế hoạch 36, trên {provinces} tỉnh", f"Plan 36, of {provinces} provinces").to(lang)
        yield f"{title}: {counts}"
    by_2025, by_2030 = (
        target_of(rollup, "PROVINCES-PLAN36", period) for period in ("2021-2025", "2026-2030")
    )
    if by_2025 or by_2030:
        text = Text("  mục tiêu: {} tỉnh đến 2025; {} tỉnh đến 2030", "  targets: {} by 2025; {} by 2030").to(
            lang
        )
        yield text.format(by_2025 or "–", by_2030 or "–")
