"""The rules that formulas can say, translated from their own queries: nothing about a rule is written twice.

Translated are rules over one row, or over one row and the cover: `SELECT … FROM sheet [JOIN cover …] WHERE …`, several
such rows joined by UNION ALL in a WITH, sums of rows with the same key, sums over another sheet beside the cover, and
conditions on what a list of the schemas says of a code. Whatever else a query does (windows, text folding), the rule is
left to `xltrack validate`.
"""

from collections.abc import Iterator, Mapping, Sequence

from xltrack.checking.rule import Rule, rule_book
from xltrack.checking.syntax import Node, tree
from xltrack.excel.conditions import blank, every, filled_row, no, some
from xltrack.excel.live import Check, Scene, understood
from xltrack.excel.rule_branches import Unsaid, branches, defined_in, refuse, selected
from xltrack.excel.rule_speaker import Speaker
from xltrack.findings import catalogue


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
    query = tree(rule.sql)
    for branch in branches(query, defined_in(query), scenes):
        speaker = Speaker(branch, scenes, checks)
        for column, conditions in _columns(selected(query, branch, "column"), speaker):
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


def _columns(node: Node, speaker: Speaker) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns at which a finding may stand, each with its condition: `if(…, 'a', 'b')` has two."""
    if node["class"] == "COLUMN_REF":
        yield from _columns(speaker.branch.names[node["column_names"][-1]], speaker)
    elif node["class"] == "CONSTANT":
        yield node["literal"]["text"], []
    else:
        refuse(node.get("function_name") != "if")
        condition, *columns = (one["expression"] for one in node["arguments"])
        first = speaker.truth(condition).yes
        yield columns[0]["literal"]["text"], [first]
        yield columns[1]["literal"]["text"], [no(first)]
