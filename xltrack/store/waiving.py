"""Waivers: what was decided about findings, by whom, why and until when; kept, and shown where the findings are."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from xltrack.errors import StoreLocked, UnknownName
from xltrack.findings import Finding, Waiver
from xltrack.language import Text
from xltrack.store.chain import Event, append
from xltrack.store.connection import Store
from xltrack.store.database import connected
from xltrack.store.failures import named_failures
from xltrack.store.history import history_book, history_met
from xltrack.store.snapshot import take_snapshot
from xltrack.store.stated import stated_waiver

_ALL = (
    'SELECT code, submission, unit_code, year, period_kind, sheet, "row", value, number, reason, waived_by, day_until '
    "FROM waiver WHERE coalesce(waived_at <= $as_of, TRUE) ORDER BY number"
)
_HAS_TABLE = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'waiver' AND NOT temporary"
_INSERT = """
INSERT INTO waiver
SELECT coalesce(max(number), 0) + 1, $code, $submission, $unit, $year, $period, $sheet, $row, $value,
    $reason, $by, $at, $until
FROM waiver
RETURNING number
"""
_SENDERS = "SELECT sha256, unit_code, year, period_kind FROM submission"
_MEANT = """
SELECT count(*)
FROM finding
JOIN submission ON submission.sha256 = finding.submission
WHERE finding.code = $code
    AND coalesce(submission.sha256 = $submission, $submission IS NULL)
    AND coalesce(submission.unit_code = $unit, $unit IS NULL)
    AND coalesce(submission.year = $year, $year IS NULL)
    AND coalesce(submission.period_kind = $period, $period IS NULL)
    AND coalesce(finding.sheet = $sheet, $sheet IS NULL)
    AND coalesce(finding."row" = $row, $row IS NULL)
    AND coalesce(finding.value = $value, $value IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Meant:
    """The findings that a waiver is for: those of `code` that agree with all that is not None.

    `submission` is the SHA-256 of one file, `sheet` the tab and `row` the row in it. What is waived for a unit and the
    `value` that stands in the cell holds for its next file too, wherever the row has moved.
    """

    code: str
    submission: str | None = None
    unit: str | None = None
    year: int | None = None
    period: str | None = None
    sheet: str | None = None
    row: int | None = None
    value: str | None = None

    def has(self, finding: Finding, sender: "Sender") -> bool:
        """Return whether `finding`, of a file that `sender` sent, is one of them."""
        of_file = (self.submission, self.unit, self.year, self.period)
        of_cell = (self.code, self.sheet, self.row, self.value)
        found = (*astuple(sender), finding.code, finding.sheet, finding.row, finding.value)
        return all(asked in (None, is_) for asked, is_ in zip((*of_file, *of_cell), found, strict=True))


@dataclass(frozen=True, slots=True)
class Sender:
    """One file by its SHA-256, and whose return of which year and kind of period it is (None: not known)."""

    submission: str | None
    unit: str | None
    year: int | None
    period: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A waiver that the store holds, and the findings it is for."""

    meant: Meant
    waiver: Waiver


def add_waiver(store: Store, meant: Meant, waiver: Waiver) -> Standing:
    """Write `waiver` into the store under the next free number, whatever its own, and return it; raises StoreError."""
    facts = {
        **_facts(meant),
        "reason": waiver.reason,
        "by": waiver.by,
        "until": waiver.until,
        "at": datetime.now(UTC).replace(tzinfo=None),
    }
    with store.transaction():
        ((number,),) = store.rows(_INSERT, facts)
        _record(store, number)
    return Standing(meant, replace(waiver, number=number))


def end_waiver(store: Store, number: int, day: date) -> Standing:
    """Let the waiver `number` hold no longer than `day`, and return it; raises UnknownName and StoreError."""
    with store.transaction():
        store.rows(
            "UPDATE waiver SET day_until = least(day_until, $day) WHERE number = $number",
            {"day": day, "number": number},
        )
        _record(store, number)
    for standing in waivers(store):
        if standing.waiver.number == number:
            return standing
    hint = Text("`xltrack waive` liệt kê mọi miễn trừ.", "`xltrack waive` lists them all.")
    raise UnknownName(kind=Text("miễn trừ số", "waiver number"), name=number, hint=hint)


def waivers(store: Store) -> tuple[Standing, ...]:
    """Return every waiver of the store, also those that hold no longer, in the order of their numbers.

    Of a store as of a moment those that had been written by then.
    """
    return _read(store.connection, store.path, store.as_of)


def read_waivers(path: Path) -> tuple[Standing, ...]:
    """Return the waivers of the store at `path` without opening all of it, none if there is no store.

    While another program writes to it, those of its last commit. Raises StoreLocked (no copy could be taken),
    StoreVersion and StoreDamaged.
    """
    if not path.exists():
        return ()
    try:
        return _read_at(path)
    except StoreLocked:
        with TemporaryDirectory(prefix="xltrack-", ignore_cleanup_errors=True) as folder:
            copy = take_snapshot(path, Path(folder))
            if copy is None:
                raise
            return _read_at(copy)


def _read_at(path: Path) -> tuple[Standing, ...]:
    with named_failures(path), connected(path, read_only=True) as connection:
        return _read(connection, path)


def is_of_whole_files(code: str) -> bool:
    """Return whether findings of `code` are about a file as such: what kind it is, how it was merged."""
    return code.startswith("XLT1") or (code.startswith("XLT6") and code not in history_book().by_code)


def number_meant(store: Store, meant: Meant) -> int | None:
    """Return how many findings of files of the store are `meant`; None for those of merging itself (as XLT601).

    What shows among returns is counted as the returns stand. Raises StoreDamaged.
    """
    if meant.code in history_book().by_code:
        senders = {row[0]: Sender(*row) for row in store.rows(_SENDERS)}
        return sum(meant.has(finding, senders[file]) for file, finding in history_met(store, {meant.code}))
    if meant.code.startswith("XLT6"):
        return None
    ((number,),) = store.rows(_MEANT, _facts(meant))
    return int(number)


def waived(
    findings: Iterable[Finding], sender: Sender, standing: Sequence[Standing], day: date
) -> tuple[Finding, ...]:
    """Return `findings`, all of them, each with the waiver that on `day` holds for it, the latest of several."""
    holding = [one for one in standing if one.waiver.until >= day]

    def with_its(finding: Finding) -> Finding:
        found = next((one.waiver for one in reversed(holding) if one.meant.has(finding, sender)), None)
        return finding if finding.waiver == found else replace(finding, waiver=found)

    return tuple(map(with_its, findings))


def _record(store: Store, number: int) -> None:
    """Record in the chain what the waiver `number` says now, if there is one."""
    rows = store.facts("FROM waiver WHERE number = $number", {"number": number})
    append(store.connection, [Event("waiver", str(number), stated_waiver(row)) for row in rows])


def _facts(meant: Meant) -> dict[str, object]:
    return {one.name: getattr(meant, one.name) for one in fields(meant)}


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, as_of: datetime | None = None
) -> tuple[Standing, ...]:
    with named_failures(path):
        # A store that was made before there were waivers, and opened for reading only, has no such table.
        ((has_table,),) = connection.execute(_HAS_TABLE).fetchall()
        moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of else None
        rows = connection.execute(_ALL, {"as_of": moment}).fetchall() if has_table else []
    return tuple(Standing(Meant(*row[:8]), Waiver(*row[8:])) for row in rows)
