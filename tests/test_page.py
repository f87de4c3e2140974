"""The page with the national figures: complete in itself, and every number on it one of the roll-up."""

import base64
import gzip
import hashlib
import html
import json
import re
import shlex
import subprocess
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import polars as pl
import pytest
from click.testing import CliRunner

from tests.javascript import AXE, ROOT, package
from tests.rollup_stores import store_of
from xltrack.cli.main import cli
from xltrack.documents.page import write_page
from xltrack.errors import UnknownName
from xltrack.forms import load_schemas
from xltrack.pipeline import write_report
from xltrack.rollup import DIMENSIONS, Rollup
from xltrack.rollup.compute import national
from xltrack.rollup.definitions import measures
from xltrack.rollup.figures import make_figures
from xltrack.rollup.lineage import make_lineage
from xltrack.rollup.trace import Figure
from xltrack.rollup.trace import trace as trace_figure
from xltrack.store import open_store

SCHEMAS = load_schemas()
CUTS = [name for name in DIMENSIONS if name != "funding_kind"]
WICKED = "<img src=x onerror=document.title='caught'><!--<script>.xlsx"
RETURNS = f"""
unit   | year | number | kind       | received         | figures  | name
T63-24 | 2024 | 1      | full       | 2024-11-20 03:00 | actual   | .
T63-27 | 2024 | 1      | full       | 2024-11-21 03:00 | actual   | .
T34-24 | 2025 | 1      | full       | 2025-11-20 03:00 | actual   | {WICKED}
T34-24 | 2025 | 2      | correction | 2025-12-10 03:00 | actual   | .
T34-01 | 2025 | 1      | full       | 2025-11-21 03:00 | estimate | lien he 0912345678.xlsx
BO-CT  | 2025 | 1      | full       | 2025-11-22 03:00 | actual   | .
"""
ROWS = {
    "enterprises": """
    unit|year|kind|number | tax_code | legal_form | vsic_version | vsic_code | declared_size | former_province_code
    T63-24 | 2024 | full | 1 | A | enterprise  | 2018 | 10 | small  | .
    T34-24 | 2025 | full | 1 | A | enterprise  | 2018 | 10 | medium | T63-24
    T34-24 | 2025 | full | 1 | B | enterprise  | 2018 | 25 | .      | T63-27
    T34-24 | 2025 | full | 1 | C | cooperative | .    | .  | .      | .
    """,
    "applications": """
    unit|year|kind|number | application_id | tax_code | tool_code | status | pilot_model | certificate_no | issued_on
    T63-24 | 2024 | full | 1 | HT1 | A | ISO-9001 | doing     | yes | GCN-1 | 2024-06-01
    T63-27 | 2024 | full | 1 | HT1 | B | 5S       | doing     | .   | .     | .
    T34-24 | 2025 | full | 1 | HT1 | A | ISO-9001 | completed | yes | GCN-1 | 2024-06-01
    T34-24 | 2025 | full | 1 | HT2 | A | 5S       | doing     | .   | .     | .
    T34-24 | 2025 | full | 1 | HT3 | B | 5S       | doing     | .   | .     | .
    T34-24 | 2025 | full | 1 | HT4 | C | 5S       | doing     | yes | .     | .
    T34-24 | 2025 | full | 1 | HT5 | H | 5S       | doing     | .   | .     | .
    T34-24 | 2025 | full | 1 | HT6 | D | 5S       | planned   | .   | .     | .
    T34-24 | 2025 | correction | 2 | HT3 | B | Lean | completed | yes | GCN-2 | 2025-10-01
    T34-01 | 2025 | full | 1 | HT1 | A | 5S       | doing     | .   | .     | .
    BO-CT  | 2025 | full | 1 | HT1 | E | KPI      | doing     | .   | .     | .
    """,
    "funding": """
    unit|year|kind|number | of   | source            | figure_kind | amount
    T63-24 | 2024 | full | 1 | 2024 | central_budget | disbursed   | 1_250_050_000
    T34-24 | 2025 | full | 1 | 2025 | local_budget   | disbursed   | 9_007_199_254_740_993
    T34-24 | 2025 | full | 1 | 2025 | enterprise     | disbursed   | 749_950_000
    T34-24 | 2025 | full | 1 | 2025 | local_budget   | allocated   | 40_000_000
    T34-24 | 2025 | full | 1 | 2024 | local_budget   | disbursed   | 7_000_000
    T34-01 | 2025 | full | 1 | 2025 | other          | disbursed   | 1_000_000
    """,
    "training": """
    unit|year|kind|number | course_id | start_date | participants | women | certified_experts
    T34-24 | 2025 | full | 1 | K1 | 2025-03-01 | 40 | 15 | 12
    T34-24 | 2025 | full | 1 | K2 | 2025-04-01 | 25 | .  | .
    """,
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return store_of(tmp_path_factory.mktemp("page") / "st.duckdb", RETURNS, **ROWS)


@pytest.fixture(scope="module")
def rollup(store) -> Rollup:
    with open_store(store, SCHEMAS, read_only=True) as opened, national(opened, SCHEMAS, "annual") as made:
        return replace(made, lineage=make_lineage(opened))


@pytest.fixture(scope="module")
def page(rollup, tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "bao-cao.html"
    write_page(rollup, SCHEMAS, path)
    return path


def part(page, name: str) -> str:
    found = re.search(rf'<script type="application/\w+" id="{name}">(.*?)</script>', page.read_text("utf-8"))
    assert found
    return found[1]


@pytest.fixture(scope="module")
def figures(rollup) -> dict[str, int]:
    """Return the figures of the roll-up by their names on the page: "measure|cut period kind view unit"."""
    cut = [pl.format(f"|{name}={{}}", pl.col(name)).fill_null("") for name in ("funding_kind", *CUTS)]
    key = pl.concat_str(pl.col("measure"), *cut)
    place = [pl.col(name).fill_null("") for name in ("period", "figures_kind", "view", "unit_code")]
    rows = rollup.figures.select(pl.concat_str(key, *place, separator=" ").alias("named"), "value")
    return dict(rows.rows())


def as_shown(named: str, value: int, lang: str = "vi") -> str:
    """Return how the page is to show a figure, made otherwise than by the page: đồng as millions."""
    if named.startswith(("funding", "task_budget")):
        text = f"{(Decimal(value) / 1_000_000).quantize(Decimal('0.1'), ROUND_HALF_UP):,}"
    else:
        text = f"{value:,}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


# The file


def test_what_senders_wrote_is_data_in_the_page_and_never_markup(page):
    told = json.loads(gzip.decompress(base64.b64decode(part(page, "lineage"))))
    assert WICKED in [name for _, _, name, *_ in told["files"]]
    text = page.read_text("utf-8")
    assert "onerror" not in text
    assert text.count("</script>") == len(re.findall("<script[ >]", text)) == 4


def test_no_text_in_the_facts_can_end_their_element(rollup, tmp_path):
    wicked = rollup.units.with_columns(unit_name=pl.lit("<!--</script>&\u2028"))
    write_page(replace(rollup, units=wicked), SCHEMAS, tmp_path / "a.html")
    facts = part(tmp_path / "a.html", "facts")
    assert not set(facts) & set("<>&\u2028")
    assert "<!--</script>&\u2028" in [unit[1] for unit in json.loads(facts)["provinces"]["34"]]


def test_the_policy_lets_run_what_is_in_the_page_and_lets_nothing_be_loaded(page):
    text = page.read_text("utf-8")
    policy = re.search('Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in html.unescape(policy[1]).split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy[1]
    for element, rule in (("script", "script-src"), ("style", "style-src")):
        for content in re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in rules[rule]
    outside_scripts = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"\b(src|href)=|url\(|@import", outside_scripts)


def test_the_same_figures_give_the_same_page(rollup, page, tmp_path):
    write_page(rollup, SCHEMAS, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


def test_no_tax_code_no_name_of_an_enterprise_and_no_number_of_a_person_is_in_the_page(page):
    told = part(page, "facts") + gzip.decompress(base64.b64decode(part(page, "lineage"))).decode()
    assert not re.search(r"0100233488|0314409058|012345678901|0912345678|Công ty Mẫu", told)


def test_a_report_is_written_as_its_ending_says(store, tmp_path):
    with pytest.raises(UnknownName, match=r"\.html"):
        write_report(store, tmp_path / "bao-cao.xyz")
    write_report(store, tmp_path / "bao-cao.html", lang="en")
    assert '<html lang="en">' in (tmp_path / "bao-cao.html").read_text("utf-8")


@pytest.mark.node
def test_the_library_of_the_charts_is_what_its_packages_give():
    script = ROOT / "scripts" / "charts.mjs"
    subprocess.run(["node", str(script), "--check"], check=True, cwd=ROOT, timeout=120)


# What figures are made of


def test_the_rows_behind_every_figure_are_those_that_a_trace_finds(store, rollup):
    total = rollup.figures.filter(
        (pl.col("period").str.len_chars() == 4)
        & (pl.col("unit_code") == "T34-24")
        & (pl.col("value") > 0)
        & pl.all_horizontal(pl.col(name).is_null() for name in CUTS)
    ).select("measure", "period", "figures_kind", "unit_code", "funding_kind")
    assert total.height > 20
    with open_store(store, SCHEMAS, read_only=True) as opened:
        for measure, period, kind, unit, funding in total.iter_rows():
            cut = {"funding_kind": funding} if funding else {}
            traced = trace_figure(opened, SCHEMAS, Figure(measure, period, kind, "34", unit, cut))
            cells = traced.rows.filter(pl.col("counts") != "0") if "counts" in traced.rows else traced.rows
            found = rollup.lineage.filter(
                (pl.col("measure") == measure)
                & (pl.col("figure_year") == int(period))
                & (pl.col("figures_kind") == kind)
                & (pl.col("unit34") == unit)
                & pl.col("tool").is_null()
                & pl.col("funding_kind").eq_missing(pl.lit(funding))
            )
            assert summed(found) == by_file(cells), (measure, period, unit)


def by_file(cells):
    """Return per file and sheet the first and the last row, and how many there are."""
    grouped = cells.group_by("file_name", "tab").agg(
        pl.col("row").min().alias("first"), pl.col("row").max().alias("last"), pl.len().alias("rows")
    )
    return sorted(grouped.rows())


def summed(lineage):
    grouped = lineage.group_by("file_name", "tab").agg(
        pl.col("first_row").min(), pl.col("last_row").max(), pl.col("rows").sum()
    )
    return sorted(grouped.rows())


def test_amounts_behind_a_sum_add_up_to_it(rollup):
    sums = rollup.lineage.filter(pl.col("tool").is_null() & pl.col("value").is_not_null())
    additive = set(measures().filter("additive")["id"])
    checked = 0
    for row in sums.group_by("measure", "figure_year", "figures_kind", "funding_kind").agg(
        pl.col("value").cast(pl.Int64).sum()
    ).to_dicts():  # fmt: skip
        assert row["measure"] in additive
        cut = {"funding_kind": row["funding_kind"]} if row["funding_kind"] else {}
        year, kind = str(row["figure_year"]), row["figures_kind"]
        assert rollup.figure(row["measure"], year, figures_kind=kind, **cut) == row["value"]
        checked += 1
    assert checked > 15


# In a browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def opened(browser, page):
    """Return the page on a wide screen, and what it asked for or complained of."""
    context = browser.new_context(viewport=WIDE)
    tab = context.new_page()
    heard: list[str] = []
    tab.on("request", lambda request: heard.append(request.url))
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.goto(page.as_uri())
    yield tab, heard
    context.close()


@pytest.fixture
def tab(opened):
    """Return the page as it is when it is opened."""
    found, _ = opened
    found.keyboard.press("Escape")
    found.click("#reset")
    found.click("#lang-vi")
    found.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false; })")
    return found


def figures_on(tab) -> list[tuple[str, str]]:
    return [tuple(one) for one in tab.eval_on_selector_all(
        "button.figure", "all => all.map(one => [one.dataset.figure, one.textContent])")]  # fmt: skip


def wrong(shown, figures, lang="vi"):
    """Return what is shown otherwise than the roll-up has it; what it does not have is 0."""
    return [one for one in shown if one[1] != as_shown(one[0], figures.get(one[0], 0), lang)]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("view", "units"), [("34", ("", "T34-24", "BO-CT")), ("63", ("T63-27", "CHUA-PHAN-BO"))]
)
def test_every_number_on_the_page_is_the_rollups_whatever_is_chosen(tab, figures, view, units):
    seen: dict[str, str] = {}
    tab.click(f"#view-{view}")
    periods = tab.eval_on_selector_all("#f-column option", "all => all.map(one => one.value)")
    for unit, tool in product(units, ("", "5S")):
        tab.select_option("#f-unit", unit)
        tab.select_option("#f-tool", tool)
        for period in periods:
            tab.select_option("#f-column", period)
            shown = figures_on(tab)
            assert wrong(shown, figures) == []
            seen |= dict(shown)
    assert len(seen) > 100
    if view == "34":
        assert seen["funding|funding_kind=disbursed 2025 actual 34 T34-24"] == "9.007.200.004,7"
        assert seen["funding|funding_kind=disbursed 2024 actual 34 T34-24"] == "1.250,1"


