"""The rows that a rule looks at, taken from its query: of which sheet, under which conditions, beside what.

Understood are rows of one sheet, several such joined by UNION ALL in a WITH, sums of rows with the same key, rows
beside the cover, and tables of the schemas that explain a code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from xltrack.checking.reference import TABLES
from xltrack.checking.syntax import Node
from xltrack.excel.live import Scene

_FACTS = ("cover", "workbook")


class Unsaid(Exception):
    """A query does something that formulas are not made to say."""


@dataclass(frozen=True)
class Branch:
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


def defined_in(query: Node) -> Mapping[str, Node]:
    """Return by name the queries of the WITH of `query`."""
    return {one["key"]: one["value"]["query_node"] for one in query.get("cte_map", {}).get("map", ())}


def branches(query: Node, defined: Mapping[str, Node], scenes: Mapping[str, Scene]) -> Iterator[Branch]:
    """Yield the rows that `query` looks at, sheet by sheet."""
    if query["type"] == "SET_OPERATION_NODE" and query["setop_type"] == "UNION":
        names = _names(query["children"][0])
        for child in query["children"]:
            own = dict(zip(names, child["select_list"], strict=True))
            for branch in branches(child, defined, scenes):
                yield replace(branch, names={**branch.names, **own})
        return
    refuse(query["type"] != "SELECT_NODE" or query["qualify"] or query["having"] or query["modifiers"])
    where = parts_of(query["where_clause"]) if query["where_clause"] else ()
    grouped = query["aggregate_handling"] == "FORCE_AGGREGATES"
    for branch in _tables(query["from_table"], defined, scenes):
        found = replace(branch, conditions=(*branch.conditions, *where))
        yield _grouped(found, query) if grouped else found


def _grouped(branch: Branch, query: Node) -> Branch:
    """Return `branch` with the names of a query that adds up rows: those of one key, or those beside the cover."""
    named = named_by(query)
    names = {**branch.names, **{name: one for name, one in named.items() if not _is_itself(name, one)}}
    if branch.many:
        return replace(branch, names=names)
    key = [name for name, one in named.items() if one["class"] == "COLUMN_REF" and not name.startswith("_")]
    first: Node = named["_row"].get("filter") or {}
    refuse(not first)
    return replace(branch, names=names, key=tuple(key), conditions=(*branch.conditions, first))


def _is_itself(name: str, node: Node) -> bool:
    return bool(node.get("column_names") == [name])


def _tables(node: Node, defined: Mapping[str, Node], scenes: Mapping[str, Scene]) -> Iterator[Branch]:
    if node["type"] == "JOIN":
        yield from (_joined(branch, node, scenes) for branch in _tables(node["left"], defined, scenes))
        return
    refuse(node["type"] != "BASE_TABLE")
    name = node["table_name"]
    if name in defined:
        for branch in branches(defined[name], defined, scenes):
            own = {f"{node['alias'] or name}.{column}": one for column, one in branch.names.items()}
            yield replace(branch, names={**branch.names, **own})
        return
    refuse(name not in scenes)
    yield Branch(name)


def _joined(branch: Branch, node: Node, scenes: Mapping[str, Scene]) -> Branch:
    """Return `branch` with what is joined to it: the cover, a list of the schemas, or rows beside the cover."""
    name = node["right"].get("table_name", "")
    refuse(node["using_columns"])
    conditions = tuple(one for one in parts_of(node["condition"]) if not _is_same(one, "_file"))
    if name in _FACTS and node["join_type"] == "INNER":
        return replace(branch, conditions=(*branch.conditions, *conditions))
    if name in TABLES and node["join_type"] == "INNER":
        coded = [one for one in conditions if _is_same(one, "code")]
        refuse(len(coded) != 1)
        sides = {one["column_names"][0]: one for one in (coded[0]["left"], coded[0]["right"])}
        others = tuple(one for one in conditions if one is not coded[0])
        explained = {name: next(one for table, one in sides.items() if table != name)}
        return replace(branch, conditions=(*branch.conditions, *others), lists={**branch.lists, **explained})
    refuse(name not in scenes or branch.sheet != "cover" or branch.many)
    there = () if node["join_type"] == "LEFT" else ({"class": "THERE", "type": "THERE", "sheet": name},)
    return replace(branch, conditions=(*branch.conditions, *there), many=name, matched=conditions)


def refuse(unsaid: object) -> None:
    """Raise Unsaid if there is something `unsaid`."""
    if unsaid:
        raise Unsaid


def parts_of(condition: Node) -> list[Node]:
    """Return the conditions that AND joins in `condition`, or itself."""
    return condition["children"] if condition["type"] == "CONJUNCTION_AND" else [condition]


def _is_same(condition: Node, name: str) -> bool:
    """Return whether `condition` compares a column `name` of a joined table: both sides of it for `_file`."""
    if condition["type"] != "COMPARE_EQUAL":
        return False
    sides = [condition[side].get("column_names", [""])[-1] for side in ("left", "right")]
    return set(sides) == {name} if name == "_file" else name in sides


def _names(query: Node) -> list[str]:
    return [one["alias"] or one.get("column_names", [""])[-1] for one in query["select_list"]]


def named_by(query: Node) -> Mapping[str, Node]:
    """Return what `query` selects, by the names that it gives it."""
    return dict(zip(_names(query), query["select_list"], strict=True))


def selected(query: Node, branch: Branch, name: str) -> Node:
    """Return what `query` selects as `name`, or what stands for it in `branch`."""
    return named_by(query).get(name) or branch.names[name]
