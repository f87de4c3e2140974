"""Enterprises under two tax codes that look like one: for a person to decide, never decided here."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from xltrack.store.connection import Store
from xltrack.store.enterprises import decisions
from xltrack.store.schema import statement

NAME, ADDRESS = 92, 85
"""From what likeness on (0 to 100) two names, and two addresses, are taken to be one."""
_MOST_SHARING = 60
"""Names are compared where they share a word that no more than so many enterprises bear: so the work stays linear."""
_LEGAL = re.compile(
    r"\b(cong ty|cty|tnhh|trach nhiem huu han|co phan|cp|ctcp|mtv|mot thanh vien|hai thanh vien|tro len"
    r"|doanh nghiep tu nhan|dntn|chi nhanh|tap doan|tong)\b"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One enterprise as the newest return that lists it has it, with the years and units that have listed it."""

    tax_code: str
    name: str
    address: str
    commune: str
    province: str
    units: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two enterprises that look like one: `score` says how much (0 to 100), `former` was listed less recently."""

    score: int
    former: Listed
    today: Listed


def look_alike(store: Store) -> tuple[Pair, ...]:
    """Return the pairs of tax codes whose names and addresses are alike and about which nobody has decided yet.

    Likest first. Households (twelve digits) are nobody's pair. An address counts where both have one; else the two
    must be of one province, and their names be spelt alike.
    """
    known = {frozenset((one.former_code, one.code)) for one in decisions(store)}
    listed = [_listed(*row) for row in store.rows(statement("listed"))]
    own = {one.tax_code: _own_words(one.name) for one in listed}
    found = [
        _pair(score, a, b)
        for a, b in _comparable(listed, own)
        if frozenset((a.tax_code, b.tax_code)) not in known
        for score in (_likeness(a, b, own),)
        if score
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.score, pair.former.tax_code, pair.today.tax_code)))


def _listed(*facts: Any) -> Listed:
    code, name, address, commune, province, units, years = facts
    return Listed(code, name, address, commune, province, tuple(units), tuple(years))


def _comparable(
    listed: Sequence[Listed], own: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Listed, Listed]]:
    sharing: defaultdict[str, list[Listed]] = defaultdict(list)
    for one in listed:
        for word in {*own[one.tax_code], " ".join(own[one.tax_code])}:
            sharing[word].append(one)
    seen = set()
    for block in sharing.values():
        if len(block) <= _MOST_SHARING:
            for a, b in combinations(block, 2):
                if (a.tax_code, b.tax_code) not in seen:
                    seen.add((a.tax_code, b.tax_code))
                    yield a, b


def _likeness(a: Listed, b: Listed, own: Mapping[str, tuple[str, ...]]) -> int:
    """Return how much two enterprises are alike, 0 if they need not be looked at."""
    first, second = own[a.tax_code], own[b.tax_code]
    if _numbers(first) != _numbers(second):
        return 0
    name = fuzz.token_sort_ratio(" ".join(first), " ".join(second))
    if a.address and b.address:
        here, there = _plain(a.address), _plain(b.address)
        address = (
            fuzz.token_set_ratio(here, there) if _numbers(here.split()) == _numbers(there.split()) else 0
        )
        return round((2 * name + address) / 3) if name >= NAME and address >= ADDRESS else 0
    near = a.province == b.province and (not a.commune or not b.commune or a.commune == b.commune)
    return round(name) if near and first == second else 0


def _pair(score: int, a: Listed, b: Listed) -> Pair:
    former, today = sorted((a, b), key=lambda one: (max(one.years), one.tax_code))
    return Pair(score, former, today)


def _own_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without those of its legal form, without marks."""
    return tuple(_LEGAL.sub(" ", _plain(name)).split())


def _numbers(words: Iterable[str]) -> list[str]:
    return [word for word in words if any(character.isdigit() for character in word)]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    kept = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", kept))
