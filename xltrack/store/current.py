"""What stands now: which submissions count, and views of their rows."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from string import Template

from duckdb import DuckDBPyConnection

from xltrack.hanoi import HANOI
from xltrack.store.faults import find_set_faults
from xltrack.store.schema import Present, StoredSheet, present_columns, quoted, statement, stored_table


def create_views(
    connection: DuckDBPyConnection,
    sheets: Mapping[str, StoredSheet],
    present: Present,
    as_of: datetime | None,
) -> None:
    """Make `submission_state` and `current_submission`, and over them `return`, `double_cover`, `current_<sheet>`.

    They tell what was known at the moment `as_of`, or all that is known; `present` are the columns of the store.

    Every `current_<sheet>` has the columns return_unit, return_year, return_period, return_figures, _submission,
    _sheet, _row, then the declared ones and `StoredSheet.links`, _entry, by which the rows of a file are found, and of
    tables _file, the number of the file in `current_submission`. A column that a store opened for reading lacks is
    null.
    """
    connection.execute(Template(statement("known_submission")).substitute(as_of=_literal(as_of)))
    refresh_current(connection, sheets)
    hours = HANOI.utcoffset(None) // timedelta(hours=1)
    connection.execute(Template(statement("views")).substitute(hanoi_hours=hours))
    for sheet in sheets.values():
        connection.execute(sheet_view(sheet, present.get(sheet.id, {})))


def refresh_current(connection: DuckDBPyConnection, sheets: Mapping[str, StoredSheet]) -> None:
    """Choose anew what stands: fill `submission_state` and `current_submission` from what the store holds."""
    connection.execute(statement("submission_part"))
    find_set_faults(connection, sheets, partial(present_columns, connection))
    connection.execute(statement("submission_state"))
    connection.execute(statement("current"))


def _literal(moment: datetime | None) -> str:
    return f"'{moment.astimezone(UTC).replace(tzinfo=None).isoformat(' ')}'" if moment else "NULL"


def sheet_view(sheet: StoredSheet, present: Mapping[str, str]) -> str:
    """Return the statement that makes the view `current_<sheet>`; `present` are the columns that its table has."""
    template = Template(statement(f"current_{sheet.layout}"))
    key = [quoted(name) for name in sheet.key or sheet.columns]
    return template.substitute(
        view=quoted(f"current_{sheet.id}"),
        table=stored_table(sheet, present),
        columns=",\n    ".join(f"t.{quoted(name)}" for name in sheet.stored),
        key=", ".join(f"r.{name} AS key_{number}" for number, name in enumerate(key)),
        same_key="\n    AND ".join(
            f"n.key_{number} IS NOT DISTINCT FROM t.{name}" for number, name in enumerate(key)
        ),
    )
