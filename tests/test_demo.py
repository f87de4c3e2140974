"""The made-up programme: its figures are exact, its rows are right, and the whole loop gives them back."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from stdnum.vn import mst

from tests.made_once import quick_demo
from tests.store_samples import submission
from xltrack.cli.main import cli
from xltrack.demo import scale, writing
from xltrack.demo.mistakes import DOUBTED, ESTIMATED, FORGOTTEN, LATE, REFUSED
from xltrack.demo.occasion import MADE_UP
from xltrack.demo.programme import plan_programme
from xltrack.demo.returns import build_return, occasions_of
from xltrack.demo.run import MARK, run_demo
from xltrack.demo.sendings import received, sendings_of
from xltrack.demo.tax_codes import invented_codes, mistyped
from xltrack.demo.writing import annual_round
from xltrack.errors import OutputError
from xltrack.findings import severity
from xltrack.forms import load_schemas
from xltrack.rollup import roll_up
from xltrack.store import merge_workbooks, open_store

pytestmark = pytest.mark.slow

SCHEMAS = load_schemas()
FORM = SCHEMAS.form()


@pytest.fixture(scope="module")
def programme():
    return plan_programme(SCHEMAS.units)


@pytest.fixture(scope="module")
def occasions():
    return [about for year in scale.YEARS for about in occasions_of(annual_round(SCHEMAS, year), SCHEMAS)]


@pytest.fixture(scope="module")
def returns(programme, occasions):
    return [build_return(about, programme) for about in occasions]


def counted(row, year):
    """Return whether an application makes its enterprise one supported in `year`."""
    return row["status"] in ("doing", "completed") and row["start_date"].year <= year <= row["end_date"].year


def enterprises_supported(one):
    """Return the ten-digit codes of the enterprises that a return counts as supported."""
    forms = {row["tax_code"]: row["legal_form"] for row in one.rows["enterprises"]}
    return {
        row["tax_code"][:10]
        for row in one.rows["applications"]
        if forms[row["tax_code"]] == "enterprise" and counted(row, one.round.year)
    }


# The programme


def test_the_five_years_have_6428_distinct_enterprises_and_102_pilot_models(returns):
    supported: dict[int, set] = {year: set() for year in scale.YEARS}
    pilots: set = set()
    for one in returns:
        supported[one.round.year] |= enterprises_supported(one)
        pilots |= {row["tax_code"][:10] for row in one.rows["applications"] if row["pilot_model"]}
    assert {year: len(codes) for year, codes in supported.items()} == scale.SUPPORTED
    assert len(set.union(*supported.values())) == scale.DISTINCT == 6428
    assert len(pilots) == scale.PILOTS == sum(scale.NEW_PILOTS.values()) == 102


def test_enterprises_grow_by_10_to_15_percent_a_year():
    years = list(scale.SUPPORTED.values())
    assert all(0.10 <= now / before - 1 <= 0.15 for before, now in pairwise(years))


@pytest.mark.parametrize("year", scale.YEARS)
def test_units_together_count_more_than_the_nation_by_the_enterprises_two_of_them_support(returns, year):
    of_year = [enterprises_supported(one) for one in returns if one.round.year == year]
    assert sum(map(len, of_year)) - len(set.union(*of_year)) == scale.SHARED[year] > 0


def test_it_is_the_same_programme_every_time(programme, occasions, returns):
    assert plan_programme(SCHEMAS.units) == programme
    assert [build_return(about, programme) for about in occasions[::40]] == returns[::40]


def test_63_provinces_report_to_2024_and_33_of_34_in_2025(returns):
    assert Counter(one.round.year for one in returns) == {2021: 63, 2022: 63, 2023: 63, 2024: 63, 2025: 33}
    assert (scale.MISSING_UNIT, scale.MISSING_YEAR) not in {
        (one.unit.code, one.round.year) for one in returns
    }


def test_tax_codes_pass_the_checksum_and_a_mistyped_one_does_not():
    codes = [code for code, _ in zip(invented_codes(), range(3000), strict=False)]
    assert len(set(codes)) == 3000
    assert all(mst.is_valid(code) and code[2:4] == "99" for code in codes)
    assert not any(mst.is_valid(mistyped(code)) for code in codes)


# The returns


def test_every_sheet_of_every_return_has_rows_and_fits_the_form(returns):
    for one in returns:
        assert set(one.rows) == set(FORM.by_id)
        for sheet in FORM.sheets:
            assert 0 < len(one.rows[sheet.id]) <= sheet.capacity
            assert all(set(row) <= set(sheet.by_id) for row in one.rows[sheet.id])


def test_rows_are_valid_against_the_schemas(returns):
    validators = {sheet.id: Draft202012Validator(sheet.row_schema) for sheet in FORM.sheets}
    for one in returns[::29]:
        for sheet, rows in one.rows.items():
            for row in rows:
                plain = {name: str(v) if isinstance(v, date) else v for name, v in row.items()}
                assert not [error.message for error in validators[sheet].iter_errors(plain)]


def test_keys_are_unique_and_references_resolve(returns):
    for one in returns:
        values = {
            (s.id, c.id): {row.get(c.id) for row in one.rows[s.id]} for s in FORM.sheets for c in s.columns
        }
        for sheet in FORM.tables:
            keys = [tuple(row.get(name) for name in sheet.key) for row in one.rows[sheet.id]]
            assert len(set(keys)) == len(keys)
            for name, reference in ((c.id, c.references) for c in sheet.columns if c.references):
                for row in (row for row in one.rows[sheet.id] if name in row):
                    assert row[name] in values[reference.targets[row[reference.by] if reference.by else ""]]


def test_former_provinces_belong_to_the_province_and_a_few_are_left_blank(returns):
    rows = [row for one in returns if one.round.year == 2025 for row in one.rows["enterprises"]]
    blank = [row for row in rows if "former_province_code" not in row]
    assert 0 < len(blank) < 0.05 * len(rows)
    successor = SCHEMAS.units.successor
    assert all(
        successor[row["former_province_code"]] == row["province_code"] for row in rows if row not in blank
    )


def test_cover_totals_are_the_money_disbursed_in_the_year(returns):
    for one in returns:
        paid = [
            row
            for row in one.rows["funding"]
            if row["figure_kind"] == "disbursed" and row["year"] == one.round.year
        ]
        state = sum(row["amount"] for row in paid if row["source"] in ("central_budget", "local_budget"))
        assert one.cover["funding_state"] == state > 0
        assert (
            one.cover["funding_total"]
            == sum(row["amount"] for row in paid)
            == state + one.cover["funding_other"]
        )


def test_work_that_goes_on_keeps_its_id_and_is_finished_in_a_later_year(returns):
    seen: dict[str, list] = {}
    for one in returns:
        for row in one.rows["applications"]:
            seen.setdefault(row["application_id"], []).append(
                (one.round.year, row["tax_code"], row["status"])
            )
    longer = [rows for rows in seen.values() if len(rows) > 1]
    assert len(longer) > 500
    assert all(len({code for _, code, _ in rows}) == 1 and rows[-1][2] == "completed" for rows in longer)


def test_everything_says_that_it_is_made_up(returns):
    for one in returns:
        assert MADE_UP in one.cover["reporting_agency"]
        for row in one.rows["enterprises"]:
            assert "Ví Dụ" in row["enterprise_name"] or "Dựng Thử" in row["enterprise_name"]


# What is sent


def test_mistakes_are_corrected_by_a_second_sending(programme, occasions):
    sent = {(about.unit.code, about.year): sendings_of(about, programme) for about in occasions}
    assert {key for key, sendings in sent.items() if len(sendings) == 2} == {*REFUSED, *FORGOTTEN, *ESTIMATED}
    assert all(key in sent for key in (*DOUBTED, *LATE))
    for key in REFUSED:
        wrong, right = sent[key]
        assert (wrong.number, right.number) == (1, 2)
        assert wrong.content.rows != right.content.rows
        assert wrong.day < right.day < date(key[1], 11, 30)


# The whole loop


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    return quick_demo(tmp_path_factory)


def test_the_round_of_2025_comes_out_as_it_was_made(quick):
    assert Counter(file.verdict for file in quick.files) == {"accepted": 34, "rejected": 2}
    assert {(file.unit, 2025) for file in quick.refused} == {key for key in REFUSED if key[1] == 2025}
    assert quick.missing == [(2025, "T34-44")]
    assert quick.rollup.figure("enterprises_supported", "2025") == 1890
    assert quick.reconciled("enterprises_supported", "2025") == (1905, 15, 1890)
    assert quick.provinces_with_plan == 14


def test_money_is_the_sum_of_what_was_sent_last(quick, programme):
    occasions = occasions_of(annual_round(SCHEMAS, 2025), SCHEMAS)
    covers: list[dict] = [sendings_of(about, programme)[-1].content.cover for about in occasions]
    total = sum(cover["funding_total"] for cover in covers)
    assert quick.rollup.figure("funding", "2025", funding_kind="disbursed") == total


def test_mistakes_are_found_where_they_were_made(quick):
    codes = {
        file.unit: Counter(finding.code for finding in file.findings) for file in quick.files if file.findings
    }
    refused = {file.unit: {f.code for f in file.findings if severity(f) == "error"} for file in quick.refused}
    assert refused["T34-33"] == {"XLT301", "XLT350"}
    assert refused["T34-52"] == {"XLT401", "XLT502", "XLT503", "XLT504"}
    assert "XLT411" in codes["T34-15"]
    assert "XLT127" in codes["T34-20"]


def test_every_file_lies_where_the_story_says(quick):
    place = quick.directory
    assert {path.name for path in place.iterdir()} == {
        MARK,
        "bieu-mau",
        "goi-ve",
        "national.duckdb",
        "national.duckdb.head",
        "tong-hop-quoc-gia.csv",
        "tong-hop-quoc-gia.xlsx",
    }
    assert all(work.path.is_file() for work in quick.written)
    assert len(list((place / "bieu-mau").iterdir())) == len(quick.templates) == 3


@pytest.mark.parametrize(
    ("lang", "phrases"),
    [
        (
            "vi",
            (
                "DỰNG THỬ",
                "33 báo cáo",
                "1.905",
                "1.890",
                "63 tỉnh: cộng các đơn vị 1.904 − trùng giữa các đơn vị 14 = cả nước 1.890",
                "34 tỉnh: cộng các đơn vị 1.905 − trùng giữa các đơn vị 15 = cả nước 1.890",
                "cộng 63 tỉnh 241.017,5 = cộng 34 tỉnh 241.017,5 = cả nước 241.017,5",
                "12–15",
                "Quảng Trị (2025)",
                "xltrack validate",
                "XLT-1322_T34-52",
            ),
        ),
        ("en", ("MADE-UP", "33 provincial returns", "national 1,890", "Quang Tri (2025)", "xltrack merge")),
    ],
)
def test_the_story_is_short_and_names_what_counts(quick, lang, phrases):
    story = quick.story(lang)
    assert len(story.splitlines()) <= 16
    assert [phrase for phrase in phrases if phrase not in story] == []


def copied(outcome, place):
    """Return `outcome` as it would stand in another `place`, with all its files there."""
    here = Path(shutil.copytree(outcome.directory, place))
    written = tuple(
        replace(work, path=here / work.path.relative_to(outcome.directory)) for work in outcome.written
    )
    files = tuple(
        replace(file, path=here / file.path.relative_to(outcome.directory)) for file in outcome.files
    )
    return replace(outcome, directory=here, written=written, files=files)


def spare_all_but_a_few(outcome, typed):
    """Take away most of the workbooks that are to be merged once more: it is the words that are tried."""
    named = " ".join(word for words in typed for word in words)
    for work in outcome.written[8:]:
        if work.path.name not in named:
            work.path.unlink()


def test_what_the_story_says_to_try_next_can_be_typed(quick, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    again = copied(quick, tmp_path / "thu")
    typed = [line.split() for line in again.story("vi").splitlines() if line.startswith("  xltrack ")]
    spare_all_but_a_few(again, typed)
    codes = {words[1]: CliRunner().invoke(cli, words[1:]).exit_code for words in typed}
    assert codes == {"validate": 1, "merge": 1, "report": 0, "template": 0}
    assert {path.name for path in tmp_path.iterdir()} == {"thu", "XLT-1322_T34-44_Quang-Tri_2026_nam.xlsx"}


def test_a_folder_with_files_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "goi-ve").mkdir()
    (tmp_path / "goi-ve" / "bao-cao.txt").write_text("của tôi", encoding="utf-8")
    with pytest.raises(OutputError):
        run_demo(tmp_path, quick=True)
    assert [path.name for path in tmp_path.rglob("*")] == ["goi-ve", "bao-cao.txt"]


# The whole programme: of five years those workbooks that are special in any way, of all others the rows alone

SPECIAL = {*REFUSED, *FORGOTTEN, *ESTIMATED, *DOUBTED, *LATE}
ORDINARY = {
    ("T63-01", 2021),
    ("T63-31", 2022),
    ("T63-79", 2023),
    ("T63-24", 2024),
    ("T34-24", 2025),
    ("T34-31", 2025),
}
"""Some of the others, among them those whose amounts are in thousands of đồng and in đồng."""


def plain(sending):
    """Return what a workbook says, without the workbook."""
    content = sending.content
    rows = {sheet: rows for sheet, rows in content.rows.items() if sheet != FORM.cover.id}
    return submission(
        content.unit.code, rows, round_=content.round, card=content.cover, received=received(sending.day)
    )


def workbooks(folder):
    """Return the bytes of every workbook below `folder`, by its place there."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.xlsx")}


