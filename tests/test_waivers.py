"""Waivers: a finding keeps its place and its words, and says that nothing needs to be done about it, and why."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from tests.command_line import xltrack
from tests.rollup_stores import store_of
from tests.store_samples import SCHEMAS, refused, table
from xltrack.cli.main import cli
from xltrack.errors import UnknownName
from xltrack.findings import Finding, Waiver, hint, message
from xltrack.forms import shipped
from xltrack.pipeline import FileResult, Wish, hit_counts, standing_waivers, unwaive, waive, write_templates
from xltrack.pipeline.waiving import today, with_waivers
from xltrack.reading import Ledger
from xltrack.report.csv_result import as_csv
from xltrack.report.json_result import as_json
from xltrack.report.sarif_result import as_sarif
from xltrack.report.text import as_text
from xltrack.store import Meant, Standing, merge_workbooks, open_store, read_waivers, store_hash
from xltrack.store.history import history_findings

LATER = today() + timedelta(30)
SAID = {"reason": "Đã đối chiếu", "by": "Vụ KHTC"}
FOUND = (
    Finding("XLT516", "DOANH_NGHIEP", 7, "B7", "enterprise_name", "An Bình", {"other_rows": [9]}),
    Finding("XLT516", "DOANH_NGHIEP", 9, "B9", "enterprise_name", "An Binh", {"other_rows": [7]}),
    Finding("XLT401", "DOANH_NGHIEP", 9, "A9", "tax_code", None, {"title": "Mã số thuế"}),
)
FILE = FileResult(
    Path("a.xlsx"), "a" * 64, "rejected", "XLT-1322", "T34-24", "2025-annual", FOUND, Ledger(0, 0, {})
)


def standing(until: date = LATER, number: int = 1, **meant) -> Standing:
    return Standing(Meant("XLT516", **meant), Waiver(number, until=until, **SAID))


@pytest.mark.parametrize(
    ("meant", "rows"),
    [
        ({}, [7, 9]),
        ({"unit": "T34-24"}, [7, 9]),
        ({"unit": "T34-24", "year": 2025, "period": "annual"}, [7, 9]),
        ({"unit": "T34-27"}, []),
        ({"year": 2024}, []),
        ({"period": "half"}, []),
        ({"submission": "a" * 64, "sheet": "DOANH_NGHIEP", "row": 9}, [9]),
        ({"submission": "b" * 64}, []),
        ({"value": "An Bình"}, [7]),
        ({"until": today()}, [7, 9]),
        ({"until": today() - timedelta(1)}, []),
    ],
)
def test_a_waiver_is_for_the_findings_that_agree_with_all_it_names(meant, rows):
    shown = with_waivers(FILE, [standing(**meant)])
    assert [finding.row for finding in shown.findings if finding.waiver] == rows
    assert len(shown.findings) == len(FOUND)
    assert shown.verdict == "rejected"


def test_of_several_the_latest_that_holds_is_shown():
    ended = standing(until=today() - timedelta(1), number=3)
    shown = with_waivers(FILE, [standing(), standing(number=2), ended]).findings[0]
    assert shown.waiver is not None
    assert shown.waiver.number == 2


def test_the_finding_stays_and_its_remedy_says_why_nothing_needs_to_be_done():
    (first, second, _) = with_waivers(FILE, [standing(row=7)]).findings
    assert message(first, "vi") == message(FOUND[0], "vi")
    assert (
        hint(first, "vi")
        == f"Không phải sửa đến hết ngày {LATER:%d/%m/%Y} (Vụ KHTC: Đã đối chiếu; miễn trừ số 1)."
    )
    assert hint(first, "en") == f"Nothing to mend until {LATER:%d/%m/%Y} (Vụ KHTC: Đã đối chiếu; waiver 1)."
    assert hint(second, "vi") == hint(FOUND[1], "vi")


def test_every_output_shows_the_waiver_at_the_finding():
    shown = with_waivers(FILE, [standing(row=7)])
    text = as_text([shown], "en")
    assert "1 error, 2 warnings, 1 waived" in text
    assert text.count("XLT516") == 2
    assert text.index("→ Nothing to mend until") > text.index("B7")
    document = json.loads(as_json([shown], "vi"))
    jsonschema.validate(
        document, json.loads((shipped("schemas") / "validate-result.schema.json").read_text("utf-8"))
    )
    (first, second, third) = document["files"][0]["findings"]
    assert first["waiver"] == {"number": 1, **SAID, "until": LATER.isoformat()}
    assert (second["waiver"], third["waiver"]) == (None, None)
    lines = list(csv.DictReader(io.StringIO(as_csv([shown], "en").decode("utf-8-sig"))))
    assert [line["hint"].startswith("Nothing to mend") for line in lines] == [True, False, False]
    assert [line["waiver"] for line in lines] == ["1", "", ""]
    results = json.loads(as_sarif([shown], "en"))["runs"][0]["results"]
    assert ["suppressions" in result for result in results] == [True, False, False]


def decided(wish: Wish, store: Path) -> tuple[Standing, int | None]:
    return waive(wish, store, reason="Đã đối chiếu", by="Vụ KHTC", until=LATER)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as opened:
        merge_workbooks(opened, [refused(b"1", findings=FOUND[:2]), refused(b"2", findings=FOUND[2:])])
    return path


def test_a_waiver_is_kept_listed_and_ended_and_leaves_the_rows_alone(store, tmp_path):
    sent = tmp_path / "a.xlsx"
    sent.write_bytes(b"1")
    with open_store(store, SCHEMAS) as opened:
        before = store_hash(opened)
    made, findings = decided(Wish("516", file=sent, row=9), store)
    assert (made.waiver.number, findings) == (1, 1)
    decided(Wish("similar_enterprises", unit="Bắc Giang"), store)
    assert [(one.meant.unit, number) for one, number in standing_waivers(store)] == [(None, 1), ("T63-24", 0)]
    assert unwaive(1, store).waiver.until == today() - timedelta(1)
    assert [one.waiver.number for one in read_waivers(store)] == [1, 2]
    with open_store(store, SCHEMAS) as opened:
        assert store_hash(opened) == before


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("XLT401"), "An error is to be mended"),
        (Wish("XLT999"), "`xltrack explain` lists them all"),
        (Wish("XLT516", unit="Bắc Ninh"), "T63-27"),
        (Wish("XLT516", unit="Sao Hoả"), "T34-24"),
        (Wish("XLT603", value="1"), "leave --value out"),
    ],
)
def test_what_cannot_be_waived_is_refused_with_what_can(wish, said, store):
    with pytest.raises(UnknownName) as failure:
        decided(wish, store)
    assert said in failure.value.message("en")
    assert read_waivers(store) == ()


def test_a_store_of_before_has_no_waivers_and_can_have_some(store, tmp_path):
    with open_store(store, SCHEMAS) as opened:
        opened.rows("DROP TABLE waiver")
    assert read_waivers(store) == ()
    assert read_waivers(tmp_path / "none.duckdb") == ()
    decided(Wish("XLT516"), store)
    assert len(read_waivers(store)) == 1


def test_codes_are_counted_the_most_frequent_first(store):
    decided(Wish("XLT516"), store)
    found = [(hit.code, hit.findings, hit.files, hit.of_files, hit.waivers) for hit in hit_counts(store)]
    assert found == [("XLT516", 2, 1, 2, 1), ("XLT401", 1, 1, 2, 0)]


def test_what_shows_among_returns_is_counted_as_the_returns_stand(tmp_path):
    enterprises = """
    unit   | year | tax_code | enterprise_name
    T63-24 | 2023 | A        | Cơ khí An Bình
    T63-24 | 2024 | A        | Cơ khí Yên Bình
    """
    returns = "unit | year\nT63-24 | 2023\nT63-24 | 2024"
    (hit,) = hit_counts(store_of(tmp_path / "s", returns, enterprises=enterprises))
    assert (hit.code, hit.findings, hit.files, hit.of_files, hit.units) == ("XLT617", 1, 1, 2, 1)


def test_what_shows_among_returns_can_be_waived_for_what_its_cell_says(tmp_path):
    enterprises = """
    unit   | year | tax_code | enterprise_name | declared_size
    T63-24 | 2023 | A        | Cơ khí An Bình  | small
    T63-24 | 2024 | A        | Cơ khí Yên Bình | medium
    """
    store = store_of(tmp_path / "s", "unit | year\nT63-24 | 2023\nT63-24 | 2024", enterprises=enterprises)
    ways = {"XLT617": "Cơ khí Yên Bình", "XLT618": "Vừa"}
    for code, value in ways.items():
        assert decided(Wish(code, unit="T63-24", value=value), store)[1] == 1
    assert decided(Wish("XLT617", year=2023), store)[1] == 0
    assert decided(Wish("XLT617", value="Cơ khí An Bình"), store)[1] == 0
    with open_store(store, SCHEMAS) as opened:
        ((sha256,),) = opened.rows("SELECT sha256 FROM submission WHERE year = 2024")
        form = SCHEMAS.form()
        found = history_findings(
            opened, {sha256: (form, {sheet.id: table(sheet, []) for sheet in form.sheets})}
        )
    file = replace(FILE, sha256=sha256, unit="T63-24", round="2024-annual", findings=tuple(found[sha256]))
    shown = with_waivers(file, read_waivers(store)[:2])
    assert {finding.code: finding.value for finding in shown.findings if finding.waiver} == ways


def said(*words: object) -> str:
    done = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    return done.output


def test_a_waiver_of_the_command_line_stands_at_the_finding_when_the_file_is_checked(tmp_path):
    (sent,) = write_templates(["T34-24"], 2025, "annual", tmp_path)
    store = ("--store", tmp_path / "s.duckdb")
    why = ("--reason", "Bão số 9", "--by", "Vụ KHTC", "--until", "31/12/2099")
    checked = (sent, "--received", "2026-01-15", *store)
    assert said("waive", "127", "--unit", "T34-24", "--year", 2025, *why, *store).startswith(
        "1. XLT127 · T34-24 · 2025"
    )
    assert "miễn trừ số 1" in said("merge", *checked)
    assert "miễn trừ số 1" in said("validate", *checked)
    assert "(1 phát hiện trong kho)" in said("waive", *store)
    assert "1/1 tệp của 1 đơn vị, 1 quyết định miễn trừ còn hiệu lực" in said(
        "explain", "127", "--hits", *store
    )
    assert "một quyết định miễn trừ có thể trùm nhiều phát hiện" in said("explain", "--hits", *store)
    said("waive", "--end", 1, *store)
    assert "miễn trừ số 1" not in said("validate", *checked)
    assert said("waive", *store).splitlines()[0] == "Hết hiệu lực:"
    assert "0 quyết định miễn trừ còn" in said("explain", "127", "--hits", *store)


def test_a_waiver_that_is_for_nothing_yet_is_written_and_doubted(store, tmp_path):
    words = ("waive", "XLT516", "--value", "Đồng Tâm", "--reason", "R", "--by", "B", "--until", "31/12/2099")
    done = xltrack(*words, "--store", str(store), folder=tmp_path)
    assert (done.returncode, len(read_waivers(store))) == (0, 1)
    assert "0 phát hiện trong kho" in done.stdout
    assert "ghi đúng như kết quả kiểm tra" in done.stderr
    meant = xltrack(*words[:2], "--value", "An Bình", *words[4:], "--store", str(store), folder=tmp_path)
    assert ("1 phát hiện trong kho" in meant.stdout, meant.stderr) == (True, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--until", "31/12/2030", "--reason", " ", "--by", "B"], "--reason"),
        (["--until", "1/1/2020", "--reason", "A", "--by", "B"], "01/01/2020"),
        (["--until", "31/12/2030", "--reason", "A", "--by", "B", "--row", "5"], "--file"),
    ],
)
def test_a_waiver_that_cannot_be_meant_is_not_written(words, said, tmp_path):
    done = xltrack("waive", "XLT509", "--store", "a.duckdb", *words, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "a.duckdb").exists()
