"""Says the expressions of a rule's query as conditions and formulas of a workbook.

SQL knows true, false and unknown: a comparison with a blank cell is unknown. So each condition is translated twice, to
where it is true and to where it is false; NOT changes the two.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from xltrack.checking.reference import TABLES
from xltrack.checking.rule import rule_book
from xltrack.checking.syntax import Node, tree
from xltrack.excel.conditions import (
    blank,
    cell,
    column_name,
    every,
    filled_name,
    given,
    literal,
    no,
    some,
    wrong_name,
)
from xltrack.excel.live import WHOLE, Check, Scene, readable, understood
from xltrack.excel.rule_branches import Branch, Unsaid, branches, named_by, parts_of, refuse
from xltrack.forms import Column, Schemas

_SIGNS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
}
_CONTRARY = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Value:
    """A formula, and the conditions under which it has a value."""

    formula: str
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Truth:
    """Where a condition is true, and where it is false; it is unknown elsewhere."""

    yes: str
    no: str

    def denied(self) -> "Truth":
        """Return NOT of the condition."""
        return Truth(self.no, self.yes)


@dataclass(frozen=True)
class Speaker:
    """Says the expressions of one branch as conditions and formulas."""

    branch: Branch
    scenes: Mapping[str, Scene]
    checks: Mapping[str, Sequence[Check]]

    def truth(self, node: Node) -> Truth:
        """Return where `node` is true and where it is false; raises Unsaid."""
        ways: Mapping[str, Callable[[Node], Truth]] = {
            "CONJUNCTION": self._joined,
            "COMPARISON": self._compared,
            "BETWEEN": self._between,
            "COLUMN_REF": self._flag,
            "OPERATOR": self._operator,
            "FUNCTION": self._function,
            "SUBQUERY": self._listed,
            "THERE": lambda one: Truth(f"(SUM(--{filled_name(one['sheet'])})>0)", "0"),
        }
        refuse(node.get("class") not in ways)
        return ways[node["class"]](node)

    def _joined(self, node: Node) -> Truth:
        truths = [self.truth(one) for one in node["children"]]
        if node["type"] == "CONJUNCTION_AND":
            return Truth(every(*(one.yes for one in truths)), some(*(_sure(one.no) for one in truths)))
        return Truth(some(*(_sure(one.yes) for one in truths)), every(*(one.no for one in truths)))

    def _compared(self, node: Node) -> Truth:
        left, right = node["left"], node["right"]
        if self._explained(left) is not None:
            return self._of_list(left, node["type"], [right])
        if node["type"] == "COMPARE_DISTINCT_FROM":
            same = f"IFERROR(1*{self._one_of(left, [right]).yes},0)"  # what cannot be read is no such code
            return Truth(no(same), same)
        sign = _SIGNS.get(node["type"], "")
        refuse(not sign)
        if sign == "=" and self._is_coded(left) and self._is_coded(right):
            return self._same_code(left, right)
        if sign in ("=", "<>") and self._is_coded(left):
            same_code = self._one_of(left, [right])
            return same_code if sign == "=" else same_code.denied()
        if sign == "<>" and self._is_truth(left):
            one, other = self.truth(left), self.truth(right)
            return Truth(
                some(every(one.yes, other.no), every(one.no, other.yes)),
                some(every(one.yes, other.yes), every(one.no, other.no)),
            )
        return self._ordered(self.value(left), sign, self.value(right))

    def _ordered(self, left: Value, sign: str, right: Value) -> Truth:
        there = dict.fromkeys((*left.given, *right.given))
        yes, contrary = (f"({left.formula}{one}{right.formula})" for one in (sign, _CONTRARY[sign]))
        return Truth(every(*there, yes), every(*there, contrary))

    def _between(self, node: Node) -> Truth:
        value, low, high = (self.value(node[part]) for part in ("input", "lower", "upper"))
        above, below = self._ordered(value, ">=", low), self._ordered(value, "<=", high)
        return Truth(every(above.yes, below.yes), some(above.no, below.no))

    def _flag(self, node: Node) -> Truth:
        if node["column_names"] == ["workbook", "is_whole"]:
            return Truth(WHOLE, no(WHOLE))
        if node["column_names"] == ["workbook", "is_read"]:
            return Truth("1", "0")
        named = self._named(node)
        if named is not None:
            return self.truth(named)
        scene, column = self._column(node)
        refuse(column.type != "boolean")
        return Truth(scene.one_of(column, True), scene.one_of(column, False))

    def _operator(self, node: Node) -> Truth:
        children = node["children"]
        match node["type"]:
            case "OPERATOR_NOT":
                return self.truth(children[0]).denied()
            case "OPERATOR_IS_NULL":
                return Truth(self._lacking(children[0]), every(*self._given(children[0])))
            case "OPERATOR_IS_NOT_NULL":
                return Truth(every(*self._given(children[0])), self._lacking(children[0]))
            case "COMPARE_IN" if self._explained(children[0]) is not None:
                return self._of_list(children[0], node["type"], children[1:])
            case "COMPARE_IN":
                return self._one_of(children[0], children[1:])
            case "OPERATOR_COALESCE":
                return self._otherwise(self.truth(children[0]), children[1])
        raise Unsaid

    def _otherwise(self, truth: Truth, other: Node) -> Truth:
        refuse(other["class"] not in ("CONSTANT", "CAST"))
        literal_ = (other.get("child") or other)["literal"]["text"].lower()
        if literal_ in ("true", "t"):
            return Truth(no(truth.no), truth.no)
        return Truth(truth.yes, no(truth.yes))

    def _function(self, node: Node) -> Truth:
        refuse(node["function_name"] != "contains")
        text, part = (self.value(one["expression"]) for one in node["arguments"])
        found = f"ISNUMBER(FIND({part.formula},{text.formula}))"
        return Truth(every(*text.given, found), every(*text.given, no(found)))

    def _listed(self, node: Node) -> Truth:
        """Return: a code is in a table of the schemas; a view has rows; or a cell of a sheet could not be read."""
        query = node["subquery"]["node"]
        table, where = query["from_table"].get("table_name"), query["where_clause"]
        if table in TABLES and not where:
            return self._among(node["child"], TABLES[table](self._schemas)["code"].to_list())
        if table in rule_book().views:
            return self._viewed(tree(rule_book().views[table]), where)
        refuse(table != "unread" or not where)
        is_of_row = query["select_list"][0].get("function_name") == "row"
        return self._unread_here(parts_of(where)) if is_of_row else self._unread(parts_of(where))

    def _viewed(self, view: Node, where: Node) -> Truth:
        """Return: among the rows beside the cover that `view` gives, there is one of which `where` holds."""
        for branch in branches(view, {}, self.scenes):
            refuse(not branch.many)
            speaker = replace(self, branch=replace(branch, names=named_by(view)))
            asked = (speaker.truth(one).yes for one in (*branch.matched, *branch.conditions, where))
            there = f"SUM({every(f'--{filled_name(branch.many)}', *map(_sure, asked))})"
            return Truth(f"({there}>0)", f"({there}=0)")
        raise Unsaid

    def _unread_here(self, conditions: Sequence[Node]) -> Truth:
        """Return: in this row one of the cells named says something that cannot be read."""
        names = _constants(conditions, "column")
        refuse(_constants(conditions, "sheet") != [self.branch.sheet])
        scene = self.scenes[self.branch.sheet]
        columns = [scene.sheet.by_id[name] for name in names]
        read = every(*(some(blank(scene.at(one.id)), understood(scene, one)) for one in columns))
        return Truth(no(read), read)

    def _unread(self, conditions: Sequence[Node]) -> Truth:
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
        return Truth(some_wrong, no(some_wrong))

    @property
    def _schemas(self) -> Schemas:
        return self.scenes[self.branch.sheet].wording.schemas

    def _explained(self, node: Node) -> Node | None:
        """Return the column whose codes the table of `node` explains; None if `node` is no column of such a table."""
        names = node.get("column_names", [])
        return self.branch.lists.get(names[0]) if len(names) == 2 else None

    def _of_list(self, node: Node, comparison: str, constants: Sequence[Node]) -> Truth:
        """Return where the list says of the row's code what is asked: the codes for which it does are named."""
        refuse(comparison not in ("COMPARE_IN", "COMPARE_EQUAL", "COMPARE_NOTEQUAL"))
        refuse(any(one["class"] != "CONSTANT" for one in constants))
        table, name = node["column_names"]
        values = {one["literal"]["text"] for one in constants}
        rows = TABLES[table](self._schemas)
        is_asked = rows[name].is_in(list(values)) != (comparison == "COMPARE_NOTEQUAL")
        return self._among(self.branch.lists[table], rows.filter(is_asked)["code"].to_list())

    def _among(self, node: Node, codes: Sequence[str]) -> Truth:
        scene, column = self._column(node)
        stated = scene.one_of(column, *codes)
        return Truth(stated, every(*self._given(node), no(stated)))

    def _same_code(self, left: Node, right: Node) -> Truth:
        (one, first), (other, second) = self._column(left), self._column(right)
        refuse(first.code_list != second.code_list)
        given_both = every(*self._given(left), *self._given(right))
        same = f"({cell(one.sheet.id, first.id)}={cell(other.sheet.id, second.id)})"
        return Truth(every(given_both, same), every(given_both, no(same)))

    def value(self, node: Node) -> Value:
        """Return `node` as a formula with numbers, days as serial numbers, or text; raises Unsaid."""
        match node["class"]:
            case "CONSTANT":
                text = node["literal"]["text"]
                return Value(literal(text) if node["literal"]["kind"] == "STRING" else text)
            case "CAST":
                return self.value(node["child"])
            case "COLUMN_REF":
                return self._cell(node)
            case "FUNCTION":
                return self._worked_out(node)
            case "OPERATOR" if node["type"] == "OPERATOR_COALESCE":
                return self._none_as_zero(node)
        raise Unsaid

    def _cell(self, node: Node) -> Value:
        named = self._named(node)
        if named is not None:
            return self.value(named)
        if node["column_names"] == ["workbook", "size"]:
            tables = [name for name, scene in self.scenes.items() if scene.place.row]
            return Value("(" + "+".join(f"SUM(--{filled_name(name)})" for name in tables) + ")")
        scene, column = self._column(node)
        at = cell(scene.sheet.id, column.id)
        refuse(self._is_coded(node))
        if column.type == "string":
            return Value(at, (given(at),))
        return Value(_number(column, at, scene.wording.factor), (readable(column, at),))

    def _worked_out(self, node: Node) -> Value:
        name = node["function_name"]
        arguments = [one["expression"] for one in node["arguments"]]
        if name == "sum" and self.branch.many:
            return self._summed_beside(arguments[0], node["filter"])
        if name == "sum":
            return self._summed(arguments[0], node["filter"])
        if name == "if":
            condition, yes, other = arguments
            said = [self.value(yes), self.value(other)]
            return Value(f"IF({self.truth(condition).yes},{said[0].formula},{said[1].formula})")
        values = [self.value(one) for one in arguments]
        there = tuple(dict.fromkeys(one for value in values for one in value.given))
        if name in ("+", "-", "*") and len(values) == 2:
            return Value("(" + name.join(value.formula for value in values) + ")", there)
        refuse(name not in ("abs", "year"))
        return Value(f"{name.upper()}({values[0].formula})", there)

    def _none_as_zero(self, node: Node) -> Value:
        first, other = node["children"]
        refuse(first.get("function_name") != "sum" or other.get("literal", {}).get("text") != "0")
        return Value(self.value(first).formula)

    def _summed_beside(self, node: Node, condition: Node | None) -> Value:
        """Return the sum of a column over the rows that stand beside the cover."""
        scene, column = self._column(node)
        where = [*self.branch.matched, *([condition] if condition else [])]
        amount = _number(column, cell(scene.sheet.id, column.id), scene.wording.factor)
        parts = [self.truth(one).yes for one in where]
        return Value(
            f"SUM(IFERROR({every(*parts, readable(column, cell(scene.sheet.id, column.id)))}*{amount},0))"
        )

    def _summed(self, node: Node, condition: Node) -> Value:
        """Return the sum of a column over the rows with the same key for which `condition` (a code) holds."""
        scene, column = self._column(node)
        refuse(scene.is_large)
        sheet = scene.sheet.id
        same = "".join(f',{column_name(sheet, name)},{cell(sheet, name)}&""' for name in self.branch.key)
        kinds = scene.sheet.by_id[condition["left"]["column_names"][-1]]
        codes = scene.spellings(kinds, condition["right"]["literal"]["text"])
        amounts = column_name(sheet, column.id)
        there = "+".join(
            f'COUNTIFS({amounts},"<>"{same},{column_name(sheet, kinds.id)},{code})' for code in codes
        )
        total = "+".join(f"SUMIFS({amounts}{same},{column_name(sheet, kinds.id)},{code})" for code in codes)
        return Value(_number(column, f"({total})", scene.wording.factor), (f"({there}>0)",))

    def _one_of(self, node: Node, constants: Sequence[Node]) -> Truth:
        refuse(any(one["class"] != "CONSTANT" for one in constants))
        scene, column = self._column(node)
        values = [one["literal"]["text"] for one in constants]
        if not self._is_coded(node):
            at = self.value(node)
            truths = [self._ordered(at, "=", Value(literal(one))) for one in values]
            return Truth(some(*(one.yes for one in truths)), every(*(one.no for one in truths)))
        stated = scene.one_of(column, *values)
        return Truth(stated, every(*self._given(node), no(stated)))

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
        refuse(node["class"] != "COLUMN_REF" or len(node["column_names"]) != 2)
        sheet, name = node["column_names"]
        if (sheet, name) == ("workbook", "year"):
            sheet = "cover"
        refuse(
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


def _constants(conditions: Sequence[Node], name: str) -> list[str]:
    """Return the texts that `conditions` compare the column `name` with."""
    found = []
    for one in conditions:
        asked, *others = one["children"] if one["type"] == "COMPARE_IN" else (one["left"], one["right"])
        if asked["column_names"] == [name]:
            found += [other["literal"]["text"] for other in others]
    return found


def _sure(condition: str) -> str:
    """Return `condition`, which is an error where text stands for a number, as one that does not hold there."""
    return f"IFERROR({condition},0)"


def _number(column: Column, at: str, factor: int) -> str:
    """Return the number in `at` as rules have it: whole days, whole đồng."""
    if column.type == "date":
        return f"INT({at})"
    return f"ROUND({at}*{factor},0)" if column.money and factor > 1 else at
