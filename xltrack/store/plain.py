"""Lets SQL read a few hundred plain rows without polars, which takes longer to import than a store to open."""

import json
from collections.abc import Iterable, Mapping, Sequence
from operator import methodcaller


def plain_rows(columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> tuple[str, list[str]]:
    """Return a query that gives `rows`, and its parameters; `columns` are their names with the SQL types.

    Values are those that JSON has, days and moments without a zone; a mapping is for a MAP.
    """
    content = [dict(zip(columns, row, strict=True)) for row in rows]
    kinds = json.dumps([dict(columns)])
    # DuckDB takes the types as a literal alone.
    query = f"SELECT unnest(from_json_strict(?, '{kinds}'), recursive := TRUE)"
    return query, [json.dumps(content, default=methodcaller("isoformat"))]
