"""Received files are read in the sandbox: what one of them does there is a finding on it, and no more."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.sheets import package
from xltrack.cli.ending import exit_code
from xltrack.errors import ProgramError
from xltrack.findings import Finding, message
from xltrack.forms import load_schemas
from xltrack.intake import receive
from xltrack.intake.sandbox import Garbled, Limits, Order, Parcel, Stopped, pack, run_all, unpack
from xltrack.pipeline import examiners, examining, merge, templates, together, validate, validation
from xltrack.pipeline.condensing import condensed
from xltrack.pipeline.model import Answer, Returns, Together
from xltrack.pipeline.passage import parcel_of, passages, workbook_of
from xltrack.store import open_store

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = load_schemas()
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank")
    return templates.write_templates(["T34-24"], 2025, "annual", folder)[0]


@pytest.fixture
def misbehaving(monkeypatch):
    monkeypatch.setattr(examiners, "EXAMINER", "tests.misbehaviour:examiner")
    monkeypatch.setattr(examiners, "LIMITS", Limits(memory=512 * MEGABYTE, seconds=2, patience=8))
    monkeypatch.setattr(together, "cores", lambda: 99)  # so that each file is read by itself


def inbox(folder, blank, names):
    for name in names:
        shutil.copy(blank, folder / f"{name}.xlsx")
    return folder


def told(files):
    return {file.path.stem: [finding.code for finding in file.findings] for file in files}


DEATHS = {
    "abort": "XLT140",
    "segfault": "XLT140",
    "allocate": "XLT142",
    "allocate_natively": "XLT142",
    "answer 70": "XLT142",
    "inventor": "XLT140",
    "leave": "XLT143",
    "loop": "XLT141",
    "pickle called": "XLT140",
    "prophet": "XLT140",
    "raise sổ": "XLT143",
}


def test_a_file_that_ends_its_reader_is_unreadable_and_all_others_are_read(tmp_path, blank, misbehaving):
    good = {"a đầu", "k giữa", "z cuối"}
    result = validate([inbox(tmp_path, blank, [*DEATHS, *good])])
    assert [file.path.stem for file in result.files] == sorted([*DEATHS, *good])
    dead = {file.path.stem: file for file in result.files if file.path.stem in DEATHS}
    assert told(dead.values()) == {name: [code] for name, code in DEATHS.items()}
    assert {file.verdict for file in dead.values()} == {"unreadable"}
    read = [file for file in result.files if file.path.stem in good]
    assert [(file.unit, file.round) for file in read] == [("T34-24", "2025-annual")] * 3
    assert len({file.ledger for file in read if not file.ledger.ignored}) <= 1
    assert all(file.ledger.cells > 100 for file in read)
    (fault,) = dead["raise sổ"].findings
    assert message(fault, "vi").endswith("nên không có số liệu nào được lấy: ValueError: sổ.")


@pytest.mark.parametrize("harm", ["", "dies", "lacks an answer", "garbled"])
def test_of_files_read_together_one_that_goes_wrong_harms_no_other(harm):
    requests = []

    def ask(item, accept, **_):
        requests.append(item)
        if isinstance(item, str):
            return accept(Parcel(item.encode()))
        if harm == "dies":
            raise Stopped("died")
        answers = [Parcel(b"" if harm == "garbled" and one == "b" else one.encode()) for one in item.each]
        return accept(Parcel.bundled(answers[1:] if harm == "lacks an answer" else answers))

    def told(parcel):
        if not parcel.text:
            raise Garbled("nothing")
        return parcel.text.decode()

    def refusing(item, accept, **_):
        try:
            return ask(item, accept)
        except Garbled:
            raise Stopped("died") from None

    jobs: Any = [lambda _: "known", *(lambda ask, name=name: ask(name, told) for name in "abc")]
    told_of_each: list[Any] = together.examine_together(refusing, jobs)
    assert told_of_each == ["known", "a", "b", "c"]
    alone = {"": [], "garbled": ["b"]}.get(harm, ["a", "b", "c"])
    several: Any = ("a", "b", "c")
    assert requests == [Together(several), *alone]


def test_files_read_together_have_the_findings_and_rows_of_each_alone(tmp_path, monkeypatch):
    for path in templates.write_templates(["T34-24", "T34-01"], 2025, "annual", tmp_path):
        shutil.copy(path, path.with_stem(f"{path.stem} again"))
    files = sorted(tmp_path.glob("*.xlsx"))
    read = {}
    for count in (99, 1):
        monkeypatch.setattr(together, "cores", lambda count=count: count)
        assert max(map(len, together.groups(files))) == (1 if count == 99 else 2)
        with validation.examining(files, None, None, rows=True) as examined:
            read[count] = list(examined)
    assert [(one.result, one.content) for one in read[1]] == [(one.result, one.content) for one in read[99]]
    assert all(one.workbook and one.workbook.cover for one in read[1])


GROUPS = """
files                               | together
s                                   | s
s s s s s s s s                     | ss ss s s s s
s s s s s s s s s s s s s s s s s s | ssssss ssss ss ss s s s s
s s L s s s s s s s s s             | ss L sss ss s s s s
s m m s s s s s s s s s             | sm mss ss s s s s s
"""


@pytest.mark.parametrize("line", GROUPS.strip().splitlines()[1:])
def test_files_are_read_together_but_for_large_ones_and_fewer_towards_the_end(tmp_path, monkeypatch, line):
    monkeypatch.setattr(together, "cores", lambda: 2)
    given, expected = (part.split() for part in line.split("|"))
    files = [tmp_path / f"{at:02}{size}" for at, size in enumerate(given)]
    for path in files:
        path.write_bytes(b"1" * {"s": 9, "m": 1_200_000, "L": 2_400_000}[path.name[-1]])
    assert ["".join(path.name[-1] for path in group) for group in together.groups(files)] == expected
    assert [path for group in together.groups(files) for path in group] == files


def test_a_file_that_ends_its_reader_stops_no_merge_and_is_kept(tmp_path, blank, misbehaving):
    store = tmp_path / "a.duckdb"
    folder = inbox(tmp_path, blank, ["good"])
    (folder / "abort.xlsx").write_bytes(b"any bytes")
    files = merge([folder], store).files
    assert told(files)["abort"] == ["XLT140"]
    with open_store(store, SCHEMAS, read_only=True) as opened:
        kept = opened.rows(
            "SELECT verdict, content FROM submission JOIN original_piece USING (sha256) WHERE file_name = 'abort.xlsx'"
        )
        assert opened.rows("SELECT code FROM finding WHERE code LIKE 'XLT14%'", []) == [("XLT140",)]
    assert kept == [("unreadable", b"any bytes")]


@pytest.mark.parametrize(
    ("sizes", "workers"),
    [
        ([], 1),
        ([90_000] * 3, 1),
        ([90_000] * 4, 2),
        ([700_000], 1),
        ([700_000] * 2, 2),
        ([90_000] * 34, 4),
        ([9], 1),
    ],
)
def test_so_many_workers_are_started_as_there_is_work_for(tmp_path, monkeypatch, sizes, workers):
    monkeypatch.setattr(examiners, "cores", lambda: 4)
    files = [tmp_path / f"{number}.xlsx" for number in range(len(sizes))]
    for path, size in zip(files, sizes, strict=True):
        path.write_bytes(bytes(size))
    assert examiners.examiners_for(files) == workers
    assert examiners.examiners_for([tmp_path / "gone.xlsx"]) == 1


COMMAND = (
    "from xltrack.pipeline import examiners; examiners.EXAMINER = 'tests.misbehaviour:examiner';"
    "from xltrack.cli import main; main()"
)


@pytest.mark.parametrize(("name", "code"), [("raise sổ", 2), ("abort", 1)])
def test_a_fault_of_xltrack_is_not_told_as_one_of_the_sender(tmp_path, blank, name, code):
    path = inbox(tmp_path, blank, [name]) / f"{name}.xlsx"
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "validate", path, "--lang", "en"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONUTF8": "1", "XLTRACK_DEBUG": "1"},
    )  # fmt: skip
    assert done.returncode == code
    assert ("xltrack itself failed on this file" in done.stdout) == (code == 2)
    assert ('misbehaviour.py", line' in done.stderr) == (code == 2)


def test_a_worker_does_not_say_which_file_its_answer_is_on(tmp_path, blank, misbehaving):
    (file,) = validate([inbox(tmp_path, blank, ["liar"])]).files
    assert file.path == tmp_path / "liar.xlsx"
    assert file.sha256 == receive(blank).sha256


SHEETS = {
    "the last cell of a sheet": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "a column that does not exist": '<row r="1"><c r="AAAAAAAA1"><v>1</v></c></row>',
    "a row that does not exist": '<row r="1"><c r="A99999999999"><v>1</v></c></row>',
}


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_without_the_gate_such_a_file_ends_the_worker_and_nothing_else(tmp_path, blank, sheet):
    bomb = receive(
        package(tmp_path / "a.xlsx", f"<sheetData><row r='1'><c r='A1'><v>1</v></c></row>{sheet}</sheetData>")
    )
    good = receive(blank)
    order = Order("tests.misbehaviour:ungated", {}, Limits(memory=512 * MEGABYTE, seconds=3, patience=1.5))

    def read(file, ask):
        try:
            return ask(file, lambda parcel: unpack(parcel, int))
        except Stopped as stopped:
            return stopped.reason

    before, reason, after = run_all(order, read, [good, bomb, good], 1)
    assert before == after > 100
    assert reason in ("died", "memory", "slow", "fault")
    assert [f.code for f in examining.read(bomb, SCHEMAS).result.findings] in (["XLT102"], ["XLT118"])


def test_what_a_worker_read_comes_over_as_it_was(blank):
    reading = examining.read(receive(blank), SCHEMAS)
    answer = unpack(pack(Answer(reading.result), Answer), Answer)
    assert answer == Answer(reading.result)
    taken = workbook_of(parcel_of(reading.workbook, passages(SCHEMAS)), SCHEMAS)
    assert taken.form is SCHEMAS.form()
    assert taken.cover == reading.workbook.cover
    assert taken.tables.keys() == reading.workbook.tables.keys()
    for name, table in taken.tables.items():
        assert table.frame.equals(reading.workbook.tables[name].frame, null_equal=True)
        assert table.frame.schema == reading.workbook.tables[name].frame.schema
        assert not table.raw.filled
        assert table.addresses == reading.workbook.tables[name].addresses


def test_the_main_process_loads_no_reader(tmp_path, blank):
    program = (
        "import sys, xltrack; result = xltrack.validate([sys.argv[1]]); print(result.files[0].unit);"
        "print(*[one for one in ('polars', 'duckdb', 'python_calamine', 'openpyxl') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, blank], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    )  # fmt: skip
    assert done.stdout.split("\n") == ["T34-24", "", ""]


@pytest.mark.parametrize(
    "text", [b"", b"[", b"null", b"[1]", b'{"a":1}', b"[" * 100_000, b"9" * 5_000, b'"\xff"'], ids=range(8)
)
def test_an_answer_that_is_no_result_is_garbled(text):
    with pytest.raises(Garbled):
        unpack(Parcel(text), Answer)
    with pytest.raises(Garbled):
        workbook_of(Parcel(text), SCHEMAS)


def test_a_reader_that_cannot_start_is_the_operators_business(monkeypatch, blank):
    monkeypatch.setattr(examiners, "EXAMINER", "tests.misbehaviour:failing")
    with pytest.raises(ProgramError):
        validate([blank])


def test_of_very_many_findings_fewer_of_a_kind_are_listed():
    found = [Finding("XLT301", "S", row, f"{at}{row}", at) for at in "ABC" for row in range(1, 61)]
    assert condensed(found, (60,), 1) == tuple(found)
    listed = condensed(found, (50, 20, 5), 70)
    assert [finding.cell for finding in listed[:20]] == [f"A{row}" for row in range(1, 21)]
    assert [(finding.code, finding.facts["more"]) for finding in listed[60:]] == [("XLT144", 40)] * 3
    assert len(condensed(found, (50, 20, 5), 10)) == 3 * 5 + 3


def test_where_a_whole_column_is_wrong_the_first_cells_are_listed_and_the_others_counted(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("DAO_TAO")
        sheet.write_row(0, 0, SCHEMAS.form().by_id["training"].by_id)
        for row in range(1, 1204):
            sheet.write_row(row, 0, [f"DT{row}", "Hội thảo", "5S", "", "", "hôm qua"])
    (file,) = validate([path]).files
    wrong = [finding for finding in file.findings if finding.column == "start_date"]
    assert [finding.cell for finding in wrong[:-1]] == [f"F{row}" for row in range(2, 1002)]
    (note,) = [finding for finding in wrong if finding.code == "XLT144"]
    assert note.facts == {"code": wrong[0].code, "more": 203, "first": 1002, "last": 1204, "listed": 1000}
    assert message(note, "vi").startswith(
        f"Còn 203 ô nữa cùng loại {wrong[0].code}, từ dòng 1002 đến dòng 1204"
    )
    assert file.verdict == "rejected"


@pytest.mark.platform("linux")
def test_what_the_machine_will_not_open_is_the_operators_business(tmp_path, blank, monkeypatch):
    """A file is told as unopened, not as damaged; no letter goes to the sender, and no file vanishes."""
    folder = tmp_path / "nhận"
    folder.mkdir()
    inbox(folder, blank, ["đọc được", "đang mở"])
    (folder / "~$đang mở.xlsx").write_bytes(b"")
    (folder / "mất").symlink_to(tmp_path / "không có.xlsx")
    (folder / "vòng").symlink_to(folder / "vòng")
    (folder / "thư mục khác").symlink_to(tmp_path)
    (folder / "khóa").mkdir()
    forbid(monkeypatch, folder / "đang mở.xlsx", folder / "~$đang mở.xlsx", folder / "khóa")
    result = validate([folder], returns=Returns(tmp_path / "trả"))
    assert told(result.files) == {
        "khóa": ["XLT145"], "mất": ["XLT145"], "thư mục khác": ["XLT145"], "vòng": ["XLT145"],
        "đang mở": ["XLT145"], "đọc được": told(result.files)["đọc được"], "~$đang mở": ["XLT109"],
    }  # fmt: skip
    opened = next(file for file in result.files if file.path.stem == "đang mở")
    assert message(opened.findings[0], "vi") == (
        "Máy không cho mở tệp này: không có quyền đọc, hoặc đang mở trong chương trình khác như Excel."
    )
    assert (opened.verdict, opened.is_unopened, exit_code(result.files)) == ("unreadable", True, 2)
    assert [one.path.stem for one in result.returned] == ["đọc được"]


def forbid(monkeypatch, *paths):
    """Let nobody, not even an administrator, open or list `paths`."""

    def refusing(original):
        def call(path, *arguments, **keywords):
            if Path(path) in paths:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return original(path, *arguments, **keywords)

        return call

    monkeypatch.setattr(Path, "open", refusing(Path.open))
    monkeypatch.setattr(os, "listdir", refusing(os.listdir))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
