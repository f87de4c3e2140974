"""The store made again from its originals says what it said before."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from benchmarks.workbooks import Order, write_workbook
from tests.command_line import xltrack
from xltrack.errors import OutputError
from xltrack.findings import Waiver
from xltrack.forms import load_schemas
from xltrack.pipeline import merge, rebuild, roll_up, verify
from xltrack.store import Meant, Store, add_waiver, open_store, redact, store_hash

DAYS = [datetime(2025, 11, number, 9, tzinfo=UTC) for number in (20, 25)]
WHOLE = (
    "submission",
    "original_piece",
    "finding",
    "chain",
    "waiver",
    "sheet_place",
    "enterprises",
    "applications",
    "funding",
    "cover",
)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    """Return a store that received two workbooks on two days and something that is none, with a waiver."""
    folder = tmp_path_factory.mktemp("received")
    for number in (0, 1):
        write_workbook(Order(2, 5), number, folder / f"{number}.xlsx")
    (folder / "hong.xlsx").write_bytes(b"no workbook")
    path = folder / "kho" / "national.duckdb"
    path.parent.mkdir()
    merge([folder / "0.xlsx", folder / "hong.xlsx"], path, received=DAYS[0])
    merge([folder / "1.xlsx"], path, received=DAYS[1])
    with open_store(path, load_schemas()) as store:
        add_waiver(store, Meant("XLT509"), Waiver(0, "đã hỏi lại", "Vụ Mẫu", date(2026, 12, 31)))
    return path


def everything(store: Store) -> dict[str, list]:
    return {table: store.rows(f'FROM "{table}" ORDER BY ALL') for table in WHOLE}


def test_a_store_made_again_says_the_same_to_the_last_byte_and_figure(path: Path, tmp_path: Path):
    before = path.read_bytes()
    made = rebuild(path, tmp_path / "new.duckdb")
    assert (made.in_order, made.files, made.differing) == (True, 3, ())
    assert path.read_bytes() == before, "the old store is left as it is"
    with (
        open_store(path, load_schemas(), read_only=True) as old,
        open_store(made.path, load_schemas(), read_only=True) as new,
    ):
        assert everything(new) == everything(old)
    old_figures, new_figures = roll_up(path).frames, roll_up(made.path).frames
    assert all(new_figures[name].equals(frame) for name, frame in old_figures.items())
    assert verify(made.path, originals=False).in_order


def test_what_was_damaged_is_made_good_and_told_and_what_was_removed_stays_removed(
    path: Path, tmp_path: Path
):
    hurt = tmp_path / "hurt.duckdb"
    hurt.write_bytes(path.read_bytes())
    with open_store(hurt, load_schemas()) as store:
        files = store.rows("SELECT sha256, file_name FROM submission WHERE verdict = 'accepted' ORDER BY 2")
        redact(store, [files[0][0]], reason="theo yêu cầu", by="Vụ Mẫu")
        store.rows("UPDATE enterprises SET revenue = revenue + 1")
        damaged = store_hash(store)
    made = rebuild(hurt, tmp_path / "new.duckdb")
    assert not made.in_order
    assert made.hash_before == damaged
    with open_store(made.path, load_schemas()) as store:
        assert store.rows("SELECT size FROM original WHERE sha256 = ?", [files[0][0]]) == [(0,)]
    told = "\n".join(str(fault.en) for fault in verify(made.path, originals=False).faults)
    assert "1.xlsx" not in told, "read anew from its original"
    assert "0.xlsx" in told, "carried over as it was, with the damage, because there is nothing to read anew"


def test_nothing_that_is_there_is_written_over(path: Path, tmp_path: Path):
    with pytest.raises(OutputError, match="left as it is"):
        rebuild(path, path)
    assert xltrack("rebuild", path, "--store", path, folder=tmp_path).returncode == 2
