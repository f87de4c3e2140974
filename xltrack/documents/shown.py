"""Numbers as readers of a document write them: 1.234,5 in Vietnamese; money in millions or billions of đồng."""

from xltrack.documents.figures import Number, Numbers, Phrase, Piece
from xltrack.language import Lang, Text
from xltrack.rollup.summary import KINDS, millions, number

_BILLION = 1_000_000_000
_MILLIONS = Text("triệu đồng", "million VND")
_BILLIONS = Text("tỷ đồng", "billion VND")
_AND = Text(" và ", " and ")
NOT_KNOWN = Text("chưa có số liệu", "no figures")
STATES = {
    "on_time": Text("Đúng hạn", "On time"),
    "late": Text("Muộn", "Late"),
    "received": Text("Đã nhận", "Received"),
    "incomplete": Text("Một phần", "In part"),
    "held": Text("Chờ xử lý", "Held"),
    "rejected": Text("Bị trả lại", "Rejected"),
    "missing": Text("Chưa báo cáo", "Not reported"),
}
"""How the return of a unit stands in its round."""


def in_table(one: Number, lang: Lang) -> str:
    """Return the number alone; money in millions of đồng with one decimal, which the heading says."""
    return millions(int(one.value), lang) if one.is_money else number(one.value, lang)


def in_text(one: Number, lang: Lang) -> str:
    """Return the number; money with its unit, in billions from one billion on."""
    if not one.is_money:
        return number(one.value, lang)
    if abs(one.value) < _BILLION:
        return f"{millions(int(one.value), lang)} {_MILLIONS.to(lang)}"
    # Rounded as millions are, a thousand đồng standing for one.
    thousandth = (abs(int(one.value)) + 500) // 1000 * (1 if one.value >= 0 else -1)
    return f"{millions(thousandth, lang)} {_BILLIONS.to(lang)}"


def with_kinds(numbers: Numbers, lang: Lang) -> Phrase:
    """Return one figure in words: 12, or 12 (ước thực hiện), or 12 (thực hiện) và 3 (ước thực hiện)."""
    told = len(numbers) > 1
    pieces: list[Piece] = []
    for one in numbers:
        pieces += [_AND.to(lang)] if pieces else []
        pieces.append(one)
        if one.kind == "estimate" or (told and one.kind):
            pieces.append(f" ({KINDS[one.kind].to(lang)})")
    return tuple(pieces) or (NOT_KNOWN.to(lang),)
