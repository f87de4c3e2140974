"""Every sender gets an answer: her own workbook, marked, and a letter; what comes back is read as if unmarked."""

import shutil
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

import xltrack
from tests.command_line import xltrack as run
from tests.messes.cases import base, cases, messed, write
from tests.messes.compare import Expected
from tests.messes.writers import WRITERS
from tests.mistakes import write_mistakes
from xltrack.errors import OutputError
from xltrack.findings import Finding, Waiver, severity
from xltrack.forms import load_schemas
from xltrack.pipeline import FileResult, Returns, validate
from xltrack.pipeline.returning import write_returns
from xltrack.reading import Ledger
from xltrack.report.answer import Post, answer_to, letter

pytestmark = pytest.mark.slow

SCHEMAS = load_schemas()
RESULT = "Kết quả kiểm tra"


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory):
    return write_mistakes(tmp_path_factory.mktemp("nhận") / "Báo cáo Bắc Ninh.xlsx", SCHEMAS)


@pytest.fixture(scope="module")
def returned(mistakes, tmp_path_factory):
    """Return the folder of returns and what was found in the file with the mistakes."""
    folder = tmp_path_factory.mktemp("trả")
    result = validate([mistakes], returns=Returns(folder, send_to="ban@example.vn"))
    return folder, result


def told(result):
    return [_place(finding) for finding in result.files[0].findings]


def result_of(path, verdict="rejected", findings=(), **known):
    about = {"form": None, "unit": None, "round": None} | known
    return FileResult(path, None, verdict, findings=findings, ledger=Ledger(0, 0, {}), **about)


def test_every_finding_with_a_cell_is_marked_and_the_original_is_not_touched(returned, mistakes):
    folder, result = returned
    before = mistakes.read_bytes()
    (one,) = result.returned
    assert one == xltrack.pipeline.model.Returned(
        mistakes, folder / "Báo cáo Bắc Ninh_ket-qua.xlsx", folder / "Báo cáo Bắc Ninh_ket-qua.txt"
    )
    book = openpyxl.load_workbook(one.workbook)
    for finding in result.files[0].findings:
        if finding.cell:
            assert finding.code in book[finding.sheet][finding.cell].comment.text
    assert mistakes.read_bytes() == before
    assert len({finding.code for finding in result.files[0].findings}) >= 18


def test_a_return_that_comes_back_has_the_same_findings(returned, tmp_path):
    result = returned[1]
    again = validate([result.returned[0].workbook], returns=Returns(tmp_path))
    assert told(again) == told(result)
    assert again.files[0].ledger.ignored["result_sheet"] > 20
    # The suffix is not piled up, and nothing grows.
    assert again.returned[0].workbook == tmp_path / "Báo cáo Bắc Ninh_ket-qua.xlsx"
    first, second = (_parts(one.returned[0].workbook) for one in (result, again))
    changed = {name for name in first if first[name] != second.get(name)}
    assert (first.keys(), len(changed)) == (second.keys(), 1), "only the sheet of results names another place"


def test_what_goes_wrong_with_workbooks_is_found_again_in_their_returns(tmp_path):
    """A sample of the messes: whatever the workbook is like, marking it changes nothing of what is read."""
    received, folder = tmp_path / "nhận", tmp_path / "trả"
    for number, case in enumerate([case for case in cases() if not case.file][::7]):
        place = received / f"{number:02}"
        place.mkdir(parents=True)
        write(case, messed(Expected(*base(case.base)), case).book, place, WRITERS["xml"]).rename(
            received / f"{number:02}.xlsx"
        )
    first = validate([received], returns=Returns(folder))
    assert [one.reason for one in first.returned if one.reason] == []
    again = {file.path.name: file for file in validate([folder]).files}
    assert len(first.returned) > 10
    for file, one in zip(first.files, first.returned, strict=True):
        assert one.workbook
        back = again[one.workbook.name]
        assert (back.verdict, back.ledger.mapped) == (file.verdict, file.ledger.mapped)
        assert [_place(one) for one in back.findings] == [_place(one) for one in file.findings]


