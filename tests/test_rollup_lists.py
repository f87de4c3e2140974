"""Who reported, what targets were met, and how the figures leave the program."""

import csv
import json
import re
from dataclasses import replace
from datetime import datetime

import duckdb
import polars as pl
import pytest

from tests.rollup_stores import rollup_of, rows_of
from xltrack.errors import OutputError
from xltrack.report.headlines import headlines
from xltrack.rollup import write_csv, write_json, write_parquet
from xltrack.rollup.definitions import statement
from xltrack.rollup.years import lacking_years


@pytest.fixture
def path(tmp_path):
    return tmp_path / "national.duckdb"


def states(rollup, year):
    rows = rollup.coverage.filter(pl.col("year") == year)
    return dict(rows.select("unit_code", "state").rows())


def test_who_has_not_reported_is_named_and_provinces_are_counted_apart(path):
    rollup = rollup_of(
        path,
        """
        unit   | year | received            | verdict
        T34-01 | 2026 | 2026-11-29T16:59:00 | accepted
        T34-04 | 2026 | 2026-11-29T17:01:00 | accepted
        T34-24 | 2026 | 2026-11-01T00:00:00 | rejected
        BO-CT  | 2026 | .                   | accepted
        """,
    )
    found = states(rollup, 2026)
    assert [found[unit] for unit in ("T34-01", "T34-04", "T34-24", "BO-CT")] == [
        "on_time",
        "late",
        "rejected",
        "received",
    ]
    assert sum(state == "missing" for state in found.values()) == 34 + 9 - 4
    provinces, others = rollup.coverage_rounds.filter(year=2026).to_dicts()
    assert [provinces[n] for n in ("expected", "reported", "on_time", "late", "rejected", "missing")] == [
        34,
        2,
        1,
        1,
        1,
        31,
    ]
    assert [others[n] for n in ("expected", "reported", "missing")] == [9, 1, 8]
    assert provinces["not_counted"] == "Bắc Ninh"
    assert "Hà Nội" not in provinces["absent"]
    assert provinces["absent"].count(";") == 30
    assert "  Đã gửi, chưa được tính (tỉnh): Bắc Ninh" in headlines(rollup, "vi").splitlines()
    assert rollup.figures.height == 0, "who has not reported is no zero"


def test_in_2025_former_provinces_may_report_for_their_successor(path):
    rollup = rollup_of(
        path,
        """
        unit   | year
        T63-24 | 2025
        T63-27 | 2025
        T63-30 | 2025
        T34-01 | 2025
        T63-01 | 2025
        """,
        applications="""
        unit   | year | tax_code
        T63-24 | 2025 | A
        """,
    )
    rows = {row["unit_code"]: row for row in rollup.coverage.to_dicts()}
    assert (rows["T34-24"]["state"], rows["T34-24"]["reported_by"]) == ("received", "Bắc Giang, Bắc Ninh")
    assert (rows["T34-31"]["state"], rows["T34-31"]["not_reported"]) == ("incomplete", "Hải Phòng")
    cover = rollup.double_cover.select("year", "successor", "predecessor").rows()
    assert cover == [(2025, "T34-01", "T63-01")]


MANY = 2_000
TWO_YEARS = f"""
CREATE TABLE rollup_kind AS SELECT 'actual' AS figures_kind, 0 AS place;
CREATE TABLE rollup_place AS SELECT 'T34-01' AS unit_code, 'T63-01' AS unit63, 'T34-01' AS unit34;
CREATE TABLE rollup_report AS
SELECT 'T34-01' AS return_unit, y AS return_year, 'actual' AS figures_kind FROM range(2025, 2027) AS r(y);
CREATE TABLE rollup_party AS SELECT n AS party_id, 'enterprise' AS legal_form FROM range({MANY}) AS m(n);
CREATE TABLE rollup_application AS
SELECT 'T34-01' AS unit34, y AS return_year, n AS party_id, TRUE AS counted
FROM range(2025, 2027) AS r(y), range({MANY}) AS m(n);
"""


def test_growth_counts_each_year_by_itself_and_not_every_pair_of_enterprises():
    with duckdb.connect() as connection:
        connection.execute(TWO_YEARS)
        plan = connection.execute(
            f"EXPLAIN (ANALYZE, FORMAT json) {statement('lists', 'growth')}"
        ).fetchall()[0][1]
        counted = connection.execute(statement("lists", "growth")).fetchall()
    assert counted == [(2026, "actual", 1, "T34-01", MANY, MANY)]
    rows = [
        int(number) for number in re.findall(r'"(?:intermediate_rows|operator_cardinality)": (\d+)', plan)
    ]
    assert 0 < max(rows) <= 4 * MANY


