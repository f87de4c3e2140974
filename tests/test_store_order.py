"""Any order of merging, any repetition: the same store and the same rows that count."""

import random
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store_samples import SCHEMAS, day, enterprise, submission
from xltrack.rollup.compute import roll_up
from xltrack.store import Store, Submission, merge_workbooks, open_store, store_hash

pytestmark = pytest.mark.slow

TWICE = "SELECT return_unit, tax_code FROM current_enterprises GROUP BY ALL HAVING count(*) > 1"
TAX_CODES = [f"010000000{digit}" for digit in range(4)]

rows = st.lists(st.sampled_from(TAX_CODES), min_size=1, max_size=3, unique=True)
submissions = st.builds(
    lambda tax_codes, name, **facts: submission(
        rows={"enterprises": [enterprise(code, name) for code in tax_codes]}, **facts
    ),
    rows,
    st.sampled_from(["Một", "Hai"]),
    unit=st.sampled_from(["T34-24", "T63-24"]),
    number=st.integers(1, 3),
    kind=st.sampled_from(["full", "full", "correction"]),
    part=st.sampled_from([(1, 1), (1, 1), (1, 2), (2, 2)]),
    figures=st.sampled_from(["actual", "estimate"]),
    received=st.sampled_from([None, day(3), day(9)]),
    verdict=st.sampled_from(["accepted", "accepted", "accepted", "partial", "rejected"]),
    salt=st.sampled_from(["", "lưu lại"]),
)


@pytest.fixture(scope="module")
def empty():
    """Return the bytes of a store that was just made."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "empty.duckdb"
        open_store(path, SCHEMAS, create=True).close()
        yield path.read_bytes()


def merged(empty: bytes, parcels: Iterable[list[Submission]]):
    """Return the hash and what counts after merging `parcels` one after the other into an empty store."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "national.duckdb"
        path.write_bytes(empty)
        with open_store(path, SCHEMAS) as store:
            for parcel in parcels:
                merge_workbooks(store, parcel)
            assert store.rows(TWICE) == []
            return store_hash(store), counting(store)


def counting(store: Store):
    """Return what counts; files are numbered in the order in which they came, which is what `_entry` says."""
    views = ["submission_state", '"return"', "current_cover", "current_enterprises"]
    return {
        view: sorted(store.frame(f"FROM {view}").drop("_entry", strict=False).rows(), key=repr)
        for view in views
    }


@settings(max_examples=7)
@given(st.lists(submissions, min_size=4, max_size=8), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(empty, sent: list[Submission], chance: random.Random):
    again = sent + chance.sample(sent, 2)
    chance.shuffle(again)
    cut = chance.randint(0, len(again))
    assert merged(empty, [again[:cut], again[cut:]]) == merged(empty, [sent])


@settings(max_examples=7)
@given(st.lists(submissions, min_size=4, max_size=8).map(lambda sent: [s for s in sent if s.received_at]))
def test_a_return_that_counted_on_a_day_counts_ever_after(empty, sent: list[Submission]):
    with TemporaryDirectory() as directory:
        path = Path(directory) / "national.duckdb"
        path.write_bytes(empty)
        with open_store(path, SCHEMAS) as store:
            merge_workbooks(store, sent)
        counted = []
        for moment in (day(3), day(9)):
            with open_store(path, SCHEMAS, read_only=True, as_of=moment) as store:
                counted.append(set(store.rows('SELECT unit_code, year, period_kind FROM "return"')))
    assert counted[0] <= counted[1]


@settings(max_examples=5)
@given(st.lists(submissions, min_size=2, max_size=4, unique_by=lambda s: s.workbook.sha256), st.data())
def test_another_store_has_another_hash(empty, sent: list[Submission], data):
    left_out = data.draw(st.integers(0, len(sent) - 1))
    fewer = [entry for place, entry in enumerate(sent) if place != left_out]
    assert merged(empty, [sent])[0] != merged(empty, [fewer])[0]


def _round() -> list[Submission]:
    """Return ten submissions: six full ones, three corrections, and the first version of one that comes late."""
    rows = {"enterprises": [enterprise(code) for code in TAX_CODES[:2]], "applications": [APPLIED]}
    units = ["T34-01", "T34-04", "T34-08", "T34-11", "T34-12"]
    full = [submission(unit, rows, received=day(3)) for unit in units]
    newer = submission(
        "T34-01", rows | {"enterprises": [enterprise(TAX_CODES[2])]}, number=2, received=day(5)
    )
    late = submission("T34-12", {}, number=1, received=day(1), salt="bản cũ đến muộn")
    corrections = [
        submission(
            unit,
            {"enterprises": [enterprise(TAX_CODES[0], name)]},
            number=number,
            kind="correction",
            received=day(9),
        )
        for unit, number, name in [("T34-01", 2, "Một"), ("T34-04", 2, "Hai"), ("T34-04", 3, "Ba")]
    ]
    return [*full, newer, late, *corrections]


APPLIED = {
    "application_id": "HT1",
    "programme": "1322",
    "tax_code": TAX_CODES[0],
    "tool_code": "ISO-9001",
    "status": "doing",
}


def figures(empty: bytes, sent: Iterable[Submission]):
    """Return the hash and every frame of the national figures after merging `sent` one after the other."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "national.duckdb"
        path.write_bytes(empty)
        with open_store(path, SCHEMAS) as store:
            for one in sent:
                merge_workbooks(store, [one])
            return store_hash(store), roll_up(store, SCHEMAS).frames


@pytest.fixture(scope="module")
def in_order(empty):
    return figures(empty, _round())


@settings(max_examples=3)
@given(st.permutations(range(10)))
def test_any_order_of_ten_files_gives_the_same_figures(empty, in_order, order: list[int]):
    sent = _round()
    expected, frames = in_order
    found, others = figures(empty, [sent[place] for place in order])
    assert found == expected
    assert all(others[name].equals(frame) for name, frame in frames.items())
    assert frames["figures"].height > 0