@pytest.fixture(scope="module")
def answered(returned, tmp_path_factory):
    """A return in which its sender wrote answers: on the sheet of results, in notes, in one whose end she deleted."""
    book = openpyxl.load_workbook(returned[1].returned[0].workbook)
    sheet = book[RESULT]
    sheet["G8"] = "đã sửa ngày 02/12"
    sheet["J9"], sheet["A400"] = "CCCD 001088012345", 1250
    notes = {
        (tab, cell.coordinate): cell.comment.text
        for tab in book.sheetnames
        for row in book[tab].iter_rows()
        for cell in row
        if cell.comment
    }
    (tab, cut), (_, replied) = [place for place in notes if place[0] == "DOANH_NGHIEP"][:2]
    book[tab][cut].comment = Comment(f"{notes[tab, cut].rpartition('[xltrack')[0]}Số đúng là 25", "Lan")
    book[tab][replied].comment = Comment(f"{notes[tab, replied]}\nĐã hỏi lại doanh nghiệp", "Lan")
    book["KINH_PHI"]["B4"].comment = Comment("[xltrack] LỖI XLT210\nCột này ghi gì?", "Lan")
    path = tmp_path_factory.mktemp("trả lời") / "a.xlsx"
    book.save(path)
    return path, validate([path], returns=Returns(tmp_path_factory.mktemp("trả lại")))


def test_what_a_sender_writes_on_the_sheet_of_results_is_told_and_then_kept_in_the_answer(returned, answered):
    found = {one.cell: one.value for one in answered[1].files[0].findings if one.code == "XLT146"}
    assert found == {"G8": "đã sửa ngày 02/12", "J9": "CCCD •••••••••345", "A400": "1250"}
    others = [one for one in told(answered[1]) if one[0] not in ("XLT146", "XLT147")]
    assert others == told(returned[1])
    # The sheet is made anew: what stood there is in the list, and no link leads to a cell that is no more.
    sheet = openpyxl.load_workbook(answered[1].returned[0].workbook)[RESULT]
    rows = {row[3].value: row for row in sheet.iter_rows(min_row=8) if row[7].value == "XLT146"}
    assert rows["G8"][4].value == "đã sửa ngày 02/12"
    assert rows["G8"][3].hyperlink is None
    assert "XLT146" not in {
        one.code for one in validate([answered[1].returned[0].workbook]).files[0].findings
    }


def test_the_sheet_of_results_is_known_without_its_first_line(returned, tmp_path):
    book = openpyxl.load_workbook(returned[1].returned[0].workbook)
    book[RESULT].delete_rows(1)
    book.save(tmp_path / "a.xlsx")
    again = validate([tmp_path / "a.xlsx"], returns=Returns(tmp_path / "trả"))
    assert [one for one in told(again) if one[1] == RESULT] == []
    marked = again.returned[0].workbook
    assert marked
    assert [tab for tab in openpyxl.load_workbook(marked).sheetnames if tab.startswith(RESULT)] == [RESULT]


def test_answers_in_notes_are_told_wherever_they_stand(answered):
    result = answered[1]
    said = [one for one in result.files[0].findings if one.code == "XLT147"]
    assert {severity(one) for one in said} == {"note"}
    assert [one.facts["comment"] for one in said if one.sheet == "KINH_PHI"] == [
        "LỖI XLT210\nCột này ghi gì?"
    ]
    replies = [str(one.facts["comment"]) for one in said if one.sheet == "DOANH_NGHIEP"]
    assert any(reply.endswith("Số đúng là 25") for reply in replies)
    assert "Đã hỏi lại doanh nghiệp" in replies
    # Marked again, her words stay and ours are not piled up.
    book = openpyxl.load_workbook(result.returned[0].workbook)
    texts = [cell.comment.text for row in book["DOANH_NGHIEP"].iter_rows() for cell in row if cell.comment]
    assert sum("Đã hỏi lại doanh nghiệp" in text for text in texts) == 1
    assert all(text.count("[xltrack]") == 1 for text in texts)


def _place(finding):
    return finding.code, finding.sheet, finding.row, finding.cell, finding.column, finding.value


