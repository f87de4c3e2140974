"""Several programs at one store: readers read its last commit, writers wait as long as they are told to."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.command_line import xltrack, xltrack_process
from tests.store_samples import SCHEMAS, enterprise, submission
from xltrack.errors import StoreLocked
from xltrack.findings import Waiver
from xltrack.pipeline import roll_up
from xltrack.store import Meant, add_waiver, merge_workbook, open_store, read_waivers
from xltrack.store.patience import patient
from xltrack.store.snapshot import take_snapshot

ROOT = Path(__file__).resolve().parent.parent
# Merges one file that stays in the log, as during a run, and has begun with the next.
WRITER = """
import sys
from pathlib import Path
from tests.store_samples import SCHEMAS, enterprise, submission
from xltrack.store import Store, merge_workbook, open_store

Store.checkpoint = lambda self: None
with open_store(Path(sys.argv[1]), SCHEMAS) as store:
    merge_workbook(store, submission("T34-01", rows={"enterprises": [enterprise("0100000002")]}))
    with store.transaction():
        store.rows("DELETE FROM enterprises")
        print("writing", flush=True)
        sys.stdin.readline()
"""


@contextmanager
def written_by_another(path: Path) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        yield other
        if other.poll() is None:
            other.communicate("done\n")


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("shared") / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbook(store, submission(rows={"enterprises": [enterprise("0100000001")]}))
        add_waiver(store, Meant("XLT509"), Waiver(0, "đã hỏi lại", "Vụ Mẫu", date(2026, 12, 31)))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody copy what a database has open")
def test_while_another_program_writes_its_last_commit_is_read_and_a_writer_waits(path: Path, caplog):
    with written_by_another(path) as other:
        with open_store(path, SCHEMAS, read_only=True) as store:
            assert store.rows("SELECT tax_code FROM current_enterprises ORDER BY ALL") == [
                ("0100000001",), ("0100000002",),
            ]  # fmt: skip
            assert store.snapshot is not None
            folder = Path(store.snapshot.name)
            assert [part.stat().st_mode & 0o077 for part in (folder,)] == [0]
        assert not folder.exists(), "the copy is gone when it is closed"
        assert "being written" in caplog.text
        (waiver,) = read_waivers(path)
        assert waiver.meant.code == "XLT509"
        assert roll_up(path).figure("enterprises_supported", "2025") == 0
        told = {
            "Kho dữ liệu `{}` đang được ghi: đọc lần ghi cuối.\n": xltrack(
                "status", "--store", path, folder=ROOT
            ),
            "The store `{}` is being written: its last commit is read.\n": xltrack_process(
                "status", "--lang", "en", "--store", path, folder=ROOT
            ),
        }
        assert [said.format(path) for said in told] == [done.stderr for done in told.values()]
        with pytest.raises(StoreLocked, match=f"PID {other.pid}"), patient(0.5):
            open_store(path, SCHEMAS)
        assert other.stdin is not None
        other.stdin.write("done\n")
        other.stdin.flush()
        with patient(60), open_store(path, SCHEMAS) as store:
            merge_workbook(store, submission("T34-04"))


def test_a_copy_during_which_the_store_was_written_is_thrown_away(path: Path, tmp_path: Path, monkeypatch):
    stamps = iter(range(1000))
    monkeypatch.setattr("xltrack.store.snapshot._stamp", lambda _: next(stamps))
    monkeypatch.setattr("xltrack.store.snapshot._PAUSE", 0)
    assert take_snapshot(path, tmp_path) is None
