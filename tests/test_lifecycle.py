"""A code begins on trial, when it refuses no file, and ends retired, when it is explained and told of none."""

from importlib.resources import files

import pytest
from click.testing import CliRunner

from xltrack.checking import rule
from xltrack.checking.relations import RELATIONS
from xltrack.cli.main import cli
from xltrack.findings import Finding, catalogue
from xltrack.forms import load_schemas
from xltrack.intake import receive
from xltrack.pipeline import write_templates
from xltrack.pipeline.examining import read, verdict_of

TRIAL = [code for code, known in catalogue().items() if known.lifecycle == "trial"]


@pytest.fixture
def retire(monkeypatch):
    """Retire a code for the time of a test."""

    def retired(code: str) -> None:
        known = catalogue()
        entry = known._entries[code].replace(f'"{known[code].lifecycle}"', '"retired"')
        monkeypatch.setitem(known._entries, code, entry)
        monkeypatch.delitem(known._read, code)
        assert known.is_retired(code)
        assert known[code].lifecycle == "retired"

    return retired


def test_codes_on_trial_together_refuse_no_file():
    assert len(TRIAL) > 5
    assert verdict_of([Finding(code) for code in TRIAL]) == "accepted"


def test_a_retired_rule_is_not_asked(retire):
    folder = files("xltrack.checking")
    assert "XLT534" in rule.read_rules(folder, RELATIONS).by_code
    retire("XLT534")
    assert "XLT534" not in rule.read_rules(folder, RELATIONS).by_code


def test_a_retired_code_of_any_check_is_told_of_no_file(retire, tmp_path):
    (path,) = write_templates(["T34-24"], 2025, "annual", tmp_path)

    def codes():
        return {finding.code for finding in read(receive(path), load_schemas()).result.findings}

    before = codes()
    assert "XLT401" in before
    retire("XLT401")
    assert codes() == before - {"XLT401"}


def test_it_is_explained_for_ever(retire):
    retire("XLT401")
    said = CliRunner().invoke(cli, ["explain", "XLT401", "--lang", "en"]).output
    assert "missing" in said
