"""Whatever is done to a workbook, nothing of it is lost silently, misplaced or made up."""

import tempfile
from pathlib import Path

from hypothesis import event, given, note, settings
from hypothesis import strategies as st

from tests.messes.compare import read
from tests.messes.composing import Composed, composable, compose, described, wrongs
from tests.messes.files import FILES
from tests.messes.writers import WRITERS, CannotWrite

EXAMPLES = 25
CASES = composable()
WRITTEN = st.sampled_from(["xml", "xml", "openpyxl", "xlsxwriter"])
SAVED = st.sampled_from(["", "", "", "strict", "template_format"])


@st.composite
def composed(draw) -> tuple[Composed, str, str]:
    start = draw(st.sampled_from(["template", "plain"]))
    some = st.tuples(st.sampled_from(CASES), st.integers(0, 9))
    chosen = draw(st.lists(some, min_size=1, max_size=9, unique_by=lambda one: one[0].name))
    return compose(start, chosen), draw(WRITTEN), draw(SAVED)


def write(one: Composed, writer: str, directory: str) -> Path:
    path = Path(directory) / one.named
    try:
        return WRITERS[writer](one.expected.book, path)
    except CannotWrite:
        return WRITERS["xml"](one.expected.book, path)


def saved(path: Path, otherwise: str) -> Path:
    """Save the workbook in one of the other kinds of file that hold the same."""
    if otherwise:
        path.write_bytes(FILES[otherwise](path.read_bytes()))
    return path


@settings(max_examples=max(EXAMPLES, settings().max_examples - 100))  # 100 is what every other test takes
@given(composed())
def test_any_messes_one_upon_the_other_lose_nothing_silently(case):
    one, writer, otherwise = case
    note(str(described(one)))
    event("repairable" if one.is_repairable else "told")
    with tempfile.TemporaryDirectory() as directory:
        assert wrongs(one, read(saved(write(one, writer, directory), otherwise))) == []
