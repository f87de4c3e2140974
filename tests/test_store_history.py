"""What only shows among returns, in small stores written as text tables: which file is told what, at which row."""

import shutil
from pathlib import Path

import pytest

from tests.rollup_stores import ALWAYS, TAX_CODES, store_of
from tests.store_samples import SCHEMAS
from xltrack.findings import hint, message
from xltrack.forms import load_schemas, shipped
from xltrack.store import open_store
from xltrack.store.history import history_book, history_findings

FORM = SCHEMAS.form()


def told(
    path: Path, returns: str, schemas=SCHEMAS, only="", **sheets: str
) -> list[tuple[str, str, str, str]]:
    """Return what each file of a store, or `only` those of one unit, are told: (code, unit, "sheet row", message)."""
    from tests.store_samples import table

    with open_store(store_of(path, returns, **sheets), schemas) as store:
        files = store.rows(
            "SELECT sha256, unit_code, year FROM submission WHERE $1 IN (unit_code, '')", [only]
        )
        tables = {sheet.id: table(sheet, []) for sheet in FORM.sheets}
        found = history_findings(store, {sha256: (FORM, tables) for sha256, _, _ in files})
        return sorted(
            (finding.code, f"{unit} {year}", f"{finding.sheet}!{finding.cell}", message(finding, "vi"))
            for sha256, unit, year in files
            for finding in found[sha256]
        )


def places(found: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str]]:
    return [one[:3] for one in found]


def test_every_rule_names_its_code_and_asks_for_what_the_form_has():
    for rule in history_book().rules:
        assert rule.sql.startswith(f"-- {rule.code}: ")
        for name, columns in rule.needs.items():
            sheet = FORM.by_id[name.removeprefix("current_")]
            own = {column for column in columns if not column.startswith("return_")}
            assert own <= set(sheet.by_id), (rule.code, name)
    assert len(history_book().rules) == 9


TWO_YEARS = """
unit   | year
T63-24 | 2023
T63-24 | 2024
"""


def test_an_enterprise_in_two_units_is_told_to_both(tmp_path):
    returns = """
    unit   | year
    T63-24 | 2024
    T63-27 | 2024
    T63-01 | 2024
    T63-01 | 2023
    """
    applications = """
    unit   | year | tax_code | application_id | status
    T63-24 | 2024 | A        | HT1            | completed
    T63-27 | 2024 | A1       | HT2            | doing
    T63-01 | 2024 | A        | HT3            | planned
    T63-24 | 2024 | B        | HT4            | completed
    T63-01 | 2023 | B        | HT5            | completed
    """
    found = told(tmp_path / "s", returns, applications=applications)
    assert places(found) == [
        ("XLT616", "T63-24 2024", "DOANH_NGHIEP!A5"),
        ("XLT616", "T63-27 2024", "DOANH_NGHIEP!A5"),
    ]
    assert "cũng có trong báo cáo năm 2024 của Bắc Ninh" in found[0][3]


def test_a_province_and_the_one_it_became_are_no_two_units(tmp_path):
    returns = """
    unit   | year
    T63-24 | 2025
    T34-24 | 2025
    """
    applications = """
    unit   | year | tax_code | application_id
    T63-24 | 2025 | A        | HT1
    T34-24 | 2025 | A        | HT1
    """
    assert places(told(tmp_path / "s", returns, applications=applications)) == []


def test_a_later_file_is_told_of_an_earlier_one_and_the_earlier_one_is_not_told_again(tmp_path):
    from tests.store_samples import enterprise, submission
    from xltrack.store import merge_workbook

    def sent(unit):
        row = ALWAYS["applications"] | {"application_id": "HT1", "tax_code": TAX_CODES["A"]}
        return submission(unit, {"enterprises": [enterprise(TAX_CODES["A"])], "applications": [row]})

    with open_store(tmp_path / "s", SCHEMAS, create=True) as store:
        assert merge_workbook(store, sent("T34-24")).findings == ()
        outcome = merge_workbook(store, sent("T34-01"))
    assert [(finding.code, finding.cell) for finding in outcome.findings] == [("XLT616", "A5")]


