"""What is known of a unit and of an enterprise, through numbers, mergers and changed codes."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.command_line import xltrack
from tests.rollup_stores import store_of
from tests.store_samples import SCHEMAS
from xltrack.errors import UnknownName
from xltrack.findings import Waiver
from xltrack.pipeline import history
from xltrack.report.history import history_json, history_text
from xltrack.store import Meant, add_waiver, open_store
from xltrack.store.known import EnterpriseHistory, UnitHistory, enterprise_history

RETURNS = """
unit   | year | number | kind       | received         | verdict
T63-24 | 2024 | 1      | full       | 2024-11-20 03:00 | accepted
T63-24 | 2024 | 2      | full       | 2024-12-02 03:00 | accepted
T63-27 | 2024 | 1      | full       | 2024-11-21 03:00 | accepted
T34-24 | 2025 | 1      | full       | 2025-11-20 03:00 | rejected
T34-24 | 2025 | 2      | full       | 2025-11-28 03:00 | accepted
T34-01 | 2025 | 1      | full       | 2025-11-28 03:00 | accepted
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    path = store_of(
        tmp_path_factory.mktemp("history") / "national.duckdb",
        RETURNS,
        enterprises="""
        unit   | year | kind | number | tax_code | enterprise_name | declared_size | former_province_code
        T63-24 | 2024 | full | 2      | A        | Công ty Mẫu     | small         | .
        T34-24 | 2025 | full | 2      | A        | Công ty Mẫu Mới | medium        | T63-24
        T34-24 | 2025 | full | 2      | A1       | Chi nhánh Mẫu   | .             | .
        T34-01 | 2025 | full | 1      | H        | Hộ Mẫu          | .             | .
        """,
        applications="""
        unit   | year | kind | number | application_id | tax_code | tool_code
        T63-24 | 2024 | full | 2      | HT1            | A        | 5S
        T34-24 | 2025 | full | 2      | HT7            | A1       | ISO-9001
        """,
        focal_agency="""
        unit   | year | kind | number | agency_name | designation_no
        T63-24 | 2024 | full | 2      | Sở cũ       | 12/UBND
        T34-24 | 2025 | full | 2      | Sở mới      | 34/UBND
        """,
    )
    with open_store(path, SCHEMAS) as opened:
        add_waiver(opened, Meant("XLT516", unit="T63-24"), Waiver(0, "Đã hỏi", "Vụ A", date(2030, 12, 31)))
        add_waiver(
            opened, Meant("XLT516", unit="T34-01"), Waiver(0, "Của nơi khác", "Vụ B", date(2030, 12, 31))
        )
    return path


def of_unit(store, name, **more) -> UnitHistory:
    found = history(store, name, **more)
    assert isinstance(found, UnitHistory)
    return found


def of_enterprise(store, name, **more) -> EnterpriseHistory:
    found = history(store, name, **more)
    assert isinstance(found, EnterpriseHistory)
    return found


def test_a_merged_province_stands_with_those_it_was_made_of(store):
    found = of_unit(store, "T34-24")
    assert [unit.code for unit in found.related] == ["T34-24", "T63-24", "T63-27"]
    rows = found.submissions.select("year", "unit_code", "submission_no", "state").rows()
    assert rows == [
        (2024, "T63-24", 1, "superseded"),
        (2024, "T63-24", 2, "current"),
        (2024, "T63-27", 1, "current"),
        (2025, "T34-24", 1, "rejected"),
        (2025, "T34-24", 2, "current"),
    ]
    assert found.focal_agencies["agency_name"].to_list() == ["Sở cũ", "Sở mới"]
    assert [one.waiver.reason for one in found.waivers] == ["Đã hỏi"]


def test_the_text_says_what_counts_and_why_not(store):
    said = history_text(of_unit(store, "T34-24"), SCHEMAS, "vi", 160)
    assert "Bắc Ninh (T34-24) (từ 01/07/2025)" in said
    assert "được lập từ Bắc Giang (T63-24) (đến 30/06/2025)" in said
    assert "Đã có bản thay thế: có số lần gửi mới hơn" in said
    assert "20/11/2024 10:00" in said
    assert "Của nơi khác" not in said
    former = history_text(of_unit(store, "T63-24"), SCHEMAS, "en", 160)
    assert "now part of Bac Ninh (T34-24)" in former


def test_a_unit_as_of_a_day_has_sent_what_had_come_by_then(store):
    found = of_unit(store, "T63-24", as_of=date(2024, 11, 30))
    assert found.submissions.select("submission_no", "state").rows() == [(1, "current")]
    assert found.waivers == ()
    assert "hết ngày 30/11/2024" in history_text(found, SCHEMAS, "vi", 160)


def test_an_enterprise_is_one_through_years_units_names_and_branches(store):
    found = of_enterprise(store, "0100233488-001")
    assert found.tax_code == "0100233488"
    names = found.enterprises.select("year", "unit_code", "enterprise_name", "declared_size").rows()
    assert names == [
        (2024, "T63-24", "Công ty Mẫu", "small"),
        (2025, "T34-24", "Công ty Mẫu Mới", "medium"),
        (2025, "T34-24", "Chi nhánh Mẫu", None),
    ]
    assert found.applications.select("year", "tool").rows() == [(2024, "5S"), (2025, "ISO-9001")]
    said = history_text(found, SCHEMAS, "vi", 200)
    assert "Nhỏ" in said
    assert "DOANH_NGHIEP!5:5" in said
    assert json.loads(history_json(found))["tax_codes"] == ["0100233488"]


def test_where_no_terminal_reads_no_cell_is_broken(store, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    said = xltrack("history", "0100233488", "--store", store, folder=store.parent).stdout
    (row,) = (line for line in said.splitlines() if "Công ty Mẫu Mới" in line)
    assert row.endswith("DOANH_NGHIEP!5:5")


def test_codes_that_became_one_are_one_enterprise(store):
    codes = "SELECT predecessor, successor FROM tax_code_change"
    with open_store(store, SCHEMAS, read_only=True) as opened:
        opened.rows("INSERT INTO tax_code_change VALUES ('0100233488', '0314409058')")
        assert opened.rows(codes) == [("0100233488", "0314409058")]
        for asked in ("0100233488", "0314409058"):
            found = enterprise_history(opened, asked)
            assert (found.tax_code, found.codes) == ("0314409058", ("0314409058", "0100233488"))
            assert found.applications.height == 2


def test_a_household_is_masked(store):
    found = of_enterprise(store, "012345678901")
    for said in (history_text(found, SCHEMAS, "vi", 160), history_json(found)):
        assert "012345678901" not in said
        assert "901" in said


@pytest.mark.parametrize(
    ("name", "said"), [("24", "T63-24"), ("Atlantis", "T34-24"), ("0100109106", "0100109106")]
)
def test_what_is_not_known_is_refused(store, name, said):
    with pytest.raises(UnknownName, match=said):
        history(store, name)
