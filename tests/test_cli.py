"""The command line as people and programs meet it: words, streams, exit codes, start-up."""

import json
import signal
import subprocess
import sys
import tomllib
from datetime import UTC
from pathlib import Path
from string import ascii_uppercase
from threading import Timer

import click
import duckdb
import openpyxl
import pytest
from jsonschema import Draft202012Validator

from tests.command_line import xltrack, xltrack_process
from xltrack.cli import main
from xltrack.cli.main import cli
from xltrack.cli.options import Arrival
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import chosen_language
from xltrack.forms import shipped

ACCEPTED, FOUND_WRONG, COULD_NOT, STOPPED = 0, 1, 2, 130


@pytest.fixture
def blank(tmp_path):
    """A blank workbook of Bắc Ninh for 2025, as it is sent out."""
    done = xltrack("template", "T34-24", "--year", "2025", folder=tmp_path)
    assert done.returncode == ACCEPTED, done.stderr
    return tmp_path / done.stdout.strip()


@pytest.mark.parametrize(
    ("arguments", "variable", "language"),
    [
        ([], None, "vi"), ([], "en", "en"), (["--lang", "en"], None, "en"), (["rollup", "--lang=en"], None, "en"),
        (["--lang", "vi"], "en", "vi"), (["--lang"], None, "vi"),
    ],
)  # fmt: skip
def test_the_language_is_known_before_the_command_line_is_read(monkeypatch, arguments, variable, language):
    if variable:
        monkeypatch.setenv("XLTRACK_LANG", variable)
    assert chosen_language(arguments) == language


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["merge"], "Thiếu tham số 'PATH...'."),
        (["merge", "--nhanh", "a"], "Cách dùng: xltrack merge"),
        (["validate", "a", "--format", "pdf"], "'pdf' không thuộc: 'text', 'json', 'csv', 'sarif'"),
        (["status", "--year", "nay"], "Giá trị của '--year' không đúng: 'nay' không phải là số hợp lệ."),
        (["merge", "--wait", "-1", "a"], "-1.0 nằm ngoài khoảng x>=0."),
        (["redact", "T34-24", "x", "--reason", "a", "--by", "b"], "Thừa tham số: x"),
        (["merge", "--storr", "a"], "Không có tùy chọn '--storr'. Có phải '--store' không?"),
        (["trac"], "Không có lệnh 'trac'."),
        (["merge", "--store"], "Tùy chọn '--store' cần có giá trị."),
    ],
)
def test_a_slip_on_the_command_line_is_told_in_vietnamese(tmp_path, words, said):
    done = xltrack(*words, folder=tmp_path)
    assert done.returncode == COULD_NOT
    assert "Lỗi: " in done.stderr
    assert said in done.stderr
    assert not any(english in done.stderr for english in ("Usage", "Error", "Try ", "Invalid"))


def test_and_in_english_where_that_is_the_language(tmp_path):
    done = xltrack_process("merge", folder=tmp_path, XLTRACK_LANG="en", LANGUAGE="vi")
    assert "Error: Missing argument 'PATH...'." in done.stderr


