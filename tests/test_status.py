"""What an analyst sees of a round: as text, as a workbook, as JSON."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.command_line import xltrack, xltrack_process
from tests.store_samples import ANNUAL, SCHEMAS, day, enterprise, refused, submission
from xltrack import status
from xltrack.errors import StoreError, UnknownName
from xltrack.hanoi import until
from xltrack.report.status import status_json, status_text
from xltrack.store import merge_workbooks, open_store

BAC_NINH, HA_NOI, CAO_BANG = "T34-24", "T34-01", "T34-04"
APPLIED = {
    "enterprises": [enterprise("0100000001")],
    "focal_agency": [{"programme": "1322", "agency_name": "Sở Khoa học và Công nghệ"}],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """A round with one unit that has reported, one late, one with nothing to report, one rejected."""
    path = tmp_path_factory.mktemp("status") / "national.duckdb"
    sent = [
        submission(BAC_NINH, APPLIED, received=day(3)),
        submission(BAC_NINH, APPLIED, number=2, received=until(date(2025, 12, 4))),
        submission(HA_NOI, nil=True, received=day(30)),
        submission(CAO_BANG, verdict="rejected", received=day(4)),
    ]
    with open_store(path, SCHEMAS, create=True) as opened:
        merge_workbooks(opened, sent)
    return path


def test_a_sheet_without_a_row_is_named_unless_there_was_nothing_to_report(store):
    empty = status(store).empty_sheets
    assert set(empty) == {BAC_NINH}
    assert {"enterprises", "focal_agency"}.isdisjoint(empty[BAC_NINH])
    assert {"applications", "funding", "obstacles"} <= set(empty[BAC_NINH])


def test_the_newest_round_is_told_unless_another_is_asked_for(store):
    assert status(store).status.round == ANNUAL
    assert status(store, year=2025).status.round == ANNUAL
    half = status(store, year=2025, period="half").status
    assert half.round.name == "2025-half"
    assert {unit.state for unit in half.units} == {"missing"}


@pytest.mark.parametrize(
    ("asked", "failure", "said"),
    [
        ({"year": 2019}, StoreError, "--period"),
        ({"period": "half"}, StoreError, "--year"),
        ({"year": 2019, "period": "annual"}, UnknownName, "2019-annual"),
        ({"output": "status.docx"}, UnknownName, ".xlsx, .json"),
    ],
)
def test_what_cannot_be_told_is_said(store, asked, failure, said):
    with pytest.raises(failure) as caught:
        status(store, **asked)
    assert said in caught.value.message("en")


def test_the_text_counts_then_names_then_lists(store):
    text = status_text(status(store), SCHEMAS, "vi", width=200)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[:3] == [
        "Tình trạng báo cáo năm 2025",
        "Hạn gửi đúng hạn: hết ngày 29/11/2025 (giờ Hà Nội).",
        "Tỉnh, thành phố: đã báo cáo 2/34, trong đó muộn 1",
    ]
    assert lines[3].startswith("Chưa báo cáo: Tuyên Quang; ")
    assert lines[4] == "Đã gửi, bị từ chối: Cao Bằng"
    assert any(line.startswith("Cảnh báo đếm ở đây là của riêng từng tệp;") for line in lines)
    unit = next(line for line in lines if line.startswith("Bắc Ninh"))
    assert unit.startswith("Bắc Ninh Đúng hạn 03/11/2025 19:00 04/12/2025 1322 "), "each by what it is for"
    assert next(line for line in lines if line.startswith("Hà Nội")).startswith(
        "Hà Nội Muộn 30/11/2025 19:00 có"
    )
    assert next(line for line in lines if line.startswith("Cao Bằng")) == "Cao Bằng Bị từ chối 1"


def test_a_file_that_cannot_be_read_is_told_with_the_unit_that_its_name_tells(tmp_path):
    path = tmp_path / "national.duckdb"
    named = refused(name="XLT-1322_T34-25_Phu-Tho_2025_nam.xlsx")
    with open_store(path, SCHEMAS, create=True) as opened:
        merge_workbooks(opened, [submission(BAC_NINH, APPLIED, received=day(3)), named])
    text = status_text(status(path), SCHEMAS, "vi", width=200)
    assert "Có tệp không đọc được (theo tên tệp): Phú Thọ\n" in text
    assert "Phú Thọ (theo tên tệp)" in text.split("Tệp cần người xem")[1]


def test_nobody_is_told_to_be_in_time_whose_arrival_is_not_known(tmp_path):
    path = tmp_path / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as opened:
        merge_workbooks(opened, [submission(BAC_NINH, APPLIED, received=None)])
    said = "đã báo cáo 1/34, trong đó muộn 0, không rõ ngày nhận 1"
    assert said in status_text(status(path), SCHEMAS, "vi", width=200)


def test_no_line_is_wider_than_the_terminal(store):
    text = status_text(status(store), SCHEMAS, "en", width=100)
    table = text.split("\n\n", 1)[1]
    assert max(len(line) for line in table.splitlines()) <= 100


def test_the_workbook_lists_every_unit_and_the_files_to_look_at(store, tmp_path):
    path = tmp_path / "status.xlsx"
    status(store, path)
    again = path.read_bytes()
    status(store, path)
    assert path.read_bytes() == again
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Tình trạng", "Tệp cần xem"]
    rows = {row[0]: row for row in book["Tình trạng"].iter_rows(values_only=True)}
    assert rows["Bắc Ninh"][1] == "Đúng hạn"
    assert "AP_DUNG" in str(rows["Bắc Ninh"][12])
    assert (rows["Hà Nội"][1], rows["Hà Nội"][4]) == ("Muộn", "có")
    assert str(rows["Bắc Ninh"][3]) == "2025-12-04 00:00:00", "a day is no time at night"
    assert [row[1:3] for row in book["Tệp cần xem"].iter_rows(min_row=4, values_only=True)] == [
        ("Cao Bằng", "Bị từ chối")
    ]


def test_json_has_codes_and_utc_for_programs(store, tmp_path):
    path = tmp_path / "status.json"
    found = status(store, path)
    assert path.read_text(encoding="utf-8") == status_json(found)
    document = json.loads(status_json(found))
    units = {unit["unit_code"]: unit for unit in document["units"]}
    assert units[BAC_NINH]["state"] == "on_time"
    assert units[BAC_NINH]["first_received_at"] == "2025-11-03T12:00:00+00:00"
    assert "applications" in units[BAC_NINH]["empty_sheets"]
    assert [file["unit_code"] for file in document["files"]] == [CAO_BANG]


def test_the_command_prints_it(store, tmp_path):
    done = xltrack("status", "--store", store, "-o", "a.xlsx", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "đã báo cáo 2/34" in done.stdout
    assert (tmp_path / "a.xlsx").exists()
    printed = xltrack("status", "--store", store, "--format", "json", folder=tmp_path)
    assert json.loads(printed.stdout)["round"]["year"] == 2025


def test_no_library_has_the_last_word(store, tmp_path):
    """What is not freed before its library is, DuckDB complains of when the process ends."""
    assert xltrack_process("status", "--store", store, folder=tmp_path).stderr == ""
