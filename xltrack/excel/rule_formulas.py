"""The rules that formulas can say, translated from their own queries: nothing about a rule is written twice.

Translated are rules over one row, or over one row and the cover: `SELECT … FROM sheet [JOIN cover …] WHERE …`, several
such rows joined by UNION ALL in a WITH, sums of rows with the same key, sums over another sheet beside the cover, and
conditions on what a list of the schemas says of a code. Whatever else a query does (windows, text folding), the rule is
left to `xltrack validate`.

SQL knows true, false and unknown: a comparison with a blank cell is unknown. So each condition is translated twice, to
where it is true and to where it is false; NOT changes the two.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xltrack.checking.reference import TABLES
from xltrack.checking.rule import Rule, rule_book
from xltrack.checking.syntax import Node, tree
from xltrack.excel.conditions import (
    blank,
    cell,
    column_name,
    every,
    filled_name,
    filled_row,
    given,
    literal,
    no,
    some,
    wrong_name,
)
from xltrack.excel.live import WHOLE, Check, Scene, readable, understood
from xltrack.findings import catalogue
from xltrack.forms import Column, Schemas

_SIGNS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
}
MOST_SUMMED = 1_000
"""Rows of a table beyond which sums of rows with one key are left to validate: their cost grows with the square."""
_CONTRARY = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_FACTS = ("cover", "workbook")


class Unsaid(Exception):
    """A query does something that formulas are not made to say."""


@dataclass(frozen=True)
class _Value:
    """A formula, and the conditions under which it has a value."""

    formula: str
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Truth:
    """Where a condition is true, and where it is false; it is unknown elsewhere."""

    yes: str
    no: str

    def denied(self) -> "_Truth":
        return _Truth(self.no, self.yes)


@dataclass(frozen=True)
class _Branch:
    """Rows of one sheet: the conditions on them, and what the names of a WITH stand for.

    `key` are the columns by which rows are grouped; `lists` the tables of the schemas joined, each with the column
    whose codes it explains; `many` a sheet whose rows stand beside the cover where `matched` holds.
    """

    sheet: str
    conditions: tuple[Node, ...] = ()
    names: Mapping[str, Node] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    lists: Mapping[str, Node] = field(default_factory=dict)
    many: str = ""
    matched: tuple[Node, ...] = ()


def rule_checks(
    scenes: Mapping[str, Scene], checks: Mapping[str, Sequence[Check]]
) -> Mapping[str, tuple[Check, ...]]:
    """Return the checks of rules by sheet id; `checks` are those of the schema.

    Notes are left out: they ask nothing of the sender.
    """
    found: dict[str, list[Check]] = {name: [] for name in scenes}
    for rule in rule_book().rules:
        if catalogue()[rule.code].severity == "note":
            continue
        try:
            said = list(_checks(rule, scenes, checks))
        except Unsaid:
            continue
        for sheet, check in said:
            found[sheet].append(check)
    return {name: tuple(one) for name, one in found.items()}


def _checks(
    rule: Rule, scenes: Mapping[str, Scene], checks: Mapping[str, Sequence[Check]]
) -> Iterator[tuple[str, Check]]:
    query = tree(rule)
    for branch in _branches(query, _defined(query), scenes):
        speaker = _Speaker(branch, scenes, checks)
        for column, conditions in _columns(_selected(query, branch, "column"), speaker):
            parts = [speaker.truth(one).yes for one in branch.conditions]
            where = every(
                filled_row(branch.sheet), *parts, *conditions, _not_refused(scenes[branch.sheet], column)
            )
            yield branch.sheet, Check(rule.code, column, where)


def _not_refused(scene: Scene, name: str) -> str:
    """Return: the cell of the finding is blank or can be read; else it has a finding of its own."""
    column = scene.sheet.by_id[name]
    at = scene.at(name)
    return (
        f"(1-ISERROR({at}))"
        if column.type == "string" and not column.code_list
        else some(blank(at), understood(scene, column))
    )


def _defined(query: Node) -> Mapping[str, Node]:
    return {one["key"]: one["value"]["query_node"] for one in query.get("cte_map", {}).get("map", ())}


def _branches(query: Node, defined: Mapping[str, Node], scenes: Mapping[str, Scene]) -> Iterator[_Branch]:
    """Yield the rows that `query` looks at, sheet by sheet."""
    if query["type"] == "SET_OPERATION_NODE" and query["setop_type"] == "UNION":
        names = _names(query["children"][0])
        for child in query["children"]:
            own = dict(zip(names, child["select_list"], strict=True))
            for branch in _branches(child, defined, scenes):
                yield replace(branch, names={**branch.names, **own})
        return
    _refuse(query["type"] != "SELECT_NODE" or query["qualify"] or query["having"] or query["modifiers"])
    where = (query["where_clause"],) if query["where_clause"] else ()
    grouped = query["aggregate_handling"] == "FORCE_AGGREGATES"
    for branch in _tables(query["from_table"], defined, scenes):
        found = replace(branch, conditions=(*branch.conditions, *where))
        yield _grouped(found, query) if grouped else found


def _grouped(branch: _Branch, query: Node) -> _Branch:
    """Return `branch` with the names of a query that adds up rows: those of one key, or those beside the cover."""
    named = dict(zip(_names(query), query["select_list"], strict=True))
    names = {**branch.names, **{name: one for name, one in named.items() if not _is_itself(name, one)}}
    if branch.many:
        return replace(branch, names=names)
    key = [name for name, one in named.items() if one["class"] == "COLUMN_REF" and not name.startswith("_")]
    first = named["_row"].get("filter")
    _refuse(not first)
    return replace(branch, names=names, key=tuple(key), conditions=(*branch.conditions, first))


def _is_itself(name: str, node: Node) -> bool:
    return bool(node.get("column_names") == [name])


def _tables(node: Node, defined: Mapping[str, Node], scenes: Mapping[str, Scene]) -> Iterator[_Branch]:
    if node["type"] == "JOIN":
        yield from (_joined(branch, node, scenes) for branch in _tables(node["left"], defined, scenes))
        return
    _refuse(node["type"] != "BASE_TABLE")
    name = node["table_name"]
    if name in defined:
        for branch in _branches(defined[name], defined, scenes):
            own = {f"{node['alias'] or name}.{column}": one for column, one in branch.names.items()}
            yield replace(branch, names={**branch.names, **own})
        return
    _refuse(name not in scenes)
    yield _Branch(name)


def _joined(branch: _Branch, node: Node, scenes: Mapping[str, Scene]) -> _Branch:
    """Return `branch` with what is joined to it: the cover, a list of the schemas, or rows beside the cover."""
    name = node["right"].get("table_name", "")
    conditions = tuple(one for one in _parts(node["condition"]) if not _is_same(one, "_file"))
    if name in _FACTS and node["join_type"] == "INNER":
        return replace(branch, conditions=(*branch.conditions, *conditions))
    if name in TABLES and node["join_type"] == "INNER":
        coded = [one for one in conditions if _is_same(one, "code")]
        _refuse(len(coded) != 1)
        sides = {one["column_names"][0]: one for one in (coded[0]["left"], coded[0]["right"])}
        others = tuple(one for one in conditions if one is not coded[0])
        explained = {name: next(one for table, one in sides.items() if table != name)}
        return replace(branch, conditions=(*branch.conditions, *others), lists={**branch.lists, **explained})
    _refuse(name not in scenes or branch.sheet != "cover" or branch.many)
    there = () if node["join_type"] == "LEFT" else ({"class": "THERE", "type": "THERE", "sheet": name},)
    return replace(branch, conditions=(*branch.conditions, *there), many=name, matched=conditions)


def _refuse(unsaid: object) -> None:
    if unsaid:
        raise Unsaid


def _parts(condition: Node) -> list[Node]:
    return condition["children"] if condition["type"] == "CONJUNCTION_AND" else [condition]


def _is_same(condition: Node, name: str) -> bool:
    """Return whether `condition` compares a column `name` of a joined table: both sides of it for `_file`."""
    if condition["type"] != "COMPARE_EQUAL":
        return False
    sides = [condition[side].get("column_names", [""])[-1] for side in ("left", "right")]
    return set(sides) == {name} if name == "_file" else name in sides


def _names(query: Node) -> list[str]:
    return [one["alias"] or one.get("column_names", [""])[-1] for one in query["select_list"]]


def _selected(query: Node, branch: _Branch, name: str) -> Node:
    named = dict(zip(_names(query), query["select_list"], strict=True))
    return named.get(name) or branch.names[name]


def _columns(node: Node, speaker: "_Speaker") -> Iterator[tuple[str, list[str]]]:
    """Yield the columns at which a finding may stand, each with its condition: `if(…, 'a', 'b')` has two."""
    if node["class"] == "COLUMN_REF":
        yield from _columns(speaker.branch.names[node["column_names"][-1]], speaker)
    elif node["class"] == "CONSTANT":
        yield node["literal"]["text"], []
    else:
        _refuse(node.get("function_name") != "if")
        condition, *columns = (one["expression"] for one in node["arguments"])
        first = speaker.truth(condition).yes
        yield columns[0]["literal"]["text"], [first]
        yield columns[1]["literal"]["text"], [no(first)]


@dataclass(frozen=True)
class _Speaker:
    """Says the expressions of one branch as conditions and formulas."""

    branch: _Branch
    scenes: Mapping[str, Scene]
    checks: Mapping[str, Sequence[Check]]

    def truth(self, node: Node) -> _Truth:
        """Return where `node` is true and where it is false; raises Unsaid."""
        ways: Mapping[str, Callable[[Node], _Truth]] = {
            "CONJUNCTION": self._joined,
            "COMPARISON": self._compared,
            "BETWEEN": self._between,
            "COLUMN_REF": self._flag,
            "OPERATOR": self._operator,
            "FUNCTION": self._function,
            "SUBQUERY": self._listed,
            "THERE": lambda one: _Truth(f"(SUM(--{filled_name(one['sheet'])})>0)", "0"),
        }
        _refuse(node.get("class") not in ways)
        return ways[node["class"]](node)

    def _joined(self, node: Node) -> _Truth:
        truths = [self.truth(one) for one in node["children"]]
        if node["type"] == "CONJUNCTION_AND":
            return _Truth(every(*(one.yes for one in truths)), some(*(_sure(one.no) for one in truths)))
        return _Truth(some(*(_sure(one.yes) for one in truths)), every(*(one.no for one in truths)))

    def _compared(self, node: Node) -> _Truth:
        left, right = node["left"], node["right"]
        if self._explained(left) is not None:
            return self._of_list(left, node["type"], [right])
        if node["type"] == "COMPARE_DISTINCT_FROM":
            same = self._one_of(left, [right]).yes
            return _Truth(no(same), same)
        sign = _SIGNS.get(node["type"], "")
        _refuse(not sign)
        if sign == "=" and self._is_coded(left) and self._is_coded(right):
            return self._same_code(left, right)
        if sign in ("=", "<>") and self._is_coded(left):
            same_code = self._one_of(left, [right])
            return same_code if sign == "=" else same_code.denied()
        if sign == "<>" and self._is_truth(left):
            one, other = self.truth(left), self.truth(right)
            return _Truth(
                some(every(one.yes, other.no), every(one.no, other.yes)),
                some(every(one.yes, other.yes), every(one.no, other.no)),
            )
        return self._ordered(self.value(left), sign, self.value(right))

    def _ordered(self, left: _Value, sign: str, right: _Value) -> _Truth:
        there = dict.fromkeys((*left.given, *right.given))
        yes, contrary = (f"({left.formula}{one}{right.formula})" for one in (sign, _CONTRARY[sign]))
        return _Truth(every(*there, yes), every(*there, contrary))

    def _between(self, node: Node) -> _Truth:
        value, low, high = (self.value(node[part]) for part in ("input", "lower", "upper"))
        above, below = self._ordered(value, ">=", low), self._ordered(value, "<=", high)
        return _Truth(every(above.yes, below.yes), some(above.no, below.no))

    def _flag(self, node: Node) -> _Truth:
        if node["column_names"] == ["workbook", "is_whole"]:
            return _Truth(WHOLE, no(WHOLE))
        if node["column_names"] == ["workbook", "is_read"]:
            return _Truth("1", "0")
        scene, column = self._column(node)
        _refuse(column.type != "boolean")
        return _Truth(scene.one_of(column, True), scene.one_of(column, False))

    def _operator(self, node: Node) -> _Truth:
        children = node["children"]
        match node["type"]:
            case "OPERATOR_NOT":
                return self.truth(children[0]).denied()
            case "OPERATOR_IS_NULL":
                return _Truth(self._lacking(children[0]), every(*self._given(children[0])))
            case "OPERATOR_IS_NOT_NULL":
                return _Truth(every(*self._given(children[0])), self._lacking(children[0]))
            case "COMPARE_IN" if self._explained(children[0]) is not None:
                return self._of_list(children[0], node["type"], children[1:])
            case "COMPARE_IN":
                return self._one_of(children[0], children[1:])
            case "OPERATOR_COALESCE":
                return self._otherwise(self.truth(children[0]), children[1])
        raise Unsaid

    def _otherwise(self, truth: _Truth, other: Node) -> _Truth:
        _refuse(other["class"] not in ("CONSTANT", "CAST"))
        literal_ = (other.get("child") or other)["literal"]["text"].lower()
        if literal_ in ("true", "t"):
            return _Truth(no(truth.no), truth.no)
        return _Truth(truth.yes, no(truth.yes))

    def _function(self, node: Node) -> _Truth:
        _refuse(node["function_name"] != "contains")
        text, part = (self.value(one["expression"]) for one in node["arguments"])
        found = f"ISNUMBER(FIND({part.formula},{text.formula}))"
        return _Truth(every(*text.given, found), every(*text.given, no(found)))

    def _listed(self, node: Node) -> _Truth:
        """Return: a code is in a table of the schemas; or a cell of a sheet could not be read."""
        query = node["subquery"]["node"]
        table, where = query["from_table"].get("table_name"), query["where_clause"]
        if table in TABLES and not where:
            return self._among(node["child"], TABLES[table](self._schemas)["code"].to_list())
        _refuse(table != "unread" or not where)
        return self._unread(_parts(where))

    def _unread(self, conditions: Sequence[Node]) -> _Truth:
        """Return: one of the cells named has what checks XLT3xx find."""
        sheet = next(one["right"]["literal"]["text"] for one in conditions if one["class"] == "COMPARISON")
        columns = [
            one["literal"]["text"]
            for condition in conditions
            if condition["type"] == "COMPARE_IN"
            for one in condition["children"][1:]
        ]
        wrong = [
            f"SUM(--{wrong_name(sheet, check.column, check.code)})"
            for check in self.checks[sheet]
            if check.code.startswith("XLT3") and (not columns or check.column in columns)
        ]
        some_wrong = "(" + "+".join(wrong) + ">0)"
        return _Truth(some_wrong, no(some_wrong))

    @property
    def _schemas(self) -> Schemas:
        return self.scenes[self.branch.sheet].wording.schemas

    def _explained(self, node: Node) -> Node | None:
        """Return the column whose codes the table of `node` explains; None if `node` is no column of such a table."""
        names = node.get("column_names", [])
        return self.branch.lists.get(names[0]) if len(names) == 2 else None

    def _of_list(self, node: Node, comparison: str, constants: Sequence[Node]) -> _Truth:
        """Return where the list says of the row's code what is asked: the codes for which it does are named."""
        _refuse(comparison not in ("COMPARE_IN", "COMPARE_EQUAL", "COMPARE_NOTEQUAL"))
        _refuse(any(one["class"] != "CONSTANT" for one in constants))
        table, name = node["column_names"]
        values = {one["literal"]["text"] for one in constants}
        rows = TABLES[table](self._schemas)
        is_asked = rows[name].is_in(list(values)) != (comparison == "COMPARE_NOTEQUAL")
        return self._among(self.branch.lists[table], rows.filter(is_asked)["code"].to_list())

    def _among(self, node: Node, codes: Sequence[str]) -> _Truth:
        scene, column = self._column(node)
        stated = scene.one_of(column, *codes)
        return _Truth(stated, every(*self._given(node), no(stated)))

    def _same_code(self, left: Node, right: Node) -> _Truth:
        (one, first), (other, second) = self._column(left), self._column(right)
        _refuse(first.code_list != second.code_list)
        given_both = every(*self._given(left), *self._given(right))
        same = f"({cell(one.sheet.id, first.id)}={cell(other.sheet.id, second.id)})"
        return _Truth(every(given_both, same), every(given_both, no(same)))

    def value(self, node: Node) -> _Value:
        """Return `node` as a formula with numbers, days as serial numbers, or text; raises Unsaid."""
        match node["class"]:
            case "CONSTANT":
                text = node["literal"]["text"]
                return _Value(literal(text) if node["literal"]["kind"] == "STRING" else text)
            case "CAST":
                return self.value(node["child"])
            case "COLUMN_REF":
                return self._cell(node)
            case "FUNCTION":
                return self._worked_out(node)
            case "OPERATOR" if node["type"] == "OPERATOR_COALESCE":
                return self._none_as_zero(node)
        raise Unsaid

    def _cell(self, node: Node) -> _Value:
        named = self._named(node)
        if named is not None:
            return self.value(named)
        if node["column_names"] == ["workbook", "size"]:
            tables = [name for name, scene in self.scenes.items() if scene.place.row]
            return _Value("(" + "+".join(f"SUM(--{filled_name(name)})" for name in tables) + ")")
        scene, column = self._column(node)
        at = cell(scene.sheet.id, column.id)
        _refuse(self._is_coded(node))
        if column.type == "string":
            return _Value(at, (given(at),))
        return _Value(_number(column, at, scene.wording.factor), (readable(column, at),))

    def _worked_out(self, node: Node) -> _Value:
        name = node["function_name"]
        arguments = [one["expression"] for one in node["arguments"]]
        if name == "sum" and self.branch.many:
            return self._summed_beside(arguments[0], node["filter"])
        if name == "sum":
            return self._summed(arguments[0], node["filter"])
        if name == "if":
            condition, yes, other = arguments
            said = [self.value(yes), self.value(other)]
            return _Value(f"IF({self.truth(condition).yes},{said[0].formula},{said[1].formula})")
        values = [self.value(one) for one in arguments]
        there = tuple(dict.fromkeys(one for value in values for one in value.given))
        if name in ("+", "-", "*") and len(values) == 2:
            return _Value("(" + name.join(value.formula for value in values) + ")", there)
        _refuse(name not in ("abs", "year"))
        return _Value(f"{name.upper()}({values[0].formula})", there)

    def _none_as_zero(self, node: Node) -> _Value:
        first, other = node["children"]
        _refuse(first.get("function_name") != "sum" or other.get("literal", {}).get("text") != "0")
        return _Value(self.value(first).formula)

    def _summed_beside(self, node: Node, condition: Node | None) -> _Value:
        """Return the sum of a column over the rows that stand beside the cover."""
        scene, column = self._column(node)
        where = [*self.branch.matched, *([condition] if condition else [])]
        amount = _number(column, cell(scene.sheet.id, column.id), scene.wording.factor)
        parts = [self.truth(one).yes for one in where]
        return _Value(
            f"SUM(IFERROR({every(*parts, readable(column, cell(scene.sheet.id, column.id)))}*{amount},0))"
        )

    def _summed(self, node: Node, condition: Node) -> _Value:
        """Return the sum of a column over the rows with the same key for which `condition` (a code) holds."""
        scene, column = self._column(node)
        _refuse(scene.place.last - scene.place.first >= MOST_SUMMED)
        sheet = scene.sheet.id
        same = "".join(f',{column_name(sheet, name)},{cell(sheet, name)}&""' for name in self.branch.key)
        kinds = scene.sheet.by_id[condition["left"]["column_names"][-1]]
        codes = scene.spellings(kinds, condition["right"]["literal"]["text"])
        amounts = column_name(sheet, column.id)
        there = "+".join(
            f'COUNTIFS({amounts},"<>"{same},{column_name(sheet, kinds.id)},{code})' for code in codes
        )
        total = "+".join(f"SUMIFS({amounts}{same},{column_name(sheet, kinds.id)},{code})" for code in codes)
        return _Value(_number(column, f"({total})", scene.wording.factor), (f"({there}>0)",))

    def _one_of(self, node: Node, constants: Sequence[Node]) -> _Truth:
        _refuse(any(one["class"] != "CONSTANT" for one in constants))
        scene, column = self._column(node)
        values = [one["literal"]["text"] for one in constants]
        if not self._is_coded(node):
            at = self.value(node)
            truths = [self._ordered(at, "=", _Value(literal(one))) for one in values]
            return _Truth(some(*(one.yes for one in truths)), every(*(one.no for one in truths)))
        stated = scene.one_of(column, *values)
        return _Truth(stated, every(*self._given(node), no(stated)))

    def _lacking(self, node: Node) -> str:
        """Return the condition under which `node` has no value: it is blank, or cannot be read."""
        if node["type"] == "OPERATOR_COALESCE":
            return every(*(self._lacking(one) for one in node["children"]))
        return f"(1-IFERROR({every(*self._given(node))},0))"

    def _given(self, node: Node) -> tuple[str, ...]:
        """Return the conditions under which `node` has a value."""
        if node["type"] == "OPERATOR_COALESCE":
            return (some(*(_sure(every(*self._given(one))) for one in node["children"])),)
        named = self._named(node)
        if named is not None:
            return self._given(named)
        if node["class"] == "COLUMN_REF" and self._is_coded(node):
            return (understood(*self._column(node)),)
        return self.value(node).given

    def _named(self, node: Node) -> Node | None:
        names = node.get("column_names", [])
        return self.branch.names.get(".".join(names)) if names else None

    def _column(self, node: Node) -> tuple[Scene, Column]:
        named = self._named(node)
        if named is not None:
            return self._column(named)
        _refuse(node["class"] != "COLUMN_REF" or len(node["column_names"]) != 2)
        sheet, name = node["column_names"]
        if (sheet, name) == ("workbook", "year"):
            sheet = "cover"
        _refuse(
            sheet not in (self.branch.sheet, self.branch.many, "cover")
            or name not in self.scenes[sheet].sheet.by_id
        )
        return self.scenes[sheet], self.scenes[sheet].sheet.by_id[name]

    def _is_coded(self, node: Node) -> bool:
        if node["class"] != "COLUMN_REF":
            return False
        named = self._named(node)
        if named is not None:
            return self._is_coded(named)
        if node["column_names"][0] == "workbook":
            return False
        _, column = self._column(node)
        return column.code_list is not None or column.type == "boolean"

    def _is_truth(self, node: Node) -> bool:
        return node["class"] in ("COMPARISON", "OPERATOR", "CONJUNCTION", "BETWEEN")


def _sure(condition: str) -> str:
    """Return `condition`, which is an error where text stands for a number, as one that does not hold there."""
    return f"IFERROR({condition},0)"


def _number(column: Column, at: str, factor: int) -> str:
    """Return the number in `at` as rules have it: whole days, whole đồng."""
    if column.type == "date":
        return f"INT({at})"
    return f"ROUND({at}*{factor},0)" if column.money and factor > 1 else at
