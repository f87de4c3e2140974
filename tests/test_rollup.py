"""The national figures are what a person adds up by hand from the returns."""

import polars as pl
import pytest

from tests.rollup_stores import BOTH, rollup_of, rows_of, store_of, units_of
from tests.store_samples import SCHEMAS
from xltrack.rollup import UNALLOCATED, roll_up
from xltrack.store import open_store

pytestmark = pytest.mark.slow

EIGHTEEN = [unit.code for unit in SCHEMAS.units.all if unit.code.startswith("T63-")][:18]
SEVEN = ("T63-01", "T63-02", "T63-04", "T63-06", "T63-08", "T63-10", "T63-11")
STATED = ("tax_code", "size_sector", "insured_workers", "revenue", "total_capital", "declared_size")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "national.duckdb"


def test_an_enterprise_with_two_tools_in_two_provinces_over_two_years_counts_once(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2023
        T63-24 | 2024
        T63-01 | 2024
        """,
        applications="""
        unit   | year | tax_code | tool_code
        T63-24 | 2023 | A        | ISO-9001
        T63-24 | 2024 | A        | ISO-9001
        T63-24 | 2024 | A        | 5S
        T63-24 | 2024 | B        | 5S
        T63-01 | 2024 | A        | 5S
        """,
    )
    assert rollup.figure("enterprises_supported", "2023") == 1
    assert rollup.figure("enterprises_supported", "2024") == 2
    assert rollup.figure("enterprises_supported", "2021-2025") == 2
    assert units_of(rollup, "enterprises_supported", "2024", "63") == {"T63-24": 2, "T63-01": 1}
    assert rollup.figure("enterprises_supported", "2024", tool="5S") == 2
    assert rollup.figure("enterprises_supported", "2024", tool="ISO-9001") == 1
    assert rollup.figure("applications", "2024") == 4
    several = rollup.reconciliation.filter(
        measure="enterprises_supported", period="2024", view="63"
    ).to_dicts()[0]
    assert (several["sum_over_units"], several["counted_in_several"], several["national"]) == (3, 1, 2)


def test_provinces_that_merged_are_recounted_together_in_the_34_view(path):
    rollup = rollup_of(
        path,
        BOTH,
        applications="""
        unit   | year | tax_code
        T63-24 | 2024 | A
        T63-27 | 2024 | A
        T63-27 | 2024 | B
        """,
    )
    assert units_of(rollup, "enterprises_supported", "2024", "63") == {"T63-24": 1, "T63-27": 2}
    assert units_of(rollup, "enterprises_supported", "2024", "34") == {"T34-24": 2}
    assert rollup.figure("enterprises_supported", "2024", view="63") == 2


def test_only_what_is_under_way_or_completed_within_the_year_is_support(path):
    counted = {"T63-01": 1, "T63-04": 1, "T63-06": 1}
    rollup = rollup_of(
        path,
        "\n".join(["unit | year", *(f"{unit} | 2024" for unit in SEVEN)]),
        applications="""
        unit   | year | tax_code | status    | start_date | end_date
        T63-01 | 2024 | A        | completed | .          | .
        T63-04 | 2024 | B        | doing     | 2023-05-01 | .
        T63-06 | 2024 | C        | completed | 2023-05-01 | 2024-01-01
        T63-02 | 2024 | D        | completed | 2023-05-01 | 2023-12-31
        T63-08 | 2024 | E        | doing     | 2025-01-01 | .
        T63-10 | 2024 | N1       | planned   | 2024-02-01 | .
        T63-11 | 2024 | N2       | stopped   | 2024-02-01 | 2024-03-01
        """,
    )
    assert units_of(rollup, "enterprises_supported", "2024", "63") == counted
    assert rollup.figure("enterprises_supported", "2024") == sum(counted.values())
    assert rollup.figure("applications", "2024") == len(SEVEN)


def test_cooperatives_and_households_are_counted_apart_and_branches_with_their_enterprise(path):
    rollup = rollup_of(
        path,
        BOTH,
        enterprises="""
        unit   | year | tax_code | legal_form
        T63-24 | 2024 | A        | enterprise
        T63-24 | 2024 | A1       | .
        T63-24 | 2024 | B        | cooperative
        T63-24 | 2024 | C        | cooperative_union
        T63-24 | 2024 | D        | household
        T63-24 | 2024 | H        | .
        """,
        applications="""
        unit   | year | tax_code | pilot_model
        T63-24 | 2024 | A        | yes
        T63-24 | 2024 | A1       | .
        T63-24 | 2024 | B        | yes
        T63-24 | 2024 | C        | .
        T63-24 | 2024 | D        | .
        T63-24 | 2024 | H        | .
        T63-27 | 2024 | B        | .
        """,
    )
    assert rollup.figure("enterprises_supported", "2024") == 1
    assert rollup.figure("cooperatives_supported", "2024") == 1
    assert rollup.figure("cooperative_unions_supported", "2024") == 1
    assert rollup.figure("households_supported", "2024") == 2
    assert rollup.figure("pilot_models", "2024") == 1
    assert rollup.figure("pilot_models_others", "2024") == 1


def test_the_legal_form_is_that_of_the_newest_return_and_in_it_of_the_head_office(path):
    """A, B and C change it; of A the branch says otherwise; what says nothing takes nothing back."""
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2023
        T63-24 | 2024
        """,
        enterprises="""
        unit   | year | tax_code | legal_form
        T63-24 | 2023 | A        | cooperative
        T63-24 | 2023 | B        | cooperative
        T63-24 | 2023 | C        | enterprise
        T63-24 | 2023 | H        | enterprise
        T63-24 | 2024 | A1       | household
        T63-24 | 2024 | A        | enterprise
        T63-24 | 2024 | B        | .
        T63-24 | 2024 | C        | cooperative_union
        """,
        applications="""
        unit   | year | tax_code
        T63-24 | 2023 | H
        T63-24 | 2024 | A
        T63-24 | 2024 | B
        T63-24 | 2024 | C
        """,
    )
    assert rollup.figure("enterprises_supported", "2024") == 1
    assert rollup.figure("cooperatives_supported", "2024") == 1
    assert rollup.figure("cooperative_unions_supported", "2024") == 1
    assert rollup.figure("enterprises_supported", "2023") == 1
    assert rollup.figure("households_supported", "2023") == 0


