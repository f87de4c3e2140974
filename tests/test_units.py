"""Reporting units through the reorganisation of 2025, and the rounds they report in."""

from collections import Counter
from datetime import date

import pytest

from xltrack.forms import load_schemas

REUSED = {"15": "Yên Bái → Lào Cai",
          "24": "Bắc Giang → Bắc Ninh", "44": "Quảng Bình → Quảng Trị", "52": "Bình Định → Gia Lai",
          "80": "Long An → Tây Ninh", "82": "Tiền Giang → Đồng Tháp", "91": "Kiên Giang → An Giang"}  # fmt: skip


@pytest.fixture(scope="module")
def units():
    return load_schemas().units


def test_there_are_63_provinces_before_and_34_after(units):
    schemes = Counter(unit.scheme for unit in units.all if unit.is_province)
    assert schemes == {"63": 63, "34": 34}
    made_of = Counter(len(units.predecessors[u.code]) for u in units.all if u.scheme == "34")
    assert made_of[1] == 11
    assert sum(parts * count for parts, count in made_of.items()) == 63


@pytest.mark.parametrize(("bare", "names"), REUSED.items())
def test_a_reused_code_means_another_province_after_the_merger(units, bare, names):
    before, after = names.split(" → ")
    assert (units.by_code[f"T63-{bare}"].name.vi, units.by_code[f"T34-{bare}"].name.vi) == (before, after)
    annual_2024, annual_2026 = units.round(2024, "annual"), units.round(2026, "annual")
    assert [u.name.vi for u in units.sending(bare, annual_2024)] == [before]
    assert [u.name.vi for u in units.sending(bare, annual_2026)] == [after]


def test_in_2025_a_predecessor_may_still_send_so_a_bare_code_stays_ambiguous(units):
    annual_2025 = units.round(2025, "annual")
    assert {u.code for u in units.sending("24", annual_2025)} == {"T63-24", "T34-24"}
    assert [u.code for u in units.sending("Bắc Giang", annual_2025)] == ["T63-24"]


def test_a_ministry_that_was_merged_may_send_only_before(units):
    planning = units.by_code["BO-KHDT"]
    assert units.may_send(planning, units.round(2024, "annual"))
    assert not units.may_send(planning, units.round(2026, "annual"))
    assert units.successor["BO-KHDT"] == "BO-TC"


@pytest.mark.parametrize(
    ("year", "period", "provinces"),
    [(2024, "annual", 63), (2025, "half", 63), (2025, "annual", 34), (2030, "five_year", 34)],
)
def test_expected_units_follow_the_round(units, year, period, provinces):
    expected = units.expected(units.round(year, period))
    assert sum(unit.is_province for unit in expected) == provinces
    others = [unit for unit in expected if not unit.is_province]
    assert others
    assert all(units.may_send(unit, units.round(year, period)) for unit in others)


def test_an_annual_report_is_due_before_30_november(units):
    assert {r.on_time_until for r in units.rounds if r.period_kind == "annual"} == {
        date(y, 11, 29) for y in range(2021, 2031)
    }


@pytest.mark.parametrize(
    ("written", "code"),
    [("TP.HCM", "T63-79"), ("Thừa Thiên-Huế", "T63-46"), ("BR-VT", "T63-77"),
     ("Tỉnh Bắc Giang", "T63-24"), ("T63-24 – Bắc Giang", "T63-24")],
)  # fmt: skip
def test_units_are_known_under_the_names_people_write(units, written, code):
    assert [unit.code for unit in units.sending(written, units.round(2023, "annual"))] == [code]
