"""Waivers as people read them."""

from xltrack.language import Lang, Text
from xltrack.store import Standing


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
