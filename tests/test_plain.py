"""What comes out of a worker is what was declared, or it is refused."""

import gc
import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from xltrack.findings import Finding
from xltrack.intake.sandbox import Garbled, Parcel, Passage, pack, unpack
from xltrack.intake.sandbox.notation import read, written
from xltrack.language import Text
from xltrack.pipeline.model import FileResult
from xltrack.reading import Ignored, Ledger

words = st.text(max_size=8)
maybe = st.none() | words
simple = st.none() | words | st.integers() | st.booleans() | st.floats(allow_nan=False) | st.dates()
facts = st.dictionaries(
    words, simple | st.builds(Text, words, words) | st.lists(simple, max_size=3).map(tuple)
)
findings = st.builds(Finding, words, maybe, st.none() | st.integers(), maybe, maybe, maybe, facts)
ignored = st.builds(
    Ignored, words, words, st.integers(), st.lists(words, max_size=2).map(tuple), st.integers()
)
ledgers = st.builds(
    Ledger,
    st.integers(),
    st.integers(),
    st.dictionaries(words, st.integers()),
    st.lists(ignored, max_size=2).map(tuple),
)
results = st.builds(
    FileResult, st.just(Path("a/b.xlsx")), maybe, st.just("accepted"), maybe, maybe, maybe,
    st.lists(findings, max_size=3).map(tuple), ledgers,
)  # fmt: skip
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(words, inner, max_size=3),
    max_leaves=20,
)


@given(results)
def test_a_result_comes_over_as_it_was(result):
    assert unpack(pack(result, FileResult), FileResult) == result


AMPLIFIED = {
    "lists": (b"[", b"[],", 6_000_000, b"[]]"),
    "mappings": (b"[", b"{},", 6_000_000, b"{}]"),
    "strings": (b'["ab"', b',"ab"', 4_000_000, b"]"),
    "numbers": (b"[1.5", b",1.5", 5_000_000, b"]"),
    "a wide string": (b'["\\ud83d\\ude00', b"a", 40_000_000, b'"]'),
}
"""How each begins, what stands in it so many times, and how it ends."""


@pytest.mark.parametrize(("start", "block", "times", "end"), AMPLIFIED.values(), ids=AMPLIFIED)
def test_a_short_text_that_would_fill_the_memory_is_not_read(start, block, times, end):
    """The main process reads no answer that needs many times its size: it is to stay below 300 MB."""
    with pytest.raises(Garbled, match="bytes"):
        unpack(Parcel(start + block * times + end), FileResult)


def test_the_values_of_the_largest_sheets_are_read():
    values = [["Công ty TNHH một thành viên A"] * 250_000, [1_250_000.5] * 250_000, [None] * 3_000_000]
    assert read(written(values)) == values


def test_what_would_not_be_read_is_not_written():
    with pytest.raises(MemoryError):
        pack("a" * 90_000_000, str)


@given(garbage)
def test_anything_else_is_garbled_and_nothing_but_garbled(plain):
    with pytest.raises(Garbled):
        unpack(Parcel(json.dumps(plain).encode()), FileResult)


@given(results, st.data())
def test_a_result_with_one_piece_replaced_is_garbled_or_a_result(result, data):
    plain = json.loads(pack(result, FileResult).text)
    places = list(_places(plain))
    parent, key = data.draw(st.sampled_from(places))
    parent[key] = data.draw(garbage)
    try:
        taken = unpack(Parcel(json.dumps(plain).encode()), FileResult)
    except Garbled:
        return
    assert isinstance(taken, FileResult)
    assert all(type(finding) is Finding for finding in taken.findings)
    assert type(taken.ledger.cells) is int
    assert taken.verdict in (
        "accepted",
        "partial",
        "held",
        "rejected",
        "quarantined",
        "unreadable",
        "duplicate",
    )
    assert pack(taken, FileResult)


def _places(plain):
    if isinstance(plain, list | dict):
        for key in range(len(plain)) if isinstance(plain, list) else list(plain):
            yield plain, key
            yield from _places(plain[key])


@dataclass
class Everything:
    """One field of each kind."""

    moment: datetime
    day: date
    amount: Decimal
    pieces: list[bytes]
    rates: tuple[float, ...]
    kind: Literal["a", "b"]
    inner: "Everything | None"
    unit: complex


BUNDLED = [Parcel(b"a", (b"rows", b"")), Parcel(b""), Parcel(b"b", (b"more",))]


def test_several_answers_travel_as_one():
    bundle = Parcel.bundled(BUNDLED)
    assert bundle.unbundled(3) == BUNDLED
    assert Parcel.parted(bundle.joined()) == bundle


@pytest.mark.parametrize(
    ("text", "blobs", "size"),
    [
        (b"\1\0", (b"a",), 2),
        (b"\1\0\1", (b"a", b"b"), 2),
        (b"\1\0\2\0", (b"a", b"b"), 2),
        (b"\1\0\1\0", (b"a", b"b", b"c"), 2),
        (b"\2\0\0\0", (b"a", b"b"), 2),
        (b"", (b"a",), 0),
    ],
)
def test_what_is_not_so_many_answers_is_garbled(text, blobs, size):
    with pytest.raises(Garbled):
        Parcel(text, blobs).unbundled(size)


def test_every_kind_of_value_has_its_way():
    moment = datetime(2025, 1, 2, 3, 4, 5, 6, UTC)
    inner = Everything(moment, date(2025, 1, 2), Decimal("0.10"), [], (), "a", None, 1j)
    value = Everything(inner.moment, inner.day, Decimal(7), [b"\0", b"x" * 9], (1.5, 2.0), "b", inner, 2 + 3j)
    ways: dict[type, Passage] = {complex: Passage(str, str, complex)}
    parcel = pack(value, Everything, ways)
    assert parcel.blobs == (b"\0", b"x" * 9)
    assert unpack(parcel, Everything, ways) == value
    assert str(unpack(parcel, Everything, ways).inner.amount) == "0.10"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("true", int), ("1.0", int), ("1", bool), ('"c"', Literal["a", "b"]), ("null", str),
        ("[1]", bytes), ("3", bytes), ("-1", bytes), ("[0, 0]", list[bytes]),
        ('["2025-13-01"]', tuple[date, ...]), ("[[1, 2, 3]]", dict[int, int]),
        ('{"call": []}', object), ('{"text": ["a"]}', object), ('{"date": 1}', object),
        ('{"text": ["a", "b"], "all": []}', object),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(text, hint):
    with pytest.raises(Garbled):
        unpack(Parcel(text.encode(), (b"one", b"two")), hint)


def test_a_fact_without_a_kind_of_its_own_is_said_in_words():
    finding = Finding("XLT102", facts={"reason": Path("a.xlsx"), "codes": {"b"}})
    (taken,) = unpack(pack([finding], list[Finding]), list[Finding])
    assert taken.facts == {"reason": "a.xlsx", "codes": ("b",)}


def test_what_has_no_way_is_the_programmers_mistake():
    with pytest.raises(TypeError):
        pack(1j, complex)


def test_the_bytes_of_a_message_are_let_go_before_anybody_looks_for_garbage():
    blob = bytes(100)
    gc.disable()
    try:
        before = sys.getrefcount(blob)
        assert unpack(pack(blob, bytes), bytes) == blob
        assert sys.getrefcount(blob) == before
    finally:
        gc.enable()
