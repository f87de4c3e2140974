"""Contacts are removed from the store for good, and nothing else changes."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

import xltrack
from tests.command_line import xltrack as run
from tests.messes.arrivals import SCHEMAS, Arrival, written
from tests.rollup_stores import store_of
from xltrack.errors import OutputError, UnknownName
from xltrack.intake import Received
from xltrack.intake.sandbox import unpack
from xltrack.pipeline import rebuild
from xltrack.pipeline.redacting import redact_contacts
from xltrack.pipeline.seeking import Found, seeker
from xltrack.pipeline.verifying import verify
from xltrack.rollup import roll_up
from xltrack.store import open_store
from xltrack.store.carrying import carried

pytestmark = pytest.mark.slow

FILES = """
file     | unit   | year
a.x.xlsx | T34-24 | 2025
b.o.xlsx | T34-25 | 2025
"""
SHEETS = {
    "focal_agency": """
    file     | agency_name     | contact_position | office_phone  | office_email
    a.x.xlsx | Sở KH&CN        | Trưởng phòng     | 0204 3854 321 | phongtc@example.gov.vn
    b.o.xlsx | Sở KH&CN tỉnh   | Chuyên viên      | 0210 3846 987 | sokhcn@example.gov.vn
    """,
    "enterprises": """
    file     | tax_code | enterprise_name
    a.x.xlsx | A        | Công ty An Bình
    b.o.xlsx | B        | Công ty Bát Nhã
    """,
    "applications": """
    file     | application_id | tax_code | tool_code | status
    a.x.xlsx | HT1            | A        | ISO-9001  | Đang thực hiện
    b.o.xlsx | HT1            | B        | ISO-9001  | Đang thực hiện
    """,
}
CONTACTS = (
    "SELECT return_unit, contact_position, office_phone, office_email FROM current_focal_agency ORDER BY ALL"
)


def figures(store):
    with open_store(store, SCHEMAS, read_only=True) as opened:
        return roll_up(opened, SCHEMAS).figures.sort("measure", "period", "view", "unit_code", "value")


def test_contacts_of_a_unit_go_and_figures_chain_and_other_units_stay(tmp_path):
    store = tmp_path / "s.duckdb"
    paths = written(Arrival("", "", "", FILES, SHEETS), tmp_path)
    content = paths[0].read_bytes()
    assert xltrack.merge(paths, store).files[0].verdict == "accepted"
    before = figures(store)
    assert all(said in store.read_bytes() for said in (content[2000:2200], b"phongtc@example.gov.vn"))
    done = redact_contacts(store, "T34-24", reason="theo yêu cầu", by="Sở KH&CN")
    assert (done.files, done.cells) == (("a.x.xlsx",), 3)
    assert figures(store).equals(before)
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert opened.rows(CONTACTS) == [
            ("T34-24", None, None, None),
            ("T34-25", "Chuyên viên", "0210 3846 987", "sokhcn@example.gov.vn"),
        ]
        assert opened.rows("SELECT count(*) FROM original WHERE size = 0") == [(1,)]
    # Nothing of it is left in the file, the chain still holds, and the file is known if it comes again.
    left = store.read_bytes()
    assert content[2000:2200] not in left
    assert b"phongtc@example.gov.vn" not in left
    assert verify(store).faults == ()
    assert xltrack.merge(paths[:1], store).files[0].verdict == "duplicate"
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert opened.rows(CONTACTS)[0] == ("T34-24", None, None, None)
    # Nor does it bring anything back where its arrival is known by now, which the store then notes.
    arrival = datetime(2025, 11, 20, 9, tzinfo=UTC)
    assert xltrack.merge(paths[:1], store, received=arrival).files[0].verdict == "duplicate"
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert opened.rows(CONTACTS)[0] == ("T34-24", None, None, None)
        assert opened.rows("SELECT received_at FROM submission WHERE file_name = 'a.x.xlsx'") == [
            (arrival.replace(tzinfo=None),)
        ]
    assert content[2000:2200] not in store.read_bytes()
    assert verify(store).faults == ()


BESIDE = {
    "enterprises": """
    file     | tax_code     | enterprise_name | legal_form
    a.x.xlsx | A            | Công ty An Bình |
    a.x.xlsx | C            | Công ty Cát Lợi |
    b.x.xlsx | B            | Công ty Bát Nhã |
    b.x.xlsx | 079086012345 | Hộ bà Mẫu       | Hộ kinh doanh
    """,
    "applications": """
    file     | application_id | tax_code | tool_code | status         | consultant
    a.x.xlsx | HT1            | A        | ISO-9001  | Đang thực hiện |
    a.x.xlsx | HT2            | C        | ISO-9001  | Đang thực hiện | cùng hộ 079086012345 ở chợ
    b.x.xlsx | HT1            | B        | Lạ lắm    | Đang thực hiện |
    """,
}


def test_it_goes_from_whatever_holds_it_and_all_else_is_left_and_told(tmp_path):
    """A rejected file holds it too, another household's row may name it, and a file with none of it stays whole."""
    store = tmp_path / "s.duckdb"
    files = "file | unit | year\na.x.xlsx | T34-24 | 2025\nb.x.xlsx | T34-25 | 2025"
    paths = written(Arrival("", "", "", files, BESIDE), tmp_path)
    (tmp_path / "k.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    merged = xltrack.merge([*paths, tmp_path / "k.xls"], store).files
    assert sorted(file.verdict for file in merged) == ["accepted", "rejected", "unreadable"]
    with open_store(store, SCHEMAS, read_only=True) as opened:
        ((company,),) = opened.rows(
            "SELECT tax_code FROM current_enterprises WHERE enterprise_name LIKE '%Bình'"
        )
    spared = redact_contacts(store, company, reason="theo yêu cầu", by="Công ty")
    assert (spared.redacted, spared.left, [name for name, _ in spared.closed]) == (
        (),
        ("a.x.xlsx",),
        ["k.xls"],
    )
    assert verify(store).reread == 1, "its original is still there"
    done = redact_contacts(store, "079086012345", reason="theo yêu cầu", by="Hộ bà Mẫu")
    assert [(one.name, one.cells) for one in done.redacted] == [("a.x.xlsx", 1), ("b.x.xlsx", 0)]
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert opened.rows("SELECT consultant FROM current_applications WHERE application_id = 'HT2'") == [
            ("cùng hộ •••••••••••• ở chợ",)
        ]
        assert opened.rows("SELECT count(*) FROM original WHERE size = 0") == [(2,)]
        said = opened.rows(
            "SELECT count(*) FROM finding WHERE concat_ws('', value, message_vi) LIKE '%79086012345%'"
        )
    assert said == [(0,)]
    found = verify(store)
    assert (found.faults, found.reread, found.not_reread) == ((), 0, {"redacted": 2, "unreadable": 1})
    assert b"79086012345" not in store.read_bytes()


def test_contacts_are_sought_only_where_there_are_some(tmp_path):
    store = store_of(tmp_path / "s.duckdb", "unit | year\nT34-24 | 2025")
    done = redact_contacts(store, "T34-24", reason="x", by="y")
    assert (done.redacted, len(done.left)) == ((), 1)
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert opened.rows("SELECT count(*) FROM chain WHERE kind = 'redaction'") == [(0,)]
        ((sha256,),) = opened.rows("SELECT sha256 FROM submission")
    asked = redact_contacts(store, sha256[:12], reason="x", by="y")
    assert asked.files == done.left, "who names one file wants it gone"


def test_who_redacts_is_told_where_the_files_still_are(tmp_path):
    store = tmp_path / "s.duckdb"
    xltrack.merge(written(Arrival("", "", "", FILES, SHEETS), tmp_path), store)
    asked = ("--reason", "theo yêu cầu", "--by", "Sở KH&CN", "--store", store)
    done = run("redact", "T34-24", *asked, folder=tmp_path)
    assert "a.x.xlsx: đã xóa 3 ô và tệp gốc" in done.stdout
    assert "Hộp thư đến, hộp thư đi, bản sao và bản xuất vẫn giữ tệp như đã nhận" in done.stdout


def test_a_name_that_means_nothing_in_the_store_is_said(tmp_path):
    store = store_of(tmp_path / "s.duckdb", "unit | year\nT34-24 | 2025\nT63-24 | 2025")
    for what, said in (("T34-01", "T34-01"), ("ffffffffff", "SHA-256"), ("24", "T34-24, T63-24")):
        with pytest.raises(UnknownName) as caught:
            redact_contacts(store, what, reason="x", by="y")
        assert said in caught.value.message("vi")


TEXTS = """
holds  | mã số 0100109106
holds  | mã số 0100 109 106, Hà Nội
holds  | 0100.109.106
holds  | 100109106;12
holds  | 0100109106 12/2025
free   | 5100109106
free   | 0100109106123
free   | 1001091060
free   | 5 100 109 106
free   | 10010;9106
closed | Content-Transfer-Encoding: base64
"""
CELLS = """
holds | 0100109106
holds | 100109106
holds | Cty A (0100 109 106)
free  | 5100109106
free  | 10010
"""


@pytest.mark.parametrize("line", TEXTS.strip().splitlines())
def test_a_code_is_found_in_a_text_as_a_number_of_its_own(line):
    found, text = line.split("|")
    look = seeker(code="0100109106")
    assert unpack(look(received(text.strip().encode())), Found) == found.strip()


@pytest.mark.parametrize("line", CELLS.strip().splitlines())
def test_a_code_is_found_in_a_workbook_within_one_cell(line, tmp_path):
    found, text = (one.strip() for one in line.split("|"))
    look = seeker(code="0100109106")
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [int(text) if text.isdecimal() and text[0] != "0" else text, 9106])
        sheet.data_validation("A3", {"validate": "integer", "criteria": "<", "value": 1001091069})
        if found == "holds":
            bold = book.add_format({"bold": True})
            sheet.write(0, 0, "")
            sheet.write_rich_string(1, 0, text[:5], bold, text[5:])
    assert unpack(look(received((tmp_path / "b.xlsx").read_bytes())), Found) == found


