"""What two files of one call say of the same enterprise is told to both, before any store knows of them."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import xltrack
from tests.messes.truth import write_truth
from tests.rollup_stores import TAX_CODES
from tests.store_samples import ANNUAL, SCHEMAS, enterprise, submission
from xltrack.findings import message
from xltrack.intake.sandbox import Garbled, Parcel, unpack
from xltrack.pipeline import FileResult
from xltrack.pipeline.among import compared
from xltrack.pipeline.claiming import claims_of
from xltrack.pipeline.model import Claims
from xltrack.reading import Ledger

PAID = {
    "subject_kind": "application",
    "subject_id": "HT1",
    "source": "local_budget",
    "figure_kind": "disbursed",
}


def result(unit: str, *, tool: str = "5S", status: str = "completed", **more) -> FileResult:
    """Return the result on a file of `unit` that supports and pays for one enterprise, with what it claims."""
    applied = {"application_id": "HT1", "tax_code": TAX_CODES["A"], "tool_code": tool, "status": status}
    rows = {
        "enterprises": [enterprise(TAX_CODES["B"]), enterprise(TAX_CODES["A"])],
        "applications": [applied | more.pop("applied", {})],
        "funding": [PAID | {"year": 2025, "amount": 5} | more.pop("paid", {})],
    }
    workbook = submission(unit, rows, round_=more.pop("round_", ANNUAL)).workbook
    file = FileResult(Path(unit), "0", "accepted", "XLT-1322", unit, "2025-annual", (), Ledger(0, 0, {}))
    return replace(file, claims=claims_of(workbook, SCHEMAS))


def told(*results: FileResult) -> list[list[tuple[str, str | None]]]:
    return [[(one.code, one.cell) for one in file.findings] for file in compared(results, SCHEMAS)]


BOTH = [("XLT616", "A6"), ("XLT624", "B5")]


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (result("T34-01"), BOTH),
        (result("T34-01", tool="LEAN"), BOTH[:1]),
        (result("T34-01", status="planned"), BOTH[1:]),
        (result("T34-01", applied={"tax_code": TAX_CODES["A1"]}), BOTH[1:]),
        (result("T34-01", paid={"source": "enterprise"}), BOTH[:1]),
        (result("T34-01", paid={"figure_kind": "allocated"}), BOTH[:1]),
        (result("T34-24"), []),
        (result("T63-27"), []),
        (replace(result("T34-01"), round="2024-annual"), []),
        (replace(result("T34-01"), claims=None), []),
    ],
)
def test_units_that_claim_the_same_are_both_told(other, found):
    assert told(result("T34-24"), other)[0] == found


@pytest.mark.parametrize(
    "said",
    [
        '[["XLT616","TAB","A",[6,7],["0100000001"],null,null]]',
        '[["XLT624","TAB","A",[6],["0100000001"],["5S","LEAN"],["HT1"]]]',
        '[["XLT999","TAB","A",[6],["0100000001"],null,null]]',
    ],
)
def test_claims_that_do_not_fit_are_not_taken(said):
    with pytest.raises(Garbled):
        unpack(Parcel(said.encode()), tuple[Claims, ...] | None)


def test_the_message_names_the_other_unit_as_the_store_would():
    (mine, theirs) = compared([result("T34-24"), result("BO-CT")], SCHEMAS)
    assert [file.claims for file in (mine, theirs)] == [None, None]
    said = {one.code: (message(one, "vi"), one.value) for one in theirs.findings}
    assert {code: value for code, (_, value) in said.items()} == {"XLT616": TAX_CODES["A"], "XLT624": "HT1"}
    assert "cũng có trong báo cáo năm 2025 của Bắc Ninh" in said["XLT616"][0]
    assert said["XLT624"][0].startswith("Năm 2025, ngân sách của Bắc Ninh cũng chi")
    assert said["XLT624"][0].endswith("5S.")


def test_validate_compares_the_files_of_a_folder_but_no_file_with_itself(tmp_path):
    mine = write_truth(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(mine)
    cells = {row[0].value: row[2] for row in book["BIA"].iter_rows()}
    cells["unit_code"].value, cells["unit_name"].value = "BO-CT", "Bộ Công Thương"
    book.save(tmp_path / "b.xlsx")
    alone = xltrack.validate([mine]).files[0].findings
    (first, second) = xltrack.validate([tmp_path]).files
    found = {one.code for one in first.findings} - {one.code for one in alone}
    assert found == {"XLT616", "XLT624"}
    assert {one.code for one in second.findings} >= found
