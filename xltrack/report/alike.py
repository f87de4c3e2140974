"""Joins findings that say the same of neighbouring cells, so that a reader meets each thing once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xltrack.findings import Finding, Severity, message, severity
from xltrack.findings.catalogue import in_common
from xltrack.language import Lang

SHOWN = 8
"""So many places of one group are shown with what is said of each; of the rest only where they are."""
NAMED = 20
"""So many of the rest are named; what is more is counted."""
MOST_WORDS = 4
"""Messages that differ in more than this are told one by one."""


@dataclass(frozen=True)
class Place:
    """Cells or rows below each other ("C5:C7", "5:7", "" for a whole sheet), and what the message names there."""

    at: str
    words: tuple[str, ...]
    findings: int


@dataclass(frozen=True)
class Group:
    """Findings of one code on one column, under one waiver or none: message and hint, with "…" where they differ.

    Where the message differs in several places, `marks` are what it has there, and head the words of its places.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    marks: tuple[str, ...]
    places: tuple[Place, ...]
    rest: tuple[Place, ...]

    @property
    def findings(self) -> int:
        """Return how many findings the group has, those not shown too."""
        return self.more + sum(place.findings for place in self.places)

    @property
    def more(self) -> int:
        """Return how many findings the group has at places that are not shown."""
        return sum(place.findings for place in self.rest)


def groups_by_sheet(
    findings: Iterable[Finding], lang: Lang
) -> Iterator[tuple[str | None, tuple[Group, ...]]]:
    """Yield each sheet (None: the whole file) in the order of `findings`, with its groups, errors first."""
    sheets: dict[str | None, dict[tuple[object, ...], list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        sheets[finding.sheet][finding.code, finding.column, finding.waiver].append(finding)
    for sheet, same in sheets.items():
        groups = (_group(members, lang) for members in same.values())
        yield sheet, tuple(sorted(groups, key=lambda group: _GRADES.index(group.severity)))


_GRADES: tuple[Severity, ...] = ("error", "warning", "note")


def _group(members: Sequence[Finding], lang: Lang) -> Group:
    common = in_common(members, lang)
    sentence, words, marks = common.message, common.differing, common.marks
    if len(words[0]) > MOST_WORDS:
        sentence, words, marks = "", tuple((message(member, lang),) for member in members), ()
    heads = marks if len(marks) > 1 else ()
    told = sorted(zip(members, words, strict=True), key=lambda one: one[0].row or 0)
    places = tuple(_joined(told))
    shown, rest = places[:SHOWN], places[SHOWN:]
    return Group(members[0].code, severity(members[0]), sentence, common.hint, heads, shown, rest)


def _joined(told: Iterable[tuple[Finding, tuple[str, ...]]]) -> Iterator[Place]:
    """Yield the places of findings in the order of rows, those below each other with the same words as one."""
    run: list[Finding] = []
    said: tuple[str, ...] = ()
    for finding, words in told:
        if run and (words != said or not _is_below(finding, run[-1])):
            yield _place(run, said)
            run = []
        run.append(finding)
        said = words
    yield _place(run, said)


def _is_below(finding: Finding, above: Finding) -> bool:
    return (
        finding.row is not None
        and finding.row == (above.row or -1) + 1
        and _letters(finding) == _letters(above)
    )


def _letters(finding: Finding) -> str:
    return (finding.cell or "").rstrip("0123456789")


def _place(run: Sequence[Finding], words: tuple[str, ...]) -> Place:
    first, last = (finding.cell or str(finding.row or "") for finding in (run[0], run[-1]))
    return Place(first if len(run) == 1 else f"{first}:{last}", words, len(run))
