"""Text as it is meant: one Unicode form, no invisible characters, no white space around it."""

import re
import unicodedata
from functools import cache

import polars as pl

from xltrack.language import Text

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f"
# Characters that no rule of `clean` touches: those of European alphabets, composed, and the usual punctuation.
_USUAL = "!-~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff–—‘’“”…•"
_SPACE = re.compile(f"[{_SPACES}]")
_DROPPED = re.compile(f"[{_INVISIBLE}]")
NOTHING = frozenset({
    "-", "–", "—", "--", "---", "_", "/", ".", "..", "...", "…", "n/a", "n.a.", "n.a", "na", "nil", "none", "null",
    "không", "không có", "không có số liệu", "không áp dụng", "không phát sinh", "khong", "khong co",
    "chưa", "chưa có", "chưa có số liệu", "chua co", "trống", "bỏ trống",
})  # fmt: skip
NONE_SIMILAR = Text("không có", "none")


def clean(text: str) -> str:
    """Return `text` in NFC, with plain spaces and line breaks, without invisible characters, trimmed."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _DROPPED.sub("", _SPACE.sub(" ", composed)).strip()


def is_nothing(text: str) -> bool:
    """Return whether the clean `text` says that there is nothing: "-", "N/A", "không có"; 0 is something."""
    return not text or text.lower() in NOTHING


@cache
def spotless(column: str) -> pl.Expr:
    """Return the expression that keeps of a String column what `clean` would not change and what says something.

    The rest is null: texts with other characters than those of _USUAL, white space around them, or "-" and the like.
    """
    text = pl.col(column)
    nothing = "|".join(re.escape(word) for word in sorted(NOTHING))
    is_kept = text.str.contains(f"^[{_USUAL}](?:[{_USUAL} \n]*[{_USUAL}])?$") & ~text.str.contains(
        f"(?i)^(?:{nothing})$"
    )
    return pl.when(is_kept).then(text).alias(column)


def listed(texts: list[Text]) -> Text:
    """Return `texts` as one enumeration in both languages, “A”, “B”; "không có" where there are none."""
    if not texts:
        return NONE_SIMILAR
    return Text(", ".join(f"“{text.vi}”" for text in texts), ", ".join(f"“{text.en}”" for text in texts))
