"""One key for all spellings of the same word."""

import unicodedata
from functools import lru_cache

_WITHOUT_DECOMPOSITION = str.maketrans({"đ": "d", "Đ": "d", "Ð": "d", "ð": "d"})


class _Kept(dict[int, int | None]):
    """What becomes of each character, for `str.translate`: marks, punctuation, spaces and controls go."""

    def __missing__(self, character: int) -> int | None:
        """Return the character itself, or None, and know it from now on."""
        is_kept = unicodedata.category(chr(character))[0] not in "MPZC"
        return self.setdefault(character, character if is_kept else None)


_KEPT = _Kept()


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return the key under which `text` is compared: no marks, case, spaces or punctuation.

    "Hòa Bình", "HOÀ BÌNH" and "hoa-binh" give the same key; "✓" stays itself. Tone placement (Hòa, Hoà) needs
    no rule of its own, because the marks are gone.
    """
    plain = unicodedata.normalize("NFKD", text).translate(_WITHOUT_DECOMPOSITION).casefold()
    return plain.translate(_KEPT)
