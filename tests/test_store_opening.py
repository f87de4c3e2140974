"""Opening the store: each thing that can be wrong with the file has its own name."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.store_samples import FORM, SCHEMAS, enterprise, submission
from xltrack.errors import (
    OutputError,
    SchemaError,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreVersion,
    XltrackError,
)
from xltrack.forms import Column, Form, Schemas
from xltrack.language import Text
from xltrack.store import Store, merge_workbook, open_store, store_hash
from xltrack.store.failures import name_failure
from xltrack.store.schema import STORE_VERSION


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "national.duckdb"


@pytest.fixture
def made(path: Path) -> Path:
    """Return the path of a store that holds two enterprises."""
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbook(
            store, submission(rows={"enterprises": [enterprise("0100000001"), enterprise("0100000002")]})
        )
    return path


def with_columns(sheet_id: str, *added: Column, without: str | None = None) -> Schemas:
    """Return the schemas with columns of one sheet added or left out."""

    def changed(form: Form) -> Form:
        sheets = [
            replace(sheet, columns=(*(c for c in sheet.columns if c.id != without), *added))
            if sheet.id == sheet_id
            else sheet
            for sheet in form.sheets
        ]
        return replace(form, sheets=tuple(sheets))

    return replace(SCHEMAS, forms={FORM.id: changed(FORM)})


def column(name: str, kind: Any) -> Column:
    return Column(
        name, kind, Text("Cột mới", "New column"), Text("", ""), required=False, schema={"type": kind}
    )


def test_a_store_that_is_not_there_is_missing(path: Path):
    with pytest.raises(StoreMissing) as caught:
        open_store(path, SCHEMAS)
    assert str(path) in caught.value.message("vi")
    assert not path.exists()


def test_a_store_is_not_made_for_reading(path: Path):
    with pytest.raises(StoreMissing):
        open_store(path, SCHEMAS, create=True, read_only=True)
    assert not path.exists()


def test_a_store_cannot_be_made_in_a_directory_that_is_not_there(path: Path):
    with pytest.raises(OutputError):
        open_store(path.parent / "khong-co" / "national.duckdb", SCHEMAS, create=True)


HOLDER = """
import sys
import duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


def test_a_store_held_by_another_program_is_locked(made: Path):
    arguments = [sys.executable, "-c", HOLDER, str(made)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(StoreLocked) as caught:
            open_store(made, SCHEMAS)
        other.communicate("done\n")
    assert f"PID {other.pid}" in str(caught.value)
    assert "thêm `--wait 60`" in caught.value.message("vi")
    assert "python" in str(caught.value).lower()
    with open_store(made, SCHEMAS) as store:
        assert store.rows("SELECT count(*) FROM enterprises") == [(2,)]


def test_two_readers_share_a_store(made: Path):
    with open_store(made, SCHEMAS, read_only=True) as one, open_store(made, SCHEMAS, read_only=True) as two:
        assert store_hash(one) == store_hash(two)


def test_a_store_open_for_reading_in_this_program_is_locked_for_writing(made: Path):
    with open_store(made, SCHEMAS, read_only=True), pytest.raises(StoreLocked, match="this very program"):
        open_store(made, SCHEMAS)


def test_a_store_of_another_version_is_named_and_not_touched(made: Path):
    with duckdb.connect(made) as connection:
        connection.execute("UPDATE store_meta SET value = '99' WHERE name = 'version'")
    before = made.read_bytes()
    with pytest.raises(StoreVersion) as caught:
        open_store(made, SCHEMAS)
    assert "99" in caught.value.message("vi")
    assert made.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    # DuckDB would fetch from the network what reads SQLite.
    [b"", b"PK\x03\x04", b"not a database at all\n" * 1000, b"SQLite format 3\x00".ljust(4096, b"\x00")],
    ids=["empty", "zip", "text", "sqlite"],
)
@pytest.mark.parametrize("create", [False, True])
def test_a_file_that_is_no_database_is_named_and_not_touched(path: Path, content, create):
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        open_store(path, SCHEMAS, create=create)
    assert path.read_bytes() == content


def test_a_directory_is_no_store(tmp_path: Path):
    with pytest.raises(StoreDamaged):
        open_store(tmp_path, SCHEMAS, create=True)


