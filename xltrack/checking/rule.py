"""A rule is one SQL file; what it needs and how its facts are said is read from the file itself.

`rules/<name>.sql` is the rule of the finding code that the catalogue names `<name>`. Its query gives `_file`, `sheet`
(id), `_row`, `column` (id) and one column for each fact of the message. It writes columns of sheets as `sheet.column`;
a form that lacks one of them is not asked. Two lines of its opening comment may say more:

    -- money: total, difference        facts that are amounts in đồng
    -- labels: size = sizes            facts that are codes of a list, said by their labels

What several rules ask alike stands in `views/<name>.sql`, written in the same way.
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
_WORD = re.compile(r"\w+")
_SAID = re.compile(r"^-- (money|labels): (.+)$", re.MULTILINE)
_HERE = files("xltrack.checking")

VIEWS: Mapping[str, str] = {
    path.name.removesuffix(".sql"): path.read_text(encoding="utf-8")
    for path in sorted(_HERE.joinpath("views").iterdir(), key=lambda path: path.name)
    if path.name.endswith(".sql")
}
"""The queries that several rules share, by name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its query, the views and the columns (by sheet) it needs, and how its facts are said.

    `on_cover` says that it finds something on the cover, so that it may do so where there are no rows at all.
    """

    code: str
    sql: str
    views: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    on_cover: bool
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
    said, views = (
        dict(_SAID.findall(sql)),
        tuple(view for view in VIEWS if view in _WORD.findall(_plain(sql))),
    )
    return Rule(
        code={code.name: code.code for code in catalogue().values()}[name],
        sql=sql,
        views=views,
        needs=_needs(" ".join(_plain(text) for text in (sql, *(VIEWS[view] for view in views)))),
        on_cover="'cover' AS sheet" in sql,
        money=frozenset(said.get("money", "").split(", ")),
        labels=dict(_pairs(said.get("labels", ""))),
    )


def _path(name: str) -> Traversable:
    return _HERE.joinpath("rules", f"{name}.sql")


def _plain(sql: str) -> str:
    """Return `sql` without its comments and texts."""
    return _TEXT.sub("''", _COMMENT.sub("", sql))


def _needs(sql: str) -> Mapping[str, tuple[str, ...]]:
    """Return by sheet the columns that `sql` reads: what it does not define itself and no relation has."""
    aliases = {alias: table for table, alias in _ALIAS.findall(sql)}
    no_sheets = RELATIONS | VIEWS.keys() | set(_DEFINED.findall(sql))
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
