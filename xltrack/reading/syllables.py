"""Whether a word is spelt as Vietnamese syllables are: an initial, a rhyme, at most one tone."""

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPPED = ("\u0301", "\u0323")
_RHYMES = frozenset(
    """
a ai am an ang anh ao au ay ăm ăn ăng âm ân âng âu ây e em en eng eo ê êm ên ênh êng êu i ia iêm iên iêng iêu im in
inh iu o oa oai oam oan oang oanh oao oay oăm oăn oăng oe oen oeo oi om on ong oong ô ôi ôm ôn ông ôông ơ ơi ơm ơn
u ua uan uang uân uâng uây uê uên uênh ui um un ung uôi uôm uôn uông uơ uy uya uyên uynh uyu ư ưa ưi ưm ưn ưng ươi
ươm ươn ương ươu ưu y yêm yên yêng yêu ynh
""".split()
)
_STOPPED_RHYMES = frozenset(
    """
ac ach ap at ăc ăk ăp ăt âc âp ât ec ep et êch êp êt ich iêc iêp iêt ip it oac oach oap oat oăc oăt oc oet ooc op ot
ôc ôk ôp ôt ơp ơt uât uêch uêt uôc uôt uc up ut uych uyêt uyt uyp ưc ưp ưt ươc ươp ươt yêt ych yt
""".split()
)
_SYLLABLE = re.compile("(ngh|ng|nh|ch|gh|gi|kh|kr|ph|qu|th|tr|[bcdđghklmnprstvx])?(.+)")


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Return whether `word`, in any case, is spelt as a Vietnamese syllable."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in letters if letter in _TONES]
    plain = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
    match = _SYLLABLE.fullmatch(plain)
    if match is None or len(tones) > 1:
        return False
    rhymes = _RHYMES | _STOPPED_RHYMES if tones and tones[0] in _STOPPED else _RHYMES
    # "gì" is g and ì, "giá" is gi and á.
    splits = ((match[1] or "", match[2]), (plain[:1], plain[1:]))
    return any(rhyme in rhymes and _go_together(initial, rhyme) for initial, rhyme in splits)


def _go_together(initial: str, rhyme: str) -> bool:
    """c, g and ng are not written before e, ê, i and y, where k, gh and ngh are; "gì" is an exception."""
    if rhyme[0] in "eêiy":
        return initial not in ("c", "ng") and (initial != "g" or rhyme[0] == "i")
    return initial not in ("gh", "ngh")
