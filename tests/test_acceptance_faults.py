"""What goes wrong at a province or at the desk of an analyst ends in one clear sentence, never in a traceback."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import jsonschema
import openpyxl
import pytest

from tests.acceptance import hands
from tests.acceptance.commands import refused, xltrack
from tests.acceptance.documents import read_document
from xltrack.forms import load_schemas

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Fault:
    """Something a sender did to a good workbook, and how it must be answered.

    `made` changes the workbook; `code` is found at `place` ("TIEN_DO!F6", a tab, or "" for the whole file); `told` are
    words of the sentence, `advice` words of what to do.
    """

    document: str
    made: Callable[[openpyxl.Workbook], None]
    code: str
    place: str
    told: str
    advice: str


def put(tab: str, address: str, value: str | int) -> Callable[[openpyxl.Workbook], None]:
    def made(book: openpyxl.Workbook) -> None:
        book[tab][address] = value

    return made


def delete_sheet(tab: str) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: book.remove(book[tab])


def delete_column(tab: str, column: str) -> Callable[[openpyxl.Workbook], None]:
    def made(book: openpyxl.Workbook) -> None:
        sheet = book[tab]
        sheet.tables.clear()
        sheet.delete_cols(next(cell.column for cell in sheet[3] if cell.value == column))

    return made


def name_another(book: openpyxl.Workbook) -> None:
    put("BIA", "C9", "T63-40 – Nghệ An")(book)
    put("BIA", "C10", "Tỉnh Nghệ An")(book)


FAULTS = {
    "sheet_deleted": Fault(
        "bac_giang", delete_sheet("TIEN_DO"), "XLT201", "", "Thiếu trang TIEN_DO", "Chép lại trang TIEN_DO"
    ),
    "cover_deleted": Fault(
        "bac_giang", delete_sheet("BIA"), "XLT201", "", "Thiếu trang BIA", "Chép lại trang BIA"
    ),
    "wrong_year": Fault(
        "bac_giang",
        put("BIA", "C12", 2022),
        "XLT125",
        "BIA!C12",
        "là 2022 (6 tháng), khác với kỳ mà tệp này được phát cho: 2021 (6 tháng)",
        "Sửa năm và kỳ",
    ),
    "year_that_is_no_round": Fault(
        "bac_giang", put("BIA", "C12", 2035), "XLT123", "BIA!C12", "năm 2035", "Sửa năm và kỳ báo cáo"
    ),
    "wrong_unit": Fault(
        "bac_giang",
        name_another,
        "XLT124",
        "BIA!C9",
        "tệp này được phát cho: T63-24 – Bắc Giang",
        "Sửa đơn vị",
    ),
    "unknown_unit": Fault(
        "bac_giang", put("BIA", "C9", "Hà Bắc"), "XLT120", "BIA!C9", "“Hà Bắc”", "Chọn tên đơn vị"
    ),
    "unknown_version": Fault(
        "bac_giang", put("BIA", "C8", "9.9"), "XLT107", "BIA!C8", "“9.9” không được nhận", "biểu mẫu mới nhất"
    ),
    "another_form": Fault(
        "bac_giang", put("BIA", "C7", "XLT-9999"), "XLT106", "BIA!C7", "XLT-9999", "Dùng đúng biểu mẫu"
    ),
    "column_deleted": Fault(
        "bac_giang",
        delete_column("TIEN_DO", "due_kind"),
        "XLT203",
        "TIEN_DO",
        "«Kiểu hạn»",
        "Chép số liệu sang biểu mẫu gốc",
    ),
    "duplicate_key": Fault(
        "bac_giang", put("TIEN_DO", "B7", 1), "XLT501", "TIEN_DO!A7", "Dòng trùng", "Xóa trống dòng thừa"
    ),
    "dangling_reference": Fault(
        "outline_334",
        put("KINH_PHI", "B6", "NV-2021-09"),
        "XLT502",
        "KINH_PHI!B6",
        "“NV-2021-09” không có trong cột «Mã nhiệm vụ» của trang NHIEM_VU",
        "Sửa mã",
    ),
    "no_number": Fault(
        "outline_334",
        put("KINH_PHI", "H5", "khoảng 700"),
        "XLT301",
        "KINH_PHI!H5",
        "“khoảng 700” không phải là số",
        "Chỉ nhập chữ số",
    ),
    "no_date": Fault(
        "bac_giang",
        put("TIEN_DO", "F6", "cuối quý II"),
        "XLT303",
        "TIEN_DO!F6",
        "“cuối quý II” không phải là một ngày viết đủ",
        "ngày/tháng/năm",
    ),
}
TEXT_FILE = "text_file.xlsx"
IN_ORDER = "in_order.xlsx"


@pytest.fixture(scope="module")
def received(tmp_path_factory):
    """Return a folder with one workbook of each fault, a text file of that name, and one workbook in order."""
    schemas, folder = load_schemas(), tmp_path_factory.mktemp("received")
    for name, fault in FAULTS.items():
        path = hands.by_xlsxwriter(schemas, read_document(fault.document), folder / f"{name}.xlsx")
        book = openpyxl.load_workbook(path)
        fault.made(book)
        book.save(path)
    (folder / TEXT_FILE).write_text("Kính gửi: Bộ Khoa học và Công nghệ\n", encoding="utf-8")
    hands.by_xlsxwriter(schemas, read_document("nghe_an"), folder / IN_ORDER)
    return folder


@pytest.fixture(scope="module")
def answered(root, received):
    """Return what `validate --format json` answers for the whole folder: file name -> result."""
    run = xltrack("validate", received, "--format", "json")
    assert (run.returncode, "XLT6xx" in run.stderr, run.stderr.count("\n")) == (1, True, 1)
    result = json.loads(run.stdout)
    schema = json.loads((root / "schemas" / "validate-result.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(result, schema)
    return {Path(file["path"]).name: file for file in result["files"]}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_at_its_place_with_what_to_do(answered, name):
    file, fault = answered[f"{name}.xlsx"], FAULTS[name]
    tab, _, cell = fault.place.partition("!")
    (finding,) = [
        finding
        for finding in file["findings"]
        if (finding["code"], finding["sheet"] or "", finding["cell"] or "") == (fault.code, tab, cell)
    ]
    assert file["verdict"] == "rejected"
    assert finding["severity"] == "error"
    assert fault.told in finding["message"]
    assert fault.advice in finding["hint"]
    errors = {finding["code"] for finding in file["findings"] if finding["severity"] == "error"}
    assert errors == {fault.code}


def test_a_text_file_is_named_for_what_it_is(answered):
    file = answered[TEXT_FILE]
    (finding,) = file["findings"]
    assert (file["verdict"], finding["severity"]) == ("unreadable", "error")
    assert "văn bản" in finding["message"]
    assert "Excel Workbook (*.xlsx)" in finding["hint"]


def test_the_other_files_of_the_folder_are_still_reported(answered, received):
    assert sorted(answered) == sorted(path.name for path in received.iterdir())
    assert (answered[IN_ORDER]["verdict"], answered[IN_ORDER]["findings"]) == ("accepted", [])


def test_the_text_shows_every_word_and_counts_the_files(received, answered):
    run = xltrack("validate", received)
    assert (run.returncode, "XLT6xx" in run.stderr, run.stderr.count("\n")) == (1, True, 1)
    # What is alike is said once, and beside it the words that differ.
    told = set(re.findall(r"\w+", run.stdout))
    for file in answered.values():
        for found in file["findings"]:
            assert f"{found['code']}: " in run.stdout
            assert set(re.findall(r"\w+", found["message"] + found["hint"])) <= told
    counted = f"{len(answered)} tệp: chấp nhận 1, từ chối {len(FAULTS)}, không đọc được 1"
    to_do = run.stdout.splitlines()[-3:]
    assert to_do[0] == counted
    assert all(f"{fault}.xlsx" in to_do[1] for fault in FAULTS)
    assert to_do[2] == "Không đọc được: text_file.xlsx"


def test_one_good_file_alone_ends_well(received):
    run = xltrack("validate", received / IN_ORDER)
    assert (run.returncode, "XLT6xx" in run.stderr, run.stderr.count("\n")) == (0, True, 1)


@pytest.fixture(scope="module")
def store(received, tmp_path_factory):
    """Return a store with one return in it."""
    path = tmp_path_factory.mktemp("store") / "national.duckdb"
    run = xltrack("merge", received / IN_ORDER, "--store", path)
    assert run.returncode == 0, run.stderr
    return path


def test_a_path_that_does_not_exist_is_named(tmp_path):
    sentence = refused(xltrack("validate", tmp_path / "không có.xlsx"))
    assert "Không có tệp hoặc thư mục" in sentence
    assert "không có.xlsx" in sentence


def test_a_missing_store_says_to_merge_first(tmp_path):
    sentence = refused(xltrack("rollup", "--store", tmp_path / "none.duckdb", "-o", tmp_path / "out.xlsx"))
    assert "Chưa có kho dữ liệu" in sentence
    assert "xltrack merge" in sentence
    assert list(tmp_path.iterdir()) == []


def test_a_locked_store_says_who_holds_it(store, received):
    with duckdb.connect(store):
        sentence = refused(xltrack("merge", received / IN_ORDER, "--store", store))
    assert "đang được chương trình khác dùng" in sentence
    assert "Chờ chương trình đó xong" in sentence


def test_a_store_of_another_version_names_both_versions(store, received, tmp_path):
    other = tmp_path / "other.duckdb"
    other.write_bytes(store.read_bytes())
    with duckdb.connect(other) as connection:
        connection.execute("UPDATE store_meta SET value = '999' WHERE name = 'version'")
    sentence = refused(xltrack("merge", received / IN_ORDER, "--store", other))
    assert "có phiên bản 999" in sentence
    assert "hợp nhất lại các tệp gốc vào một kho mới" in sentence


def test_a_store_that_is_none_is_not_touched(received, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Kính gửi: Bộ Khoa học và Công nghệ\n" * 100, encoding="utf-8")
    before = letter.read_bytes()
    assert "không phải kho dữ liệu" in refused(xltrack("merge", received / IN_ORDER, "--store", letter))
    assert letter.read_bytes() == before


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv", "out.parquet", "out.json"])
def test_an_output_that_cannot_be_written_is_named(store, tmp_path, name):
    (tmp_path / "file").write_text("", encoding="utf-8")
    target = tmp_path / "file" / name
    sentence = refused(xltrack("rollup", "--store", store, "-o", target))
    assert "Không ghi được" in sentence
    assert name in sentence


def test_templates_for_a_folder_that_is_a_file_are_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    sentence = refused(xltrack("template", "T63-24", "--year", 2021, "--dir", tmp_path / "file" / "below"))
    assert "Không ghi được" in sentence


def test_an_unknown_unit_says_what_a_unit_is_called(tmp_path):
    sentence = refused(xltrack("template", "Hà Bắc", "--year", 2021, "--dir", tmp_path))
    assert re.search(r"Không có đơn vị .*`Hà Bắc`", sentence)
    assert "T34-24" in sentence
