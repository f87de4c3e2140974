"""A rule is one SQL file; what it needs and how its facts are said is read from the file itself.

`rules/<name>.sql` is the rule of the finding code that the catalogue names `<name>`. Its query gives `_file`, `sheet`
(id), `_row`, `column` (id) and one column for each fact of the message. It writes a sheet on which it finds something
as `'sheet' AS sheet`, and columns of sheets as `sheet.column`; a form that lacks one of them is not asked. Four lines
of its opening comment may say more:

    -- money: total, difference        facts that are amounts in đồng
    -- labels: size = sizes            facts that are codes of a list, said by their labels
    -- cells: unknown = funding        facts that are lists of {'row', 'column'} of a sheet, said by their addresses
    -- among: repeated_tool            views without rows in which there is nothing to find, asked first: they cost less

What several rules ask alike stands in `views/<name>.sql`, written in the same way.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from xltrack.checking.wording import joined, number
from xltrack.findings import catalogue
from xltrack.findings.masking import masked
from xltrack.forms import Schemas
from xltrack.language import Text

_COMMENT = re.compile(r"--.*$", re.MULTILINE)
_TEXT = re.compile(r"'[^']*'")
_DEFINED = re.compile(r"\b([a-z_]\w*)\s+AS\s+(?:(?:NOT\s+)?MATERIALIZED\s+)?\(", re.IGNORECASE)
_ALIAS = re.compile(r'\b(?:FROM|JOIN)\s+"?([a-z_]\w*)"?\s+AS\s+([a-z_]\w*)', re.IGNORECASE)
_COLUMN = re.compile(r'\b([a-z_]\w*)\."?([a-z_]\w*)')
_SHEET = re.compile(r"'(\w+)' AS sheet\b")
_WORD = re.compile(r"\w+")
_ROUND = ("year", "first_year", "data_from", "last_day")
_SAID = re.compile(r"^-- (money|labels|cells|among): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its query, the views and the columns (by sheet) it needs, and how its facts are said.

    `views` stand in the order in which they can be made. `found_on` are the tables on whose rows the rule finds
    something, `among` views without whose rows it does not: where there are none, it need not be asked. `tables` are
    the relations that it asks; `asks_round` says that it asks for the round of the workbook.
    """

    code: str
    sql: str
    views: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    found_on: frozenset[str]
    among: frozenset[str]
    money: frozenset[str]
    labels: Mapping[str, str]
    cells: Mapping[str, str]
    tables: frozenset[str]
    asks_round: bool


@dataclass(frozen=True)
class RuleBook:
    """The rules of one folder, in the order of their codes, and the views that several of them share."""

    rules: tuple[Rule, ...]
    views: Mapping[str, str]

    @cached_property
    def by_code(self) -> Mapping[str, Rule]:
        """Return the rules by the codes of their findings."""
        return {rule.code: rule for rule in self.rules}


def read_rules(folder: Traversable, relations: frozenset[str]) -> RuleBook:
    """Return the rules of `folder`; the names in `relations` are no sheets. Those of retired codes are left out.

    Raises KeyError for a query whose name no finding code bears.
    """
    views = dict(_queries(folder.joinpath("views")))
    read = ((catalogue().code_of(name), sql) for name, sql in _queries(folder.joinpath("rules")))
    found = (_rule(code, sql, views, relations) for code, sql in read if not catalogue().is_retired(code))
    return RuleBook(tuple(sorted(found, key=lambda rule: rule.code)), views)


@cache
def rule_book() -> RuleBook:
    """Return the rules that are asked of workbooks."""
    # The store has rules of its own and none of these relations, for which all that checks rows is imported.
    from xltrack.checking.relations import RELATIONS  # noqa: PLC0415

    return read_rules(files("xltrack.checking"), RELATIONS)


def said_fact(rule: Rule, name: str, value: Any, schemas: Schemas) -> object:
    """Return a fact of `rule` as its message says it: money grouped, codes by their labels, personal numbers hidden."""
    if name in rule.labels and value is not None:
        known = schemas.code_lists[rule.labels[name]].by_code
        codes = value if isinstance(value, list) else [value]
        return joined(known[code].label if code in known else Text(code, code) for code in codes)
    if isinstance(value, dict):
        return Text(masked(value["vi"]), masked(value["en"]))
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, float):
        return number(int(value) if value == int(value) else round(value, 2))
    return number(value) if name in rule.money and value is not None else value


def _queries(folder: Traversable) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".sql"):
            yield path.name.removesuffix(".sql"), path.read_text(encoding="utf-8")


def _rule(code: str, sql: str, views: Mapping[str, str], relations: frozenset[str]) -> Rule:
    said = dict(_SAID.findall(sql))
    among = tuple(filter(None, said.get("among", "").split(", ")))
    asked = tuple(_asked(" ".join([*among, _plain(sql)]), views))
    queries = [sql, *(views[view] for view in asked)]
    return Rule(
        code=code,
        sql=sql,
        views=asked,
        needs=_needs(queries, relations | views.keys()),
        found_on=frozenset(_SHEET.findall(sql)) or relations & _words(sql),
        among=frozenset(among),
        money=frozenset(said.get("money", "").split(", ")),
        labels=dict(_pairs(said.get("labels", ""))),
        cells=dict(_pairs(said.get("cells", ""))),
        tables=relations & frozenset().union(*map(_words, queries)),
        asks_round=any(("workbook", column) in _columns(query) for query in queries for column in _ROUND),
    )


def _asked(sql: str, views: Mapping[str, str]) -> Mapping[str, None]:
    """Return the views that `sql` asks, each behind those that it asks itself."""
    found: dict[str, None] = {}
    words = _words(sql)
    for view in (view for view in views if view in words and views[view] is not sql):
        found.update(_asked(views[view], views))
        found[view] = None
    return found


@cache
def _words(sql: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_plain(sql)))


@cache
def _plain(sql: str) -> str:
    """Return `sql` without its comments and texts."""
    return _TEXT.sub("''", _COMMENT.sub("", sql))


def _needs(queries: Sequence[str], no_sheets: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return by sheet the columns that `queries` read: what they do not define themselves and no relation has."""
    found: dict[str, dict[str, None]] = {}
    for table, column in (read for sql in queries for read in _columns(sql)):
        if table not in no_sheets:
            found.setdefault(table, {}).update({} if column.startswith("_") else {column: None})
    return {table: tuple(columns) for table, columns in found.items()}


@cache
def _columns(sql: str) -> tuple[tuple[str, str], ...]:
    """Return the columns that `sql` reads, each with its table, but for those that it defines itself."""
    plain = _plain(sql)
    aliases = {alias: table for table, alias in _ALIAS.findall(plain)}
    own = frozenset(_DEFINED.findall(plain))
    read = ((aliases.get(prefix, prefix), column) for prefix, column in _COLUMN.findall(plain))
    return tuple(dict.fromkeys(one for one in read if one[0] not in own))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, text.split(", ")):
        fact, _, codes = pair.partition(" = ")
        yield fact, codes
