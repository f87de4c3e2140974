"""Figures are the same whether a row knows the row that it points to, or that one is found by its text."""

import duckdb
import pytest

from tests.rollup_stores import ALWAYS, TAX_CODES, store_of
from tests.store_samples import SCHEMAS, Rows, submission
from xltrack.rollup import roll_up
from xltrack.store import merge_workbooks, open_store

pytestmark = pytest.mark.slow

SENT = {
    "returns": """
    unit   | year | kind       | number
    T63-24 | 2024 | full       | 1
    T63-27 | 2024 | full       | 1
    T63-27 | 2024 | correction | 2
    """,
    "enterprises": """
    unit   | year | kind       | number | tax_code | declared_size
    T63-24 | 2024 | full       | 1      | A        | small
    T63-24 | 2024 | full       | 1      | B        | micro
    T63-27 | 2024 | full       | 1      | C        | small
    T63-27 | 2024 | full       | 1      | D        | small
    T63-27 | 2024 | correction | 2      | D        | medium
    """,
    "applications": """
    unit   | year | kind       | number | application_id | tax_code | tool_code
    T63-24 | 2024 | full       | 1      | HT1            | A        | 5S
    T63-24 | 2024 | full       | 1      | HT2            | B        | KPI
    T63-27 | 2024 | full       | 1      | HT1            | C        | 5S
    T63-27 | 2024 | full       | 1      | HT2            | D        | KPI
    """,
    "tasks": """
    unit   | year | kind | number | task_id | task_group
    T63-24 | 2024 | full | 1      | NV1     | N2
    T63-27 | 2024 | full | 1      | NV1     | N3
    """,
    "funding": """
    unit   | year | kind       | number | of   | subject_kind | subject_id | amount
    T63-24 | 2024 | full       | 1      | 2024 | application  | HT1        | 1
    T63-24 | 2024 | full       | 1      | 2024 | application  | HT2        | 20
    T63-24 | 2024 | full       | 1      | 2024 | task         | NV1        | 300
    T63-24 | 2024 | full       | 1      | 2023 | application  | HT1        | 5
    T63-24 | 2024 | full       | 1      | 2024 | other        | .          | 4_000
    T63-27 | 2024 | full       | 1      | 2024 | application  | HT1        | 50_000
    T63-27 | 2024 | full       | 1      | 2024 | task         | NV1        | 600_000
    T63-27 | 2024 | correction | 2      | 2024 | application  | HT2        | 7_000_000
    """,
}
"""A return alone, whose rows know what they point to, and one with a correction, in which they do not."""


@pytest.fixture
def path(tmp_path):
    return store_of(tmp_path / "national.duckdb", **SENT)


def rolled_up(path):
    with open_store(path, SCHEMAS, read_only=True) as store:
        return roll_up(store, SCHEMAS)


def funding(rollup, **cut):
    return rollup.figure("funding", "2024", funding_kind="disbursed", **cut)


def test_money_stands_with_its_application_and_task_in_its_own_file_and_in_another(path):
    rollup = rolled_up(path)
    assert [funding(rollup, tool=tool) for tool in ("5S", "KPI")] == [50_001, 7_000_020]
    assert [funding(rollup, size=size) for size in ("micro", "small", "medium")] == [20, 50_001, 7_000_000]
    assert [funding(rollup, task_group=group) for group in ("N2", "N3")] == [300, 600_000]
    assert rollup.figure("enterprises_supported", "2024", size="small") == 2
    assert rollup.figure("enterprises_supported", "2024", size="medium") == 1, "as corrected"


def test_an_application_finds_its_enterprise_in_another_part_of_the_return(tmp_path):
    whose = {"tax_code": TAX_CODES["A"]}
    parts: tuple[Rows, ...] = (
        {"enterprises": [ALWAYS["enterprises"] | whose | {"declared_size": "small"}]},
        {"applications": [ALWAYS["applications"] | whose | {"application_id": "HT1"}]},
        {
            "funding": [
                ALWAYS["funding"]
                | {"subject_kind": "application", "subject_id": "HT1", "year": 2025, "amount": 9}
            ]
        },
    )
    path = tmp_path / "parts.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [submission("T34-24", rows, part=(n, 3)) for n, rows in enumerate(parts, 1)])
    rollup = rolled_up(path)
    assert rollup.figure("enterprises_supported", "2025", size="small") == 1
    assert rollup.figure("funding", "2025", funding_kind="disbursed", size="small") == 9


def test_a_store_whose_rows_know_nothing_gives_the_same_figures(path):
    known = rolled_up(path)
    with duckdb.connect(path) as connection:
        linked = connection.execute("SELECT count(_tax_code_row) FROM applications").fetchall()
        assert linked == [(4,)], "there is something to forget"
        connection.execute("UPDATE applications SET _tax_code_row = NULL")
        connection.execute("UPDATE funding SET _subject_id_row = NULL")
    assert rolled_up(path).figures.equals(known.figures)


@pytest.mark.parametrize(
    ("change", "measure", "cut", "value"),
    [
        (
            "UPDATE applications SET tool_code = 'OLD' WHERE tool_code = 'KPI'",
            "applications",
            {"tool": "OLD"},
            2,
        ),
        (
            "UPDATE applications SET tool_code = 'OLD' WHERE tool_code = 'KPI'",
            "funding",
            {"tool": "OLD"},
            7_000_020,
        ),
        ("UPDATE enterprises SET declared_size = 'old'", "enterprises_supported", {"size": "old"}, 4),
        ("UPDATE funding SET source = 'old' WHERE amount = 1", "funding", {"source": "old"}, 1),
        (
            "UPDATE funding SET source = 'old' WHERE amount = 5",
            "funding",
            {"source": "local_budget"},
            7_654_321,
        ),
    ],
)
def test_a_code_that_no_list_has_any_more_keeps_its_figures(path, change, measure, cut, value):
    with duckdb.connect(path) as connection:
        connection.execute(change)
    kind = {"funding_kind": "disbursed"} if measure == "funding" else {}
    assert rolled_up(path).figure(measure, "2024", **kind, **cut) == value
