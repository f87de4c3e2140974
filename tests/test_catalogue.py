"""Every code is explained in both languages, has a known severity, and is used; every code used is in the catalogue."""

import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from tests.case_files import read_cases
from xltrack.excel.template_table import ALLOWED
from xltrack.findings import Finding, Severity, catalogue, hint, message
from xltrack.findings.catalogue import Lifecycle
from xltrack.findings.masking import masked
from xltrack.language import Text

TESTS = Path(__file__).resolve().parent
SOURCE = TESTS.parent / "xltrack"
CODES = tuple(catalogue().values())
OWN = {"value", "cell", "sheet", "row", "column"}
FIELDS = {
    "name", "severity", "message_vi", "message_en", "hint_vi", "hint_en", "explanation_vi", "explanation_en", "source",
    "since", "lifecycle",
}  # fmt: skip
# The facts that whoever makes the finding owes to its message; a title comes with every finding on a column.
FACTS = {
    "XLT101": "kind",
    "XLT102": "reason",
    "XLT103": "",
    "XLT104": "kind",
    "XLT105": "size limit",
    "XLT106": "found expected",
    "XLT107": "version accepts",
    "XLT108": "found",
    "XLT109": "",
    "XLT110": "found",
    "XLT111": "found",
    "XLT112": "files",
    "XLT113": "kind names",
    "XLT114": "kind",
    "XLT115": "kind",
    "XLT116": "",
    "XLT117": "reason",
    "XLT118": "reason",
    "XLT119": "",
    "XLT120": "suggestions",
    "XLT121": "readings",
    "XLT122": "unit round",
    "XLT123": "year period",
    "XLT124": "cover template",
    "XLT125": "cover template",
    "XLT126": "cut_off received",
    "XLT127": "received due",
    "XLT128": "title heading cover",
    "XLT131": "code name",
    "XLT132": "heading cover places",
    "XLT133": "count said codes",
    "XLT140": "",
    "XLT141": "",
    "XLT142": "",
    "XLT143": "reason",
    "XLT144": "more code first last listed",
    "XLT145": "reason",
    "XLT146": "",
    "XLT147": "comment",
    "XLT148": "kind",
    "XLT201": "tab title",
    "XLT202": "cells suggestions",
    "XLT203": "title",
    "XLT204": "title",
    "XLT205": "cells suggestions",
    "XLT206": "title letters",
    "XLT207": "tab",
    "XLT208": "original records original_records",
    "XLT209": "original records",
    "XLT210": "title letter other",
    "XLT211": "title letter",
    "XLT212": "tab title",
    "XLT213": "original records",
    "XLT214": "rows",
    "XLT215": "rows kind example",
    "XLT216": "title total rows sum difference",
    "XLT217": "title range cells",
    "XLT218": "title range cells",
    "XLT219": "count",
    "XLT220": "title comment",
    "XLT221": "count rows",
    "XLT222": "count rows",
    "XLT223": "count",
    "XLT224": "letters",
    "XLT225": "range cells",
    "XLT226": "title range cells",
    "XLT227": "title list codes",
    "XLT228": "file named cover",
    "XLT229": "count rows range",
    "XLT230": "count rows",
    "XLT231": "count cells",
    "XLT232": "count rows",
    "XLT233": "title range cells",
    "XLT234": "unit cover",
    "XLT235": "title range count",
    "XLT260": "title",
    "XLT261": "",
    "XLT262": "",
    "XLT301": "title",
    "XLT302": "title",
    "XLT303": "title",
    "XLT304": "title first second",
    "XLT305": "title",
    "XLT306": "title list suggestions",
    "XLT307": "title readings",
    "XLT308": "title",
    "XLT309": "title",
    "XLT310": "title amount",
    "XLT311": "title restored",
    "XLT312": "title",
    "XLT313": "title first second",
    "XLT314": "title first second text",
    "XLT315": "title amount",
    "XLT316": "title day",
    "XLT317": "title",
    "XLT318": "title first last day",
    "XLT319": "title cells encoding converted",
    "XLT320": "title encoding converted",
    "XLT321": "title restored",
    "XLT322": "title",
    "XLT323": "title first last cells",
    "XLT324": "title",
    "XLT325": "title",
    "XLT326": "title",
    "XLT327": "title amounts typical declared other",
    "XLT328": "title declared amount against other",
    "XLT329": "title cover_total sheet_total against readings declared",
    "XLT330": "title",
    "XLT331": "title",
    "XLT332": "title cells day",
    "XLT340": "title first second other other_read cells",
    "XLT341": "title cells text second first",
    "XLT350": "title",
    "XLT351": "title",
    "XLT352": "title",
    "XLT353": "title cells",
    "XLT354": "title",
    "XLT355": "title cells",
    "XLT356": "title",
    "XLT357": "title shown first second",
    "XLT358": "title comment",
    "XLT401": "title",
    "XLT402": "title help letters suggestions",
    "XLT403": "title limit",
    "XLT404": "title limit",
    "XLT405": "title limit length",
    "XLT406": "title allowed",
    "XLT407": "title code first last",
    "XLT408": "title parent_title parent",
    "XLT409": "title condition",
    "XLT410": "title reason",
    "XLT411": "title expected",
    "XLT501": "title other_rows key",
    "XLT502": "title target_tab target_title suggestions doubtful misspelt",
    "XLT503": "title cover_total sheet_total difference",
    "XLT504": "title total state other difference",
    "XLT505": "title rows",
    "XLT506": "title year cover_year",
    "XLT507": "title rows",
    "XLT508": "title",
    "XLT509": "title declared computed workers revenue capital limit_size workers_max revenue_max capital_max",
    "XLT510": "title declared industry expected",
    "XLT511": "title women workers",
    "XLT513": "",
    "XLT514": "title province unit",
    "XLT515": "unit rows province",
    "XLT516": "title other_rows",
    "XLT517": "other_rows title",
    "XLT518": "title first_year cover_year",
    "XLT519": "revenue capital",
    "XLT520": "title last_day first_day",
    "XLT521": "title programme first_day last_day",
    "XLT522": "title",
    "XLT523": "title ended cut_off",
    "XLT524": "title ended cut_off",
    "XLT525": "title tool",
    "XLT526": "title tool how",
    "XLT527": "tool title",
    "XLT528": "title expires issued",
    "XLT529": "expires cut_off",
    "XLT530": "title issued cut_off",
    "XLT531": "title",
    "XLT532": "title",
    "XLT533": "title",
    "XLT534": "indicator before after direction",
    "XLT535": "percent before after",
    "XLT536": "other",
    "XLT537": "year other",
    "XLT538": "title budget kind funded",
    "XLT539": "disbursed allocated",
    "XLT540": "settled disbursed",
    "XLT541": "sources paid kind max_percent legal_basis",
    "XLT542": "sources paid kind ceiling legal_basis",
    "XLT543": "sources percent kind max_percent legal_basis",
    "XLT545": "title subject",
    "XLT546": "title women participants",
    "XLT547": "title experts participants",
    "XLT548": "start_date other_rows",
    "XLT549": "first_day last_day",
    "XLT550": "",
    "XLT551": "",
    "XLT552": "",
    "XLT553": "first_day last_day months",
    "XLT554": "title due latest other",
    "XLT555": "programme cut_off steps due",
    "XLT556": "title done cut_off",
    "XLT557": "status done",
    "XLT558": "programme title",
    "XLT559": "title",
    "XLT560": "programme other_row",
    "XLT561": "title",
    "XLT562": "title",
    "XLT563": "title",
    "XLT564": "title indicator actual counted",
    "XLT565": "title indicator expected",
    "XLT566": "title kind",
    "XLT567": "title signed cut_off",
    "XLT569": "disbursed estimated",
    "XLT570": "groups title",
    "XLT571": "programme ended cut_off title",
    "XLT572": "",
    "XLT573": "title amount least most",
    "XLT574": "title part parts",
    "XLT575": "title unknown",
    "XLT576": "title signed arrival",
    "XLT577": "title year cover_year",
    "XLT578": "title begun cut_off cover_year",
    "XLT579": "other_rows key total",
    "XLT568": "title cut_off first_day last_day",
    "XLT601": "first",
    "XLT602": "other",
    "XLT603": "missing",
    "XLT604": "first",
    "XLT605": "units",
    "XLT606": "part_no part_count beside",
    "XLT607": "",
    "XLT608": "",
    "XLT609": "title tab key places keys",
    "XLT610": "title tab lost place target_tab target_title",
    "XLT611": "title tab cover_total sheet_total difference file",
    "XLT612": "title tab lost place target_tab target_title",
    "XLT613": "title tab cover_total sheet_total difference file",
    "XLT614": "number files",
    "XLT615": "files",
    "XLT616": "year units",
    "XLT617": "title name year before",
    "XLT618": "title size year before",
    "XLT619": "title first_year year before",
    "XLT620": "id year",
    "XLT621": "title id year",
    "XLT622": "indicator period actual before year",
    "XLT623": "enterprises year before percent low high",
    "XLT624": "year units tool",
    "XLT625": "because",
    "XLT626": "because",
    "XLT627": "files",
    "XLT628": "files",
    "XLT700": "names",
    "XLT701": "hosts",
    "XLT702": "size limit",
    "XLT703": "reason",
    "XLT704": "file reason",
    "XLT705": "reason",
    "XLT706": "sender",
    "XLT707": "sender",
    "XLT708": "file unit units",
    "XLT709": "",
}


