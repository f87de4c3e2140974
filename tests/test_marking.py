"""What xltrack wrote into a workbook is told from what people wrote, when the workbook comes back."""

import pytest

from xltrack.findings.marking import without_ours

OURS = "[xltrack] LỖI XLT301\n“khoảng 700” không phải là số.\n[xltrack]"


@pytest.mark.parametrize(
    ("note", "theirs"),
    [
        ("Số này lấy theo QĐ 12", "Số này lấy theo QĐ 12"),
        (OURS, ""),
        (f"Xem phụ lục\n\n{OURS}", "Xem phụ lục"),
        (f"{OURS}\nĐã sửa theo biên bản", "Đã sửa theo biên bản"),
        (f"Xem phụ lục\n{OURS}\nĐã sửa", "Xem phụ lục\nĐã sửa"),
        ("[xltrack] LỖI XLT301\nphần cuối bị xóa", ""),
    ],
)
def test_of_a_note_what_people_wrote_remains(note, theirs):
    assert without_ours(note) == theirs
