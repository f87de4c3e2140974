"""The programme's own documents, typed into the workbook by several hands, say the same whoever typed them."""

import re
from dataclasses import astuple
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from tests.acceptance import hands
from tests.acceptance.documents import HERE, all_documents, read_document
from tests.xml_workbook import BARE, GOOGLE, WPS, Habits
from xltrack.checking import check_workbook
from xltrack.findings import hint, message
from xltrack.forms import load_schemas
from xltrack.intake import inspect_file
from xltrack.pipeline import merge
from xltrack.reading import read_workbook
from xltrack.rollup import roll_up
from xltrack.store import open_store

pytestmark = pytest.mark.slow

NOT_ADDING_UP = "outline_334_differs"
ADDING_UP = [name for name in all_documents() if name != NOT_ADDING_UP]
HABITS = {"xml": Habits(), "wps": WPS, "google": GOOGLE, "bare": BARE}
HANDS = [pytest.param("libreoffice", marks=pytest.mark.office), "openpyxl", *HABITS]


@pytest.fixture(scope="module")
def schemas():
    return load_schemas()


@pytest.fixture(scope="module")
def blanks(schemas, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank")
    return {
        name: hands.blank(schemas, read_document(name), folder / f"{name}.xlsx") for name in all_documents()
    }


@pytest.fixture(scope="module")
def prefilled(schemas, tmp_path_factory):
    folder = tmp_path_factory.mktemp("xlsxwriter")
    return {
        name: hands.by_xlsxwriter(schemas, read_document(name), folder / f"{name}.xlsx")
        for name in all_documents()
    }


@pytest.fixture(scope="module")
def expected(prefilled, schemas):
    return {name: said(path, schemas) for name, path in prefilled.items()}


@pytest.fixture(scope="module")
def typed(request, blanks, tmp_path_factory):
    """Return the function that returns a document as one hand filled it, once for all who ask."""

    @cache
    def by(hand: str, name: str) -> Path:
        office = request.getfixturevalue("office") if hand == "libreoffice" else None
        return fill(hand, office, blanks[name], name, tmp_path_factory.mktemp(hand))

    return by


@pytest.fixture(scope="module", params=HANDS)
def filled(request, typed):
    """Return the workbooks of all documents, filled by one hand."""
    return {name: typed(request.param, name) for name in all_documents()}


def fill(hand: str, office, blank: Path, name: str, folder: Path) -> Path:
    document, out = read_document(name), folder / f"{name}.xlsx"
    if hand == "libreoffice":
        return hands.libreoffice(office, blank, document, out)
    if hand == "openpyxl":
        return hands.by_openpyxl(blank, document, out)
    return hands.by_xml(blank, document, out, HABITS[hand])


def read(path: Path, schemas):
    """Return what a validation knows of `path`: the workbook and all findings."""
    intake = inspect_file(path)
    assert not intake.findings, [message(finding, "en") for finding in intake.findings]
    workbook = read_workbook(intake, schemas)
    return workbook, (*workbook.findings, *check_workbook(workbook, schemas, None))


def said(path: Path, schemas):
    """Return all that must not depend on the hand: identity, typed rows, where each value stands, every finding."""
    workbook, findings = read(path, schemas)
    return {
        "cover": workbook.cover,
        "rows": {name: table.frame.to_dicts() for name, table in workbook.tables.items()},
        "places": {name: (table.tab, dict(table.addresses)) for name, table in workbook.tables.items()},
        "mapped": workbook.ledger.mapped,
        "findings": [
            (*astuple(finding)[:-1], message(finding, "vi"), hint(finding, "vi"))
            for finding in findings
            # A file without formats shows serial numbers for dates; that this is said is no other result.
            if finding.code != "XLT332"
        ],
    }


@pytest.mark.parametrize("name", all_documents())
def test_every_hand_says_the_same(filled, expected, schemas, name):
    assert said(filled[name], schemas) == expected[name]


@pytest.mark.parametrize("name", ADDING_UP)
def test_every_document_is_accepted_without_a_finding(prefilled, schemas, name):
    workbook, findings = read(prefilled[name], schemas)
    document = read_document(name)
    assert findings == ()
    assert (workbook.cover.unit.code, workbook.cover.round.name) == (document.unit, document.round)
    typed = {tab: len(rows) for tab, rows in document.sheets.items()}
    assert {
        table.tab: table.frame.height for table in workbook.tables.values() if table.frame.height
    } == typed
    assert workbook.ledger.cells == workbook.ledger.mapped + sum(workbook.ledger.ignored.values())


def test_bac_giangs_seven_steps_keep_their_three_kinds_of_deadline(prefilled, schemas):
    steps = read(prefilled["bac_giang"], schemas)[0].tables["milestones"]
    shown = steps.frame.select(
        "_row", "programme", "sequence", "milestone_kind", "due_kind", "due_date", "due_text"
    )
    assert shown.rows() == [
        (5, "36", 1, "study", "within", date(2021, 5, 31), "Tháng 4-5/2021"),
        (6, "36", 2, "draft", "before", date(2021, 6, 15), "Trước ngày 15/6/2021"),
        (7, "36", 3, "comments_internal", "before", date(2021, 6, 30), "Trước ngày 30/6"),
        (8, "36", 4, "comments_departments", "before", date(2021, 7, 15), "Trước ngày 15/7"),
        (9, "36", 5, "review", "before", date(2021, 7, 30), "Trước ngày 30/7"),
        (10, "36", 6, "submit", "before", date(2021, 8, 5), "Trước ngày 05/8"),
        (11, "36", 7, "issue", "none", None, None),
    ]
    assert steps.cell("due_date", 5) == "F5"


def test_one_division_leads_and_others_coordinate(prefilled, schemas):
    (task,) = read(prefilled["bac_giang"], schemas)[0].tables["tasks"].frame.to_dicts()
    assert task["lead_agency"] == "Chi cục Tiêu chuẩn Đo lường Chất lượng"
    assert task["coordinating_agencies"] == "Các phòng, đơn vị thuộc Sở Khoa học và Công nghệ"


def test_nghe_an_designates_one_agency_for_both_programmes(prefilled, schemas):
    agencies = read(prefilled["nghe_an"], schemas)[0].tables["focal_agency"].frame
    assert agencies.select("programme", "agency_name", "designation_no", "designated_on").rows() == [
        ("1322", "Sở Khoa học và Công nghệ", "1002/UBND-VX", date(2021, 3, 7)),
        ("36", "Sở Khoa học và Công nghệ", "1002/UBND-VX", date(2021, 3, 7)),
    ]


def test_the_line_of_letter_334_is_stored_in_dong(prefilled, schemas):
    tables = read(prefilled["outline_334"], schemas)[0].tables
    (cover,) = (
        tables["cover"].frame.select("funding_kind", "funding_total", "funding_state", "funding_other").rows()
    )
    assert cover == ("estimated", 1_750_000_000, 1_200_000_000, 550_000_000)
    assert tables["funding"].frame["amount"].to_list() == [737_500_000, 150_000_000, 462_500_000, 400_000_000]


def test_a_line_that_does_not_add_up_is_told_at_its_cell_with_the_difference(prefilled, schemas):
    findings = read(prefilled[NOT_ADDING_UP], schemas)[1]
    assert [(finding.code, finding.sheet, finding.cell) for finding in findings] == [
        ("XLT503", "BIA", "C23"),
        ("XLT504", "BIA", "C23"),
    ]
    for finding in findings:
        assert "50.000.000 đồng" in message(finding, "vi")
        assert "Sửa" in hint(finding, "vi")


def rolled_up(paths, folder: Path, schemas):
    """Return the national figures of workbooks that are merged into a new store, and what became of each file."""
    merged = merge(paths, folder / "national.duckdb")
    with open_store(folder / "national.duckdb", schemas) as store:
        return roll_up(store, schemas), merged


@pytest.fixture(scope="module")
def national(prefilled, schemas, tmp_path_factory):
    rollup, merged = rolled_up(accepted(prefilled), tmp_path_factory.mktemp("national"), schemas)
    assert {file.verdict for file in merged.files} == {"accepted"}
    return rollup


def accepted(workbooks):
    return [workbooks[name] for name in ADDING_UP]


@pytest.fixture(scope="module")
def by_several_hands(typed):
    """Return the documents, each filled by another hand. What all say of each is compared above, row by row."""
    return {
        name: typed(hand, name)
        for name, hand in zip(ADDING_UP, ["libreoffice", "openpyxl", *HABITS], strict=True)
    }


@pytest.mark.office
def test_several_hands_give_the_same_national_figures(by_several_hands, national, schemas, tmp_path):
    rollup, merged = rolled_up(accepted(by_several_hands), tmp_path, schemas)
    assert {file.verdict for file in merged.files} == {"accepted"}
    for name, frame in national.frames.items():
        if name != "quality":  # hands are told of their own slips
            assert rollup.frames[name].to_dicts() == frame.to_dicts(), name


def test_a_document_saved_again_by_another_program_counts_once(
    prefilled, blanks, national, schemas, tmp_path
):
    again = hands.by_openpyxl(blanks["outline_334"], read_document("outline_334"), tmp_path / "again.xlsx")
    rollup, merged = rolled_up([*accepted(prefilled), again], tmp_path, schemas)
    (repeated,) = [file for file in merged.files if file.verdict == "duplicate"]
    assert [finding.code for finding in repeated.findings] == ["XLT604"]
    assert rollup.figures.to_dicts() == national.figures.to_dicts()


def test_plan_36_stands_where_each_document_says(national):
    status = {
        row["unit_code"]: row["status"]
        for row in national.plan36.filter(view="63").to_dicts()
        if row["stage"] > 0
    }
    assert status == {
        "T63-24": "drafting",
        "T63-40": "focal_agency",
        "T63-25": "registered",
        "T63-19": "registered",
        "T63-38": "registered",
    }
    others = national.plan36.filter(view="63").filter(pl.col("stage") <= 0)
    assert set(others["status"]) <= {"none", "no_report"}
    assert others.height == 63 - len(status)


def test_a_province_that_merged_later_keeps_its_plan_36_in_the_view_of_34(national):
    rows = national.plan36.filter(view="34").to_dicts()
    status = {row["unit_code"]: (row["status"], row["reported_by"]) for row in rows if row["stage"] > 0}
    assert status["T34-24"] == ("drafting", "T63-24")
    assert status["T34-40"] == ("focal_agency", "T63-40")
    assert sorted(status) == ["T34-19", "T34-24", "T34-25", "T34-38", "T34-40"]


def test_no_plan_counts_as_issued_before_it_has_a_number(national):
    reached = {(row["view"], row["status"]): row["reached"] for row in national.plan36_counts.to_dicts()}
    for view in ("63", "34"):
        assert [reached[view, status] for status in ("registered", "focal_agency", "drafting")] == [5, 2, 1]
        assert [reached[view, status] for status in ("issued", "under_way", "completed")] == [0, 0, 0]


def test_the_line_of_letter_334_is_the_nations_line(national):
    total = national.figure("funding", "2021", funding_kind="estimated")
    state = national.figure("funding_state", "2021", funding_kind="estimated")
    assert (total, state, total - state) == (1_750_000_000, 1_200_000_000, 550_000_000)
    lines = [
        row
        for row in national.reconciliation.to_dicts()
        if row["measure"] == "funding" and row["period"] == "2021"
    ]
    assert {(row["national"], row["sum_over_units"], row["submitted"]) for row in lines} == {
        (total, total, total)
    }
    assert {row["view"] for row in lines} == {"63", "34"}


def test_the_tasks_behind_the_line_are_counted(national):
    assert national.figure("tasks", "2021") == 2


def test_a_return_that_does_not_add_up_reaches_no_figure(prefilled, schemas, tmp_path):
    rollup, merged = rolled_up([prefilled[NOT_ADDING_UP]], tmp_path, schemas)
    assert [file.verdict for file in merged.files] == ["rejected"]
    assert rollup.figure("funding", "2021", funding_kind="estimated") == 0


@pytest.mark.parametrize("path", sorted(HERE.glob("*.toml")), ids=lambda path: path.stem)
def test_no_document_holds_a_telephone_number_or_a_mailbox(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"@|office_phone|office_email|contact_position|(?:\d[ .]?){9}", text)
