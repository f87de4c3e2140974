"""What xltrack wrote into a workbook is told from what people wrote, when the workbook comes back."""

from itertools import pairwise

import pytest

from xltrack.findings.marking import is_seal, is_under, seal, spans_of_ours, without_ours

LINES = ("[xltrack] LỖI XLT301", "“khoảng 700” không phải là số.", "Cách sửa: Chỉ nhập chữ số.")
SEAL = seal(LINES)
OURS = "\n".join((*LINES, SEAL))


@pytest.mark.parametrize(
    ("note", "theirs"),
    [
        ("Số này lấy theo QĐ 12", "Số này lấy theo QĐ 12"),
        (OURS, ""),
        (OURS.replace("\n", "\r\n"), ""),
        (f"Xem phụ lục\n\n{OURS}", "Xem phụ lục"),
        (f"{OURS}\nĐã sửa theo biên bản", "Đã sửa theo biên bản"),
        (f"Xem phụ lục\n{OURS}\nĐã sửa", "Xem phụ lục\nĐã sửa"),
        (OURS.replace(LINES[2], "Đúng là 700 triệu"), "Đúng là 700 triệu"),
        (OURS.replace(LINES[2], f"{LINES[2]} Đã sửa"), f"{LINES[2]} Đã sửa"),
        (f"{LINES[0]}\nphần cuối bị xóa, số đúng là 25", "LỖI XLT301\nphần cuối bị xóa, số đúng là 25"),
        ("\n".join((*LINES[1:], SEAL, "Đã sửa")), "\n".join((*LINES[1:], SEAL, "Đã sửa"))),
        (f"{LINES[0]}\nsố đúng là 25\n\n{OURS}", "số đúng là 25"),
        (f"{OURS}\nĐã sửa\n\n{OURS}", "Đã sửa"),
    ],
)
def test_of_a_note_what_people_wrote_remains(note, theirs):
    assert without_ours(note) == theirs
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans_of_ours(note)))


def test_a_seal_knows_its_texts_however_their_spaces_and_accents_are_written():
    row = seal(["KINH_PHI", "Số tiền  (đồng)\nCần: số"])
    assert is_seal(row)
    assert is_under("Số tiền (đồng)\nCần:  số ", [row])
    assert not is_under("Số tiền (đồng)\nđã sửa", [row])
    assert not is_under("đã sửa", [])
    assert not is_seal("[xltrack]")
