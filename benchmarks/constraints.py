"""The constraints of the schema: no row passes that jsonschema rejects, and how many rows a second that takes.

The verdicts are compared on random rows under random schemas, those of the test suite; the speed is that of the form's
own schema on a round already read.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from benchmarks.workbooks import Order, make_round
from tests.test_constraints import SCHEMA, TYPES, by_jsonschema, by_screen, rows_of
from xltrack.checking.constraints import check_constraints
from xltrack.checking.prescreen import parts
from xltrack.checking.questions import answers
from xltrack.checking.rows import Rows, gather
from xltrack.forms import load_schemas
from xltrack.intake import inspect_file
from xltrack.reading import Workbook, read_workbook

SCHEMAS = 2_000
_LISTS = 20  # each of one to six rows
COPIES = 20
GOAL = 400_000
WRONG_EVERY = 50
_COMPARED = 13_300


def report(schemas: int = SCHEMAS, copies: int = COPIES) -> Iterator[str]:
    """Yield the lines of the report; raises AssertionError at the first row whose verdicts differ."""
    rows, rejected = _compared(schemas)
    yield (
        f"\n{rows:,} random rows under {schemas:,} random schemas: {rejected:,} rejected by jsonschema, "
        "each by the quick way too, with the same errors, and no other.\n"
    )
    workbook = _workbook()
    yield "| rows of the form | rows | findings | seconds | rows a second |"
    yield "|---|--:|--:|--:|--:|"
    speeds = []
    for name, batch in {"right": workbook, f"one in {WRONG_EVERY} wrong": _spoilt(workbook)}.items():
        sheets = list(gather([batch] * copies).values())
        count = sum(sheet.frame.height for sheet in sheets)
        found, seconds = _checked(sheets)
        speeds.append(count / seconds)
        yield f"| {name} | {count:,} | {found:,} | {seconds:.2f} | {count / seconds:,.0f} |"
    some, seconds = _by_jsonschema(workbook)
    yield f"| right, by jsonschema alone | {some:,} | 0 | {seconds:.2f} | {some / seconds:,.0f} |"
    verdict = "reached" if min(speeds) >= GOAL else "not reached"
    yield f"\nGoal: {GOAL:,} rows a second: {verdict}; {speeds[0] * seconds / some:,.0f} × jsonschema alone."


def _compared(schemas: int) -> tuple[int, int]:
    """Return how many rows were compared, and how many jsonschema rejected."""
    counts = {"rows": 0, "rejected": 0}
    rows_given = st.lists(rows_of(TYPES), min_size=_LISTS, max_size=_LISTS)

    @settings(
        max_examples=schemas,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(schema=SCHEMA, lists=rows_given)
    def compare(schema: dict[str, object], lists: list[list[dict[str, object]]]) -> None:
        rows = [row for some in lists for row in some]
        expected = dict(by_jsonschema(schema, rows))
        assert by_screen(parts(schema, TYPES), rows, TYPES) == expected, (schema, rows)
        counts["rows"] += len(rows)
        counts["rejected"] += len(expected)

    compare()
    return counts["rows"], counts["rejected"]


def _workbook() -> Workbook:
    return read_workbook(inspect_file(make_round(Order(1, 3_325 * 4)).paths[0]), load_schemas())


def _spoilt(workbook: Workbook) -> Workbook:
    """Return the workbook with tax code and number of workers wrong in every fiftieth row, each in its own way."""
    table = workbook.tables["enterprises"]
    wrong = pl.col("_row") % WRONG_EVERY == 0
    frame = table.frame.with_columns(
        tax_code=pl.when(wrong).then("A" + pl.col("_row").cast(pl.String)).otherwise(pl.col("tax_code")),
        insured_workers=pl.when(wrong)
        .then(-pl.col("_row").cast(pl.Int64))
        .otherwise(pl.col("insured_workers")),
    )
    return replace(workbook, tables={**workbook.tables, "enterprises": replace(table, frame=frame)})


def _checked(sheets: Sequence[Rows]) -> tuple[int, float]:
    schemas, begun = load_schemas(), time.perf_counter()
    found = sum(1 for rows in sheets for _ in answers(rows, check_constraints(rows, schemas)))
    return found, time.perf_counter() - begun


def _by_jsonschema(workbook: Workbook) -> tuple[int, float]:
    """Return how many rows jsonschema alone looked at, all of them right, and in how many seconds."""
    table = workbook.tables["enterprises"]
    validator = Draft202012Validator(table.sheet.row_schema)
    rows = [
        {name: value for name, value in row.items() if value is not None}
        for row in islice(table.frame.drop("_row").iter_rows(named=True), _COMPARED)
    ]
    begun = time.perf_counter()
    assert all(validator.is_valid(row) for row in rows)
    return len(rows), time.perf_counter() - begun