def test_a_period_shows_an_enterprise_as_its_last_year_of_that_kind_of_figures_does(path):
    """The household HA has the digits of the enterprise A behind two zeros."""
    rollup = rollup_of(
        path,
        """
        unit   | year | figures
        T63-24 | 2023 | actual
        T63-24 | 2024 | actual
        T34-24 | 2025 | estimate
        """,
        enterprises="""
        unit   | year | tax_code | declared_size | former_province_code
        T63-24 | 2023 | A        | micro         | .
        T63-24 | 2024 | A        | small         | .
        T34-24 | 2025 | A        | medium        | T63-24
        T34-24 | 2025 | HA       | micro         | T63-24
        """,
        applications="""
        unit   | year | tax_code | pilot_model
        T63-24 | 2023 | A        | yes
        T63-24 | 2024 | A        | .
        T34-24 | 2025 | A        | .
        T34-24 | 2025 | HA       | .
        """,
    )
    found = rollup.figures.filter(
        pl.col("measure").is_in(["enterprises_supported", "pilot_models", "households_supported"]),
        pl.col("unit_code").is_null(),
        pl.col("size").is_not_null() & pl.col("size_sector").is_null() & pl.col("tool").is_null(),
        view="34",
        period="2021-2025",
    )
    assert sorted(found.select("measure", "figures_kind", "size", "value").rows()) == [
        ("enterprises_supported", "actual", "small", 1),
        ("enterprises_supported", "estimate", "medium", 1),
        ("households_supported", "estimate", "micro", 1),
        ("pilot_models", "actual", "small", 1),
    ]


def test_estimates_and_actual_figures_are_never_one_total(path):
    rollup = rollup_of(
        path,
        """
        unit   | year | figures
        T34-01 | 2025 | actual
        T34-24 | 2025 | estimate
        """,
        applications="""
        unit   | year | tax_code
        T34-01 | 2025 | A
        T34-24 | 2025 | A
        T34-24 | 2025 | B
        """,
        funding="""
        unit   | year | of   | amount
        T34-01 | 2025 | 2025 | 100
        T34-24 | 2025 | 2025 | 7
        """,
    )
    for period in ("2025", "2021-2025"):
        assert rollup.figure("enterprises_supported", period) == 1
        assert rollup.figure("enterprises_supported", period, figures_kind="estimate") == 2
        assert rollup.figure("funding", period, funding_kind="disbursed") == 100
        assert rollup.figure("funding", period, funding_kind="disbursed", figures_kind="estimate") == 7