@pytest.mark.browser
def test_every_measure_can_be_looked_at_by_unit_on_tiles_and_in_the_list(tab, figures):
    options = tab.eval_on_selector_all("#f-measure option", "all => all.map(one => one.value)")
    assert len(options) >= 8
    for key in options:
        tab.select_option("#f-measure", key)
        listed = dict(figures_on(tab))
        assert wrong(listed.items(), figures) == []
        tiles = dict(tab.eval_on_selector_all(
            ".tile", "all => all.map(one => [one.dataset.value, one.querySelector('b').textContent])"))  # fmt: skip
        assert tiles[f"{key} T34-24"] == listed[f"{key} 2025 actual 34 T34-24"]
        assert tiles[f"{key} T34-79"] == "chưa báo cáo"


@pytest.mark.browser
def test_targets_headlines_and_plan_36_are_those_of_the_rollup(tab, rollup):
    for named, text in tab.eval_on_selector_all(
        "[data-target-value]", "all => all.map(one => [one.dataset.targetValue, one.textContent])"
    ):
        code, period = named.split(" ")
        values = rollup.national_targets.filter(indicator_code=code, period=period)["value"].drop_nulls()
        number = float(text.split(" ")[0].replace(".", "").replace(",", "."))
        assert number in [float(value) for value in values]
    for status, text in tab.eval_on_selector_all(
        "[data-stage]", "all => all.map(one => [one.dataset.stage, one.textContent])"
    ):
        counts = rollup.plan36_counts.filter(view="34", status=status)
        assert [int(text)] == counts["at_stage"].to_list()