def received(content):
    return Received(Path("b"), content, len(content), "0" * 64)


@pytest.mark.parametrize("filler", ["000000000000", "0000000000", "0000012345", "9999999999"])
def test_what_is_no_code_or_nobodys_removes_nothing(filler, tmp_path):
    """Zeros stand in every file, and the template bounds its numbers by nines."""
    store = tmp_path / "s.duckdb"
    files = "file | unit | year\na.x.xlsx | T34-24 | 2025\nb.x.xlsx | T34-25 | 2025"
    xltrack.merge(written(Arrival("", "", "", files, BESIDE), tmp_path), store)
    with pytest.raises(UnknownName):
        redact_contacts(store, filler, reason="x", by="y")
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert opened.rows("SELECT count(*) FROM original WHERE size > 0") == [(2,)]


HOUSEHOLD, OTHER = "079086012345", "001088012345"
ROUNDS = """
file     | unit   | year
a.x.xlsx | T63-24 | 2024
b.x.xlsx | T34-24 | 2025
c.x.xlsx | T34-25 | 2025
"""
OF_HOUSEHOLDS = {
    "enterprises": f"""
    file     | tax_code    | enterprise_name       | legal_form   | address        | main_activity
    a.x.xlsx | {HOUSEHOLD} | Hộ bà Nguyễn Thị Mẫu  | Hộ kinh doanh | Số 1 phố Hoa   | Làm bún
    a.x.xlsx | A           | Công ty An Bình       |              | Số 2 phố Hoa   | Gọi ông A, ĐT 0912 345 678
    b.x.xlsx | {HOUSEHOLD} | Hộ bà Nguyễn Thị Mẫu  | Hộ kinh doanh | Số 1 phố Hoa   |
    c.x.xlsx | {OTHER}     | Hộ ông Trần Văn Thử   | Hộ kinh doanh | Số 3 phố Hoa   |
    """,
    "applications": f"""
    file     | application_id | tax_code    | tool_code | status         | consultant
    a.x.xlsx | HT1            | {HOUSEHOLD} | 5S        | Đang thực hiện | CCCD {OTHER}
    a.x.xlsx | HT2            | A           | ISO-9001  | Đang thực hiện |
    b.x.xlsx | HT1            | {HOUSEHOLD} | 5S        | Hoàn thành     |
    c.x.xlsx | HT1            | {OTHER}     | 5S        | Đang thực hiện |
    """,
}