def test_kinds_of_money_stand_apart_and_the_state_budget_is_central_and_local(path):
    rollup = rollup_of(
        path,
        BOTH,
        funding="""
        unit   | year | of   | source         | figure_kind | amount
        T63-24 | 2024 | 2024 | central_budget | disbursed   | 100
        T63-24 | 2024 | 2024 | local_budget   | disbursed   | 20
        T63-27 | 2024 | 2024 | enterprise     | disbursed   | 3
        T63-27 | 2024 | 2024 | local_budget   | allocated   | 1000
        T63-27 | 2024 | 2024 | local_budget   | settled     | 9007199254740993
        """,
    )
    assert rollup.figure("funding", "2024", funding_kind="disbursed") == 123
    assert rollup.figure("funding_state", "2024", funding_kind="disbursed") == 120
    assert rollup.figure("funding", "2024", funding_kind="allocated") == 1000
    assert rollup.figure("funding", "2024", funding_kind="disbursed", source="enterprise") == 3
    assert rollup.figure("funding", "2024", funding_kind="settled") == 9007199254740993, (
        "every đồng, beyond 2^53"
    )
    assert (
        rollup.figures.filter(pl.col("measure").str.starts_with("funding"))["funding_kind"].null_count() == 0
    )
    assert units_of(rollup, "funding", "2024", "34", funding_kind="disbursed") == {"T34-24": 123}


def test_a_restatement_of_another_year_is_compared_and_never_added(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2023
        T63-24 | 2024
        """,
        funding="""
        unit   | year | of   | amount
        T63-24 | 2023 | 2023 | 50
        T63-24 | 2024 | 2023 | 65
        T63-24 | 2024 | 2024 | 7
        """,
    )
    assert rollup.figure("funding", "2023", funding_kind="disbursed") == 50
    assert rollup.figure("funding", "2024", funding_kind="disbursed") == 7
    assert rollup.figure("funding", "2021-2025", funding_kind="disbursed") == 57
    stated = rollup.restatements.select(
        "unit_code", "return_year", "year", "restated", "reported", "difference"
    )
    assert stated.rows() == [("T63-24", 2024, 2023, 65, 50, 15)]


def test_the_63_view_of_a_merged_province_follows_the_enterprise_and_guesses_nothing(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T34-24 | 2026
        T34-01 | 2026
        BO-CT  | 2026
        """,
        enterprises="""
        unit   | year | tax_code | former_province_code
        T34-24 | 2026 | A        | T63-24
        T34-24 | 2026 | B        | T63-27
        T34-24 | 2026 | C        | .
        T34-01 | 2026 | D        | .
        BO-CT  | 2026 | E        | T63-24
        """,
        applications="""
        unit   | year | application_id | tax_code
        T34-24 | 2026 | HT1            | A
        T34-24 | 2026 | HT2            | B
        T34-24 | 2026 | HT3            | C
        T34-01 | 2026 | HT1            | D
        BO-CT  | 2026 | HT1            | E
        """,
        funding="""
        unit   | year | of   | subject_kind | subject_id | amount
        T34-24 | 2026 | 2026 | application  | HT1        | 10
        T34-24 | 2026 | 2026 | application  | HT2        | 20
        T34-24 | 2026 | 2026 | application  | HT3        | 40
        T34-24 | 2026 | 2026 | training     | K1         | 80
        T34-01 | 2026 | 2026 | other        | .          | 160
        """,
    )
    placed = {"T63-24": 1, "T63-27": 1, UNALLOCATED: 1, "T63-01": 1, "BO-CT": 1}
    assert units_of(rollup, "enterprises_supported", "2026", "63") == placed
    assert units_of(rollup, "enterprises_supported", "2026", "34") == {"T34-24": 3, "T34-01": 1, "BO-CT": 1}
    money = {"T63-24": 10, "T63-27": 20, UNALLOCATED: 120, "T63-01": 160}
    assert units_of(rollup, "funding", "2026", "63", funding_kind="disbursed") == money
    assert units_of(rollup, "funding", "2026", "34", funding_kind="disbursed") == {
        "T34-24": 150,
        "T34-01": 160,
    }
    names = dict(
        rollup.figures.filter(pl.col("view") == "63").select("unit_code", "unit_name").unique().rows()
    )
    assert names[UNALLOCATED] == "Chưa phân bổ"
    assert names["T63-27"] == "Bắc Ninh"


