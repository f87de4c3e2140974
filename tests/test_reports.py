"""What `xltrack validate` says of a messy workbook: text on a screen and in a file, CSV, SARIF."""

import csv
import io
import json
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from rich.console import Console

import xltrack
from tests.command_line import xltrack as run
from tests.javascript import SARIF, package
from tests.received import typed, write
from tests.test_cli import FOUND_WRONG
from xltrack.findings import Finding, catalogue, severity
from xltrack.findings.catalogue import in_common
from xltrack.pipeline import FileResult
from xltrack.reading import Ledger
from xltrack.report.csv_result import FIELDS, as_csv
from xltrack.report.json_result import as_json
from xltrack.report.received import NOT_COMPARED
from xltrack.report.sarif_result import as_sarif
from xltrack.report.screen import show
from xltrack.report.text import as_text

MESSY = """
Mã số thuế | Tên doanh nghiệp  | Tỉnh, thành phố | Doanh thu
0100109106 | Công ty A         | Bắc Ninhh       | chưa có số
0100233488 | '=cmd!A1          | Bắc Ninhh       | chưa có số
0100100079 | Công ty C         | Bắc Ninhh       | 7
0101248141 | Công ty D\x1b[31m | Bắc Ninh        | đang tổng hợp
0101248142 | Công ty E         | Bắc Ninh        | '-5+8
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A workbook in which the same mistakes were made in several cells, and a file that is no workbook."""
    place = tmp_path_factory.mktemp("nhận về")
    write(place / "Báo cáo, tỉnh (1).xlsx", typed("DOANH_NGHIEP", MESSY))
    (place / "ghi-chu.txt").write_text("xin chào", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def files(folder) -> tuple[FileResult, ...]:
    return xltrack.validate([folder]).files


def on_screen(files, width: int, **options) -> str:
    told = io.StringIO()
    show(files, "vi", Console(file=told, force_terminal=True, width=width, highlight=False, **options))
    return told.getvalue()


def test_what_is_wrong_with_neighbouring_cells_is_said_once(files):
    lines = as_text(files, "vi").splitlines()
    at = next(at for at, line in enumerate(lines) if "C3:C5" in line)
    assert lines[at].split()[:3] == ["C3:C5", "lỗi", "XLT306:"]
    assert "“Bắc Ninhh”" in lines[at]
    assert lines[at + 1].split()[0] == "→"
    start = next(at for at, line in enumerate(lines) if line.split()[:4] == ["4", "chỗ", "lỗi", "XLT301:"])
    assert "«Doanh thu»: “…” không phải là số" in lines[start]
    assert [line.split(maxsplit=1) for line in lines[start + 1 : start + 4]] == [
        ["D3:D4", "chưa có số"], ["D6", "đang tổng hợp"], ["D7", "-5+8"],
    ]  # fmt: skip


def test_findings_stand_before_the_ledger(files):
    lines = as_text(files, "en").splitlines()
    ledger = next(at for at, line in enumerate(lines) if "cells with content" in line)
    told = [at for at, line in enumerate(lines[:ledger]) if "XLT3" in line]
    assert told
    assert not any("XLT3" in line for line in lines[ledger:])


def test_many_places_are_counted():
    found = tuple(
        Finding("XLT401", "BIA", row, f"C{row}", "year", facts={"title": "Năm"}) for row in range(1, 60, 3)
    )
    file = FileResult(Path("a.xlsx"), None, "rejected", None, None, None, found, Ledger(0, 0, {}))
    said = as_text([file], "vi")
    assert "20 chỗ lỗi XLT401: Thiếu «Năm»." in said
    assert "C1, C4, C7, C10, C13, C16, C19, C22 … và 12 chỗ nữa: C25, C28, C31," in said
    assert said.count("C58") == 1


@pytest.mark.parametrize(
    ("round_", "vi", "en"),
    [
        ("2025-annual", "Năm 2025", "Annual 2025"),
        ("2025-half", "6 tháng 2025", "Half-year 2025"),
        ("2025-five_year", "5 năm 2021–2025", "Five-year 2021–2025"),
        ("lost", "lost", "lost"),
    ],
)
def test_whose_return_it_is_and_how_much_was_found_is_said_in_words(round_, vi, en):
    found = tuple(
        Finding(code, "BIA", 7, "C7", facts={"title": "x"}) for code in ("XLT401", "XLT401", "XLT505")
    )
    file = FileResult(Path("a.xlsx"), None, "rejected", "XLT-1322", "T34-24", round_, found, Ledger(0, 0, {}))
    assert f"XLT-1322 · Bắc Ninh (T34-24) · {vi} · 2 lỗi, 1 cảnh báo" in as_text([file], "vi")
    assert f"XLT-1322 · Bac Ninh (T34-24) · {en} · 2 errors, 1 warning" in as_text([file], "en")


def test_the_places_that_are_only_named_leave_the_table_its_width():
    found = tuple(
        Finding("XLT306", "BIA", row, f"C{row}", "year", f"giá trị {row}", {"title": "Năm", "list": "Năm"})
        for row in range(1, 60, 3)
    )
    file = FileResult(Path("a.xlsx"), None, "rejected", None, None, None, found, Ledger(0, 0, {}))
    lines = on_screen([file], 80, color_system=None).splitlines()
    assert any(line.split() == ["C4", "giá", "trị", "4"] and len(line.rstrip()) < 40 for line in lines)
    assert any("… và 12 chỗ nữa: C25, C28," in line for line in lines)


def test_of_very_many_places_the_first_are_named():
    found = tuple(
        Finding("XLT401", "BIA", row, f"C{row}", "year", facts={"title": "Năm"}) for row in range(1, 99, 2)
    )
    said = as_text(
        [FileResult(Path("a.xlsx"), None, "rejected", None, None, None, found, Ledger(0, 0, {}))], "en"
    )
    assert "… and 41 more: C17, C19," in said
    assert "C55 …" in said
    assert "C57" not in said


def test_a_terminal_gets_the_same_words_in_colour(files):
    wide = on_screen(files, 1_000)
    assert "\x1b[1;31mlỗi XLT306" in wide
    plain = on_screen(files, 1_000, no_color=True, color_system=None)
    assert plain.split() == as_text(files, "vi").split()


def test_a_narrow_window_breaks_lines_between_words_and_keeps_the_places_apart(files):
    lines = on_screen(files, 60, color_system=None).splitlines()
    at = next(at for at, line in enumerate(lines) if "C3:C5" in line)
    assert all(len(line) <= 60 for line in lines)
    assert lines[at + 1].startswith(" " * 10)
    assert "chưa có số" in "\n".join(lines)


def test_no_text_of_a_sender_reaches_the_terminal_as_a_command(files):
    values = {finding.value for file in files for finding in file.findings}
    assert "\x1b[31m" not in on_screen(files, 1_000, color_system=None) + as_text(files, "vi")
    evil = Finding("XLT301", "BIA", 7, "C7", "year", "\x1b]0;x\x07\u202e1", {"title": "Năm"})
    file = FileResult(Path("a\x1b[2J.xlsx"), None, "rejected", None, None, None, (evil,), Ledger(0, 0, {}))
    assert not set(on_screen([file], 200, color_system=None)) & set("\x1b\x07\u202e")
    assert values


def test_a_pipe_gets_no_colours(folder, tmp_path):
    done = run("validate", folder, folder=tmp_path)
    assert done.returncode == FOUND_WRONG
    assert "\x1b" not in done.stdout
    assert "C3:C5  lỗi XLT306" in done.stdout


def test_csv_has_a_line_for_each_finding_and_opens_in_excel(files):
    content = as_csv(files, "vi")
    assert content.startswith(b"\xef\xbb\xbfpath,verdict,")
    assert b"\r\n" in content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == FIELDS
    printed = [
        (file["path"], finding)
        for file in json.loads(as_json(files, "vi"))["files"]
        for finding in file["findings"]
    ]
    assert len(rows) == len(printed) > 10
    for row, (path, finding) in zip(rows, printed, strict=True):
        assert row["path"] == path
        for name, value in finding.items():
            assert row[name].removeprefix("'") == str("" if value is None else value).removeprefix("'")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"), (" =1+1", "' =1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-5+8", "'-5+8"), ("+84 912", "'+84 912"),
        ("＝1", "'＝1"), ("\t=1", "'\t=1"), ("-5", "-5"), ("-1.250,5", "-1.250,5"), ("Công ty = A", "Công ty = A"),
        ("a\n=1", "a\n=1"), ("", ""), ("a\u202e12\u2066", "a\ufffd12\ufffd"),
    ],
)  # fmt: skip
def test_no_cell_of_the_csv_is_a_formula(value, written):
    finding = Finding("XLT301", "=T", 7, "C7", "year", value, {"title": "Năm"})
    file = FileResult(Path("@a.xlsx"), None, "rejected", None, None, None, (finding,), Ledger(0, 0, {}))
    (row,) = csv.DictReader(io.StringIO(as_csv([file], "en").decode("utf-8-sig"), newline=""))
    assert row["value"] == written
    assert (row["sheet"], row["path"]) == ("'=T", "'@a.xlsx")
    assert row["message"].startswith("“Năm”")


