"""What stands now: which submissions count, and views of their rows."""

from collections.abc import Mapping
from string import Template

from duckdb import DuckDBPyConnection

from xltrack.store.schema import LINEAGE, StoredSheet, present_columns, quoted, statement


def create_views(connection: DuckDBPyConnection, sheets: Mapping[str, StoredSheet]) -> None:
    """Make `submission_state` and `current_submission`, and over them `return`, `double_cover`, `current_<sheet>`.

    Every `current_<sheet>` has the columns return_unit, return_year, return_period, return_figures, _submission,
    _sheet, _row, and then the declared ones; a column that a store opened for reading lacks is null.
    """
    refresh_current(connection)
    connection.execute(statement("views"))
    present = present_columns(connection)
    for sheet in sheets.values():
        connection.execute(_sheet_view(sheet, present.get(sheet.id, {})))


def refresh_current(connection: DuckDBPyConnection) -> None:
    """Choose anew what stands: fill `submission_state` and `current_submission` from what the store holds."""
    connection.execute(statement("submission_state"))
    connection.execute(statement("current"))


def _sheet_view(sheet: StoredSheet, present: Mapping[str, str]) -> str:
    template = Template(statement(f"current_{sheet.layout}"))
    key = sheet.key or tuple(sheet.columns)
    return template.substitute(
        view=quoted(f"current_{sheet.id}"),
        table=_table(sheet, present),
        columns=",\n    ".join(f"t.{quoted(name)}" for name in sheet.columns),
        same_key="\n        AND ".join(
            f"n.{quoted(name)} IS NOT DISTINCT FROM t.{quoted(name)}" for name in key
        ),
    )


def _table(sheet: StoredSheet, present: Mapping[str, str]) -> str:
    """Return what the view reads: the table, or one with nulls in the place of what the store lacks."""
    if all(name in present for name in sheet.columns):
        return quoted(sheet.id)
    wanted = (LINEAGE | dict(sheet.columns)).items()
    columns = ", ".join(
        quoted(name) if name in present else f"CAST(NULL AS {kind}) AS {quoted(name)}"
        for name, kind in wanted
    )
    return f"(SELECT {columns} FROM {quoted(sheet.id)})" if present else f"(SELECT {columns} LIMIT 0)"