def named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_table_has_these_codes_and_no_field_is_missing_or_misspelt():
    table = tomllib.loads((SOURCE / "findings" / "catalogue.toml").read_text("utf-8"))
    assert set(table) >= set(FACTS)
    # What is read entry by entry is what the whole file says.
    assert {
        code: (one.name, one.message.vi, one.explanation.en, one.since) for code, one in catalogue().items()
    } == {
        code: (entry["name"], entry["message_vi"], entry["explanation_en"], entry["since"])
        for code, entry in sorted(table.items())
    }
    assert [catalogue().code_of(entry["name"]) for entry in table.values()] == list(table)
    assert [catalogue().is_retired(code) for code in table] == [
        entry["lifecycle"] == "retired" for entry in table.values()
    ]
    assert {code: set(entry) for code, entry in table.items()} == dict.fromkeys(table, FIELDS)
    assert all(
        isinstance(value, str) and value == value.strip() and value
        for e in table.values()
        for value in e.values()
    )


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_code_is_well_formed(code):
    assert re.fullmatch(r"XLT[1-9]\d\d", code.code)
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code.name)
    assert code.severity in get_args(Severity)
    assert code.lifecycle in get_args(Lifecycle)
    assert (code.lifecycle, code.severity) != ("trial", "error"), "what is only tried refuses no file"
    assert re.fullmatch(r"\d+\.\d+\.\d+", code.since)
    for text in (code.message, code.hint, code.explanation):
        assert text.vi != text.en
        assert "  " not in text.vi + text.en
        assert text.vi[-1] in ".}]"
        assert text.en[-1] in ".}]"
    for lang in ("vi", "en"):
        assert len(re.findall(r"[.:;](?= |$)", code.explanation.to(lang))) >= 2
    assert named(code.message.vi) == named(code.message.en)
    assert named(code.hint.vi) == named(code.hint.en)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_message_does_not_repeat_the_address(code):
    assert not named(code.message.vi) & {"cell", "row", "column"}


