"""Each sheet is found under whatever name it has; of two that could be meant none is chosen silently."""

import unicodedata
from dataclasses import replace

import pytest
from openpyxl.workbook.protection import WorkbookProtection

from tests.received import cover, only, read, reasons, says, told, write
from tests.sheets import table_rows
from tests.test_reading import COVER, FORM, SCHEMAS, sheets
from xltrack.excel.template import template_name, write_template
from xltrack.findings import severity
from xltrack.reading.file_name import file_name_findings

TAB = "DOANH_NGHIEP"
FEW_COLUMNS = ("XLT203", "XLT204")
EMPTY = "| tax_code | enterprise_name | province_code |"
A = f"{EMPTY}\n| '0100233488 | Công ty A | Hà Nội |"
B = f"{EMPTY}\n| '0314409058 | Công ty B | Hà Nội |"
AB = f"{A}\n| '0314409058 | Công ty B | Hà Nội |"


def with_copy(original, copy, tab=f"{TAB} (2)"):
    """Return a workbook with `original` on the sheet of enterprises, and `copy` on a worksheet called `tab`."""
    return sheets(enterprises=original) | {tab: table_rows(FORM.by_id["enterprises"], copy)}


# The names read, the worksheet they were read from, and what was found.
COPIES = {
    "both hold data": (with_copy(A, B), "A", TAB, [f"XLT208 {TAB} (2)"]),
    "the copy holds more": (with_copy(A, AB), "A", TAB, [f"XLT208 {TAB} (2)"]),
    "both are the same": (with_copy(AB, AB), "A B", TAB, [f"XLT209 {TAB} (2)"]),
    "the copy is blank": (with_copy(A, EMPTY), "A", TAB, []),
    "the original is blank": (with_copy(EMPTY, A), "A", f"{TAB} (2)", [f"XLT212 {TAB} (2)", f"XLT213 {TAB} (2)"]),
    "copied in LibreOffice": (with_copy(A, B, f"{TAB}_2"), "A", TAB, [f"XLT208 {TAB}_2"]),
    "copied in Google Sheets": (with_copy(A, B, f"Bản sao của {TAB}"), "A", TAB, [f"XLT208 Bản sao của {TAB}"]),
    "the same name, spelt otherwise": (with_copy(A, B, "Doanh nghiep "), "A", TAB, ["XLT208 Doanh nghiep "]),
}  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_b2_of_a_sheet_and_its_copy_none_is_chosen_silently(name, tmp_path):
    found, names, tab, expected = COPIES[name]
    book = read(write(tmp_path / "a.xlsx", found))
    table = book.tables["enterprises"]
    assert (table.tab, told(book.findings, FEW_COLUMNS)) == (tab, expected)
    assert table.frame["enterprise_name"].to_list() == [f"Công ty {one}" for one in names.split()]
    other = next(name for name in found if name.startswith((TAB, "Bản sao", "Doanh")) and name != tab)
    assert set(reasons(book, other)) == {"copied_sheet"}


@pytest.mark.parametrize("original", [A, EMPTY])
def test_b2_a_copy_with_data_beside_the_columns_of_the_form_is_told(original, tmp_path):
    found = with_copy(original, EMPTY)
    found[f"{TAB} (2)"].append([None, None, None, None, "Công ty thêm"])
    book = read(write(tmp_path / "a.xlsx", found))
    assert told(book.findings, FEW_COLUMNS) == [f"XLT202 {TAB} (2)"]
    assert set(reasons(book, f"{TAB} (2)")) == {"extra_sheet"}


def test_b3_a_sheet_of_ones_own_called_as_the_code_lists_is_like_any_other(tmp_path):
    heads = [column.title.vi for column in FORM.by_id["enterprises"].columns]
    rows = [heads, ["0314409058", "Công ty B"]]
    book = read(write(tmp_path / "a.xlsx", sheets(enterprises=A) | {"DANH_MUC": rows}))
    assert told(book.findings, FEW_COLUMNS) == ["XLT208 DANH_MUC"]
    lists = [[None, "Chương trình"], [None, "list_programmes"], [None, "1322"]]
    ours = read(write(tmp_path / "b.xlsx", sheets(enterprises=A) | {"DANH_MUC": lists}))
    assert (told(ours.findings, FEW_COLUMNS), set(reasons(ours, "DANH_MUC"))) == ([], {"code_lists"})


