"""Every case under tests/cases gives just the findings that it names."""

import re
from pathlib import Path

import pytest

from tests.case_files import Case, build, read_cases
from xltrack.checking import check_workbook, check_workbooks
from xltrack.findings import Finding, catalogue, hint, message
from xltrack.forms import load_schemas

SCHEMAS = load_schemas()
CASES = read_cases()
CHECKING = Path(__file__).resolve().parent.parent / "xltrack" / "checking"


def place(finding: Finding) -> str:
    return f"{finding.sheet}!{finding.cell}" if finding.cell else str(finding.sheet)


def findings_of(case: Case) -> list[Finding]:
    workbook = build(case, SCHEMAS)
    return [*workbook.findings, *check_workbook(workbook, SCHEMAS, case.received)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_gives_its_findings_and_no_others(case):
    found = findings_of(case)
    assert [(finding.code, place(finding)) for finding in found] == [
        (e.code, e.cell) for e in case.expected
    ], [message(finding, "vi") for finding in found]
    for finding, expected in zip(found, case.expected, strict=True):
        assert expected.says in message(finding, "vi")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_finding_of_the_cases_has_all_the_facts_that_its_sentences_name(lang):
    found = [finding for case in CASES for finding in findings_of(case)]
    assert len(found) > 30
    for finding in found:
        assert "…" not in message(finding, lang), finding
        assert "{" not in message(finding, lang) + hint(finding, lang)
        assert "…" not in hint(finding, lang).replace("; …", ""), finding


def test_every_code_of_checking_has_a_case_that_fails():
    sources = [path.read_text("utf-8") for kind in ("*.py", "*.sql") for path in CHECKING.rglob(kind)]
    named = {code for text in sources for code in re.findall(r"XLT\d{3}", text)}
    shown = {expected.code for case in CASES for expected in case.expected}
    assert {code for code in catalogue() if code[3] in "45"} <= named
    assert named & set(catalogue()) <= shown


def test_some_case_is_clean():
    assert any(not case.expected and case.sheets for case in CASES)


def test_a_batch_gives_each_workbook_what_it_gets_alone():
    plain = [case for case in CASES if not case.demands]
    workbooks = [build(case, SCHEMAS) for case in plain]
    together = check_workbooks(workbooks, SCHEMAS, [case.received for case in plain])
    alone = [check_workbook(w, SCHEMAS, case.received) for w, case in zip(workbooks, plain, strict=True)]
    assert together == alone
    assert sum(map(len, together)) > 20