def test_growth_is_counted_on_units_that_reported_both_years(path):
    rollup = rollup_of(
        path,
        """
        unit   | year | figures
        T63-01 | 2024 | actual
        T63-24 | 2024 | actual
        T63-27 | 2024 | actual
        T63-04 | 2024 | actual
        T34-01 | 2025 | estimate
        T34-24 | 2025 | actual
        T34-08 | 2025 | actual
        """,
        applications="""
        unit   | year | tax_code
        T63-01 | 2024 | A
        T63-24 | 2024 | A
        T63-27 | 2024 | B
        T63-04 | 2024 | C
        T34-01 | 2025 | A
        T34-24 | 2025 | A
        T34-24 | 2025 | B
        T34-24 | 2025 | D
        T34-08 | 2025 | E
        """,
    )
    rows = (
        rollup.national_targets.filter(indicator_code="ENT-GROWTH")
        .select("figures_kind", "value", "detail")
        .rows()
    )
    assert rows == [
        ("actual", 50.0, "Năm 2025 so với 2024, 1 đơn vị cố định: 2 → 3 doanh nghiệp"),
        ("estimate", 0.0, "Năm 2025 so với 2024, 1 đơn vị cố định: 1 → 1 doanh nghiệp"),
    ]


def test_targets_stand_beside_what_was_counted_and_nothing_is_made_up(path):
    rollup = rollup_of(
        path,
        "unit | year\nT63-24 | 2023\nT63-24 | 2024",
        applications="""
        unit   | year | tax_code | pilot_model
        T63-24 | 2024 | A        | yes
        """,
        training="""
        unit   | year | course_id | certified_experts
        T63-24 | 2024 | K1        | 7
        """,
        targets="""
        unit   | year | period | target_value | actual_value
        T63-24 | 2023 | 2024   | 30           | .
        T63-24 | 2024 | 2024   | 40           | 38
        """,
    )
    targets = {(r["indicator_code"], r["period"]): r for r in rollup.national_targets.to_dicts()}
    assert (
        targets["PILOT-MODELS", "2021-2030"]["value"],
        targets["PILOT-MODELS", "2021-2030"]["target_low"],
    ) == (1, 100)
    assert targets["EXPERTS", "2021-2025"]["value"] == 7
    assert targets["EXPERTS", "2026-2030"]["value"] is None
    assert targets["TCVN-HARMONISED", "2021-2025"]["value"] is None
    own = rollup.unit_targets.select(
        "unit_code", "period", "target_value", "actual_value", "return_year"
    ).rows()
    assert own == [("T63-24", "2024", 40.0, 38.0, 2024)]


def test_obstacles_of_the_newest_year_and_the_prime_minister_come_first(path):
    rollup = rollup_of(
        path,
        "unit | year\nT63-24 | 2023\nT63-24 | 2024\nT63-01 | 2024",
        obstacles="""
        unit   | year | deciding_level | obstacle                     | proposal
        T63-24 | 2023 | prime_minister | Thiếu vốn                    |
        T63-01 | 2024 | most           | Gọi ông A, ĐT 0912 345 678   | Gửi ong.a@example.com
        T63-24 | 2024 | prime_minister | Thiếu người, MST 0101234567  |
        T63-24 | 2024 | province       | Thiếu vốn                    |
        """,
    )
    assert rollup.obstacles.select("year", "level").rows() == [
        (2024, "prime_minister"), (2024, "most"), (2024, "province"), (2023, "prime_minister"),
    ]  # fmt: skip
    assert rollup.figure("obstacles", "2024", level="prime_minister") == 1
    shown = [("Thiếu người, MST 0101234567", None), ("Gọi ông A, ĐT •••••••678", "Gửi on…@example.com")]
    assert rollup.obstacles.select("obstacle", "proposal").rows()[:2] == shown
    assert set(shown) < set(rollup.rows["obstacles"].select("obstacle", "proposal").rows())


@pytest.fixture
def small(path):
    return rollup_of(
        path,
        """
        unit   | year | figures
        T63-24 | 2024 | actual
        T63-27 | 2024 | actual
        T34-24 | 2025 | estimate
        """,
        applications="""
        unit   | year | tax_code | pilot_model
        T63-24 | 2024 | A        | yes
        T63-27 | 2024 | A        | .
        T63-27 | 2024 | B        | .
        T34-24 | 2025 | B        | .
        """,
        funding="""
        unit   | year | of   | source       | amount
        T63-24 | 2024 | 2024 | local_budget | 1250000000
        T63-24 | 2024 | 2024 | enterprise   | 50000
        """,
    )