def _parts(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_letter_says_the_same_in_words(returned):
    text = (returned[0] / "Báo cáo Bắc Ninh_ket-qua.txt").read_bytes()
    assert text.startswith("\ufeffKết quả".encode())
    assert text.count(b"\r\n") == text.count(b"\n")
    lines = text.decode("utf-8-sig").splitlines()
    assert lines[:2] == [
        "Kết quả kiểm tra tệp «Báo cáo Bắc Ninh.xlsx»",
        "XLT-1322 · Bắc Ninh (T34-24) · Năm 2025",
    ]
    assert "Gửi kèm «Báo cáo Bắc Ninh_ket-qua.xlsx»: chính tệp đó" in lines[3]
    assert "không phải cài đặt gì thêm" in lines[3]
    assert lines[5].startswith("Tệp CHƯA được chấp nhận: số liệu chưa được tính; ")
    assert any("gửi lại tệp gửi kèm tới ban@example.vn" in line for line in lines)
    assert not any("trang này" in line or "cột «Ô»" in line for line in lines)
    assert any(line.startswith("    D9     lỗi XLT301") or "XLT301" in line for line in lines)


def unreadable(folder):
    (folder / "Công văn.xlsx").write_bytes(b"%PDF-1.7")
    (folder / "rỗng.xlsx").write_bytes(b"")
    (folder / "~$Báo cáo.xlsx").write_bytes(b"lock")
    return folder


def test_what_cannot_be_read_gets_a_letter_and_what_is_no_submission_nothing(tmp_path):
    folder = unreadable(tmp_path)
    result = validate([folder], returns=Returns(folder / "trả lời", "en"))
    assert [(one.path.name, one.workbook, one.letter.name) for one in result.returned] == [
        ("Công văn.xlsx", None, "Công văn_checked.txt"),
        ("rỗng.xlsx", None, "rỗng_checked.txt"),
    ]
    text = result.returned[0].letter.read_text(encoding="utf-8-sig")
    assert "The file could NOT be read; 1 error." in text
    assert (
        "1. Copy the figures into the form that the ministry sent, save it as Excel Workbook (*.xlsx)" in text
    )
    assert "2. Send the mended file to the Ministry of Science and Technology." in text
    assert "no marked workbook goes with it" in text
    assert len(validate([folder], returns=Returns(folder / "trả lời")).files) == 3, (
        "returns are no submissions"
    )


@pytest.mark.parametrize("way", [".", "nhận", "nhận/2025/a.xlsx"])
def test_returns_do_not_lie_where_files_are_received(way, tmp_path):
    (tmp_path / "nhận" / "2025").mkdir(parents=True)
    (tmp_path / "nhận" / "2025" / "a.xlsx").write_bytes(b"")
    with pytest.raises(OutputError) as failure:
        validate([tmp_path / way], returns=Returns(tmp_path))
    assert "các tệp nhận được nằm trong thư mục đó" in failure.value.message("vi")


def names_of(tmp_path, *paths, lang="vi"):
    folder = tmp_path / "trả"
    results = [result_of(tmp_path / path, "unreadable", (Finding("XLT103"),)) for path in paths]
    return [one.letter.stem for one in write_returns(results, Returns(folder, lang), SCHEMAS)]


NAMES = {
    "other folders": (
        ("a/Báo cáo.xlsx", "b/Báo cáo.xlsx", "c/báo cáo.XLSX"),
        ("Báo cáo_ket-qua", "Báo cáo_ket-qua (2)", "báo cáo_ket-qua (3)"),
    ),
    "other endings": (("a.xlsx", "a.xls"), ("a_ket-qua", "a_ket-qua (2)")),
    "accents written apart": (
        (unicodedata.normalize("NFD", "Nghệ An.xlsx"), "Nghệ An.xls"),
        ("Nghệ An_ket-qua", "Nghệ An_ket-qua (2)"),
    ),
    "sent back under our name": (("a_ket-qua.xlsx", "b_checked.xlsx"), ("a_ket-qua", "b_ket-qua")),
    "beside what was received": (("trả/a.xlsx", "trả/a_ket-qua.xlsx"), ("a_ket-qua (2)", "a_ket-qua (3)")),
    "points and no ending": (("v1.2 bản cuối.xlsx", "README"), ("v1.2 bản cuối_ket-qua", "README_ket-qua")),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_are_kept_and_told_apart(case, tmp_path):
    received, expected = NAMES[case]
    assert names_of(tmp_path, *received) == list(expected)


def test_a_name_too_long_for_the_system_is_cut(tmp_path):
    (name,) = names_of(tmp_path, "Ủy ban " * 30 + ".xlsx")
    assert name.startswith("Ủy ban Ủy ban")
    assert len(f"{name}.xlsx".encode()) < 255


def test_a_file_that_changed_since_it_was_checked_is_not_marked(mistakes, tmp_path):
    path = tmp_path / "a.xlsx"
    shutil.copyfile(mistakes, path)
    file = replace(validate([path]).files[0])
    with path.open("ab") as content:
        content.write(b" ")
    (one,) = write_returns([file], Returns(tmp_path / "trả"), SCHEMAS)
    assert (one.workbook, one.reason) == (None, "it is no longer what was checked")
    assert "Mở tệp đã gửi, tới từng ô nêu trong danh sách" in one.letter.read_text(encoding="utf-8-sig")


def test_a_workbook_that_cannot_be_marked_is_answered_all_the_same(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    file = replace(result_of(path, findings=(Finding("XLT401", "S", 5, "A5"),)), sha256=_sha256(path))
    (one,) = write_returns([file], Returns(tmp_path / "trả"), SCHEMAS)
    assert one.workbook is None
    assert one.reason.startswith("PackageError")
    assert "XLT401" in one.letter.read_text(encoding="utf-8-sig")


def _sha256(path):
    from xltrack.intake import receive

    return receive(path).sha256


KNOWN = {"form": "XLT-1322", "unit": "T34-24", "round": "2025-annual"}
ERROR, WARNING, NOTE = (Finding(code, "KINH_PHI", 5, "H5") for code in ("XLT301", "XLT407", "XLT312"))
SEND = "Tăng «Lần gửi» ở trang BIA thêm 1, lưu, gửi lại tệp này tới Bộ Khoa học và Công nghệ."
SAID = {
    "accepted": ("accepted", (), "Tệp được chấp nhận; không có vấn đề nào.", "Không cần làm gì thêm."),
    "with a warning": ("accepted", (WARNING,), "Tệp được chấp nhận; 1 cảnh báo.", SEND),
    "with a note": (
        "accepted",
        (Finding("XLT315", "KINH_PHI", 5, "H5"),),
        "Tệp được chấp nhận; 1 ghi chú.",
        "Không cần làm gì thêm.",
    ),
    "rejected": (
        "rejected",
        (ERROR, WARNING),
        "Tệp CHƯA được chấp nhận: số liệu chưa được tính; 1 lỗi, 1 cảnh báo.",
        SEND,
    ),
    "held": (
        "held",
        (Finding("XLT602"),),
        "Tệp đã nhận, đang chờ người phụ trách quyết định; 1 lỗi.",
        "liên hệ Bộ Khoa học và Công nghệ",
    ),
    "duplicate": (
        "duplicate",
        (Finding("XLT601"),),
        "Tệp này đã được nhận trước đó; 1 ghi chú.",
        "Không cần làm gì thêm.",
    ),
    "quarantined": (
        "quarantined",
        (Finding("XLT103"),),
        "CHƯA được đọc; 1 lỗi.",
        "Gửi lại tệp đã xử lý tới Bộ",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_the_verdict_and_what_to_do_next_are_said(case):
    verdict, findings, sentence, step = SAID[case]
    file = result_of(Path("a.xlsx"), verdict, findings, **KNOWN)
    answer = answer_to(file, Post(SCHEMAS))
    assert answer.verdict.endswith(sentence)
    assert step in "\n".join(answer.steps)
    assert sentence in letter(file, Post(SCHEMAS))


def test_what_is_waived_is_told_but_asks_for_nothing():
    waiver = Waiver(3, "Đã đối chiếu", "Vụ KHTC", date(2026, 12, 31))
    file = result_of(Path("a.xlsx"), "accepted", (replace(WARNING, waiver=waiver),), **KNOWN)
    answer = answer_to(file, Post(SCHEMAS))
    assert answer.verdict == "Tệp được chấp nhận; 1 ghi chú (1 được miễn trừ, không phải sửa)."
    assert answer.steps == ("Không cần làm gì thêm.",)
    assert [(one.severity, one.code) for one in answer.problems] == [("note", "XLT407")]
    text = letter(file, Post(SCHEMAS), "a_ket-qua.xlsx")
    assert (answer.verdict in text, "Không phải sửa đến hết ngày 31/12/2026" in text) == (True, True)
    assert "Tăng «Lần gửi»" not in text


def test_what_the_form_expects_is_told_with_values_of_columns_alone():
    duplicate = Finding("XLT501", "KINH_PHI", 5, "H5", "amount", "7")
    row = Finding("XLT410", "KINH_PHI", 9, None, None)
    file = result_of(Path("a.xlsx"), findings=(replace(ERROR, column="amount"), duplicate, row), **KNOWN)
    first, second, third = answer_to(file, Post(SCHEMAS)).problems
    assert first.expected == SCHEMAS.form().by_id["funding"].by_id["amount"].help.vi
    assert (second.expected, third.cell) == ("", "A9")


def test_the_entries_of_a_short_list_are_what_is_expected():
    form = SCHEMAS.form()
    tab = form.by_id["enterprises"].tab
    unlisted = Finding("XLT306", tab, 5, "R5", "declared_size", "to", {"title": "Quy mô", "suggestions": ""})
    file = result_of(Path("a.xlsx"), findings=(unlisted,), **KNOWN)
    assert answer_to(file, Post(SCHEMAS)).problems[0].expected == "Siêu nhỏ; Nhỏ; Vừa; Lớn"


def test_who_has_only_warnings_is_asked_for_nothing_more_if_all_is_right():
    file = result_of(Path("a.xlsx"), "accepted", (WARNING,), **KNOWN)
    *_, look, send = answer_to(file, Post(SCHEMAS)).steps
    assert "Nếu số liệu đúng thì không cần làm gì thêm" in look
    assert send.startswith("3. Chỉ khi có sửa: Tăng «Lần gửi»")


def test_thousands_are_set_apart_wherever_they_are_counted():
    file = result_of(Path("a.xlsx"), "rejected", (ERROR,) * 2_000, **KNOWN)
    assert "2.000 lỗi" in answer_to(file, Post(SCHEMAS)).verdict
    assert "2,000 error" in answer_to(file, Post(SCHEMAS, "en")).verdict


def test_personal_numbers_are_not_repeated():
    file = result_of(Path("a.xlsx"), findings=(replace(ERROR, value="001099012345"),))
    assert answer_to(file, Post(SCHEMAS)).problems[0].value == "•••••••••345"


def test_the_command_line_writes_returns_and_says_how_many(mistakes, tmp_path):
    folder = unreadable(tmp_path)
    shutil.copyfile(mistakes, folder / "Báo cáo.xlsx")
    words = ["validate", str(folder), "--return", str(folder / "tra-loi"), "--send-to", "ban@example.vn"]
    done = run(*words, folder=tmp_path)
    assert done.returncode == 1
    answered, not_run = done.stderr.strip().splitlines()
    assert answered == f"Đã ghi 3 câu trả lời vào {folder / 'tra-loi'}; chỉ có thư: Công văn.xlsx, rỗng.xlsx."
    assert "XLT6xx" in not_run
    assert sorted(path.name for path in (folder / "tra-loi").iterdir()) == [
        "Báo cáo_ket-qua.txt", "Báo cáo_ket-qua.xlsx", "Công văn_ket-qua.txt", "rỗng_ket-qua.txt",
    ]  # fmt: skip
    book = openpyxl.load_workbook(folder / "tra-loi" / "Báo cáo_ket-qua.xlsx")
    assert "ban@example.vn" in book[RESULT]["A5"].value


@pytest.mark.office
class TestInLibreOffice:
    """The return is opened by another program; test_one_of_each.py has it saved there and sent again."""

    def test_the_results_are_seen_first_and_marks_lie_over_the_highlighting_of_the_form(
        self, office, returned
    ):
        workbook = returned[1].returned[0].workbook
        seen = office.inspect(workbook, aspects=["visible", "frozen", "print"])["sheets"]
        sheet = seen[RESULT]
        assert next(iter(seen)) == RESULT
        assert (sheet["visible"], sheet["frozen"]["rows"], sheet["print"]["repeat_rows"]) == (True, 7, [7, 7])
        assert (sheet["print"]["landscape"], sheet["print"]["pages_wide"]) == (True, 1)
        marked = office.inspect(workbook, tabs=["KINH_PHI"], aspects=["conditional_formats"])["sheets"]
        first, *others = marked["KINH_PHI"]["conditional_formats"]
        assert first["entries"][0]["background"] == "#F8CBC8"
        assert others != []
