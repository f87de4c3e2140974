"""The order of the Vietnamese alphabet, in which lists stand that have no order of their own."""

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = {letter: place for place, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""The tones in the order of dictionaries: huyền, hỏi, ngã, sắc, nặng, after no tone at all."""
_BEFORE_LETTERS = 0x110000


def vietnamese(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Return the key by which `text` is sorted: by letters (a, ă, â, b … d, đ), among equals by tones."""
    letters: list[int] = []
    tones: list[int] = []
    for character in text.casefold():
        plain, tone = _without_tone(character)
        place = _PLACES.get(plain)
        letters.append(ord(plain[:1] or " ") if place is None else _BEFORE_LETTERS + place)
        tones.append(tone)
    return tuple(letters), tuple(tones), text


def _without_tone(character: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", character)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), 0)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)), tone