def run_of(monkeypatch, folder, occasions, **options):
    """Run the demo with those `occasions` alone."""
    monkeypatch.setattr(
        writing, "occasions_of", lambda round_, _: [about for about in occasions if about.round == round_]
    )
    return run_demo(folder, **options)


def test_five_years_replace_what_was_there_and_give_the_published_totals(
    occasions, programme, tmp_path, monkeypatch
):
    chosen = [about for about in occasions if (about.unit.code, about.year) in SPECIAL | ORDINARY]
    place, steps = tmp_path / "goi-ve", []
    run_of(monkeypatch, tmp_path, chosen[-2:], quick=True)
    before = workbooks(place)
    (place / "them.xlsx").write_bytes(b"left by the first run")
    done = run_of(
        monkeypatch, tmp_path, chosen, watch=lambda stage, *counts: steps.append((stage, *counts[:2]))
    )
    after = workbooks(place)
    assert {path: after[path] for path in before} == before, "the same bytes every time"
    assert len(after) == len(done.files) == len(chosen) + len(REFUSED) + len(FORGOTTEN) + len(ESTIMATED)
    assert {("template", len(chosen), len(chosen)), ("validate", len(after), len(after))} <= set(steps)
    assert {(file.unit, int(file.round[:4])) for file in done.refused} == set(REFUSED)
    rest = [sendings_of(about, programme) for about in occasions if about not in chosen]
    assert len(rest) + len(chosen) == 285
    known = next(about for about in chosen if (about.unit.code, about.year) == ("T63-79", 2023))
    with open_store(tmp_path / "national.duckdb", SCHEMAS) as store:
        merge_workbooks(store, [plain(sending) for (sending,) in rest])
        (sending,) = sendings_of(known, programme)
        (again,) = merge_workbooks(store, [plain(replace(sending, day=date(2024, 1, 1)))])
        assert again.reason == "same_content", "the rows say what the workbook says"
        whole = replace(done, rollup=roll_up(store, SCHEMAS, "annual"))
    assert whole.rollup.figure("enterprises_supported", "2021-2025") == 6428
    assert whole.rollup.figure("pilot_models", "2021-2025") == 102
    for year, count in scale.SUPPORTED.items():
        assert whole.rollup.figure("enterprises_supported", str(year)) == count
        assert whole.reconciled("enterprises_supported", str(year))[2] == count
    assert whole.missing == [(2025, "T34-44")]
    assert "6.428 doanh nghiệp, 102 mô hình điểm" in whole.story("vi")
