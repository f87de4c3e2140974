"""Beside each reference stands the row that it points to: made in SQL where rows are stored already.

A merge writes these columns with its rows (`incoming.with_links`).
"""

from collections.abc import Iterator, Mapping

from duckdb import DuckDBPyConnection

from xltrack.forms import Reference
from xltrack.store.schema import Present, StoredSheet, quoted

_PART = 200_000
"""Rows that are written at a time: what the rows of ten years point to does not fit into the memory of a merge."""
_MADE = "linked_rows"
_PARTS = """
SELECT min(_entry), max(_entry)
FROM (
    SELECT _entry, (sum(count(*)) OVER (ORDER BY _entry) - count(*)) // {size} AS part
    FROM {table}
    WHERE _entry IS NOT NULL
    GROUP BY _entry
)
GROUP BY part
ORDER BY part
"""


def add_links(connection: DuckDBPyConnection, sheets: Mapping[str, StoredSheet], present: Present) -> Present:
    """Give the tables of `sheets`, which have the columns `present`, the links that they lack.

    Returns the columns of their tables as they are then.
    """
    for sheet in sheets.values():
        lacking = [column for column, link in sheet.links.items() if link not in present[sheet.id]]
        if lacking and _has_values(connection, sheet.id, lacking):
            _make_anew(connection, sheet, present[sheet.id], lacking)
        else:
            for column in lacking:
                added = sheet.definition(sheet.links[column])
                connection.execute(f"ALTER TABLE {quoted(sheet.id)} ADD COLUMN {added}")
    return {name: {**present[name], **sheet.stored} for name, sheet in sheets.items()}


def strayed_links(
    connection: DuckDBPyConnection, sheets: Mapping[str, StoredSheet], present: Present
) -> Iterator[tuple[str, str, int]]:
    """Yield the sheets and columns where a link is not the row that the column points to, with the number of files."""
    for sheet in sheets.values():
        for column, link in sheet.links.items():
            if link in present.get(sheet.id, {}):
                query = (
                    f"SELECT count(DISTINCT t._submission) FROM {quoted(sheet.id)} AS t {_join(sheet, column, 'TRUE')} "
                    f"WHERE t.{quoted(link)} IS DISTINCT FROM {_found(column)}"
                )
                ((files,),) = connection.execute(query).fetchall()
                if files:
                    yield sheet.id, column, files


def _has_values(connection: DuckDBPyConnection, table: str, columns: list[str]) -> bool:
    some = " OR ".join(f"{quoted(column)} IS NOT NULL" for column in columns)
    return bool(connection.execute(f"SELECT 1 FROM {quoted(table)} WHERE {some} LIMIT 1").fetchall())


def _make_anew(
    connection: DuckDBPyConnection, sheet: StoredSheet, present: Mapping[str, str], lacking: list[str]
) -> None:
    """Write the rows of `sheet` with the `lacking` links into another table, in their order, which takes its place.

    To update millions of rows takes as long, and more memory than a merge is given.
    """
    table = quoted(sheet.id)
    defined = [
        sheet.definition(name) if name in sheet.columns else f"{quoted(name)} {kind}"
        for name, kind in present.items()
    ]
    defined += [sheet.definition(sheet.links[column]) for column in lacking]
    connection.execute(f"CREATE TABLE {_MADE} ({', '.join(defined)})")
    parts = connection.execute(_PARTS.format(table=table, size=_PART)).fetchall()
    # Rows of no file are kept as well, for `verify` to tell.
    for part in (*(f"_entry BETWEEN {first} AND {last}" for first, last in parts), "_entry IS NULL"):
        connection.execute(_linked(sheet, lacking, part))
    connection.execute(f"DROP TABLE {table}; ALTER TABLE {_MADE} RENAME TO {table}")


def _linked(sheet: StoredSheet, columns: list[str], part: str) -> str:
    found = ", ".join(f"{_found(column)} AS {quoted(sheet.links[column])}" for column in columns)
    joins = " ".join(_join(sheet, column, part) for column in columns)
    return (
        f"INSERT INTO {_MADE} BY NAME SELECT t.*, {found} FROM {quoted(sheet.id)} AS t {joins} "
        f"WHERE t.{part} ORDER BY t._entry, t._row"
    )


def _found(column: str) -> str:
    return f"{quoted(f'to_{column}')}.first_row"


def _join(sheet: StoredSheet, column: str, part: str) -> str:
    """Return the join of `sheet`, t, to the rows that `column` points to in the files for which `part` holds."""
    reference, to = sheet.references[column], quoted(f"to_{column}")
    chosen = f" AND {to}.chosen = t.{quoted(reference.by)}" if reference.by else ""
    return (
        f"LEFT JOIN ({_targets(reference, part)}) AS {to} "
        f"ON {to}._entry = t._entry AND {to}.pointed = t.{quoted(column)}{chosen}"
    )


def _targets(reference: Reference, part: str) -> str:
    return " UNION ALL ".join(
        f"SELECT {_literal(value)} AS chosen, _entry, {quoted(column)} AS pointed, min(_row) AS first_row "
        f"FROM {quoted(sheet)} WHERE {part} GROUP BY _entry, {quoted(column)}"
        for value, (sheet, column) in reference.targets.items()
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
