"""Writes the records of submissions: facts, bytes, findings and rows, many files at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import polars as pl

from xltrack.errors import ProgramError
from xltrack.findings import Finding, hint, message, severity
from xltrack.store.chain import Event, record
from xltrack.store.connection import Store
from xltrack.store.frames import registered
from xltrack.store.incoming import adding_up, incoming_rows, with_links
from xltrack.store.originals import insert_originals
from xltrack.store.schema import quoted
from xltrack.store.stated import findings_digest, stated
from xltrack.store.submission import WITH_ROWS, Submission, storable
from xltrack.version import VERSION

_FINDING = {
    "submission": pl.String(), "number": pl.Int32(), "code": pl.String(), "severity": pl.String(),
    "sheet": pl.String(), "row": pl.Int32(), "cell": pl.String(), "column_id": pl.String(), "value": pl.String(),
    "message_vi": pl.String(), "message_en": pl.String(), "hint_vi": pl.String(), "hint_en": pl.String(),
}  # fmt: skip
_SUBMISSION = {
    "sha256": pl.String(), "file_name": pl.String(), "form": pl.String(), "form_version": pl.String(),
    "unit_code": pl.String(), "year": pl.Int64(), "period_kind": pl.String(), "figures_kind": pl.String(),
    "submission_no": pl.Int64(), "submission_kind": pl.String(), "part_no": pl.Int64(), "part_count": pl.Int64(),
    "currency_unit": pl.String(), "nil_report": pl.Boolean(), "received_at": pl.Datetime("us"),
    "merged_at": pl.Datetime("us"), "tool_version": pl.String(), "schemas_version": pl.String(),
    "verdict": pl.String(), "content_sha256": pl.String(), "cells": pl.Int64(), "mapped": pl.Int64(),
    "ignored": pl.String(), "source_kind": pl.String(), "source": pl.String(), "control_totals": pl.String(),
    "findings_sha256": pl.String(), "chain_no": pl.Int64(), "entry_no": pl.Int32(),
}  # fmt: skip
_CAME = """
UPDATE submission
SET file_name = $file_name, received_at = $received_at, source_kind = $source_kind, source = $source,
    chain_no = $chain_no
