"""What was recorded stays recorded: the chain, its head outside the store, and stores of earlier versions."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.store_samples import SCHEMAS, day, enterprise, refused, submission
from xltrack.errors import StoreBehind, StoreDamaged, StoreVersion
from xltrack.findings import Finding, Waiver
from xltrack.store import (
    Meant,
    Source,
    Store,
    add_waiver,
    end_waiver,
    merge_workbook,
    merge_workbooks,
    open_store,
    store_hash,
)
from xltrack.store.chain import Head, broken_at, head
from xltrack.store.head import head_path, read_head, write_head
from xltrack.store.originals import original_of
from xltrack.store.verify import faults

ROOT = Path(__file__).resolve().parent
# Made by xltrack 0.2.0 before there was a chain: a return, its correction, a rejected file and a waiver.
VERSION_1 = ROOT / "stores" / "version_1.duckdb.gz"
VERSION_1_HASH = "790615cacc7a9e0e87e2c695bdd424df1b99a7b689f39047a2ee26ad26bfa9ac"
# Of version 2, before files were numbered: a rejected file, a return, its correction, another return and a waiver.
VERSION_2 = ROOT / "stores" / "version_2.duckdb.gz"
VERSION_2_HASH = "392229c0daa5697ab4cf2fd8d34df13014ab014271e4983b836a1fce39e10b10"
# Of version 3, whose received files were whole: a rejected file, a return of 15,343 bytes and one that was redacted.
VERSION_3 = ROOT / "stores" / "version_3.duckdb.gz"
VERSION_3_HASH = "4ca5933cf10c6df957fffc37b82f5118fc2fbd0cb89a626fad018dede9c2d8e1"
WRONG = Finding("XLT301", "DOANH_NGHIEP", 7, "N7", "revenue", "nhiều", {"title": "Doanh thu"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "national.duckdb"


@pytest.fixture(scope="module")
def four_records(tmp_path_factory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("store") / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [full(f"010000000{n}", number=n) for n in (1, 2, 3, 4)])
        yield store


def full(*codes: str, **more):
    rows = [enterprise(code, revenue=5_000_000, insured_workers=7) for code in codes]
    return submission(rows={"enterprises": rows}, **more)


def test_a_record_says_everything_that_is_known_of_a_file(path: Path):
    given = full("0100000001", "0100000002", received=day(3), findings=(WRONG,))
    mail = replace(given, source=Source("message", "<20251103.1@so-mau>"))
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbook(store, mail)
        ((facts,),) = store.rows("SELECT facts FROM chain WHERE kind = 'submission'")
    said = json.loads(facts)
    assert said["sha256"] == given.workbook.sha256
    assert (said["source_kind"], said["source"]) == ("message", "<20251103.1@so-mau>")
    assert (said["unit_code"], said["year"], said["submission_no"]) == ("T34-24", 2025, 1)
    assert said["received_at"] == "2025-11-03T12:00:00"
    totals = json.loads(said["control_totals"])
    assert totals["enterprises"]["rows"] == 2
    assert totals["enterprises"]["sums"] == {"revenue": 10_000_000, "insured_workers": 14}
    assert {
        "tool_version",
        "schemas_version",
        "form_version",
        "verdict",
        "content_sha256",
        "cells",
    } <= said.keys()


def test_merging_again_records_nothing_and_a_new_verdict_is_recorded_beside_the_old_one(path: Path):
    rejected = full("0100000001", verdict="rejected", findings=(WRONG,))
    accepted = full("0100000001")
    assert rejected.workbook.sha256 == accepted.workbook.sha256
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [rejected, refused()])
        merge_workbooks(store, [rejected, refused()])
        merge_workbooks(store, [accepted, rejected])
        records = store.rows("SELECT chain_no, facts FROM chain ORDER BY chain_no")
        assert [json.loads(facts)["verdict"] for _, facts in records] == [
            "rejected",
            "unreadable",
            "accepted",
        ]
        assert store.rows("SELECT chain_no, verdict FROM submission ORDER BY ALL") == [
            (2, "unreadable"),
            (3, "accepted"),
        ]
        assert store.rows("SELECT count(*) FROM original") == [(2,)]


def test_waivers_are_recorded_when_they_are_made_and_when_they_end(path: Path):
    with open_store(path, SCHEMAS, create=True) as store:
        add_waiver(store, Meant("XLT301"), Waiver(0, "đã hỏi lại", "Vụ Mẫu", date(2026, 12, 31)))
        end_waiver(store, 1, date(2026, 6, 1))
        records = store.rows("SELECT kind, subject, facts FROM chain ORDER BY chain_no")
    assert [(kind, subject, json.loads(facts)["day_until"]) for kind, subject, facts in records] == [
        ("waiver", "1", "2026-12-31"),
        ("waiver", "1", "2026-06-01"),
    ]
    assert not any("Vụ Mẫu" in facts for *_, facts in records), (
        "what may have to be removed is there by its hash"
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE chain SET facts = replace(facts, 'accepted', 'rejected') WHERE chain_no = 2",
        "UPDATE chain SET recorded_at = recorded_at + INTERVAL 1 DAY WHERE chain_no = 2",
        "UPDATE chain SET subject = 'x' WHERE chain_no = 2",
        "DELETE FROM chain WHERE chain_no = 2",
        "UPDATE chain SET chain_no = 5 - chain_no WHERE chain_no IN (2, 3)",
    ],
)
def test_a_changed_record_breaks_the_chain_where_it_stands(four_records: Store, change):
    four_records.connection.begin()
    try:
        assert broken_at(four_records.connection) is None
        four_records.rows(change)
        assert broken_at(four_records.connection) == 2
    finally:
        four_records.connection.rollback()


def cut_log(path: Path) -> None:
    path.with_name(f"{path.name}.wal").unlink()


def older_copy(path: Path) -> None:
    path.with_name(f"{path.name}.wal").unlink()
    shutil.copy(path.with_name("older"), path)


@pytest.mark.parametrize("loss", [cut_log, older_copy])
def test_a_store_that_lost_what_was_merged_is_told_when_it_is_opened(
    path: Path, monkeypatch, loss: Callable[[Path], None]
):
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbook(store, full("0100000001"))
    shutil.copy(path, path.with_name("older"))
    with open_store(path, SCHEMAS) as store:
        monkeypatch.setattr(store, "checkpoint", lambda: None)
        merge_workbook(store, full("0100000002", number=2))
        shutil.copy(path.with_name(f"{path.name}.wal"), path.with_name("log"))
    shutil.copy(path.with_name("log"), path.with_name(f"{path.name}.wal"))
    shutil.copy(path.with_name("older"), path)
    loss(path)
    for read_only in (False, True):
        with pytest.raises(StoreBehind, match=r"record 1, .* names record 2"):
            open_store(path, SCHEMAS, read_only=read_only)


def test_a_head_that_is_behind_is_brought_forward_with_the_next_merge(path: Path):
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbook(store, full("0100000001"))
        before = head_path(path).read_bytes()
        merge_workbook(store, full("0100000002", number=2))
    head_path(path).write_bytes(before)  # the process was killed between the commit and the head
    with open_store(path, SCHEMAS) as store:
        merge_workbook(store, full("0100000002", number=2))
        assert read_head(path) == head(store.connection)


def test_a_head_that_says_nothing_is_named(path: Path):
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbook(store, full("0100000001"))
    head_path(path).write_bytes(b"\0" * 80)
    with pytest.raises(StoreDamaged, match=r"national\.duckdb\.head"):
        open_store(path, SCHEMAS)


def test_a_store_made_anew_does_not_answer_for_the_one_that_was_deleted(path: Path):
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [full("0100000001"), full("0100000002", number=2)])
    path.unlink()
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbook(store, full("0100000001"))
    with open_store(path, SCHEMAS, read_only=True) as store:
        assert store.rows("SELECT count(*) FROM chain") == [(1,)]


@pytest.fixture
def earlier(path: Path) -> Path:
    path.write_bytes(gzip.decompress(VERSION_1.read_bytes()))
    return path


@pytest.mark.parametrize("read_only", [True, False])
def test_a_store_of_version_1_is_brought_forward_with_everything_in_it(earlier: Path, read_only):
    with duckdb.connect(earlier, read_only=True) as before:
        facts = before.execute("SELECT * EXCLUDE content FROM submission ORDER BY sha256").fetchall()
        contents = before.execute("SELECT sha256, content FROM submission ORDER BY sha256").fetchall()
        others = [before.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ("finding", "waiver")]
    with open_store(earlier, SCHEMAS, read_only=read_only) as store:
        assert store_hash(store) == VERSION_1_HASH
        added = "source_kind, source, control_totals, findings_sha256, chain_no, entry_no"
        assert store.rows(f"SELECT * EXCLUDE ({added}) FROM submission ORDER BY sha256") == facts
        assert [(sha256, original_of(store.connection, sha256)) for sha256, _ in contents] == contents
        assert [store.rows(f"FROM {table} ORDER BY ALL") for table in ("finding", "waiver")] == others
        assert store.rows("SELECT tax_code, enterprise_name FROM current_enterprises ORDER BY ALL") == [
            ("0100000001", "Công ty Mẫu"), ("0100000002", "Tên mới"),
        ]  # fmt: skip
        kinds = store.rows("SELECT kind, count(*) FROM chain GROUP BY ALL ORDER BY ALL")
        assert kinds == [("submission", 3), ("waiver", 1)]
        assert broken_at(store.connection) is None
        assert read_head(earlier) == head(store.connection)
        assert store.rows("SELECT control_totals->'$.enterprises.sums.revenue' FROM submission ORDER BY 1")[
            0
        ] == ("5000000",)
        if not read_only:
            again = submission("T34-01", verdict="rejected", findings=(WRONG,), received=day(4))
            assert merge_workbook(store, again).verdict == "rejected"


def test_a_store_of_version_1_that_knows_no_arrival_is_brought_forward(earlier: Path):
    with duckdb.connect(earlier) as connection:
        connection.execute("UPDATE submission SET received_at = NULL")
    with open_store(earlier, SCHEMAS) as store:
        assert store.rows("SELECT count(*), count(received_at) FROM submission") == [(3, 0)]
        assert "received_at" not in str(store.rows("SELECT facts FROM chain WHERE kind = 'submission'"))
        assert list(faults(store)) == []


def test_a_migrated_store_has_the_tables_of_a_new_one(earlier: Path, tmp_path: Path):
    columns = (
        "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal AND schema_name = 'main' ORDER BY ALL"
    )
    with (
        open_store(earlier, SCHEMAS) as old,
        open_store(tmp_path / "new.duckdb", SCHEMAS, create=True) as new,
    ):
        assert old.rows(columns) == new.rows(columns)


def test_a_store_of_version_2_is_brought_forward_with_every_row_under_the_number_of_its_file(tmp_path: Path):
    path = tmp_path / "national.duckdb"
    path.write_bytes(gzip.decompress(VERSION_2.read_bytes()))
    with open_store(path, SCHEMAS) as store:
        assert store_hash(store) == VERSION_2_HASH
        assert list(faults(store)) == []
        assert store.rows("SELECT tax_code, enterprise_name FROM current_enterprises ORDER BY ALL") == [
            ("0100000001", "Công ty Mẫu"), ("0100000002", "Tên mới"), ("0100000003", "Công ty Mẫu"),
        ]  # fmt: skip
        merge_workbook(store, full("0100000004", number=3, received=day(9)))
        assert store.rows("SELECT tax_code FROM current_enterprises ORDER BY ALL") == [
            ("0100000003",), ("0100000004",),
        ]  # fmt: skip
        assert list(faults(store)) == []


def test_a_store_of_version_3_is_brought_forward_with_the_bytes_of_every_file(tmp_path: Path):
    path = tmp_path / "national.duckdb"
    path.write_bytes(gzip.decompress(VERSION_3.read_bytes()))
    with open_store(path, SCHEMAS) as store:
        assert store_hash(store) == VERSION_3_HASH
        assert list(faults(store)) == []
        assert store.rows("SELECT size FROM original ORDER BY 1") == [(0,), (7,), (15_343,)]
        for sha256, size in store.rows("FROM original"):
            content = original_of(store.connection, sha256)
            assert content is not None
            assert size == 0 or hashlib.sha256(content).hexdigest() == sha256


def test_a_later_version_is_refused_by_name(earlier: Path):
    with duckdb.connect(earlier) as connection:
        connection.execute("UPDATE store_meta SET value = '99' WHERE name = 'version'")
    with pytest.raises(StoreVersion, match="version 99"):
        open_store(earlier, SCHEMAS)


def test_a_head_that_another_program_reads_just_now_is_replaced_when_it_lets_go(path: Path, monkeypatch):
    refusals = iter([PermissionError, PermissionError])
    replace_it = Path.replace

    def busy(self: Path, target: Path) -> Path:
        for refusal in refusals:
            raise refusal
        return replace_it(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    write_head(path, Head(7, "abc"))
    assert read_head(path) == Head(7, "abc")
    assert [file.name for file in path.parent.iterdir()] == [head_path(path).name]