SIZES = """
tax_code | size_sector    | insured_workers | revenue      | total_capital | declared_size | is
N1       | agri_industry  | 10      | 3000000000   | .     | large | micro
N2       | agri_industry  | 10      | 3000000001   | 3000000000    | large | micro
N3       | agri_industry  | 11      | 3000000000   | .     | micro | small
N4       | agri_industry  | 100     | 60000000000  | 20000000001   | micro | medium
N5       | agri_industry  | 201     | 1    | 1     | micro | large
N6       | trade_services | 60      | 20000000000  | .     | micro | medium
N7       | trade_services | 150     | 20000000000  | 1     | micro | large
N8       | trade_services | 10      | 11000000000  | 4000000000    | micro | small
N9       | trade_services | .       | 11000000000  | 4000000000    | medium| medium
N10      | trade_services | 10      | .    | .     | small | small
N11      | agri_industry  | 50      | .    | 150000000000  | medium| medium
N12      | agri_industry  | 50      | .    | 150000000000  | .     | unknown
N13      | agri_industry  | 50      | .    | 20000000000   | .     | small
N14      | agri_industry  | 8       | .    | 5000000000    | micro | micro
N15      | agri_industry  | 8       | 4000000000   | .     | micro | micro
N16      | agri_industry  | 201     | .    | .     | micro | large
N17      | agri_industry  | .       | 200000000001 | 100000000001  | micro | large
N18      | .      | 10      | 1    | 1     | .     | unknown
"""


def test_size_follows_decree_80_and_else_what_was_declared(path):
    """Every enterprise is that of a province of its own, so that each figure has one."""
    stated = dict(zip(EIGHTEEN, rows_of(SIZES), strict=True))
    rows = [
        " | ".join([unit, "2024", *(one.get(name, ".") for name in STATED)]) for unit, one in stated.items()
    ]
    rollup = rollup_of(
        path,
        "\n".join(["unit | year", *(f"{unit} | 2024" for unit in stated)]),
        enterprises="\n".join([" | ".join(["unit", "year", *STATED]), *rows]),
        applications="\n".join(
            [
                "unit | year | tax_code",
                *(f"{unit} | 2024 | {one['tax_code']}" for unit, one in stated.items()),
            ]
        ),
    )
    for size in {one["is"] for one in stated.values()}:
        of_size = dict.fromkeys((unit for unit, one in stated.items() if one["is"] == size), 1)
        assert units_of(rollup, "enterprises_supported", "2024", "63", size=size) == of_size, size
        assert rollup.figure("applications", "2024", size=size) == len(of_size)


def test_sections_keep_the_version_of_vsic_and_tell_the_sector_for_size(path):
    rollup = rollup_of(
        path,
        BOTH,
        enterprises="""
        unit   | year | tax_code | vsic_version | vsic_code | insured_workers | revenue
        T63-24 | 2024 | A        | 2018         | K         | 60              | 20000000000
        T63-24 | 2024 | B        | 2025         | 6211      | 60              | 20000000000
        T63-24 | 2024 | C        | 2025         | 2599      | 60              | 20000000000
        T63-24 | 2024 | D        | .            | C         | 60              | 20000000000
        """,
        applications="""
        unit   | year | tax_code
        T63-24 | 2024 | A
        T63-24 | 2024 | B
        T63-24 | 2024 | C
        T63-24 | 2024 | D
        """,
    )
    sections = {
        s: rollup.figure("enterprises_supported", "2024", sector=s)
        for s in ("2018-K", "2025-K", "2025-C", "unknown")
    }
    assert sections == {"2018-K": 1, "2025-K": 1, "2025-C": 1, "unknown": 1}
    assert rollup.figure("enterprises_supported", "2024", size="medium", size_sector="trade_services") == 2
    assert rollup.figure("enterprises_supported", "2024", size="small", size_sector="agri_industry") == 1


def test_first_supported_is_the_earlier_of_what_is_stated_and_what_was_seen(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2023
        T63-24 | 2024
        """,
        enterprises="""
        unit   | year | tax_code | first_supported_year
        T63-24 | 2024 | A        | 2024
        T63-24 | 2024 | B        | 2019
        T63-24 | 2024 | C        | .
        """,
        applications="""
        unit   | year | tax_code
        T63-24 | 2023 | A
        T63-24 | 2024 | A
        T63-24 | 2024 | B
        T63-24 | 2024 | C
        """,
    )
    assert rollup.figure("enterprises_first_supported", "2023") == 1, "A"
    assert rollup.figure("enterprises_first_supported", "2024") == 1, "C"
    assert rollup.figure("enterprises_first_supported", "2021-2025") == 2


def test_certificates_count_once_in_their_year_of_issue(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2023
        T63-24 | 2024
        """,
        applications="""
        unit   | year | tax_code | tool_code | certificate_no | issued_on
        T63-24 | 2023 | A        | ISO-9001  | C1             | 2023-06-01
        T63-24 | 2024 | A        | ISO-9001  | C1             | 2023-06-01
        T63-24 | 2024 | B        | ISO-9001  | C2             | 2023-12-20
        T63-24 | 2024 | C        | ISO-9001  | C3             | .
        T63-24 | 2024 | D        | 5S        | .              | .
        """,
    )
    assert rollup.figure("certificates_issued", "2023", tool="ISO-9001") == 2
    assert rollup.figure("certificates_issued", "2024") == 1
    assert rollup.figure("certificates_issued", "2021-2025") == 3