def test_headlines_say_the_figures_how_they_add_up_and_who_is_missing(small):
    lines = headlines(small, "vi").splitlines()
    assert lines[:6] == [
        "Doanh nghiệp được hỗ trợ 2021–2025 (thực hiện): 2",
        "  tính theo 63 tỉnh: cộng các đơn vị 3 − trùng giữa các đơn vị 1 = cả nước 2",
        "  tính theo 34 tỉnh: cộng các đơn vị 2 − trùng giữa các đơn vị 0 = cả nước 2",
        "Doanh nghiệp được hỗ trợ 2021–2025 (ước thực hiện): 1",
        "  tính theo 63 tỉnh: cộng các đơn vị 1 − trùng giữa các đơn vị 0 = cả nước 1",
        "  tính theo 34 tỉnh: cộng các đơn vị 1 − trùng giữa các đơn vị 0 = cả nước 1",
    ]
    text = "\n".join(lines)
    growth = "  Năm 2025 so với 2024, 1 đơn vị cố định: 2 → 1 doanh nghiệp, -50 %; mục tiêu 10–15 % mỗi năm"
    assert growth in lines
    untold = replace(small, national_targets=small.national_targets.with_columns(target_low=None))
    assert growth.partition(";")[0] in headlines(untold, "vi").splitlines(), "without a target none is named"
    assert "Mô hình điểm (thực hiện): 1; mục tiêu đến 2030: ≥ 100" in text
    assert "Kinh phí giải ngân 2021–2025 (thực hiện): 1.250,1 triệu đồng" in text
    assert "trong đó ngân sách nhà nước 1.250,0 triệu đồng" in text
    assert "Đã báo cáo năm 2025: tỉnh 1/34; bộ 0/9" in text
    assert "Chưa báo cáo (tỉnh): Hà Nội; Cao Bằng;" in text
    assert "Kế hoạch 36, trên 63 tỉnh: đã ban hành 0; đang thực hiện 0; hoàn thành 0" in text
    assert "mục tiêu: 12–15 tỉnh đến 2025; 30–35 tỉnh đến 2030" in text
    assert "chỉ gồm các năm 2024–2025; chưa có báo cáo nào được tính của các năm 2021–2023." in text
    english = headlines(small, "en")
    assert "Not reported (provinces): Ha Noi; Cao Bang;" in english
    assert (
        "Figures of several years are of 2024–2025 only; no return that counts has come for 2021–2023."
        in english
    )


LACKING = """
counted             | not_counted | newest_file | held                 | lacking
2025                | .           | 2025-11-20  | năm 2025             | các năm 2021–2024
2022,2024,2025      | .           | 2025-11-20  | các năm 2022, 2024–2025 | các năm 2021, 2023
2021,2023           | 2022        | 2023-11-20  | các năm 2021, 2023   | năm 2022
2021,2022           | .           | 2024-02-01  | các năm 2021–2022    | năm 2023
2021                | 2022        | .           | năm 2021             | năm 2022
2026                | .           | 2026-11-20  | năm 2026             | các năm 2021–2025
2021,2022           | .           | 2022-11-20  | .                    | .
2021,2022           | .           | 2023-02-01  | .                    | .
2021,2022,2023,2024,2025 | .      | 2026-02-01  | .                    | .
.                   | 2025        | 2025-11-20  | .                    | .
"""
"""Years of which a return counts or none does, when the newest file came, and what is said."""


def test_years_without_a_return_are_named_beside_sums_over_years_and_those_to_come_are_not(small):
    for row in rows_of(LACKING):
        states = {"late": row.get("counted", ""), "rejected": row.get("not_counted", "")}
        rows = [(int(y), "annual", s) for s, years in states.items() for y in years.split(",") if y]
        coverage = pl.DataFrame(rows, ["year", "period_kind", "state"], orient="row")
        newest = datetime.fromisoformat(row["newest_file"]) if "newest_file" in row else None
        told = replace(small, coverage=coverage, received_until=newest)
        sentence = "Số liệu các giai đoạn chỉ gồm {held}; chưa có báo cáo nào được tính của {lacking}."
        assert [line.vi for line in lacking_years(told)] == (
            [sentence.format(**row)] if "held" in row else []
        )
        assert lacking_years(replace(told, period_kind="half")) == (), "half-years are not summed"


