"""Codes and identification numbers as they are meant, whatever Excel and the keyboard made of them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache

import polars as pl
from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from xltrack.forms import Column, Sheet
from xltrack.reading import numbers
from xltrack.reading.cells import Cell
from xltrack.reading.text import SAYS_NOTHING, is_nothing, without
from xltrack.reading.values import NOTHING, Converted

# Letters of Cyrillic and Greek keyboards that look like Latin ones, by their names in Unicode.
_CYRILLIC = {
    "A": "A", "VE": "B", "IE": "E", "DZE": "S", "BYELORUSSIAN-UKRAINIAN I": "I", "JE": "J", "KA": "K", "EM": "M",
    "EN": "H", "O": "O", "ER": "P", "ES": "C", "TE": "T", "U": "Y", "HA": "X",
}  # fmt: skip
_GREEK = {
    "ALPHA": "A", "BETA": "B", "EPSILON": "E", "ZETA": "Z", "ETA": "H", "IOTA": "I", "KAPPA": "K", "MU": "M",
    "NU": "N", "OMICRON": "O", "RHO": "P", "TAU": "T", "UPSILON": "Y", "CHI": "X",
}  # fmt: skip
_SMALL_ALIKE = frozenset("AESIJOPCYX")
_OTHER_ALPHABETS = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_WIDE = re.compile("[\uff01-\uff5e]+")
_AROUND_HYPHEN = re.compile(r"\s*-\s*")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_TRAILING_ZEROS = re.compile(r"([0-9]+)[.,]0+")
# The tone of oa, oe and uy at the end of a syllable stands on either vowel: hòa, hoà; thủy, thuỷ.
_TONE = "([\u0300\u0301\u0303\u0309\u0323])"
_TONE_FIRST = re.compile(f"(?:([oO]){_TONE}([aeAE])|(?<![qQ])([uU]){_TONE}([yY]))(?![\\w\u0300-\u0323])")
# What `code_of` and `clean` change or refuse in a code.
_CHANGED = rf"[^ -~]|^ | $|^$|{SAYS_NOTHING}|_x00| -|- |[Ee]\+[0-9]|^['`\"]"
_LOST_ZERO = 9
_BRANCH = 13
PERSONAL = 12
_LAST_PROVINCE = "96"


def is_identifier(column: Column, sheet: Sheet) -> bool:
    """Return whether `column` holds codes: keys, references, entries of a list, or texts of one pattern."""
    return column.type == "string" and bool(
        column.id in sheet.key
        or column.code_list
        or column.checksum
        or column.references
        or "pattern" in column.schema
    )


@cache
def plain_code(column_id: str, is_tax_code: bool) -> pl.Expr:
    """Return the expression that keeps of a String column the codes that `code_of` would not change."""
    if not is_tax_code:
        return without(column_id, _CHANGED)
    text = pl.col(column_id)
    return pl.when(text.str.contains("^[0-9]{10}(?:-[0-9]{3})?$")).then(text).alias(column_id)


def spelt(text: str, column: Column) -> str:
    """Return the clean `text` of a code in its one spelling.

    Letters that only look Latin become Latin, dashes become hyphens, wide characters usual ones, and the tone of
    "hòa" stands where it does in "hoà"; spaces go from around hyphens where the column's pattern asks for it.
    """
    plain = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    plain = same_tone(latin(plain.translate(_DASHES)))
    # The apostrophe that makes a text in Excel, typed by programs into the cell itself.
    plain = plain.removeprefix("'") or plain
    pattern = str(column.schema.get("pattern", ""))
    close = _AROUND_HYPHEN.sub("-", plain)
    return close if pattern and re.search(pattern, close) and not re.search(pattern, plain) else plain


def same_tone(text: str) -> str:
    """Return `text` in NFC with the tone of final oa, oe and uy on the second vowel: "hoà", "thuỷ"."""
    moved = _TONE_FIRST.sub(_tone_last, unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", moved)


def latin(text: str) -> str:
    """Return `text` with Latin letters for those that only look so; as it is where other foreign letters remain."""
    found = text.translate(_lookalikes())
    return text if _OTHER_ALPHABETS.search(found) else found


def code_of(column: Column, cell: Cell, text: str) -> Converted:
    """Return the code in `cell`, the same whether typed as text or as a number; refused where Excel changed it."""
    if isinstance(cell, date | time | timedelta | bool):
        return Converted(text, "XLT354") if isinstance(cell, bool) else Converted(None, "XLT324")
    if isinstance(cell, int | float) and abs(cell) >= numbers.PRECISE_BELOW:
        return Converted(None, "XLT312")
    if isinstance(cell, str) and _SCIENTIFIC.fullmatch(text):
        return Converted(None, "XLT351")
    code = spelt(text, column)
    if is_nothing(code):
        return NOTHING
    found = _tax_code(code) if column.checksum == "vn-mst" else Converted(code)
    if found.code is None and isinstance(cell, float) and cell != int(cell):
        return Converted(code, "XLT325")
    is_mended = found.code is None and latin(text) != text
    return Converted(found.value, "XLT321", {"restored": found.value}) if is_mended else found


def _tax_code(code: str) -> Converted:
    """Return ten digits, a branch as NNNNNNNNNN-NNN; a lost zero only where it makes the check digit right.

    Twelve digits may be a branch without its zero as well, if they do not begin with 0 as personal identification
    numbers do: those begin with the code of the province, 001 to 096 (Decree 137/2015/NĐ-CP). Eleven digits look
    like such a number without its zero, which no check digit can confirm.
    """
    match = _TRAILING_ZEROS.fullmatch(code)
    digits = re.sub(r"[ .-]", "", match[1] if match and len(match[1]) >= _LOST_ZERO else code)
    if not digits.isdecimal():
        return Converted(code)
    if len(digits) in (_LOST_ZERO, PERSONAL) and digits[0] != "0" and is_tax_code(f"0{digits[:9]}"):
        restored = _written(f"0{digits}")
        return Converted(restored, "XLT311", {"restored": restored})
    if len(digits) == PERSONAL - 1 and "10" <= digits[:2] <= _LAST_PROVINCE:
        return Converted(None, "XLT356")
    return Converted(_written(digits))


def _written(digits: str) -> str:
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == _BRANCH else digits


def is_tax_code(code: str) -> bool:
    """Return whether `code` is a tax code whose check digit agrees."""
    try:
        mst.validate(code)
    except ValidationError:
        return False
    return True


def _tone_last(match: re.Match[str]) -> str:
    first, tone, second = (part for part in match.groups() if part)
    return f"{first}{second}{tone}"


@cache
def _lookalikes() -> Mapping[int, str]:
    found = {}
    for alphabet, letters in (("CYRILLIC", _CYRILLIC), ("GREEK", _GREEK)):
        for name, letter in letters.items():
            found[ord(unicodedata.lookup(f"{alphabet} CAPITAL LETTER {name}"))] = letter
            if letter in _SMALL_ALIKE and (alphabet == "CYRILLIC" or letter == "O"):
                found[ord(unicodedata.lookup(f"{alphabet} SMALL LETTER {name}"))] = letter.lower()
    return found