WHERE sha256 = $sha256
"""
_SHEET_PLACE = {"submission": pl.String(), "sheet": pl.String(), "addresses": pl.String()}

Row = dict[str, Any]
"""What a table of the store says in one row, by column."""


def insert_submissions(store: Store, submissions: Sequence[Submission]) -> None:
    """Insert `submissions`, none of which the store holds yet, and record each in the chain.

    Raises ProgramError for rows of no known return.
    """
    if not submissions:
        return
    findings = {entry.workbook.sha256: _findings(entry) for entry in submissions}
    with_rows = [entry for entry in submissions if entry.verdict in WITH_ROWS]
    entries = _numbered(store, submissions)
    frames = incoming_rows(store, with_rows, entries)
    with adding_up(store, with_rows, frames) as said:
        for sheet, rows in with_links(frames, store.sheets):
            _insert(store, sheet, rows)
        _insert(store, "sheet_place", _frame(_SHEET_PLACE, chain.from_iterable(map(_places, with_rows))))
        _insert(store, "finding", _frame(_FINDING, chain.from_iterable(findings.values())))
        insert_originals(store.connection, ((entry.workbook.sha256, entry.content) for entry in submissions))
        read = said()
    _record(
        store,
        [
            _facts(store, entry, findings[entry.workbook.sha256])
            | {"entry_no": entries[entry.workbook.sha256]}
            | read.get(entry.workbook.sha256, _NOTHING_READ)
            for entry in submissions
        ],
    )


def _record(store: Store, facts: Sequence[Row]) -> None:
    """Record the `facts` of submissions in the chain, and insert them with the numbers of their records."""
    numbers = record(store.connection, [Event("submission", row["sha256"], stated(row)) for row in facts])
    merged_at = datetime.now(UTC).replace(tzinfo=None)
    numbered = [
        {**row, "chain_no": number, "merged_at": merged_at}
        for row, number in zip(facts, numbers, strict=True)
    ]
    _insert(store, "submission", _frame(_SUBMISSION, numbered))


def note_arrivals(store: Store, submissions: Sequence[Submission]) -> None:
    """Note how `submissions` came, which the store holds and whose rows and bytes stay as they are."""
    for submission in submissions:
        sha256, source = submission.workbook.sha256, submission.came_from
        (row,) = store.frame("FROM submission WHERE sha256 = ?", [sha256]).to_dicts()
        came = {
            "file_name": submission.file_name,
            "received_at": submission.received_utc,
            "source_kind": source.kind,
            "source": source.reference,
        }
        (number,) = record(store.connection, [Event("submission", sha256, stated(row | came))])
        store.rows(_CAME, {**came, "chain_no": number, "sha256": sha256})


def stated_of(store: Store, submission: Submission) -> Mapping[str, Any]:
    """Return what the chain would say of `submission`, which brings no rows."""
    return stated({**_facts(store, submission, _findings(submission)), **_NOTHING_READ})


def delete_submissions(store: Store, submissions: Sequence[str]) -> None:
    """Delete every record of the `submissions` (SHA-256) but those in the chain, before they are written anew."""
    if not submissions:
        return
    mine = "IN (SELECT unnest(CAST(? AS VARCHAR[])))"
    entries = f"IN (SELECT entry_no FROM submission WHERE sha256 {mine})"
    conditions = {
        **dict.fromkeys(store.sheets, f"_entry {entries}"),
        "original_piece": f"sha256 {mine}",
        "finding": f"submission {mine}",
        "sheet_place": f"submission {mine}",
        "submission": f"sha256 {mine}",
    }
    for table, condition in conditions.items():
        store.rows(f"DELETE FROM {quoted(table)} WHERE {condition}", [list(submissions)])


def _places(submission: Submission) -> Iterator[Row]:
    for sheet, table in submission.workbook.tables.items():
        addresses = json.dumps(dict(table.addresses), sort_keys=True)
        yield {"submission": submission.workbook.sha256, "sheet": sheet, "addresses": addresses}


def _numbered(store: Store, submissions: Sequence[Submission]) -> Mapping[str, int]:
    ((last,),) = store.rows("SELECT coalesce(max(entry_no), 0) FROM submission")
    return {entry.workbook.sha256: number for number, entry in enumerate(submissions, last + 1)}


_NOTHING_READ: Row = {"content_sha256": None, "control_totals": "{}"}


def _insert(store: Store, table: str, frame: pl.DataFrame) -> None:
    if frame.height:
        with registered(store.connection, {"incoming": frame}):
            _copy(store, table)


def _copy(store: Store, table: str) -> None:
    store.connection.execute(f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM incoming")


def _frame(schema: Mapping[str, pl.DataType], rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


def _facts(store: Store, submission: Submission, findings: Sequence[Row]) -> dict[str, Any]:
    workbook, source = submission.workbook, submission.came_from
    if submission.verdict in WITH_ROWS and (workbook.form is None or workbook.cover is None):
        raise ProgramError(
            reason=f"{submission.file_name}: {submission.verdict}, but its unit or round is not known"
        )
    return _cover(submission) | {
        "sha256": workbook.sha256,
        "file_name": submission.file_name,
        "form": workbook.form.id if workbook.form else None,
        "form_version": workbook.form.version if workbook.form else None,
        "received_at": submission.received_utc,
        "verdict": submission.verdict,
        "cells": workbook.ledger.cells,
        "mapped": workbook.ledger.mapped,
        "ignored": json.dumps(dict(workbook.ledger.ignored), ensure_ascii=False, sort_keys=True),
        "tool_version": VERSION,
        "schemas_version": store.schemas.fingerprint,
        "source_kind": source.kind,
        "source": source.reference,
        "findings_sha256": findings_digest(findings),
    }


def _cover(submission: Submission) -> dict[str, Any]:
    cover = submission.workbook.cover
    if cover is None:
        return {}
    return {
        "unit_code": cover.unit.code,
        "year": cover.round.year,
        "period_kind": cover.round.period_kind,
        "figures_kind": cover.figures_kind,
        "submission_no": cover.submission_no,
        "submission_kind": cover.submission_kind,
        "part_no": cover.part_no,
        "part_count": cover.part_count,
        "currency_unit": cover.currency_unit,
        "nil_report": cover.nil_report,
    }


def _findings(submission: Submission) -> list[Row]:
    return [_finding(submission, *finding) for finding in enumerate(submission.findings, 1)]


def _finding(submission: Submission, number: int, finding: Finding) -> dict[str, object]:
    return {
        "submission": submission.workbook.sha256,
        "number": number,
        "code": finding.code,
        "severity": severity(finding),
        "sheet": finding.sheet,
        "row": finding.row,
        "cell": finding.cell,
        "column_id": finding.column,
        "value": None if finding.value is None else storable(finding.value),
        "message_vi": storable(message(finding, "vi")),
        "message_en": storable(message(finding, "en")),
        "hint_vi": storable(hint(finding, "vi")),
        "hint_en": storable(hint(finding, "en")),
    }
