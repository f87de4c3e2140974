"""What two ways of counting do not agree on is refused, and the largest sums are exact."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rollup_stores import BOTH, rollup_of, store_of, units_of
from tests.store_samples import SCHEMAS
from xltrack.errors import ProgramError, StoreError
from xltrack.rollup import roll_up
from xltrack.rollup.definitions import groups, statement
from xltrack.rollup.grain import asked
from xltrack.rollup.reconcile import count_apart, reconcile
from xltrack.store import open_store

pytestmark = pytest.mark.slow


@pytest.fixture
def path(tmp_path):
    return tmp_path / "national.duckdb"


def test_figures_that_do_not_agree_are_refused_by_name(path):
    store_of(
        path,
        BOTH,
        funding="""
        unit   | year | of   | amount
        T63-24 | 2024 | 2024 | 100
        """,
    )
    with open_store(path, SCHEMAS, read_only=True) as store:
        figures = roll_up(store, SCHEMAS).figures
        wrong = figures.with_columns(
            pl.when(pl.col("unit_code") == "T34-24")
            .then(pl.col("value") + 1)
            .otherwise(pl.col("value"))
            .alias("value")
        )
        with asked(store, SCHEMAS, "annual"):
            apart = count_apart(store)
    with pytest.raises(ProgramError, match="funding"):
        reconcile(wrong, apart)


CORRECTED = {
    "returns": """
    unit   | year | kind       | number | received
    T63-24 | 2024 | full       | 1      | 2024-11-01T00:00:00
    T63-24 | 2024 | correction | 2      | 2024-11-02T00:00:00
    T63-24 | 2024 | correction | 3      | 2024-11-03T00:00:00
    T63-27 | 2024 | full       | 1      | 2024-11-01T00:00:00
    T63-27 | 2024 | full       | 2      | 2024-11-04T00:00:00
    """,
    "applications": """
    unit   | year | kind       | number | application_id | tax_code | status
    T63-24 | 2024 | full       | 1      | HT1            | A        | completed
    T63-24 | 2024 | full       | 1      | HT2            | B        | planned
    T63-24 | 2024 | full       | 1      | HT3            | D        | doing
    T63-24 | 2024 | correction | 2      | HT3            | D        | stopped
    T63-24 | 2024 | correction | 3      | HT4            | E        | doing
    T63-27 | 2024 | full       | 1      | HT1            | C        | doing
    T63-27 | 2024 | full       | 2      | HT1            | A        | doing
    """,
    "funding": """
    unit   | year | kind       | number | of   | source         | amount
    T63-24 | 2024 | full       | 1      | 2024 | local_budget   | 100
    T63-24 | 2024 | full       | 1      | 2024 | central_budget | 30
    T63-24 | 2024 | full       | 1      | 2023 | enterprise     | 5
    T63-24 | 2024 | correction | 2      | 2024 | local_budget   | 110
    T63-24 | 2024 | correction | 3      | 2024 | local_budget   | 120
    T63-27 | 2024 | full       | 1      | 2024 | local_budget   | 7000
    T63-27 | 2024 | full       | 2      | 2024 | enterprise     | 4
    """,
}


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """Return a store with corrections, which nobody writes to."""
    return store_of(tmp_path_factory.mktemp("corrected") / "national.duckdb", **CORRECTED)


def test_corrections_are_chosen_by_two_statements_that_agree(corrected):
    with open_store(corrected, SCHEMAS, read_only=True) as store:
        rollup = roll_up(store, SCHEMAS)
    assert rollup.figure("funding", "2024", funding_kind="disbursed") == 120 + 30 + 4
    assert rollup.figure("funding_state", "2024", funding_kind="disbursed") == 150
    assert rollup.figure("enterprises_supported", "2024") == 2, "A in both provinces, E"
    assert rollup.figure("applications", "2024") == 5
    apart = rollup.reconciliation.filter(period="2024", view="63")
    found = {r["measure"]: (r["counted_apart"], r["submitted"]) for r in apart.to_dicts()}
    assert found == {
        "applications": (5, None), "enterprises_supported": (2, None), "funding": (154, 154),
        "funding_state": (150, 150),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("grain", "written", "instead", "measure"),
    [
        (
            "applied",
            "IN ('doing', 'completed')",
            "IN ('doing', 'completed', 'planned')",
            "enterprises_supported",
        ),
        ("applied", "<= r.last_day\n", "< r.first_day\n", "enterprises_supported"),
        (
            "enterprise",
            "coalesce(x.successor, e.tax_code)",
            "substr(e.tax_code, 1, 3)",
            "enterprises_supported",
        ),
        (
            "applied",
            "\nJOIN rollup_file",
            "\nJOIN rollup_vsic AS x ON FALSE JOIN rollup_file",
            "applications",
        ),
        ("place", "WHEN '63' THEN u.code", "WHEN '63' THEN 'T63-24'", "enterprises_supported"),
        ("spent", "JOIN rollup_file", "JOIN rollup_vsic AS x ON FALSE JOIN rollup_file", "funding"),
        ("spent", "f.amount,", "f.amount + 1 AS amount,", "funding"),
        ("spent", "BETWEEN f.first_year AND", "BETWEEN f.first_year - 1 AND", "funding"),
        ("budget", "source, state", "source, TRUE AS state", "funding_state"),
    ],
)
def test_a_grain_that_counts_wrongly_gives_no_figures(
    corrected, monkeypatch, grain, written, instead, measure
):
    def mutated(folder, name):
        text = statement(folder, name)
        if (folder, name) != ("grains", grain):
            return text
        assert written in text
        return text.replace(written, instead)

    with open_store(corrected, SCHEMAS, read_only=True) as store:
        monkeypatch.setattr("xltrack.rollup.grain.statement", mutated)
        with pytest.raises(ProgramError, match=measure):
            roll_up(store, SCHEMAS)


@pytest.mark.parametrize(
    ("sheet", "lost", "measure"),
    [
        ("funding", "amount = 30", "funding"),
        ("funding", "TRUE", "funding"),
        ("funding", "amount = 120", "funding"),
        ("applications", "application_id = 'HT4'", "applications"),
        ("applications", "application_id = 'HT2'", "applications"),
    ],
)
def test_a_view_of_the_store_that_loses_rows_gives_no_figures(corrected, sheet, lost, measure):
    with open_store(corrected, SCHEMAS, read_only=True) as store:
        store.connection.execute(
            f"CREATE TEMP TABLE kept AS SELECT * FROM current_{sheet} WHERE NOT ({lost})"
        )
        store.connection.execute(f"CREATE OR REPLACE TEMP VIEW current_{sheet} AS SELECT * FROM kept")
        with pytest.raises(ProgramError, match=measure):
            roll_up(store, SCHEMAS)


def test_no_cut_is_left_out_where_dimensions_are_added_up_together():
    """A cut that stands in none of the sets would have no figures, and no total would miss it."""
    for group in (group for group in groups() if group.together):
        for cut in (*group.cuts, *group.nation_cuts):
            assert any(set(cut) <= set(names) for names in group.together), (group.file, cut)
        every = [name for names in group.together for name in names]
        assert all(every.count(names[0]) == 1 for names in group.together), group.file


def test_sums_beyond_64_bits_are_exact(path):
    most = 2**63 - 1
    rollup = rollup_of(
        path,
        BOTH,
        funding=f"""
        unit   | year | of   | source       | amount
        T63-24 | 2024 | 2024 | local_budget | {most}
        T63-27 | 2024 | 2024 | local_budget | {most}
        T63-24 | 2024 | 2023 | local_budget | {most}
        T63-24 | 2024 | 2023 | local_budget | {most}
        """,
    )
    assert rollup.figure("funding", "2024", funding_kind="disbursed") == 2 * most
    assert rollup.figure("funding_state", "2021-2025", funding_kind="disbursed") == 2 * most
    assert units_of(rollup, "funding", "2024", "34", funding_kind="disbursed") == {"T34-24": 2 * most}
    assert rollup.restatements["restated"].to_list() == [2 * most]
    assert set(rollup.reconciliation["submitted"].drop_nulls()) == {2 * most}


def test_a_unit_that_the_schemas_lack_is_named_and_no_row_is_dropped(path):
    store_of(path, BOTH)
    with open_store(path, SCHEMAS, read_only=True) as store:
        store.connection.execute("DELETE FROM unit WHERE code = 'T63-27'")
        with pytest.raises(StoreError, match="T63-27"):
            roll_up(store, SCHEMAS)


def test_the_temporary_tables_are_gone_afterwards(path):
    store_of(path, BOTH)
    with open_store(path, SCHEMAS, read_only=True) as store:
        roll_up(store, SCHEMAS)
        left = store.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'rollup%'")
    assert left == []


SOURCES = st.sampled_from(["central_budget", "local_budget", "enterprise", "other"])
LINES = st.lists(
    st.tuples(
        st.sampled_from(["T34-24", "T34-01", "BO-CT"]),
        SOURCES,
        st.integers(0, 10**15),
        st.sampled_from("ABC"),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=6)
@given(LINES)
def test_money_and_enterprises_agree_in_both_views_whatever_was_reported(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("property") / "national.duckdb"
    numbered = list(enumerate(lines))
    money = [
        f"{unit} | 2026 | 2026 | {source} | application | HT{n} | {amount}"
        for n, (unit, source, amount, _) in numbered
    ]
    use = [f"{unit} | 2026 | HT{n} | {letter}" for n, (unit, _, _, letter) in numbered]
    rollup = rollup_of(
        path,
        "unit | year\nT34-24 | 2026\nT34-01 | 2026\nBO-CT | 2026",
        enterprises="""
        unit   | year | tax_code | former_province_code
        T34-24 | 2026 | A        | T63-24
        T34-24 | 2026 | B        | T63-27
        """,
        applications="\n".join(["unit | year | application_id | tax_code", *use]),
        funding="\n".join(["unit | year | of | source | subject_kind | subject_id | amount", *money]),
    )
    whole = sum(amount for _, _, amount, _ in lines)
    for view in ("63", "34"):
        assert sum(units_of(rollup, "funding", "2026", view, funding_kind="disbursed").values()) == whole
    assert rollup.figure("funding", "2026", funding_kind="disbursed") == whole
    assert rollup.figure("enterprises_supported", "2026") == len({letter for *_, letter in lines})
