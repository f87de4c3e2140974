"""Why cells with content are not read as data."""

from collections.abc import Mapping

from xltrack.language import Text

REASONS: Mapping[str, Text] = {
    "title": Text("tiêu đề, ghi chú phía trên bảng", "titles and notes above the table"),
    "help": Text("lời hướng dẫn của biểu mẫu", "help texts of the form"),
    "id_row": Text("mã cột ẩn của biểu mẫu", "hidden column ids of the form"),
    "heading": Text("dòng tiêu đề cột", "headings of columns"),
    "above_headings": Text("dòng số liệu phía trên dòng tiêu đề", "rows of data above the headings"),
    "numbering": Text("dòng đánh số cột", "rows that number the columns"),
    "example": Text("dòng ví dụ", "example rows"),
    "section": Text("dòng nhóm, mục", "headings of groups"),
    "total": Text("dòng cộng", "total rows"),
    "placeholder": Text("dòng chỉ có giá trị điền sẵn", "rows with nothing but preset values"),
    "nothing": Text("dòng chỉ ghi “không có”", "rows that only say “none”"),
    "remark": Text("ghi chú trong bảng", "remarks in the table"),
    "footer": Text("phần ký tên", "signatures"),
    "scratch": Text("số tính nháp dưới bảng", "sums done below the table"),
    "other_table": Text("bảng khác trên cùng trang", "another table on the same sheet"),
    "row_numbers": Text("cột số thứ tự", "columns of row numbers"),
    "unknown_column": Text("cột ngoài biểu mẫu", "columns that the form does not have"),
    "duplicate_column": Text("cột lặp lại", "columns that are there twice"),
    "outside_table": Text("ô nằm ngoài bảng", "cells outside the table"),
    "instructions": Text("trang hướng dẫn", "the sheet of instructions"),
    "code_lists": Text("trang danh mục", "the sheet of code lists"),
    "manifest": Text("trang thông tin của công cụ", "the tool's own sheet"),
    "self_check": Text("trang tự kiểm tra của biểu mẫu", "the sheet on which the workbook checks itself"),
    "result_sheet": Text("trang kết quả kiểm tra của công cụ", "the tool's own sheet of results"),
    "copied_sheet": Text("bản sao của trang khác", "copies of other sheets"),
    "extra_sheet": Text("trang ngoài biểu mẫu", "sheets that the form does not have"),
    "header_not_found": Text("trang không có dòng tiêu đề cột", "sheets without headings"),
    "unknown_form": Text("không phải biểu mẫu được nhận", "not a form that is accepted"),
    "unsupported_version": Text(
        "phiên bản biểu mẫu không được nhận", "a version of the form that is not accepted"
    ),
}
"""Every reason of a ledger, with its title."""

REASONS_TO_STAY: Mapping[str, Text] = {
    **REASONS,
    "undecided": Text(
        "có hai cách hiểu, cần người gửi quyết định", "can be meant in two ways, the sender must decide"
    ),
    "uncalculated": Text("công thức chưa có kết quả", "formulas without a result"),
    "unwritable": Text("giá trị không ghi được vào ô khác", "values that no other cell can hold"),
    "replaced": Text("biểu mẫu mới đã ghi sẵn", "stated by the new form itself"),
}
"""Why a cell is not moved into a fresh workbook: the reasons of the ledger, and those that moving adds."""

LEFT_BEHIND = frozenset({
    "above_headings", "scratch", "other_table", "unknown_column", "duplicate_column", "outside_table", "copied_sheet",
    "extra_sheet", "header_not_found", "undecided", "uncalculated", "unwritable",
})  # fmt: skip
"""Those of them that leave behind what may be figures: a person has to look."""
