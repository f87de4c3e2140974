"""What arrives is read as it was meant, or refused where it stands: every case of tests/messes/cases.toml."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import xltrack
from tests.messes.cases import Case, base, cases, expected_places, found_places, messed, write
from tests.messes.compare import Expected, Reading, faults, missing, read, read_all
from tests.messes.writers import WRITERS, CannotWrite
from xltrack.findings import catalogue, message
from xltrack.pipeline import FileResult
from xltrack.report.json_result import as_json
from xltrack.report.text import as_text

pytestmark = pytest.mark.slow

CASES = cases()
BY_NAME = {case.name: case for case in CASES}
SAMPLE = 16


WORKBOOKS = [name for name, case in BY_NAME.items() if not case.file]
FILES = [name for name, case in BY_NAME.items() if case.file]


@pytest.fixture(scope="module")
def readings(request, tmp_path_factory) -> dict[str, list[Reading]]:
    """What was read of each workbook that is asked for, as two programs wrote it; all at once, as a round is read."""
    asked = dict.fromkeys(
        item.callspec.params["name"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_a_workbook_is_read_as_its_row_says"
    )
    folder = tmp_path_factory.mktemp("sent")
    sent = [(name, path) for name in asked for path in _sent(name, folder / name)]
    found: dict[str, list[Reading]] = {name: [] for name in asked}
    for (name, _), reading in zip(sent, read_all([path for _, path in sent]), strict=True):
        found[name].append(reading)
    return found


def _sent(name: str, folder: Path) -> Iterator[Path]:
    """Write a workbook with the writer that can say everything, and with one of the libraries if that can say it."""
    case = BY_NAME[name]
    book = messed(Expected(*base(case.base)), case).book
    for writer in ("xml", ("openpyxl", "xlsxwriter")[len(name) % 2]):
        (folder / writer).mkdir(parents=True)
        try:
            yield write(case, book, folder / writer, WRITERS[writer])
        except CannotWrite:
            assert writer != "xml"


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_read_as_its_row_says(name, readings):
    case = BY_NAME[name]
    expected = messed(Expected(*base(case.base)), case)
    for reading in readings[name]:
        check(case, expected, reading)


@pytest.fixture(scope="module")
def received(tmp_path_factory) -> dict[str, FileResult]:
    """All that is no workbook to read, in one round: none of it may hold up the others."""
    folder = tmp_path_factory.mktemp("received")
    for name in FILES:
        (folder / name).mkdir(parents=True)
        write(BY_NAME[name], base("template")[0], folder / name, WRITERS["xml"])
    return {
        file.path.parent.relative_to(folder).as_posix(): file for file in xltrack.validate([folder]).files
    }


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_taken_as_its_row_says(name, received):
    case, result = BY_NAME[name], received[name]
    said = [message(finding, "vi") for finding in result.findings]
    assert [finding.code for finding in result.findings] == list(case.finds), said
    assert result.verdict == case.verdict
    assert (result.ledger.cells > 0) == (case.rows == "all")
    if case.rows == "all":
        expected, reading = Expected(*base("template")), read(result.path)
        assert faults(expected, reading) == []
        assert missing(expected, reading) == []


def check(case: Case, expected: Expected, reading: Reading) -> None:
    said = [message(finding, "vi") for finding in reading.findings]
    assert Counter(found_places(reading)) == Counter(expected_places(expected.book, case.finds)), said
    assert reading.result.verdict == case.verdict
    assert faults(expected, reading) == []
    if case.rows == "all":
        assert missing(expected, reading) == []
    if case.rows == "none":
        assert reading.values == {}
        return
    passed_over = Counter(reading.result.ledger.ignored) - untouched(case.base)
    assert passed_over == Counter(case.ignored)


IGNORED: dict[str, Counter[str]] = {}


def untouched(start: str) -> Counter[str]:
    """What the ledger passes over in a workbook to which nothing was done."""
    return IGNORED[start]


@pytest.fixture(scope="module", autouse=True)
def _ledgers(tmp_path_factory):
    for start in ("template", "plain", "blank", "stranger"):
        path = WRITERS["xml"](base(start)[0], tmp_path_factory.mktemp("untouched") / f"{start}.xlsx")
        IGNORED[start] = Counter(read(path).result.ledger.ignored)


def test_quotes_and_markup_stand_in_every_report_as_they_were_typed(tmp_path):
    case = BY_NAME["cell/quotes-and-markup"]
    value = case.type[1]["typed"]
    book = messed(Expected(*base(case.base)), case).book
    result = read(write(case, book, tmp_path, WRITERS["xml"])).result
    assert value in as_text([result], "vi")
    (finding,) = json.loads(as_json([result], "en"))["files"][0]["findings"]
    assert finding["value"] == value
    assert value in finding["message"]


def test_case_names_say_where_and_are_used_once():
    assert len(BY_NAME) == len(CASES)
    assert [name for name in BY_NAME if not re.fullmatch(r"(file|workbook|row|cell)/[a-z0-9-]+", name)] == []
    texts = [text for case in CASES for text in (case.vi, case.en)]
    assert len(set(texts)) == len(texts)


def test_findings_of_the_cases_are_in_the_catalogue():
    assert {text.partition(" ")[0] for case in CASES for text in case.finds} <= catalogue().keys()


def test_a_second_reading_in_another_order_says_the_same(tmp_path):
    chance = random.Random(7)
    paths = {}
    for case in chance.sample([case for case in CASES if not case.file], SAMPLE):
        folder = tmp_path / case.name.replace("/", " ")
        folder.mkdir()
        paths[case.name] = write(case, messed(Expected(*base(case.base)), case).book, folder, WRITERS["xml"])
    first, second = (
        {name: summary(read(paths[name])) for name in chance.sample(sorted(paths), len(paths))}
        for _ in range(2)
    )
    assert first == second


def summary(reading: Reading) -> tuple:
    return (replace(reading.result, path=reading.result.path.parent), sorted(reading.values.items(), key=str))
