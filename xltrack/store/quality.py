"""What the returns that count were told, and what of it was waived: how far the figures may be trusted."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xltrack.findings import Finding, Severity, catalogue
from xltrack.store.connection import Store
from xltrack.store.history import history_met
from xltrack.store.waivers import Sender, waived, waivers

_SENDERS = "SELECT DISTINCT sha256, unit_code, year, period_kind FROM current_submission"
_FOUND = """
SELECT submission, code, sheet, "row", column_id, value
FROM finding
WHERE submission IN (SELECT sha256 FROM current_submission)
"""
_HELD_BACK = """
SELECT s.year, t.state, count(*), count(DISTINCT s.unit_code)
FROM known_submission AS s
JOIN submission_state AS t USING (sha256)
WHERE t.state IN ('held', 'rejected') AND s.period_kind = $period
GROUP BY ALL
ORDER BY s.year, t.state
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One finding code in the current returns for one year: `findings`, of them `waived`, of how many `units`."""

    year: int
    code: str
    severity: Severity
    findings: int
    waived: int
    units: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The files for one year whose rows do not count: how many are "held" or "rejected", of so many `units`."""

    year: int
    state: str
    files: int
    units: int


def quality(store: Store, period: str, day: date) -> tuple[Told, ...]:
    """Return what the current returns of rounds of the kind `period` were told, by year and code.

    Also what shows only among returns (XLT616 and following). Waivers are those that hold on `day`.
    Raises StoreDamaged.
    """
    senders = {row[0]: Sender(*row) for row in store.rows(_SENDERS)}
    standing = waivers(store)
    met: dict[tuple[int, str], list[tuple[str | None, bool]]] = defaultdict(list)
    for file, finding in _met(store):
        sender = senders[file]
        if sender.period == period and sender.year is not None:
            (shown,) = waived([finding], sender, standing, day)
            met[sender.year, finding.code].append((sender.unit, shown.waiver is not None))
    return tuple(
        Told(
            year,
            code,
            catalogue()[code].severity,
            len(of),
            sum(is_ for _, is_ in of),
            len({unit for unit, _ in of}),
        )
        for (year, code), of in sorted(met.items())
    )


def held_back(store: Store, period: str) -> tuple[HeldBack, ...]:
    """Return the files for rounds of the kind `period` that are held or rejected, by year; raises StoreDamaged."""
    return tuple(HeldBack(*row) for row in store.rows(_HELD_BACK, {"period": period}))


def _met(store: Store) -> Iterator[tuple[str, Finding]]:
    for file, code, *place in store.rows(_FOUND):
        sheet, row, column, value = place
        yield file, Finding(code, sheet, row, None, column, value)
    yield from history_met(store)
