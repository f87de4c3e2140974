"""What was read once is not read again, and nobody could tell but by the clock."""

import os
import shutil
import stat
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import xltrack
from tests.command_line import xltrack as typed
from tests.hostile import HOSTILE
from tests.messes.arrivals import SCHEMAS, Arrival, arrivals, written
from tests.rollup_stores import rows_of
from xltrack import cache
from xltrack.cache import DAYS, Cache, uncached, user_cache
from xltrack.errors import OutputError, SchemaError
from xltrack.findings import message
from xltrack.forms import load_schemas, shipped
from xltrack.intake import Received, receive
from xltrack.intake.sandbox import Garbled, Limits, Stopped, pack, process, unpack
from xltrack.pipeline import examiners, examining, keeping
from xltrack.pipeline.keeping import Kept
from xltrack.pipeline.model import Answer, Asked, Examined, unread
from xltrack.pipeline.passage import passages
from xltrack.pipeline.redacting import redact_contacts
from xltrack.pipeline.rereading import reread, stored
from xltrack.pipeline.watching import silent
from xltrack.stages import Profile, profiled
from xltrack.store import open_store

FILES = """
file     | unit   | year
a.x.xlsx | T34-24 | 2025
b.o.xlsx | T34-25 | 2025
"""
SHEETS = {
    "enterprises": """
    file     | tax_code   | enterprise_name
    a.x.xlsx | A          | Công ty An Bình
    a.x.xlsx | 01002334   | Công ty sai mã
    b.o.xlsx | A          | Công ty An Bình
    """,
    "applications": """
    file     | application_id | tax_code | tool_code | status
    a.x.xlsx | HT1            | A        | ISO-9001  | Đang thực hiện
    b.o.xlsx | HT1            | A        | ISO-9001  | Đang thực hiện
    """,
    "funding": """
    file     | subject_kind | subject_id | year | source               | figure_kind | amount
    a.x.xlsx | Áp dụng      | HT1        | 2025 | Ngân sách địa phương | Giải ngân   | 10
    b.o.xlsx | Áp dụng      | HT1        | 2025 | Ngân sách địa phương | Giải ngân   | 20
    """,
}
DAY = datetime(2025, 11, 20, 9, tzinfo=UTC)
DAYS_LATE = datetime(2025, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the folder of a cache that is empty."""
    monkeypatch.setenv("XLTRACK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "xltrack"


@pytest.fixture
def inbox(tmp_path):
    """Return a folder with two returns: one with an error, and both of the same enterprise."""
    place = tmp_path / "inbox"
    place.mkdir()
    written(Arrival("", "", "", FILES, SHEETS), place)
    return place


def counted(do):
    """Return what `do` returns, how many files were read for it and how many were known."""
    profile = Profile()
    with profiled(profile):
        result = do()
    gate = profile.spent.get("gate")
    return result, gate.times if gate else 0, profile.counts.get("kept", 0)


def validated(*paths, **wanted):
    result, read, known = counted(lambda: xltrack.validate(paths, **wanted))
    return result.files, read, known


def test_a_file_is_read_once_for_all_that_is_asked_later(folder, inbox, tmp_path, monkeypatch):
    first, read, _ = validated(inbox)
    assert (read, {file.verdict for file in first}) == (2, {"rejected", "accepted"})
    assert "XLT616" in {finding.code for file in first for finding in file.findings}
    monkeypatch.setattr(process, "_started", lambda: pytest.fail("a worker was started"))
    assert validated(inbox) == (first, 0, 2)
    merged, read, known = counted(lambda: xltrack.merge([inbox], tmp_path / "s.duckdb"))
    assert ([file.verdict for file in merged.files], read, known) == (["rejected", "accepted"], 0, 2)


DATED = """
file     | unit   | year | figures          | nil
a.x.xlsx | T34-24 | 2025 | Số ước thực hiện | Không
b.o.xlsx | T34-25 | 2025 | Số ước thực hiện | Không
c.x.xlsx | T34-01 | 2025 | Số thực hiện     | Có
"""
ON_A_DAY = """
received   | wrong rows       | estimate         | actual
-          | rejected         | accepted         | accepted
2025-11-24 | rejected         | accepted         | rejected XLT126
2025-12-01 | rejected XLT127  | accepted XLT127  | rejected XLT127 XLT126
2025-12-20 | rejected XLT127  | accepted XLT127  | accepted XLT127
"""


def dated_table(do):
    """Return `ON_A_DAY` as `do` says it, which returns results on files received on a day."""
    for row in rows_of(ON_A_DAY):
        day = row["received"]
        files = do(None if day == "-" else datetime.fromisoformat(f"{day}T09:00:00+07:00"), day)
        said = [
            [file.verdict, *(found.code for found in file.findings if found.code in ("XLT126", "XLT127"))]
            for file in files
        ]
        assert [" ".join(words) for words in said] == list(row.values())[1:], day


def test_a_file_is_read_once_whenever_it_came(folder, tmp_path, monkeypatch):
    place = tmp_path / "dated"
    place.mkdir()
    written(Arrival("", "", "", DATED, SHEETS), place)

    def merged(received, day):
        return xltrack.merge([place], tmp_path / f"{day}.duckdb", received=received).files

    with uncached():
        plain = xltrack.validate([place], received=DAYS_LATE).files
    assert validated(place)[1] == 3
    monkeypatch.setattr(process, "_started", lambda: pytest.fail("a worker was started"))
    dated_table(merged)
    dated_table(lambda received, _: xltrack.validate([place], received=received).files)
    assert xltrack.validate([place], received=DAYS_LATE).files == plain


def test_a_day_of_signing_to_come_is_told_whether_or_not_somebody_says_when_it_came(folder, tmp_path):
    one = "file | unit | year | nil | signed_on\na.x.xlsx | T34-24 | 2025 | Có | 05/12/2099"
    (path,) = written(Arrival("", "", "", one, {}), tmp_path)
    said = {}
    for received in (None, DAY):
        (file,) = xltrack.validate([path], received=received).files
        said[received] = [message(found, "en") for found in file.findings if found.code == "XLT576"]
        assert file.verdict == "accepted"
    assert said[DAY] == ["“Signed on” 05/12/2099 is later than the day of receipt, 20/11/2025."]
    (today,) = said[None]
    assert "05/12/2099 is later than today, " in today


def test_whether_good_rows_are_taken_depends_on_the_day(folder, tmp_path):
    one = "file | unit | year | figures\na.x.xlsx | T34-24 | 2025 | Số thực hiện"
    (path,) = written(Arrival("", "", "", one, SHEETS), tmp_path)
    verdicts = {}
    for day in ("2025-12-20", "2025-12-01", "2025-12-20"):
        received = datetime.fromisoformat(f"{day}T09:00:00+07:00")
        (file,) = xltrack.merge([path], tmp_path / f"{day}.duckdb", received=received, partial=True).files
        verdicts[day] = file.verdict, {"XLT625", "XLT626"} & {found.code for found in file.findings}
    # Actual figures up to a day that had not come: an error of no row.
    assert verdicts["2025-12-01"] == ("rejected", {"XLT626"})
    assert verdicts["2025-12-20"][1] == {"XLT625"}


VERDICTS = {"accepted", "rejected", "unreadable", "quarantined", "passed_over"}
STORED = (
    "SELECT * EXCLUDE merged_at FROM submission ORDER BY chain_no",
    "SELECT * FROM finding ORDER BY ALL",
    "SELECT * FROM enterprises ORDER BY ALL",
    "SELECT * FROM funding ORDER BY ALL",
    "SELECT kind, subject, facts FROM chain ORDER BY chain_no",
)


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """Return a folder with good files, wrong ones, hostile ones, and such as are no submissions."""
    place = tmp_path_factory.mktemp("everything")
    for number, case in enumerate([Arrival("", "", "", FILES, SHEETS), *arrivals()[::16]]):
        (place / str(number)).mkdir()
        written(case, place / str(number))
    for name in (*list(HOSTILE)[::60], "VBA"):
        (place / f"{len(name)}.xlsx").write_bytes(HOSTILE[name].make())
    (place / "~$a.xlsx").write_bytes(b"")
    return place


def told(everything, place):
    place.mkdir()
    yield xltrack.validate([everything], received=DAY).files
    yield xltrack.merge([everything], place / "s.duckdb", received=DAY, partial=True).files
    with open_store(place / "s.duckdb", SCHEMAS, read_only=True) as opened:
        yield [opened.rows(query) for query in STORED]


def test_nothing_is_found_or_stored_otherwise(folder, everything, tmp_path):
    with uncached():
        plain = list(told(everything, tmp_path / "plain"))
    assert not folder.exists()
    assert {one.verdict for one in plain[0]} >= VERDICTS
    kept, read, known = counted(lambda: list(told(everything, tmp_path / "kept")))
    assert kept == plain
    assert known > read / 2 > 0


def test_the_good_rows_of_a_file_with_errors_are_another_answer(folder, inbox, tmp_path):
    validated(inbox)
    taken, read, known = counted(lambda: xltrack.merge([inbox], tmp_path / "s.duckdb", partial=True))
    assert ([file.verdict for file in taken.files], read, known) == (["partial", "accepted"], 1, 1)
    whole, read, known = counted(lambda: xltrack.merge([inbox], tmp_path / "t.duckdb"))
    assert ([file.verdict for file in whole.files], read, known) == (["rejected", "accepted"], 0, 2)


# ── the key ──────────────────────────────────────────────────────────────────────────────────────────────────────

FILE = Received(Path("a.xlsx"), b"content", 7, "f" * 64, DAY)


def taken(parcel):
    return Examined(unpack(parcel, Answer).result)


class Desk:
    """Answers in the place of a worker, and counts how often it is asked."""

    def __init__(self, verdict="accepted"):
        self.asked = 0
        self.result = unread(Path("a.xlsx"), None, (), verdict)

    def ask(self, item, accept, *, share=1):
        self.asked += 1
        return accept(pack(Answer(self.result), Answer))

    def answers(self, file=FILE, order=None, schemas=SCHEMAS, partly=False):
        """Return what is found out about `file`, and whether the desk was asked for it."""
        before, kept = self.asked, Kept(order or examiners.order(schemas.directory))
        examined = kept.answer(self.ask, Asked(file, partly=partly), taken)
        kept.end()
        assert examined == Examined(self.result)
        return self.asked > before


@pytest.fixture
def desk(folder):
    """Return a desk that was asked about `FILE`, and whose answer is kept."""
    desk = Desk()
    assert desk.answers()
    assert not desk.answers()
    return desk


@pytest.mark.parametrize(
    "change",
    [
        {"path": Path("a (2).xlsx")},
        {"sha256": "0" * 64},
    ],
    ids=str,
)
def test_another_file_is_another_question(desk, change):
    assert desk.answers(replace(FILE, **change))
    assert not desk.answers(replace(FILE, **change))
    assert not desk.answers()


@pytest.mark.parametrize("arrival", [datetime(2025, 11, 30, tzinfo=UTC), None], ids=str)
def test_when_a_file_came_is_another_question_only_for_its_good_rows(folder, arrival):
    desk, other = Desk("rejected"), replace(FILE, arrival=arrival)
    assert desk.answers()
    assert not desk.answers(other)
    assert desk.answers(partly=True)
    assert desk.answers(other, partly=True)
    assert not desk.answers(other, partly=True)


def test_what_was_not_read_whole_is_asked_every_time(desk):
    assert desk.answers(replace(FILE, sha256=""))
    assert desk.answers(replace(FILE, sha256=""))


@pytest.mark.parametrize(
    ("verdict", "again"), [("accepted", False), ("quarantined", False), ("rejected", True)]
)
def test_only_what_has_errors_is_asked_again_for_its_good_rows(folder, verdict, again):
    desk = Desk(verdict)
    desk.answers()
    assert desk.answers(partly=True) == again
    assert not desk.answers(partly=True)
    assert not desk.answers()


def test_other_declarations_are_another_question(desk, tmp_path):
    shutil.copytree(shipped("schemas"), tmp_path / "schemas")
    same = load_schemas(tmp_path / "schemas")
    assert not desk.answers(schemas=same, order=examiners.order(SCHEMAS.directory))
    ceilings = tmp_path / "schemas" / "code_lists" / "support_ceilings.csv"
    ceilings.write_text(ceilings.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert desk.answers(schemas=same)


def test_who_read_declarations_before_they_changed_answers_nobody_who_asks_later(tmp_path):
    place = Path(shutil.copytree(shipped("schemas"), tmp_path / "schemas"))
    before: Any = examiners.order(place)
    assert examiners.order(place) == before
    ceilings = next(place.rglob("*.csv"))
    ceilings.write_text(ceilings.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert examiners.order(place) != before
    with pytest.raises(SchemaError):
        examining.examiner(**before.keywords)


def test_other_limits_and_another_reader_are_another_question(desk):
    order = examiners.order(SCHEMAS.directory)
    assert desk.answers(order=replace(order, limits=Limits(seconds=9)))
    assert desk.answers(order=replace(order, factory="xltrack.pipeline.looking:looker"))


@pytest.mark.skipif(os.name == "nt", reason="links need a right")
def test_another_program_is_another_question(desk, tmp_path, monkeypatch):
    rule = tmp_path / "program" / "rules" / "XLT500.sql"
    rule.parent.mkdir(parents=True)
    monkeypatch.setattr(keeping, "_PROGRAM", tmp_path / "program")
    for query in ("SELECT 1", "SELECT 2"):
        rule.write_text(query, encoding="utf-8")
        assert desk.answers()
    rule.rename(rule.with_name("XLT501.sql"))
    assert desk.answers()
    (rule.parent / "saved.sql").symlink_to(tmp_path / "gone.sql")
    assert desk.answers()
    assert desk.answers()


def test_another_version_of_a_library_is_another_question(desk, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert not desk.answers()
    (tmp_path / "site" / "polars-99.0.dist-info").mkdir(parents=True)
    assert desk.answers()


def test_the_folder_of_a_file_is_no_part_of_what_it_is(folder, inbox, tmp_path):
    first, *_ = validated(inbox)
    moved = shutil.move(inbox, tmp_path / "khác")
    again, read, known = validated(moved)
    assert (read, known) == (0, 2)
    assert [file.path.parent for file in again] == [tmp_path / "khác"] * 2
    assert [file.findings for file in again] == [file.findings for file in first]


def test_what_ends_a_worker_is_tried_again(folder):
    def stopped(item, accept, *, share=1):
        raise Stopped("slow")

    with pytest.raises(Stopped):
        Kept(examiners.order(SCHEMAS.directory)).answer(stopped, Asked(FILE), taken)
    assert Desk().answers()


def test_an_answer_that_is_none_is_not_kept(folder):
    def garbled(parcel):
        raise Garbled

    with pytest.raises(Garbled):
        Kept(examiners.order(SCHEMAS.directory)).answer(Desk().ask, Asked(FILE), garbled)
    assert Desk().answers()


def test_rows_too_large_to_be_kept_are_read_when_they_are_wanted(inbox, monkeypatch):
    monkeypatch.setattr(examining, "MOST_KEPT", 10)
    asked = Asked(receive(inbox / "b.o.xlsx"), kept=True)
    workbook = examining.read(asked.file, SCHEMAS).workbook
    assert examining._rows(workbook, asked, passages(SCHEMAS)) == ()
    assert examining._rows(workbook, replace(asked, rows=True), passages(SCHEMAS))


# ── what lies there ──────────────────────────────────────────────────────────────────────────────────────────────


def entries(folder):
    return sorted(folder.glob("*.kept"))


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"0")


def of_another(path):
    other = next(one for one in entries(path.parent) if one != path)
    path.write_bytes(other.read_bytes())


def foreign(path):
    Cache(path.parent).keep(path.stem, b"\x00\x01\x00" + (5).to_bytes(8, "little") + b"[1,2]")


def no_parcel(path):
    Cache(path.parent).keep(path.stem, b"what is this?")


@pytest.mark.parametrize(
    "spoil", [cut, flip, empty, lengthen, of_another, foreign, no_parcel], ids=lambda one: one.__name__
)
def test_a_broken_or_foreign_entry_is_as_if_it_were_not_there(desk, folder, spoil):
    (entry,) = entries(folder)
    desk.answers(replace(FILE, sha256="0" * 64))
    spoil(entry)
    assert desk.answers()
    assert not desk.answers()


def test_where_an_entry_cannot_be_written_it_is_asked_again(desk, folder):
    (entry,) = entries(folder)
    entry.unlink()
    entry.mkdir()
    assert desk.answers()
    assert desk.answers()


def test_no_entry_unpacks_to_more_than_an_answer_may_have(tmp_path):
    kept = Cache(tmp_path / "c")
    kept.keep("a", bytes(10_000))
    assert kept.find("a", 10_000) == bytes(10_000)
    assert kept.find("a", 9_999) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows gives rights by folder")
def test_only_the_user_may_look_into_it(folder):
    folder.mkdir(parents=True, mode=0o755)
    Desk().answers()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in entries(folder)} == {0o600}


def test_what_is_old_or_too_much_goes_and_nothing_else(desk, folder, monkeypatch):
    old, left, other = (folder / name for name in (f"{'0' * 64}.kept", ".0.kept", "notes.txt"))
    for path in (old, left, other):
        path.write_bytes(b"x" * 100)
        os.utime(path, (0, time.time() - DAYS * 24 * 3600 - 60))
    (entry,) = set(entries(folder)) - {old, left}
    os.utime(entry, (0, time.time() - DAYS * 24 * 3600 - 60))
    assert desk.answers()
    desk.answers(replace(FILE, sha256="0" * 64))
    assert [path.exists() for path in (old, left, other)] == [False, False, True]
    first, second = entries(folder)
    os.utime(first, (0, time.time() - 60))
    monkeypatch.setattr(cache, "MOST_BYTES", second.stat().st_size)
    Cache(folder).tidy()
    assert entries(folder) == [second]


# ── where it is not ──────────────────────────────────────────────────────────────────────────────────────────────


def no_folder(folder, monkeypatch):
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.write_bytes(b"a file where the folder would be")


def another_s(folder, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)


def an_administrators(folder, monkeypatch):
    if not hasattr(os, "geteuid"):
        pytest.skip("Windows gives no numbers to users")
    monkeypatch.setattr(os, "geteuid", lambda: folder.parent.parent.stat().st_uid + 1)


def full(folder, monkeypatch):
    def refuse(path, *_, **__):
        tried.append(path)
        raise OutputError(path=path, reason="full")

    tried: list[Path] = []
    monkeypatch.setattr(cache, "replace_file", refuse)
    return tried


def off(folder, monkeypatch):
    monkeypatch.setenv("XLTRACK_CACHE", "off")


def typed_off(folder, monkeypatch):
    monkeypatch.chdir(folder.parent.parent)
    monkeypatch.setenv("XLTRACK_CACHE", "OFF ")


@pytest.mark.parametrize(
    "way", [no_folder, another_s, an_administrators, full, off, typed_off], ids=lambda one: one.__name__
)
def test_without_it_everything_is_as_it_was(folder, monkeypatch, way, tmp_path):
    tried, desk = way(folder, monkeypatch), Desk()
    assert desk.answers()
    assert desk.answers()
    assert tried is None or len(tried) == 2
    assert not list(tmp_path.glob("*/xltrack/*.kept"))


@pytest.mark.skipif(os.name == "nt", reason="Windows gives rights by folder")
def test_a_folder_elsewhere_keeps_its_rights(folder, tmp_path):
    (tmp_path / "shared").mkdir(mode=0o755)
    folder.parent.mkdir()
    folder.symlink_to(tmp_path / "shared")
    assert not Cache(folder)
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_after_one_failure_no_more_is_tried(folder, monkeypatch):
    tried, kept = full(folder, monkeypatch), Cache(folder)
    for key in "abc":
        kept.keep(key, b"")
    assert len(tried) == 1


def test_by_default_it_is_where_the_system_wants_it(monkeypatch, tmp_path):
    monkeypatch.delenv("XLTRACK_CACHE", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    places = {
        "win32": "AppData/Local/xltrack/Cache",
        "darwin": "Library/Caches/xltrack",
        "linux": ".cache/xltrack",
    }
    for system, place in places.items():
        monkeypatch.setattr(sys, "platform", system)
        assert user_cache()
        assert (tmp_path / place).is_dir()
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert not user_cache()


def test_two_runs_at_once_do_not_disturb_one_another(folder):
    desks = [Desk() for _ in range(2)]
    files = [replace(FILE, sha256=f"{number:064}") for number in range(5)]
    runs = [
        threading.Thread(target=lambda desk=desk: [desk.answers(file) for file in files]) for desk in desks
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(entries(folder)) == 5
    assert not any(desks[0].answers(file) for file in files)


def test_an_originals_examination_is_never_what_was_kept(folder, inbox, tmp_path):
    store = tmp_path / "s.duckdb"
    xltrack.merge([inbox], store)
    with open_store(store, SCHEMAS, read_only=True) as opened:
        again, read, known = counted(lambda: list(reread(opened, stored(opened), SCHEMAS, silent)))
    assert (len(again), read, known) == (2, 2, 0)


def test_a_redaction_leaves_nothing_there(folder, inbox, tmp_path):
    store = tmp_path / "s.duckdb"
    xltrack.merge([inbox], store)
    assert entries(folder)
    redact_contacts(store, "T34-25", reason="theo yêu cầu", by="Sở KH&CN")
    assert not entries(folder)


def test_at_the_command_line_it_is_there_unless_it_is_not_wanted(folder, inbox):
    first = typed("validate", inbox, "--no-cache", folder=inbox.parent)
    assert not entries(folder)
    for known in (0, 2):
        again = typed("validate", inbox, "--profile", "--lang", "en", folder=inbox.parent)
        assert f"{known} tệp đã đọc từ lần trước" in again.stderr
        assert again.returncode == first.returncode == 1
    assert typed("validate", inbox, folder=inbox.parent).stdout == first.stdout
    merged = typed("merge", inbox, "--no-cache", "--profile", folder=inbox.parent)
    assert "0 tệp đã đọc từ lần trước" in merged.stderr
