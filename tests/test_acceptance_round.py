"""An analyst's afternoon with the programme's documents: validate, merge, roll up, all on the command line."""

import json
from pathlib import Path

import pytest

from tests.acceptance import hands
from tests.acceptance.commands import xltrack
from tests.acceptance.documents import all_documents, read_document
from xltrack.forms import load_schemas
from xltrack.rollup import DIMENSIONS

NOT_ADDING_UP = "outline_334_differs"


@pytest.fixture(scope="module")
def mail(tmp_path_factory):
    """Return the folder of what arrived: every document that is in order."""
    schemas, folder = load_schemas(), tmp_path_factory.mktemp("mail")
    for name in all_documents():
        if name != NOT_ADDING_UP:
            hands.by_xlsxwriter(schemas, read_document(name), folder / f"{name}.xlsx")
    return folder


@pytest.fixture(scope="module")
def store(mail, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "national.duckdb"
    run = xltrack("merge", mail, "--store", path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1].startswith(f"{len(list(mail.iterdir()))} tệp: chấp nhận")
    return path


def figures(store: Path, out: Path):
    run = xltrack("rollup", "--store", store, "-o", out)
    assert (run.returncode, run.stderr) == (0, "")
    assert str(out) in run.stdout
    return json.loads(out.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rollup(store, tmp_path_factory):
    return figures(store, tmp_path_factory.mktemp("rollup") / "national.json")


def test_everything_in_order_ends_with_nought(mail):
    run = xltrack("validate", mail)
    assert (run.returncode, "XLT6xx" in run.stderr, run.stderr.count("\n")) == (0, True, 1)
    assert "lỗi" not in run.stdout


def test_plan_36_is_followed_by_unit_with_its_status_in_words(rollup):
    status = {
        row["unit_name"]: row["status"]
        for row in rollup["plan36"]
        if row["view"] == "63" and row["stage"] > 0
    }
    assert status == {
        "Bắc Giang": "drafting",
        "Nghệ An": "focal_agency",
        "Phú Thọ": "registered",
        "Thái Nguyên": "registered",
        "Thanh Hóa": "registered",
    }


def test_the_line_of_letter_334_arrives_in_the_nations_figures(rollup):
    cut = {"period": "2021", "view": "63", "funding_kind": "estimated"}
    whole = {"unit_code", *DIMENSIONS} - {"funding_kind"}
    lines = {
        row["measure"]: row["value"]
        for row in rollup["figures"]
        if row["measure"] in ("funding", "funding_state")
        and all(row.get(name) == value for name, value in cut.items())
        and all(row.get(name) is None for name in whole)
    }
    assert lines == {"funding": 1_750_000_000, "funding_state": 1_200_000_000}


def test_merging_the_same_mail_again_changes_no_figure(mail, store, rollup, tmp_path):
    again = xltrack("merge", mail, "--store", store)
    assert (again.returncode, again.stderr) == (0, "")
    assert "đã có" in again.stdout.splitlines()[-1]
    assert figures(store, tmp_path / "again.json") == rollup


def test_the_national_workbook_is_written(store, tmp_path):
    out = tmp_path / "Tổng hợp.xlsx"
    run = xltrack("rollup", "--store", store, "-o", out)
    assert (run.returncode, run.stderr) == (0, "")
    assert out.read_bytes().startswith(b"PK")
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
