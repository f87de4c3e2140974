"""What was exported is restored to the last byte, and read by other programs."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.command_line import xltrack
from tests.store_samples import SCHEMAS
from tests.test_verify import everything, fill
from xltrack.errors import PlaceTaken, StoreDamaged, StoreVersion
from xltrack.pipeline import export, restore, verify
from xltrack.store import open_store, store_hash
from xltrack.store.frames import query_frame
from xltrack.store.head import read_head


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("store") / "national.duckdb")


@pytest.fixture(scope="module")
def exported(path: Path) -> Path:
    folder = path.parent / "sao-luu"
    export(path, folder)
    return folder


def test_a_restored_store_is_the_one_that_was_exported(path: Path, exported: Path, tmp_path: Path):
    restored = tmp_path / "restored.duckdb"
    restore(exported, restored)
    assert everything(restored) == everything(path)
    assert read_head(restored) == read_head(path)
    assert verify(restored, originals=False).in_order


@pytest.mark.parametrize("folder", ["sao-luu", "standing", "originals"])
def test_a_store_in_which_nothing_is_yet_is_restored_too(folder: str, tmp_path: Path):
    """Whatever its folder is called, were it like one within it."""
    open_store(tmp_path / "empty.duckdb", SCHEMAS, create=True).close()
    export(tmp_path / "empty.duckdb", tmp_path / folder)
    restore(tmp_path / folder, tmp_path / "restored.duckdb")
    assert store_said(tmp_path / "restored.duckdb") == store_said(tmp_path / "empty.duckdb")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["empty.duckdb", "restored.duckdb", folder]
    )


def test_other_programs_read_the_tables_by_year_and_the_files_as_they_came(path: Path, exported: Path):
    read = duckdb.execute(
        f"SELECT return_year, tax_code FROM read_parquet('{exported}/enterprises/*/*.parquet', "
        "hive_partitioning = true) ORDER BY ALL"
    ).fetchall()
    assert read == [(2025, "0100000001"), (2025, "0100000002"), (2025, "0100000002")]
    standing = duckdb.execute(
        f"SELECT unit_code, len(submissions) FROM read_parquet('{exported}/standing/return/*.parquet') ORDER BY ALL"
    ).fetchall()
    with open_store(path, SCHEMAS, read_only=True) as store:
        assert standing == store.rows('SELECT unit_code, len(submissions) FROM "return" ORDER BY ALL')
    manifest = json.loads((exported / "manifest.json").read_bytes())
    originals = {
        name.split("/")[1]: sha for name, sha in manifest["files"].items() if name.startswith("originals")
    }
    assert len(originals) == 4
    assert all(name == sha256 for name, sha256 in originals.items()), "each named by its own hash"


def test_a_year_of_many_rows_is_several_files_each_with_whole_returns(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("xltrack.store.backup.MOST_ROWS", 1)
    export(path, tmp_path / "sao-luu")
    year = tmp_path / "sao-luu" / "enterprises" / "return_year=2025"
    rows = [pl.read_parquet(file).select("_submission", "tax_code").rows() for file in sorted(year.iterdir())]
    assert [len(part) for part in rows] == [2, 1], "the first return has two rows, and stays whole"
    assert len({submission for part in rows for submission, _ in part}) == 2
    restore(tmp_path / "sao-luu", tmp_path / "restored.duckdb")
    assert store_said(tmp_path / "restored.duckdb") == store_said(path)


def test_rows_of_files_without_a_year_stand_where_other_engines_look_for_none(exported: Path):
    read = duckdb.execute(
        f"SELECT DISTINCT return_year, year FROM read_parquet('{exported}/submission/*/*.parquet', "
        "hive_partitioning = true) ORDER BY ALL"
    ).fetchall()
    assert read == [(2025, 2025), (None, None)]


def changed(folder: Path) -> None:
    file = next((folder / "enterprises").rglob("*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def missing(folder: Path) -> None:
    next((folder / "originals").iterdir()).unlink()


def unfinished(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def saying(**more: object):
    """Return what makes the manifest of an export say something else."""

    def hurt(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        (folder / "manifest.json").write_text(json.dumps(manifest | more), encoding="utf-8")

    return hurt


def pointing_outside(folder: Path) -> None:
    (folder.parent / "elsewhere").write_bytes(b"")
    saying(files={"originals/../../elsewhere": hashlib.sha256(b"").hexdigest()})(folder)


def no_parquet(folder: Path) -> None:
    file = next((folder / "enterprises").rglob("*.parquet"))
    file.write_bytes(b"PAR1")
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    name = file.relative_to(folder).as_posix()
    saying(files=files | {name: hashlib.sha256(b"PAR1").hexdigest()})(folder)


@pytest.mark.parametrize(
    ("hurt", "told"),
    [
        (saying(files=["enterprises"]), (StoreDamaged, "no complete export")),
        (saying(columns=None), (StoreDamaged, "no complete export")),
        (saying(columns={}), (StoreDamaged, r"not what `manifest\.json` declares")),
        (pointing_outside, (StoreDamaged, "no complete export")),
        (no_parquet, (StoreDamaged, r"not what `manifest\.json` declares")),
        (changed, (StoreDamaged, r"enterprises.*not what was exported")),
        (missing, (StoreDamaged, r"originals.*is missing")),
        (unfinished, (StoreDamaged, "no complete export")),
        (saying(store_version="99"), (StoreVersion, "version 99")),
    ],
)
def test_an_export_that_is_not_whole_is_refused_by_name(exported: Path, tmp_path: Path, hurt, told):
    folder = Path(shutil.copytree(exported, tmp_path / "sao-luu"))
    hurt(folder)
    with pytest.raises(told[0], match=told[1]):
        restore(folder, tmp_path / "restored.duckdb")
    assert not (tmp_path / "restored.duckdb").exists()


def test_nothing_that_is_there_is_written_over(path: Path, exported: Path):
    with pytest.raises(PlaceTaken, match=r"not empty.*Choose another place or name"):
        export(path, exported)
    with pytest.raises(PlaceTaken, match=r"left as it is.*Choose another place"):
        restore(exported, path)


def test_nothing_is_restored_beside_the_log_of_a_store_that_is_no_more(exported: Path, tmp_path: Path):
    log = tmp_path / "national.duckdb.wal"
    log.write_bytes(b"what a program that was killed had written")
    with pytest.raises(PlaceTaken, match=r"national\.duckdb\.wal`: a file is there, and left as it is"):
        restore(exported, tmp_path / "national.duckdb")
    assert sorted(path.name for path in tmp_path.iterdir()) == [log.name]


def test_the_head_of_a_store_that_is_no_more_is_not_asked_of_the_one_restored(exported: Path, tmp_path: Path):
    open_store(tmp_path / "empty.duckdb", SCHEMAS, create=True).close()
    export(tmp_path / "empty.duckdb", tmp_path / "sao-luu")
    path = tmp_path / "national.duckdb"
    restore(exported, path)
    path.unlink()
    restore(tmp_path / "sao-luu", path)
    assert store_said(path) == store_said(tmp_path / "empty.duckdb")


def test_a_column_that_is_no_longer_declared_comes_back_too(path: Path, tmp_path: Path):
    shutil.copy(path, tmp_path / "old.duckdb")
    with open_store(tmp_path / "old.duckdb", SCHEMAS) as store:
        store.rows("ALTER TABLE enterprises ADD COLUMN website VARCHAR")
        store.rows("UPDATE enterprises SET website = 'mau.vn'")
    export(tmp_path / "old.duckdb", tmp_path / "export")
    restore(tmp_path / "export", tmp_path / "new.duckdb")
    with open_store(tmp_path / "new.duckdb", SCHEMAS, read_only=True) as store:
        assert store.rows("SELECT DISTINCT website FROM enterprises") == [("mau.vn",)]


def test_the_commands_say_where_the_result_is(path: Path, tmp_path: Path):
    exported = xltrack("export", tmp_path / "e", "--store", path, folder=tmp_path)
    done = xltrack("restore", tmp_path / "e", "--store", tmp_path / "b.duckdb", folder=tmp_path)
    assert (exported.returncode, done.returncode) == (0, 0)
    assert done.stdout.strip() == str(tmp_path / "b.duckdb")


def test_an_export_of_an_earlier_version_is_brought_forward(tmp_path: Path):
    old = tmp_path / "old.duckdb"
    old.write_bytes(gzip.decompress((Path(__file__).parent / "stores" / "version_1.duckdb.gz").read_bytes()))
    folder, files = tmp_path / "sao-luu", {}
    columns: dict[str, dict[str, str]] = {}
    with duckdb.connect(old, read_only=True) as connection:
        for table, name, kind in connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY column_index"
        ).fetchall():
            columns.setdefault(table, {})[name] = kind
        for table in columns:
            file = folder / table / "all.parquet"
            file.parent.mkdir(parents=True)
            query_frame(connection, f'FROM "{table}"', ()).write_parquet(file)
            files[f"{table}/all.parquet"] = hashlib.sha256(file.read_bytes()).hexdigest()
    said = {"xltrack": "0.0", "schemas_version": "", "store_hash": "", "chain_no": 0, "head": ""}
    manifest = said | {"store_version": "1", "columns": columns, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    restore(folder, tmp_path / "new.duckdb")
    with open_store(old, SCHEMAS):
        """It is brought forward where it is."""
    assert store_said(tmp_path / "new.duckdb") == store_said(old)
    assert verify(tmp_path / "new.duckdb", originals=False).in_order


def store_said(path: Path) -> tuple:
    with open_store(path, SCHEMAS, read_only=True) as store:
        return store_hash(store), len(store.rows("FROM original")), len(store.rows("FROM chain"))