@pytest.mark.parametrize("period_kind", ["annual", "half", "five_year"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_headlines_of_an_empty_store_say_so(path, period_kind, lang):
    said = headlines(rollup_of(path, "unit | year", period_kind), lang)
    assert {"vi": "chưa có doanh nghiệp nào", "en": "no enterprise"}[lang] in said
    assert "None" not in said


def test_headlines_tell_who_reported_in_part_from_who_did_not_and_name_double_cover(path):
    rollup = rollup_of(path, "unit | year\nT63-30 | 2025\nT34-01 | 2025\nT63-01 | 2025\nT34-24 | 2025")
    lines = headlines(rollup, "vi").splitlines()
    absent, partial = (
        next(line for line in lines if line.startswith(start))
        for start in ("  Chưa báo cáo (tỉnh)", "  Mới báo cáo")
    )
    assert partial == "  Mới báo cáo một phần, đã tính phần đó (tỉnh): Hải Phòng"
    assert "Cao Bằng" in absent
    assert "Hải Phòng" not in absent
    assert (
        "  Báo cáo trùng địa bàn, số cộng được có thể tính hai lần: 2025 Hà Nội (T34-01) và Hà Nội (T63-01)"
        in lines
    )
    assert "trùng địa bàn" not in headlines(
        rollup_of(path.with_name("other"), "unit | year\nT34-24 | 2025"), "vi"
    )


BEYOND = 2 * (2**63 - 1)


@pytest.fixture
def immense(path):
    return rollup_of(
        path,
        "unit | year\nT63-24 | 2024",
        funding=f"""
        unit   | year | of   | source       | amount
        T63-24 | 2024 | 2024 | local_budget | {2**63 - 1}
        T63-24 | 2024 | 2024 | enterprise   | {2**63 - 1}
        """,
    )


def test_csv_parquet_and_json_keep_every_dong_of_a_sum_beyond_64_bits(immense, tmp_path):
    for write, name in ((write_csv, "a.csv"), (write_parquet, "a.parquet"), (write_json, "a.json")):
        write(immense, tmp_path / name)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert max(int(row["value"]) for row in csv.DictReader(file)) == BEYOND
    assert max(map(int, pl.read_parquet(tmp_path / "a.parquet")["value"])) == BEYOND
    assert duckdb.execute(f"SELECT max(value) FROM '{tmp_path / 'a.parquet'}'").fetchall() == [(BEYOND,)]
    written = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert max(row["value"] for row in written["figures"]) == BEYOND
    assert "18.446.744.073.709,6 triệu đồng" in headlines(immense, "vi")


def test_csv_has_a_byte_order_mark_and_keeps_formulas_from_running(small, tmp_path):
    evil = small.figures.with_columns(
        pl.when(pl.col("unit_code") == "T63-24")
        .then(pl.lit("=1+1"))
        .otherwise(pl.col("unit_name"))
        .alias("unit_name"),
        (-pl.col("value")).alias("value"),
    )
    out = tmp_path / "out.csv"
    write_csv(type(small)(**vars(small) | {"figures": evil}), out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbfmeasure,")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == evil.height
    assert {row["unit_name"] for row in rows if row["unit_code"] == "T63-24"} == {"'=1+1"}
    assert [int(row["value"]) for row in rows] == evil["value"].to_list(), (
        "numbers stay numbers, negative ones too"
    )


def test_parquet_and_json_hold_the_same_figures(small, tmp_path):
    write_parquet(small, tmp_path / "out.parquet")
    written = pl.read_parquet(tmp_path / "out.parquet")
    assert written.select(small.figures.columns).equals(small.figures)
    write_json(small, tmp_path / "out.json")
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert set(written) >= {
        "figures",
        "coverage",
        "reconciliation",
        "national_targets",
        "plan36",
        "obstacles",
    }
    assert [row["value"] for row in written["figures"]] == small.figures["value"].to_list()


def test_years_without_a_return_stand_beside_figures_for_other_programs(small, tmp_path):
    """Of 2021–2025 two years reported; each of these was reported by units that were expected, which says nothing."""
    for write, name in ((write_csv, "a.csv"), (write_parquet, "a.parquet"), (write_json, "a.json")):
        write(small, tmp_path / name)
    lacking = {"2024": None, "2025": None, "2021-2025": "2021, 2022, 2023"}
    parquet = pl.read_parquet(tmp_path / "a.parquet").select("period", "years_without_return").unique()
    assert {period: told for period, told in parquet.rows() if period in lacking} == lacking
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["period"]: row["years_without_return"] or None for row in csv.DictReader(file)}
    assert {period: told[period] for period in lacking} == lacking
    written = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert written["years_without_return"] == [2021, 2022, 2023]


def test_a_result_that_cannot_be_written_is_the_operators_mistake(small, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for write in (write_csv, write_parquet, write_json):
        with pytest.raises(OutputError):
            write(small, tmp_path / "file" / "out")
    left = sorted(p.name for p in tmp_path.iterdir())
    assert left == ["file", "national.duckdb", "national.duckdb.head"], "nothing half-written is left"
