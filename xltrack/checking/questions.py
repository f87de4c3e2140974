"""What is asked of every row of a sheet: all at once, and only where something is flagged does anybody look closely.

Of most sheets one look says that there is nothing: to ask each question by itself takes longer than to answer it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from xltrack.checking.rows import Located, Rows


@dataclass(frozen=True, slots=True)
class Question:
    """One question: where `flag` holds of any row, `look` yields what is wrong with the rows."""

    flag: pl.Expr
    look: Callable[[], Iterator[Located]]


def answers(rows: Rows, questions: Iterable[Question]) -> Iterator[Located]:
    """Yield what those of `questions` find whose flag is true of some of `rows`, in the order given."""
    asked = list(questions)
    flags = (question.flag.any().alias(str(number)) for number, question in enumerate(asked))
    flagged = rows.frame.select(flags).row(0) if asked else ()
    for question, any_row in zip(asked, flagged, strict=True):
        if any_row:
            yield from question.look()
