"""The state of a round: who has reported, when, and which files wait for a person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.store_samples import ANNUAL, HALF, SCHEMAS, day, enterprise, refused, submission
from xltrack.findings import Finding
from xltrack.forms import Unit
from xltrack.store import DoubleCover, Store, UnitStatus, merge_workbooks, open_store, round_status

BAC_NINH, FORMER = "T34-24", ("T63-24", "T63-27")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "national.duckdb", SCHEMAS, create=True) as opened:
        yield opened


def unit(store: Store, code: str = BAC_NINH) -> UnitStatus:
    return next(unit for unit in round_status(store, ANNUAL).units if unit.unit_code == code)


def hanoi(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


RIVALS = (("a", "0100109106"), ("b", "0100112437"))


def test_every_expected_unit_is_listed_in_official_order(store: Store):
    status = round_status(store, ANNUAL)
    assert [u.unit_code for u in status.units] == [u.code for u in SCHEMAS.units.expected(ANNUAL)]
    assert len(status.provinces) == 34
    assert {u.kind for u in status.others}.isdisjoint({"province"})
    assert len(status.others) == len(ANNUAL.expected_others)
    assert {u.state for u in status.units} == {"missing"}
    assert unit(store).name.vi == "Bắc Ninh"


@pytest.mark.parametrize(
    ("received", "state"),
    [
        (hanoi("2025-11-29T23:59:59"), "on_time"),
        (hanoi("2025-11-30T00:00:00"), "late"),
        (None, "received"),
    ],
)
def test_the_last_day_on_time_counts_in_full_in_hanoi(store: Store, received, state):
    assert ANNUAL.on_time_until == date(2025, 11, 29)
    merge_workbooks(store, [submission(received=received)])
    assert unit(store).state == state
    assert unit(store).received_at == received


def test_a_late_replacement_does_not_make_a_punctual_unit_late(store: Store):
    late = submission(number=2, received=hanoi("2025-12-08T08:00:00"))
    merge_workbooks(store, [submission(received=day(3)), late])
    found = unit(store)
    assert (found.state, found.first_received_at, found.received_at) == ("on_time", day(3), late.received_at)
    assert found.submissions == (late.workbook.sha256,)


def test_a_correction_is_part_of_what_counts_and_tells_when_that_came(store: Store):
    correction = submission(number=2, kind="correction", received=hanoi("2025-12-05T08:00:00"))
    merge_workbooks(store, [submission(received=day(3)), correction])
    found = unit(store)
    assert (found.state, found.first_received_at, found.received_at) == (
        "on_time",
        day(3),
        correction.received_at,
    )


def test_a_stray_part_that_does_not_count_does_not_make_a_punctual_unit_late(store: Store):
    late = submission(number=2, received=hanoi("2025-12-03T08:00:00"))
    stray = submission(part=(8, 8), received=hanoi("2025-12-05T08:00:00"))
    for given in (submission(received=day(3)), late, stray):
        merge_workbooks(store, [given])
        assert (unit(store).state, unit(store).first_received_at) == ("on_time", day(3))
    assert unit(store).submissions == (late.workbook.sha256,)


def test_what_is_held_does_not_decide_whether_a_unit_was_late(store: Store):
    """Two files of one number wait for a decision, and nobody knows when they came: the return that counts was late."""
    late = hanoi("2025-12-08T08:00:00")
    rivals = [
        submission(number=2, salt=name, rows={"enterprises": [enterprise(code)]}) for name, code in RIVALS
    ]
    merge_workbooks(store, [submission(received=late)])
    for given in ((), rivals):
        merge_workbooks(store, given)
        assert (unit(store).state, unit(store).first_received_at) == ("late", late)
    assert unit(store).held == 2


def test_a_return_is_on_time_when_its_last_part_is(store: Store):
    late = hanoi("2025-12-08T08:00:00")
    merge_workbooks(store, [submission(part=(1, 2), received=day(3)), submission(part=(2, 2), received=late)])
    assert (unit(store).state, unit(store).received_at) == ("late", late)


def test_a_nil_report_is_a_report(store: Store):
    merge_workbooks(store, [submission(nil=True, received=day(3))])
    assert (unit(store).state, unit(store).nil_report) == ("on_time", True)
    assert not unit(store, "T34-01").nil_report


def test_what_came_and_does_not_count_is_told_apart_from_nothing(store: Store):
    error = Finding("XLT508")
    note = Finding("XLT505", facts={"rows": 3})
    incomplete = submission(part=(1, 2))
    rejected = submission("T34-01", verdict="rejected", findings=(error, note))
    merge_workbooks(store, [incomplete, rejected, refused()])
    assert (unit(store).state, unit(store).held, unit(store).submissions) == (
        "held", 1, (incomplete.workbook.sha256,),
    )  # fmt: skip
    capital = unit(store, "T34-01")
    assert (capital.state, capital.rejected, capital.errors, capital.warnings) == ("rejected", 1, 1, 1)
    files = round_status(store, ANNUAL).files
    assert {file.file_name: file.codes for file in files}[rejected.workbook.path.name] == ("XLT508",)
    listed = {file.file_name: (file.state, file.reason, file.expected) for file in files}
    assert listed == {
        incomplete.workbook.path.name: ("held", "parts_missing", True),
        rejected.workbook.path.name: ("rejected", "rejected", True),
        "hong.xlsx": ("rejected", "unreadable", False),
    }


@pytest.mark.parametrize(
    ("standing", "refused_one", "listed"),
    [
        ({"number": 2, "received": day(9)}, {"number": 1, "received": day(3)}, False),
        ({"number": 1, "received": day(9)}, {"number": 1, "received": day(3)}, False),
        ({"number": 1, "received": day(3)}, {"number": 1, "received": day(9)}, True),
        ({"number": 1, "received": day(3)}, {"number": 2, "received": day(9)}, True),
        ({"number": 1}, {"number": 1, "unit": FORMER[0]}, False),
    ],
)
def test_a_refused_file_is_listed_until_a_return_stands_that_was_sent_after_it(
    store: Store, standing, refused_one, listed
):
    error = Finding("XLT508")
    merge_workbooks(
        store,
        [submission(**standing), submission(**refused_one, verdict="rejected", findings=(error,), salt="x")],
    )
    assert [file.codes for file in round_status(store, ANNUAL).files] == [("XLT508",)] * listed


def test_errors_and_warnings_are_those_of_what_stands(store: Store):
    errors = tuple(Finding("XLT508") for _ in range(3))
    warning = Finding("XLT505", facts={"rows": 3})
    merge_workbooks(
        store, [submission(verdict="partial", findings=errors), submission(number=2, findings=(warning,))]
    )
    assert (unit(store).errors, unit(store).warnings) == (0, 1)


def test_predecessors_report_for_their_successor_once_all_have_sent(store: Store):
    merge_workbooks(store, [submission(FORMER[0], received=day(3))])
    assert (unit(store).state, unit(store).senders) == ("incomplete", FORMER[:1])
    merge_workbooks(store, [submission(FORMER[1], received=hanoi("2025-12-08T08:00:00"))])
    assert (unit(store).state, unit(store).senders) == ("late", FORMER)
    assert round_status(store, ANNUAL).files == ()


def test_territory_reported_twice_is_listed(store: Store):
    merge_workbooks(store, [submission(BAC_NINH), submission(FORMER[0])])
    assert round_status(store, ANNUAL).double_cover == (DoubleCover(BAC_NINH, FORMER[0]),)
    assert unit(store).senders == (BAC_NINH,)
    assert round_status(store, HALF).double_cover == ()


def test_a_unit_that_the_schemas_do_not_know_is_kept_and_listed(store: Store):
    stranger = submission(rows={"enterprises": [enterprise("0100000001")]})
    cover = stranger.workbook.cover
    assert cover is not None
    lost: Unit = replace(cover.unit, code="T99-99")
    merge_workbooks(
        store, [replace(stranger, workbook=replace(stranger.workbook, cover=replace(cover, unit=lost)))]
    )
    (file,) = round_status(store, ANNUAL).files
    assert (file.unit_code, file.state, file.expected, file.known) == ("T99-99", "current", False, False)
    assert store.rows("SELECT return_unit FROM current_enterprises") == [("T99-99",)]


def test_a_ministry_that_was_not_expected_is_listed(store: Store):
    merge_workbooks(store, [submission("BO-KHDT", received=day(3))])
    (file,) = round_status(store, ANNUAL).files
    assert (file.unit_code, file.expected, file.known) == ("BO-KHDT", False, True)
    assert unit(store, "BO-TC").state == "missing"


def agency(programme: str, **more: object) -> dict[str, object]:
    return {"programme": programme, "agency_name": "Sở Khoa học và Công nghệ"} | more


def test_units_without_a_focal_agency_are_listed(store: Store):
    rows = {"focal_agency": [agency("1322"), agency("36", valid_to=date(2023, 1, 1))]}
    merge_workbooks(store, [submission(rows=rows), submission("T34-01")])
    assert unit(store).focal_programmes == ("1322",)
    without = [u.unit_code for u in round_status(store, ANNUAL).without_focal_agency]
    assert BAC_NINH not in without
    assert "T34-01" in without


def test_a_focal_agency_named_in_an_earlier_round_still_counts(store: Store):
    later = SCHEMAS.units.round(2026, "annual")
    assert later is not None
    merge_workbooks(store, [submission(rows={"focal_agency": [agency("36")]}, round_=ANNUAL)])
    named = {u.unit_code for u in round_status(store, later).units if u.focal_programmes}
    assert named == {BAC_NINH}
    merge_workbooks(store, [submission("T34-01", {"focal_agency": [agency("36")]}, round_=later)])
    assert unit(store, "T34-01").focal_programmes == ()
