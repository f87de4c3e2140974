"""What stands for `{{…}}` in a template: a word, a figure, a table or a list, named as everywhere else."""

import difflib
import re
from collections.abc import Sequence

from xltrack.documents.figures import Phrase
from xltrack.documents.lists import LISTS, Item, items
from xltrack.documents.shown import with_kinds
from xltrack.documents.subject import Subject
from xltrack.documents.tables import TABLES, Table, table
from xltrack.documents.words import WORDS, word
from xltrack.errors import UnknownName
from xltrack.language import Text
from xltrack.rollup import DIMENSIONS
from xltrack.rollup.absence import is_code
from xltrack.rollup.trace import Figure

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_PERIOD = re.compile(r"\d{4}(-\d{4})?")
_BESIDE = {
    "with_before": Text(", so với {}: ", ", against {}: "),
    "with_span": Text("; tính chung {}: ", "; in {} altogether: "),
}
_SHOWN = 10
_CODE = Text("mã", "code")
_KIND = Text("chỗ điền trong mẫu báo cáo", "placeholder in the template")


def block(text: str, subject: Subject) -> Table | tuple[Item, ...] | None:
    """Return the table or list that the paragraph `text` names, None if it names neither.

    `{{table NAME}}` and `{{list NAME}}` stand alone in their paragraph. Raises UnknownName.
    """
    found = PLACEHOLDER.fullmatch(text.strip())
    kind, _, name = " ".join(found[1].split()).partition(" ") if found else ("", "", "")
    if kind not in ("table", "list"):
        return None
    made = table(name, subject) if kind == "table" else items(name, subject)
    if made is None:
        raise unknown(f"{kind} {name}", subject)
    return made


def inline(name: str, subject: Subject) -> Phrase:
    """Return what stands for `{{name}}` within a line; raises UnknownName.

    `name` is a word, or a measure, then, in any order, a period ("before", "span", "2024", "2021-2025"; without one,
    that of the report) and dimensions ("tool=5S").
    """
    first, *arguments = name.split() or [""]
    told = _beside(first, arguments, subject) or word(first, arguments, subject)
    if told is None and first in subject.figures.measures:
        told = _figure(first, arguments, subject)
    if told is None:
        raise unknown(name, subject)
    return told


def _beside(name: str, arguments: Sequence[str], subject: Subject) -> Phrase | None:
    """Return a figure of the period before, or of the five years, with its period; nothing where there is none."""
    if name not in _BESIDE or not arguments or arguments[0] not in subject.figures.measures:
        return None
    period = subject.before if name == "with_before" else subject.span
    found = _figure(arguments[0], [*arguments[1:], period], subject)
    if found is None or period == subject.period or not subject.figures.kinds(period, subject.figures.unit):
        return None if found is None else ("",)
    return (_BESIDE[name].to(subject.lang).format(subject.named(period).to(subject.lang)), *found)


def _figure(measure: str, arguments: Sequence[str], subject: Subject) -> Phrase | None:
    cut = dict(one.split("=", 1) for one in arguments if "=" in one)
    periods = [_period(one, subject) for one in arguments if "=" not in one]
    if len(periods) > 1 or None in periods or not cut.keys() <= set(DIMENSIONS):
        return None
    period = periods[0] if periods and periods[0] else subject.period
    if not subject.figures.is_cut(measure, cut):
        return None
    for dimension, code in cut.items():
        if not is_code(Figure(measure, period), dimension, code, subject.schemas):
            raise _unknown_code(measure, dimension, code, subject)
    return with_kinds(subject.figures.of(measure, period, **cut), subject.lang)


def _period(text: str, subject: Subject) -> str | None:
    named = {"before": subject.before, "span": subject.span}
    return named.get(text) or (text if _PERIOD.fullmatch(text) else None)


def _unknown_code(measure: str, dimension: str, code: str, subject: Subject) -> UnknownName:
    """Return the error that names a code that `dimension` does not have: of it there is no figure, not even nought."""
    known = list(subject.figures.order(measure, dimension)) or subject.figures.codes(
        measure, dimension, subject.period
    )
    listed = ", ".join(difflib.get_close_matches(code, known, 3) or known[:_SHOWN])
    hint = Text(
        f"Sửa chỗ điền trong mẫu. Có thể là: {listed}.",
        f"Change the placeholder in the template. Perhaps it is one of {listed}.",
    )
    return UnknownName(kind=_CODE, name=f"{dimension}={code}", hint=hint)


def unknown(name: str, subject: Subject) -> UnknownName:
    """Return the error that names the placeholder and what it may have been meant to be."""
    known = [
        *WORDS, "target", "plan36", *_BESIDE, *subject.figures.measures,
        *(f"table {one}" for one in TABLES), *(f"list {one}" for one in LISTS),
    ]  # fmt: skip
    first = name.split(" ", maxsplit=1)[0]
    near = difflib.get_close_matches(name, known, 3) or difflib.get_close_matches(first, known, 3)
    listed = ", ".join(f"{{{{{one}}}}}" for one in near or known)
    hint = Text(
        f"Sửa trong mẫu. Có thể là: {listed}. Xem docs/report.md.",
        f"Change it in the template. Perhaps it is one of {listed}. See docs/report.md.",
    )
    return UnknownName(kind=_KIND, name=f"{{{{{name}}}}}", hint=hint)
