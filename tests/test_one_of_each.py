"""One mistake of every kind goes out marked, is opened and saved by another program, and comes back the same."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.case_files import read_cases
from tests.office import Office
from tests.one_of_each import write_all
from xltrack.findings import catalogue
from xltrack.pipeline import FileResult, Returns, Validation, validate

pytestmark = pytest.mark.slow

CHANGED_THERE = {
    "XLT309": "it works formulas out as it opens a file",
    "XLT575": "then the totals of the cover can be compared",
    "XLT354": "it saves a truth value as the number 1",
}


@pytest.fixture(scope="module")
def answered(tmp_path_factory) -> Validation:
    folder = tmp_path_factory.mktemp("nhận")
    return validate(write_all(folder), returns=Returns(tmp_path_factory.mktemp("trả")))


def told(file: FileResult) -> list[tuple]:
    """Return what was found, but for what LibreOffice itself changes."""
    return [
        (one.code, one.sheet, one.cell, one.row, one.column, one.value)
        for one in file.findings
        if one.code not in CHANGED_THERE
    ]


def test_nearly_every_code_that_one_workbook_can_show_is_shown(answered):
    """What lacks has a case of its own whose form or cover excludes these."""
    shown = {finding.code for file in answered.files for finding in file.findings}
    expected = {
        code for code, known in catalogue().items() if code[3] in "2345" and known.lifecycle != "retired"
    }
    apart = {one.code for case in read_cases() for one in case.expected}
    assert expected - shown <= apart
    assert len(shown) > 130
    assert len(expected - shown) < 10


def test_every_finding_with_a_cell_has_its_words_at_the_cell(answered):
    for file, answer in zip(answered.files, answered.returned, strict=True):
        book = openpyxl.load_workbook(answer.workbook)
        for one in file.findings:
            if one.cell:
                assert one.code in _note(book[one.sheet], one.cell) or _has_others(file, one), one


def _note(sheet, cell: str) -> str:
    """Return the note that is shown at `cell`: that of the merged cell if it lies in one."""
    shown = next((str(area).partition(":")[0] for area in sheet.merged_cells.ranges if cell in area), cell)
    note = sheet[shown].comment
    return note.text if note else ""


def _has_others(file: FileResult, one) -> bool:
    return sum((other.sheet, other.cell) == (one.sheet, one.cell) for other in file.findings) > 4


@pytest.mark.office
def test_saved_by_libreoffice_and_sent_again_it_has_the_same_findings(
    office: Office, answered: Validation, tmp_path: Path
):
    saved = [
        office.save_as(one.workbook, tmp_path / one.workbook.name)
        for one in answered.returned
        if one.workbook
    ]
    assert len(saved) == len(answered.files)
    again = validate(saved, returns=Returns(tmp_path / "trả"))
    for file, back in zip(answered.files, again.files, strict=True):
        assert told(back) == told(file)
        assert (back.verdict, back.ledger.mapped) == (file.verdict, file.ledger.mapped)
    # What is marked and saved once more has grown by nothing.
    twice = next(one.workbook for one in again.returned if one.path.name == "spoilt_ket-qua.xlsx")
    assert twice
    once_more = office.save_as(twice, tmp_path / "once more.xlsx")
    assert _size(once_more) < _size(tmp_path / "spoilt_ket-qua.xlsx") * 1.01


def _size(path: Path) -> int:
    with zipfile.ZipFile(path) as package:
        return sum(part.file_size for part in package.infolist())