def test_names_and_sizes_are_compared_with_the_latest_year_before_whoever_sent_it(tmp_path):
    returns = """
    unit   | year
    T63-24 | 2022
    T63-01 | 2023
    T63-24 | 2024
    """
    enterprises = """
    unit   | year | tax_code | enterprise_name | declared_size
    T63-24 | 2022 | A        | Cơ khí An Bình  | small
    T63-01 | 2023 | A        | Cơ khí Yên Bình | medium
    T63-24 | 2024 | A        | Cơ khí An Bình  | medium
    T63-24 | 2022 | B        | Cty TNHH MTV Gốm sứ Bát Nhã | small
    T63-24 | 2024 | B        | CÔNG TY TNHH MỘT THÀNH VIÊN GỐM SỨ BÁT NHÃ. | large
    T63-24 | 2024 | C        | Dệt may Cẩm Sơn | micro
    """
    found = told(tmp_path / "s", returns, enterprises=enterprises)
    assert places(found) == [
        ("XLT617", "T63-01 2023", "DOANH_NGHIEP!B5"),
        ("XLT617", "T63-24 2024", "DOANH_NGHIEP!B5"),
        ("XLT618", "T63-01 2023", "DOANH_NGHIEP!Q5"),
        ("XLT618", "T63-24 2024", "DOANH_NGHIEP!Q6"),
    ]
    assert (
        "là “Cơ khí An Bình”, nhưng với cùng mã số thuế, báo cáo năm 2023 ghi “Cơ khí Yên Bình”"
        in found[1][3]
    )
    assert "là “Lớn”, trong báo cáo năm 2022 là “Nhỏ”" in found[3][3]


def test_an_enterprise_is_known_under_its_former_tax_code(tmp_path):
    shutil.copytree(shipped("schemas"), tmp_path / "schemas")
    changes = tmp_path / "schemas" / "code_lists" / "tax_code_changes.csv"
    lines = [(TAX_CODES["B"], TAX_CODES["C"]), (TAX_CODES["C"], TAX_CODES["D"])]
    changes.write_text(
        "predecessor,successor,effective_on,source,verified\n"
        + "".join(f"{a},{b},2023-01-01,,no\n" for a, b in lines),
        encoding="utf-8",
    )
    enterprises = """
    unit   | year | tax_code | enterprise_name
    T63-24 | 2023 | B        | Cơ khí An Bình
    T63-24 | 2024 | D        | Cơ khí Yên Bình
    """
    schemas = load_schemas(tmp_path / "schemas")
    assert places(told(tmp_path / "s", TWO_YEARS, schemas, enterprises=enterprises)) == [
        ("XLT617", "T63-24 2024", "DOANH_NGHIEP!B5")
    ]
    assert told(tmp_path / "t", TWO_YEARS, enterprises=enterprises) == []


def test_the_first_support_does_not_move_to_a_later_year(tmp_path):
    enterprises = """
    unit   | year | tax_code | first_supported_year
    T63-24 | 2023 | A        | 2022
    T63-24 | 2024 | A        | 2024
    T63-24 | 2023 | B        | 2023
    T63-24 | 2024 | B        | 2021
    """
    found = told(tmp_path / "s", TWO_YEARS, enterprises=enterprises)
    assert places(found) == [("XLT619", "T63-24 2024", "DOANH_NGHIEP!V5")]
    assert "là 2024, trong khi báo cáo năm 2023 ghi 2022" in found[0][3]


