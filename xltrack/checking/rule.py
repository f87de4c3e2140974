"""A rule is one SQL file; what it needs and how its facts are said is read from the file itself.

`rules/<name>.sql` is the rule of the finding code that the catalogue names `<name>`. Its query gives `_file`, `sheet`
(id), `_row`, `column` (id) and one column for each fact of the message. It writes columns of sheets as `sheet.column`;
a form that lacks one of them is not asked. Two lines of its opening comment may say more:

    -- money: total, difference        facts that are amounts in đồng
    -- labels: size = sizes            facts that are codes of a list, said by their labels
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from xltrack.checking.relations import RELATIONS
from xltrack.findings import catalogue

_COMMENT = re.compile(r"--.*$", re.MULTILINE)
_TEXT = re.compile(r"'[^']*'")
_DEFINED = re.compile(r"\b([a-z_]\w*) AS (?:MATERIALIZED )?\(", re.IGNORECASE)
_ALIAS = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]\w*)\s+AS\s+([a-z_]\w*)", re.IGNORECASE)
_COLUMN = re.compile(r'\b([a-z_]\w*)\."?([a-z_]\w*)')
_SAID = re.compile(r"^-- (money|labels): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its query, the columns it needs by sheet, and how its facts are said."""

    code: str
    sql: str
    needs: Mapping[str, tuple[str, ...]]
    money: frozenset[str]
    labels: Mapping[str, str]


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order of their codes; those whose code is retired are not asked any more."""
    return tuple(
        read_rule(code.name)
        for code in catalogue().values()
        if code.lifecycle != "retired" and _path(code.name).is_file()
    )


@cache
def read_rule(name: str) -> Rule:
    """Return the rule `name`; raises KeyError if no finding code bears that name."""
    sql = _path(name).read_text(encoding="utf-8")
    said = dict(_SAID.findall(sql))
    return Rule(
        code={code.name: code.code for code in catalogue().values()}[name],
        sql=sql,
        needs=_needs(_TEXT.sub("''", _COMMENT.sub("", sql))),
        money=frozenset(said.get("money", "").split(", ")),
        labels=dict(_pairs(said.get("labels", ""))),
    )


def _path(name: str) -> Traversable:
    return files("xltrack.checking").joinpath("rules", f"{name}.sql")


def _needs(sql: str) -> Mapping[str, tuple[str, ...]]:
    """Return by sheet the columns that `sql` reads: what it does not define itself and no relation has."""
    aliases = {alias: table for table, alias in _ALIAS.findall(sql)}
    no_sheets = RELATIONS | set(_DEFINED.findall(sql))
    found: dict[str, dict[str, None]] = {}
    for prefix, column in _COLUMN.findall(sql):
        table = aliases.get(prefix, prefix)
        if table not in no_sheets:
            found.setdefault(table, {}).update({} if column.startswith("_") else {column: None})
    return {table: tuple(columns) for table, columns in found.items()}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, text.split(", ")):
        fact, _, codes = pair.partition(" = ")
        yield fact, codes
