"""The SQL of the measures is that of two engines: Spark counts over an export what DuckDB counts, to the đồng."""

import json
import re
from collections import Counter
from dataclasses import asdict

import pytest

from tests.rollup_stores import store_of
from tests.store_samples import SCHEMAS
from xltrack.demo import run_demo
from xltrack.errors import StoreError
from xltrack.pipeline import count_with_spark, export
from xltrack.rollup.definitions import groups, statement
from xltrack.rollup.figures import make_figures
from xltrack.rollup.grain import GRAINS, condensed, grains
from xltrack.store import open_store
from xltrack.store.backup import Manifest
from xltrack.store.schema import STORE_VERSION

ONLY_DUCKDB = re.compile(
    r"\b(EXCLUDE|REPLACE \(|QUALIFY|VARCHAR|HUGEINT|BY NAME|unnest|range|list|struct_pack|MACRO|ENUM)\b|::|\[",
    re.IGNORECASE,
)
ROWS = {
    "returns": """
    unit   | year | kind       | number | figures  | received
    T63-24 | 2023 | full       | 1      | actual   | 2023-11-01T00:00:00
    T63-24 | 2024 | full       | 1      | actual   | 2024-11-01T00:00:00
    T63-24 | 2024 | correction | 2      | actual   | 2024-11-02T00:00:00
    T63-27 | 2024 | full       | 1      | actual   | 2024-11-01T00:00:00
    T63-27 | 2024 | full       | 2      | actual   | 2024-11-04T00:00:00
    T34-24 | 2025 | full       | 1      | estimate | 2025-11-01T00:00:00
    BO-CT  | 2025 | full       | 1      | actual   | 2025-11-01T00:00:00
    """,
    "enterprises": """
    unit   | year |kind |number| tax_code | legal_form | former_province_code | declared_size|vsic_version| vsic_code
    T63-24 | 2023 |full |1     | A        | enterprise  | .                    | small         | 2018         | 1020
    T34-24 | 2025 |full |1     | A        | cooperative | T63-27               | medium        | 2025         | 1020
    T34-24 | 2025 |full |1     | B        | enterprise  | .                    | .             | .            | .
    T34-24 | 2025 |full |1     | B        | enterprise  | T63-24               | micro         | .            | .
    """,
    "applications": """
    unit | year | kind | number | application_id | tax_code | status | pilot_model | certificate_no | issued_on
    T63-24 | 2023 | full | 1 | HT1 | A | completed | yes | . | 2023-05-01
    T63-24 | 2024 | full | 1 | HT1 | A | completed | yes | C1 | 2024-05-01
    T63-24 | 2024 | full       | 1      | HT2            | B        | planned   | .           | .              | .
    T63-24 | 2024 | full       | 1      | HT3            | D        | doing     | .           | .              | .
    T63-24 | 2024 | correction | 2      | HT3            | D        | stopped   | .           | .              | .
    T63-24 | 2024 | correction | 2      | HT4            | H        | doing     | yes         | .              | .
    T63-27 | 2024 | full       | 1      | HT1            | C        | doing     | .           | .              | .
    T63-27 | 2024 | full       | 2      | HT1            | A        | doing     | .           | .              | .
    T34-24 | 2025 | full | 1 | HT1 | A | completed | . | C1 | 2024-05-01
    T34-24 | 2025 | full       | 1      | HT1            | B        | completed | .           | C2             | .
    BO-CT  | 2025 | full       | 1      | HT1            | A1       | doing     | .           | .              | .
    """,
    "funding": """
    unit | year | kind | number | of | subject_kind | subject_id | source | amount | figure_kind
    T63-24 | 2024 | full | 1 | 2024 | application | HT1 | central_budget | 9_007_199_254_740_993 | disbursed
    T63-24 | 2024 | full | 1 | 2023 | other | . | local_budget | 7 | disbursed
    T63-27 | 2024 | full | 2      | 2024 | application  | HT1        | enterprise     | 1                     | settled
    T34-24 | 2025 | full | 1 | 2025 | application | HT1 | local_budget | 300 | disbursed
    """,
    "tasks": """
    unit   | year | kind | number | task_id | task_group | budget_state
    T34-24 | 2025 | full | 1      | NV1     | .          | 5_000_000
    """,
    "obstacles": """
    unit   | year | kind | number | category | status
    T63-24 | 2024 | full | 1      | funding  | .
    """,
}


@pytest.mark.parametrize("name", [*GRAINS, *(group.file for group in groups())])
def test_the_sql_has_no_words_that_one_engine_alone_knows(name):
    for line in (condensed(name) if name in GRAINS else statement("measures", name)).splitlines():
        assert not ONLY_DUCKDB.search(line.partition("--")[0]), line


@pytest.fixture(scope="module")
def session():
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.memory": "2g"}
    builder = SparkSession.builder.master("local[2]").config(map=settings)
    session = builder.getOrCreate()
    yield session
    session.stop()


def by_hand(folder):
    return store_of(folder / "national.duckdb", **ROWS)


def demonstration(folder):
    return run_demo(folder / "thu", quick=True).directory / "national.duckdb"


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("said", "told"), [({"store_version": "0"}, "version 0"), ({}, "made with other schemas")]
)
def test_an_export_of_another_version_or_with_other_schemas_is_refused(session, tmp_path, said, told):
    manifest = Manifest(STORE_VERSION, "", "", "", 0, "", {})
    (tmp_path / "manifest.json").write_text(json.dumps(asdict(manifest) | said), encoding="utf-8")
    with pytest.raises(StoreError, match=told):
        count_with_spark(session, tmp_path)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("made", [by_hand, demonstration])
def test_spark_counts_over_an_export_what_duckdb_counts(session, tmp_path, made):
    path = made(tmp_path)
    export(path, tmp_path / "sao-luu")
    counted = count_with_spark(session, tmp_path / "sao-luu")
    with open_store(path, SCHEMAS, read_only=True) as store, grains(store, SCHEMAS, "annual"):
        figures = make_figures(store)
    by_spark = [tuple(row) for row in counted.select(figures.columns).collect()]
    assert Counter(by_spark) == Counter(figures.rows())
    assert len(by_spark) > 500