def test_what_was_completed_is_not_under_way_again(tmp_path):
    returns = f"{TWO_YEARS}T34-24 | 2025"
    applications = """
    unit   | year | tax_code | application_id | tool_code | status
    T63-24 | 2023 | A        | HT1            | 5S        | completed
    T63-24 | 2024 | A        | HT1            | 5S        | doing
    T34-24 | 2025 | A        | HT1            | 5S        | doing
    T63-24 | 2023 | B        | HT2            | 5S        | doing
    T63-24 | 2024 | B        | HT2            | 5S        | doing
    """
    tasks = """
    unit   | year | task_id | task_name | status
    T63-24 | 2023 | NV1     | Khảo sát  | completed
    T63-24 | 2024 | NV1     | KHẢO SÁT  | planned
    T34-24 | 2025 | NV1     | Đo lường  | planned
    """
    milestones = """
    unit   | year | programme | sequence | milestone_kind | content           | due_date   | status
    T63-24 | 2023 | 36        | 1        | draft          | Dự thảo           | 2023-10-15 | completed
    T63-24 | 2024 | 36        | 1        | draft          | DỰ THẢO           | 2023-11-30 | doing
    T34-24 | 2025 | 36        | 1        | draft          | Dự thảo           | 2023-10-15 | doing
    T63-24 | 2023 | 1322      | 1        | issue          | Kế hoạch năm 2023 | 2023-12-20 | completed
    T63-24 | 2024 | 1322      | 1        | issue          | Kế hoạch năm 2024 | 2023-12-20 | doing
    T63-24 | 2023 | 1322      | 2        | complete       | Tổng kết năm      | 2023-12-25 | completed
    T63-24 | 2024 | 1322      | 2        | complete       | Tổng kết năm      | 2024-12-25 | planned
    T63-24 | 2023 | 1322      | 3        | carry_out      | Thực hiện         |            | completed
    T63-24 | 2024 | 1322      | 3        | carry_out      | Thực hiện         |            | doing
    """
    found = told(tmp_path / "s", returns, applications=applications, tasks=tasks, milestones=milestones)
    assert places(found) == [
        ("XLT620", "T34-24 2025", "AP_DUNG!K5"),
        ("XLT620", "T63-24 2024", "AP_DUNG!K5"),
        ("XLT620", "T63-24 2024", "NHIEM_VU!O5"),
        ("XLT620", "T63-24 2024", "TIEN_DO!J5"),
    ]
    assert found[0][3] == "HT1: báo cáo năm 2023 đã ghi hoàn thành, báo cáo này ghi chưa hoàn thành."


def test_years_are_compared_though_a_province_has_another_code_since_the_mergers(tmp_path):
    """Nghệ An (40) was merged with nobody; Bắc Ninh (24) was made of two, whose plans are not its own."""
    returns = """
    unit   | year
    T63-40 | 2024
    T34-40 | 2025
    T63-24 | 2024
    T34-24 | 2025
    """
    milestones = """
    unit   | year | milestone_kind | content   | due_date   | status
    T63-40 | 2024 | draft          | Dự thảo   | 2024-10-15 | completed
    T34-40 | 2025 | draft          | Dự thảo   | 2024-10-15 | doing
    T63-24 | 2024 | draft          | Dự thảo   | 2024-10-15 | completed
    T34-24 | 2025 | draft          | Dự thảo   | 2024-10-15 | doing
    """
    enterprises = """
    unit   | year | tax_code | enterprise_name | first_supported_year
    T63-40 | 2024 | A        | Cơ khí An Bình  | 2023
    T34-40 | 2025 | A        | Cơ khí An Bình  | 2025
    """
    applications = """
    unit   | year | tax_code | application_id | status
    T63-40 | 2024 | A        | HT1            | completed
    T34-40 | 2025 | A        | HT1            | doing
    """
    targets = """
    unit   | year | period    | period_kind | actual_value
    T63-40 | 2024 | 2021-2025 | five_year   | 12
    T34-40 | 2025 | 2021-2025 | five_year   | 9
    """
    sheets = {
        "milestones": milestones,
        "enterprises": enterprises,
        "applications": applications,
        "targets": targets,
    }
    assert places(told(tmp_path / "s", returns, **sheets)) == [
        ("XLT619", "T34-40 2025", "DOANH_NGHIEP!V5"),
        ("XLT620", "T34-40 2025", "AP_DUNG!K5"),
        ("XLT620", "T34-40 2025", "TIEN_DO!J5"),
        ("XLT622", "T34-40 2025", "CHI_TIEU!J5"),
    ]


def test_a_code_used_again_for_something_else_is_told(tmp_path):
    returns = """
    unit   | year
    T63-24 | 2024
    T63-27 | 2024
    T34-24 | 2025
    """
    applications = """
    unit   | year | tax_code | application_id | tool_code | status
    T63-24 | 2024 | A        | HT1            | 5S        | doing
    T63-27 | 2024 | B        | HT1            | 5S        | doing
    T34-24 | 2025 | B        | HT1            | 5S        | doing
    T63-24 | 2024 | C        | HT2            | 5S        | doing
    T34-24 | 2025 | C        | HT2            | LEAN      | doing
    """
    found = told(tmp_path / "s", returns, applications=applications)
    assert places(found) == [("XLT621", "T34-24 2025", "AP_DUNG!A6")]
    assert "“HT2” trong báo cáo năm 2024" in found[0][3]


