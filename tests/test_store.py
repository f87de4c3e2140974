"""Merging: what counts of what was sent, whatever the order it came in."""

import shutil
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.store_samples import ANNUAL, FORM, HALF, SCHEMAS, day, enterprise, refused, submission
from xltrack.errors import ProgramError, StoreError
from xltrack.findings import Finding
from xltrack.hanoi import HANOI
from xltrack.store import (
    MergeOutcome,
    Store,
    Submission,
    merge_workbook,
    merge_workbooks,
    open_store,
    redact,
    store_hash,
)
from xltrack.store import merge as merging
from xltrack.store.verify import faults

pytestmark = pytest.mark.slow

A, B, C = "0100000001", "0100000002", "0100000003"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "national.duckdb", SCHEMAS, create=True) as opened:
        yield opened


def names(store: Store) -> dict[str, str]:
    """Return tax code to name of the enterprises that count."""
    return dict(store.rows("SELECT tax_code, enterprise_name FROM current_enterprises"))


def states(outcomes: tuple[MergeOutcome, ...]) -> list[tuple[str, str | None]]:
    return [(outcome.state, outcome.reason) for outcome in outcomes]


def codes(outcome: MergeOutcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def sent(*tax_codes: str, name: str = "Công ty Mẫu", **more: Any) -> Submission:
    return submission(rows={"enterprises": [enterprise(code, name) for code in tax_codes]}, **more)


def test_a_row_keeps_unit_round_file_sheet_and_row(store: Store):
    given = sent(A, B, figures="estimate")
    outcome = merge_workbook(store, given)
    assert outcome.verdict == "accepted"
    assert store.rows("SELECT * FROM current_enterprises WHERE tax_code = ?", [B])[0][:9] == (
        "T34-24", 2025, "annual", "estimate", given.workbook.sha256, "DOANH_NGHIEP", 6, B, "Công ty Mẫu",
    )  # fmt: skip


def test_the_bytes_the_ledger_and_the_findings_are_kept(store: Store):
    finding = Finding("XLT301", "DOANH_NGHIEP", 7, "N7", "revenue", "nhiều", {"title": "Doanh thu"})
    given = sent(A, findings=(finding,))
    merge_workbook(store, given)
    assert store.rows(
        "SELECT content, cells, ignored FROM submission JOIN original_piece USING (sha256)"
    ) == [(given.content, 2, "{}")]
    assert store.rows('SELECT number, code, severity, sheet, "row", cell, column_id, value FROM finding') == [
        (1, "XLT301", "error", "DOANH_NGHIEP", 7, "N7", "revenue", "nhiều")
    ]
    texts = store.rows("SELECT message_vi, message_en, hint_vi, hint_en FROM finding")[0]
    assert all(texts)
    assert "nhiều" in texts[0]


def test_the_same_bytes_count_once_under_any_name(store: Store):
    first = sent(A, name="Một")
    again = replace(first, workbook=replace(first.workbook, path=Path("bản sao.xlsx")))
    merge_workbook(store, first)
    before = store_hash(store)
    outcome = merge_workbook(store, again)
    assert outcome.verdict == "duplicate"
    assert codes(outcome) == ["XLT601"]
    assert outcome.findings[0].facts["first"] == first.workbook.path.name
    assert store_hash(store) == before
    assert names(store) == {A: "Một"}


def test_the_same_bytes_twice_in_one_merge_count_once(store: Store):
    given = sent(A)
    assert [o.verdict for o in merge_workbooks(store, [given, given])] == ["accepted", "duplicate"]
    assert store.rows("SELECT count(*) FROM enterprises") == [(1,)]


# What is told of a file given again: (what the store has, the file that comes twice, what is told of it).
GIVEN_AGAIN: dict[str, tuple[list[Submission], Submission, tuple[str, list[str]]]] = {
    "one that counts": ([], sent(A), ("duplicate", ["XLT601"])),
    "one that gave way": ([sent(A, number=2)], sent(A, B), ("duplicate", ["XLT601", "XLT614"])),
    "one with a rival": ([sent(A, name="1")], sent(A, name="2"), ("held", ["XLT602"])),
    "one that lacks a part": ([], sent(A, part=(1, 2)), ("held", ["XLT603"])),
    "a correction of nothing": ([], sent(A, number=2, kind="correction"), ("held", ["XLT607"])),
    "one with a rival, kept in part": (
        [sent(A, name="1")], sent(A, name="2", verdict="partial"), ("held", ["XLT602"]),
    ),
    "one kept in part": ([], sent(A, verdict="partial"), ("partial", [])),
    "one kept in part that gave way": (
        [sent(A, number=2)], sent(A, B, verdict="partial"), ("partial", ["XLT614"]),
    ),
    "one that was refused": ([], sent(A, verdict="rejected"), ("rejected", [])),
}  # fmt: skip


@pytest.mark.parametrize(("there", "given", "told"), GIVEN_AGAIN.values(), ids=GIVEN_AGAIN.keys())
def test_a_file_given_again_is_told_as_it_stands(store: Store, there, given, told):
    """Merging again is what one does after an interruption; what waits is not said to be settled by it."""
    merge_workbooks(store, [*there, given])
    kept = store_hash(store)
    # Asked without --partial the second time, a file with errors comes as rejected.
    verdict = "rejected" if given.verdict == "partial" else given.verdict
    for again in (given, replace(given, verdict=verdict)):
        for outcome in merge_workbooks(store, [again, again]):
            assert (outcome.verdict, codes(outcome)) == told
    assert store_hash(store) == kept


def test_a_file_saved_again_with_the_same_figures_is_a_duplicate(store: Store):
    early, late = sent(A, B, received=day(3), salt="1"), sent(B, A, received=day(9), salt="2")
    assert early.workbook.sha256 != late.workbook.sha256
    assert merge_workbook(store, late).state == "current"
    assert merge_workbook(store, early).state == "current"
    outcome = merge_workbook(store, late)
    assert (outcome.verdict, outcome.reason) == ("duplicate", "same_content")
    assert codes(outcome) == ["XLT601", "XLT604"]
    assert outcome.findings[1].facts["first"] == early.workbook.path.name
    assert len(names(store)) == 2
    assert store.rows("SELECT count(*) FROM current_enterprises") == [(2,)]


def test_the_earliest_arrival_of_the_same_bytes_is_kept(store: Store):
    given = sent(A)
    for moment in (day(9), day(3), None, day(5)):
        merge_workbook(store, replace(given, received_at=moment))
    assert store.rows("SELECT received_at FROM submission") == [(day(3).replace(tzinfo=None),)]


def test_a_refused_file_takes_its_place_once_it_is_accepted(store: Store):
    given = sent(A)
    finding = Finding("XLT508")
    first = merge_workbook(store, replace(given, verdict="rejected", findings=(finding,)))
    assert (first.verdict, first.state) == ("rejected", "rejected")
    assert names(store) == {}
    assert store.rows("SELECT code FROM finding") == [("XLT508",)]
    assert merge_workbook(store, given).verdict == "accepted"
    assert names(store) == {A: "Công ty Mẫu"}
    assert store.rows("SELECT verdict FROM submission") == [("accepted",)]
    assert store.rows("SELECT code FROM finding") == []
    assert merge_workbook(store, replace(given, verdict="rejected")).verdict == "duplicate"
    assert names(store) == {A: "Công ty Mẫu"}


def test_a_file_without_unit_and_round_is_kept_and_brings_no_rows(store: Store):
    outcome = merge_workbook(store, refused())
    assert (outcome.verdict, outcome.state, outcome.reason) == ("unreadable", "rejected", "unreadable")
    assert store.rows(
        "SELECT file_name, unit_code, content FROM submission JOIN original_piece USING (sha256)"
    ) == [("hong.xlsx", None, b"garbage")]


# What counts of several submissions of one unit in one round: (their facts, their states, the rows that count).
CASES: dict[str, tuple[list[Submission], list[tuple[str, str | None]], dict[str, str]]] = {
    "the higher number wins, though it came first": (
        [sent(A, B, name="cũ", received=day(9)), sent(A, name="mới", number=2, received=day(3))],
        [("superseded", "newer_number"), ("current", None)],
        {A: "mới"},
    ),
    "an actual replaces an estimate": (
        [sent(A, name="ước", figures="estimate"), sent(A, name="thực", number=2)],
        [("superseded", "newer_number"), ("current", None)],
        {A: "thực"},
    ),
    "all parts together count": (
        [sent(A, name="1", part=(1, 2)), sent(B, name="2", part=(2, 2))],
        [("current", None), ("current", None)],
        {A: "1", B: "2"},
    ),
    "an incomplete newer set is held, the older stays": (
        [sent(A, name="cũ"), sent(A, name="mới", number=2, part=(1, 2))],
        [("current", None), ("held", "parts_missing")],
        {A: "cũ"},
    ),
    "an incomplete older set gives way": (
        [sent(A, name="cũ", part=(1, 2)), sent(A, name="mới", number=2)],
        [("superseded", "newer_number"), ("current", None)],
        {A: "mới"},
    ),
    "parts that count themselves differently are held": (
        [sent(A, part=(1, 2)), sent(B, part=(2, 3)), sent(C, part=(3, 3))],
        [("held", "parts_disagree")] * 3,
        {},
    ),
    "of one number and part the later arrival wins": (
        [sent(A, name="sớm", received=day(3)), sent(A, name="muộn", received=day(9))],
        [("superseded", "later_arrival"), ("current", None)],
        {A: "muộn"},
    ),
    "without arrivals neither wins": (
        [sent(A, name="1"), sent(A, name="2")],
        [("held", "same_number")] * 2,
        {},
    ),
    "with one arrival unknown neither wins": (
        [sent(A, name="1", received=day(3)), sent(A, name="2")],
        [("held", "same_number")] * 2,
        {},
    ),
    "of three, only those that may be the last are held": (
        [sent(A, name="1", received=day(3)), sent(A, name="2", received=day(9)), sent(A, name="3")],
        [("superseded", "later_held"), ("held", "same_number"), ("held", "same_number")],
        {},
    ),
    "what counted goes on counting while two that came together are rivals": (
        [sent(A, name=name, received=day(on)) for name, on in (("cũ", 3), ("1", 9), ("2", 9))],
        [("current", None), ("held", "same_number"), ("held", "same_number")],
        {A: "cũ"},
    ),
    "until a later one can count": (
        [sent(A, name=name, received=day(on)) for name, on in (("cũ", 3), ("1", 9), ("2", 9), ("mới", 11))],
        [*[("superseded", "later_arrival")] * 3, ("current", None)],
        {A: "mới"},
    ),
    "rivals outdone by rivals have not been replaced": (
        [
            sent(A, name=name, received=day(on))
            for name, on in (("cũ", 3), ("1", 5), ("2", 5), ("3", 9), ("4", 9))
        ],
        [("current", None), *[("superseded", "later_held")] * 2, *[("held", "same_number")] * 2],
        {A: "cũ"},
    ),
    "a whole return goes on counting while it is sent again in parts of the same number": (
        [sent(A, name="cũ", received=day(3)), sent(B, part=(1, 2), received=day(9))],
        [("current", None), ("held", "parts_missing")],
        {A: "cũ"},
    ),
    "parts go on counting when one file comes in their place": (
        [
            sent(A, name="1", part=(1, 2), received=day(3)),
            sent(B, name="2", part=(2, 2), received=day(5)),
            sent(A, B, C, name="mới", received=day(9)),
        ],
        [("current", None), ("current", None), ("held", "parts_disagree")],
        {A: "1", B: "2"},
    ),
    "a new content and a correction of it that came together leave what stood": (
        [
            sent(A, name="cũ", received=day(3)),
            sent(A, name="mới", received=day(9)),
            sent(A, name="sửa", kind="correction", received=day(9)),
        ],
        [("current", None), ("held", "same_number"), ("held", "same_number")],
        {A: "cũ"},
    ),
    "corrections that counted go on counting too": (
        [
            sent(A, B, name="cũ", received=day(3)),
            sent(A, name="sửa", number=2, kind="correction", received=day(5)),
            sent(A, name="1", number=2, kind="correction", received=day(9)),
            sent(A, name="2", number=2, kind="correction", received=day(9)),
        ],
        [("current", None), ("correction", None), ("held", "same_number"), ("held", "same_number")],
        {A: "sửa", B: "cũ"},
    ),
    "rivals of a higher number leave the older current": (
        [sent(A, name="cũ"), sent(A, name="1", number=2), sent(A, name="2", number=2)],
        [("current", None), ("held", "same_number"), ("held", "same_number")],
        {A: "cũ"},
    ),
    "a correction replaces rows of the same key and deletes nothing": (
        [sent(A, B, name="cũ"), sent(B, C, name="sửa", number=2, kind="correction")],
        [("current", None), ("correction", None)],
        {A: "cũ", B: "sửa", C: "sửa"},
    ),
    "corrections apply in the order of their numbers": (
        [
            sent(A, B, C, name="cũ"),
            sent(A, B, name="sửa 3", number=3, kind="correction", received=day(3)),
            sent(B, C, name="sửa 2", number=2, kind="correction", received=day(9)),
        ],
        [("current", None), ("correction", None), ("correction", None)],
        {A: "sửa 3", B: "sửa 3", C: "sửa 2"},
    ),
    "a full set ends the corrections before it": (
        [sent(A, name="cũ"), sent(B, name="sửa", number=2, kind="correction"), sent(A, name="mới", number=3)],
        [("superseded", "newer_number"), ("superseded", "newer_number"), ("current", None)],
        {A: "mới"},
    ),
    "a correction of nothing is held": (
        [sent(A, number=2, kind="correction")],
        [("held", "no_base")],
        {},
    ),
    "an incomplete correction is held": (
        [sent(A, name="cũ"), sent(A, name="sửa", number=2, kind="correction", part=(1, 2))],
        [("current", None), ("held", "parts_missing")],
        {A: "cũ"},
    ),
    "a correction of a held set is held with it": (
        [
            sent(A, name="cũ"),
            sent(A, name="mới", number=2, part=(1, 2)),
            sent(A, name="sửa", number=3, kind="correction"),
        ],
        [("current", None), ("held", "parts_missing"), ("held", "base_held")],
        {A: "cũ"},
    ),
    "a correction that counted goes on counting while a full set that came later is held": (
        [
            sent(A, B, name="cũ", received=day(3)),
            sent(A, name="sửa", number=2, kind="correction", received=day(5)),
            sent(A, name="mới", number=2, part=(1, 2), received=day(9)),
        ],
        [("current", None), ("correction", None), ("held", "parts_missing")],
        {A: "sửa", B: "cũ"},
    ),
    "a correction of contents that rival one another is held with them": (
        [
            sent(A, B, name="cũ", received=day(3)),
            sent(A, C, name="mới", received=day(9)),
            sent(A, name="mới khác", received=day(9)),
            sent(C, name="sửa", number=2, kind="correction", received=day(11)),
        ],
        [("current", None), ("held", "same_number"), ("held", "same_number"), ("held", "base_held")],
        {A: "cũ", B: "cũ"},
    ),
    "a correction that kept its base's number and came later applies": (
        [sent(A, B, name="cũ", received=day(3)), sent(A, name="sửa", kind="correction", received=day(9))],
        [("current", None), ("correction", None)],
        {A: "sửa", B: "cũ"},
    ),
    "a correction of that number that came before the full set is past": (
        [sent(A, B, name="mới", received=day(9)), sent(A, name="sửa", kind="correction", received=day(3))],
        [("current", None), ("superseded", "newer_number")],
        {A: "mới", B: "mới"},
    ),
    "a correction of that number of unknown arrival holds both": (
        [sent(A, name="cũ", received=day(3)), sent(A, name="sửa", kind="correction")],
        [("held", "same_number")] * 2,
        {},
    ),
    "a rejected newer file changes nothing": (
        [sent(A, name="cũ"), sent(A, name="mới", number=2, verdict="rejected")],
        [("current", None), ("rejected", "rejected")],
        {A: "cũ"},
    ),
}


@pytest.mark.parametrize(("given", "expected", "rows"), CASES.values(), ids=CASES.keys())
def test_which_submission_counts(store: Store, given, expected, rows):
    assert states(merge_workbooks(store, given)) == expected
    assert names(store) == rows


@pytest.mark.parametrize(("given", "expected", "rows"), CASES.values(), ids=CASES.keys())
def test_which_submission_counts_in_reverse(store: Store, given, expected, rows):
    for entry in reversed(given):
        merge_workbook(store, entry)
    assert names(store) == rows
    found = {sha256: fate for sha256, *fate in store.rows("FROM submission_state")}
    assert [tuple(found[entry.workbook.sha256]) for entry in given] == expected


def test_a_key_with_an_empty_column_is_still_a_key(store: Store):
    def grant(amount: int, **more: Any) -> Submission:
        row = {"subject_kind": "other", "year": 2025, "source": "enterprise", "figure_kind": "disbursed"}
        return submission(rows={"funding": [row | {"amount": amount}]}, **more)

    merge_workbooks(store, [grant(5), grant(7, number=2, kind="correction")])
    assert store.rows("SELECT amount FROM current_funding") == [(7,)]


def test_the_card_of_a_correction_speaks_of_its_own_file_only(store: Store):
    merge_workbooks(
        store, [sent(A, part=(1, 2)), sent(B, part=(2, 2)), sent(B, C, number=2, kind="correction")]
    )
    assert store.rows("SELECT submission_no, part_no FROM current_cover ORDER BY ALL") == [(1, 1), (1, 2)]
    assert store.rows("SELECT count(*) FROM cover") == [(3,)]


def test_rounds_and_units_do_not_touch_one_another(store: Store):
    given = [sent(A, unit=unit, round_=round_) for unit, round_ in
             [("T34-24", ANNUAL), ("T34-01", ANNUAL), ("T63-24", HALF), ("BO-CT", ANNUAL)]]  # fmt: skip
    assert {o.state for o in merge_workbooks(store, given)} == {"current"}
    assert store.rows('SELECT count(*), count(DISTINCT (unit_code, year, period_kind)) FROM "return"') == [
        (4, 4)
    ]


def test_the_return_names_its_submissions_and_when_they_came(store: Store):
    given = [
        sent(A, part=(1, 2), received=day(3), figures="estimate"),
        sent(B, part=(2, 2), received=day(5)),
        sent(B, number=2, kind="correction", received=day(9)),
    ]
    merge_workbooks(store, given)
    query = 'SELECT * EXCLUDE (year, period_kind, first_received_at, form) FROM "return"'
    assert store.rows(query) == [
        (
            "T34-24",
            "estimate",
            False,
            day(9).replace(tzinfo=None),
            True,
            1,
            [s.workbook.sha256 for s in given],
        )
    ]


def test_what_only_the_store_can_find(store: Store):
    merge_workbooks(store, [sent(A, name="1"), sent(A, unit="T34-01", number=2, part=(2, 3))])
    rival, part = sent(A, name="2"), sent(B, unit="T34-01", number=2, part=(3, 3))
    first, second = merge_workbooks(store, [rival, part])
    assert (first.verdict, codes(first)) == ("held", ["XLT602"])
    assert rival.workbook.path.name in str(first.findings[0].facts["other"])
    assert (second.verdict, codes(second)) == ("held", ["XLT603"])
    assert second.findings[0].facts["missing"] == "1"


def test_a_file_name_that_is_no_utf_8_stops_nothing(store: Store):
    named = "b\udce1o c\udce1o.xlsx"  # as a POSIX system gives the bytes "b\xe1o c\xe1o.xlsx"
    value = Finding("XLT301", "DOANH_NGHIEP", 7, "N7", "revenue", "\udce1", {"title": "Doanh thu"})
    assert merge_workbook(store, sent(A, name="1", findings=(value,))).state == "current"
    given = sent(A, name="2")
    outcome = merge_workbook(store, replace(given, workbook=replace(given.workbook, path=Path(named))))
    assert outcome.state == "held"
    assert store.rows("SELECT file_name FROM submission WHERE sha256 = ?", [given.workbook.sha256]) == [
        ("b\\udce1o c\\udce1o.xlsx",)
    ]


TOLD = {
    "newer_number": "XLT614",
    "later_arrival": "XLT615",
    "later_held": "XLT615",
    "same_number": "XLT602",
    "parts_missing": "XLT603",
    "parts_disagree": "XLT606",
    "no_base": "XLT607",
    "base_held": "XLT608",
}


@pytest.mark.parametrize("case", CASES)
def test_whoever_sent_what_is_held_is_told_why(store: Store, case):
    given, states, _ = CASES[case]
    outcomes = merge_workbooks(store, given)
    expected = [[TOLD[reason]] if reason in TOLD else [] for _, reason in states]
    told = [[code for code in codes(outcome) if code not in ("XLT627", "XLT628")] for outcome in outcomes]
    assert told == expected


def test_who_merges_what_is_held_is_told_what_counts_meanwhile(store: Store):
    first, *rivals = [sent(A, name=name, received=day(on)) for name, on in (("cũ", 3), ("1", 9), ("2", 9))]
    merge_workbook(store, first)
    for outcome in merge_workbooks(store, rivals)[1:]:
        assert codes(outcome) == ["XLT602", "XLT628"]
        assert outcome.findings[1].facts == {"files": first.workbook.path.name}


def test_the_hour_of_its_arrival_decides_between_rivals_of_one_day(store: Store):
    ends = datetime(2025, 11, 9, 23, 59, 59, tzinfo=HANOI)
    early, late = (sent(A, name=name, received=ends) for name in ("sáng", "chiều"))
    assert states(merge_workbooks(store, [early, late])) == [("held", "same_number")] * 2
    for given, hour in ((late, 15), (early, 9)):
        merge_workbook(store, replace(given, received_at=ends.replace(hour=hour)))
    assert names(store) == {A: "chiều"}


def test_parts_that_contradict_one_another_name_one_another(store: Store):
    whole, stray = sent(A, name="1"), sent(B, part=(8, 8))
    assert merge_workbook(store, whole).state == "current"
    (told,) = merge_workbook(store, stray).findings
    assert told.facts == {"part_no": 8, "part_count": 8, "beside": f"{whole.workbook.path.name} (1/1)"}
    (told,) = merge_workbook(store, replace(whole, verdict="rejected")).findings
    assert told.facts == {"part_no": 1, "part_count": 1, "beside": f"{stray.workbook.path.name} (8/8)"}
    cover = whole.workbook.tables["cover"]
    assert (told.sheet, told.cell, told.value) == ("BIA", cover.cell("part_count", 0), "1")


def test_a_part_beyond_its_own_number_of_parts_is_told_at_that_cell_of_its_cover(store: Store):
    beyond = sent(A, part=(3, 2))
    merge_workbook(store, sent(B, part=(1, 2)))
    (told,) = merge_workbook(store, beyond).findings
    assert (told.code, told.cell, told.value) == (
        "XLT606",
        beyond.workbook.tables["cover"].cell("part_no", 0),
        "3",
    )


def test_a_file_that_replaces_one_of_its_own_number_says_so(store: Store):
    first, second = sent(A, received=day(3)), sent(B, received=day(5))
    last, corrected = sent(C, received=day(9)), sent(A, B, number=2, received=day(10))
    assert codes(merge_workbook(store, first)) == []
    for given, names in ((second, [(first, "03")]), (last, [(first, "03"), (second, "05")])):
        outcome = merge_workbook(store, given)
        assert (outcome.state, codes(outcome)) == ("current", ["XLT627"])
        files = ", ".join(f"{one.workbook.path.name} ({on}/11/2025 19:00)" for one, on in names)
        assert outcome.findings[0].facts == {"files": files}
    assert codes(merge_workbook(store, second)) == ["XLT601", "XLT615"], "it replaces nothing that counts"
    assert codes(merge_workbook(store, corrected)) == [], "a higher number says that it replaces"
    assert codes(merge_workbook(store, last)) == ["XLT601", "XLT614"]


def test_a_file_that_does_not_count_names_the_one_that_does(store: Store):
    newer, older = sent(A, number=2, name="mới"), sent(A, B, name="cũ")
    merge_workbook(store, newer)
    outcome = merge_workbook(store, older)
    assert (outcome.verdict, outcome.state, codes(outcome)) == ("accepted", "superseded", ["XLT614"])
    assert outcome.findings[0].facts == {"number": 2, "files": newer.workbook.path.name}
    late, early = sent(A, unit="T34-01", received=day(9)), sent(B, unit="T34-01", received=day(3))
    merge_workbook(store, late)
    outcome = merge_workbook(store, early)
    assert (outcome.state, codes(outcome)) == ("superseded", ["XLT615"])
    assert outcome.findings[0].facts == {"files": late.workbook.path.name}


def test_what_a_later_copy_replaced_is_told_what_counts_and_not_that_copy(store: Store):
    first, copy, newer = (
        sent(A, received=day(3)),
        sent(B, received=day(9)),
        sent(A, B, number=2, received=day(5)),
    )
    outcomes = merge_workbooks(store, [newer, copy, first])
    assert [codes(outcome) for outcome in outcomes] == [[], ["XLT614"], ["XLT614"]]
    assert {outcome.findings[0].facts["files"] for outcome in outcomes[1:]} == {newer.workbook.path.name}


def test_a_province_and_its_predecessor_that_both_report_are_named(store: Store):
    outcomes = merge_workbooks(
        store, [sent(A, unit="T34-24"), sent(A, unit="T63-24"), sent(A, unit="T34-01")]
    )
    assert [codes(outcome) for outcome in outcomes] == [["XLT605"], ["XLT605"], []]
    assert outcomes[0].findings[0].facts["units"] == "T34-24, T63-24"
    assert store.rows("FROM double_cover") == [(2025, "annual", "T34-24", "T63-24")]


def test_a_merge_that_fails_keeps_whole_files_and_is_completed_by_merging_again(store: Store, tmp_path: Path):
    given = [sent(A, B, unit="T34-01", number=number) for number in range(1, 41)]

    def breaking() -> Iterator[Submission]:
        yield from given  # more than one batch, so that rows have been written when it breaks
        raise OSError("the disk was taken away")

    with pytest.raises(OSError, match="taken away"):
        merge_workbooks(store, breaking())
    kept = len(store.rows("FROM submission"))
    assert 0 < kept < len(given)
    rows = "SELECT _submission, count(*) FROM enterprises GROUP BY ALL"
    assert sorted(store.rows(rows)) == sorted((one.workbook.sha256, 2) for one in given[:kept])
    assert store.rows('SELECT submission_no FROM "return"') == [(kept,)], (
        "what stands is chosen of what was kept"
    )
    assert not store.path.with_name("national.duckdb.wal").exists()
    merge_workbooks(store, given)
    with open_store(tmp_path / "at-once.duckdb", SCHEMAS, create=True) as other:
        merge_workbooks(other, given)
        assert store_hash(store) == store_hash(other)


def test_rows_that_are_stored_are_let_go_before_more_are_read(store: Store, monkeypatch):
    given: list[weakref.ref[Any]] = []
    held = []

    def read() -> Iterator[Submission]:
        for number in (1, 4, 8, 11, 12, 14):
            one = sent(A, unit=f"T34-{number:02}")
            given.append(weakref.ref(one.workbook))
            yield one
            del one
            held.append(sum(book() is not None for book in given))

    monkeypatch.setattr(merging, "_BATCH_FILES", 3)
    assert states(merge_workbooks(store, read())) == [("current", None)] * 6
    assert max(held[3:]) < 3, "those of the batch before are gone"


def test_many_rows_are_written_once_and_a_program_killed_after_the_commit_loses_none(
    store: Store, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(store, "checkpoint", lambda: None)
    given = sent(*(f"{number:010}" for number in range(25_000)))
    merge_workbook(store, given)
    copy = tmp_path / "killed.duckdb"
    for ending in ("", ".wal", ".head"):
        shutil.copy(f"{store.path}{ending}", f"{copy}{ending}")
    told = Path(f"{copy}.wal").stat().st_size - len(given.content)
    assert told < 100_000, "of the rows the log says where they stand, not what they are"
    with open_store(copy, SCHEMAS, read_only=True) as opened:
        assert opened.rows("SELECT count(DISTINCT tax_code) FROM current_enterprises") == [(25_000,)]


def test_what_was_removed_of_a_refused_file_does_not_come_back_with_it(store: Store):
    """It is refused by other rules today: its findings are new, its bytes are not kept again."""
    given = submission("T34-24", {}, verdict="rejected", findings=(Finding("XLT508"),))
    merge_workbook(store, given)
    assert redact(store, [given.workbook.sha256], reason="x", by="y") == {given.workbook.sha256: 0}
    for _ in range(2):
        merge_workbook(store, replace(given, findings=(Finding("XLT505", facts={"rows": 1}),)))
    assert store.rows("SELECT size FROM original") == [(0,)]
    assert list(faults(store)) == []
    assert store.rows("SELECT count(*) FROM chain") == [(2,)]


def test_rows_of_no_known_return_are_refused_and_nothing_is_kept(store: Store):
    before = store_hash(store)
    with pytest.raises(ProgramError, match="unit or round"):
        merge_workbooks(store, [sent(A), replace(refused(), verdict="accepted")])
    assert store_hash(store) == before


def test_what_was_merged_is_there_when_the_store_is_opened_again(tmp_path: Path):
    path = tmp_path / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [sent(A, name="cũ"), sent(A, name="sửa", number=2, kind="correction")])
        before = store_hash(store)
        assert not path.with_name("national.duckdb.wal").exists()
    with open_store(path, SCHEMAS, read_only=True) as store:
        assert store_hash(store) == before
        assert names(store) == {A: "sửa"}
        with pytest.raises(StoreError, match="for reading only"):
            merge_workbook(store, sent(B))


def test_an_arrival_without_a_zone_is_in_hanoi(store: Store):
    merge_workbook(store, sent(A, received=datetime(2025, 11, 30, 0, 30)))  # noqa: DTZ001
    assert store.rows("SELECT received_at FROM submission") == [(datetime(2025, 11, 29, 17, 30),)]  # noqa: DTZ001


def test_arrivals_are_kept_in_utc(store: Store):
    moment = datetime.fromisoformat("2025-11-30T00:30:00+07:00")
    merge_workbook(store, sent(A, received=moment))
    (kept,) = store.rows("SELECT received_at FROM submission")[0]
    assert kept.replace(tzinfo=UTC) == moment


def test_every_sheet_has_a_view_of_what_counts(store: Store):
    for sheet in FORM.sheets:
        frame = store.frame(f'SELECT * FROM "current_{sheet.id}"')
        assert frame.columns == [
            "return_unit", "return_year", "return_period", "return_figures", "_submission", "_sheet", "_row",
            *(column.id for column in sheet.columns),
            *(f"_{column.id}_row" for column in sheet.columns if column.references),
            *(["_file"] if sheet.layout == "table" else []),
            "_entry",
        ]  # fmt: skip
