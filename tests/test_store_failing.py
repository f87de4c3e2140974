"""What fails on the way into the store: told as it is, with nothing half kept."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.store_samples import SCHEMAS, enterprise, submission
from xltrack.errors import MemoryFull, OutputError, StoreError
from xltrack.store import merge_workbook, open_store
from xltrack.store.failures import named_failures
from xltrack.store.frames import registered

ROOT = Path(__file__).resolve().parent.parent


class WithoutCheckpoint:
    """A connection whose checkpoints fail as on a full disk."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, query: str, *more: Any) -> Any:
        if query == "CHECKPOINT":
            raise duckdb.IOException("IO Error: No space left on device")
        return self.connection.execute(query, *more)


def test_a_checkpoint_that_fails_after_the_commit_says_that_all_is_kept(tmp_path: Path):
    path = tmp_path / "national.duckdb"
    given = submission(rows={"enterprises": [enterprise("0100000001")]})
    with open_store(path, SCHEMAS, create=True) as store:
        connection: Any = WithoutCheckpoint(store.connection)
        store.connection = connection
        with pytest.raises(StoreError, match="done and kept") as caught:
            merge_workbook(store, given)
    assert "được giữ lại" in caught.value.message("vi")
    assert "no space left" in caught.value.message("en")
    with open_store(path, SCHEMAS) as store:
        assert store.rows("SELECT tax_code FROM current_enterprises") == [("0100000001",)]
        assert merge_workbook(store, given).verdict == "duplicate"


def test_memory_that_runs_out_is_told_with_what_to_do():
    with (
        duckdb.connect(config={"memory_limit": "20MB", "max_temp_directory_size": "0KB"}) as connection,
        pytest.raises(MemoryFull, match="Close other programs") as caught,
        named_failures(Path("national.duckdb")),
    ):
        connection.execute("SELECT list(i) FROM range(10000000) AS t(i)")
    assert "Máy không đủ bộ nhớ (Out of Memory Error: " in caught.value.message("vi")


def test_why_a_statement_failed_is_not_hidden_by_tidying_up_after_it():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (n INTEGER NOT NULL)")
        connection.begin()
        with (
            pytest.raises(duckdb.ConstraintException, match="NOT NULL"),
            registered(connection, {"incoming": pl.DataFrame({"n": [None]}, {"n": pl.Int32})}),
        ):
            connection.execute("INSERT INTO t SELECT * FROM incoming")
        connection.rollback()


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from tests.store_samples import SCHEMAS, enterprise, submission
from xltrack.store import merge_workbook, open_store

path = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
given = submission(rows={"enterprises": [enterprise(f"{n:010}", f"Công ty {n}") for n in range(int(sys.argv[2]))]})
with open_store(path, SCHEMAS, create=True) as store:
    merge_workbook(store, submission("T34-01"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, resource.RLIM_INFINITY))
    try:
        merge_workbook(store, given)
    except Exception as failure:
        print(type(failure).__name__, "kept" in str(failure))
"""


@pytest.mark.platform("linux")
@pytest.mark.parametrize(
    ("rows", "told", "kept"),
    [(200, f"{StoreError.__name__} True", 200), (150_000, f"{OutputError.__name__} False", 0)],
)
def test_a_full_disk_keeps_all_or_nothing_and_says_which(tmp_path: Path, rows, told, kept):
    path = tmp_path / "national.duckdb"
    command = [sys.executable, "-c", FULL_DISK, str(path), str(rows)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == told
    with open_store(path, SCHEMAS) as store:
        assert store.rows("SELECT count(*) FROM current_enterprises") == [(kept,)]
