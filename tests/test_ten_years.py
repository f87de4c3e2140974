"""Ten years of 63 provinces in one store: figures, traces and views agree, on a hundredth of the benchmark's rows."""

from typing import Any

import pytest

from benchmarks import ten_years
from tests.store_samples import SCHEMAS
from xltrack.rollup import roll_up
from xltrack.rollup.trace import trace
from xltrack.store import open_store
from xltrack.store.links import strayed_links
from xltrack.store.schema import present_columns


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("ten_years") / "ten_years.duckdb"
    ten_years.make_store(path, SCHEMAS, ten_years.ROWS // 100)
    with open_store(path, SCHEMAS, read_only=True) as opened:
        yield opened


def test_ten_years_are_reconciled_and_every_figure_of_the_benchmark_can_be_traced(store):
    rollup = roll_up(store, SCHEMAS)
    assert {"2021", "2030", "2021-2025", "2026-2030", "2021-2030"} <= set(rollup.figures["period"])
    for figure in ten_years.FIGURES:
        found = trace(store, SCHEMAS, figure)
        cut: Any = {"unit_code": figure.unit_code, "view": figure.view, **figure.cut}
        assert found.value == rollup.figure(figure.measure, figure.period, **cut) > 0


def test_what_a_merge_looks_up_in_all_years_is_kept_unpacked(store):
    kept = (
        "SELECT DISTINCT column_name FROM pragma_storage_info('{}') "
        "WHERE compression = 'Uncompressed' AND segment_type = 'VARCHAR' ORDER BY ALL"
    )
    assert [store.rows(kept.format(sheet)) for sheet in ("enterprises", "applications")] == [
        [("tax_code",)],
        [("tax_code",)],
    ]


def test_its_rows_stand_beside_references_as_a_merge_would_write_them(store):
    assert list(strayed_links(store.connection, store.sheets, present_columns(store.connection))) == []
    linked = "SELECT count(_tax_code_row), count(*) FROM applications"
    ((found, rows),) = store.rows(linked)
    assert found == rows > 0
