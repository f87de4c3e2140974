"""Compares what the name of a file says with what is in it: names are given by people, and lie."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from xltrack.findings import Finding
from xltrack.forms import Unit, Units, fold
from xltrack.language import Text
from xltrack.reading.model import Cover, Table

_WORD = re.compile(r"[^\W_]+")
_SPANS_AND_DATES = re.compile(
    r"20\d\d\s*[-–_]\s*20\d\d|(?<!\d)\d{1,2}([./_-])\d{1,2}\1\d{2,4}(?!\d)|(?<!\d)20\d\d([./_-])\d{1,2}\2\d{1,2}(?!\d)"
    r"|(?<!\d)\d{8}(?!\d)|(?<!\d)\d{1,2}[./_-]20\d\d(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NUMBER = re.compile(r"\blan(?: gui| thu)* (\d{1,2})\b")
_CODE = re.compile(r"\b(T(?:34|63)-\d\d)\b", re.IGNORECASE)
# "Báo cáo năm định kỳ" without its marks is no word about Nam Định.
_NO_NAME_BEFORE = frozenset({"ky"})


def file_name_findings(name: str, cover: Cover, table: Table, units: Units) -> Iterator[Finding]:
    """Yield where `name`, without its ending, names another unit, year or number of submission than the cover."""
    text = unicodedata.normalize("NFC", name)
    said = {
        "unit_code": _other_unit(text, cover.unit, units),
        "year": _other_year(text, cover.round.year),
        "submission_no": _other_number(text, cover.submission_no),
    }
    known = {
        "unit_code": cover.unit.name,
        "year": cover.round.year,
        "submission_no": _number(cover.submission_no),
    }
    for column, other in said.items():
        if other is not None:
            row, cell = table.place(column, 0)
            facts = {"file": text, "named": other, "cover": known[column]}
            yield Finding("XLT228", table.tab, row, cell, column, facts=facts)


def _other_unit(name: str, unit: Unit, units: Units) -> Text | None:
    """Return the unit that `name` names, None if it names none or also the one on the cover.

    A ministry named by a province is whom it writes to.
    """
    codes = [units.by_code[code.upper()] for code in _CODE.findall(name) if code.upper() in units.by_code]
    names = codes or [units.by_code[code] for code in sorted(_named(name, units))]
    named = [other for other in names if other.is_province or not unit.is_province]
    if not named or any(other.code == unit.code or other.name == unit.name for other in named):
        return None
    return Text(
        *(", ".join(dict.fromkeys(texts)) for texts in zip(*(other.name for other in named), strict=True))
    )


def _named(name: str, units: Units) -> set[str]:
    """Return the codes of the units whose names stand in `name`; not one whose name is only a part of another's."""
    words = _words(name)
    has_marks = any(not word.isascii() for word in words)
    keys = [word.casefold() if has_marks else fold(word) for word in words]
    found: dict[tuple[int, int], set[str]] = {}
    for spelling, codes in _spellings(units, has_marks).items():
        length = len(spelling)
        for at in range(len(keys) - length + 1):
            behind = fold(keys[at + length]) if at + length < len(keys) else ""
            if tuple(keys[at : at + length]) == spelling and behind not in _NO_NAME_BEFORE:
                found.setdefault((at, at + length), set()).update(codes)
    whole = {span for span in found if not any(_is_within(span, other) for other in found)}
    return {code for span in whole for code in found[span]}


def _words(name: str) -> list[str]:
    """Return the words of `name`, written apart, with signs between, or "InOneWord2025"."""
    parts = [
        f" {after}"
        if (before.islower() and after.isupper()) or before.isdigit() != after.isdigit()
        else after
        for before, after in pairwise(f" {name}")
    ]
    return _WORD.findall("".join(parts))


def _is_within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]


@lru_cache(maxsize=8)
def _spellings_of(names: tuple[tuple[str, str], ...], has_marks: bool) -> Mapping[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for code, name in names:
        words = [word.casefold() if has_marks else fold(word) for word in _WORD.findall(name)]
        found.setdefault(tuple(words), set()).add(code)
        found.setdefault(("".join(words),), set()).add(code)
    return found


def _spellings(units: Units, has_marks: bool) -> Mapping[tuple[str, ...], set[str]]:
    return _spellings_of(tuple((unit.code, unit.name.vi) for unit in units.all), has_marks)


def _other_year(name: str, year: int) -> int | None:
    years = {int(found) for found in _YEAR.findall(_SPANS_AND_DATES.sub(" ", name))}
    return None if not years or year in years else max(years)


def _other_number(name: str, number: int) -> Text | None:
    words = " ".join(fold(word) for word in _words(name))
    numbers = {int(found) for found in _NUMBER.findall(words)}
    return None if not numbers or number in numbers else _number(max(numbers))


def _number(number: int) -> Text:
    return Text(f"lần {number}", f"submission {number}")
