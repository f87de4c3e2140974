"""From what people call a thing to its code."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import repeat

from xltrack.forms import Code, CodeList, fold
from xltrack.language import Text
from xltrack.reading.text import listed

_ALIKE = 78
_SHORT = 3
_SUGGESTIONS = 3
_WIDEST_BARE_CODE = 6
# What separates the items of a list in one cell: first what nothing else uses, then what names use as well.
_SEPARATORS = (
    re.compile(r"[,;\n•]|\s(?:và|and)\s"),
    re.compile(r"[,;\n•/+&|]|\s(?:và|and|[-–])\s|\s(?=\d+[.)]\s)"),
)
_BULLET = re.compile(r"^\s*(?:[-–*•]|\d{1,2}[.)](?=\s))?\s*|\s+$|(?<=\S)[.]$")
_WORD = re.compile(r"[^\W\d]+")
_BROKEN_NUMBER = re.compile(r"[\W_]*[0-9][\W_0-9]*")


@dataclass(frozen=True)
class Viewpoint:
    """From where the words of a return are to be understood: the days of its round, the province scheme of its unit.

    "Bắc Ninh" in a return of one of the 34 provinces is the Bắc Ninh of today.
    """

    first: date
    last: date
    scheme: str = ""


def candidates(
    codes: CodeList, text: str, parent: str | None, viewpoint: Viewpoint | None
) -> tuple[Code, ...]:
    """Return the entries of `codes` that the clean `text` may mean, one per code.

    Of several, those under `parent` count, then those in force on some day of the round, then those of the
    scheme of the reporting unit; each narrows only if something is left. "2.4" and "-24" are not 24.
    """
    found = () if is_broken_number(text) else codes.find(text)
    if len(found) > 1 and parent:
        found = tuple(entry for entry in found if entry.parent == parent) or found
    if len(found) > 1 and viewpoint:
        found = tuple(e for e in found if e.valid_during(viewpoint.first, viewpoint.last)) or found
        found = tuple(e for e in found if e.extra.get("scheme") == viewpoint.scheme != "") or found
    return tuple({entry.code: entry for entry in found}.values())


def is_broken_number(text: str) -> bool:
    """Return whether the clean `text` is digits with signs before, within or behind them, which no code has: "2.4"."""
    return not text.isdecimal() and _BROKEN_NUMBER.fullmatch(text) is not None


def of_digits(
    codes: CodeList, digits: str, parent: str | None, viewpoint: Viewpoint | None
) -> tuple[Code, ...]:
    """Return what `digits` of a number cell may mean: as they stand, else with the zeros that Excel drops."""
    for width in range(len(digits), _WIDEST_BARE_CODE + 1):
        if found := candidates(codes, digits.zfill(width), parent, viewpoint):
            return found
    return ()


def several(codes: CodeList, text: str, parent: str | None, viewpoint: Viewpoint | None) -> tuple[Code, ...]:
    """Return the entries that a list in one cell names, "ISO 9001, 5S và Lean"; () if they are not at least two.

    A part of digits alone repeats the word of the part before it: "ISO 9001 & 14001".
    """
    for separator in _SEPARATORS:
        found: dict[str, Code] = {}
        word = ""
        for part in map(_BULLET.sub, repeat(""), separator.split(text)):
            meant = candidates(codes, part, parent, viewpoint) or (
                candidates(codes, f"{word} {part}", parent, viewpoint) if part.isdecimal() and word else ()
            )
            if len(meant) == 1:
                found[meant[0].code] = meant[0]
            word = match[0] if (match := _WORD.match(part)) else word
        if len(found) > 1:
            return tuple(found.values())
    return ()


def suggestions(codes: CodeList, text: str) -> Text:
    """Return the labels most like `text`, as one enumeration."""
    return labels(alike(codes, text))


def labels(found: tuple[Code, ...]) -> Text:
    """Return the labels of `found` as one enumeration, with their codes where two are called the same."""
    texts = [entry.label for entry in found]
    return listed(texts) if len(set(texts)) == len(texts) else readings(found)


def alike(codes: CodeList, text: str) -> tuple[Code, ...]:
    """Return the entries most like `text`, the likest first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # seldom needed

    spellings = {
        (at, spelling): fold(spelling) for at, code in enumerate(codes.codes) for spelling in code.spellings()
    }
    words = fold(text)
    # A part of a label is a label cut short; of two or three letters every label holds some.
    scorer = fuzz.WRatio if len(words) > _SHORT else fuzz.ratio
    found = process.extract(words, spellings, scorer=scorer, score_cutoff=_ALIKE, limit=_SUGGESTIONS * 4)
    places = dict.fromkeys(at for _, _, (at, _) in found)
    return tuple(codes.codes[at] for at in list(places)[:_SUGGESTIONS])


def readings(found: tuple[Code, ...]) -> Text:
    """Return the entries `found` with their codes, as one enumeration."""
    return listed(
        [Text(f"{entry.code} – {entry.label.vi}", f"{entry.code} – {entry.label.en}") for entry in found]
    )
