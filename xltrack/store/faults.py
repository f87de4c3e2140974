"""What only shows when the files of one return are put together: repeated rows, lost references, other totals.

One workbook is checked alone by `xltrack.checking`. The same is asked here of several files as if they were one, set by
set in SQL that is derived from the keys and references of the schemas.
"""

from collections.abc import Callable, Iterator, Mapping
from string import Template

from duckdb import DuckDBPyConnection

from xltrack.store.schema import Present, StoredSheet, quoted, statement, stored_table

_COLUMNS = "set_id, kind, sheet, column_id, target, sha256, _row, alike, stated, added"
_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS set_fault (
    set_id VARCHAR, kind VARCHAR, sheet VARCHAR, column_id VARCHAR, target VARCHAR, sha256 VARCHAR, _row INTEGER,
    alike VARCHAR, stated HUGEINT, added HUGEINT
);
DELETE FROM set_fault;
"""


def find_set_faults(
    connection: DuckDBPyConnection, sheets: Mapping[str, StoredSheet], present: Callable[[], Present]
) -> None:
    """Fill the TEMP table `set_fault` with what is wrong with complete sets of several parts.

    Its rows are places: `kind` (repeat, dangle, total), the file, sheet, row and column; `alike` tells one repeated key
    or lost value from another, `target` names the column ("tasks.task_id") that lacks the value, `stated` and `added`
    are the two totals in đồng. Sets of one part, as nearly all are, cost nothing.
    """
    connection.execute(_TABLE)
    together = statement("together_parts")
    if connection.execute(f"{together} LIMIT 1").fetchone() is None:
        return
    columns = present()
    tables = {sheet.id: stored_table(sheet, columns.get(sheet.id, {})) for sheet in sheets.values()}
    queries = [*_repeats(sheets, tables), *_references_and_totals(sheets, tables)]
    connection.execute(f"INSERT INTO set_fault WITH together AS MATERIALIZED ({together}) {_union(queries)}")


def corrected_faults_query(sheets: Mapping[str, StoredSheet]) -> str:
    """Return the SQL that gives what is wrong with returns to which corrections of $asked belong, like `set_fault`.

    A correction is allowed to repeat a key: it replaces that row. Cards are those of every file, because that of a
    correction speaks of the corrected return too.
    """
    tables = {
        sheet.id: quoted(f"current_{sheet.id}" if sheet.layout == "table" else sheet.id)
        for sheet in sheets.values()
    }
    together = statement("together_corrected")
    return f"WITH together AS MATERIALIZED ({together}) {_union(_references_and_totals(sheets, tables))}"


def _union(queries: list[str]) -> str:
    return f"SELECT {_COLUMNS} FROM ({' UNION ALL '.join(f'({query})' for query in queries)})"


def _repeats(sheets: Mapping[str, StoredSheet], tables: Mapping[str, str]) -> Iterator[str]:
    template = Template(statement("fault_repeat"))
    for sheet in sheets.values():
        if sheet.key:
            known = " AND ".join(f"t.{quoted(name)} IS NOT NULL" for name in sheet.required_key)
            key = ", ".join(f"t.{quoted(name)}" for name in sheet.key)
            yield template.substitute(sheet=sheet.id, table=tables[sheet.id], known=known or "TRUE", key=key)


def _references_and_totals(sheets: Mapping[str, StoredSheet], tables: Mapping[str, str]) -> list[str]:
    return [*_dangling(sheets, tables), *_totals(sheets, tables)]


def _dangling(sheets: Mapping[str, StoredSheet], tables: Mapping[str, str]) -> Iterator[str]:
    template = Template(statement("fault_dangle"))
    for sheet in sheets.values():
        for column, reference in sheet.references.items():
            for value, (target, target_column) in reference.targets.items():
                literal = value.replace("'", "''")
                asked = f"t.{quoted(reference.by)} = '{literal}'" if reference.by is not None else "TRUE"
                yield template.substitute(
                    sheet=sheet.id, table=tables[sheet.id], column=column, asked=asked,
                    target=tables[target], target_column=target_column, target_id=f"{target}.{target_column}",
                )  # fmt: skip


def _totals(sheets: Mapping[str, StoredSheet], tables: Mapping[str, str]) -> Iterator[str]:
    # Most stores have no set of several parts, and rules take long to import and read.
    from xltrack.checking.rule import rule_book  # noqa: PLC0415

    rule = rule_book().by_code["XLT503"]
    needs = rule.needs
    if all(name in sheets and set(columns) <= sheets[name].columns.keys() for name, columns in needs.items()):
        listed = {
            f"{name}_columns": ", ".join(f"t.{quoted(c)}" for c in columns) for name, columns in needs.items()
        }
        names = {name: tables[name] for name in needs}
        views = "".join(f", {view} AS ({rule_book().views[view]})" for view in rule.views)
        yield Template(statement("fault_total")).substitute(
            **listed, **names, views=views, rule=rule.sql, code=rule.code
        )
