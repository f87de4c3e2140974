"""What the sheet "Kiểm tra" says of a check, from the messages and hints of the catalogue.

Those speak of one value; the sheet speaks of all cells of a column. What only one finding knows is left out: the value
becomes "giá trị", a remark in brackets or a sentence about it goes. Where nothing remains, the explanation begins with
what the rule asks for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xltrack.findings import catalogue
from xltrack.forms import Column
from xltrack.language import Text

_VALUE = re.compile(r"(?:ngày |the date )?“\{value\}”")
_UNSAID = re.compile(r" (?:\{value\}|“\{[a-z_]+(?::[^{}]*)?\}”)")
_HEADING = re.compile(r"^[«“][^«»“”]+[»”]: ")
_OPEN = re.compile(r"\{[a-z_]+(?::[^{}]*)?\}")
_ASIDE = re.compile(r"\s*\([^()]*\{[a-z_]+(?::[^{}]*)?\}[^()]*\)|\[[^\[\]]*\{[a-z_]+(?::[^{}]*)?\}[^\[\]]*\]")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=\w|«|“)")
_THE_VALUE = Text("giá trị", "the value")


@dataclass(frozen=True)
class Said:
    """A check in words: the problem in both languages, what to do in Vietnamese."""

    problem: Text
    remedy: str


def say(code: str, column: Column, facts: Mapping[str, object]) -> Said:
    """Return what is said of the check with the finding code `code` on `column`."""
    entry = catalogue()[code]
    known = {"title": column.title, **facts}
    problems = [
        _sentence(_filled(message, known, lang)) or _SENTENCE.split(explanation)[0]
        for lang, message, explanation in zip(("vi", "en"), entry.message, entry.explanation, strict=True)
    ]
    remedy = _filled(entry.hint.vi, known, "vi") or _SENTENCE.split(entry.explanation.vi)[-1]
    return Said(Text(*problems), remedy)


def _sentence(text: str) -> str:
    """Return `text` without the heading of the column before it: that stands beside it."""
    plain = _HEADING.sub("", text)
    return plain[:1].upper() + plain[1:]


def _filled(template: str, facts: Mapping[str, object], lang: str) -> str:
    text = _VALUE.sub(_THE_VALUE.vi if lang == "vi" else _THE_VALUE.en, template)
    for name, fact in facts.items():
        said = (fact.vi if lang == "vi" else fact.en) if isinstance(fact, Text) else str(fact)
        text = text.replace(f"{{{name}}}", said)
    text = _ASIDE.sub("", _UNSAID.sub("", text))
    return " ".join(part for part in _SENTENCE.split(text) if not _OPEN.search(part))
