"""Merges submissions into the store: each file whole or not at all, each once, in any order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xltrack.stages import stage
from xltrack.store.chain import as_text
from xltrack.store.connection import Store
from xltrack.store.outcome import MergeOutcome, Taken, outcomes, taken
from xltrack.store.records import delete_submissions, insert_submissions, note_arrivals, stated_of
from xltrack.store.submission import Submission
from xltrack.store.verify import removed

# Frames of a batch are inserted and committed together, because both cost more than the rows of a small workbook.
# What is not committed yet is in memory.
_BATCH_FILES = 32
_BATCH_ROWS = 100_000
_BATCH_BYTES = 32 * 2**20
_RANKS = {"accepted": 0, "partial": 1, "held": 2}
_REFUSED = 3


@dataclass(frozen=True, slots=True, order=True)
class _Precedence:
    """Which record of the same bytes the store keeps: the smallest, so that the order of merging has no say.

    One that brought rows comes before one that did not, then a known arrival, then the earlier one, then the name.
    """

    rank: int
    undated: bool
    received: str
    file_name: str

    @property
    def has_rows(self) -> bool:
        """Return whether the record brought rows."""
        return self.rank < _RANKS["held"]


@dataclass(frozen=True, slots=True)
class _Known:
    """A record that the store has: its precedence, and what the chain says of it."""

    precedence: _Precedence
    stated: str


def merge_workbook(store: Store, submission: Submission) -> MergeOutcome:
    """Merge one submission; see `merge_workbooks`."""
    return merge_workbooks(store, [submission])[0]


def merge_workbooks(store: Store, submissions: Iterable[Submission]) -> tuple[MergeOutcome, ...]:
    """Merge `submissions`, batch by batch, and return what became of each, in their order.

    A file is known by the SHA-256 of its bytes and is kept once, with its bytes, ledger and findings, whatever its
    verdict; rows are kept of the accepted and partial ones. A file that was refused before and is accepted now takes
    the place of its former record; of one from which something was removed on purpose only its arrival does. Which
    submission counts is settled by the views, so the order of files and of merges changes nothing.

    If anything fails, be it in the iterator, the batches before it are kept, whole files each, and nothing else;
    merging all again completes it. Raises StoreError (opened for reading), StoreDamaged and OutputError (no space). One
    StoreError says that all is kept, but only in the log beside the store.
    """
    files: list[Taken] = []
    with store.transaction():
        for batch in _batches(submissions):
            with stage("store"):
                files += _write(store, batch)
                store.keep()
            # Else its rows would stay in memory until the next batch is complete.
            del batch
    with stage("settle"):
        return outcomes(store, files)


def _batches(submissions: Iterable[Submission]) -> Iterator[list[Submission]]:
    batch: list[Submission] = []
    rows = content = 0
    for submission in submissions:
        batch.append(submission)
        rows += sum(table.frame.height for table in submission.workbook.tables.values())
        content += len(submission.content)
        if len(batch) >= _BATCH_FILES or rows >= _BATCH_ROWS or content >= _BATCH_BYTES:
            yield batch
            batch, rows, content = [], 0, 0
    if batch:
        yield batch


def _write(store: Store, batch: Sequence[Submission]) -> list[Taken]:
    stored = _stored(store, [submission.workbook.sha256 for submission in batch])
    before = {sha256: known.precedence for sha256, known in stored.items()}
    kept = dict(before)
    chosen: dict[str, int] = {}
    for place, submission in enumerate(batch):
        sha256, precedence = submission.workbook.sha256, _precedence(submission)
        known = kept.get(sha256)
        if known is None or precedence < known or _has_changed(store, submission, stored.get(sha256)):
            kept[sha256], chosen[sha256] = precedence, place
    cleared = {sha256 for sha256 in removed(store) if sha256 in stored and not _is_news(before, kept, sha256)}
    note_arrivals(store, [batch[place] for sha256, place in chosen.items() if sha256 in cleared])
    delete_submissions(store, [sha256 for sha256 in chosen if sha256 in stored and sha256 not in cleared])
    insert_submissions(store, [batch[place] for sha256, place in chosen.items() if sha256 not in cleared])
    return [
        taken(submission, _first(before.get(sha256), None if chosen.get(sha256) == place else kept[sha256]))
        for place, submission in enumerate(batch)
        for sha256 in [submission.workbook.sha256]
    ]


def _is_news(before: Mapping[str, _Precedence], kept: Mapping[str, _Precedence], sha256: str) -> bool:
    """Return whether a file that brought no rows brings some by now."""
    return kept[sha256].has_rows and not before[sha256].has_rows


def _first(before: _Precedence | None, beside: _Precedence | None) -> str | None:
    """Return the name under which the same rows came: in an earlier merge, else in another file of this one."""
    return next(
        (record.file_name for record in (before, beside) if record is not None and record.has_rows), None
    )


def _has_changed(store: Store, submission: Submission, known: _Known | None) -> bool:
    """Return whether a file that was refused is refused with other findings by now: lists and rules are mended."""
    if known is None or known.precedence.has_rows or _precedence(submission) != known.precedence:
        return False
    return as_text(stated_of(store, submission)) != known.stated


def _stored(store: Store, submissions: Sequence[str]) -> dict[str, _Known]:
    query = (
        "SELECT sha256, facts, verdict, received_at, file_name FROM submission JOIN chain USING (chain_no) "
        "WHERE sha256 IN (SELECT unnest(CAST(? AS VARCHAR[])))"
    )
    rows = store.rows(query, [list(submissions)])
    return {sha256: _Known(_as_precedence(*facts), stated) for sha256, stated, *facts in rows}


def _precedence(submission: Submission) -> _Precedence:
    return _as_precedence(submission.verdict, submission.received_utc, submission.file_name)


def _as_precedence(verdict: str, received: datetime | None, file_name: str) -> _Precedence:
    arrival = received.isoformat() if received else ""
    return _Precedence(_RANKS.get(verdict, _REFUSED), received is None, arrival, file_name)
