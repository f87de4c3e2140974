"""Vietnamese text of the time before Unicode: TCVN3 (ABC) and VNI, each with fonts of its own.

In a font such as .VnTime the letters "C«ng ty" look like "Công ty". Whether a text is meant so is told by its font and
by its spelling together: the one without the other converts nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from xltrack.reading.syllables import is_syllable
from xltrack.reading.text import clean

Encoding = Literal["tcvn3", "vni"]
Verdict = Literal["legacy", "unicode", "either", "neither"]

NAMES: Mapping[Encoding, str] = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}
# TCVN 5712:1993, VN3: the letters from position A1 on. It has no capital letters with tones; fonts for
# capitals (.VnTimeH) show the small ones as such.
_VN3 = "ĂÂÊÔƠƯĐăâêôơưđ      àảãáạ ằẳẵắ       ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ"
# VNI for Windows: a letter, then one character for its marks (in the order of _MARKS); some letters stand alone.
_MARKS = dict(zip(
    "øùõûïâàáãåäêèéüúë",
    ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323",
     "\u0302", "\u0302\u0300", "\u0302\u0301", "\u0302\u0303", "\u0302\u0309", "\u0302\u0323",
     "\u0306", "\u0306\u0300", "\u0306\u0301", "\u0306\u0303", "\u0306\u0309", "\u0306\u0323"),
    strict=True,
))  # fmt: skip
_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile("[^\\s!-/:-@\\[-`{-~–—“”‘’…•]+")
_CONSONANTS = re.compile("[B-DF-HJ-NP-TV-XZĐ&]+")
_ENOUGH = 0.75
# Where the font is not known to be one of theirs, two different words must look converted.
_FEWEST_WORDS = 2
_MOSTLY = 3
# What no Unicode text in Vietnamese has: foreign letters and signs beside letters, marks that follow a vowel.
SUSPECT = (
    "[A-Za-z][¡-¬®-¾ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþ]|[¡-¬®-¾ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþ][A-Za-z]"
    "|[aeAE][áàâãéèêùúõÁÀÂÃÉÈÊÙÚÕ]|[oO][âùõÂÙÕ]|[uyUY][ùõÙÕ]"
)


class Decoding(NamedTuple):
    """A text as it is to be read; and the code of a finding with its facts, if there is something to say."""

    text: str
    code: str | None = None
    facts: Mapping[str, object] = {}


class Decoded(NamedTuple):
    """What a text in a font of a legacy encoding is by its spelling, and what it is if converted."""

    verdict: Verdict
    converted: str


def decode(text: str, encoding: Encoding) -> str | None:
    """Return `text` in Unicode; None where it holds letters that `encoding` does not have."""
    if _VIETNAMESE.search(text):
        return None
    if encoding == "tcvn3":
        found = text.translate(_tcvn3())
        return None if _UNDEFINED.search(text) else found
    return _VNI.sub(lambda match: _vni()[match[0]], text)


@lru_cache(maxsize=50_000)
def judge(text: str, encoding: Encoding) -> Decoded:
    """Return what `text`, in a font of `encoding`, is by its spelling: Vietnamese in one way, both or neither."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    found = decode(text, encoding)
    if not words or found is None:
        return Decoded("unicode", text)
    before = _is_spelt(words)
    after = _is_spelt([decode(word, encoding) or "" for word in words])
    if before and after:
        return Decoded("either", found)
    return Decoded("legacy" if after else "unicode" if before else "neither", found)


def looks_legacy(text: str) -> Encoding | None:
    """Return the encoding that `text` seems to be in by its spelling alone; None where it seems to be in none."""
    if not re.search(SUSPECT, text) or _VIETNAMESE.search(text):
        return None
    encodings: tuple[Encoding, ...] = ("tcvn3", "vni")
    for encoding in encodings:
        words = {word for word in _WORD.findall(text) if len(word) > 1 and not word.isascii()}
        meant = {found for word in words if (found := decode(word, encoding)) and is_syllable(found)}
        if len(meant) >= _FEWEST_WORDS and judge(text, encoding).verdict == "legacy":
            return encoding
    return None


def _votes(texts: Iterable[tuple[str, Encoding]]) -> Mapping[Encoding, bool]:
    """Return for each encoding whether the clear ones of `texts`, with the encodings of their fonts, speak for it.

    A short text in such a font can be spelt well both ways; then it goes with the others of its sheet.
    """
    counts: dict[tuple[Encoding, Verdict], int] = {}
    for text, encoding in set(texts):
        key = (encoding, judge(text, encoding).verdict)
        counts[key] = counts.get(key, 0) + 1
    return {
        encoding: counts.get((encoding, "legacy"), 0) >= _MOSTLY and not counts.get((encoding, "unicode"), 0)
        for encoding, _ in counts
    }


def _is_spelt(words: list[str]) -> bool:
    """Return whether most of `words` are spelt as Vietnamese is, or abbreviations ("TĐC")."""
    spelt = sum(bool(_CONSONANTS.fullmatch(word)) or is_syllable(word) for word in words)
    return spelt >= _ENOUGH * len(words)


@cache
def _tcvn3() -> Mapping[int, str]:
    return {at: letter for at, letter in enumerate(_VN3, 0xA1) if letter != " "}


# Letters of Latin-1 at positions where VN3 has none that is written in ABC fonts.
_UNDEFINED = re.compile("[À-ÅÍÙ-ÛàðÿºŸ]")


@cache
def _vni() -> Mapping[str, str]:
    """Return the letters of VNI, of one or two characters, with what they mean; capitals too."""
    found = dict(_ALONE)
    for base, count in {"a": 17, "e": 11, "o": 11, "u": 5, "y": 5, "ô": 5, "ö": 5}.items():
        for mark, combining in list(_MARKS.items())[:count]:
            found[base + mark] = unicodedata.normalize("NFC", _ALONE.get(base, base) + combining)
    upper = {text.upper(): letter.upper() for text, letter in found.items()}
    mixed = {text[0].upper() + text[1]: letter.upper() for text, letter in found.items() if len(text) > 1}
    return found | mixed | upper


_VNI = re.compile("|".join(sorted(map(re.escape, _vni()), key=len, reverse=True)))


class Decoder:
    """Reads the texts of one sheet whose font is of a legacy encoding, or whose spelling is."""

    def __init__(self, texts: Iterable[tuple[str, Encoding]]) -> None:
        """Take note of the `texts` in such fonts: clear ones settle how those are read that could be either."""
        self._settled = _votes(texts)

    def read(self, text: str, marks: frozenset[str]) -> Decoding:
        """Return `text` as it is to be read, and what there is to say of it; `marks` are those of its cell's format."""
        if text.isascii():
            return Decoding(text)
        encoding = encoding_of(marks)
        if encoding is None:
            seeming = looks_legacy(text)
            return _unclear(text, seeming, decode(text, seeming)) if seeming else Decoding(text)
        verdict, converted = judge(text, encoding)
        if verdict == "legacy" or (verdict == "either" and self._settled.get(encoding)):
            return Decoding(converted, "XLT319", {"encoding": NAMES[encoding], "converted": clean(converted)})
        return Decoding(text) if verdict == "unicode" else _unclear(text, encoding, converted)


def _unclear(text: str, encoding: Encoding, converted: str | None) -> Decoding:
    return Decoding(text, "XLT320", {"encoding": NAMES[encoding], "converted": clean(converted or text)})


def encoding_of(marks: frozenset[str]) -> Encoding | None:
    """Return the legacy encoding among the `marks` of a cell's format."""
    if "tcvn3" in marks:
        return "tcvn3"
    return "vni" if "vni" in marks else None