@pytest.fixture(scope="module")
def households(tmp_path_factory):
    folder = tmp_path_factory.mktemp("households")
    store = folder / "s.duckdb"
    paths = written(Arrival("", "", "", ROUNDS, OF_HOUSEHOLDS), folder)
    assert [file.verdict for file in xltrack.merge(paths, store).files] == ["accepted"] * 3
    assert all(said.encode() in store.read_bytes() for said in (HOUSEHOLD, "Nguyễn Thị Mẫu"))
    return store, paths, figures(store)


def test_a_household_goes_from_all_files_and_is_counted_as_before(households, tmp_path):
    store, paths, before = households
    done = redact_contacts(store, HOUSEHOLD, reason="theo yêu cầu", by="Hộ kinh doanh")
    assert done.files == ("a.x.xlsx", "b.x.xlsx")
    assert figures(store).equals(before)
    left = store.read_bytes()
    assert HOUSEHOLD.encode() not in left
    assert "Nguyễn Thị Mẫu".encode() not in left
    with open_store(store, SCHEMAS, read_only=True) as opened:
        listed = opened.rows(
            "SELECT tax_code, enterprise_name, address FROM current_enterprises ORDER BY ALL"
        )
        code = listed[-1][0]
        assert [row[0] for row in listed].count(code) == 2
        assert (OTHER, "Hộ ông Trần Văn Thử", "Số 3 phố Hoa") in listed
        assert listed[-1] == (code, None, None)
        assert len(code) == 12
        assert not code.isdecimal()
        next_round = SCHEMAS.units.round(2026, "annual")
        assert next_round is not None
        prefilled = carried(opened, SCHEMAS.units.by_code["T34-24"], next_round).rows
        assert code not in str(prefilled), "it could not be sent again"
        assert opened.rows(
            "SELECT consultant FROM current_applications WHERE tax_code = ? ORDER BY 1", [code]
        )[0] == ("CCCD •••••••••345",)
    assert verify(store).faults == ()
    assert xltrack.merge(paths[:1], store).files[0].verdict == "duplicate"
    assert rebuild(store, tmp_path / "again.duckdb").in_order
    assert verify(tmp_path / "again.duckdb").faults == ()


