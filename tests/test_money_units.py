"""Amounts in another money unit are found among others, and ordinary ones are left in peace."""

import random

import pytest

from tests.case_files import Case, build
from xltrack.checking import check_workbook
from xltrack.findings import message
from xltrack.forms import load_schemas

SCHEMAS = load_schemas()
KINDS = ("estimated", "allocated", "disbursed", "settled")
CODES = ("XLT327", "XLT328", "XLT329")


def amounts_of(seed, size=60, middle=7.7, spread=0.45):
    """Return amounts in đồng as they lie in real tables: evenly about the middle of their powers of ten."""
    draw = random.Random(seed)
    return [round(10 ** draw.gauss(middle, spread)) for _ in range(size)]


def found_in(amounts, unit="million"):
    rows = [
        {
            "subject_kind": "other", "subject_id": f"Khoản {at}", "programme": "1322", "year": "2025",
            "source": "local_budget", "figure_kind": KINDS[at % 4], "amount": f"{amount:,}".replace(",", "."),
        }
        for at, amount in enumerate(amounts)
    ]  # fmt: skip
    workbook = build(Case("made", cover={"currency_unit": unit}, sheets={"KINH_PHI": rows}), SCHEMAS)
    found = [f for f in check_workbook(workbook, SCHEMAS) if f.code in CODES]
    return [(f.code, f.cell, message(f, "vi").rpartition(" bằng ")[2].rstrip(".")) for f in found]


@pytest.mark.parametrize("spread", [0.1, 0.45, 0.8])
def test_ordinary_amounts_are_left_in_peace(spread):
    for seed in range(12):
        assert found_in(amounts_of(seed, spread=spread)) == []


@pytest.mark.parametrize(
    ("times", "unit", "meant"),
    [
        (1_000, "million", "nghìn đồng"),
        (1_000_000, "million", "đồng"),
        (0.001, "million", "tỷ đồng"),
        (0.001, "thousand", "triệu đồng"),
        (1_000, "billion", "triệu đồng"),
    ],
)
def test_one_amount_in_another_unit_is_found_at_its_cell(times, unit, meant):
    for seed in range(6):
        amounts = amounts_of(seed)
        usual = min(range(len(amounts)), key=lambda at: abs(amounts[at] - 10**7.7))
        amounts[usual] = round(amounts[usual] * times)
        assert found_in(amounts, unit) == [("XLT328", f"H{5 + usual}", meant)]


def test_an_amount_a_thousand_times_too_large_has_no_unit_where_dong_is_the_unit():
    amounts = amounts_of(1)
    amounts[7] *= 1_000_000
    assert found_in(amounts, "dong") == []


@pytest.mark.parametrize(
    ("times", "unit", "meant"),
    [(1_000_000, "million", "đồng"), (1_000, "million", "nghìn đồng"), (0.000_001, "dong", "triệu đồng")],
)
def test_a_whole_column_in_another_unit_is_one_warning(times, unit, meant):
    for seed in range(6):
        amounts = [max(1, round(amount * times)) for amount in amounts_of(seed)]
        assert found_in(amounts, unit) == [("XLT327", "H5", meant)]


def test_a_few_amounts_have_no_usual_size():
    assert found_in([5, 7], "million") == []
    assert found_in([50_000_000] * 6 + [50_000_000_000_000], "million") == []
