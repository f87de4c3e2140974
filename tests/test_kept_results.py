"""A result that somebody has worked on stays beside the new one; what only xltrack wrote is written over."""

import zipfile

import openpyxl
import pytest
from docx import Document

from tests.command_line import xltrack as run
from tests.messes.truth import write_truth


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kho")
    write_truth(folder / "a.xlsx")
    assert run("merge", "a.xlsx", folder=folder).returncode == 0
    return folder


def kept(folder, name):
    return sorted(path.name for path in folder.glob(f"{name}.bak*"))


def test_a_workbook_with_a_sheet_of_her_own_is_kept_and_never_lost_again(folder):
    book = folder / "mine.xlsx"
    for _ in range(2):
        assert "bản cũ" not in run("rollup", "-o", book.name, folder=folder).stdout
    assert kept(folder, book.name) == []
    versions = []
    for number in ("", "2"):
        own = openpyxl.load_workbook(book)
        own.create_sheet("Của tôi")["A1"] = f"ghi chú {number}"
        own.save(book)
        versions.append(book.read_bytes())
        done = run("rollup", "-o", book.name, folder=folder)
        assert f"mine.xlsx (bản cũ: mine.xlsx.bak{number})" in done.stdout
        assert done.stdout.splitlines()[-1] == "mine.xlsx"
        run("rollup", "-o", book.name, folder=folder)  # what lies there now is ours
    assert kept(folder, book.name) == ["mine.xlsx.bak", "mine.xlsx.bak2"]
    assert [(folder / name).read_bytes() for name in kept(folder, book.name)] == versions


def test_a_workbook_changed_by_a_script_is_kept_though_its_properties_say_nothing(folder):
    book = folder / "script.xlsx"
    run("rollup", "-o", book.name, folder=folder)
    run("refresh", book.name, folder=folder)
    assert "bản cũ" not in run("rollup", "-o", book.name, folder=folder).stdout, "nobody but xltrack wrote it"
    for former in kept(folder, book.name):
        (folder / former).unlink()
    with zipfile.ZipFile(book) as former:
        parts = [(entry, former.read(entry)) for entry in former.infolist()]
    with zipfile.ZipFile(book, "w") as changed:
        for entry, content in parts:
            changed.writestr(entry, content.replace(b"<sheetData>", b"<sheetData><!-- hers -->"))
    hers = book.read_bytes()
    told = run("rollup", "-o", book.name, folder=folder).stdout.splitlines()
    assert told[-3] == "script.xlsx (bản cũ: script.xlsx.bak)"
    assert "`xltrack refresh`" in told[-2]
    assert (folder / "script.xlsx.bak").read_bytes() == hers


def test_a_report_in_word_that_was_edited_is_kept_and_one_that_is_the_same_is_not(folder):
    report = folder / "bc.docx"
    for _ in range(2):
        run("report", "-o", report.name, folder=folder)
    assert kept(folder, report.name) == []
    own = Document(str(report))
    own.add_paragraph("Nhận xét của vụ")
    own.save(str(report))
    former = report.read_bytes()
    assert (
        "bc.docx (formerly: bc.docx.bak)"
        in run("report", "-o", report.name, "--lang", "en", folder=folder).stdout
    )
    assert (folder / "bc.docx.bak").read_bytes() == former
    run("report", "-o", report.name, folder=folder)  # what lies there now is ours, in another language
    assert kept(folder, report.name) == ["bc.docx.bak"]


def test_workbooks_of_units_that_were_worked_on_are_kept_too(folder):
    asked = ("rollup", "--all-units", "--dir", "don-vi")
    for _ in range(2):
        assert "bản cũ" not in run(*asked, folder=folder).stdout
    (book,) = (folder / "don-vi").iterdir()
    own = openpyxl.load_workbook(book)
    own.create_sheet("Của tôi")
    own.save(book)
    former = book.read_bytes()
    told = run(*asked, folder=folder).stdout.splitlines()
    where = book.relative_to(folder)
    assert told == [f"{where} (bản cũ: {where}.bak)", str(where)]
    assert book.with_name(f"{book.name}.bak").read_bytes() == former


def test_where_nothing_is_written_nothing_is_left_beside(folder):
    book = folder / "khac.xlsx"
    openpyxl.Workbook().save(book)
    former = book.read_bytes()
    assert run("rollup", "-o", book.name, "--store", "khong-co.duckdb", folder=folder).returncode != 0
    assert (book.read_bytes(), kept(folder, book.name)) == (former, [])


def test_a_form_onto_another_file_says_what_to_do_and_leaves_it(folder):
    """Nothing is open in Excel there: to close it would not help."""
    asked = ("template", "T34-24", "--year", "2025", "--dir", "mau")
    run(*asked, folder=folder)
    (form,) = (folder / "mau").glob("*.xlsx")
    form.write_bytes(b"so lieu da dien")
    done = run(*asked, folder=folder)
    assert "chuyển tệp đang ở đó đi" in done.stderr
    assert "Đóng tệp" not in done.stderr
    assert form.read_bytes() == b"so lieu da dien"


def test_what_programs_read_is_written_over(folder):
    (folder / "so.csv").write_text("cũ", encoding="utf-8")
    assert run("rollup", "-o", "so.csv", folder=folder).returncode == 0
    assert kept(folder, "so.csv") == []
