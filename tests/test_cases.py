"""Every case under tests/cases gives just the findings that it names."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.case_files import Case, build, read_cases
from xltrack.checking import check_workbook, check_workbooks, deadlines_of, in_reading_order
from xltrack.checking.deadlines import on_arrival
from xltrack.findings import Finding, catalogue, hint, message
from xltrack.forms import load_schemas
from xltrack.reading import Workbook

SCHEMAS = load_schemas()
CASES = read_cases()
CHECKING = Path(__file__).resolve().parent.parent / "xltrack" / "checking"


def place(finding: Finding) -> str:
    return f"{finding.sheet}!{finding.cell}" if finding.cell else str(finding.sheet)


@cache
def findings() -> dict[str, list[Finding]]:
    """Return the findings of every case by its name, all checked at once."""
    workbooks = [build(case, SCHEMAS) for case in CASES]
    checked = check_workbooks(workbooks, SCHEMAS)
    return {
        case.name: [*book.findings, *in_reading_order((*found, *_on_arrival(case, book)), book)]
        for case, book, found in zip(CASES, workbooks, checked, strict=True)
    }


def _on_arrival(case: Case, book: Workbook) -> Iterator[Finding]:
    return on_arrival(deadlines_of(book), case.received)


def test_names_of_cases_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_gives_its_findings_and_no_others(case):
    found = findings()[case.name]
    assert [(finding.code, place(finding)) for finding in found] == [
        (e.code, e.cell) for e in case.expected
    ], [message(finding, "vi") for finding in found]
    for finding, expected in zip(found, case.expected, strict=True):
        assert expected.says in message(finding, "vi")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_finding_of_the_cases_has_all_the_facts_that_its_sentences_name(lang):
    found = [finding for of_case in findings().values() for finding in of_case]
    assert len(found) > 30
    for finding in found:
        assert "…" not in message(finding, lang), finding
        assert "{" not in message(finding, lang) + hint(finding, lang)
        assert "…" not in hint(finding, lang).replace("; …", ""), finding


def test_every_code_of_checking_has_a_case_that_fails():
    # following.py names what reading finds, and is shown by test_cover_first.
    paths = {path for kind in ("*.py", "*.sql") for path in CHECKING.rglob(kind)} - {
        CHECKING / "following.py"
    }
    sources = [path.read_text("utf-8") for path in paths]
    named = {code for text in sources for code in re.findall(r"XLT\d{3}", text)}
    shown = {expected.code for case in CASES for expected in case.expected}
    assert {code for code in catalogue() if code[3] in "45"} <= named
    assert named & set(catalogue()) <= shown


def test_some_case_is_clean():
    assert any(not case.expected and case.sheets for case in CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.expected][::6], ids=lambda case: case.name)
def test_a_workbook_alone_gives_what_it_gives_among_others(case):
    workbook = build(case, SCHEMAS)
    alone = [*workbook.findings, *check_workbook(workbook, SCHEMAS, case.received)]
    assert alone == findings()[case.name]
