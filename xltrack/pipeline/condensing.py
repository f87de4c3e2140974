"""Lists the first of many equal findings and counts the others: a wrong column of a large file has ten thousands."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from xltrack.findings import Finding

LISTED = (1_000, 100, 10)
"""So many findings of one code are listed for each column of a sheet, of a file with very many the fewer."""
MOST = 20_000
"""More than this are not listed for one file, unless each is of another kind."""

_Group = tuple[str, str | None, str | None]


def condensed(
    findings: Sequence[Finding], steps: Sequence[int] = LISTED, most: int = MOST
) -> tuple[Finding, ...]:
    """Return `findings` with those beyond the first so many of a code and column made into one note, XLT144."""
    listed, *fewer = steps
    if len(findings) <= listed:
        return tuple(findings)
    beyond: dict[_Group, list[int]] = defaultdict(list)
    kept = tuple(_first(findings, listed, beyond))
    if len(kept) > most and fewer:
        return condensed(findings, fewer, most)
    return kept + tuple(_note(group, rows, listed) for group, rows in beyond.items())


def _first(findings: Sequence[Finding], listed: int, beyond: dict[_Group, list[int]]) -> Iterator[Finding]:
    """Yield the first of each group, and enter the rows of the others in `beyond`."""
    counted: Counter[_Group] = Counter()
    for finding in findings:
        group = (finding.code, finding.sheet, finding.column)
        counted[group] += 1
        if counted[group] <= listed:
            yield finding
        else:
            beyond[group].append(finding.row or 0)


def _note(group: _Group, rows: Sequence[int], listed: int) -> Finding:
    code, sheet, column = group
    facts = {"code": code, "more": len(rows), "first": min(rows), "last": max(rows), "listed": listed}
    return Finding("XLT144", sheet, column=column, facts=facts)
