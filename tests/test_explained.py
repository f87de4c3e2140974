"""What `xltrack explain` tells of finding codes."""

import pytest

from xltrack.errors import UnknownName
from xltrack.findings import catalogue
from xltrack.report.explained import explained, find_code, listed


@pytest.mark.parametrize("word", ["XLT402", "xlt402", "402", " 402 ", "pattern_mismatch", "Pattern_Mismatch"])
def test_a_code_is_found_however_it_is_written(word):
    assert find_code(word).code == "XLT402"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("XLT420", "Is it `XLT402`"),
        ("patern_mismatch", "Is it `XLT402`"),
        ("duplicate_keys", "Is it `XLT501`"),
        ("zzz", "lists them all"),
        ("", "lists them all"),
    ],
)
def test_an_unknown_code_is_refused_with_those_spelt_alike(word, said):
    with pytest.raises(UnknownName) as failure:
        find_code(word)
    assert said in failure.value.message("en")


def test_a_code_is_explained_with_all_that_the_catalogue_has():
    code = catalogue()["XLT411"]
    said = explained(code, "vi")
    for part in (
        "XLT411 tax_code_checksum",
        "cảnh báo",
        "đang áp dụng",
        code.explanation.vi,
        code.source,
        code.since,
    ):
        assert part in said
    assert "{" not in said
    assert "Wrong" not in said
    assert "warning · active" in explained(code, "en")


def test_all_codes_are_listed_one_a_line():
    lines = listed(tuple(catalogue().values()), "en").splitlines()
    assert [line.split()[0] for line in lines] == list(catalogue())
