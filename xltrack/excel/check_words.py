"""What the sheet "Kiểm tra" says of a check, from the messages and hints of the catalogue.

Those speak of one value; the sheet speaks of all cells of a column. What only one finding knows is left out: the value
becomes "giá trị", and a clause in "[...]" goes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xltrack.findings import catalogue
from xltrack.forms import Column
from xltrack.language import Lang, Text

_CLAUSE = re.compile(r"\[([^][]*)\]")
_VALUE = re.compile(r"(?:ngày |the date )?“\{value\}”")
_FACT = re.compile(r"\{(\w+)(?::[^{}|]*\|([^{}]*))?\}")
_HEADING = re.compile(r"^[«“][^«»“”]+[»”]: ")
_THE_VALUE = Text("giá trị", "the value")
UNSAID = "…"
"""Stands where a sentence says what only one finding knows; a test keeps it out of every workbook."""


@dataclass(frozen=True)
class Said:
    """A check in words: the problem in both languages, what to do in Vietnamese."""

    problem: Text
    remedy: str


def say(code: str, column: Column, facts: Mapping[str, object]) -> Said:
    """Return what is said of the check with the finding code `code` on `column`."""
    entry = catalogue()[code]
    known = {"title": column.title, **facts}
    vi, en = (_sentence(_of_column(entry.message.to(lang), known, lang)) for lang in ("vi", "en"))
    return Said(Text(vi, en), _of_column(entry.hint.vi, known, "vi"))


def _sentence(text: str) -> str:
    """Return `text` without the heading of the column before it: that stands beside it."""
    plain = _HEADING.sub("", text)
    return plain[:1].upper() + plain[1:]


def _of_column(template: str, facts: Mapping[str, object], lang: Lang) -> str:
    def clause(part: re.Match[str]) -> str:
        return part[1] if all(fact[1] in facts for fact in _FACT.finditer(part[1])) else ""

    def said(part: re.Match[str]) -> str:
        fact = facts.get(part[1], part[2] or UNSAID)
        return fact.to(lang) if isinstance(fact, Text) else str(fact)

    return _FACT.sub(said, _VALUE.sub(_THE_VALUE.to(lang), _CLAUSE.sub(clause, template)))
