"""The catalogue of finding codes: what each means, how grave it is, what to do."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from xltrack.findings.model import Finding, Severity
from xltrack.language import Lang, Text

Lifecycle = Literal["trial", "active", "retired"]
"""A trial code is told but may still change; a retired one is explained but made no more."""

_NOTHING = Text("không có", "none")
# A message is a sentence; a whole pasted page does not belong into it.
_LONGEST = 300
_COUNTED = re.compile(r"\{(\w+):[^|{}]*\|([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: `XLT302`, its name, severity, lifecycle, sentence, remedy, explanation and source."""

    code: str
    name: str
    severity: Severity
    lifecycle: Lifecycle
    message: Text
    hint: Text
    explanation: Text
    source: str
    since: str


@cache
def catalogue() -> Mapping[str, Code]:
    """Return every code by its name `XLTnnn`, in ascending order."""
    table = tomllib.loads(files("xltrack.findings").joinpath("catalogue.toml").read_text(encoding="utf-8"))
    return {code: _code(code, entry) for code, entry in sorted(table.items())}


def severity(finding: Finding) -> Severity:
    """Return how grave `finding` is, as its code says."""
    return catalogue()[finding.code].severity


def message(finding: Finding, lang: Lang) -> str:
    """Return what is wrong, in `lang`."""
    return _fill(catalogue()[finding.code].message, finding, lang)


def hint(finding: Finding, lang: Lang) -> str:
    """Return what to do about it, in `lang`."""
    return _fill(catalogue()[finding.code].hint, finding, lang)


def for_many(sentence: str) -> str:
    """Return a sentence of the catalogue with its counted words in the plural: "{count:row|rows}" as "{count} rows"."""
    return _COUNTED.sub(r"{\1} \2", sentence)


def _code(code: str, entry: Mapping[str, str]) -> Code:
    def text(field: str) -> Text:
        return Text(entry[f"{field}_vi"], entry[f"{field}_en"])

    grade: Severity = entry["severity"]  # type: ignore[assignment]  # checked against the allowed words by a test
    stage: Lifecycle = entry["lifecycle"]  # type: ignore[assignment]  # likewise
    return Code(
        code=code,
        name=entry["name"],
        severity=grade,
        lifecycle=stage,
        message=text("message"),
        hint=text("hint"),
        explanation=text("explanation"),
        source=entry["source"],
        since=entry["since"],
    )


def _fill(template: Text, finding: Finding, lang: Lang) -> str:
    own = {"value": finding.value, "cell": finding.cell, "sheet": finding.sheet, "row": finding.row}
    facts = own | {"column": finding.column} | dict(finding.facts)
    said = _Spoken({name: _Fact(_say(fact, lang)) for name, fact in facts.items()})
    return template.to(lang).format_map(said)


class _Fact(str):
    """A fact as it is said; "{count:row|rows}" adds the word that goes with the number."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        one, bar, many = words.partition("|")
        return f"{self!s} {one if self == '1' else many}" if bar else str(self)


class _Spoken(dict[str, _Fact]):
    """Facts as they are said; one that is missing must not cost the whole message."""

    def __missing__(self, name: str) -> _Fact:
        return _Fact("…")


def _say(fact: object, lang: Lang) -> str:
    """Return a fact on one line: numbers and dates as people write them, nothing as a word."""
    if isinstance(fact, Text):
        fact = fact.to(lang)
    if isinstance(fact, list | tuple | set | frozenset):
        fact = ", ".join(_say(one, lang) for one in fact)
    if fact is None or fact == "":
        return _NOTHING.to(lang)
    if isinstance(fact, date):
        return f"{fact:%d/%m/}{fact.year:04}"
    if isinstance(fact, int) and abs(fact) >= 10_000:
        return f"{fact:,}".replace(",", "." if lang == "vi" else ",")
    words = " ".join(str(fact).split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
