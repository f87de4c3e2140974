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
SELECT s.year, s.unit_code, t.state, count(*)
FROM known_submission AS s
JOIN submission_state AS t USING (sha256)
WHERE t.state IN ('held', 'rejected') AND s.period_kind = $period
GROUP BY ALL
ORDER BY s.year, t.state, s.unit_code
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One finding code in the current return of a unit for one year: `findings`, of them `waived`."""

    year: int
    unit: str | None
    code: str
    severity: Severity
    findings: int
    waived: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The files of a unit for one year whose rows do not count: how many are "held" or "rejected"."""

    year: int
    unit: str | None
    state: str
    files: int


def quality(store: Store, period: str, day: date) -> tuple[Told, ...]:
    """Return what the current returns of rounds of the kind `period` were told, by year, code and unit.

    Also what shows only among returns (XLT616 and following). Waivers are those that hold on `day`.
    Raises StoreDamaged.
    """
    senders = {row[0]: Sender(*row) for row in store.rows(_SENDERS)}
    standing = waivers(store)
    met: dict[tuple[int, str, str | None], list[bool]] = defaultdict(list)
    for file, finding in _met(store):
        sender = senders[file]
        if sender.period == period and sender.year is not None:
            (shown,) = waived([finding], sender, standing, day)
            met[sender.year, finding.code, sender.unit].append(shown.waiver is not None)
    return tuple(
        Told(year, unit, code, catalogue()[code].severity, len(of), sum(of))
        for (year, code, unit), of in sorted(
            met.items(), key=lambda entry: (*entry[0][:2], entry[0][2] or "")
        )
    )


def held_back(store: Store, period: str) -> tuple[HeldBack, ...]:
    """Return the files for rounds of the kind `period` that do not count, by year and unit; raises StoreDamaged."""
    return tuple(HeldBack(*row) for row in store.rows(_HELD_BACK, {"period": period}))


def _met(store: Store) -> Iterator[tuple[str, Finding]]:
    for file, code, *place in store.rows(_FOUND):
        sheet, row, column, value = place
        yield file, Finding(code, sheet, row, None, column, value)
    yield from history_met(store)