def test_click_still_says_what_is_translated():
    """A sentence that a newer click words anew would silently be English again."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path(click.__file__).parent.glob("*.py"))
    declared = tomllib.loads(
        Path(main.__code__.co_filename).with_name("usage.vi.toml").read_text(encoding="utf-8")
    )
    said = [*declared["said"], *(text for one in declared["counted"] for text in (one["one"], one["more"]))]
    assert [text for text in said if text.replace("\n\t", "\\n\\t") not in source] == []


@pytest.mark.parametrize(("lang", "word"), [("vi", "Kiểm tra tệp nhận được"), ("en", "Check received files")])
def test_help_speaks_both_languages(tmp_path, lang, word):
    done = xltrack_process("--lang", lang, "--help", folder=tmp_path)
    assert done.returncode == ACCEPTED
    assert word in done.stdout


def test_results_go_to_stdout_and_a_blank_workbook_is_something_wrong(blank, tmp_path):
    done = xltrack("validate", blank, folder=tmp_path)
    assert done.returncode == FOUND_WRONG
    assert "BIA" in done.stdout
    assert "XLT508" in done.stdout
    (said,) = done.stderr.splitlines()
    assert "XLT6xx" in said


@pytest.mark.parametrize(
    ("lang", "said"),
    [("vi", "      14 dòng tiêu đề cột: A4:N4"), ("en", "      14 headings of columns: A4:N4")],
)
def test_the_ledger_says_where_the_cells_are_that_are_no_data(blank, tmp_path, lang, said):
    brief = xltrack_process("--lang", lang, "validate", blank, folder=tmp_path).stdout
    long = xltrack_process("--lang", lang, "validate", "--ledger", blank, folder=tmp_path).stdout
    assert said in long
    assert said not in brief
    assert set(brief.splitlines()) < set(long.splitlines())


def test_findings_stand_before_the_ledger(blank, tmp_path):
    long = xltrack_process("--lang", "en", "validate", "--ledger", blank, folder=tmp_path).stdout
    assert long.index("XLT508") < long.index("cells with content: ") < long.index("Cells of other things")


def test_findings_come_as_a_reader_meets_them(blank, tmp_path):
    book = openpyxl.load_workbook(blank)
    enterprises, funding = book["DOANH_NGHIEP"], book["KINH_PHI"]
    enterprises["B8"], enterprises["A6"], enterprises["B6"] = "Mười", "0101234567-1", "Công ty\u200b A"
    funding["B7"], funding["A5"] = "2025", "x"
    book.save(blank)
    done = xltrack("validate", "--format", "json", blank, folder=tmp_path)
    (file,) = json.loads(done.stdout)["files"]
    places = [(finding["sheet"], finding["row"] or 0) for finding in file["findings"]]
    tabs = [None, *book.sheetnames]
    assert places == sorted(places, key=lambda place: (tabs.index(place[0]), place[1]))
    assert {("DOANH_NGHIEP", 6), ("DOANH_NGHIEP", 8), ("KINH_PHI", 5), ("KINH_PHI", 7)} <= set(places)


@pytest.mark.parametrize("words", [[], ["--ledger"]])
def test_the_json_is_what_its_schema_says(blank, tmp_path, words):
    (tmp_path / "~$dang-mo.xlsx").write_bytes(b"lock")
    (tmp_path / "ghi-chu.txt").write_text("xin chào", encoding="utf-8")
    book = openpyxl.load_workbook(blank)
    total = next(cell for cell in book["BIA"]["A"] if cell.value == "funding_total")
    total.offset(column=2).value = "1 tỷ rưỡi"
    book.save(blank)
    done = xltrack("validate", "--format", "json", *words, tmp_path, folder=tmp_path)
    printed = json.loads(done.stdout)
    schema = json.loads((shipped("schemas") / "validate-result.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(printed)
    verdicts = {Path(file["path"]).name: file["verdict"] for file in printed["files"]}
    assert verdicts == {blank.name: "rejected", "~$dang-mo.xlsx": "passed_over", "ghi-chu.txt": "unreadable"}
    cells = [f for file in printed["files"] for f in file["findings"] if f["cell"]]
    assert str(total.row) in {finding["cell"].lstrip(ascii_uppercase) for finding in cells}
    assert all(finding["cell"].endswith(str(finding["row"])) for finding in cells)
    for ledger in (file["ledger"] for file in printed["files"]):
        listed = sum(place["cells"] for place in ledger.get("places", ()))
        assert listed == (sum(ledger["ignored"].values()) if words else 0)
        assert ("places" in ledger) == bool(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["validate", "khong-co.xlsx"], "khong-co.xlsx"),
        (["validate", "."], "Không có tệp nào trong `.`. Đã tìm tệp dưới mọi tên, cả trong các thư mục con."),
        (["merge", "."], "Không có tệp nào trong `.`"),
        (["template", "T34-99", "--year", "2025"], "T34-99"),
        (["template", "24", "--year", "2025"], "T63-24"),
        (["template", "T34-24", "--year", "1999"], "1999"),
        (["template", "Bắc Giang", "--year", "2026"], "T34-24 Bắc Ninh"),
        (["template"], "--all"),
        (["rollup", "-o", "out.xlsx"], "national.duckdb"),
        (["rollup", "-o", "out.docx"], ".xlsx"),
        (["merge", ".", "--received", "hôm qua"], "hôm qua"),
        (["merge", ".", "--received", "31/12/2199"], "31/12/2199 chưa tới"),
        (["rollup", "-o", "out.xlsx", "--as-of", "31/12/2199"], "31/12/2199 chưa tới"),
        (["status", "--as-of", "2199-12-31"], "31/12/2199 chưa tới"),
        (["validate", __file__, "--schemas", "."], "forms"),
    ],
)
def test_what_the_operator_got_wrong_is_one_sentence_and_exit_2(tmp_path, words, said):
    done = xltrack(*words, folder=tmp_path)
    assert done.returncode == COULD_NOT
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_mistyped_name_among_many_is_told_and_the_others_are_examined(blank, tmp_path):
    for command in ("validate", "merge"):
        done = xltrack(command, blank, "khong-co.xlsx", folder=tmp_path)
        assert done.returncode == COULD_NOT
        assert "khong-co.xlsx\n  KHÔNG ĐỌC ĐƯỢC · 1 lỗi\n" in done.stdout
        assert "Máy không cho mở tệp này: không có ở đó, hoặc lối tắt không dẫn tới đâu." in done.stdout
        assert f"{blank}\n  TỪ CHỐI" in done.stdout
        assert "2 tệp: từ chối 1, không đọc được 1" in done.stdout


def test_vietnamese_survives_a_console_that_cannot_print_it(tmp_path):
    done = xltrack_process(
        "validate", "khong-co.xlsx", folder=tmp_path, PYTHONIOENCODING="cp1252", PYTHONUTF8="0"
    )
    assert "Không có tệp" in done.stderr


def test_who_stops_a_count_by_ctrl_c_is_told_so(monkeypatch, capsys):
    def count(*_, **__):
        Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
        duckdb.execute("SELECT sum(hash(i)) FROM range(10000000000) AS t(i)").fetchall()

    monkeypatch.setattr("xltrack.pipeline.validation.received_files", count)
    monkeypatch.setattr(sys, "argv", ["xltrack", "validate", "."])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == STOPPED
    assert capsys.readouterr().err == "Đã dừng theo yêu cầu.\n"


STOPPED_WHILE = {
    "modules are imported": (
        """