def test_a_file_that_cannot_be_replaced_is_written_anew_by_the_next_run(households, monkeypatch):
    store, _, before = households
    with monkeypatch.context() as hindered:
        hindered.setattr(Path, "replace", _in_use)
        with pytest.raises(OutputError, match="run the command again"):
            redact_contacts(store, OTHER, reason="theo yêu cầu", by="Hộ kinh doanh")
    with pytest.raises(UnknownName):
        redact_contacts(store, OTHER, reason="theo yêu cầu", by="Hộ kinh doanh")
    assert "Trần Văn Thử".encode() not in store.read_bytes()
    assert figures(store).equals(before)


def _in_use(path: Path, target: Path) -> None:
    """Replace nothing but the head, as where a reader has the store open on Windows."""
    if not target.name.endswith(".head"):
        raise PermissionError(13, "in use", str(target))
    os.replace(path, target)  # noqa: PTH105  # the method is what this stands for


def test_of_an_enterprise_only_what_is_a_persons_goes(households):
    store, _, before = households
    with open_store(store, SCHEMAS, read_only=True) as opened:
        ((code,),) = opened.rows("SELECT tax_code FROM current_enterprises WHERE main_activity LIKE 'Gọi%'")
    done = redact_contacts(store, code, reason="theo yêu cầu", by="Công ty")
    assert (done.files, done.cells) == (("a.x.xlsx",), 1)
    assert figures(store).equals(before)
    with open_store(store, SCHEMAS, read_only=True) as opened:
        said = opened.rows(
            "SELECT enterprise_name, main_activity FROM current_enterprises WHERE tax_code = ?", [code]
        )
        assert said == [("Công ty An Bình", "Gọi ông A, ĐT •••••••678")]
    assert verify(store).faults == ()


def test_rows_that_were_changed_after_they_were_redacted_are_found(households):
    store, _, _ = households
    with open_store(store, SCHEMAS) as opened, opened.transaction():
        opened.rows("UPDATE enterprises SET enterprise_name = 'Khác' WHERE enterprise_name IS NULL")
    assert any("enterprises" in fault.vi for fault in verify(store).faults)
