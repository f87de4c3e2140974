"""What the cases cannot show of rules: what each needs, other schemas, sheets and cells that are not there."""

import re
import shutil
from dataclasses import replace
from functools import cache

import pytest

from tests.case_files import Case, build
from tests.enterprise_names import enterprises
from xltrack.checking import check_workbook
from xltrack.checking.reference import TABLES
from xltrack.checking.relations import RELATIONS
from xltrack.checking.rule import read_rules, rule_book
from xltrack.findings import Finding, catalogue, message
from xltrack.forms import load_schemas, shipped

SCHEMAS = load_schemas()
FORM = SCHEMAS.form()
BOOK = rule_book()
ENTERPRISE = {"tax_code": "0100109106", "enterprise_name": "Cơ khí An Bình", "province_code": "T34-24"}
APPLICATION = {
    "application_id": "HT-01",
    "programme": "1322",
    "tax_code": "0100109106",
    "tool_code": "ISO 9001",
}
DONE = APPLICATION | {"status": "completed", "end_date": "31/10/2025"}


def codes(case: Case, schemas=SCHEMAS) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.cell) for finding in check_workbook(build(case, schemas), schemas)]


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.code)
def test_a_rule_names_its_code_and_needs_what_the_form_has(rule):
    assert rule.sql.startswith(f"-- {rule.code}: ")
    for sheet, columns in rule.needs.items():
        assert set(columns) <= set(FORM.by_id[sheet].by_id)
    assert set(rule.labels.values()) <= set(SCHEMAS.code_lists)
    assert rule.among <= set(BOOK.views)
    said = message(
        Finding(rule.code, value="7", facts=dict.fromkeys(rule.labels.keys() | rule.money, "7")), "vi"
    )
    for fact in (rule.labels.keys() | rule.money) - {""}:
        assert f"{{{fact}}}" in catalogue()[rule.code].message.vi, said


def test_every_view_and_every_table_is_asked_by_some_rule():
    asked = " ".join([*(rule.sql for rule in BOOK.rules), *BOOK.views.values()])
    assert [name for name in (*BOOK.views, *TABLES) if not re.search(rf"\b{name}\b", asked)] == []


def test_no_two_rules_share_a_query():
    """What several ask alike is a view."""
    bodies = [
        "\n".join(line for line in rule.sql.splitlines() if not line.startswith("--")) for rule in BOOK.rules
    ]
    blocks = [block for body in bodies for block in set(re.findall(r"(?:^    .+\n){8,}", body, re.MULTILINE))]
    assert len(blocks) == len(set(blocks))


def test_a_query_that_no_code_is_named_after_is_refused(tmp_path):
    for name in ("rules", "views"):
        (tmp_path / name).mkdir()
    (tmp_path / "rules" / "no_such_name.sql").write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(KeyError):
        read_rules(tmp_path, RELATIONS)


@pytest.mark.parametrize("how", ["", "MATERIALIZED ", "NOT MATERIALIZED ", "not  materialized "])
def test_what_a_query_defines_itself_is_no_sheet(how, tmp_path):
    sql = (
        f"WITH late AS {how}(SELECT training._file, training.title FROM training) SELECT late.title FROM late"
    )
    for name in ("rules", "views"):
        (tmp_path / name).mkdir()
    (tmp_path / "rules" / "course_repeated.sql").write_text(sql, encoding="utf-8")
    (rule,) = read_rules(tmp_path, RELATIONS).rules
    assert rule.needs == {"training": ("title",)}


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.code)
def test_a_rule_names_every_sheet_on_which_it_finds_something(rule):
    """It is asked only where one of them has rows."""
    named = set(re.findall(r"_file, '(\w+)'", rule.sql)) & set(FORM.by_id)
    assert named <= rule.found_on
    assert rule.found_on <= (set(FORM.by_id) if named else RELATIONS)


@cache
def schemas_with_ceilings(folder, *lines: str):
    shutil.copytree(shipped("schemas"), folder, dirs_exist_ok=True)
    heading = "unit_code,tool_code,valid_from,valid_to,max_percent,max_vnd,per,legal_basis,source,verified"
    (folder / "code_lists" / "support_ceilings.csv").write_text(
        "\n".join([heading, *lines, ""]), encoding="utf-8"
    )
    return load_schemas(folder)


PAID = """
state      | own        | found
60.000.000 | 10.000.000 | XLT542 XLT543
40.000.000 | 10.000.000 | XLT543
40.000.000 |            | XLT541
35.000.000 | 15.000.000 |
"""


@pytest.mark.parametrize("line", PAID.strip().splitlines()[1:])
def test_ceilings_are_those_of_the_schemas_in_force(line, tmp_path):
    state, own, found = (part.strip() for part in line.split("|"))
    schemas = schemas_with_ceilings(
        tmp_path, "T34-24,5S,2025-01-01,2025-12-31,70,50000000,enterprise,NQ 9/2025,,no"
    )
    paid = {"subject_kind": "application", "subject_id": "HT-01", "figure_kind": "disbursed", "year": "2025"}
    rows = [paid | {"source": "local_budget", "amount": state}]
    rows += [paid | {"source": "enterprise", "amount": own}] if own else []
    planned = APPLICATION | {"tool_code": "5S", "status": "doing"}
    case = Case("c", sheets={"DOANH_NGHIEP": [ENTERPRISE], "AP_DUNG": [planned], "KINH_PHI": rows})
    for year, expected in (("2025", found.split()), ("2024", [])):
        again = [row | {"year": year} for row in rows]
        told = [code for code, _ in codes(replace(case, sheets=case.sheets | {"KINH_PHI": again}), schemas)]
        assert [code for code in told if code.startswith("XLT54")] == expected


