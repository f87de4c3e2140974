"""What the store tells of a file later is what its merge said, without the file being read again."""

from typing import Any

import pytest

from tests.mistakes import write_mistakes
from tests.store_samples import SCHEMAS, day, enterprise, refused, submission
from xltrack.findings import Finding, hint, message, severity
from xltrack.findings.catalogue import in_common
from xltrack.pipeline import merge
from xltrack.store import merge_workbooks, open_store, recorded


def said(findings):
    return [
        (f.code, severity(f), f.sheet, f.row, f.cell, f.column, message(f, "vi"), hint(f, "en"))
        for f in findings
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with open_store(tmp_path_factory.mktemp("kho") / "s.duckdb", SCHEMAS, create=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def files():
    rows = {"enterprises": [enterprise("0100109106")]}
    repeated: dict[str, Any] = {"rows": rows, "number": 3, "received": day(12)}
    return (
        submission("T34-24", rows, received=day(10)),
        submission("T34-24", rows, number=2, received=day(11), salt="later"),
        submission("T34-24", part=(1, 2), **repeated),
        submission("T34-24", part=(2, 2), **repeated, name="phần hai.xlsx"),
        submission("T34-01", part=(1, 2), received=day(10)),
        refused(findings=(Finding("XLT102", facts={"reason": "nén hỏng"}),)),
    )


def test_what_was_merged_is_told_again(store, files):
    outcomes = {one.sha256: one for one in merge_workbooks(store, files)}
    told = recorded(store, [one.workbook.sha256 for one in files])
    assert {sha256: one.outcome for sha256, one in told.items()} == outcomes
    assert {one.state for one in outcomes.values()} == {"current", "superseded", "held", "rejected"}
    assert "XLT609" in {f.code for one in told.values() for f in one.findings if f.cell}, "at its own cell"
    for one in files:
        found = told[one.workbook.sha256]
        assert said(found.findings) == said([*one.findings, *outcomes[one.workbook.sha256].findings])
        assert (found.file_name, found.received_at) == (one.file_name, one.received_at)
        assert (found.unit, found.round) == (
            (one.workbook.cover.unit.code, "2025-annual") if one.workbook.cover else (None, None)
        )


def test_the_receipt_is_the_record_in_the_chain(store, files):
    told = recorded(store, [one.workbook.sha256 for one in files])
    chain = dict(store.rows("SELECT chain_no, hash FROM chain WHERE kind = 'submission'"))
    assert {one.receipt.chain_no: one.receipt.hash for one in told.values()} == chain


def test_files_that_the_store_lacks_are_not_told(store):
    assert recorded(store, ["0" * 64]) == {}


def test_a_real_file_with_many_mistakes(tmp_path):
    path = write_mistakes(tmp_path / "Báo cáo Bắc Ninh.xlsx", SCHEMAS)
    (merged,) = merge([path], tmp_path / "s.duckdb").files
    with open_store(tmp_path / "s.duckdb", SCHEMAS, read_only=True) as opened:
        (told,) = recorded(opened, [str(merged.sha256)]).values()
    assert said(told.findings) == said(merged.findings)
    assert (told.outcome.verdict, told.form, told.unit, told.round) == (
        "rejected",
        merged.form,
        merged.unit,
        merged.round,
    )
    assert (told.ledger.cells, told.ledger.mapped, told.ledger.ignored) == (
        merged.ledger.cells, merged.ledger.mapped, merged.ledger.ignored,
    )  # fmt: skip
    alike = [f for f in told.findings if f.code == told.findings[0].code]
    assert in_common(alike, "vi").differing == tuple((message(f, "vi"),) for f in alike)