def test_names_are_unique():
    assert len({code.name for code in CODES}) == len(CODES)


@pytest.mark.parametrize("code", [code for code in CODES if code.code in FACTS], ids=lambda code: code.code)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_code_renders_with_the_facts_it_is_owed(code, lang):
    owed = FACTS[code.code].split()
    sentences = (code.message, code.hint)
    assert {name for text in sentences for name in named(text.vi)} <= {*owed, *OWN}
    finding = Finding(
        code.code, "BIA", 7, "C7", "year", "V4LUE", {name: Text(f"<{name}>", f"<{name}>") for name in owed}
    )
    said = message(finding, lang) + hint(finding, lang)
    assert "…" not in said.replace("“~$…”", "")
    assert "{" not in said
    assert "None" not in said


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_code_renders_even_without_its_facts(code):
    assert message(Finding(code.code), "vi")
    assert hint(Finding(code.code), "en")


def test_codes_named_in_the_source_are_those_of_the_catalogue():
    paths = [path for kind in ("*.py", "*.sql") for path in SOURCE.rglob(kind)]
    used = {code for path in paths for code in re.findall(r"XLT\d{3}(?!\d)", path.read_text("utf-8"))}
    assert used == set(catalogue())


def failing_tests() -> dict[str, str]:
    """Return the list `failing_tests.md`: by code the test in which it is found, for want of a case in `cases/`."""
    lines = (TESTS / "failing_tests.md").read_text("utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| XLT")
    ]
    assert len({code for code, _ in rows}) == len(rows)
    return dict(rows)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_code_has_a_case_that_fails(code):
    cases = {expected.code for case in read_cases() for expected in case.expected}
    assert code.code in cases or code.code in failing_tests(), (
        f"{code.code} has no case: write one, or name the test that finds it in tests/failing_tests.md"
    )


@pytest.mark.parametrize(("code", "test"), failing_tests().items(), ids=failing_tests())
def test_the_test_named_for_a_code_is_there_and_speaks_of_it(code, test):
    file, _, function = test.partition("::")
    text = (TESTS / file).read_text("utf-8")
    assert f"def {function}(" in text
    assert code in text


