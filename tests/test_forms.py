"""Forms and code lists as they are declared, and what happens when a declaration is wrong."""

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from xltrack.errors import SchemaError
from xltrack.forms import fold, load_schemas, shipped

SHEETS = """
    cover BIA card               focal_agency DAU_MOI table    enterprises DOANH_NGHIEP table
    key_products SAN_PHAM table  applications AP_DUNG table    funding KINH_PHI table
    training DAO_TAO table       targets CHI_TIEU table        tasks NHIEM_VU table
    milestones TIEN_DO table     obstacles VUONG_MAC table
"""


@pytest.fixture
def own_schemas(tmp_path):
    """A copy of the shipped schemas that a test may change."""
    return Path(shutil.copytree(shipped("schemas"), tmp_path / "schemas"))


def edit(path: Path, change) -> None:
    declared = json.loads(path.read_text(encoding="utf-8"))
    change(declared)
    path.write_text(json.dumps(declared, ensure_ascii=False), encoding="utf-8")


def test_the_form_has_its_eleven_sheets_in_order():
    form = load_schemas().form("XLT-1322")
    declared = [word for sheet in form.sheets for word in (sheet.id, sheet.tab, sheet.layout)]
    assert declared == SHEETS.split()


def test_a_payment_and_the_estimates_of_a_task_have_one_bound():
    form = load_schemas().form()
    bounded = [("funding", "amount"), ("tasks", "budget_state"), ("tasks", "budget_other")]
    assert {form.by_id[sheet].by_id[column].schema.get("maximum") for sheet, column in bounded} == {10**12}


def test_every_column_has_both_languages_and_help():
    for sheet in load_schemas().form().sheets:
        for column in sheet.columns:
            assert all((*column.title, *column.help)), f"{sheet.id}.{column.id}"


def test_every_sheet_is_a_valid_json_schema_with_resolvable_names():
    schemas = load_schemas()
    form = schemas.form()
    for sheet in form.sheets:
        Draft202012Validator.check_schema(sheet.row_schema)
        assert set(sheet.key) <= set(sheet.by_id)
        for column in sheet.columns:
            assert column.code_list is None or column.code_list in schemas.code_lists
            for target, target_column in column.references.targets.values() if column.references else ():
                assert target_column in form.by_id[target].by_id


def test_a_closed_code_list_becomes_the_enum_of_its_column():
    status = load_schemas().form().by_id["applications"].row_schema["properties"]["status"]
    assert status["enum"] == ["planned", "doing", "completed", "stopped"]


def test_money_and_required_show_in_the_heading():
    schemas = load_schemas()
    million = schemas.code_lists["currency_units"].by_code["million"].label
    amount = schemas.form().by_id["funding"].by_id["amount"]
    assert amount.heading(million) == ("Số tiền (triệu đồng) *", "Amount (million VND)")


@pytest.mark.parametrize(
    ("wrong", "sheet"),
    [
        (lambda s: s["properties"]["revenue"].update({"x-mony": True}), "enterprises"),
        (lambda s: s.update({"x-titel-en": "Tools"}), "applications"),
        (lambda s: s["properties"]["amount"].pop("x-help-en"), "funding"),
        (lambda s: s["then"].update({"x-key": ["task_id"]}), "tasks"),
    ],
)
def test_a_misspelt_or_missing_annotation_is_refused_with_its_file(own_schemas, wrong, sheet):
    edit(own_schemas / "forms" / "XLT-1322" / f"{sheet}.json", wrong)
    with pytest.raises(SchemaError, match=f"{sheet}.json"):
        load_schemas(own_schemas)


def test_schemas_of_one_s_own_are_used_in_place_of_those_shipped(own_schemas, monkeypatch):
    edit(own_schemas / "forms" / "XLT-1322" / "form.json", lambda f: f.update(version="1.9"))
    monkeypatch.setenv("XLTRACK_SCHEMAS", str(own_schemas))
    assert load_schemas().form().version == "1.9"
    assert load_schemas().fingerprint != load_schemas(shipped("schemas")).fingerprint


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "XLT-1322"}'])
def test_a_broken_form_file_is_named(own_schemas, content):
    (own_schemas / "forms" / "XLT-1322" / "form.json").write_text(content, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"form\.json"):
        load_schemas(own_schemas)


def test_a_folder_without_forms_is_named(tmp_path):
    with pytest.raises(SchemaError, match="forms"):
        load_schemas(tmp_path)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ISO9001:2015", "ISO-9001"), ("TCVN ISO 9001", "ISO-9001"), ("iso 9000", "ISO-9001"),
        ("Lean 6 Sigma", "LSS"), ("Lean-6Sigma", "LSS"), ("5s", "5S"), ("nhóm chất lượng", "QCC"),
    ],
)  # fmt: skip
def test_tools_are_known_under_the_names_people_write(written, code):
    assert [entry.code for entry in load_schemas().code_lists["tools"].find(written)] == [code]


def test_no_spelling_stands_for_two_codes_of_one_parent():
    for name, codes in load_schemas().code_lists.items():
        for entry in codes.codes if name != "units" else ():
            for spelling in entry.spellings():
                same = {other.code for other in codes.find(spelling) if other.parent == entry.parent}
                assert same == {entry.code}, f"{name}: {spelling}"


def test_facts_that_no_official_text_was_read_for_are_marked():
    lists = load_schemas().code_lists
    assert not any(entry.verified for entry in lists["task_groups"].codes)
    assert all(entry.source for codes in lists.values() for entry in codes.codes if not entry.verified)


@pytest.mark.parametrize(
    "spellings",
    [
        "Hòa Bình|HOÀ BÌNH|hoa-binh|Hòa  Bình",
        "Đắk Lắk|ĐẮK LẮK|Ðắk Lắk|dak lak",
        "Bà Rịa – Vũng Tàu|ba ria-vung tau",
    ],
)
def test_spellings_of_one_name_fold_to_one_key(spellings):
    assert len({fold(spelling) for spelling in spellings.split("|")}) == 1


def test_targets_of_both_programmes_and_periods_are_declared():
    targets = load_schemas().table("indicator_targets")
    indicators = load_schemas().code_lists["indicators"].by_code
    held = {(indicators[t["indicator_code"]].parent, t["period"]) for t in targets}
    assert {("1322", "2021-2025"), ("1322", "2026-2030"), ("36", "2021-2025"), ("36", "2026-2030")} <= held
