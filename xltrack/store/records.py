"""Writes the records of submissions: facts, bytes, findings and rows, many files at a time."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from xltrack.errors import ProgramError
from xltrack.findings import Finding, hint, message, severity
from xltrack.store.connection import Store
from xltrack.store.digest import digest_query
from xltrack.store.frames import registered
from xltrack.store.schema import LINEAGE, quoted
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
    "ignored": pl.String(), "content": pl.Binary(),
}  # fmt: skip


def insert_submissions(store: Store, submissions: Sequence[Submission]) -> None:
    """Insert `submissions`, none of which the store holds yet; raises ProgramError for rows of no known return."""
    if not submissions:
        return
    with_rows = [entry for entry in submissions if entry.verdict in WITH_ROWS]
    contents = _insert_rows(store, with_rows)
    merged = {
        "merged_at": datetime.now(UTC).replace(tzinfo=None),
        "tool_version": VERSION,
        "schemas_version": store.schemas.fingerprint,
    }
    facts = [
        merged | _facts(entry) | {"content_sha256": contents.get(entry.workbook.sha256)}
        for entry in submissions
    ]
    _insert(store, "submission", _frame(_SUBMISSION, facts))
    found = [(entry, finding) for entry in submissions for finding in enumerate(entry.findings, 1)]
    _insert(store, "finding", _frame(_FINDING, (_finding(entry, *finding) for entry, finding in found)))


def delete_submissions(store: Store, submissions: Sequence[str]) -> None:
    """Delete every record of the `submissions` (SHA-256), before they are written anew."""
    if not submissions:
        return
    columns = {"submission": "sha256", "finding": "submission"} | dict.fromkeys(store.sheets, "_submission")
    for table, column in columns.items():
        condition = f"{column} IN (SELECT unnest(CAST(? AS VARCHAR[])))"
        store.rows(f"DELETE FROM {quoted(table)} WHERE {condition}", [list(submissions)])


def _insert_rows(store: Store, submissions: Sequence[Submission]) -> dict[str, str]:
    """Insert the rows of `submissions` and return by SHA-256 the hash of what each says.

    That hash is over the typed rows of every sheet, the cover among them: neither the order of rows and columns, nor
    their place in the file, nor columns left empty count.
    """
    contents = {entry.workbook.sha256: hashlib.sha256() for entry in submissions}
    for sheet_id in sorted(store.sheets):
        frame = _rows(submissions, sheet_id)
        if frame is not None:
            business = [name for name in frame.columns if name not in LINEAGE]
            query = digest_query("incoming", business, by="_submission")
            for sha256, *numbers in _insert(store, sheet_id, frame, query):
                contents[sha256].update(f"{sheet_id} {numbers}\n".encode())
    return {sha256: content.hexdigest() for sha256, content in contents.items()}


def _rows(submissions: Sequence[Submission], sheet_id: str) -> pl.DataFrame | None:
    """Return the rows of one sheet in all of `submissions`, each with its file and tab; None if there are none."""
    tables = [(entry.workbook.sha256, entry.workbook.tables.get(sheet_id)) for entry in submissions]
    filled = [(sha256, table) for sha256, table in tables if table is not None and table.frame.height]
    if not filled:
        return None
    frame = pl.concat((table.frame for _, table in filled), how="diagonal")
    files = [sha256 for sha256, table in filled for _ in range(table.frame.height)]
    tabs = [table.tab for _, table in filled for _ in range(table.frame.height)]
    return pl.DataFrame({"_submission": files, "_sheet": tabs}).hstack(frame)


def _insert(store: Store, table: str, frame: pl.DataFrame, query: str = "SELECT 0") -> list[tuple[Any, ...]]:
    """Insert `frame` into `table` and return the rows of `query`, which may read the frame as `incoming`."""
    if not frame.height:
        return []
    with registered(store.connection, {"incoming": frame}):
        store.connection.execute(f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM incoming")
        return store.connection.execute(query).fetchall()


def _frame(schema: Mapping[str, pl.DataType], rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


def _facts(submission: Submission) -> dict[str, object]:
    workbook = submission.workbook
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
        "content": submission.content,
    }


def _cover(submission: Submission) -> dict[str, object]:
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
