"""Workbooks that hold, between them, one mistake of every kind that one file alone can show; in as few as can be.

The form is filled in and spoilt by openpyxl, as a script of a province would, or filled in cell by cell.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.case_files import GOOD_COVER, read_cases
from tests.messes.truth import FORM, SCHEMAS, write_truth
from tests.mistakes import COVER, write_cases, write_mistakes
from tests.sheets import Formula, Styled, cell_of

TYPED: Final = """
XLT301 | enterprises[0].insured_workers  | khoảng 120
XLT302 | enterprises[1].insured_workers  | '64,5
XLT303 | applications[0].start_date      | 'sau Tết
XLT304 | applications[2].value_before    | '1.250
XLT305 | enterprises[0].exporter         | tùy năm
XLT306 | applications[1].status          | Đã nghiệm thu xong đợt 1
XLT308 | enterprises[2].women_workers    | #REF!
XLT309 | funding[1].amount               | =400+50.5
XLT310 | enterprises[5].total_capital    | '0,5 đ
XLT311 | enterprises[0].tax_code         | 100233488
XLT312 | applications[3].certificate_no  | 1002334880012340.0
XLT313 | targets[0].target_value         | 15%
XLT314 | applications[0].expires_on      | 2028-05-03
XLT314 | applications[1].expires_on      | '15/03/2028
XLT314 | applications[2].expires_on      | '16/04/2028
XLT315 | funding[0].amount               | '600 triệu
XLT316 | applications[1].start_date      | '12/03/25
XLT317 | milestones[0].done_on           | '25/03/0205
XLT318 | tasks[0].start_date             | 'Quý I/2025
XLT319 | enterprises[5].enterprise_name  | <.VnTime>C«ng ty TNHH Hßa Phong
XLT321 | training[0].course_id           | 'НТ-001
XLT322 | tasks[1].volume                 | 'như trên
XLT323 | applications[0].tool_code       | ISO 9001
XLT323 | applications[1].tool_code       | ISO 9002
XLT323 | applications[2].tool_code       | ISO 9003
XLT326 | enterprises[3].tax_code         | '001088012345
XLT320 | enterprises[3].enterprise_name  | C«ng ty TNHH s¶n xuÊt
XLT340 | enterprises[0].revenue          | '85250.5
XLT340 | enterprises[1].revenue          | '12.500
XLT324 | training[1].course_id           | 2025-05-03
XLT325 | key_products[1].product_id      | 1.1
XLT330 | focal_agency[1].office_phone    | 2223822492
XLT331 | focal_agency[0].office_phone    | gặp văn thư
XLT332 | milestones[1].start_date        | 45748
XLT350 | tasks[1].end_date               | '31/11/2025
XLT351 | enterprises[4].tax_code         | '1,00686E+08
XLT352 | enterprises[3].insured_workers  | 1234567890123450
XLT353 | applications[4].certificate_no  | 2025-12-10
XLT354 | applications[2].certificate_no  | TRUE
XLT355 | training[1].women               | 'không có
XLT356 | enterprises[5].tax_code         | 79086012345
"""
"""What is typed into cells of the form: the code that it gives, the cell, and the value as `cell_of` reads it."""


def fill(book: Any) -> None:
    """Type what TYPED says."""
    for line in TYPED.strip().splitlines():
        _, where, typed = (part.strip() for part in line.split(" | ", 2))
        sheet, row, column = re.findall(r"\w+", where)
        _type(at(book, sheet, column, int(row)), cell_of(typed))
    at(book, "funding", "amount", 4).number_format = '0" tỷ"'  # XLT357


def at(book: Any, sheet: str, column: str, row: int = 0) -> Any:
    """Return the cell of a column in a row of data, counted from 0, while the sheet is as the form has it."""
    place = [known.id for known in FORM.by_id[sheet].columns].index(column) + 1
    return book[FORM.by_id[sheet].tab].cell(5 + row, place)


def _type(cell: Any, value: object) -> None:
    match value:
        case Formula(text):
            cell.value = text
        case Styled(value=text, number_format=shown, font=font):
            cell.value, cell.number_format, cell.font = text, shown, Font(name=font)
        case str(text) if text.startswith("#"):
            cell.value, cell.data_type = text, "e"
        case int():  # in a column of texts or days a number stands for itself where its format says so
            cell.value, cell.number_format = value, "General"
        case _:
            cell.value = value


def spoil(book: Any) -> None:
    """Do to the sheets what people do."""
    book["BIA"]["F9"] = 2024  # XLT231
    own = book.create_sheet("Ghi chú")  # XLT202
    own["A1"], own["B2"] = "Gọi lại chị Hoa", 12
    book["DAU_MOI"].sheet_state = "hidden"  # XLT214
    firms = book["DOANH_NGHIEP"]
    firms.merge_cells("D5:D6")  # XLT217
    firms.merge_cells("B7:C7")  # XLT218
    firms.merged_cells.add("B8:B9")  # XLT233: what stands below stays
    for cell in firms[9]:
        cell.font = Font(strike=True)  # XLT219
    at(book, "funding", "amount", 1).comment = Comment("Thực tế 470 triệu, xem công văn", "Lan")  # XLT220
    funding = book["KINH_PHI"]
    funding.row_dimensions[7].hidden = True  # XLT221
    funding.column_dimensions["E"].hidden = True  # XLT224
    funding["H14"] = 1050.5  # XLT230
    training = book["DAO_TAO"]
    training.auto_filter.ref = "A4:M6"
    training.auto_filter.add_filter_column(0, ["KH-01"])
    training.row_dimensions[6].hidden = True  # XLT222
    book["VUONG_MAC"].add_chart(BarChart(), "J10")  # XLT223
    _write(book["CHI_TIEU"], "P4", ("Huyện", "Số DN"), ("Lục Ngạn", 12), ("Yên Thế", 7))  # XLT225
    at(book, "applications", "tool_code", 1).value = "ISO 9001, 5S, Lean"  # XLT227
    next(iter(book["NHIEM_VU"].tables.values())).ref = "A4:P5"  # XLT229
    again = [cell.value for cell in book["NHIEM_VU"][6]]
    _write(book["NHIEM_VU"], "A7", ("NV-03", *again[1:]))  # XLT517
    _write(book["SAN_PHAM"], "A7", ("SP-03", "Ví dụ: chè Thái", None, "province"))  # XLT261
    _write(book["SAN_PHAM"], "A8", ("Tổng cộng", 3))  # XLT262


def spoil_more(book: Any) -> None:
    """Do to the sheets what cannot be done to one sheet together with that."""
    del book["VUONG_MAC"]  # XLT201
    book["BIA"]["C11"] = None
    at(book, "enterprises", "province_code").value = "Bắc Ninh"  # XLT307
    tasks = book["NHIEM_VU"]
    tasks["B4"], tasks["D4"] = tasks["D4"].value, tasks["B4"].value  # XLT210
    book["DOANH_NGHIEP"]["B4"] = "Tên cơ sở sản xuất, kinh doanh"  # XLT211
    book.copy_worksheet(book["DAO_TAO"]).title = "DAO_TAO (2)"  # XLT209
    other = book.copy_worksheet(book["SAN_PHAM"])
    other.title, other["B5"] = "SAN_PHAM (2)", "Chè"  # XLT208
    book.copy_worksheet(book["CHI_TIEU"]).title = "CHI_TIEU (2)"  # XLT213
    for row in book["CHI_TIEU"]["A5:Z6"]:
        for cell in row:
            cell.value = None
    book["TIEN_DO"].title = "Sheet7"  # XLT212
    book["KINH_PHI"].insert_rows(5)
    book["KINH_PHI"]["H5"] = "(USD)"  # XLT260
    table = ("Mã số thuế", "Tên doanh nghiệp", "Tỉnh, thành phố"), ("0101234572", "Công ty C", "Hà Nội")
    _write(book["DAU_MOI"], "A10", *table)  # XLT226
    for row in book["AP_DUNG"]["P3:P9"]:
        row[0].value = None  # XLT204


def spoil_headings(book: Any) -> None:
    """Do to the headings what leaves a sheet without what is required of it."""
    book["DAO_TAO"]["C3"], book["DAO_TAO"]["C4"] = None, "Nội dung lớp"  # XLT203, XLT205
    targets = book["CHI_TIEU"]
    for row in (3, 4):
        for cell in targets[row]:
            cell.value = f"Cột {cell.column}" if cell.value else None  # XLT207
    obstacles = book["VUONG_MAC"]
    for row in range(3, 7):
        obstacles.cell(row, 12).value = obstacles.cell(row, 5).value  # XLT206
    _write(book["KINH_PHI"], "A11", ("Cộng nhóm I", *[None] * 6, 2590.5), ("Tổng cộng", *[None] * 6, 2600))
    book["DOANH_NGHIEP"]["C2"] = "Đơn vị tính: đồng"  # XLT234
    book["NHIEM_VU"]["M4"].comment = Comment("Đơn vị: triệu đồng", "Lan")  # XLT358
    milestones = book["TIEN_DO"]
    milestones.delete_rows(3)
    milestones.insert_rows(3, 2)
    _write(
        milestones, "A3", ("36", "1", "Dự thảo", "Xây dựng dự thảo"), ("36", "2", "Ban hành", "Ký")
    )  # XLT232


def _write(sheet: Any, corner: str, *rows: tuple[object, ...]) -> None:
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            sheet[corner].offset(down, across).value = value


CHANGED: Final[Mapping[str, Callable[[Any], None]]] = {
    "typed": fill, "spoilt": spoil, "spoilt more": spoil_more, "Nghệ An 2024": spoil_headings,
}  # fmt: skip
NOVEMBER: Final = COVER | {
    "cut_off_date": "14/11/2025", "figures_kind": "actual", "signed_on": "10/11/2025",
    "funding_total": "70.000.000", "funding_state": "2.000.000", "funding_other": "3.000.000",
}  # fmt: skip
NIL: Final = GOOD_COVER | {"nil_report": "Có", "year": "2026", "cut_off_date": "14/12/2024"}
MILLIONS: Final = GOOD_COVER | {
    "funding_kind": "disbursed", "funding_total": "12.000.000",
    "funding_state": "8.000.000", "funding_other": "4.000.000",
}  # fmt: skip
OF_CASES: Final = {
    "November": (
        NOVEMBER,
        "XLT523 XLT530 XLT550 XLT556 XLT539 XLT542 XLT560 XLT569 XLT570 XLT571 XLT572 XLT564",
    ),
    "nil": (NIL, "XLT407 XLT507 XLT505 XLT514"),
    "elsewhere": (MILLIONS, "XLT515 XLT548 XLT329"),
    "nothing": (GOOD_COVER, ""),
}
"""Workbooks with the rows of some of the cases under tests/cases: the cover, and codes that these cases expect."""


def write_all(folder: Path) -> list[Path]:
    """Write the workbooks into `folder`."""
    made = [_by_openpyxl(folder / f"{name}.xlsx", change) for name, change in CHANGED.items()]
    for name, (cover, codes) in OF_CASES.items():
        cases = [case for case in read_cases() if {one.code for one in case.expected} & set(codes.split())]
        made.append(write_cases(folder / f"{name}.xlsx", SCHEMAS, cases, cover))
    return [*made, write_mistakes(folder / "all cases.xlsx", SCHEMAS)]


def _by_openpyxl(path: Path, change: Callable[[Any], None]) -> Path:
    book: Any = openpyxl.load_workbook(write_truth(path))
    change(book)
    book.save(path)
    return path
