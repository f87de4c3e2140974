"""Brings a store of an earlier version to this one, keeping everything that it holds."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from duckdb import DuckDBPyConnection

from xltrack.store.chain import Event, append
from xltrack.store.frames import query_frame, registered
from xltrack.store.originals import insert_originals
from xltrack.store.schema import STORE_VERSION, StoredSheet, present_columns, quoted, statement, version_of
from xltrack.store.stated import findings_digest, stated, stated_waiver
from xltrack.store.totals import contacts, stored_totals

Sheets = Mapping[str, StoredSheet]


def migrate(connection: DuckDBPyConnection, sheets: Sheets) -> None:
    """Bring the store to `STORE_VERSION`, version by version, within the transaction that is open.

    Each version is a file under `sql/migrations`, which says what becomes of the tables; what SQL cannot do follows it.
    """
    for number in range(int(version_of(connection)) + 1, int(STORE_VERSION) + 1):
        connection.execute(statement(f"migrations/{number}"))
        if number in _FOLLOWING:
            _FOLLOWING[number](connection, sheets)
    connection.execute("UPDATE store_meta SET value = ? WHERE name = 'version'", [STORE_VERSION])


def _start_chain(connection: DuckDBPyConnection, sheets: Sheets) -> None:
    """Record every submission of a store of version 1, in the order in which they were merged."""
    totals = stored_totals(connection, sheets, contacts(sheets))
    digests = _findings_digests(connection)
    former = "SELECT * EXCLUDE (content) FROM former_submission ORDER BY merged_at, sha256"
    rows = [
        {
            **row,
            "source_kind": "path",
            "source": row["file_name"],
            "control_totals": json.dumps(
                {name: one.plain for name, one in totals.get(row["sha256"], {}).items()}, sort_keys=True
            ),
            "findings_sha256": digests.get(row["sha256"], findings_digest([])),
        }
        for row in query_frame(connection, former, ()).to_dicts()
    ]
    numbers = append(connection, [Event("submission", row["sha256"], stated(row)) for row in rows])
    _fill(connection, [row | {"chain_no": number} for row, number in zip(rows, numbers, strict=True)])
    waivers = query_frame(connection, "FROM waiver ORDER BY number", ()).to_dicts()
    append(connection, [Event("waiver", str(row["number"]), stated_waiver(row)) for row in waivers])


def _findings_digests(connection: DuckDBPyConnection) -> Mapping[str, str]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    query = (
        "SELECT * EXCLUDE (message_vi, message_en, hint_vi, hint_en) FROM finding ORDER BY submission, number"
    )
    for row in query_frame(connection, query, ()).iter_rows(named=True):
        found[row["submission"]].append(row)
    return {sha256: findings_digest(rows) for sha256, rows in found.items()}


def _fill(connection: DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    if rows:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        # DuckDB takes no column without a type: one in which no row has a value, such as arrivals that nobody knows.
        typed = frame.with_columns(pl.selectors.by_dtype(pl.Null).cast(pl.String))
        with registered(connection, {"incoming": typed}):
            connection.execute("INSERT INTO submission BY NAME SELECT * FROM incoming")
    connection.execute("DROP TABLE former_submission")


def _number_rows(connection: DuckDBPyConnection, sheets: Sheets) -> None:
    for name in present_columns(connection).keys() & sheets.keys():
        table = quoted(name)
        connection.execute(f"ALTER TABLE {table} ADD COLUMN _entry INTEGER")
        connection.execute(
            f"UPDATE {table} SET _entry = s.entry_no FROM submission AS s WHERE s.sha256 = {table}._submission"
        )


def _cut_originals(connection: DuckDBPyConnection, _: Sheets) -> None:
    for (sha256,) in connection.execute("SELECT sha256 FROM whole_original").fetchall():
        query = "SELECT sha256, content FROM whole_original WHERE sha256 = ?"
        insert_originals(connection, connection.execute(query, [sha256]).fetchall())
    connection.execute("DROP TABLE whole_original")


_FOLLOWING: Mapping[int, Callable[[DuckDBPyConnection, Sheets], None]] = {
    2: _start_chain,
    3: _number_rows,
    4: _cut_originals,
}
