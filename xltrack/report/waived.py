"""Waivers as people read them."""

from collections.abc import Iterator, Sequence
from datetime import date

from xltrack.language import Lang, Text
from xltrack.store import Standing

_OVER = Text("Hết hiệu lực:", "No longer in force:")
_NOTHING_MEANT = Text(
    "Trong kho chưa có phát hiện nào như vậy: xem lại mã, đơn vị, trang và giá trị (ghi đúng như kết quả kiểm tra).",
    "The store has no such finding yet: check code, unit, sheet and value (just as the findings show it).",
)


def waiver_list(found: Sequence[tuple[Standing, int | None]], day: date, lang: Lang) -> str:
    """Return one line for each waiver with its number of findings: those that hold on `day`, and apart those over."""
    return "\n".join(_listed(found, day, lang)) or Text("Chưa có miễn trừ nào.", "There are no waivers.").to(
        lang
    )


def _listed(found: Sequence[tuple[Standing, int | None]], day: date, lang: Lang) -> Iterator[str]:
    over = [one for one, _ in found if one.waiver.until < day]
    yield from (waiver_line(one, lang, number) for one, number in found if one not in over)
    if over:
        yield _OVER.to(lang)
        yield from (f"  {waiver_line(one, lang)}" for one in over)


def doubt(findings: int | None, lang: Lang) -> str | None:
    """Return what an operator should know whose new waiver is for no finding of the store, None otherwise."""
    return _NOTHING_MEANT.to(lang) if findings == 0 else None


def waiver_line(standing: Standing, lang: Lang, findings: int | None = None) -> str:
    """Return one line: number, which findings are meant, until when, who and why, and how many `findings` it has."""
    meant, waiver = standing.meant, standing.waiver
    round_ = " ".join(str(part) for part in (meant.year, meant.period) if part is not None)
    row = Text(f"dòng {meant.row}", f"row {meant.row}").to(lang) if meant.row else None
    value = f"“{meant.value}”" if meant.value is not None else None
    file = (
        Text(f"tệp {meant.submission[:12]}…", f"file {meant.submission[:12]}…").to(lang)
        if meant.submission
        else None
    )
    what = (meant.code, file, meant.unit, round_, meant.sheet, row, value)
    until = Text(f"đến hết {waiver.until:%d/%m/%Y}", f"until {waiver.until:%d/%m/%Y}").to(lang)
    said = f"{waiver.number}. {' · '.join(part for part in what if part)} · {until} · {waiver.by}: {waiver.reason}"
    if findings is None:
        return said
    in_store = Text(
        f"{findings} phát hiện trong kho", f"{findings} finding{'' if findings == 1 else 's'} in the store"
    )
    return f"{said} ({in_store.to(lang)})"