def test_sarif_names_rules_files_and_cells(files, folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    log = json.loads(as_sarif(files, "vi"))
    (run_,) = log["runs"]
    rules, results = run_["tool"]["driver"]["rules"], run_["results"]
    assert len(results) == sum(len(file.findings) for file in files)
    findings = [finding for file in files for finding in file.findings]
    for result, finding in zip(results, findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["level"] == severity(finding)
        code = catalogue()[finding.code]
        assert code.explanation.vi in rules[result["ruleIndex"]]["help"]["text"]
        (location,) = result["locations"]
        address = location["physicalLocation"]["artifactLocation"]
        assert run_["artifacts"][address["index"]]["location"]["uri"] == address["uri"]
        assert (folder.parent / unquote(address["uri"])).is_file()
        assert not PurePosixPath(address["uri"]).is_absolute()
        if finding.cell:
            (place,) = location["logicalLocations"]
            assert place["fullyQualifiedName"] == f"{finding.sheet}!{finding.cell}"
            assert result["message"]["text"].startswith(f"{finding.sheet}!{finding.cell}: ")
    assert "{" not in json.dumps([rule["shortDescription"] for rule in rules]).replace('{"text"', "")


def test_programs_are_told_that_nothing_was_compared_with_other_returns(files):
    document = json.loads(as_json(files, "vi"))
    assert document["not_run"] == [{"codes": "XLT6xx", "message": NOT_COMPARED.vi}]
    (run_,) = json.loads(as_sarif(files, "en"))["runs"]
    (left_out,) = run_["invocations"][0]["toolExecutionNotifications"]
    assert (left_out["descriptor"]["id"], left_out["message"]["text"]) == ("XLT6xx", NOT_COMPARED.en)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{0}", "“{{0}}”"),
        ("[x](1)", r"“\[x](1)”"),
        ("[a[b]](https://example.org)", r"“\[a\[b]](https://example.org)”"),
        ("[x] (1)", "“[x] (1)”"),
    ],
)
def test_sarif_shows_what_was_typed_and_makes_no_link_or_argument_of_it(typed, said):
    finding = Finding("XLT301", "T", 7, "C7", "year", typed, {"title": "Năm"})
    file = FileResult(Path("a.xlsx"), None, "rejected", None, None, None, (finding,), Ledger(0, 0, {}))
    (result,) = json.loads(as_sarif([file], "en"))["runs"][0]["results"]
    assert said in result["message"]["text"]
    assert result["properties"]["value"] == typed