@pytest.mark.parametrize(
    ("issued", "found"),
    [
        ("2024-12-20", {("2024", "actual"): 1, ("2021-2025", "actual"): 1, ("2021-2030", "actual"): 1}),
        ("2025-02-01", {("2025", "estimate"): 1, ("2021-2025", "estimate"): 1, ("2021-2030", "estimate"): 1}),
    ],
)
def test_a_certificate_of_an_earlier_year_is_no_estimate_whatever_return_names_it_first(path, issued, found):
    rollup = rollup_of(
        path,
        """
        unit   | year | figures
        T63-24 | 2024 | actual
        T34-24 | 2025 | estimate
        """,
        applications=f"""
        unit   | year | tax_code | tool_code | certificate_no | issued_on
        T34-24 | 2025 | A        | ISO-9001  | C1             | {issued}
        """,
    )
    rows = rollup.figures.filter(
        (pl.col("measure") == "certificates_issued")
        & (pl.col("view") == "34")
        & pl.all_horizontal(pl.col(name).is_null() for name in ("unit_code", "tool", "size", "sector"))
    )
    assert {(r["period"], r["figures_kind"]): r["value"] for r in rows.to_dicts()} == found


def test_training_adds_up_and_a_course_kept_over_years_counts_once_in_the_period(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2023
        T63-24 | 2024
        T63-01 | 2024
        """,
        training="""
        unit   | year | course_id | start_date | participants | women | enterprises | certified_experts
        T63-24 | 2023 | K1        | 2023-12-01 | 30           | 10    | 5           | .
        T63-24 | 2024 | K1        | 2023-12-01 | 35           | 12    | 6           | 4
        T63-24 | 2024 | K2        | 2024-02-01 | 20           | .     | .           | .
        T63-01 | 2024 | K1        | 2024-02-01 | 50           | 25    | 9           | 2
        """,
    )
    assert rollup.figure("courses", "2024") == 3
    assert rollup.figure("participants", "2024") == 105
    assert rollup.figure("women_participants", "2024") == 37
    assert rollup.figure("enterprises_trained", "2024") == 15
    assert rollup.figure("certified_experts", "2024") == 6
    assert rollup.figure("courses", "2021-2025") == 3
    assert rollup.figure("participants", "2021-2025") == 105


def test_half_year_and_five_year_returns_have_their_own_rollups(path):
    returns = """
    unit   | year | period
    T63-24 | 2025 | half
    """
    applications = """
    unit   | year | tax_code | start_date
    T63-24 | 2025 | A        | 2025-02-01
    """
    store_of(path, returns, applications=applications)
    store_of(
        path,
        """
        unit   | year | period
        T34-24 | 2025 | five_year
        """,
        applications="""
        unit   | year | tax_code | end_date
        T34-24 | 2025 | B        | 2022-02-01
        T34-24 | 2025 | C        | 2020-02-01
        """,
        funding="""
        unit   | year | of   | amount
        T34-24 | 2025 | 2021 | 5
        T34-24 | 2025 | 2025 | 6
        """,
    )
    with open_store(path, SCHEMAS, read_only=True) as store:
        annual, half, five = (roll_up(store, SCHEMAS, kind) for kind in ("annual", "half", "five_year"))
    assert annual.figures.height == 0
    assert half.figure("enterprises_supported", "2025") == 1
    assert five.figure("enterprises_supported", "2021-2025") == 1
    assert five.figure("funding", "2021-2025", funding_kind="disbursed") == 11
    assert five.restatements.height == 0


def test_a_store_without_returns_gives_empty_figures_not_zeros(path):
    rollup = rollup_of(path, "unit | year")
    assert rollup.figures.height == 0
    assert rollup.coverage.height == 0
    assert rollup.reconciliation.height == 0


def test_the_text_tables_of_these_tests_leave_blanks_out():
    assert rows_of("unit | year\nT63-24 | .") == [{"unit": "T63-24"}]
