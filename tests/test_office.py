"""LibreOffice answers what the tests ask of it: shown on a small form like those that are sent out."""

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests import office_process
from tests.office import Office, Refused
from tests.office_process import OfficeError, office_available

pytestmark = pytest.mark.office

PLACES = [("Bắc Ninh", "Từ Sơn"), ("Bắc Ninh", "Quế Võ"), ("Cà Mau", "Năm Căn"), ("Huế", "Phú Xuân")]
HEADINGS = ["Tỉnh", "Xã", "Mã số", "Ngày", "Số tiền", "Gấp đôi"]
COMMUNES = "OFFSET(LISTS!$E$1,MATCH($A5,LISTS!$D:$D,0)-1,0,COUNTIF(LISTS!$D:$D,$A5),1)"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A protected sheet FORM with a table, every kind of validation and a highlight; its lists on a hidden sheet."""
    path = tmp_path_factory.mktemp("book") / "mẫu.xlsx"
    workbook = xlsxwriter.Workbook(path)
    form, lists = workbook.add_worksheet("FORM"), workbook.add_worksheet("LISTS")
    write_lists(workbook, lists)
    write_table(workbook, form)
    add_rules(workbook, form)
    form.write_formula("H1", "=1+1", None, 0)  # a cached value that is wrong
    form.write_formula("H2", "=1/0", None, "")
    form.set_row(2, None, None, {"hidden": True})
    form.freeze_panes(4, 1)
    form.set_landscape()
    form.set_paper(9)
    form.fit_to_pages(1, 0)
    form.repeat_rows(3)
    form.protect()
    workbook.set_custom_property("xltrack_form", "XLT-1322")
    workbook.close()
    return path


def write_lists(workbook, sheet):
    sheet.hide()
    sheet.write_column("A1", ["Bắc Ninh", "Cà Mau", "Huế"])
    sheet.write_column("D1", [province for province, _ in PLACES])
    sheet.write_column("E1", [commune for _, commune in PLACES])
    workbook.define_name("provinces", "=LISTS!$A$1:$A$3")


def write_table(workbook, sheet):
    formats = {"A:B": "General", "C:C": "@", "D:D": "dd/mm/yyyy", "E:E": "#,##0.00"}
    for columns, number_format in formats.items():
        sheet.set_column(columns, 16, workbook.add_format({"num_format": number_format, "locked": False}))
    sheet.write("A1", "Báo cáo thử", workbook.add_format({"locked": True, "bold": True}))
    sheet.add_table("A4:F14", {"name": "tbl_form", "columns": [{"header": name} for name in HEADINGS]})
    for row in range(5, 15):
        sheet.write_formula(f"F{row}", f'=IF(E{row}="","",E{row}*2)', None, "")


def add_rules(workbook, sheet):
    stop = {"validate": "list", "source": "=provinces", "error_title": "Tỉnh", "error_message": "Chọn tỉnh"}
    sheet.data_validation("A5:A14", {**stop, "input_title": "Tỉnh", "input_message": "Chọn trong danh sách"})
    sheet.data_validation("B5:B14", {"validate": "list", "source": f"={COMMUNES}"})
    sheet.data_validation("C5:C14", {"validate": "custom", "value": "=LEN($C5)=10"})
    between = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 9000}
    sheet.data_validation("E5:E14", {**between, "error_type": "warning"})
    sheet.data_validation("G5:G14", {"validate": "list", "source": ["có", "không"], "dropdown": False})
    pink = workbook.add_format({"bg_color": "#FFC7CE"})
    missing = {"type": "formula", "criteria": '=AND($A5<>"",$C5="")', "format": pink}
    sheet.conditional_format("A5:E14", missing)


def test_entries_arrive_as_a_person_would_have_left_them(office, book, tmp_path):
    out = office.fill(
        book,
        {
            "FORM": {
                "A5": "Huế",
                "B5": "Phú Xuân",
                "C5": "0101234567",
                "D5": dt.date(2025, 12, 31),
                "E5": 12.5,
                "A6": {"typed": "Cà Mau"},
                "C6": {"typed": "0101234567"},
                "D6": {"typed": "1/2/2026"},
                "E6": {"typed": "1.234,5"},
            }
        },
        tmp_path / "filled.xlsx",
    )
    sheet = openpyxl.load_workbook(out)["FORM"]
    assert [sheet[at].value for at in ("A5", "B5", "C5", "E5")] == ["Huế", "Phú Xuân", "0101234567", 12.5]
    assert sheet["D5"].value == dt.datetime(2025, 12, 31)  # noqa: DTZ001 - Excel's dates have no zone
    assert sheet["D6"].value == dt.datetime(2026, 2, 1)  # noqa: DTZ001
    assert [sheet[at].value for at in ("A6", "C6", "E6")] == ["Cà Mau", "0101234567", 1234.5]
    seen = office.cells(out, {"FORM": ["D5:F5"]}, recalculate=False)["FORM"]
    assert [seen[at]["text"] for at in ("D5", "E5", "F5")] == ["31/12/2025", "12,50", "25"]


@pytest.mark.parametrize(
    ("locale", "keys", "value"),
    [
        ("vi-VN", "1.234,5", 1234.5),
        ("vi-VN", "1,234.5", "1,234.5"),
        ("en-US", "1,234.5", 1234.5),
        ("en-US", "1.234,5", "1.234,5"),
    ],
)
def test_the_locale_decides_what_typed_keys_mean(office, book, tmp_path, locale, keys, value):
    out = tmp_path / "typed.xlsx"
    office.fill(book, {"FORM": {"E5": {"typed": keys}}}, out, locale=locale)
    assert openpyxl.load_workbook(out)["FORM"]["E5"].value == value


def test_true_and_nothing_can_be_entered(office, book, tmp_path):
    once = office.fill(book, {"FORM": {"B6": True}}, tmp_path / "1.xlsx", pasted=True)
    assert openpyxl.load_workbook(once)["FORM"]["B6"].value is True
    again = office.fill(once, {"FORM": {"B6": None}}, tmp_path / "2.xlsx")
    assert openpyxl.load_workbook(again)["FORM"]["B6"].value is None


@pytest.mark.parametrize(
    ("entries", "cells", "reason"),
    [
        ({"FORM": {"A5": "Huế", "F5": 1, "A1": "x"}}, ("FORM!F5", "FORM!A1"), "locked"),
        ({"LISTS": {"A4": "Hà Nội"}}, ("LISTS!A4",), "hidden"),
        ({"FORM": {"A5": "Hue", "C5": "0101234567"}}, ("FORM!A5",), "validation"),
        ({"FORM": {"A5": "Huế", "B5": "Từ Sơn", "C5": "123"}}, ("FORM!B5", "FORM!C5"), "validation"),
    ],
)
def test_what_a_person_could_not_type_is_refused_by_cell(office, book, tmp_path, entries, cells, reason):
    out = tmp_path / "refused.xlsx"
    with pytest.raises(Refused, match=reason) as refusal:
        office.fill(book, entries, out)
    assert refusal.value.cells == cells
    assert not out.exists()


def test_a_warning_lets_through_and_pasting_goes_round_a_stop(office, book, tmp_path):
    warned = office.fill(book, {"FORM": {"E5": -1}}, tmp_path / "warned.xlsx")
    pasted = office.fill(book, {"FORM": {"A5": "Hue", "C5": "123"}}, tmp_path / "pasted.xlsx", pasted=True)
    assert office.invalid_cells(warned) == {"FORM": ["E5"]}
    assert office.invalid_cells(pasted) == {"FORM": ["A5", "C5"]}
    assert office.invalid_cells(book) == {}


def test_a_dropdown_offers_what_its_list_yields_for_that_row(office, book, tmp_path):
    filled = office.fill(book, {"FORM": {"A5": "Bắc Ninh", "A6": "Huế"}}, tmp_path / "filled.xlsx")
    offered = office.choices(filled, {"FORM": ["A9", "B5", "B6", "B7"]})["FORM"]
    assert offered["A9"] == ["Bắc Ninh", "Cà Mau", "Huế"]
    assert (offered["B5"], offered["B6"], offered["B7"]) == (["Từ Sơn", "Quế Võ"], ["Phú Xuân"], [])


@pytest.mark.parametrize("address", ["C5", "G5", "H9"])
def test_a_cell_without_dropdown_is_named(office, book, address):
    with pytest.raises(Refused, match=f"FORM!{address}: the cell has no dropdown"):
        office.choices(book, {"FORM": [address]})


def test_sheets_are_described_as_seen(office, book):
    form, lists = (office.inspect(book)["sheets"][tab] for tab in ("FORM", "LISTS"))
    assert (form["visible"], form["protected"], form["used"]) == (True, True, "A1:H14")
    assert (lists["visible"], lists["protected"], lists["used"]) == (False, False, "A1:E4")
    assert (form["hidden_rows"], form["hidden_columns"]) == ([3], [])
    assert form["frozen"] == {"rows": 4, "columns": 1}
    assert form["tables"] == {"tbl_form": {"range": "A4:F14", "header": True, "filter_buttons": True}}
    assert form["print"] == {
        "landscape": True,
        "paper_mm": [297, 210],
        "pages_wide": 1,
        "pages_high": 0,
        "repeat_rows": [4, 4],
        "areas": [],
    }


def test_names_and_custom_properties_are_listed(office, book):
    workbook = office.inspect(book)
    assert workbook["names"] == {"provinces": "LISTS!$A$1:$A$3"}
    assert workbook["properties"]["xltrack_form"] == "XLT-1322"


def test_validations_are_listed_as_they_were_written(office, book):
    rules = {rule["ranges"][0]: rule for rule in office.inspect(book)["sheets"]["FORM"]["validations"]}
    listed = {
        at: (rule["kind"], rule["formula1"], rule["dropdown"], rule["alert"]) for at, rule in rules.items()
    }
    assert listed == {
        "A5:A14": ("list", "provinces", True, "stop"),
        "B5:B14": ("list", COMMUNES, True, "stop"),
        "C5:C14": ("custom", "LEN($C5)=10", False, "stop"),
        "E5:E14": ("decimal", "0", False, "warning"),
        "G5:G14": ("list", '"có","không"', False, "stop"),
    }
    money, province = rules["E5:E14"], rules["A5:A14"]
    assert (money["operator"], money["formula2"], money["seen_from"]) == ("between", "9000", "E5")
    assert (province["error_title"], province["error_message"]) == ("Tỉnh", "Chọn tỉnh")
    assert (province["input_title"], province["input_message"]) == ("Tỉnh", "Chọn trong danh sách")


def test_conditional_formats_are_listed_with_their_colour(office, book):
    (highlight,) = office.inspect(book)["sheets"]["FORM"]["conditional_formats"]
    assert highlight["ranges"] == ["A5:E14"]
    (entry,) = highlight["entries"]
    assert (entry["operator"], entry["formula1"]) == ("formula", 'AND($A5<>"",$C5="")')
    assert entry["background"] == "#FFC7CE"


def test_formulas_are_worked_out_unless_the_stored_values_are_wanted(office, book):
    wanted = {"FORM": ["A1", "A5", "H1:H2"]}
    fresh, stored = office.cells(book, wanted)["FORM"], office.cells(book, wanted, recalculate=False)["FORM"]
    assert (fresh["H1"]["value"], stored["H1"]["value"]) == (2, 0)
    assert fresh["H1"]["formula"] == "=1+1"
    assert (fresh["H2"]["error"], fresh["H2"]["value"]) == ("#DIV/0!", None)
    assert fresh["A1"] == {"text": "Báo cáo thử", "value": "Báo cáo thử", "formula": None, "error": None}
    assert fresh["A5"] == {"text": "", "value": None, "formula": None, "error": None}


def test_pictures_show_each_visible_sheet(office, book, tmp_path):
    pictures = office.picture(book, tmp_path / "png")
    assert [picture.name for picture in pictures] == ["FORM-1.png"]
    data = pictures[0].read_bytes()
    width, height = (int.from_bytes(data[start : start + 4], "big") for start in (16, 20))
    assert data.startswith(b"\x89PNG")
    assert width > height  # landscape
    with pytest.raises(Refused, match="hidden"):
        office.picture(book, tmp_path, ["LISTS"])


def test_a_picture_shows_no_other_sheet_even_one_with_a_print_area(office, tmp_path):
    path = tmp_path / "areas.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for tab in ("A", "B"):
            workbook.add_worksheet(tab).write("A1", tab)
        workbook.get_worksheet_by_name("A").print_area("A1:B2")
    assert [picture.name for picture in office.picture(path, tmp_path, ["B"])] == ["B-1.png"]


@pytest.mark.parametrize("suffix", [".ods", ".xls", ".xlsx"])
def test_another_format_still_holds_values_and_dropdowns(office, book, tmp_path, suffix):
    filled = office.fill(book, {"FORM": {"A5": "Bắc Ninh", "E5": 5}}, tmp_path / f"filled{suffix}")
    saved = office.save_as(filled, tmp_path / f"saved{suffix}")
    assert office.cells(saved, {"FORM": ["F5"]})["FORM"]["F5"]["value"] == 10
    assert office.choices(saved, {"FORM": ["B5"]})["FORM"]["B5"] == ["Từ Sơn", "Quế Võ"]


def test_csv_holds_the_sheet_asked_for(office, book, tmp_path):
    out = office.save_as(book, tmp_path / "lists.csv", tab="LISTS")
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == ["Bắc Ninh", "", "", "Bắc Ninh", "Từ Sơn"]
    assert len(rows) == len(PLACES)


def test_the_workbook_asked_about_is_never_changed(office, book, tmp_path):
    before = book.read_bytes()
    office.choices(book, {"FORM": ["A5"]})
    office.fill(book, {"FORM": {"A5": "Huế"}}, tmp_path / "out.xlsx")
    office.picture(book, tmp_path)
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir()] == [book.name]


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "not exist|type detection"), (b"\x00\x01 no workbook", "workbook|open")]
)
def test_what_is_no_workbook_is_an_error_with_its_path(office, tmp_path, content, reason):
    path = tmp_path / "broken.xlsx"
    if content:
        path.write_bytes(content)
    with pytest.raises(OfficeError, match=f"{path.name}.*({reason})"):
        office.inspect(path)


def test_a_wrong_tab_or_address_is_an_error_that_says_so(office, book):
    with pytest.raises(OfficeError, match="no sheet 'FROM'; there are FORM, LISTS"):
        office.cells(book, {"FROM": ["A1"]})
    with pytest.raises(OfficeError, match="'1A' is no cell address"):
        office.cells(book, {"FORM": ["1A"]})


def test_after_a_crash_the_next_question_is_answered(office, book):
    with Office() as fragile:
        assert fragile.invalid_cells(book) == {}
        office_process.kill(fragile._running("vi-VN").process)
        with pytest.raises(OfficeError, match="ended unexpectedly"):
            fragile.invalid_cells(book)
        assert fragile.invalid_cells(book) == {}


def test_nothing_is_left_behind(office, book):
    with Office() as short_lived:
        short_lived.invalid_cells(book)
        server = short_lived._running("vi-VN")
        assert server.profile.is_dir()
    assert server.process.returncode == 0
    assert not server.profile.exists()


def test_a_silent_libreoffice_is_ended(office, book, monkeypatch):
    with Office() as slow:
        slow.invalid_cells(book)
        monkeypatch.setattr("tests.office.ANSWER_SECONDS", 0.001)
        server = slow._running("vi-VN")
        with pytest.raises(OfficeError, match=r"did not answer within 0.001 s"):
            slow.inspect(book)
    assert server.process.returncode is not None


@pytest.mark.parametrize(
    ("missing", "reason"), [("find_soffice", "soffice"), ("find_uno_python", "import uno")]
)
def test_a_missing_program_is_named(monkeypatch, missing, reason):
    monkeypatch.setattr(office_process, "find_soffice", lambda: Path("soffice"))
    monkeypatch.setattr(office_process, "find_uno_python", lambda: Path("python"))
    assert office_available() is None
    monkeypatch.setattr(office_process, missing, lambda: None)
    assert reason in str(office_available())
