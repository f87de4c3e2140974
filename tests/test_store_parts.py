"""What only shows when the files of one return are put together: repeated rows, lost references, other totals."""

from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.store_samples import SCHEMAS, day, enterprise, submission
from xltrack.findings import Finding, hint, message
from xltrack.store import MergeOutcome, Store, merge_workbook, merge_workbooks, open_store

A, B, C = "0100000001", "0100000002", "0100000003"
HELD_REPEAT, HELD_DANGLE, HELD_TOTAL = (
    ("held", "parts_repeat"),
    ("held", "parts_dangle"),
    ("held", "parts_total"),
)
COUNTS = ("current", None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "national.duckdb", SCHEMAS, create=True) as opened:
        yield opened


def part(place: int, of: int = 2, **facts: Any):
    """Return one part of a return; sheets are given by name, the rest are facts of the submission."""
    named = {key: facts.pop(key) for key in list(facts) if key in SCHEMAS.form().by_id and key != "cover"}
    sending = facts.get("number", 1)
    given = {"name": f"lần {sending} phần {place}.xlsx", "part": (place, of), "rows": named} | facts
    return submission(**given)


def correction(number: int, **facts: Any):
    return part(1, 1, number=number, kind="correction", **facts)


def applied(application_id: str, tax_code: str) -> dict[str, Any]:
    return {"application_id": application_id, "tax_code": tax_code, "programme": "1322", "tool_code": "5S"}


def paid(amount: int, **more: Any) -> dict[str, Any]:
    row = {"subject_kind": "other", "year": 2025, "source": "enterprise", "figure_kind": "disbursed"}
    return row | {"amount": amount} | more


def total(amount: int, **more: Any) -> Mapping[str, Any]:
    return {"funding_kind": "disbursed", "funding_total": amount} | more


def states(store: Store) -> set[tuple[str, str | None]]:
    return set(store.rows("SELECT DISTINCT state, reason FROM submission_state"))


def told(outcome: MergeOutcome) -> list[tuple[str, str | None, str | None]]:
    return [(finding.code, finding.sheet, finding.cell) for finding in outcome.findings]


def test_a_row_in_two_parts_is_not_counted_twice(store: Store):
    first, second = part(1, enterprises=[enterprise(A), enterprise(B)]), part(2, enterprises=[enterprise(B)])
    assert merge_workbook(store, first).reason == "parts_missing"
    outcome = merge_workbook(store, second)
    assert (outcome.verdict, outcome.state, outcome.reason) == ("held", *HELD_REPEAT)
    assert told(outcome) == [("XLT609", "DOANH_NGHIEP", "A5")]
    said = message(outcome.findings[0], "vi")
    assert "có 1 khóa" in said
    assert "«Mã số thuế» “0100000002”: lần 1 phần 1.xlsx (dòng 6), lần 1 phần 2.xlsx (dòng 5)." in said
    assert store.rows("SELECT count(*) FROM current_enterprises") == [(0,)]


def test_every_held_part_is_told_why_even_one_without_the_row(store: Store):
    parts = [part(1, 3, enterprises=[enterprise(A)]), part(2, 3, enterprises=[enterprise(A)]), part(3, 3)]
    outcomes = merge_workbooks(store, parts)
    assert {(o.state, o.reason) for o in outcomes} == {HELD_REPEAT}
    assert [told(outcome) for outcome in outcomes] == [
        [("XLT609", "DOANH_NGHIEP", "A5")],
        [("XLT609", "DOANH_NGHIEP", "A5")],
        [("XLT609", None, None)],
    ]
    assert "lần 1 phần 2.xlsx (row 5)" in message(outcomes[2].findings[0], "en")


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_an_older_return_stands_while_the_parts_of_the_newer_are_held(store: Store, order):
    old = part(1, 1, enterprises=[enterprise(C)])
    newer = [part(n, 2, number=2, enterprises=[enterprise(A)]) for n in (1, 2)]
    fixing = part(1, 1, number=3, kind="correction", enterprises=[enterprise(B)])
    given = [old, *newer, fixing]
    for place in order:
        merge_workbook(store, given[place])
    assert states(store) == {COUNTS, HELD_REPEAT, ("held", "base_held")}
    assert store.rows("SELECT tax_code FROM current_enterprises") == [(C,)]


def test_parts_sent_again_without_the_repetition_count(store: Store):
    merge_workbooks(store, [part(n, enterprises=[enterprise(A)]) for n in (1, 2)])
    mended = [part(1, number=2, enterprises=[enterprise(A)]), part(2, number=2, enterprises=[enterprise(B)])]
    assert {o.state for o in merge_workbooks(store, mended)} == {"current"}
    assert store.rows("SELECT tax_code FROM current_enterprises ORDER BY ALL") == [(A,), (B,)]