def test_a_figure_counted_from_the_first_year_on_does_not_fall(tmp_path):
    returns = """
    unit   | year
    T63-24 | 2023
    T63-24 | 2024
    T63-27 | 2024
    T34-24 | 2025
    """
    targets = """
    unit   | year | period_kind | period    | programme | indicator_code      | actual_value
    T63-24 | 2023 | five_year   | 2021-2025 | 1322      | ENT-SUPPORTED       | 40
    T63-24 | 2024 | five_year   | 2021-2025 | 1322      | ENT-SUPPORTED       | 39
    T63-27 | 2024 | five_year   | 2021-2025 | 1322      | ENT-SUPPORTED       | 50
    T34-24 | 2025 | five_year   | 2021-2025 | 1322      | ENT-SUPPORTED       | 49
    T63-24 | 2023 | five_year   | 2021-2025 | 36        | LABOUR-PRODUCTIVITY | 8
    T63-24 | 2024 | five_year   | 2021-2025 | 36        | LABOUR-PRODUCTIVITY | 7
    T63-24 | 2023 | annual      | 2023      | 1322      | PILOT-MODELS        | 4
    T63-24 | 2024 | annual      | 2024      | 1322      | PILOT-MODELS        | 2
    T63-24 | 2024 | five_year   | 2021-2025 | 1322      | EXPERTS             | 9
    T34-24 | 2025 | five_year   | 2021-2025 | 1322      | EXPERTS             | 5
    """
    found = told(tmp_path / "s", returns, targets=targets)
    assert places(found) == [
        ("XLT622", "T34-24 2025", "CHI_TIEU!J5"),
        ("XLT622", "T63-24 2024", "CHI_TIEU!J5"),
    ]
    assert "giai đoạn 2021-2025: thực hiện 49, thấp hơn 50 mà báo cáo năm 2024 đã ghi" in found[0][3]


def applied(unit: str, year: int, number: int) -> str:
    """Return rows of so many enterprises, each with a tax code of its own."""
    return "\n".join(f"{unit} | {year} | {unit}-{n}" for n in range(number))


GROWTH = """
before | now | said
20     | 21  | 21, năm 2023: 20, tăng 5% (mục tiêu 10–15%
20     | 22  |
20     | 23  |
20     | 24  | tăng 20%
20     | 15  | tăng -25%
20     | 0   | tăng -100%
9      | 30  |
"""


@pytest.mark.parametrize("line", GROWTH.strip().splitlines()[1:])
def test_growth_is_compared_with_what_the_programme_aims_at(line, tmp_path, monkeypatch):
    before, now, said = (part.strip() for part in line.split("|"))
    names = {f"T63-24-{n}": f"{10**9 + n}" for n in range(int(before) + int(now))}
    monkeypatch.setattr("tests.rollup_stores.TAX_CODES", names)
    rows = (
        f"unit | year | tax_code\n{applied('T63-24', 2023, int(before))}\n{applied('T63-24', 2024, int(now))}"
    )
    found = [one for one in told(tmp_path / "s", TWO_YEARS, applications=rows) if one[0] == "XLT623"]
    assert [one[1:3] for one in found] == ([("T63-24 2024", "BIA!C6")] if said else [])
    assert all(said in one[3] for one in found)


def test_growth_of_a_new_province_is_against_all_it_was_made_of(tmp_path, monkeypatch):
    codes = {
        f"{u}-{n}": f"{10**9 + n + k * 100}"
        for k, u in enumerate(("T63-24", "T63-27", "T34-24"))
        for n in range(40)
    }
    monkeypatch.setattr("tests.rollup_stores.TAX_CODES", codes)
    returns = "unit | year\nT63-24 | 2024\nT63-27 | 2024\nT34-24 | 2025"
    rows = [
        "unit | year | tax_code",
        applied("T63-24", 2024, 10),
        applied("T63-27", 2024, 10),
        applied("T34-24", 2025, 30),
    ]
    (found,) = told(tmp_path / "s", returns, applications="\n".join(rows))
    assert found[:3] == ("XLT623", "T34-24 2025", "BIA!C6")
    assert "30, năm 2024: 20, tăng 50%" in found[3]
    alone = "unit | year\nT63-24 | 2024\nT34-24 | 2025"
    del rows[2]
    assert told(tmp_path / "t", alone, applications="\n".join(rows)) == []


