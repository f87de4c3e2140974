"""The catalogue of finding codes: what each means, how grave it is, what to do."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal, NamedTuple

from xltrack.findings.masking import visible
from xltrack.findings.model import Finding, Severity, Waiver
from xltrack.language import Lang, Text

Lifecycle = Literal["trial", "active", "retired"]
"""A trial code is told but may still change; a retired one is explained but made no more."""

_NOTHING = Text("không có", "none")
# A message is a sentence; a whole pasted page does not belong into it.
_LONGEST = 300
_TABLE = re.compile(r"^\[(XLT\d{3})\]\s+(?=name = \"(\w+)\"$)", re.MULTILINE)
_RETIRED = '\nlifecycle = "retired"\n'
_COUNTED = re.compile(r"\{(\w+):[^|{}]*\|([^{}]*)\}")
_FACT = re.compile(r"\{\w+\}")
# "[ Is it {suggestions}?]" is said only where there are some.
_IF_ANY = re.compile(r"\[([^][]*)\]")
_UNSAID = "…"
_OWN = frozenset(("value", "cell", "sheet", "row", "column"))
"""What of a finding itself a sentence may name, beside its facts."""


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


class Catalogue(Mapping[str, Code]):
    """The codes by their `XLTnnn`, in ascending order; each is read when it is asked for, since all take long."""

    def __init__(self, text: str) -> None:
        """Take the TOML `text`, in which each code has a table of its own that begins with its name."""
        _, *tables = _TABLE.split(text)
        codes, names, entries = tables[::3], tables[1::3], tables[2::3]
        self._entries = dict(sorted(zip(codes, entries, strict=True)))
        self._codes = dict(zip(names, codes, strict=True))
        self._read: dict[str, Code] = {}

    def __getitem__(self, code: str) -> Code:
        """Return a code; raises KeyError."""
        if code not in self._read:
            import tomllib  # noqa: PLC0415  # a run that finds nothing reads none

            self._read[code] = _code(code, tomllib.loads(self._entries[code]))
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        """Yield each `XLTnnn`."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._entries)

    def code_of(self, name: str) -> str:
        """Return the `XLTnnn` that bears the name `name` ("not_a_workbook"); raises KeyError."""
        return self._codes[name]

    def is_retired(self, code: str) -> bool:
        """Return whether a code is made no more; raises KeyError."""
        return _RETIRED in self._entries[code]


@cache
def catalogue() -> Catalogue:
    """Return every code of a finding."""
    return Catalogue(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))


def severity(finding: Finding) -> Severity:
    """Return how grave `finding` is, as its code says."""
    return catalogue()[finding.code].severity


def in_use(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those of `findings` whose code is not retired: such a code is explained, and told of no file."""
    return tuple(finding for finding in findings if not catalogue().is_retired(finding.code))


def message(finding: Finding, lang: Lang) -> str:
    """Return what is wrong, in `lang`."""
    if finding.said:
        return finding.said.message.to(lang)
    return _fill(catalogue()[finding.code].message, finding, lang)


def hint(finding: Finding, lang: Lang) -> str:
    """Return what to do about it, in `lang`: nothing, and why, if it is waived."""
    if finding.waiver:
        return _waived(finding.waiver).to(lang)
    if finding.said:
        return finding.said.hint.to(lang)
    return _fill(catalogue()[finding.code].hint, finding, lang)


class Common(NamedTuple):
    """What findings of one code say alike, with `marks` where they differ; and for each the words that differ there.

    A message that differs in one place has "…" there, one that differs in several "(1)", "(2)" and so on.
    """

    message: str
    hint: str
    differing: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()


def in_common(findings: Sequence[Finding], lang: Lang) -> Common:
    """Return what `findings`, all of one code and one waiver, have in common; of recorded ones that is the hint."""
    if any(finding.said for finding in findings):
        sentences = tuple((message(finding, lang),) for finding in findings)
        return Common("", hint(findings[0], lang), sentences)
    code = catalogue()[findings[0].code]
    said = [_Spoken(finding, lang) for finding in findings]
    differ = {
        name
        for name in _names(code.message.to(lang) + code.hint.to(lang))
        if len({f[name] for f in said}) > 1
    }
    sentence = code.message.to(lang)
    optional = {name for part in _IF_ANY.findall(sentence) for name in _names(part)}
    names = [name for name in _names(sentence) if name in differ]
    marks = [_UNSAID] if len(names) == 1 else [f"({number})" for number in range(1, len(names) + 1)]
    shared = _Spoken(findings[0], lang)
    shared.update(dict.fromkeys(differ, _Fact(_UNSAID)) | dict(zip(names, map(_Fact, marks), strict=True)))
    words = tuple(
        tuple(
            "" if name in optional and facts[name] == _NOTHING.to(lang) else str(facts[name])
            for name in names
        )
        for facts in said
    )
    to_do = hint(findings[0], lang) if findings[0].waiver else _filled(code.hint.to(lang), shared, lang)
    return Common(_filled(sentence, shared, lang), to_do, words, tuple(marks))


def in_full(sentence: str) -> str:
    """Return a sentence of the catalogue without marks: "{count:row|rows}" in the plural, all of "[...]" said."""
    return _IF_ANY.sub(r"\1", _COUNTED.sub(r"{\1} \2", sentence))


def plain(text: Text, lang: Lang) -> str:
    """Return a sentence of the catalogue without facts: "…" stands where it names one."""
    return _FACT.sub(_UNSAID, in_full(text.to(lang)))


def _waived(waiver: Waiver) -> Text:
    until, by, reason = f"{waiver.until:%d/%m/%Y}", visible(waiver.by), visible(waiver.reason)
    return Text(
        f"Không phải sửa đến hết ngày {until} ({by}: {reason}; miễn trừ số {waiver.number}).",
        f"Nothing to mend until {until} ({by}: {reason}; waiver {waiver.number}).",
    )


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
    return _filled(template.to(lang), _Spoken(finding, lang), lang)


def _filled(template: str, said: Mapping[str, "_Fact"], lang: Lang) -> str:
    def if_any(part: re.Match[str]) -> str:
        return part[1] if any(said[name] != _NOTHING.to(lang) for name in _names(part[1])) else ""

    return _IF_ANY.sub(if_any, template).format_map(said)


@cache
def _names(template: str) -> tuple[str, ...]:
    """Return the facts that `template` names, in their order."""
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


class _Fact(str):
    """A fact as it is said; "{count:row|rows}" adds the word that goes with the number."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        one, bar, many = words.partition("|")
        return f"{self!s} {one if self == '1' else many}" if bar else str(self)


class _Spoken(dict[str, _Fact]):
    """Facts of a finding as they are said, made when they are asked for: of most, a sentence names few.

    One that is missing must not cost the whole message.
    """

    def __init__(self, finding: Finding, lang: Lang) -> None:
        super().__init__()
        self._finding, self._lang = finding, lang

    def __missing__(self, name: str) -> _Fact:
        self[name] = _Fact(self._words(name))
        return self[name]

    def _words(self, name: str) -> str:
        if name in self._finding.facts:
            return _say(self._finding.facts[name], self._lang)
        return _say(getattr(self._finding, name), self._lang) if name in _OWN else _UNSAID


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
    words = visible(" ".join(str(fact).split()))
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
