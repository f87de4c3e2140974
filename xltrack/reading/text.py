"""Text as it is meant: one Unicode form, no invisible characters, no white space around it."""

import re
import unicodedata
from functools import cache, lru_cache

import polars as pl

from xltrack.language import Text

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t"
_BREAKS = "\r\u000b\u000c\u0085\u2028\u2029"
_INVISIBLE = (
    "\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0000-\u0008\u000e-\u001f\u007f-\u009f"
)
# Characters that no rule of `clean` touches: those of European alphabets, composed, and the usual punctuation;
# not Ð, ð and Ɖ, which look like Đ and đ.
_USUAL = "!-~\u00a1-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u024f\u1e00-\u1eff–—‘’“”…•"
_SPACE = re.compile(f"[{_SPACES}]")
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_DROPPED = re.compile(f"[{_INVISIBLE}]")
_LOOKS_LIKE_D = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ"})
# How the XML of a workbook writes a control character (ISO 29500-1, 22.9.2.19): a copy may leave it in the text.
_CONTROL = re.compile("_x00([01][0-9A-Fa-f])_")
_CONTROL_MEANS = {"09": " ", "0A": "\n", "0B": "\n", "0C": "\n", "0D": "\n"}
NOTHING = frozenset({
    "'", "’", "`", "-", "–", "—", "--", "---", "_", "/", "//", ".", "..", "...", "…", "n/a", "n.a.", "n.a", "none",
    "null", "không", "không có", "không có số liệu", "không áp dụng", "không phát sinh", "khong", "khong co",
    "chưa", "chưa có", "chưa có số liệu", "chưa phát sinh", "chua co", "bỏ trống", "(trống)", "(blank)",
})  # fmt: skip
# These are names as well, a fruit and a drum: they say that there is nothing only where no free text is asked for.
NO_NAMES = frozenset({"na", "nil", "trống"})
# Of a number, these may say that it is 0 as well.
MAYBE_ZERO = frozenset({
    "không", "không có", "không phát sinh", "chưa phát sinh", "khong", "khong co", "none", "nil",
})  # fmt: skip
DITTO = frozenset({"-nt-", "- nt -", "nt-", "như trên", "-như trên-", '"', "''", "”", "〃", "-//-", "- // -"})
SAYS_NOTHING = rf"^(?i:{'|'.join(map(re.escape, sorted(NOTHING | NO_NAMES | DITTO)))})[.]?$"
"""Finds a text that says nothing, or points to the cell above it: for polars, which clears no text before."""
SPOTTED = rf"[^{_USUAL} \n]|^[ \n]|[ \n]$|^$|_x00|{SAYS_NOTHING}"
"""Finds for polars a text that `clean` might change or that says nothing: any other is taken as it stands."""
NONE_SIMILAR = Text("không có", "none")


@lru_cache(maxsize=10_000)
def clean(text: str) -> str:
    """Return `text` in NFC, with plain spaces and line breaks, without invisible characters, trimmed.

    Ð (eth) and Ɖ, which look like Đ, become Đ.
    """
    plain = _SPACE.sub(" ", _BREAK.sub("\n", _DROPPED.sub("", text)))
    if "_x00" in plain:
        plain = _without_controls(plain)
    return unicodedata.normalize("NFC", plain).strip().translate(_LOOKS_LIKE_D)


def _without_controls(text: str) -> str:
    while (shorter := _CONTROL.sub(lambda match: _CONTROL_MEANS.get(match[1].upper(), ""), text)) != text:
        text = shorter
    return text


def is_nothing(text: str, *, is_free: bool = False) -> bool:
    """Return whether the clean `text` says that there is nothing: "-", "N/A", "Không có."; 0 is something.

    In a column of free text (`is_free`) "Na" and "Trống" are names.
    """
    lower = text.lower()
    said = {lower, lower.removesuffix(".")}
    return not lower or not said.isdisjoint(NOTHING) or not (is_free or said.isdisjoint(NO_NAMES))


def is_maybe_zero(text: str) -> bool:
    """Return whether the clean `text`, in place of a number, may mean 0 as well as nothing: "không"."""
    return text.lower().removesuffix(".") in MAYBE_ZERO


def is_ditto(text: str) -> bool:
    """Return whether the clean `text` only points to the cell above it: "-nt-" (như trên), "〃"."""
    return text.lower() in DITTO


@cache
def without(column: str, *patterns: str) -> pl.Expr:
    """Return the expression that keeps of a String column the texts in which none of `patterns` is found; else null.

    It is one pattern then: to begin with a text costs more than to go through it.
    """
    text = pl.col(column)
    return pl.when(~text.str.contains("|".join(patterns))).then(text).alias(column)


def listed(texts: list[Text]) -> Text:
    """Return `texts` as one enumeration in both languages, “A”, “B”; "không có" where there are none."""
    if not texts:
        return NONE_SIMILAR
    return Text(", ".join(f"“{text.vi}”" for text in texts), ", ".join(f"“{text.en}”" for text in texts))
