"""What xltrack writes for its operator may lie among what is received: it is known, and no broken return."""

import shutil
from pathlib import Path

import pytest

from tests.messes.truth import write_truth
from tests.mistakes import write_mistakes
from tests.test_cli import xltrack as run
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
def seen(tmp_path_factory) -> dict[str, FileResult]:
    """Everything that xltrack wrote about two returns, received under other names."""
    folder, inbox = tmp_path_factory.mktemp("làm việc"), tmp_path_factory.mktemp("nhận")
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
    for number, name in enumerate(KINDS):
        place = folder / "tra" / name if name.endswith(".txt") else folder / name
        shutil.copyfile(place, inbox / f"{number} {Path(name).suffix.lstrip('.')}.xlsx")
    files = validate([inbox]).files
    assert len(files) == len(KINDS)
    return dict(zip(KINDS, files, strict=True))


@pytest.mark.parametrize("name", KINDS)
def test_what_xltrack_wrote_is_known_whatever_it_is_called(name, seen):
    file = seen[name]
    assert (file.verdict, [finding.code for finding in file.findings]) == ("passed_over", ["XLT148"])
    assert KINDS[name] in file.findings[0].facts["kind"].vi
    assert file.in_order