def test_a_database_of_another_program_is_not_taken_over(path: Path):
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE khach_hang AS SELECT 1 AS a")
    with pytest.raises(StoreDamaged, match="store_meta"):
        open_store(path, SCHEMAS, create=True)
    with duckdb.connect(path) as connection:
        assert connection.execute("SHOW TABLES").fetchall() == [("khach_hang",)]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_store_cut_short_is_damaged(made: Path, kept):
    content = made.read_bytes()
    made.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(StoreDamaged), open_store(made, SCHEMAS) as store:
        store_hash(store)


def test_no_flipped_byte_passes_for_a_sound_store(made: Path):
    content = made.read_bytes()
    with open_store(made, SCHEMAS, read_only=True) as store:
        sound = store_hash(store)
    damaged = 0
    for place in range(4, len(content), len(content) // 12):
        made.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            with open_store(made, SCHEMAS, read_only=True) as store:
                # What lies between the blocks in use may change; what is read may not.
                assert store_hash(store) == sound
        except StoreDamaged:
            damaged += 1
    assert damaged


@pytest.mark.parametrize("read_only", [True, False])
def test_an_older_copy_beside_the_log_of_a_newer_one_is_told(made: Path, monkeypatch, read_only):
    log, older = made.with_name(f"{made.name}.wal"), made.read_bytes()
    with open_store(made, SCHEMAS) as store:
        merge_workbook(store, submission("T34-01"))
    with monkeypatch.context() as patched:
        patched.setattr(Store, "checkpoint", lambda _: None)  # it would empty the log
        with open_store(made, SCHEMAS) as store:
            merge_workbook(store, submission("T34-33"))
            kept = log.read_bytes()
    made.write_bytes(older)
    log.write_bytes(kept)
    with pytest.raises(
        StoreDamaged, match=r"national\.duckdb\.wal` beside it is that of another.*move the log"
    ):
        open_store(made, SCHEMAS, read_only=read_only)
    assert log.read_bytes() == kept


def test_a_store_half_made_is_finished(path: Path):
    duckdb.connect(path).close()
    with pytest.raises(StoreMissing):
        open_store(path, SCHEMAS)
    with open_store(path, SCHEMAS, create=True) as store:
        assert store.rows("SELECT value FROM store_meta WHERE name = 'version'") == [(STORE_VERSION,)]


@pytest.mark.skipif(os.name != "posix", reason="Windows gives a file the rights of its folder")
def test_only_the_owner_may_read_the_store_and_its_log(made: Path, monkeypatch):
    rights: list[int] = []

    def look(store: Store) -> None:
        rights.extend(file.stat().st_mode & 0o077 for file in (made, made.with_name(f"{made.name}.wal")))

    monkeypatch.setattr(Store, "checkpoint", look)  # it would empty the log
    with open_store(made, SCHEMAS) as store:
        merge_workbook(store, submission("T34-01"))
    assert rights == [0, 0]


def test_sql_reaches_neither_disk_nor_network(made: Path, tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("mật", encoding="utf-8")
    with open_store(made, SCHEMAS) as store:
        for statement in (
            f"COPY enterprises TO '{tmp_path / 'out.csv'}'",
            f"SELECT * FROM read_text('{secret}')",
            f"ATTACH '{tmp_path / 'other.duckdb'}'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                store.rows(statement)


def test_units_rounds_and_lists_are_there_to_be_joined(made: Path):
    with open_store(made, SCHEMAS, read_only=True) as store:
        assert store.rows("SELECT code, successor FROM unit WHERE code IN ('T63-24', 'T34-24') ORDER BY code") == [
            ("T34-24", None), ("T63-24", "T34-24"),
        ]  # fmt: skip
        assert store.rows("SELECT on_time_until FROM round WHERE year = 2025 AND period_kind = 'annual'")
        expected = "SELECT count(*) FROM expected WHERE year = 2025 AND period_kind = ? AND kind = 'province'"
        assert store.rows(expected, ["half"]) == [(63,)]
        assert store.rows(expected, ["annual"]) == [(34,)]
        assert store.rows(
            "SELECT label_vi, extra['kind'] FROM code WHERE list = 'units' AND code = 'T34-24'"
        ) == [("Bắc Ninh", "province")]
        assert store.frame("FROM indicator_target").height == len(SCHEMAS.table("indicator_targets"))


@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean", "date"])
def test_a_column_added_to_the_schemas_is_added_to_the_store(made: Path, kind):
    newer = with_columns("enterprises", column("cot_moi", kind))
    with open_store(made, SCHEMAS, read_only=True) as store:
        before = store_hash(store)
    with open_store(made, newer, read_only=True) as store:
        assert store.rows("SELECT tax_code, cot_moi FROM current_enterprises ORDER BY ALL LIMIT 1") == [
            ("0100000001", None)
        ]
    with open_store(made, newer) as store:
        assert store.rows("SELECT count(*), count(cot_moi) FROM current_enterprises") == [(2, 0)]
        assert store_hash(store) == before


def test_a_sheet_added_to_the_schemas_is_added_to_the_store(made: Path):
    new = replace(FORM.by_id["training"], id="trang_moi")
    newer = replace(SCHEMAS, forms={FORM.id: replace(FORM, sheets=(*FORM.sheets, new))})
    with open_store(made, newer, read_only=True) as store:
        assert store.rows("SELECT count(*) FROM current_trang_moi") == [(0,)]
    with open_store(made, newer) as store:
        assert store.rows("SELECT count(*) FROM trang_moi") == [(0,)]


def test_a_column_left_out_of_the_schemas_is_not_dropped(made: Path):
    with open_store(made, with_columns("enterprises", without="enterprise_name")) as store:
        assert "enterprise_name" not in store.frame("FROM current_enterprises").columns
        assert store.rows("SELECT count(enterprise_name) FROM enterprises") == [(2,)]


def test_a_column_that_changed_its_type_is_refused_by_name(made: Path):
    changed = with_columns("enterprises", column("tax_code", "integer"), without="tax_code")
    with pytest.raises(StoreError) as caught:
        open_store(made, changed)
    for lang in ("vi", "en"):
        assert "enterprises.tax_code" in caught.value.message(lang)
        assert "VARCHAR" in caught.value.message(lang)
        assert "BIGINT" in caught.value.message(lang)


def test_a_sheet_may_not_be_named_like_a_table_of_the_store(path: Path):
    taken = replace(FORM, sheets=(*FORM.sheets, replace(FORM.by_id["training"], id="finding")))
    with pytest.raises(SchemaError, match="finding"):
        open_store(path, replace(SCHEMAS, forms={FORM.id: taken}), create=True)
    assert not path.exists()


# What DuckDB says where it cannot be provoked here, and what the operator is told.
SAID: list[tuple[str, type[XltrackError], str]] = [
    (
        r"IO Error: File is already open in C:\Program Files\DBeaver\dbeaver.exe (PID 4711)",
        StoreLocked,
        "dbeaver.exe, PID 4711",
    ),
    ('IO Error: Could not set lock on file "/x": Resource temporarily unavailable', StoreLocked, "not known"),
    ("TransactionContext Error: Failed to commit: No space left on device", OutputError, "no space"),
    ("IO Error: There is not enough space on the disk.", OutputError, "no space"),
    (
        "IO Error: Trying to read a database file with version number 99, but we can only read versions 64 to 67.",
        StoreVersion,
        "DuckDB 99",
    ),
    ('IO Error: Cannot open file "/x": Permission denied', StoreError, "may not open"),
    (
        "IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2",
        StoreDamaged,
        "checksum",
    ),
]


@pytest.mark.parametrize(("said", "error", "told"), SAID)
def test_failures_of_the_database_have_names(said, error, told):
    named = name_failure(Path("national.duckdb"), said)
    assert named is not None
    assert type(named) is error
    assert told in named.message("en")
    assert named.message("vi")


def test_a_fault_of_the_program_is_not_given_another_name(made: Path):
    assert name_failure(made, "Binder Error: no such column") is None
    with open_store(made, SCHEMAS) as store, pytest.raises(duckdb.BinderException):
        store.rows("SELECT khong_co FROM enterprises")
