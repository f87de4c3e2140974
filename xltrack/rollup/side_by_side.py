"""Takes the steps of a roll-up two at a time, each on a connection of its own.

One processor is idle while a statement is planned, and while its last rows come together: another statement has use of it.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from graphlib import TopologicalSorter
from typing import TypeVar

from duckdb import DuckDBPyConnection

from xltrack.store import Store

Made = TypeVar("Made")
Do = Callable[[DuckDBPyConnection, str], Made]
Start = Callable[[DuckDBPyConnection, str], Future[Made]]
_READ = re.compile(r"\b(?:FROM|JOIN) \"?(\w+)")
_TEMPORARY = """
SELECT table_name FROM duckdb_tables() WHERE temporary
UNION ALL
SELECT view_name FROM duckdb_views() WHERE temporary
"""


def side_by_side(store: Store, texts: Mapping[str, str], do: Do[Made]) -> Mapping[str, Made]:
    """Return what `do` gives for each name of `texts`, in their order, on one of two connections to `store`.

    A name waits for those whose tables its text (SQL) reads, as `rollup_<name>`. What is TEMP is seen by the
    connection of `store` alone, so whoever names it is done there. Raises what the first that fails raises, and stops
    the other.
    """
    own = store.connection
    bound = _bound(store, texts)
    with closing(store.beside()) as beside, ThreadPoolExecutor(2) as pool:
        start = lambda connection, name: pool.submit(do, connection, name)
        try:
            made = dict(_taken(_ordered(texts), {beside: bound, own: ()}, start))
        except BaseException:
            own.interrupt()
            beside.interrupt()
            raise
    return {name: made[name] for name in texts}


def _ordered(texts: Mapping[str, str]) -> TopologicalSorter[str]:
    made = {f"rollup_{name}": name for name in texts}
    order = TopologicalSorter(
        {name: {made[table] for table in _read(text) & made.keys()} for name, text in texts.items()}
    )
    order.prepare()
    return order


def _bound(store: Store, texts: Mapping[str, str]) -> Container[str]:
    """Return the names of the `texts` that read anything TEMP."""
    temporary = {table for (table,) in store.rows(_TEMPORARY)}
    return {name for name, text in texts.items() if _read(text) & temporary}


def _read(text: str) -> set[str]:
    return set(_READ.findall(text))


def _taken(
    order: TopologicalSorter[str], barred: Mapping[DuckDBPyConnection, Container[str]], start: Start[Made]
) -> Iterator[tuple[str, Made]]:
    """Yield names as they are done, and what was made; `barred` are the connections, each with what it cannot do."""
    free, ready, running = list(barred), list[str](), dict[Future[Made], tuple[str, DuckDBPyConnection]]()
    while order.is_active():
        ready += order.get_ready()
        for connection in [one for one in barred if one in free]:
            name = next((name for name in ready if name not in barred[connection]), None)
            if name is not None:
                ready.remove(name)
                free.remove(connection)
                running[start(connection, name)] = name, connection
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            name, connection = running.pop(future)
            yield name, future.result()
            free.append(connection)
            order.done(name)