@pytest.mark.browser
def test_a_figure_opens_by_keyboard_to_the_files_and_rows_it_is_made_of(tab):
    tab.select_option("#f-unit", "T34-24")
    tab.locator("#years summary").click()
    figure = tab.locator('#years button.figure[data-figure="applications 2025 actual 34 T34-24"]')
    figure.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("dialog[open] tbody tr")
    rows = tab.eval_on_selector_all(
        "dialog tbody tr", "all => all.map(row => [...row.children].map(cell => cell.textContent))"
    )
    assert WICKED in [row[2] for row in rows]
    assert sum(int(row[5]) for row in rows) == int(figure.text_content()) == 6
    assert {row[3] for row in rows} == {"AP_DUNG"}
    assert tab.text_content("dialog code") == "xltrack trace applications --year 2025 --unit T34-24"
    assert tab.title().startswith("Nâng cao năng suất")
    tab.keyboard.press("Escape")
    assert not tab.locator("dialog[open]").count()
    assert tab.evaluate("document.activeElement.dataset.figure") == "applications 2025 actual 34 T34-24"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("unit", "named"),
    [
        ("", "enterprises_supported|tool=5S 2025 actual 34 "),
        ("T34-24", "funding|funding_kind=disbursed 2025 actual 34 T34-24"),
        ("T34-01", "enterprises_supported 2025 estimate 34 T34-01"),
    ],
)
def test_the_command_below_a_figure_explains_it_cell_by_cell(tab, store, unit, named):
    tab.select_option("#f-unit", unit)
    tab.locator("#years summary").click()
    figure = tab.locator(f'button.figure[data-figure="{named}"]').first
    shown = figure.text_content()
    figure.click()
    tab.wait_for_selector("dialog[open] code")
    _, *words = shlex.split(tab.text_content("dialog code"))
    told = CliRunner().invoke(cli, [*words, "--store", str(store), "--format", "json"])
    assert told.exit_code == 0, told.output
    assert as_shown(named, json.loads(told.output)["figure"]["value"]) == shown


