"""What only shows among returns: an enterprise in two units, figures that fell, ids and statuses against earlier years.

The rules are queries over the store as it stands, one file each under `history/rules`, written as those of
`xltrack.checking.rule`, but for three things: their sheets are the views `current_<sheet>`, a row's file is
`_submission`, and they ask the table `told`, the returns whose files are to be told. Years are compared through the
crosswalk of units and the tax codes of today.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from xltrack.checking.macros import MACROS
from xltrack.checking.rule import Rule, RuleBook, read_rules, said_fact
from xltrack.findings import Finding
from xltrack.forms import Column, Form, Schemas
from xltrack.reading.model import Table
from xltrack.reading.privacy import sayable
from xltrack.store.connection import Store
from xltrack.store.schema import RESERVED, quoted

_SHEET = "current_"
# What several rules ask and reads much is read once.
_KEPT = {
    "compared_file",
    "near_file",
    "near_application",
    "year_before",
    "told_party",
    "compared_application",
    "shared_application",
    "supported",
    "told_code",
    "told_id",
    "naming_file",
    "enterprise_before",
}
_TOLD = """
CREATE OR REPLACE TEMP TABLE told AS
SELECT DISTINCT mine.sha256, mine.entry_no, mine.unit_code, mine.year, mine.period_kind
FROM current_submission AS asked
JOIN current_submission AS mine
    ON mine.form = asked.form AND mine.unit_code = asked.unit_code AND mine.year = asked.year
    AND mine.period_kind = asked.period_kind
WHERE asked.sha256 IN (SELECT unnest($asked))
"""

Files = Mapping[str, tuple[Form, Mapping[str, Table]]]
"""The form and the sheets of files, by SHA-256; of the sheets only the addresses are asked."""


@cache
def history_book() -> RuleBook:
    """Return the rules that are asked of the store."""
    return read_rules(files("xltrack.store").joinpath("history"), frozenset(RESERVED))


def history_findings(store: Store, told: Files) -> Mapping[str, list[Finding]]:
    """Return by SHA-256 what the rules say of those of the files `told` that count, each at its own row.

    Raises StoreDamaged.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    if not told or not _are_several(store):
        return found
    with _prepared(store, list(told)) as rules:
        for rule in rules:
            for fact in _facts(store, rule, told):
                found[fact["_submission"]] += _finding(store, rule, fact, told)
    return found


def _are_several(store: Store) -> bool:
    """Return whether more than one return stands: every rule compares a return with another one."""
    return len(store.rows("SELECT DISTINCT unit_code, year, period_kind FROM current_submission LIMIT 2")) > 1


def _facts(store: Store, rule: Rule, told: Files) -> list[dict[str, Any]]:
    """Return what `rule` finds in the files `told`, each with `value`, what its cell says."""
    facts = [fact for fact in store.facts(rule.sql) if fact["_submission"] in told]
    for sheet, column in {(fact["sheet"], fact["column"]) for fact in facts}:
        rows = store.rows(
            f"SELECT _submission, _row, {quoted(column)} FROM {quoted(_SHEET + sheet)} "
            "WHERE _entry IN (SELECT entry_no FROM told)",
        )
        values = {(submission, row): value for submission, row, value in rows}
        for fact in facts:
            if (fact["sheet"], fact["column"]) == (sheet, column):
                fact["value"] = values.get((fact["_submission"], fact["_row"]))
    return facts


def history_met(store: Store, codes: Collection[str]) -> Iterator[tuple[str, Finding]]:
    """Yield every finding of `codes` with the file (SHA-256) that it speaks of; tabs are those of the form.

    Raises StoreDamaged.
    """
    files = store.rows("SELECT DISTINCT sha256, form FROM current_submission")
    told: Files = {
        sha256: (store.schemas.forms[form], {}) for sha256, form in files if form in store.schemas.forms
    }
    with _prepared(store, list(told), lambda rule: rule.code in codes) as rules:
        for rule in rules:
            for fact in _facts(store, rule, told):
                yield fact["_submission"], _without_text(store, rule, fact, told[fact["_submission"]][0])


def _without_text(store: Store, rule: Rule, fact: Mapping[str, Any], form: Form) -> Finding:
    sheet = form.by_id[fact["sheet"]]
    value = _said(sheet.by_id[fact["column"]], fact["value"], store.schemas)
    return Finding(rule.code, sheet.tab, fact["_row"], None, fact["column"], value)


def history_places(store: Store) -> Mapping[str, Counter[str]]:
    """Return by code how many findings its rule has in which files (SHA-256); raises StoreDamaged."""
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for file, code, findings in history_counted(store):
        places[code][file] = findings
    return places


def history_counted(store: Store, but: Collection[str] = frozenset()) -> Iterator[tuple[str, str, int]]:
    """Yield file (SHA-256), code and how many findings, of every rule whose code is not in `but`.

    Raises StoreDamaged.
    """
    every = [sha256 for (sha256,) in store.rows("SELECT sha256 FROM current_submission")]
    with _prepared(store, every, lambda rule: rule.code not in but) as rules:
        for rule in rules:
            counted = f"SELECT _submission, count(*) FROM (\n{rule.sql}\n) GROUP BY _submission ORDER BY _submission"
            yield from ((file, rule.code, findings) for file, findings in store.rows(counted))


@contextmanager
def _prepared(
    store: Store, asked: Sequence[str], wanted: Callable[[Rule], bool] = lambda _: True
) -> Iterator[list[Rule]]:
    """Give the rules `wanted` that the store can answer, made ready to speak of the returns of the files `asked`."""
    for macro in MACROS:
        store.rows(macro)
    store.rows(_TOLD, {"asked": asked})
    rules = [rule for rule in history_book().rules if wanted(rule) and _suits(rule, store)]
    for view in {view: None for rule in rules for view in rule.views}:
        kind = "TABLE" if view in _KEPT else "VIEW"
        store.rows(f"CREATE OR REPLACE TEMP {kind} {view} AS {history_book().views[view]}")
    try:
        yield rules
    finally:
        for view in _KEPT:
            store.rows(f"DROP TABLE IF EXISTS temp.{view}")


def _suits(rule: Rule, store: Store) -> bool:
    """Return whether the schemas declare what the rule needs."""
    sheets = store.sheets
    return all(
        name.removeprefix(_SHEET) in sheets
        and set(columns) <= {*sheets[name.removeprefix(_SHEET)].columns, *_PLACE}
        for name, columns in rule.needs.items()
    )


_PLACE = ("return_unit", "return_year", "return_period", "return_figures")


def _finding(store: Store, rule: Rule, fact: dict[str, Any], told: Files) -> Iterator[Finding]:
    form, tables = told[fact.pop("_submission")]
    sheet, row, column, value = (fact.pop(name) for name in ("sheet", "_row", "column", "value"))
    table = tables.get(sheet)
    if table is not None:
        facts = {name: said_fact(rule, name, value, store.schemas) for name, value in fact.items()}
        declared = form.by_id[sheet].by_id[column]
        yield Finding(
            rule.code,
            table.tab,
            row,
            table.cell(column, row),
            column,
            _said(declared, value, store.schemas),
            {"title": declared.title, **facts},
        )


def _said(column: Column, value: object, schemas: Schemas) -> str | None:
    """Return what the cell of `column` says whose `value` the store keeps, as people write it there."""
    codes = schemas.codes_of(column)
    entry = codes.by_code.get(str(value)) if codes else None
    if value is None or (codes and entry):
        return codes.shown(entry) if codes and entry else None
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return sayable(column, f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value))
