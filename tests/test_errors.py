"""What the operator is told, in both languages and from any process."""

import pickle

import pytest

from xltrack.errors import (
    OutputError,
    ProgramError,
    SchemaError,
    StoreError,
    StoreLocked,
    UnknownName,
    XltrackError,
)
from xltrack.language import Text

FACTS = {
    name: Text(f"{name} vi", f"{name} en")
    for name in "path reason kind name hint holder found expected last head file place options".split()
}


def leaves(kind=XltrackError):
    yield kind
    for below in kind.__subclasses__():
        yield from leaves(below)


@pytest.mark.parametrize("kind", list(leaves()))
def test_every_error_speaks_both_languages_and_travels_between_processes(kind):
    error = pickle.loads(pickle.dumps(kind(**FACTS)))
    assert type(error) is kind
    assert " vi" in error.message("vi")
    assert " en" in str(error)
    assert "{" not in error.message("vi") + error.message("en")


def test_the_tree_is_as_its_docstring_draws_it():
    assert {kind.__name__ for kind in leaves()} >= {
        one.__name__ for one in (SchemaError, UnknownName, OutputError, ProgramError, StoreError, StoreLocked)
    }
