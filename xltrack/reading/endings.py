"""Knows what people write below a table: signatures, the names of who signed, remarks."""

from collections.abc import Collection, Mapping, Sequence

from xltrack.reading import words
from xltrack.reading.body import Line

_SIGNERS = 4
_FOOTER, _REMARK = "footer", "remark"


def endings(lines: Sequence[Line], ignored: Mapping[int, str]) -> dict[int, str]:
    """Return which rows among `lines`, beside those `ignored`, are no records but "footer" or "remark".

    What may be an agency, a person's position or a task proves nothing by its words alone: where it stands in the key
    or a column that is required, it must stand below all records and below somebody's signature.
    """
    asked = {line.at: line for line in lines if line.at not in ignored}
    candidates = {at: reason for at, line in asked.items() if (reason := _may_be(line))}
    if not candidates:
        return {}
    filled = next(iter(asked.values())).body.filled
    last = max((at for at in filled if at not in ignored and at not in candidates), default=-1)
    while True:
        proven: dict[int, str] = {}
        for at, reason in candidates.items():
            if _is_proven(asked[at], asked, proven, last):
                proven[at] = reason
        # A row that turned out to be a record takes what stands above it with it.
        now = max((at for at in candidates if at not in proven), default=last)
        if now <= last:
            return proven
        last = now


def _may_be(line: Line) -> str | None:
    if _signs(line):
        return _FOOTER
    return _REMARK if _is_remark(line) or _goes_on(line) else None


def _is_proven(line: Line, lines: Mapping[int, Line], proven: Mapping[int, str], last: int) -> bool:
    """Return whether `line` is what it may be, with the rows `proven` above it and the last record at `last`."""
    is_below = line.at > last
    if not _signs(line):
        is_remark = _is_remark(line) or proven.get(line.at - 1) == _REMARK
        return is_remark and (is_below or not line.makes_record)
    if _is_signed(line):
        return True
    footers = [at for at, reason in proven.items() if reason == _FOOTER and at > last]
    if line.makes_record:
        return is_below and any(_is_signed(lines[at]) for at in footers)
    return is_below and (bool(footers) or all(map(words.is_signature, line.texts.values())))


def _signs(line: Line) -> bool:
    texts = line.texts.values()
    return len(texts) == len(line.cells) <= _SIGNERS and all(
        words.is_signature(text) or words.is_person(text) for text in texts
    )


def _is_signed(line: Line) -> bool:
    """Return whether `line` is a signature by its words; an office alone aside may be the position of somebody."""
    texts = line.texts
    offices = [place for place, text in texts.items() if words.is_office(text)]
    if len(offices) < len(texts):
        return False
    signed = any(words.is_signed(text) for text in texts.values())
    return signed or len(offices) > 1 or any(place in line.body.needed for place in offices)


def _is_remark(line: Line) -> bool:
    texts = list(line.texts.values())
    return len(texts) == len(line.cells) <= 2 and words.is_remark(texts[0]) and _says_one_thing(line)


def _goes_on(line: Line) -> bool:
    texts = list(line.texts.values())
    return len(texts) == len(line.cells) == 1 and texts[0][0] in "-–+(*•"


def _says_one_thing(line: Line) -> bool:
    mapped: Collection[int] = line.body.mapped
    return sum(place in mapped for place in line.texts) <= 1
