"""What the returns that count were told, and what of it was waived: how far the figures may be trusted."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xltrack.findings import Finding, Severity, catalogue
from xltrack.store.connection import Store
from xltrack.store.history import history_counted, history_met
from xltrack.store.waiving import Sender, Standing, waived, waivers

_SENDERS = "SELECT DISTINCT sha256, unit_code, year, period_kind FROM current_submission"
_FOUND = """
SELECT submission, code, sheet, "row", column_id, value
FROM finding
WHERE submission IN (SELECT sha256 FROM current_submission) AND code IN (SELECT unnest($codes))
"""
_FOUND_COUNTED = """
SELECT submission, code, count(*)
FROM finding
WHERE submission IN (SELECT sha256 FROM current_submission) AND code NOT IN (SELECT unnest($doubtful))
GROUP BY submission, code
"""
_HELD_BACK = """
SELECT s.year, s.unit_code, t.state, count(*)
FROM known_submission AS s
JOIN submission_state AS t USING (sha256)
WHERE t.state IN ('held', 'rejected') AND coalesce(s.period_kind, $period) = $period
GROUP BY ALL
ORDER BY s.year NULLS LAST, t.state, s.unit_code
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
    """The files of a unit for one year whose rows do not count: how many are "held" or "rejected".

    Of a file that could not be read, year and unit are not known.
    """

    year: int | None
    unit: str | None
    state: str
    files: int


def quality(store: Store, period: str, day: date) -> tuple[Told, ...]:
    """Return what the current returns of rounds of the kind `period` were told, by year, code and unit.

    Also what shows only among returns (XLT616 and following). Waivers are those that hold on `day`.
    Raises StoreDamaged.
    """
    senders = {row[0]: Sender(*row) for row in store.rows(_SENDERS)}
    standing = [one for one in waivers(store) if one.waiver.until >= day]
    met: dict[tuple[int, str, str | None], list[tuple[int, int]]] = defaultdict(list)
    for file, code, findings, of_them in _counted(store, senders, standing, day):
        sender = senders[file]
        if sender.period == period and sender.year is not None:
            met[sender.year, code, sender.unit].append((findings, of_them))
    return tuple(
        Told(year, unit, code, catalogue()[code].severity, *(sum(of) for of in zip(*numbers, strict=True)))
        for (year, code, unit), numbers in sorted(
            met.items(), key=lambda entry: (*entry[0][:2], entry[0][2] or "")
        )
    )


def held_back(store: Store, period: str) -> tuple[HeldBack, ...]:
    """Return the files that do not count, by year and unit: of rounds of the kind `period` or unknown ones.

    Raises StoreDamaged.
    """
    return tuple(HeldBack(*row) for row in store.rows(_HELD_BACK, {"period": period}))


def _counted(
    store: Store, senders: Mapping[str, Sender], standing: Sequence[Standing], day: date
) -> Iterator[tuple[str, str, int, int]]:
    """Yield file, code, findings and how many of them are waived.

    Only findings of which some may be waived are looked at one by one: of a rule that many rows offend, ten years hold
    millions.
    """
    doubtful = {one.meant.code for one in standing}
    found = store.rows(_FOUND_COUNTED, {"doubtful": list(doubtful)})
    for file, code, findings in (*found, *history_counted(store, doubtful)):
        yield file, code, findings, 0
    for file, finding in _met(store, doubtful):
        (shown,) = waived([finding], senders[file], standing, day)
        yield file, finding.code, 1, int(shown.waiver is not None)


def _met(store: Store, codes: Collection[str]) -> Iterator[tuple[str, Finding]]:
    for file, code, *place in store.rows(_FOUND, {"codes": list(codes)}):
        sheet, row, column, value = place
        yield file, Finding(code, sheet, row, None, column, value)
    yield from history_met(store, codes)
