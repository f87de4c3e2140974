"""The tables of a store, derived from the sheets and columns that the forms declare."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from duckdb import DuckDBPyConnection

from xltrack.errors import SchemaError, StoreError
from xltrack.forms import Layout, Reference, Schemas, Sheet
from xltrack.language import Text
from xltrack.version import VERSION

STORE_VERSION = "5"
EARLIER = tuple(str(number) for number in range(1, int(STORE_VERSION)))
"""The versions of stores that can be brought to this one."""
SQL_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
LINEAGE = {"_submission": "VARCHAR", "_sheet": "VARCHAR", "_row": "INTEGER", "_entry": "INTEGER"}
"""Where a row stands: its file, its tab, its row; and the number of its file (`submission.entry_no`), which rises as
rows are appended, so that whoever asks for a few files passes over the blocks of all others."""
_LINK, _LINK_TYPE = re.compile("_.+_row"), "INTEGER"
RESERVED = {
    "store_meta", "submission", "original", "original_piece", "chain", "known_submission", "finding", "waiver",
    "enterprise_decision",
    "unit", "round", "expected", "code", "indicator_target", "submission_part", "submission_set", "set_part",
    "set_fault", "submission_state", "current_submission", "return", "stated_return", "double_cover", "tax_code_change",
    "told", "supported", "territory", "listed_enterprise", "enterprise_before", "told_territory", "told_party",
    "told_code", "told_id", "naming_file", "compared_file", "compared_application", "near_file", "near_application",
    "year_before", "shared_application", "sheet_place", "standing", "originals",
}  # fmt: skip

Present = Mapping[str, Mapping[str, str]]
"""The columns that a store has, with their SQL types, by table."""


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """One sheet as a table: its declared columns by id with their SQL types, and the ids of its key.

    `required_key` are those of the key without which a row has none; `references` are the columns that point to rows,
    `contacts` those that are declared as personal, `identifiers` those that bear a check digit.
    """

    id: str
    layout: Layout
    columns: Mapping[str, str]
    key: tuple[str, ...]
    required_key: tuple[str, ...]
    references: Mapping[str, Reference]
    contacts: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()

    @property
    def links(self) -> Mapping[str, str]:
        """Return by column that points to rows the name of the one beside it that has their number.

        That is the `_row` of the row of the same file, of several with that key the first; null where there is none.
        It follows from the declared columns, and is no part of what a file says.
        """
        return {column: f"_{column}_row" for column in self.references}

    @property
    def stored(self) -> Mapping[str, str]:
        """Return the columns of the table after `LINEAGE` with their SQL types: the declared ones, then the links."""
        return {**self.columns, **dict.fromkeys(self.links.values(), _LINK_TYPE)}

    def definition(self, column: str) -> str:
        """Return what defines `column` in SQL: name, type, and how it is kept.

        Identifiers are looked up in all years at once, which is twice as fast where they stand unpacked; they hardly
        pack anyway.
        """
        kept = " USING COMPRESSION uncompressed" if column in self.identifiers else ""
        return f"{quoted(column)} {self.stored[column]}{kept}"


def statement(name: str) -> str:
    """Return the text of the SQL file `name` of this package."""
    return files("xltrack.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def quoted(name: str) -> str:
    """Return `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def is_link(column: str) -> bool:
    """Return whether a column of the table of a sheet is one of `StoredSheet.links`; those declared begin otherwise."""
    return _LINK.fullmatch(column) is not None


def stored_table(sheet: StoredSheet, present: Mapping[str, str]) -> str:
    """Return what SQL reads as the table of `sheet`: the table, or one with nulls for what is not `present` in it."""
    if all(name in present for name in sheet.stored):
        return quoted(sheet.id)
    wanted = (LINEAGE | dict(sheet.stored)).items()
    columns = ", ".join(
        quoted(name) if name in present else f"CAST(NULL AS {kind}) AS {quoted(name)}"
        for name, kind in wanted
    )
    return f"(SELECT {columns} FROM {quoted(sheet.id)})" if present else f"(SELECT {columns} LIMIT 0)"


def stored_sheets(schemas: Schemas) -> Mapping[str, StoredSheet]:
    """Return the table of every sheet of every form, by sheet id.

    Sheets of the same id in several forms share one table with the columns of all. Raises SchemaError where they
    contradict one another, or where a sheet is named like a table of the store itself.
    """
    found: dict[str, StoredSheet] = {}
    for form in schemas.forms.values():
        for sheet in form.sheets:
            if sheet.id in RESERVED:
                raise SchemaError(
                    path=schemas.directory, reason=f"`{sheet.id}`: tên dành riêng (a reserved name)"
                )
            found[sheet.id] = _joined(schemas, found.get(sheet.id), _stored(sheet))
    return found


def note_version(connection: DuckDBPyConnection) -> None:
    """Note in an empty store which version it has."""
    facts = [("version", STORE_VERSION), ("created_by", f"xltrack {VERSION}")]
    connection.executemany("INSERT INTO store_meta VALUES (?, ?)", facts)


def version_of(connection: DuckDBPyConnection) -> str:
    """Return the version that the store says it has, "?" if it says none."""
    found = connection.execute("SELECT value FROM store_meta WHERE name = 'version'").fetchall()
    return str(found[0][0]) if found else "?"


def extend_tables(
    connection: DuckDBPyConnection, sheets: Mapping[str, StoredSheet], present: Present
) -> Present:
    """Make the tables and columns that `sheets` declare and that are not `present`; drop none.

    Returns the columns of their tables as they are then. Tables that are there get no links: see `links.add_links`.
    """
    for sheet in sheets.values():
        if sheet.id not in present:
            lineage = (f"{quoted(name)} {kind}" for name, kind in LINEAGE.items())
            columns = ", ".join([*lineage, *map(sheet.definition, sheet.stored)])
            connection.execute(f"CREATE TABLE {quoted(sheet.id)} ({columns})")
        for name in sheet.columns:
            if name not in present.get(sheet.id, sheet.columns):
                connection.execute(f"ALTER TABLE {quoted(sheet.id)} ADD COLUMN {sheet.definition(name)}")
    return {
        name: {**present[name], **sheet.columns} if name in present else {**LINEAGE, **sheet.stored}
        for name, sheet in sheets.items()
    }


def check_types(sheets: Mapping[str, StoredSheet], present: Present) -> None:
    """Raise StoreError where a column `present` in the store has another type than `sheets` now declare."""
    for sheet in sheets.values():
        for name, kind in sheet.columns.items():
            stored = present.get(sheet.id, {}).get(name, kind)
            if stored != kind:
                raise StoreError(reason=_type_differs(f"{sheet.id}.{name}", stored, kind))


def present_columns(connection: DuckDBPyConnection) -> Present:
    """Return the columns of every table in the store's file, with their SQL types, by table."""
    found: dict[str, dict[str, str]] = {}
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal ORDER BY table_name, column_index"
    ).fetchall()
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _stored(sheet: Sheet) -> StoredSheet:
    columns = {column.id: SQL_TYPES[column.type] for column in sheet.columns}
    required = tuple(name for name in sheet.key if sheet.by_id[name].required)
    references = {column.id: column.references for column in sheet.columns if column.references is not None}
    contacts = frozenset(column.id for column in sheet.columns if column.personal)
    identifiers = frozenset(column.id for column in sheet.columns if column.checksum)
    return StoredSheet(
        sheet.id, sheet.layout, columns, sheet.key, required, references, contacts, identifiers
    )


def _joined(schemas: Schemas, first: StoredSheet | None, second: StoredSheet) -> StoredSheet:
    if first is None:
        return second
    differing = [name for name, kind in second.columns.items() if first.columns.get(name, kind) != kind]
    if differing or (first.layout, first.key) != (second.layout, second.key):
        reason = (
            f"`{second.id}`: hai biểu mẫu khai báo khác nhau (two forms declare it differently): {differing}"
        )
        raise SchemaError(path=schemas.directory, reason=reason)
    required = tuple(name for name in first.required_key if name in second.required_key)
    references = {**first.references, **second.references}
    return replace(
        first,
        columns={**first.columns, **second.columns},
        required_key=required,
        references=references,
        contacts=first.contacts | second.contacts,
        identifiers=first.identifiers | second.identifiers,
    )


def _type_differs(column: str, stored: str, declared: str) -> Text:
    return Text(
        f"Cột `{column}` trong kho dữ liệu có kiểu {stored}, lược đồ hiện khai báo kiểu {declared}. "
        "Khôi phục kiểu cũ trong lược đồ, hoặc hợp nhất lại các tệp gốc vào một kho mới.",
        f"Column `{column}` has type {stored} in the store; the schemas now declare {declared}. "
        "Give the schema its former type back, or merge the original files into a new store.",
    )