def test_a_later_content_of_a_part_mends_the_set_too(store: Store):
    sent = [part(n, enterprises=[enterprise(A)], received=day(3)) for n in (1, 2)]
    assert {o.reason for o in merge_workbooks(store, sent)} == {"parts_repeat"}
    outcome = merge_workbook(store, part(2, enterprises=[enterprise(B)], received=day(9)))
    assert (outcome.state, told(outcome)) == ("current", [("XLT627", None, None)])
    assert store.rows("SELECT tax_code FROM current_enterprises ORDER BY ALL") == [(A,), (B,)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_parts_that_count_go_on_counting_when_a_later_content_would_hold_them(store: Store, order):
    sent = [
        part(1, card=total(12), funding=[paid(5)], received=day(3)),
        part(2, card=total(12), funding=[paid(7, source="local_budget")], received=day(5)),
        part(1, card=total(14), funding=[paid(6)], received=day(9)),
    ]
    for place in order:
        merge_workbook(store, sent[place])
    assert states(store) == {COUNTS, HELD_TOTAL}
    assert store.rows("SELECT sum(amount) FROM current_funding") == [(12,)]
    (newest,) = [o for o in merge_workbooks(store, sent) if o.state == "held"]
    assert told(newest)[0] == ("XLT611", "BIA", "C17")
    assert [finding.code for finding in newest.findings] == ["XLT611", "XLT628"]
    assert newest.findings[-1].facts == {"files": "lần 1 phần 1.xlsx, lần 1 phần 2.xlsx"}


def test_keys_are_compared_whole_and_blank_parts_of_them_are_alike(store: Store):
    def with_rows(first: dict, second: dict, unit: str):
        return [part(1, funding=[first], unit=unit), part(2, funding=[second], unit=unit)]

    alike = with_rows(paid(5), paid(7), "T34-24")
    apart = with_rows(paid(5), paid(5, source="local_budget"), "T34-01")
    keyless = with_rows(paid(5, year=None), paid(5, year=None), "BO-CT")
    found = [merge_workbooks(store, parts)[0] for parts in (alike, apart, keyless)]
    assert [(o.state, o.reason) for o in found] == [HELD_REPEAT, COUNTS, COUNTS]


def test_a_correction_in_parts_may_repeat_the_base_but_not_itself(store: Store):
    base = part(1, 1, enterprises=[enterprise(A, "cũ"), enterprise(B, "cũ")])
    twice = [part(n, number=2, kind="correction", enterprises=[enterprise(A, "sửa")]) for n in (1, 2)]
    outcomes = merge_workbooks(store, [base, *twice])
    assert [(o.state, o.reason) for o in outcomes] == [COUNTS, HELD_REPEAT, HELD_REPEAT]
    good = [
        part(n, number=3, kind="correction", enterprises=[enterprise(code, "sửa")])
        for n, code in ((1, A), (2, B))
    ]
    assert {o.state for o in merge_workbooks(store, good)} == {"correction"}
    assert store.rows("SELECT DISTINCT enterprise_name FROM current_enterprises") == [("sửa",)]


def test_a_part_may_point_to_a_row_of_another(store: Store):
    parts = [
        part(1, enterprises=[enterprise(A)], training=[{"course_id": "K1"}]),
        part(2, applications=[applied("H1", A)], funding=[paid(5, subject_kind="training", subject_id="K1")]),
    ]
    assert [(o.state, told(o)) for o in merge_workbooks(store, parts)] == [("current", [])] * 2


def test_a_reference_that_no_part_answers_holds_the_set(store: Store):
    parts = [
        part(1, enterprises=[enterprise(A)], training=[{"course_id": "K1"}]),
        part(
            2,
            applications=[applied("H1", A), applied("H2", B)],
            funding=[
                paid(5, subject_kind="application", subject_id="K1"),
                paid(5, subject_kind="training", subject_id="K1"),
                paid(5, subject_kind="other", subject_id="K9"),
            ],
        ),
    ]
    bare, bearer = merge_workbooks(store, parts)
    assert {(o.state, o.reason) for o in (bare, bearer)} == {HELD_DANGLE}
    assert told(bearer) == [("XLT610", "AP_DUNG", "C6"), ("XLT610", "KINH_PHI", "B5")]
    assert told(bare) == [("XLT610", None, None)] * 2
    said = message(bearer.findings[0], "vi")
    assert f"“{B}” không có trong cột «Mã số thuế» của trang DOANH_NGHIEP" in said
    assert "lần 1 phần 2.xlsx (dòng 6)" in said
    assert "AP_DUNG" in hint(bearer.findings[1], "en")
    assert store.rows("SELECT count(*) FROM current_funding") == [(0,)]


def test_what_may_stand_in_rows_left_out_is_not_missed(store: Store):
    parts = [
        part(1, verdict="partial", card=total(9)),
        part(2, applications=[applied("H1", A)], funding=[paid(5)]),
    ]
    assert {(o.state, o.reason) for o in merge_workbooks(store, parts)} == {COUNTS}


TOTALS = {
    "no cover states one": ({}, {}, COUNTS),
    "both state the whole": (total(12), total(12), COUNTS),
    "one states the whole": (total(12), {}, COUNTS),
    "each states its own part": (total(5), total(7), HELD_TOTAL),
    "one is wrong": (total(12), total(13), HELD_TOTAL),
    "the share of the state is right": (total(12, funding_state=7, funding_other=5), {}, COUNTS),
    "the share of the state is wrong": (total(12, funding_state=5, funding_other=7), {}, HELD_TOTAL),
    "of another kind of figure": (total(0, funding_kind="settled"), {}, COUNTS),
}


@pytest.mark.parametrize(("first", "second", "expected"), TOTALS.values(), ids=TOTALS.keys())
def test_totals_on_the_covers_are_those_of_all_parts(store: Store, first, second, expected):
    rows = [paid(5), paid(7, source="local_budget")]
    parts = [part(n, card=card, funding=[rows[n - 1]]) for n, card in ((1, first), (2, second))]
    assert {(o.state, o.reason) for o in merge_workbooks(store, parts)} == {expected}


def test_a_total_that_differs_is_told_with_both_amounts(store: Store):
    parts = [part(1, card=total(12_000_000), funding=[paid(5_000_000)]), part(2)]
    stating, other = merge_workbooks(store, parts)
    assert told(stating) == [("XLT611", "BIA", "C17")]
    assert told(other) == [("XLT611", None, None)]
    assert "ở trang bìa của lần 1 phần 1.xlsx là 12.000.000 đồng" in message(other.findings[0], "vi")
    said = message(stating.findings[0], "vi")
    assert "12.000.000 đồng, cộng kinh phí của mọi phần được 5.000.000 đồng, lệch 7.000.000 đồng" in said


def test_a_correction_that_leaves_a_reference_open_counts_with_a_warning(store: Store):
    base = part(1, 1, enterprises=[enterprise(A)])
    fixing = correction(2, applications=[applied("H1", A), applied("H2", B)])
    _, outcome = merge_workbooks(store, [base, fixing])
    assert (outcome.state, told(outcome)) == ("correction", [("XLT612", "AP_DUNG", "C6")])
    again = correction(3, enterprises=[enterprise(B)])
    assert told(merge_workbook(store, again)) == []


def test_it_is_told_with_the_base_if_the_correction_came_first(store: Store):
    assert merge_workbook(store, correction(2, applications=[applied("H1", B)])).reason == "no_base"
    outcome = merge_workbook(store, part(1, 1, enterprises=[enterprise(A)]))
    assert (outcome.state, told(outcome)) == ("current", [("XLT612", None, None)])
    assert "lần 2 phần 1.xlsx (dòng 5)" in message(outcome.findings[0], "vi")


def test_the_last_correction_speaks_of_the_total_of_the_corrected_return(store: Store):
    base = part(1, 1, card=total(12), funding=[paid(5), paid(7, source="local_budget")])
    silent = correction(2, funding=[paid(6)])
    wrong = correction(3, card=total(12), funding=[paid(8)])
    right = correction(4, card=total(15), funding=[paid(8)])
    found = [merge_workbook(store, given) for given in (base, silent, wrong, right)]
    assert [told(o) for o in found] == [[], [], [("XLT613", "BIA", "C17")], []]
    assert "12 đồng, báo cáo sau khi sửa có 15 đồng, lệch 3 đồng" in message(found[2].findings[0], "vi")


def test_personal_numbers_in_keys_are_hidden(store: Store):
    household = enterprise("001088012345")
    outcomes = merge_workbooks(
        store,
        [
            part(1, enterprises=[household]),
            part(2, enterprises=[household], applications=[applied("H", "001088054321")]),
        ],
    )
    found: list[Finding] = [finding for outcome in outcomes for finding in outcome.findings]
    assert {finding.code for finding in found} == {"XLT609", "XLT610"}
    shown = " ".join(f"{f.value} {message(f, 'vi')} {hint(f, 'en')}" for f in found)
    assert "001088" not in shown
    assert "345" in shown


def test_many_repeated_rows_are_named_in_one_finding(store: Store):
    rows = [enterprise(f"01{number:08}") for number in range(200)]
    outcomes = merge_workbooks(store, [part(1, enterprises=rows), part(2, enterprises=rows)])
    assert [len(outcome.findings) for outcome in outcomes] == [1, 1]
    assert "200 keys" in message(outcomes[0].findings[0], "en")


def test_what_is_held_stays_held_when_the_store_is_opened_again(tmp_path: Path):
    path = tmp_path / "national.duckdb"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [part(n, enterprises=[enterprise(A)]) for n in (1, 2)])
    with open_store(path, SCHEMAS, read_only=True) as store:
        assert states(store) == {HELD_REPEAT}