@pytest.mark.parametrize(
    ("fact", "vi", "en"),
    [
        (1_250_000, "1.250.000", "1,250,000"),
        (2025, "2025", "2025"),
        (("5", "7"), "5, 7", "5, 7"),
        ((), "không có", "none"),
        (None, "không có", "none"),
        (Text("tỉnh", "province"), "tỉnh", "province"),
        ("hai\ndòng", "hai dòng", "hai dòng"),
        ("{value}", "{value}", "{value}"),
    ],
)
def test_facts_are_said_as_people_write_them(fact, vi, en):
    finding = Finding("XLT603", facts={"missing": fact})
    assert f"phần {vi}, nên" in message(finding, "vi")
    assert f"part {en} is" in message(finding, "en")


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 row of data is hidden"), (2, "2 rows of"), (12_000, "12,000 rows of"), (None, "none rows")],
)
def test_what_is_counted_agrees_with_its_number(count, said):
    assert message(Finding("XLT221", facts={"count": count, "rows": "5"}), "en").startswith(said)


@pytest.mark.parametrize(
    ("alike", "vi", "en"),
    [
        (Text("“A”", "“B”"), "không được đọc. Có phải ý Anh/Chị là “A”?", "not read. Did you mean “B”?"),
        (Text("không có", "none"), "không được đọc.", "not read."),
        ("", "không được đọc.", "not read."),
    ],
)
def test_what_is_alike_is_offered_only_where_there_is_something(alike, vi, en):
    finding = Finding("XLT205", value="[x]", facts={"cells": 2, "suggestions": alike})
    assert message(finding, "vi").endswith(vi)
    assert message(finding, "en").endswith(en)
    assert "“[x]”" in message(finding, "vi")


def test_a_pasted_page_is_cut():
    said = message(Finding("XLT301", value="chữ " * 5_000, facts={"title": "T"}), "vi")
    assert len(said) < 400


def test_personal_identification_numbers_are_hidden():
    assert masked("001088012345") == "•••••••••345"
    assert masked("CCCD 001088012345, 0101234567-001") == "CCCD •••••••••345, 0101234567-001"
    assert masked("Ông A, CCCD 079 086 012 345") == "Ông A, CCCD •••••••••345"
    assert masked("079.086.012.345 và 079086-012345") == "•••••••••345 và •••••••••345"
    assert masked("79086012345") == "••••••••345"


def test_mobile_numbers_that_say_so_and_mailboxes_are_hidden():
    assert masked("Liên hệ ông A, ĐT: 0912 345 678.") == "Liên hệ ông A, ĐT: •••••••678."
    assert masked("zalo 0912345678, +84 912.345.678") == "zalo •••••••678, ••••••••678"
    assert masked("Gửi về nguyen.van.a+x@example.com nhé") == "Gửi về ng…@example.com nhé"
    assert masked("MST 0912345678, máy lẻ @12") == "MST 0912345678, máy lẻ @12"


@pytest.mark.parametrize(
    "text",
    [
        "0101234567-001", "0101 234 567", "0204 3854 123", "02043854123", "0204 3854 123 - 0912 345 678",
        "125.000.000.000 đồng", "1.250.000.000.000", "101234567", "15/03/2025 10:30", "01.03.2025 - 31.12.2025",
    ],
)  # fmt: skip
def test_other_numbers_are_shown(text):
    assert masked(text) == text


def test_no_hint_asks_for_what_a_protected_sheet_does_not_allow():
    """Rows and columns of a protected sheet can be neither inserted nor deleted, and cells not unmerged."""
    forbidden = {"insert_rows", "insert_columns", "delete_rows", "delete_columns"}
    assert not forbidden & ALLOWED.keys()
    asking = re.compile(r"xóa (cả |các )?(dòng|cột)|chèn (dòng|cột)|thêm lại cột|gộp ô")
    for code in CODES:
        found = asking.search(code.hint.vi.casefold())
        if found and code.code[3] in "25":
            assert "Unprotect Sheet" in code.hint.vi, code.code
            assert "Unprotect Sheet" in code.hint.en, code.code


def test_no_remedy_for_a_figure_leads_into_the_next_finding():
    """A blank required cell is XLT401; a year has no unit."""
    codes = ("XLT301", "XLT403", "XLT404")
    figure, *limits = (Finding(code, facts={"title": "T", "limit": "2100"}) for code in codes)
    assert "riêng mục có dấu * thì hỏi lấy số, hoặc xóa trống cả dòng" in hint(figure, "vi")
    assert "where the heading has a *, ask for the number" in hint(figure, "en")
    assert all("với số tiền thì cả đơn vị" in hint(limit, "vi") for limit in limits)
