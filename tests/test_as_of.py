"""The store as it was known on a day: what was published then can be published again, whatever came later."""

from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.rollup_stores import store_of
from tests.store_samples import ANNUAL, SCHEMAS, day, submission
from xltrack.findings import Waiver
from xltrack.hanoi import HANOI, until
from xltrack.pipeline import roll_up, status
from xltrack.report.headlines import headlines
from xltrack.report.status import status_json, status_text
from xltrack.rollup import write_csv, write_json
from xltrack.rollup.export import stated
from xltrack.store import Meant, add_waiver, merge_workbooks, open_store, store_hash, waivers

RETURNS = """
unit   | year | number | kind       | received
T34-24 | 2025 | 1      | full       | 2025-11-20 03:00
T34-24 | 2025 | 2      | correction | 2025-12-10 03:00
T34-01 | 2025 | 1      | full       | 2025-12-31 16:59
T34-01 | 2025 | 2      | full       | 2026-01-12 03:00
"""
ROWS = {
    "applications": """
    unit   | year | kind       | number | application_id | tax_code
    T34-24 | 2025 | full       | 1      | HT1            | A
    T34-24 | 2025 | correction | 2      | HT2            | B
    T34-01 | 2025 | full       | 1      | HT1            | C
    T34-01 | 2025 | full       | 2      | HT1            | C
    T34-01 | 2025 | full       | 2      | HT2            | D
    T34-01 | 2025 | full       | 2      | HT3            | E
    """,
    "funding": """
    unit   | year | kind | number | of   | amount
    T34-01 | 2025 | full | 1      | 2025 | 100
    T34-01 | 2025 | full | 2      | 2025 | 250
    """,
}


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return store_of(tmp_path_factory.mktemp("as_of") / "national.duckdb", RETURNS, **ROWS)


@pytest.mark.parametrize(
    ("as_of", "enterprises", "money"),
    [
        (date(2025, 11, 30), 1, 0),
        (datetime(2025, 12, 31, 23, 58, tzinfo=HANOI), 2, 0),  # a minute before the last file came, in Hà Nội
        (date(2025, 12, 31), 3, 100),
        (None, 5, 250),
    ],
)
def test_figures_are_those_of_what_had_come(store, as_of, enterprises, money):
    rollup = roll_up(store, as_of=as_of)
    assert rollup.figure("enterprises_supported", "2025") == enterprises
    assert rollup.figure("funding", "2025", funding_kind="disbursed") == money
    assert rollup.as_of == (until(as_of) if as_of else None)


def test_what_was_published_in_december_is_the_same_in_january_after_corrections(tmp_path):
    december = [submission(received=day(20), rows={}), submission("T34-01", received=day(21))]
    january = [
        submission(number=2, received=datetime(2026, 1, 5, tzinfo=UTC), rows={}),
        submission("T34-01", number=2, kind="correction", received=datetime(2026, 1, 6, tzinfo=UTC)),
    ]
    path = tmp_path / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, december)
    published = roll_up(path)
    with open_store(path, SCHEMAS) as store:
        merge_workbooks(store, january)
    again = roll_up(path, as_of=date(2025, 12, 31))
    assert again.received_until == published.received_until
    assert all(again.frames[name].equals(frame) for name, frame in published.frames.items())


def test_a_file_without_an_arrival_is_known_from_its_merging(tmp_path):
    path = tmp_path / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [submission(received=None)])
    assert _state(path, date(2025, 12, 31)) == "missing"
    assert _state(path, datetime.now(UTC)) == "received"


def test_files_that_had_come_and_were_merged_later_are_told(store):
    rollup = roll_up(store, as_of=date(2025, 12, 15))
    assert rollup.merged_later == 2  # the store was made today
    said = headlines(rollup, "vi")
    assert "2 tệp nhận trước lúc đó nhưng hợp nhất sau" in said
    assert "Đơn vị, danh mục, chỉ tiêu: như hôm nay.\n" in said


def test_files_that_were_checked_with_other_lists_are_counted(tmp_path):
    path = tmp_path / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [submission(received=day(20)), submission("T34-01", received=day(21))])
        with store.transaction():
            store.rows("UPDATE submission SET schemas_version = 'x' WHERE unit_code = 'T34-01'")
    rollup = roll_up(path, as_of=date(2025, 12, 31))
    assert rollup.other_lists == 1
    assert "Đơn vị, danh mục, chỉ tiêu: như hôm nay; 1 tệp đã được kiểm tra theo bản khác." in headlines(
        rollup, "vi"
    )


def test_every_output_says_of_which_day_it_is(store, tmp_path):
    rollup = roll_up(store, tmp_path / "a.xlsx", as_of=date(2025, 12, 31))
    write_json(rollup, tmp_path / "a.json")
    write_csv(rollup, tmp_path / "a.csv")
    assert '"as_of": "2025-12-31T23:59:59' in (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "2025-12-31T23:59:59" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "hết ngày 31/12/2025" in _texts(tmp_path / "a.xlsx")
    found = status(store, tmp_path / "s.xlsx", as_of=date(2025, 12, 31))
    assert "hết ngày 31/12/2025" in _texts(tmp_path / "s.xlsx")
    assert "hết ngày 31/12/2025" in status_text(found, SCHEMAS, "vi", 120)
    assert '"as_of": "2025-12-31T23:59:59' in status_json(found)


def test_figures_for_programs_say_how_many_units_they_rest_on(store):
    row = stated(roll_up(store)).filter(measure="applications", period="2025", view="34").row(0, named=True)
    assert (row["units_reported"], row["as_of"]) == (2, None)
    assert row["units_expected"] == len(SCHEMAS.units.expected(ANNUAL))


def test_a_store_as_of_a_day_has_only_the_waivers_of_then_and_cannot_be_written(store):
    with open_store(store, SCHEMAS) as opened:
        add_waiver(opened, Meant("XLT516"), Waiver(0, "Đã hỏi tỉnh", "Vụ A", date(2026, 12, 31)))
        before = store_hash(opened)
    with open_store(store, SCHEMAS, as_of=until(date(2025, 12, 31))) as then:
        assert waivers(then) == ()
        assert then.read_only
    with open_store(store, SCHEMAS, read_only=True) as now:
        assert len(waivers(now)) == 1
        assert store_hash(now) == before


def _state(path: Path, as_of) -> str:
    found = status(path, year=2025, period="annual", as_of=as_of)
    return next(unit.state for unit in found.status.units if unit.unit_code == "T34-24")


def _texts(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return " ".join(
        str(c.value) for sheet in book for row in sheet.iter_rows(max_row=8) for c in row if c.value
    )
