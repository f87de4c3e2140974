"""One key for all spellings of the same word."""

import unicodedata
from functools import lru_cache


class _Kept(dict[int, int | None]):
    """What becomes of each small letter, for `str.translate`: marks, punctuation, spaces and controls go."""

    def __missing__(self, character: int) -> int | None:
        """Return the character itself, or None, and know it from now on."""
        is_kept = unicodedata.category(chr(character))[0] not in "MPZC"
        return self.setdefault(character, character if is_kept else None)


# Small letters whose mark is no character of its own.
_KEPT = _Kept({ord("đ"): ord("d"), ord("ð"): ord("d")})


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return the key under which `text` is compared: no marks, case, spaces or punctuation.

    "Hòa Bình", "HOÀ BÌNH" and "hoa-binh" give the same key; "✓" stays itself. Tone placement (Hòa, Hoà) needs
    no rule of its own, because the marks are gone.
    """
    return unicodedata.normalize("NFKD", text).casefold().translate(_KEPT)