class Finder:
    def find_spec(self, name, *_):
        if name == "click":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
        """,
        STOPPED,
        "",
    ),
    "code made of text runs": (
        """
from xltrack.cli import cli
cli.main = lambda **_: exec("signal.raise_signal(signal.SIGINT)")
        """,
        STOPPED,
        "Đã dừng theo yêu cầu.\n",
    ),
    "all is done and Python ends": (
        """
from xltrack.cli import cli
class Last:
    def __del__(self, stop=signal.raise_signal, which=signal.SIGINT):
        stop(which)
sys.last = Last()
cli.main = lambda **_: print("Xong", file=sys.stderr)
        """,
        0,
        "Xong\n",
    ),
}


@pytest.mark.parametrize("name", STOPPED_WHILE)
def test_ctrl_c_ends_a_command_with_130_and_no_traceback_or_comes_too_late(name):
    before, code, said = STOPPED_WHILE[name]
    program = f"import signal, sys\nfrom xltrack.__main__ import main{before}\nmain()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (code, said)


def test_a_fault_of_the_program_is_a_sentence_and_exit_2(monkeypatch, capsys):
    def fail(*_, **__):
        raise KeyError("T34-99")

    monkeypatch.setattr("xltrack.pipeline.validation.received_files", fail)
    monkeypatch.setattr(sys, "argv", ["xltrack", "validate", "."])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == COULD_NOT
    assert "Lỗi của xltrack: KeyError" in capsys.readouterr().err


def test_help_needs_no_time_zones_of_the_system(tmp_path):
    assert xltrack_process("--help", folder=tmp_path, PYTHONTZPATH="").returncode == ACCEPTED


def test_the_store_may_lie_among_what_was_received(blank, tmp_path):
    first = xltrack("merge", ".", folder=tmp_path)
    again = xltrack("merge", ".", folder=tmp_path)
    assert first.stdout == again.stdout
    assert "national.duckdb" not in again.stdout


def test_a_unit_named_twice_gets_one_workbook(tmp_path):
    done = xltrack("template", "T34-24", "Bắc Ninh", "--year", "2026", folder=tmp_path)
    assert done.stdout.split() == ["XLT-1322_T34-24_Bac-Ninh_2026_nam.xlsx"]


@pytest.mark.parametrize(
    "day", ["2025-11-29", "29/11/2025", "2025-11-29T23:59:59", "2025-11-29T16:59:59+00:00"]
)
def test_a_day_of_arrival_means_its_end_in_hanoi(day):
    moment = Arrival().convert(day, None, None)
    assert moment.astimezone(UTC).isoformat() == "2025-11-29T16:59:59+00:00"


def test_a_folder_that_had_to_be_made_for_a_result_is_told(blank):
    """A slip in the name of the folder would hide the result in one that nobody looks into."""
    made = blank.parent / "ket-qua" / "2025"
    for told in (True, False):
        done = xltrack("validate", blank, "-o", made / "a.txt", folder=blank.parent)
        assert (made / "a.txt").exists()
        assert (f"Thư mục `{made}` chưa có nên đã được tạo." in done.stderr) is told


def test_every_option_that_names_a_result_tells_of_its_folder():
    """What `-o` names is written by the same rules, whichever the command."""
    found = [option for command in _every(cli) for option in command.params if "-o" in option.opts]
    assert len(found) >= 9
    assert all(isinstance(option.type, ResultFile) for option in found)


def _every(command):
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _every(below)
