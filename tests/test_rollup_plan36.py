"""How far Plan 36 is, as the returns show it."""

import polars as pl
import pytest

from tests.rollup_stores import rollup_of


@pytest.fixture
def path(tmp_path):
    return tmp_path / "national.duckdb"


def test_plan_36_advances_with_evidence_and_needs_the_number_of_the_document(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2021
        T63-25 | 2021
        T63-19 | 2021
        T63-38 | 2021
        T63-40 | 2021
        T63-01 | 2021
        """,
        focal_agency="""
        unit   | year | designation_no
        T63-25 | 2021 | .
        T63-19 | 2021 | 15/QĐ-UBND
        """,
        milestones="""
        unit   | year | milestone_kind | status    | document_no
        T63-24 | 2021 | draft          | completed | .
        T63-24 | 2021 | issue          | planned   | 1/KH-UBND
        T63-38 | 2021 | issue          | completed | 2/KH-UBND
        T63-40 | 2021 | issue          | completed | 3/KH-UBND
        T63-40 | 2021 | carry_out      | doing     | .
        T63-01 | 2021 | issue          | completed | .
        T63-01 | 2021 | carry_out      | doing     | .
        """,
    )
    found = dict(
        rollup.plan36.filter(view="63").filter(pl.col("stage") > 0).select("unit_code", "status").rows()
    )
    assert found == {
        "T63-24": "drafting", "T63-25": "registered", "T63-19": "focal_agency", "T63-38": "issued",
        "T63-40": "under_way", "T63-01": "drafting",
    }  # fmt: skip
    assert rollup.plan36.filter("number_missing").filter(view="63")["unit_code"].to_list() == ["T63-01"]
    counts = {
        row["status"]: (row["at_stage"], row["reached"])
        for row in rollup.plan36_counts.filter(view="63").to_dicts()
    }
    assert counts["issued"] == (1, 2)
    assert counts["under_way"] == (1, 1)
    assert counts["registered"] == (1, 6)
    # Nobody knows what a province has that never reported.
    assert (counts["none"], counts["no_report"]) == ((0, 6), (57, 63))


def test_a_merged_province_has_the_furthest_plan_of_its_predecessors_until_it_reports_one(path):
    returns = "unit | year\nT63-24 | 2021\nT63-27 | 2021\nT63-15 | 2021\nT63-10 | 2021\nT34-15 | 2026\nT34-24 | 2026"
    rollup = rollup_of(
        path,
        returns,
        focal_agency="""
        unit   | year | designation_no
        T34-24 | 2026 | 9/QĐ-UBND
        """,
        milestones="""
        unit   | year | milestone_kind | status    | document_no
        T63-24 | 2021 | draft          | completed | .
        T63-27 | 2021 | issue          | completed | 7/KH-UBND
        T63-15 | 2021 | issue          | completed | 8/KH-UBND
        T34-15 | 2026 | draft          | doing     | .
        """,
    )
    view34 = {row["unit_code"]: row for row in rollup.plan36.filter(view="34").to_dicts()}
    assert (view34["T34-24"]["status"], view34["T34-24"]["reported_by"]) == ("issued", "T63-27")
    assert (view34["T34-15"]["status"], view34["T34-15"]["reported_by"]) == ("drafting", "T34-15")
    view63 = rollup.plan36.filter(view="63")
    assert view63.filter(unit_code="T63-15")["status"].item() == "issued"
    assert not view63.filter(unit_code="T34-15")["counted"].item()


def test_number_and_date_of_a_plan_are_those_of_one_document(path):
    rollup = rollup_of(
        path,
        "unit | year\nT63-24 | 2021\nT63-24 | 2023\nT63-01 | 2021",
        milestones="""
        unit   | year | sequence | milestone_kind | status    | document_no | document_date
        T63-24 | 2021 | 7        | issue          | completed | 99/KH-UBND  | 2021-08-30
        T63-24 | 2023 | 8        | issue          | completed | 10/KH-UBND  | 2023-02-01
        T63-01 | 2021 | 6        | issue          | completed | 7/KH-UBND   | 2021-05-01
        T63-01 | 2021 | 7        | issue          | completed | 5/KH-UBND   | 2021-09-01
        T63-01 | 2021 | 8        | issue          | planned   | 9/KH-UBND   | 2021-12-01
        """,
    )
    plans = rollup.plan36.filter(view="63").filter(pl.col("stage") > 0)
    assert {r["unit_code"]: (r["document_no"], str(r["document_date"])) for r in plans.to_dicts()} == {
        "T63-24": ("10/KH-UBND", "2023-02-01"),
        "T63-01": ("5/KH-UBND", "2021-09-01"),
    }


def test_a_step_reported_again_is_as_the_newest_return_says(path):
    rollup = rollup_of(
        path,
        """
        unit   | year | period
        T63-24 | 2023 | annual
        T63-24 | 2024 | annual
        T63-27 | 2023 | annual
        T63-27 | 2024 | annual
        T63-01 | 2024 | half
        T63-01 | 2023 | annual
        """,
        milestones="""
        unit   | year | sequence | milestone_kind | status    | document_no
        T63-24 | 2023 | 7        | issue          | completed | 1/KH-UBND
        T63-24 | 2024 | 7        | issue          | stopped   | 1/KH-UBND
        T63-27 | 2023 | 1        | issue          | completed | 2/KH-UBND
        T63-27 | 2024 | 1        | carry_out      | doing     | .
        T63-01 | 2023 | 7        | issue          | planned   | .
        T63-01 | 2024 | 7        | issue          | completed | 3/KH-UBND
        """,
    )
    plans = {r["unit_code"]: r for r in rollup.plan36.filter(view="63").to_dicts()}
    assert (plans["T63-24"]["status"], plans["T63-24"]["document_no"]) == ("registered", None)
    assert plans["T63-27"]["status"] == "under_way", "numbered anew, not taken back"
    assert (plans["T63-01"]["status"], plans["T63-01"]["document_no"]) == ("issued", "3/KH-UBND")
