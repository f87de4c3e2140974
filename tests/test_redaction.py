"""Contacts are removed from the store for good, and nothing else changes."""

import pytest

import xltrack
from tests.messes.arrivals import SCHEMAS, Arrival, written
from tests.rollup_stores import store_of
from xltrack.errors import UnknownName
from xltrack.pipeline.redacting import redact_contacts
from xltrack.pipeline.verifying import verify
from xltrack.rollup import roll_up
from xltrack.store import open_store

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
        assert opened.rows("SELECT count(*) FROM original WHERE octet_length(content) = 0") == [(1,)]
    # Nothing of it is left in the file, the chain still holds, and the file is known if it comes again.
    left = store.read_bytes()
    assert content[2000:2200] not in left
    assert b"phongtc@example.gov.vn" not in left
    assert verify(store).faults == ()
    assert xltrack.merge(paths[:1], store).files[0].verdict == "duplicate"
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert opened.rows(CONTACTS)[0] == ("T34-24", None, None, None)


def test_a_name_that_means_nothing_in_the_store_is_said(tmp_path):
    store = store_of(tmp_path / "s.duckdb", "unit | year\nT34-24 | 2025\nT63-24 | 2025")
    for what, said in (("T34-01", "T34-01"), ("ffffffffff", "SHA-256"), ("24", "T34-24, T63-24")):
        with pytest.raises(UnknownName) as caught:
            redact_contacts(store, what, reason="x", by="y")
        assert said in caught.value.message("vi")
