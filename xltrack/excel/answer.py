"""What a return tells its sender, as plain words ready to be written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xltrack.findings import Severity
from xltrack.language import Lang

GRAVEST: tuple[Severity, ...] = ("error", "warning", "note")
"""The severities in the order in which problems are told."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in words. `sheet` and `cell` are its place in the file, None where it has none.

    `cell` of a problem of a whole row is the row's first cell; `column` is the id of the column concerned. `expected`
    is "" where nothing more can be said.
    """

    code: str
    severity: Severity
    sheet: str | None
    cell: str | None
    column: str | None
    value: str
    message: str
    expected: str
    hint: str


@dataclass(frozen=True)
class Answer:
    """The answer to one received file: its name, who reports what, the verdict in one sentence, what to do next.

    `is_good` says whether the file counts as it is. The problems are in reading order.
    """

    lang: Lang
    name: str
    about: str
    verdict: str
    is_good: bool
    steps: tuple[str, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def counts(self) -> Mapping[Severity, int]:
        """Return how many problems there are of each severity."""
        return Counter(problem.severity for problem in self.problems)

    @cached_property
    def groups(self) -> tuple[tuple[Problem, ...], ...]:
        """Return the problems of the same code and column together: gravest first, then as they stand in the file."""
        groups: dict[tuple[str | None, ...], list[Problem]] = {}
        for problem in sorted(
            self.problems, key=lambda one: (GRAVEST.index(one.severity), one.sheet is not None)
        ):
            groups.setdefault((problem.code, problem.sheet, problem.column), []).append(problem)
        return tuple(map(tuple, groups.values()))
