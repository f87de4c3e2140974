"""Tells where records below a blank row look like another table.

They stay records with their errors: to pass over what only looks like another table would lose records that lack much.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from xltrack.findings import Finding, severity
from xltrack.intake.places import LETTERS_OF, NUMBER_OF
from xltrack.reading.model import ROW, Table, Workbook

_FEWEST = 2
Wrong = Mapping[int, Collection[str]]
"""The columns, by the number of the row, at which an error is told."""


def rows_like_other_tables(findings: Iterable[Finding], workbook: Workbook) -> Iterator[Finding]:
    """Yield XLT235 for records of `workbook` below a blank row of which `findings` leave hardly anything right.

    Two rows or more, below records that are better; once for all that follow each other.
    """
    wrong: dict[str | None, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for finding in findings:
        if finding.row and finding.column and severity(finding) == "error":
            wrong[finding.sheet][finding.row].add(finding.column)
    for table in workbook.tables.values():
        if table.tab in wrong and table.sheet.layout != "card":
            yield from (_finding(table, places) for places in _blocks(table, wrong[table.tab]))


def _blocks(table: Table, wrong: Wrong) -> Iterator[Sequence[int]]:
    """Yield the places of records that follow each other from one gap to another, and are unlike those above."""
    unlike = _unlike(table, wrong)
    if len(unlike) < _FEWEST:
        return
    numbers = table.frame[ROW].to_list()
    gaps = [at for at, (above, row) in enumerate(pairwise(numbers), 1) if row - above > 1] + [len(numbers)]
    for is_unlike, run in groupby(range(len(numbers)), key=lambda at: numbers[at] in unlike):
        places = list(run)
        between = [at for at in gaps if places[0] <= at <= places[-1] + 1]
        if is_unlike and places[0] > 0 and between and between[-1] - between[0] >= _FEWEST:
            yield range(between[0], between[-1])


def _unlike(table: Table, wrong: Wrong) -> set[int]:
    """Return the numbers of the rows in which a third of the required columns at most is without an error."""
    needed = {column.id for column in table.sheet.columns if column.required and column.id in table.addresses}
    return {row for row, columns in wrong.items() if needed and 3 * len(needed - {*columns}) <= len(needed)}


def _finding(table: Table, places: Sequence[int]) -> Finding:
    numbers = table.frame[ROW]
    top, bottom = numbers[places[0]], numbers[places[-1]]
    filled = [
        NUMBER_OF[letters]
        for column, letters in table.addresses.items()
        if any(table.raw.at(column, at) is not None for at in places)
    ]
    left, right = LETTERS_OF[min(filled) - 1], LETTERS_OF[max(filled) - 1]
    facts = {"range": f"{left}{top}:{right}{bottom}", "count": len(places), "title": table.sheet.title}
    return Finding("XLT235", table.tab, top, f"{left}{top}", facts=facts)
