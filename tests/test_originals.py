"""The received files come out of the store as they went in, and cost nothing while others are added."""

from pathlib import Path
from random import Random

import pytest

from tests.store_samples import SCHEMAS
from xltrack.store import Store, open_store
from xltrack.store.originals import PIECE, insert_originals, original_of, remove_originals

MEGABYTE = 1_000_000


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path / "national.duckdb", SCHEMAS, create=True) as opened:
        yield opened


def contents(*sizes: int) -> dict[str, bytes]:
    return {f"{number:064d}": Random(size).randbytes(size) for number, size in enumerate(sizes)}


def kept(store: Store, names) -> dict[str, bytes | None]:
    return {name: original_of(store.connection, name) for name in names}


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 50_001])
def test_bytes_of_any_number_come_out_as_they_went_in(store: Store, size: int):
    files = contents(size, 9_000)
    insert_originals(store.connection, files.items())
    assert kept(store, files) == files
    assert store.rows("SELECT size FROM original ORDER BY sha256") == [(size,), (9_000,)]
    assert original_of(store.connection, "other") is None


def test_of_a_file_whose_bytes_were_removed_it_is_known_that_it_was_there(store: Store):
    files = contents(0, 10_000, 9_000)
    insert_originals(store.connection, files.items())
    first, second, third = files
    remove_originals(store.connection, [first, second])
    assert kept(store, files) == {first: b"", second: b"", third: files[third]}


def test_a_file_more_leaves_those_before_it_where_they_are(store: Store):
    insert_originals(store.connection, contents(*range(200_000, 200_050)).items())
    store.rows("CHECKPOINT")
    before = store.path.stat().st_size
    insert_originals(store.connection, [("more", bytes(1_000))])
    store.rows("CHECKPOINT")
    assert before > 10 * MEGABYTE
    assert store.path.stat().st_size - before < 2 * MEGABYTE