@pytest.mark.browser
@pytest.mark.parametrize("period", ["half", "five_year", "annual"])
def test_every_kind_of_round_has_a_page_even_without_returns(browser, tmp_path, period):
    sender, sent = ("T63-24", "half") if period == "half" else ("T34-24", "five_year")
    returns = f"unit|year|period|figures\n{sender}|2025|{sent}|estimate"
    rows = f"unit|year|application_id|tax_code|tool_code\n{sender}|2025|HT1|A|5S"
    write_report(store_of(tmp_path / "st", returns, applications=rows), tmp_path / "a.html", period=period)
    tab = browser.new_page()
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.goto((tmp_path / "a.html").as_uri())
    assert heard == []
    assert tab.locator("#targets").count() == 1
    assert tab.locator(".card .figure").count() == (0 if period == "annual" else 1)
    assert tab.locator("#units").count() == (0 if period == "annual" else 1)
    tab.close()


@pytest.mark.browser
def test_a_measure_that_does_not_reconcile_is_named_and_none_of_its_figures_shown(
    browser, store, tmp_path, monkeypatch
):
    def wrong(opened):
        is_there = (pl.col("measure") == "funding") & (pl.col("unit_code") == "T34-24")
        return make_figures(opened).with_columns(pl.col("value") + pl.when(is_there).then(1).otherwise(0))

    monkeypatch.setattr("xltrack.rollup.compute.make_figures", wrong)
    write_report(store, tmp_path / "a.html")
    tab = browser.new_page()
    heard: list[str] = []
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.goto((tmp_path / "a.html").as_uri())
    assert heard == []
    assert "Không in vì" in tab.locator(".coverage").first.inner_text()
    named = {name.partition("|")[0] for name, _ in figures_on(tab)}
    assert "funding" not in named
    assert "enterprises_supported" in named
    tab.close()


