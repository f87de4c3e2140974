"""Steps of a roll-up are taken two at a time, each after those whose tables it reads."""

import re
from threading import Barrier

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store_samples import SCHEMAS
from xltrack.errors import MemoryFull
from xltrack.rollup.definitions import statement
from xltrack.rollup.figures import parts, query
from xltrack.rollup.grain import GRAINS, LAST_READ, condensed, grains
from xltrack.rollup.side_by_side import TEMPORARY, reads, side_by_side
from xltrack.store import open_store
from xltrack.store.database import MEMORY

pytestmark = pytest.mark.slow
ENDLESS = (
    "SELECT count(*) FROM range(1_000_000_000_000) AS a, range(1_000) AS b WHERE hash(a.range, b.range) = 0"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("side_by_side") / "national.duckdb"
    open_store(path, SCHEMAS, create=True).close()
    with open_store(path, SCHEMAS, read_only=True) as opened:
        yield opened


def making(texts):
    """Return what makes the table of a name in memory, and gives its number."""

    def make(connection, name):
        connection.execute(f"CREATE OR REPLACE TABLE {MEMORY}.rollup_{name} AS {texts[name]}")
        return connection.execute(f"SELECT n FROM rollup_{name}").fetchone()[0]

    return make


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sets(st.integers(0, 11), max_size=3), min_size=1, max_size=12))
def test_each_step_reads_what_was_made_before_it(store, read_by):
    expected: dict[str, int] = {}
    texts: dict[str, str] = {}
    for number, read in enumerate(read_by):
        earlier = [f"s{one}" for one in sorted(read) if one < number]
        tables = "".join(f" JOIN rollup_{one} AS {one} ON TRUE" for one in earlier)
        texts[f"s{number}"] = (
            f"SELECT {' + '.join(['1', *(f'{one}.n' for one in earlier)])} AS n FROM range(1){tables}"
        )
        expected[f"s{number}"] = 1 + sum(expected[one] for one in earlier)
    backwards = dict(reversed(texts.items()))
    made = side_by_side(store, backwards, making(texts))
    assert list(made.items()) == list(reversed(expected.items()))
    for name in texts:
        store.rows(f"DROP TABLE {MEMORY}.rollup_{name}")


def test_two_are_taken_at_once(store):
    both = Barrier(2)

    def meet(connection, name):
        both.wait(timeout=30)
        return connection is store.connection

    assert sorted(side_by_side(store, {"one": "SELECT 1", "other": "SELECT 2"}, meet).values()) == [
        False,
        True,
    ]


def test_each_has_its_part_of_the_processors(store):
    both = Barrier(2)

    def ask(connection, name):
        both.wait(timeout=30)
        found = shared(connection)
        both.wait(timeout=30)
        return found

    def shared(connection):
        return connection.execute("SELECT current_setting('external_threads')").fetchone()[0]

    ((threads,),) = store.rows("SELECT current_setting('threads')")
    assert set(side_by_side(store, {"one": "SELECT 1", "other": "SELECT 2"}, ask).values()) == {
        min(2, threads)
    }
    assert side_by_side(store, {"alone": "SELECT 1"}, lambda connection, _: shared(connection)) == {
        "alone": 1
    }
    assert shared(store.connection) == 1
    with pytest.raises(duckdb.InvalidInputException, match="locked"):
        store.connection.execute("SET threads = 1")


def test_what_is_temp_is_read_where_it_is_seen(store):
    texts = {f"s{number}": f"SELECT {number} AS n FROM range(1)" for number in range(6)}
    texts |= {
        "units": "SELECT count(*) AS n FROM unit",
        "rows": 'SELECT count(*) AS n FROM "current_tasks" AS t',
    }
    texts |= {"both": "SELECT u.n FROM rollup_units AS u JOIN rollup_rows AS r ON TRUE"}
    made = side_by_side(store, texts, making(texts))
    assert made["units"] == made["both"] == len(SCHEMAS.units.all)
    assert made["s5"] == 5


def test_the_first_failure_is_told_and_stops_the_other(store):
    texts = {
        "endless": ENDLESS,
        "wrong": "SELECT CAST('ABC' AS INTEGER) AS n",
        "after": "SELECT n FROM rollup_wrong",
    }
    done = []

    def make(connection, name):
        done.append(name)
        return connection.execute(texts[name]).fetchall()

    with pytest.raises(duckdb.ConversionException, match="ABC"):
        side_by_side(store, texts, make)
    assert sorted(done) == ["endless", "wrong"]
    assert store.rows("SELECT 1") == [(1,)]


def test_a_failure_of_the_database_has_its_name(store):
    def fail(connection, name):
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data")

    with pytest.raises(MemoryFull):
        side_by_side(store, {"one": "SELECT 1"}, fail)


def test_whoever_stops_it_stops_both(store):
    def stop(connection, name):
        if name == "stop":
            raise KeyboardInterrupt
        return connection.execute(ENDLESS).fetchall()

    with pytest.raises(KeyboardInterrupt):
        side_by_side(store, {"endless": "SELECT 1", "stop": "SELECT 2"}, stop)


TEXTS = {
    **{name: condensed(name) for name in GRAINS},
    **{name: query(part) for name, part in parts()},
    "restatements": statement("lists", "restatements"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_table_that_a_text_names_is_seen_to_be_read(text):
    """A table read in another way, such as after a comma, would be read before it is made."""
    code = re.sub(r"--[^\n]*", "", text)
    assert set(re.findall(r"\brollup_\w+", code)) - {"rollup_number"} <= reads(text)


def test_what_reads_anything_temp_is_seen_to_do_so(store):
    """DuckDB looks into views too: one in memory over what is TEMP would be read where that is not seen."""
    temporary = {table for (table,) in store.rows(TEMPORARY)}
    with grains(store, SCHEMAS, "annual"):
        named = {name: store.connection.get_table_names(text) for name, text in TEXTS.items()}
    assert {name for name, text in TEXTS.items() if reads(text) & temporary} == {
        name for name in TEXTS if named[name] & temporary
    }


@pytest.mark.parametrize(("last", "dropped"), LAST_READ.items())
def test_a_grain_is_dropped_after_all_that_read_it(last, dropped):
    needed = _before(last)
    assert {name for name in GRAINS if f"rollup_{dropped}" in reads(TEXTS[name])} <= {last, *needed}


def _before(name):
    """Return the grains that are made before `name`, whichever way the others are taken."""
    read = [one for one in GRAINS if f"rollup_{one}" in reads(TEXTS[name])]
    return {*read, *(earlier for one in read for earlier in _before(one))}