def test_b2_a_copy_under_another_name_is_known_by_its_columns(tmp_path):
    full = "|" + "|".join(FORM.by_id["key_products"].by_id) + "|"
    found = sheets(key_products=f"{full}\n| SP1 | Vải thiều |")
    found["Sheet1"] = table_rows(FORM.by_id["key_products"], f"{full}\n| SP2 | Cam |")
    book = read(write(tmp_path / "a.xlsx", found))
    assert told(book.findings, FEW_COLUMNS) == ["XLT208 Sheet1"]
    assert says(book, "XLT208") == (
        "Trang này và trang “SAN_PHAM” cùng là một trang của biểu mẫu và đều có số liệu (1 và 1 dòng); "
        "chỉ trang “SAN_PHAM” được đọc."
    )


def test_b2_two_covers_that_differ_are_an_error(tmp_path):
    book = read(write(tmp_path / "a.xlsx", sheets() | {"BIA (2)": cover(submission_no=2)}))
    assert told(book.findings, FEW_COLUMNS) == ["XLT208 BIA (2)"]
    assert {severity(f) for f in book.findings if f.code == "XLT208"} == {"error"}


def test_b3_sheets_that_are_missing_and_sheets_of_ones_own_are_named(tmp_path):
    found = sheets(enterprises=A)
    del found["TIEN_DO"]
    found["Ghi chú riêng"] = [["việc cần làm", 1]]
    book = read(write(tmp_path / "a.xlsx", found))
    assert told(book.findings, FEW_COLUMNS) == ["XLT201 None", "XLT202 Ghi chú riêng"]
    assert "TIEN_DO" in says(book, "XLT201")


@pytest.mark.parametrize(
    ("tab", "offered"),
    [
        ("KINH PHI 2025", "KINH_PHI"),
        ("KINHPHII", "KINH_PHI"),
        ("Tien do thuc hien", "TIEN_DO"),
        ("Ghi chú riêng", ""),
    ],
)
def test_a_sheet_that_is_spelt_like_a_missing_one_is_offered_as_that(tab, offered, tmp_path):
    found = {**only(), tab: [["việc cần làm", 1]]}
    told_of = says(read(write(tmp_path / "a.xlsx", found)), "XLT202")
    assert told_of.partition("được đọc.")[2] == (
        f" Có phải ý Anh/Chị là trang “{offered}”?" if offered else ""
    )


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_b4_a_hidden_sheet_with_data_is_read_and_reported(state, tmp_path):
    def hide(book):
        book[TAB].sheet_state = book["KINH_PHI"].sheet_state = state

    book = read(write(tmp_path / "a.xlsx", sheets(enterprises=A), hide))
    assert told(book.findings, FEW_COLUMNS) == [f"XLT214 {TAB}"]
    assert book.tables["enterprises"].frame.height == 1


@pytest.mark.parametrize(
    ("form", "version", "code"),
    [("XLT-1322", "1.0", None), ("XLT-1322", "0.9", "XLT107"), ("XLT-36", "1.0", "XLT106")],
)
@pytest.mark.parametrize("place", ["manifest", "cover"])
def test_b16_another_version_of_the_form_is_named_and_not_read(form, version, code, place, tmp_path):
    found = sheets(enterprises=A)
    if place == "manifest":
        found["_xltrack"] = [["form", form], ["version", version]]
    else:
        found["BIA"] = cover(form_id=form, form_version=version)
    book = read(write(tmp_path / "a.xlsx", found))
    assert [f.code for f in book.findings if severity(f) == "error"] == ([code] if code else [])
    assert (book.tables == {}) is (code is not None)


def test_b17_a_blank_form_is_known_to_be_one(tmp_path):
    write_template(tmp_path / "a.xlsx", FORM, SCHEMAS)
    book = read(tmp_path / "a.xlsx")
    assert book.form is FORM
    assert (book.cover, sum(table.frame.height for table in book.tables.values() if table.sheet.layout == "table")) == (
        None, 0,
    )  # fmt: skip
    assert told(book.findings, FEW_COLUMNS) == []


def test_b17_last_years_return_under_this_years_name_is_told(tmp_path):
    found = sheets(COVER | {"year": 2024, "unit_code": "T63-27"})
    found["_xltrack"] = [["form", "XLT-1322"], ["year", "2025"], ["period", "annual"], ["unit", "T34-24"]]
    book = read(write(tmp_path / "Bắc Ninh 2025.xlsx", found))
    assert {"XLT124", "XLT125", "XLT228"} <= {f.code for f in book.findings}