def test_two_units_that_pay_for_the_same_tool_are_both_told(tmp_path):
    returns = """
    unit   | year
    T63-24 | 2024
    T63-27 | 2024
    """
    applications = """
    unit   | year | tax_code | application_id | tool_code | status
    T63-24 | 2024 | A        | HT1            | 5S        | stopped
    T63-27 | 2024 | A        | HT1            | 5S        | stopped
    T63-24 | 2024 | B        | HT2            | 5S        | stopped
    T63-27 | 2024 | B        | HT2            | LEAN      | stopped
    """
    funding = """
    unit   | year | of   | subject_kind | subject_id | source       | amount
    T63-24 | 2024 | 2024 | application  | HT1        | local_budget | 5
    T63-27 | 2024 | 2024 | application  | HT1        | local_budget | 5
    T63-24 | 2024 | 2024 | application  | HT2        | local_budget | 5
    T63-27 | 2024 | 2024 | application  | HT2        | local_budget | 5
    """
    found = told(tmp_path / "s", returns, applications=applications, funding=funding)
    assert places(found) == [
        ("XLT624", "T63-24 2024", "KINH_PHI!B5"),
        ("XLT624", "T63-27 2024", "KINH_PHI!B5"),
    ]
    assert "Năm 2024, ngân sách của Bắc Ninh cũng chi" in found[0][3]


BESIDE = """
code | tool | paid | told
A    | 5S   | 5    | XLT616 XLT624
A1   | 5S   | 5    | XLT616 XLT624
C    | 5S   | 5    | XLT616 XLT624
A    | LEAN | 5    | XLT616
A    | 5S   | 0    | XLT616
B    | 5S   | 5    |
"""


@pytest.mark.parametrize("line", BESIDE.strip().splitlines()[1:])
def test_a_file_merged_alone_is_told_of_the_same_enterprise_elsewhere_whichever_of_its_codes_stands_there(
    line, tmp_path
):
    code, tool, paid, codes = (part.strip() for part in line.split("|"))
    shutil.copytree(shipped("schemas"), tmp_path / "schemas")
    changes = tmp_path / "schemas" / "code_lists" / "tax_code_changes.csv"
    change = f"{TAX_CODES['C']},{TAX_CODES['A']},2023-01-01,,no"
    changes.write_text(f"predecessor,successor,effective_on,source,verified\n{change}\n", encoding="utf-8")
    applications = f"""
    unit   | year | tax_code | application_id | tool_code | status
    T63-24 | 2024 | A        | HT1            | 5S        | doing
    T63-27 | 2024 | {code}   | HT7            | {tool}    | doing
    """
    funding = f"""
    unit   | year | of   | subject_kind | subject_id | source       | amount
    T63-24 | 2024 | 2024 | application  | HT1        | local_budget | 5
    T63-27 | 2024 | 2024 | application  | HT7        | local_budget | {paid}
    """
    found = told(
        tmp_path / "s",
        "unit | year\nT63-24 | 2024\nT63-27 | 2024",
        load_schemas(tmp_path / "schemas"),
        only="T63-24",
        applications=applications,
        funding=funding,
    )
    assert [(one[0], one[1]) for one in found] == [(one, "T63-24 2024") for one in codes.split()]


def test_sentences_have_all_their_facts_in_both_languages(tmp_path):
    from tests.store_samples import table

    returns = "unit | year\nT63-24 | 2023\nT63-24 | 2024"
    enterprises = """
    unit   | year | tax_code | enterprise_name | declared_size | first_supported_year
    T63-24 | 2023 | A        | An Bình         | small         | 2022
    T63-24 | 2024 | A        | Yên Bình        | medium        | 2024
    """
    with open_store(store_of(tmp_path / "s", returns, enterprises=enterprises), SCHEMAS) as store:
        tables = {sheet.id: table(sheet, []) for sheet in FORM.sheets}
        files = {sha256: (FORM, tables) for (sha256,) in store.rows("SELECT sha256 FROM submission")}
        found = [finding for findings in history_findings(store, files).values() for finding in findings]
    assert [finding.code for finding in found] == ["XLT617", "XLT618", "XLT619"]
    for finding in found:
        for lang in ("vi", "en"):
            assert "…" not in message(finding, lang) + hint(finding, lang)
