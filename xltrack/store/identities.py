"""Which tax code each former one has become, by the schemas and by what was decided in the store."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from duckdb import DuckDBPyConnection

from xltrack.forms import Schemas
from xltrack.store.plain import plain_rows

_CHANGE = {"predecessor": "VARCHAR", "successor": "VARCHAR"}
_DECIDED = """
SELECT former_code, code
FROM (
    FROM enterprise_decision
    WHERE coalesce(decided_at <= $as_of, TRUE)
    QUALIFY row_number() OVER (
        PARTITION BY least(former_code, code), greatest(former_code, code) ORDER BY number DESC
    ) = 1
)
WHERE is_same
ORDER BY number
"""
_HAS_TABLE = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'enterprise_decision' AND NOT temporary"


def load_identities(connection: DuckDBPyConnection, schemas: Schemas, as_of: datetime | None) -> None:
    """Make the TEMP table `tax_code_change`: from each former tax code (ten digits) to the one of today.

    Changes are those that `schemas` list and those decided in the store, by then if `as_of` is a moment.
    """
    listed = [(row["predecessor"], row["successor"]) for row in schemas.table("tax_code_changes")]
    changes = successors([*listed, *_decided(connection, as_of)])
    query, parameters = plain_rows(_CHANGE, changes.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE tax_code_change AS {query}", parameters)


def successors(changes: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return for every code that became another the one of today, however often it changed.

    Codes that lead to one another are one enterprise; its code of today is the last that some code became and that
    became none itself, in a circle the last named.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for change in changes:
        joined = [*groups.get(change[0], []), *groups.get(change[1], [])]
        group = list(dict.fromkeys([*joined, change]))
        groups |= {code: group for one in group for code in one}
    return {code: today for code, group in groups.items() if (today := _today(group)) != code}


def _today(group: list[tuple[str, str]]) -> str:
    former = {predecessor for predecessor, _ in group}
    final = [successor for _, successor in group if successor not in former]
    return final[-1] if final else group[-1][1]


def _decided(connection: DuckDBPyConnection, as_of: datetime | None) -> list[tuple[str, str]]:
    # A store that was made before there were decisions, and opened for reading only, has no such table.
    ((has_table,),) = connection.execute(_HAS_TABLE).fetchall()
    moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of else None
    found = connection.execute(_DECIDED, {"as_of": moment}).fetchall() if has_table else []
    return [(former, code) for former, code in found]