@pytest.mark.browser
def test_the_page_speaks_english_and_keeps_what_was_chosen(tab, figures):
    tab.select_option("#f-unit", "T34-24")
    tab.click("#lang-en")
    assert tab.evaluate("document.documentElement.lang") == "en"
    assert tab.text_content("#units-title") == "By unit"
    assert tab.input_value("#f-unit") == "T34-24"
    assert tab.get_attribute("#tile-T34-24", "aria-pressed") == "true"
    assert wrong(figures_on(tab), figures, "en") == []


@pytest.mark.browser
def test_coverage_and_the_moment_of_the_figures_stand_on_top(tab):
    header = tab.text_content("header")
    assert "10/12/2025 10:00" in header
    assert "tỉnh 2/34" in header
    assert "chưa có báo cáo nào được tính của các năm 2021–2023" in header
    assert "Cao Bằng" in header


@pytest.mark.browser
def test_estimates_are_marked_and_stand_in_columns_of_their_own(tab):
    heads = tab.eval_on_selector_all("#years thead th", "all => all.map(one => one.textContent)")
    assert "2025" in heads
    assert "2025 (ước)" in heads
    assert tab.locator("#chart-enterprises [stroke-dasharray]").count() == 1


@pytest.mark.browser
def test_nothing_overflows_on_a_phone_and_charts_follow_the_width(browser, page):
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(page.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert tab.locator("#chart-funding svg").bounding_box()["width"] <= PHONE["width"]
    assert tab.evaluate("getComputedStyle(document.querySelector('.bar')).transitionDuration") == "0s"
    context.close()


@pytest.mark.browser
def test_print_says_what_was_chosen_in_place_of_the_filters(tab):
    tab.select_option("#f-unit", "T34-24")
    tab.emulate_media(media="print")
    assert not tab.is_visible(".filters")
    assert "Bắc Ninh" in tab.inner_text(".printed")
    tab.emulate_media(media="screen")


@pytest.mark.browser
@pytest.mark.node
def test_everybody_can_use_it_as_far_as_a_program_can_tell(opened, tab):
    # The policy keeps scripts of others out of the page, so this one goes in through the browser itself.
    tab.evaluate((package(AXE) / "axe.min.js").read_text(encoding="utf-8"))
    tab.locator("#years summary").click()
    found = tab.evaluate("axe.run().then(told => told.violations.map(one => [one.id, one.nodes[0].html]))")
    assert found == []


@pytest.mark.browser
def test_nothing_is_asked_of_any_network_and_nothing_is_complained_of(opened, page, tab):
    _, heard = opened
    assert heard == [page.as_uri()]
