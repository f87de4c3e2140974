"""What the cases cannot show: missing sheets and columns, privacy, whole rounds, and who answers for what."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from tests.case_files import Case, build
from xltrack.checking import check_workbook, check_workbooks, keys
from xltrack.findings import Finding, hint, message
from xltrack.forms import load_schemas

SCHEMAS = load_schemas()
ENTERPRISE = {"tax_code": "0100109106", "enterprise_name": "Công ty A", "province_code": "T34-24"}
APPLICATION = {
    "application_id": "HT-01",
    "programme": "1322",
    "tax_code": "0100109106",
    "tool_code": "5S",
    "status": "planned",
}


def workbook(**sheets):
    return build(Case("test", sheets=sheets), SCHEMAS)


def codes(found):
    return [(finding.code, finding.cell) for finding in found]


def without(book, sheet, column):
    """Return `book` as if its file lacked `column`."""
    table = book.tables[sheet]
    addresses = {name: letter for name, letter in table.addresses.items() if name != column}
    frame = table.frame.with_columns(pl.lit(None, table.frame.schema[column]).alias(column))
    bare = replace(table, addresses=addresses, frame=frame)
    return replace(book, tables={**book.tables, sheet: bare})


def test_a_workbook_of_no_form_has_nothing_to_check():
    book = replace(workbook(), form=None, cover=None, tables={})
    assert check_workbook(book, SCHEMAS, datetime.now(UTC)) == ()


def test_a_missing_required_column_is_not_reported_row_by_row():
    book = without(workbook(DOANH_NGHIEP=[ENTERPRISE] * 3), "enterprises", "enterprise_name")
    assert "XLT401" not in {code for code, _ in codes(check_workbook(book, SCHEMAS))}


def test_a_conditional_demand_on_a_missing_column_names_the_row():
    task = {
        "task_id": "T",
        "programme": "1322",
        "task_name": "n",
        "task_kind": "assigned",
        "level": "province",
        "lead_agency": "S",
    }
    book = without(workbook(NHIEM_VU=[task]), "tasks", "task_group")
    found = next(finding for finding in check_workbook(book, SCHEMAS) if finding.code == "XLT409")
    assert (found.sheet, found.row, found.cell) == ("NHIEM_VU", 5, None)


def test_references_into_a_sheet_or_column_that_is_missing_are_not_reported_row_by_row():
    book = workbook(DOANH_NGHIEP=[ENTERPRISE], AP_DUNG=[APPLICATION])
    tables = {name: table for name, table in book.tables.items() if name != "enterprises"}
    assert check_workbook(replace(book, tables=tables), SCHEMAS) == ()
    bare = without(book, "enterprises", "tax_code")
    assert "XLT502" not in {code for code, _ in codes(check_workbook(bare, SCHEMAS))}


def test_a_file_without_a_known_cover_still_has_its_rows_checked():
    book = replace(
        workbook(
            DOANH_NGHIEP=[{"tax_code": "1", **{k: v for k, v in ENTERPRISE.items() if k != "tax_code"}}]
        ),
        cover=None,
    )
    assert codes(check_workbook(book, SCHEMAS)) == [("XLT402", "A5")]


def test_sheets_that_could_not_be_read_may_hold_what_seems_missing():
    lost = Finding("XLT207", "KINH_PHI", facts={"tab": "KINH_PHI"})
    assert codes(check_workbook(workbook(), SCHEMAS)) == [("XLT508", "C19")]
    assert check_workbook(replace(workbook(), findings=(lost,)), SCHEMAS) == ()


def test_totals_are_not_compared_with_rows_that_could_not_be_read():
    good = {
        "subject_kind": "other",
        "year": "2025",
        "source": "enterprise",
        "figure_kind": "disbursed",
        "amount": "5.000.000",
    }
    cover = {"funding_kind": "disbursed", "funding_total": "10.000.000"}
    for amount, expected in (("năm", [("XLT575", "C21")]), ("4.000.000", [("XLT503", "C21")])):
        sheets = {"KINH_PHI": [good, good | {"source": "other", "amount": amount}]}
        book = build(Case("test", cover=cover, sheets=sheets), SCHEMAS)
        assert codes(check_workbook(book, SCHEMAS)) == expected


@pytest.mark.parametrize(
    ("amount", "code", "advice"),
    [
        ("25.000.000", "XLT579", "cộng vào một dòng (tổng 35.000.000 đồng), xóa trống dòng kia"),
        ("nhiều", "XLT579", "cộng vào một dòng, xóa trống dòng kia"),
        ("10.000.000", "XLT501", "Xóa trống dòng thừa"),
    ],
)
def test_two_payments_of_one_item_are_to_be_added_up_and_none_is_lost(amount, code, advice):
    item = {"subject_kind": "other", "year": "2025", "source": "enterprise", "figure_kind": "disbursed"}
    rows = [{**item, "amount": typed} for typed in ("10.000.000", amount)]
    found = [one for one in check_workbook(workbook(KINH_PHI=rows), SCHEMAS) if one.column == "subject_kind"]
    assert [one.code for one in found] == [code] * 2
    assert advice in hint(found[0], "vi")


def test_contacts_and_personal_numbers_are_not_shown():
    agency = {
        "programme": "36",
        "agency_name": "Sở KH&CN",
        "office_email": f"{'an.nguyen' * 20}@bacninh.gov.vn",
    }
    household = ENTERPRISE | {"tax_code": "001088012345", "legal_form": "Hộ kinh doanh"}
    found = check_workbook(workbook(DAU_MOI=[agency], DOANH_NGHIEP=[household] * 2), SCHEMAS)
    assert [finding.code for finding in found] == ["XLT405", *["XLT501", "XLT513"] * 2]
    shown = " ".join(f"{f.value} {message(f, 'vi')} {hint(f, 'en')}" for f in found)
    assert "nguyen" not in shown
    assert "001088012345" not in shown
    assert "345" in shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0100109106", None),
        ("010010910", "0100109106"),
        ("0100109160", "0100109106"),
        ("0100109106-001", "0100109106"),
        ("0199999106", ""),
    ],
)
def test_codes_a_slip_away_are_offered_and_others_that_merely_look_alike_are_not(typed, meant):
    book = workbook(DOANH_NGHIEP=[ENTERPRISE], AP_DUNG=[APPLICATION | {"tax_code": typed}])
    lost = [finding for finding in check_workbook(book, SCHEMAS) if finding.code == "XLT502"]
    assert [finding.facts["suggestions"] for finding in lost] == ([] if meant is None else [meant])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HT40-2024-4256-1", ""),
        ("HT40-2024-425-1", ""),
        ("HT40-2024-04257-1", "HT40-2024-4257-1"),
        ("HT40-2024-42S7-1", "HT40-2024-4257-1"),
        ("HT40 2024-4257-1", "HT40-2024-4257-1"),
        (f"HT40-2024-4257-1{'0' * 9_000}", ""),
    ],
)
def test_of_ids_numbered_in_turn_the_next_is_not_offered_for_one_that_is_missing(typed, meant):
    """Whoever follows the hint would book money to another enterprise. A cell may hold more digits than a number."""
    listed = [APPLICATION | {"application_id": f"HT40-2024-{number}-1"} for number in (4252, 4257)]
    paid = {
        "year": "2024",
        "subject_kind": "application",
        "subject_id": typed,
        "source": "enterprise",
        "figure_kind": "disbursed",
        "amount": "5.000.000",
    }
    book = workbook(DOANH_NGHIEP=[ENTERPRISE], AP_DUNG=listed, KINH_PHI=[paid])
    lost = [finding for finding in check_workbook(book, SCHEMAS) if finding.code == "XLT502"]
    assert [str(finding.facts["suggestions"]).split(", ")[0] for finding in lost] == [meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10123459", "0010123459"),
        ("MST 3000123617", "3000123617"),
        ("MST: 3000123618", ""),
        ("10123458", ""),
        ("3000123617 / 0100109106", ""),
        ("CMND 100109106", ""),
    ],
)
def test_a_tax_code_without_its_zeros_or_beside_words_is_offered_if_its_check_digit_agrees(typed, meant):
    found = check_workbook(workbook(DOANH_NGHIEP=[ENTERPRISE | {"tax_code": typed}]), SCHEMAS)
    (wrong,) = (finding for finding in found if finding.code == "XLT402")
    offered = f"Có phải ý Anh/Chị là {meant}?"
    assert message(wrong, "vi").endswith(offered if meant else "không đúng dạng quy định.")


def test_what_has_not_the_form_of_a_code_is_neither_offered_nor_shown():
    """Nine digits are those of an old identity card: at its own place too only the last of them are seen."""
    listed = [ENTERPRISE | {"tax_code": "169906108"}, ENTERPRISE | {"tax_code": "1699061080"}]
    book = workbook(DOANH_NGHIEP=listed, AP_DUNG=[APPLICATION | {"tax_code": "1699061086"}])
    found = check_workbook(book, SCHEMAS)
    (lost,) = (finding for finding in found if finding.code == "XLT502")
    assert "1699061080" in message(lost, "vi")
    shown = [*(message(f, lang) + str(f.value) for f in found for lang in ("vi", "en"))]
    assert [text for text in shown if re.search(r"\b169906108\b", text)] == []
    assert any("••••••108" in text for text in shown)


def test_what_is_offered_for_a_code_does_not_depend_on_the_files_beside_it():
    slipped = workbook(DOANH_NGHIEP=[ENTERPRISE], AP_DUNG=[APPLICATION | {"tax_code": "0100109160"}])
    lost = [
        APPLICATION | {"application_id": f"A{at}", "tax_code": f"9{at:09}"}
        for at in range(keys._MOST_COMPARED)
    ]
    many = workbook(DOANH_NGHIEP=[ENTERPRISE], AP_DUNG=lost)
    (*_, beside), (alone,) = (check_workbooks(books, SCHEMAS) for books in ([many, slipped], [slipped]))
    assert beside == alone
    assert "0100109106" in {finding.facts.get("suggestions") for finding in alone}


def test_many_copies_are_named_up_to_ten():
    found = check_workbook(
        workbook(SAN_PHAM=[{"product_id": "P", "product_name": "x", "product_level": "sector"}] * 30), SCHEMAS
    )
    assert len(found) == 30
    assert "dòng 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, …:" in message(found[0], "vi")


def test_keys_and_references_stay_within_their_file():
    books = [
        workbook(DOANH_NGHIEP=[ENTERPRISE]),
        workbook(DOANH_NGHIEP=[ENTERPRISE]),
        workbook(AP_DUNG=[APPLICATION]),
    ]
    assert [codes(found) for found in check_workbooks(books, SCHEMAS)] == [[], [], [("XLT502", "C5")]]


def test_a_finding_shows_what_stands_in_its_own_file():
    rows = [APPLICATION | {"application_id": f"A{at}"} for at in range(3)]
    lost = [APPLICATION | {"tax_code": f"010010916{at}", "application_id": f"B{at}"} for at in range(2)]
    books = [workbook(DOANH_NGHIEP=[ENTERPRISE], AP_DUNG=rows), workbook(), workbook(AP_DUNG=lost)]
    *_, found = check_workbooks(books, SCHEMAS)
    assert [(one.cell, one.value) for one in found if one.code == "XLT502"] == [
        ("C5", "0100109160"),
        ("C6", "0100109161"),
    ]


def test_without_an_arrival_nothing_is_said_of_deadlines():
    book = workbook(DOANH_NGHIEP=[ENTERPRISE])
    assert check_workbook(book, SCHEMAS) == ()
    assert check_workbooks([book] * 2, SCHEMAS) == [(), ()]


def test_an_arrival_without_a_zone_is_in_hanoi():
    book = workbook(DOANH_NGHIEP=[ENTERPRISE])
    assert book.cover is not None
    due = book.cover.round.on_time_until
    there = datetime(due.year, due.month, due.day, 23, 59, 59)  # noqa: DTZ001
    late = there + timedelta(seconds=1)
    assert codes(check_workbook(book, SCHEMAS, there)) == []
    assert [code for code, _ in codes(check_workbook(book, SCHEMAS, late))] == ["XLT127"]
    utc = late.replace(tzinfo=UTC) - timedelta(hours=7)
    assert check_workbook(book, SCHEMAS, utc) == check_workbook(book, SCHEMAS, late)


def test_the_rules_do_not_need_pyarrow(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    assert codes(check_workbook(workbook(), SCHEMAS)) == [("XLT508", "C19")]


def test_findings_come_in_reading_order():
    book = workbook(DOANH_NGHIEP=[{"tax_code": "1"}, {"tax_code": "2"}], SAN_PHAM=[{"product_name": "x"}])
    found = check_workbook(book, SCHEMAS)
    assert [finding.cell for finding in found] == ["A5", "B5", "D5", "A6", "B6", "D6", "A5", "D5"]
    assert {finding.value for finding in found} == {"1", "2", None}


def test_a_large_sheet_of_one_mistake_is_checked_set_by_set():
    row = ENTERPRISE | {"insured_workers": "-1"}
    rows = [row | {"tax_code": f"0100109106-{n:03}", "commune": f"Xã {n}"} for n in range(1, 1000)]
    found = check_workbook(workbook(DOANH_NGHIEP=rows), SCHEMAS)
    assert {finding.code for finding in found} == {"XLT403"}
    assert len(found) == 999
