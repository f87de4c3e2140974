"""The sheet "Kiểm tra": what it says, how it is written, and that reading passes it over."""

import re
import shutil
import zipfile

import openpyxl
import pytest

import xltrack
from tests.messes.truth import write_truth
from tests.wrong_rows import Compared, compare, worked_out, write_wrong
from xltrack.excel.check_words import UNSAID, say
from xltrack.excel.conditions import every, no, some
from xltrack.excel.pattern_formulas import matches
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.findings import catalogue
from xltrack.forms import load_schemas
from xltrack.language import Text

pytestmark = pytest.mark.slow

SCHEMAS = load_schemas()
FORM = SCHEMAS.form()
TAB = "Kiểm tra"
BAC_NINH = SCHEMAS.units.by_code["T34-24"]
ANNUAL = SCHEMAS.units.round(2025, "annual")
UP_TO_EXCEL_2010 = set(
    "ABS AND COLUMN COUNTA COUNTIF COUNTIFS EXACT FIND HYPERLINK IF IFERROR INDEX INT ISBLANK ISERROR ISNUMBER LEFT "
    "LEN LOWER MATCH MAX MID MIN MMULT MOD N OFFSET REPT RIGHT ROUND ROW SUBSTITUTE SUM SUMIFS SUMPRODUCT TEXT "
    "TRANSPOSE TRIM YEAR".split()
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("check") / "bac-ninh.xlsx"
    write_template(path, FORM, SCHEMAS, TemplateOptions(unit=BAC_NINH, round=ANNUAL))
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def formulas_of(book):
    """Return every formula of the sheet and of the names it goes by."""
    cells = (cell.value for row in book[TAB].iter_rows() for cell in row)
    texts = (getattr(value, "text", value) for value in cells)
    return [text for text in texts if str(text).startswith("=")] + [
        defined.value for defined in book.defined_names.values()
    ]


def details_of(book):
    """Return (tab, column, code) of every check, in their order."""
    rows = book[TAB].iter_rows(min_row=7, values_only=True)
    return [(row[13], row[14], row[19]) for row in rows if row[19]]


class TestSheet:
    def test_formulas_keep_to_what_every_program_understands(self, book):
        formulas = [re.sub('"[^"]*"', '""', text) for text in formulas_of(book)]
        assert len(formulas) > 1_000
        assert set(re.findall(r"\b([A-Z][A-Z.]+)\(", " ".join(formulas))) <= UP_TO_EXCEL_2010
        assert not [text for text in formulas if set("{[#") & set(text)]
        assert max(map(len, formulas)) < 8_192

    def test_formulas_use_no_name_that_is_not_there(self, book):
        used = re.findall(
            r"\b(?:col|wrong|count|filled|known|list|child|parent|row|key|own)_\w+",
            " ".join(formulas_of(book)),
        )
        assert set(used) <= set(book.defined_names)

    def test_formulas_have_no_values_so_that_programs_work_them_out_when_they_open_the_file(self, path, book):
        number = book.sheetnames.index(TAB) + 1
        with zipfile.ZipFile(path) as package:
            text = package.read(f"xl/worksheets/sheet{number}.xml").decode()
        cells = re.findall(r"<c [^>]*>(.*?)</c>", text)
        assert len([cell for cell in cells if "<f" in cell]) > 1_000
        assert not [cell for cell in cells if "<f" in cell and "<v>" in cell]

    def test_every_column_is_checked_for_what_its_schema_says(self, book):
        checked = set(details_of(book))
        for sheet in FORM.sheets:
            for column in sheet.columns:
                codes = {code for tab, title, code in checked if (tab, title) == (sheet.tab, column.title.vi)}
                wanted = {"XLT401"} if column.required else set()
                wanted |= {"XLT403"} if "minimum" in column.schema else set()
                wanted |= {"XLT404"} if "maximum" in column.schema else set()
                wanted |= {"XLT405"} if "maxLength" in column.schema else set()
                wanted |= {"XLT303", "XLT317"} if column.type == "date" else set()
                wanted |= {"XLT301"} if column.type in ("integer", "number") else set()
                wanted |= {"XLT306"} if column.code_list and not column.code_open else set()
                wanted |= {"XLT411"} if column.checksum else set()
                wanted |= {"XLT502"} if column.references else set()
                wanted |= {"XLT501"} if column.id in sheet.key[:1] else set()
                assert wanted <= codes, (sheet.id, column.id)

    def test_the_english_sentence_names_a_list_in_english(self, book):
        said = {str(cell) for row in book[TAB].iter_rows(values_only=True) for cell in row if cell}
        assert "The value is not in the list “Reporting units”." in said

    def test_rules_are_asked_that_formulas_can_say_and_no_notes(self, book):
        asked = {code for _, _, code in details_of(book) if code > "XLT502"}
        assert asked >= {
            "XLT503",
            "XLT504",
            "XLT508",
            "XLT511",
            "XLT520",
            "XLT525",
            "XLT539",
            "XLT546",
            "XLT557",
        }
        assert len(asked) > 30
        assert {catalogue()[code].severity for code in asked} == {"error", "warning"}
        assert not asked & {"XLT516", "XLT536"}, "similar names and overlaps are left to validate"

    def test_a_rule_stands_at_each_column_that_its_query_names(self, book):
        spans = {(tab, title) for tab, title, code in details_of(book) if code == "XLT520"}
        assert ("AP_DUNG", "Ngày kết thúc") in spans
        assert len(spans) == 6

    def test_very_long_sheets_are_not_asked_for_sums_of_one_key(self, tmp_path):
        write_template(tmp_path / "long.xlsx", FORM, SCHEMAS, TemplateOptions(capacity=5_000))
        codes = {code for _, _, code in details_of(openpyxl.load_workbook(tmp_path / "long.xlsx"))}
        assert not codes & {"XLT539", "XLT540"}
        assert "XLT503" in codes

    def test_no_check_is_there_twice(self, book):
        details = details_of(book)
        assert len(details) == len(set(details))

    def test_errors_stand_before_doubts(self, book):
        codes = [code for _, _, code in details_of(book)]
        assert "XLT411" in codes
        assert codes.index("XLT411") > max(n for n, code in enumerate(codes) if code == "XLT401")


class TestReading:
    def test_the_sheet_is_passed_over_for_a_reason_of_its_own(self, path):
        (file,) = xltrack.validate([path]).files
        assert file.ledger.ignored["self_check"] > 1_000
        assert not [finding for finding in file.findings if finding.sheet == TAB]

    def test_the_sheet_says_that_it_is_stricter_than_reading(self, book):
        words = " ".join(
            str(cell.value) for row in book[TAB].iter_rows(max_row=5) for cell in row if cell.value
        )
        assert "cũng đánh dấu cách viết mà xltrack vẫn hiểu được" in words

    def test_a_sheet_of_somebody_else_with_that_name_is_not(self, path, tmp_path):
        book = openpyxl.load_workbook(path)
        del book[TAB]
        book.create_sheet(TAB)["B2"] = "Đã kiểm tra ngày 5/11"
        book.save(tmp_path / "own.xlsx")
        (file,) = xltrack.validate([tmp_path / "own.xlsx"]).files
        assert ("XLT202", TAB) in {(finding.code, finding.sheet) for finding in file.findings}
        assert "self_check" not in file.ledger.ignored


def put(tab, sheet, values, row=50):
    """Write a row far below the others."""
    names = [column.id for column in sheet.columns]
    for name, value in values.items():
        tab.cell(row, 1 + names.index(name)).value = value


def put_on_cover(book, values):
    cells = {row[0].value: row[2] for row in book[FORM.cover.tab].iter_rows()}
    for name, value in values.items():
        cells[name].value = value


@pytest.mark.office
class TestVerdict:
    """Worked out by LibreOffice when it opens the file."""

    def test_a_blank_workbook_says_what_is_missing(self, path, office, tmp_path):
        rows = worked_out(shutil.copyfile(path, tmp_path / "blank.xlsx"), office)
        assert rows[2][1] == "CÒN 3 CHỖ PHẢI SỬA — 3 to be mended"
        assert [row[2:6] for row in rows[6:10]] == [
            ["BIA", "Ngày chốt số liệu", "1", "C14"],
            ["BIA", "Loại số liệu", "1", "C15"],
            ["BIA", "Không phát sinh", "1", "C21"],
            ["", "", "", ""],
        ]

    def test_a_good_return_is_ready(self, office, tmp_path):
        rows = worked_out(write_truth(tmp_path / "good.xlsx"), office)
        assert rows[2][1].startswith("SẴN SÀNG GỬI")
        assert not [row for row in rows[6:66] if "Lỗi" in row[1]]

    def test_rows_that_say_nothing_and_errors_beside_a_blank_count_as_validate_counts_them(
        self, office, tmp_path
    ):
        path = tmp_path / "nothing.xlsx"
        write_wrong(path, 10, 20)
        book = openpyxl.load_workbook(path)
        for sheet in FORM.tables:
            for row, words in enumerate(("-", "Không", "\u200b", "\u00a0"), 40):
                free = next(n for n, column in enumerate(sheet.columns, 1) if column.type != "boolean")
                book[sheet.tab].cell(row, free).value = words
        obstacle = {"sequence": 77, "category": "Kinh phí", "obstacle": "Thiếu vốn", "cause": "#N/A"}
        result = {
            "application_id": "X",
            "programme": "Chương trình 1322",
            "tool_code": "5S",
            "status": "Hoàn thành",
        }
        put(book["VUONG_MAC"], FORM.by_id["obstacles"], obstacle)
        put(book["AP_DUNG"], FORM.by_id["applications"], {**result, "value_before": " ", "value_after": 272})
        for row, key in ((51, "X\u00a0"), (52, " X"), (53, "Y")):
            put(book["AP_DUNG"], FORM.by_id["applications"], {**result, "application_id": key}, row)
        item = {"subject_kind": "Khác", "source": "Nguồn khác", "figure_kind": "Giải ngân"}
        for row, (year, amount) in enumerate(((2024, 10), (2024, 25), (2023, 5), (2023, 5)), 50):
            put(book["KINH_PHI"], FORM.by_id["funding"], {**item, "year": year, "amount": amount}, row)
        below = FORM.by_id["obstacles"].capacity + 400
        put(book["VUONG_MAC"], FORM.by_id["obstacles"], {**obstacle, "sequence": 78}, below)
        put_on_cover(book, {"unit_code": "T34-01 – Hà Nội", "unit_name": None, "year": 2026})
        book.save(path)
        total = Compared()
        compare(path, office, total)
        assert total.disagreements == []
        assert min(total.agreed[code] for code in ("XLT308", "XLT533", "XLT124", "XLT125")) >= 1
        assert total.agreed["XLT559"] == 2, "one of them far below the rows that the table has room for"
        assert total.agreed["XLT501"] == 5, "blanks before and after a key are none of it"
        assert total.agreed["XLT579"] == 2, "two payments of one item"
        assert total.agreed["XLT401"] == 6, "who decides twice, and which enterprise"

    def test_another_version_another_name_and_rows_too_far_down_are_told(self, office, tmp_path):
        path = write_truth(tmp_path / "other.xlsx")
        book = openpyxl.load_workbook(path)
        put_on_cover(book, {"form_version": "2.0", "unit_name": "Hà Nội", "part_no": 3, "part_count": 2})
        book["AP_DUNG"]["C9000"] = "0100109106"
        book.save(path)
        rows = worked_out(path, office)
        assert rows[2][1].startswith("CHƯA KIỂM TRA HẾT")
        assert " AP_DUNG > 2004 " in rows[2][1]
        errors = [(row[2], row[3], row[8]) for row in rows[6:66] if "Lỗi" in row[1]]
        assert errors == [
            ("BIA", "Phiên bản biểu mẫu", "XLT107"),
            ("BIA", "Đơn vị báo cáo", "XLT131"),
            ("BIA", "Phần số", "XLT574"),
        ]

    def test_it_is_what_validate_says_of_wrong_rows(self, office, tmp_path):
        """Many more of them: `make bench ARGS=self_check`."""
        total = Compared()
        for seed in (1, 2):
            assert write_wrong(tmp_path / f"{seed}.xlsx", seed, 30) > 200
            compare(tmp_path / f"{seed}.xlsx", office, total)
        assert total.disagreements == []
        assert total.agreed.total() > 40
        assert len(total.agreed) > 15


class TestWords:
    @pytest.mark.parametrize(
        ("code", "facts", "vi", "en"),
        [
            ("XLT301", {}, "Giá trị không phải là số.", "The value is not a number."),
            ("XLT401", {}, "Thiếu «Số người tham dự».", "“Participants” is missing."),
            (
                "XLT403",
                {"limit": Text("từ 0 trở lên", "at least 0")},
                "Giá trị nhỏ hơn mức cho phép (từ 0 trở lên).",
                "The value is below what is allowed (at least 0).",
            ),
            (
                "XLT411",
                {},
                "Giá trị có chữ số kiểm tra không khớp.",
                "The check digit of the value does not agree.",
            ),
        ],
    )
    def test_a_message_about_one_value_becomes_one_about_a_column(self, code, facts, vi, en):
        said = say(code, FORM.by_id["training"].by_id["participants"], facts)
        assert said.problem == Text(vi, en)

    @pytest.mark.parametrize(
        ("sheet", "code", "vi"),
        [
            ("applications", "XLT308", "Trong ô là giá trị lỗi, không phải số liệu."),
            ("cover", "XLT310", "Giá trị không phải số đồng nguyên."),
            ("key_products", "XLT405", "«Mã sản phẩm» dài quá 30 ký tự."),
            ("applications", "XLT501", "Dòng trùng: «Mã hỗ trợ»."),
            ("cover", "XLT503", "«Tổng kinh phí» ở trang bìa không khớp với các dòng kinh phí."),
            ("cover", "XLT504", "Tổng kinh phí khác ngân sách nhà nước cộng nguồn khác."),
            ("funding", "XLT539", "Giải ngân nhiều hơn số được phân bổ của cùng đối tượng, năm và nguồn."),
            ("cover", "XLT507", "Trang bìa ghi «không phát sinh», nhưng các trang còn lại có dòng số liệu."),
            ("enterprises", "XLT518", "«Năm hỗ trợ đầu tiên» sau năm báo cáo."),
            (
                "applications",
                "XLT524",
                "«Trạng thái» chưa là hoàn thành dù ngày kết thúc đã qua trước ngày chốt số liệu.",
            ),
            (
                "applications",
                "XLT578",
                "Trạng thái là đang thực hiện hoặc hoàn thành, nhưng «Ngày bắt đầu» nằm sau kỳ số liệu.",
            ),
            ("applications", "XLT527", "Đã hoàn thành nhưng không có «Số giấy chứng nhận»."),
            ("applications", "XLT529", "Giấy chứng nhận đã hết hạn trước ngày chốt số liệu."),
            ("applications", "XLT535", "Chỉ số thay đổi hơn 300%."),
            ("milestones", "XLT557", "Trạng thái và ngày hoàn thành không khớp nhau."),
            ("milestones", "XLT558", "Kế hoạch đã ban hành nhưng «Số văn bản» để trống."),
            ("targets", "XLT566", "«Kỳ» không hợp với loại kỳ."),
        ],
    )
    def test_the_problem_is_told_as_the_message_tells_it_but_for_what_one_finding_knows(
        self, book, sheet, code, vi
    ):
        rows = book[TAB].iter_rows(min_row=7, values_only=True)
        assert vi in [row[17] for row in rows if (row[13], row[19]) == (FORM.by_id[sheet].tab, code)]

    def test_nothing_is_left_open_in_any_line(self, book):
        lines = [
            str(cell) for row in book[TAB].iter_rows(min_row=7, min_col=12, values_only=True) for cell in row
        ]
        assert len(lines) > 1_000
        assert not [line for line in lines if set("{[") & set(line) or UNSAID in line or "“”" in line]


class TestConditions:
    def test_and_or_and_not_are_written_in_arithmetic(self):
        assert every("A1>1", "ISNUMBER(B1)") == "(A1>1)*ISNUMBER(B1)"
        assert some("(A1>1)", "(B1>1)*(C1>1)") == "((A1>1)+((B1>1)*(C1>1))>0)"
        assert no("ISNUMBER(B1)") == "(1-ISNUMBER(B1))"

    def test_a_pattern_without_end_is_left_to_validate(self):
        assert matches("^DP-.*$", "A1") is None
        assert matches("^DP-", "A1") is None
        assert matches("^[A-Z0-9-]{1,20}$", "A1") is None