def test_addresses_stay_relative_when_files_lie_elsewhere(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    uris = [one["location"]["uri"] for one in json.loads(as_sarif(files, "en"))["runs"][0]["artifacts"]]
    assert uris == ["B%C3%A1o%20c%C3%A1o%2C%20t%E1%BB%89nh%20%281%29.xlsx", "ghi-chu.txt"]
    assert json.loads(as_sarif((), "en"))["runs"][0]["results"] == []


@pytest.mark.node
def test_sarif_is_what_its_schema_says(files):
    schema = package(SARIF) / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"
    validator = Draft4Validator(json.loads(schema.read_text(encoding="utf-8")))
    log = json.loads(as_sarif(files, "vi"))
    assert [error.message for error in validator.iter_errors(log)] == []
    del log["runs"][0]["tool"]["driver"]["name"]
    assert not validator.is_valid(log)


@pytest.mark.parametrize(
    ("form", "start"), [("csv", b"\xef\xbb\xbfpath,"), ("sarif", b"{"), ("text", b"\xef\xbb\xbf")]
)
def test_a_result_goes_into_a_file(folder, tmp_path, form, start):
    done = run("validate", folder, "--format", form, "-o", "ket-qua.out", folder=tmp_path)
    assert done.returncode == FOUND_WRONG
    assert done.stdout.strip() == "ket-qua.out"
    assert (tmp_path / "ket-qua.out").read_bytes().startswith(start)


def test_a_suggestion_that_is_missing_is_no_suggestion():
    facts = [{"title": "Trạng thái", "list": "", "suggestions": text} for text in ("“Hoàn thành”", "")]
    findings = [
        Finding("XLT306", "AP_DUNG", row, f"K{row}", "status", value, one)
        for row, value, one in zip((5, 7), ("xong rồi", "z"), facts, strict=True)
    ]
    assert [words[-1] for words in in_common(findings, "vi").differing] == ["“Hoàn thành”", ""]


def test_where_a_sentence_differs_in_several_places_they_are_numbered_and_head_their_words():
    facts = {
        "title": "Mã số thuế",
        "target_title": "Mã số thuế",
        "target_tab": "DOANH_NGHIEP",
        "doubtful": "",
        "misspelt": "",
    }
    found = tuple(
        Finding("XLT502", "AP_DUNG", row, f"C{row}", "tax_code", value, facts | {"suggestions": near})
        for row, value, near in ((5, "0100233480", "0100233488"), (9, "0100233481", ""))
    )
    file = FileResult(Path("a.xlsx"), None, "rejected", None, None, None, found, Ledger(0, 0, {}))
    lines = as_text([file], "vi").splitlines()
    at = next(at for at, line in enumerate(lines) if "XLT502" in line)
    assert "“(1)” không có trong cột «Mã số thuế»" in lines[at]
    assert lines[at].endswith("Có phải ý Anh/Chị là (2)?")
    assert [line.split() for line in lines[at + 1 : at + 4]] == [
        ["(1)", "(2)"], ["C5", "0100233480", "0100233488"], ["C9", "0100233481"],
    ]  # fmt: skip
    assert lines[at + 1].index("(2)") == lines[at + 2].index("0100233488")
    assert on_screen([file], 1_000, color_system=None).split() == "\n".join(lines).split()
