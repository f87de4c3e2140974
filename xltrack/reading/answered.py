"""Finds what people wrote where xltrack had written: on the sheet of results, and in its notes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xltrack.findings import Finding
from xltrack.findings.marking import is_seal, is_under
from xltrack.findings.masking import masked
from xltrack.intake import SheetFacts
from xltrack.intake.places import range_of
from xltrack.reading.cells import BLANK, raw_text
from xltrack.reading.extract import Grid, address
from xltrack.reading.recognise import own_reason

_TOLD_OTHERWISE = frozenset({"XLT220", "XLT358"})


def answers(
    grids: Iterable[Grid], sheets: Mapping[str, SheetFacts], findings: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield what people wrote on sheets of results among `grids`, and in notes of ours on the `sheets`.

    Notes of which `findings` speak already are left out.
    """
    for grid in grids:
        if own_reason(grid) == "result_sheet":
            yield from _on_result_sheet(grid)
    told = {(finding.sheet, finding.cell) for finding in findings if finding.code in _TOLD_OTHERWISE}
    for tab, facts in sheets.items():
        for cell in facts.answered:
            place = range_of(cell)
            if place and (tab, cell) not in told:
                facts_ = {"comment": masked(facts.comments[cell])}
                yield Finding("XLT147", tab, place.top, cell, facts=facts_)


def _on_result_sheet(grid: Grid) -> Iterator[Finding]:
    """Yield the cells that are not under the seal of their row."""
    for at, row in enumerate(grid.rows):
        texts = {column: raw_text(cell) for column, cell in enumerate(row) if cell != BLANK}
        seals = [text for text in texts.values() if is_seal(text)]
        for column, text in texts.items():
            if text.strip() and not is_seal(text) and not is_under(text, seals):
                yield Finding("XLT146", grid.tab, at + 1, address(at, column), None, masked(text))
