"""However a workbook is broken, it ends nothing, holds nothing up, and is not read as something else than it is."""

import pytest

from tests.fuzzing import broken, examine, seeds
from tests.messes import model
from tests.messes.cases import base
from tests.mutations import mutate
from tests.third_reading import contents

SOME = 100


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return seeds(tmp_path_factory.mktemp("good"))


def test_broken_workbooks_do_no_harm_and_are_read_as_they_are(good, tmp_path):
    """`make bench ARGS=fuzz` does the same with thousands."""
    assert len(list(broken(good, range(SOME), tmp_path))) == SOME
    outcome = examine(tmp_path)
    assert outcome.stopped == []
    assert outcome.disagreements == []
    # Were nothing read, or everything, the test would show nothing.
    assert SOME * 0.1 < outcome.verdicts["accepted"] + outcome.verdicts["rejected"] < SOME * 0.6
    assert outcome.verdicts["unreadable"] > SOME * 0.3


def test_the_good_workbooks_are_read_as_they_are(good):
    outcome = examine(good[0].parent)
    assert outcome.verdicts == {"accepted": len(good)}
    assert outcome.disagreements == []


def test_one_seed_breaks_a_workbook_in_one_way(good):
    content = good[0].read_bytes()
    assert mutate(content, 5) == mutate(content, 5)
    assert sum(mutate(content, seed) != content for seed in range(20)) > 17


def test_the_third_reading_counts_what_is_there(good):
    book, _ = base("plain")
    assert (
        len(contents(good[2].read_bytes())) == sum(len(list(model.contents(tab))) for tab in book.tabs) > 500
    )