def test_without_a_list_of_ceilings_nothing_is_said_of_them(tmp_path):
    schemas_with_ceilings(tmp_path)
    (tmp_path / "code_lists" / "support_ceilings.csv").unlink()
    assert load_schemas(tmp_path).table("support_ceilings") == []
    case = Case("c", sheets={"DOANH_NGHIEP": [ENTERPRISE]})
    assert codes(case, load_schemas(tmp_path)) == []


def test_a_column_that_a_file_lacks_is_not_missed_row_by_row():
    book = build(Case("c", sheets={"DOANH_NGHIEP": [ENTERPRISE], "AP_DUNG": [DONE]}), SCHEMAS)
    assert [finding.code for finding in check_workbook(book, SCHEMAS)] == ["XLT527"]
    table = book.tables["applications"]
    addresses = {name: letter for name, letter in table.addresses.items() if name != "certificate_no"}
    bare = replace(book, tables={**book.tables, "applications": replace(table, addresses=addresses)})
    assert check_workbook(bare, SCHEMAS) == ()


def test_what_could_not_be_read_is_not_said_to_be_missing():
    told = codes(
        Case("c", sheets={"DOANH_NGHIEP": [ENTERPRISE], "AP_DUNG": [DONE | {"end_date": "tháng 10"}]})
    )
    assert ("XLT522", "J5") not in told


def test_sums_of_rows_that_could_not_be_read_are_not_compared():
    def row(kind, amount, item=""):
        paid = {"subject_kind": "other", "year": "2025", "source": "local_budget"}
        return paid | {"figure_kind": kind, "amount": amount, "spending_item": item}

    def told(amount):
        rows = [row("allocated", "50"), row("allocated", amount, "survey"), row("disbursed", "60")]
        return [code for code, _ in codes(Case("c", sheets={"KINH_PHI": rows})) if code == "XLT539"]

    assert told("năm mươi") == []
    assert told("5") == ["XLT539"]


def test_a_form_without_a_sheet_is_asked_the_other_rules():
    bare = replace(FORM, sheets=tuple(sheet for sheet in FORM.sheets if sheet.id != "tasks"))
    book = build(Case("c", sheets={"DOANH_NGHIEP": [ENTERPRISE], "AP_DUNG": [DONE]}), SCHEMAS)
    tables = {name: table for name, table in book.tables.items() if name != "tasks"}
    found = check_workbook(replace(book, form=bare, tables=tables), SCHEMAS)
    assert [finding.code for finding in found] == ["XLT527"]


def test_names_of_a_large_sheet_are_compared_in_blocks():
    """A phrase that everybody's name begins with makes no block; the pair that is alike is found all the same."""
    rows = [
        ENTERPRISE
        | {"tax_code": f"{10**9 + n}", "enterprise_name": f"Thương mại dịch vụ {chr(97 + n % 26) * 3}{word}"}
        for n, word in enumerate(f"{a}{b}{c}" for a in "bcdghk" for b in "aeiou" for c in "bcdghk")
    ]
    rows.append(ENTERPRISE | {"enterprise_name": "Gốm sứ Bát Nhã Tràng"})
    rows.append(ENTERPRISE | {"tax_code": "0100233488", "enterprise_name": "Gốm sứ Bát Nhả Trang"})
    assert similar(rows) >= {len(rows) - 2, len(rows) - 1}


def test_five_thousand_names_of_a_province_keep_quiet_but_for_one_enterprise_listed_twice():
    """Most names share their trade and many their own words: only what is almost the same at one place is told."""
    rows = enterprises(5_000)
    for number, slip in enumerate(
        ("Trồng hoa Cẩm Chướng Vàng", "trồng hoa cẩm chướng vàng", "Trồng Hoa Cẩm Chướng Vang")
    ):
        rows.append(
            rows[number] | {"tax_code": f"010010{number:04}", "enterprise_name": f"Công ty TNHH {slip}"}
        )
    moved = rows[100]
    rows.append(
        moved
        | {"tax_code": "0100109106", "enterprise_name": moved["enterprise_name"].replace("Công ty", "Cty")}
    )
    found = similar(rows)
    assert found >= {5_000, 5_001, 5_002, 5_003, 100}
    assert len(found - {5_000, 5_001, 5_002, 5_003, 100}) <= 10


def similar(rows: list[dict[str, str]]) -> set[int]:
    """Return the places in `rows` of the enterprises that XLT516 tells."""
    found = check_workbook(build(Case("c", sheets={"DOANH_NGHIEP": rows}), SCHEMAS), SCHEMAS)
    return {finding.row - 5 for finding in found if finding.code == "XLT516" and finding.row}


def test_facts_that_quote_cells_hide_personal_numbers():
    row = DONE | {"result_indicator": "Tỷ lệ lỗi của 001088012345", "value_before": "5", "value_after": "8"}
    case = Case("c", sheets={"DOANH_NGHIEP": [ENTERPRISE], "AP_DUNG": [row | {"result_unit": "%"}]})
    found = check_workbook(build(case, SCHEMAS), SCHEMAS)
    said = next(message(finding, "vi") for finding in found if finding.code == "XLT534")
    assert "001088012345" not in said
    assert "•••••••••345" in said


def test_amounts_of_the_largest_size_do_not_overflow():
    row = ENTERPRISE | {"revenue": str(9 * 10**18), "total_capital": "1"}
    found = check_workbook(build(Case("c", sheets={"DOANH_NGHIEP": [row]}), SCHEMAS), SCHEMAS)
    assert "XLT519" in {finding.code for finding in found}
