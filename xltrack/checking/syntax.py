"""The queries of rules as trees, for what wants to say them otherwise than in SQL."""

import json
from functools import cache
from typing import Any

import duckdb

Node = dict[str, Any]
"""A node of DuckDB's syntax tree (`json_serialize_sql`)."""


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def tree(sql: str) -> Node:
    """Return the syntax tree of the query `sql`: a SELECT_NODE, or a SET_OPERATION_NODE of such."""
    (text,) = _connection().execute("SELECT json_serialize_sql(?)", [sql]).fetchone() or ("",)
    statements = json.loads(text)["statements"]
    node: Node = statements[0]["node"]
    return node
