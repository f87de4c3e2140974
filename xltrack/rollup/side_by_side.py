"""Takes the steps of a roll-up two at a time, each on a connection of its own.

While a statement is planned, and while its last rows come together, one processor has nothing to do.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from graphlib import TopologicalSorter
from typing import TypeVar

from duckdb import DuckDBPyConnection

from xltrack.store import Store
from xltrack.store.failures import named_failures

Made = TypeVar("Made")
Do = Callable[[DuckDBPyConnection, str], Made]
Start = Callable[[DuckDBPyConnection, str], Future[Made]]
Share = Callable[[int], None]
_READ = re.compile(r"\b(?:FROM|JOIN)\s+\"?(\w+)")
_PATIENCE = 0.05
"""Seconds between two times of telling a statement to stop."""
_LISTENING = 0.5
"""Seconds after which Ctrl+C is listened for: on Windows it does not end waiting."""
TEMPORARY = """
SELECT table_name FROM duckdb_tables() WHERE temporary AND NOT internal
UNION ALL
SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal
"""
"""The SQL of the names of what is TEMP, in the connection that is asked."""


def side_by_side(store: Store, texts: Mapping[str, str], do: Do[Made]) -> Mapping[str, Made]:
    """Return what `do` gives for each name of `texts`, in their order, on one of two connections to `store`.

    A name waits for those whose tables its text (SQL) reads, as `rollup_<name>`. What is TEMP is seen by the
    connection of `store` alone, so whoever names it is done there, and before others are. Raises what the first that
    fails raises, and stops the other; of DuckDB's failures StoreDamaged and MemoryFull.
    """
    with (
        named_failures(store.path),
        closing(store.beside()) as beside,
        _shared(store) as share,
        ThreadPoolExecutor(2) as pool,
    ):
        places = _Places(store.connection, beside, _bound(store, texts))

        def start(connection: DuckDBPyConnection, name: str) -> Future[Made]:
            return pool.submit(do, connection, name)

        made = dict(_taken(_ordered(texts), places, start, share))
    return {name: made[name] for name in texts}


@contextmanager
def _shared(store: Store) -> Iterator[Share]:
    """Give what is to be told how many statements are at work: each then has an equal part of the processors.

    The threads that work for all statements become as many fewer; beside them two statements slow each other down.
    """
    ((threads,),) = store.rows("SELECT current_setting('threads')")
    with closing(store.beside()) as connection:

        def share(working: int) -> None:
            connection.execute(f"SET external_threads = {min(working, threads)}")

        try:
            yield share
        finally:
            share(1)


def reads(text: str) -> set[str]:
    """Return the names of the tables that `text` (SQL) reads."""
    return set(_READ.findall(text))


def _ordered(texts: Mapping[str, str]) -> TopologicalSorter[str]:
    made = {f"rollup_{name}": name for name in texts}
    order = TopologicalSorter(
        {name: {made[table] for table in reads(text) & made.keys()} for name, text in texts.items()}
    )
    order.prepare()
    return order


def _bound(store: Store, texts: Mapping[str, str]) -> set[str]:
    """Return the names of the `texts` that read anything TEMP."""
    temporary = {table for (table,) in store.rows(TEMPORARY)}
    return {name for name, text in texts.items() if reads(text) & temporary}


class _Places:
    """The connections that are free, and the names that are `bound` to the store's own one and wait."""

    def __init__(self, own: DuckDBPyConnection, beside: DuckDBPyConnection, bound: set[str]) -> None:
        self._own, self._bound = own, bound
        self.free = {own, beside}

    def given(self, ready: list[str]) -> Iterator[tuple[DuckDBPyConnection, str]]:
        """Yield free connections, each with what it is to do now, which is no more `ready`."""
        for connection in tuple(self.free):
            name = next((name for name in ready if self._is_for(connection, name)), None)
            if name is not None:
                self.free.remove(connection)
                self._bound.discard(name)
                ready.remove(name)
                yield connection, name

    def _is_for(self, connection: DuckDBPyConnection, name: str) -> bool:
        return name in self._bound if connection is self._own and self._bound else name not in self._bound


def _taken(
    order: TopologicalSorter[str], places: _Places, start: Start[Made], share: Share
) -> Iterator[tuple[str, Made]]:
    """Yield names as they are done, each with what was made."""
    ready, running = list[str](), dict[Future[Made], tuple[DuckDBPyConnection, str]]()
    try:
        while order.is_active():
            ready += order.get_ready()
            given = list(places.given(ready))
            share(len(running) + len(given))
            running |= {start(*one): one for one in given}
            for future in wait(running, _LISTENING, FIRST_COMPLETED).done:
                connection, name = running.pop(future)
                yield name, future.result()
                places.free.add(connection)
                order.done(name)
    except BaseException:
        _stop({future: connection for future, (connection, _) in running.items()})
        raise


def _stop(running: Mapping[Future[Made], DuckDBPyConnection]) -> None:
    """Stop what is running; a statement that begins just after it was told is told again."""
    while wait(running, timeout=_PATIENCE).not_done:
        for connection in running.values():
            connection.interrupt()
