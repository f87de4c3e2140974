"""What xltrack writes for its operator may lie among what is received: it is known, and no broken return."""

import shutil
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.command_line import xltrack as run
from tests.javascript import sdk_errors
from tests.laden_workbook import laden
from tests.messes.truth import write_truth
from tests.mistakes import write_mistakes
from tests.own_workbook import OLD
from xltrack.excel.opc import Package
from xltrack.excel.pivot import Table
from xltrack.excel.refresh import with_current_rows
from xltrack.forms import load_schemas
from xltrack.pipeline import FileResult, validate

KINDS = {
    "a_ket-qua.txt": "thư trả lời",
    "findings.csv": "danh sách phát hiện",
    "findings.json": "danh sách phát hiện",
    "findings.sarif": "danh sách phát hiện",
    "a_bieu-mau-moi.csv": "danh sách ô",
    "status.xlsx": "bảng tình trạng",
    "national.xlsx": "sổ tổng hợp",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Everything that xltrack writes about two returns."""
    folder = tmp_path_factory.mktemp("làm việc")
    write_mistakes(folder / "a.xlsx", load_schemas())
    write_truth(folder / "b.xlsx")
    for form in ("csv", "json", "sarif"):
        run("validate", "a.xlsx", "--format", form, "-o", f"findings.{form}", folder=folder)
    run("validate", "a.xlsx", "--return", "tra", folder=folder)
    run("migrate", "a.xlsx", folder=folder)
    run("merge", "b.xlsx", folder=folder)
    for command, name in (("status", "status.xlsx"), ("rollup", "national.xlsx")):
        done = run(command, "-o", name, folder=folder)
        assert (folder / name).exists(), done.stderr
    return folder


@pytest.fixture(scope="module")
def seen(folder, tmp_path_factory) -> dict[str, FileResult]:
    """What lies there, received under other names."""
    inbox = tmp_path_factory.mktemp("nhận")
    for number, name in enumerate(KINDS):
        place = folder / "tra" / name if name.endswith(".txt") else folder / name
        shutil.copyfile(place, inbox / f"{number} {Path(name).suffix.lstrip('.')}.xlsx")
    files = validate([inbox]).files
    assert len(files) == len(KINDS)
    return dict(zip(KINDS, files, strict=True))


def written_about(folder: Path) -> list[Path]:
    """Return a workbook of every kind that xltrack writes, those of `folder` and others made from its store."""
    made = {name: folder / f"{name}.xlsx" for name in ("refreshed", "pack", "diff", "own", "filled", "laden")}
    shutil.copyfile(folder / "national.xlsx", made["refreshed"])
    done = run("refresh", made["refreshed"].name, folder=folder)
    assert done.returncode == 0, done.stderr
    with Workbook(made.pop("own")) as book:
        columns = [{"header": name} for name in ("Kỳ", "Số tiền (đồng)")]
        book.add_worksheet().add_table("A1:B2", {"name": "dl_kinh_phi", "columns": columns})
    for words in (
        ("rollup", "--unit", "T34-24", "-o", made["pack"]),
        ("rollup", "--template", folder / "own.xlsx", "-o", made["filled"]),
        ("template", "T34-24", "--year", "2026", "--prefill", "--dir", folder / "sent"),
        ("diff", folder / "b.xlsx", folder / "a.xlsx", "-o", made["diff"]),
    ):
        done = run(*words, folder=folder)
        assert done.returncode in (0, 1), done.stderr
    made["laden"].write_bytes(with_current_rows(laden(), {"dl_thu": [Table("dl_thu", OLD[1:])]}).content)
    (sent,) = (folder / "sent").glob("*.xlsx")
    others = ("tra/a_ket-qua.xlsx", "a_bieu-mau-moi.xlsx", "status.xlsx")
    return [*made.values(), sent, *(folder / name for name in others)]


@pytest.mark.node
def test_microsofts_sdk_finds_nothing_wrong_in_what_xltrack_writes(folder):
    written = written_about(folder)
    broken = folder / "broken.xlsx"
    package = Package((folder / "status.xlsx").read_bytes())
    part = package.main()
    package.write(part, package.read(part).replace(b"<sheets>", b"<sheets/><sheets>"))
    broken.write_bytes(package.to_bytes())
    found = sdk_errors([*written, broken])
    assert found.pop(broken), "it does find what is wrong"
    assert found == {path: [] for path in written}


@pytest.mark.parametrize("name", KINDS)
def test_what_xltrack_wrote_is_known_whatever_it_is_called(name, seen):
    file = seen[name]
    assert (file.verdict, [finding.code for finding in file.findings]) == ("passed_over", ["XLT148"])
    assert KINDS[name] in file.findings[0].facts["kind"].vi
    assert file.in_order