def test_b17_a_workbook_of_something_else_is_said_to_be_what_it_is(tmp_path):
    path = write(
        tmp_path / "a.xlsx",
        {"Tài sản": [["BÁO CÁO TÀI SẢN CỐ ĐỊNH"], ["Số thẻ", "Nguyên giá"]], "Sheet2": []},
    )
    book = read(path)
    assert "BÁO CÁO TÀI SẢN CỐ ĐỊNH; các trang: Tài sản, Sheet2" in says(book, "XLT106")
    assert book.ledger.ignored == {"unknown_form": 3}
    blank = read(write(tmp_path / "b.xlsx", {"Sheet": []}))
    assert "“(trống); các trang: Sheet”" in says(blank, "XLT106")


def test_b18_protection_changes_nothing_about_reading(tmp_path):
    def protect(book):
        for sheet in book:
            sheet.protection.set_password("bimat")
        book.security = WorkbookProtection(workbookPassword="bimat", lockStructure=True)

    plain = read(write(tmp_path / "a.xlsx", sheets(enterprises=AB)))
    locked = read(write(tmp_path / "b.xlsx", sheets(enterprises=AB), protect))
    assert locked.tables["enterprises"].frame.equals(plain.tables["enterprises"].frame)
    assert locked.findings == plain.findings


# What the name says, beside a cover of Bắc Ninh (T34-24) for 2025, submission 1.
NAMES = """
BC_BacNinh_2025                         |
Báo cáo năm định kỳ 2025 - Bắc Ninh     |
bao cao nam dinh ky                     |
Copy of BC Bắc Ninh (1)                 |
final_v2                                |
BacNinh lan 1 31.12.2026                |
Chương trình 1322 (2021-2030) Bắc Ninh  |
Gửi Bộ Khoa học và Công nghệ            |
Bắc Ninh + Bắc Giang                    |
BaoCaoHaNoi                             | Hà Nội
bao cao ha nam                          | Hà Nam
XLT-1322_T63-24_Bac-Giang_2025_nam      | Bắc Giang
BC Bắc Ninh 2024                        | 2024
bacninh_lan2                            | lần 2
Hòa Bình, lần gửi thứ 3                 | Hòa Bình; lần 3
"""


@pytest.mark.parametrize("line", NAMES.strip().splitlines())
def test_a19_a_file_name_that_says_otherwise_is_told_and_copies_are_not(line, tmp_path):
    name, expected = (part.strip() for part in line.split("|"))
    book = read(write(tmp_path / f"{name}.xlsx", only()))
    said = [f.facts["named"] for f in book.findings if f.code == "XLT228"]
    assert "; ".join(str(getattr(fact, "vi", fact)) for fact in said) == expected
    assert set(told(book.findings)) <= {"XLT228 C6", "XLT228 C9", "XLT228 C13"}


def test_a19_a_name_from_a_mac_is_the_same_name(tmp_path):
    book = read(write(tmp_path / unicodedata.normalize("NFD", "Báo cáo Hải Phòng.xlsx"), sheets()))
    assert "Hải Phòng" in says(book, "XLT228")


def test_a19_no_name_that_xltrack_gives_itself_is_contradicted(tmp_path):
    book = read(write(tmp_path / "a.xlsx", sheets()))
    assert book.cover is not None
    for unit in SCHEMAS.units.all:
        for round_ in (one for one in SCHEMAS.units.rounds if one.year in (2024, 2025)):
            name = template_name(FORM, unit, round_).removesuffix(".xlsx")
            own = replace(book.cover, unit=unit, round=round_)
            assert list(file_name_findings(name, own, book.tables["cover"], SCHEMAS.units)) == []


def test_b1_the_sheet_of_the_manifest_goes_before_one_with_the_name(tmp_path):
    found = sheets(enterprises=B) | {"DN 2025": table_rows(FORM.by_id["enterprises"], A)}
    found["_xltrack"] = [["form", "XLT-1322"], ["sheet", "enterprises", "DN 2025", 4, "A", "C"]]
    book = read(write(tmp_path / "a.xlsx", found))
    assert book.tables["enterprises"].tab == "DN 2025"
    assert told(book.findings, FEW_COLUMNS) == [f"XLT208 {TAB}"]
