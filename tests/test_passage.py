"""Rows pass from a worker to the main process as they are, and nothing but rows does."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltrack.forms import load_schemas
from xltrack.intake.sandbox import Garbled, Parcel, pack, unpack
from xltrack.pipeline.passage import passages

WAYS = passages(load_schemas())
TYPES = {
    "_row": pl.Int32(), "text": pl.String(), "whole": pl.Int64(), "number": pl.Float64(), "truth": pl.Boolean(),
    "day": pl.Date(),
}  # fmt: skip
ROWS = st.tuples(
    st.integers(1, 1_048_576),
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(['""', ",\n", "\r", "null"]),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(),
    st.none() | st.booleans(),
    st.none() | st.dates(date(1, 1, 1)),
)
MUTATION = st.tuples(
    st.integers(0), st.integers(0, 3), st.sampled_from([b"", b'"', b",", b"\n", b"\xff", b"9"])
)


def framed(rows):
    return pl.DataFrame(rows, schema=TYPES, orient="row")


@given(st.lists(ROWS, max_size=5))
def test_rows_come_over_as_they_were_whatever_stands_in_them(rows):
    frame = framed(rows)
    taken = unpack(pack(frame, pl.DataFrame, WAYS), pl.DataFrame, WAYS)
    assert taken.schema == frame.schema
    assert taken.equals(frame, null_equal=True)


@given(st.lists(ROWS, min_size=1, max_size=5), st.lists(MUTATION, min_size=1, max_size=3))
def test_rows_of_which_bytes_were_changed_are_garbled_or_rows(rows, mutations):
    text, (content,) = pack(framed(rows), pl.DataFrame, WAYS)
    for place, cut, put in mutations:
        at = place % (len(content) + 1)
        content = content[:at] + put + content[at + cut :]
    try:
        taken = unpack(Parcel(text, (content,)), pl.DataFrame, WAYS)
    except Garbled:
        return
    assert taken.schema == TYPES
    assert len(taken.rows()) <= content.count(b"\n") + content.count(b"\r") + 1


def test_short_rows_that_would_fill_the_memory_are_not_read():
    text, (content,) = pack(framed([(1, "a", 2, 3.0, True, date(2025, 1, 1))]), pl.DataFrame, WAYS)
    with pytest.raises(Garbled, match="bytes"):
        unpack(Parcel(text, (content + b"\n" * 10_000_000,)), pl.DataFrame, WAYS)


def test_rows_that_would_not_be_read_are_not_packed():
    with pytest.raises(MemoryError):
        pack(
            pl.DataFrame({"text": pl.repeat(None, 10_000_000, dtype=pl.String, eager=True)}),
            pl.DataFrame,
            WAYS,
        )
