"""What a workbook highlights while it is filled in: formulas derived from the schema, one per way to be wrong.

Every formula keeps to what all spreadsheet programs understand in conditional formats: plain functions, no array
constants, no references to table columns, other sheets only through names; at most 255 characters, so that it
can be opened and read in Excel's dialogue.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from xltrack.excel.choices import Choice, Choices
from xltrack.excel.places import Place
from xltrack.excel.wording import Wording
from xltrack.forms import Column, Sheet

Mark = Literal["wrong", "doubtful", "missing", "whole"]
FORMULA_LIMIT = 255
OWN = "@"
"""Stands for the cell itself until the columns that share a formula are known."""
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_415
"""1 January 1990 and 31 December 2100, the dates that reading accepts: others are slips of the keyboard."""
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(frozen=True)
class Check:
    """A formula with `@` for the cell itself that is true where `columns` deserve `mark`."""

    formula: str
    mark: Mark
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """What the formulas of one sheet need to know about their surroundings."""

    sheet: Sheet
    place: Place
    choices: Choices
    wording: Wording

    def one_of(self, column: Column, *values: object) -> str:
        """Return a condition: the cell of `column` in this row holds one of `values`, as its code or its text."""
        cell = self.place.cell[column.id]
        parts = [f"{cell}={text}" for value in values for text in self._spellings(column, value)]
        return parts[0] if len(parts) == 1 else f"OR({','.join(parts)})"

    def _spellings(self, column: Column, value: object) -> list[str]:
        if isinstance(value, bool):
            return [literal(self.wording.yes_no[0 if value else 1])]
        if not isinstance(value, str):
            return [str(value)]
        return [literal(text) for text in dict.fromkeys((self.wording.shown(column, value), value))]


def literal(text: str) -> str:
    """Return `text` as it is written inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def checks(scene: Scene) -> tuple[Check, ...]:
    """Return what is highlighted on the sheet of `scene`, gravest first; columns with one formula share a check."""
    found: dict[tuple[str, Mark], list[str]] = {}
    for column in scene.sheet.columns:
        for formula, mark in _of_column(scene, column):
            found.setdefault((formula, mark), []).append(column.id)
    for name, condition in required_here(scene):
        found.setdefault((f"AND(LEN(TRIM({OWN}))=0,{condition})", "missing"), []).append(name)
    order = ("wrong", "doubtful", "missing", "whole")
    every = [Check(formula, mark, tuple(columns)) for (formula, mark), columns in found.items()]
    return tuple(sorted(every, key=lambda check: order.index(check.mark)))


def _of_column(scene: Scene, column: Column) -> Iterator[tuple[str, Mark]]:
    yield f"ISERROR({OWN})", "wrong"
    if column.required:
        row = scene.place.row
        blank = f"LEN(TRIM({OWN}))=0"
        yield (f"AND({blank},COUNTA({row})>0)" if row else blank), "missing"
    yield from ((formula, "wrong") for formula in _type_checks(column, scene.wording))
    choice = (
        scene.choices.yes_no
        if column.type == "boolean"
        else scene.choices.of.get((scene.sheet.id, column.id))
    )
    if choice:
        yield from ((formula, "wrong") for formula in _code_checks(scene.place, column, choice))
    yield from ((formula, "wrong") for formula in _reference_checks(scene, column))
    if column.id in scene.sheet.key:
        yield _duplicate(scene), "wrong"
    if column.type == "number" or (column.money and scene.wording.factor > 1):
        yield f"AND(ISNUMBER({OWN}),{OWN}=INT({OWN}))", "whole"
    if column.checksum:
        yield from _tax_code_checks(scene, column)


def _type_checks(column: Column, wording: Wording) -> Iterator[str]:
    if column.type in ("integer", "number", "date"):
        yield f"AND(LEN({OWN})>0,NOT(ISNUMBER({OWN})))"
    if column.type == "integer" and not column.money:
        yield f"AND(ISNUMBER({OWN}),{OWN}<>INT({OWN}))"
    if column.type == "date":
        yield f"AND(ISNUMBER({OWN}),OR({OWN}<{FIRST_SERIAL},{OWN}>{LAST_SERIAL}))"
    for keyword, sign in (("minimum", "<"), ("exclusiveMinimum", "<="), ("maximum", ">")):
        if keyword in column.schema:
            limit = column.schema[keyword]
            limit = wording.amount(limit) if column.money else limit
            yield f"AND(ISNUMBER({OWN}),{OWN}{sign}{limit})"
    if "maxLength" in column.schema:
        yield f"LEN({OWN})>{column.schema['maxLength']}"
    if "minLength" in column.schema:
        yield f"AND(LEN({OWN})>0,LEN({OWN})<{column.schema['minLength']})"


def _code_checks(place: Place, column: Column, choice: Choice) -> Iterator[str]:
    """Yield: not in the list (as text or as code); and, for dependent lists, not below its parent."""
    if not column.code_open:
        yield f"AND(LEN({OWN})>0,COUNTIF(list_{choice.name},{OWN})+COUNTIF(code_{choice.name},{OWN})=0)"
    if choice.pairs:
        parent = place.cell[column.code_parent or ""]
        below = f"COUNTIFS(parent_{choice.name},{parent},child_{choice.name},{OWN})=0"
        yield f"AND(LEN({parent})>0,COUNTIF(list_{choice.name},{OWN})>0,{below})"


def _reference_checks(scene: Scene, column: Column) -> Iterator[str]:
    if column.references is None:
        return
    for value, (sheet, target) in column.references.targets.items():
        missing = f"LEN({OWN})>0,COUNTIF(keys_{sheet}_{target},{OWN})=0"
        if column.references.by is None:
            yield f"AND({missing})"
        else:
            by = scene.sheet.by_id[column.references.by]
            yield f"AND({scene.one_of(by, value)},{missing})"


def _duplicate(scene: Scene) -> str:
    """Return: another row has the same key. COUNTIFS finds blank cells by "", so each criterion becomes text."""
    place, key = scene.place, scene.sheet.key
    needed = [column for column in key if scene.sheet.by_id[column].required]
    given = ",".join(f"LEN({place.cell[column]})>0" for column in needed)
    same = ",".join(f'{place.area[column]},{place.cell[column]}&""' for column in key)
    return f"AND({given},COUNTIFS({same})>1)"


def _tax_code_checks(scene: Scene, column: Column) -> Iterator[tuple[str, Mark]]:
    """Yield: the length of no tax code; the check digit of its first ten digits differs.

    10 digits, 13 with a dash for branches, 12 for households: Circular 86/2024/TT-BTC. The weighted sum is the
    rule in common use; no official text of it was found, so it only raises a doubt, which a person can settle.
    """
    yield f"AND(LEN({OWN})>0,LEN({OWN})<>10,LEN({OWN})<>12,LEN({OWN})<>14)", "wrong"
    products = "+".join(f"MID({OWN},{place},1)*{weight}" for place, weight in enumerate(_TAX_WEIGHTS, 1))
    doubt = f"LEN({OWN})<>12,10-MOD({products},11)<>--MID({OWN},10,1)"
    if column.confirmed_by:
        doubt += f",{scene.place.cell[column.confirmed_by]}<>{literal(scene.wording.yes_no[0])}"
    yield f"IFERROR(AND({doubt}),FALSE)", "doubtful"


def required_here(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield (column, condition under which it is required) from dependentRequired, if and then of the schema.

    Conditions that no short formula can express are left to `xltrack validate`.
    """
    schema = scene.sheet.row_schema
    for trigger, needed in schema.get("dependentRequired", {}).items():
        yield from ((column, f"LEN({scene.place.cell[trigger]})>0") for column in needed)
    for rule in (schema, *schema.get("allOf", ())):
        condition = _condition(scene, rule.get("if", {}))
        if condition:
            yield from ((column, condition) for column in rule.get("then", {}).get("required", ()))


def _condition(scene: Scene, rule: Mapping[str, Any]) -> str | None:
    if set(rule) - {"properties", "required", "$comment"} or not rule.get("properties"):
        return None
    parts = [_part(scene, scene.sheet.by_id[name], told) for name, told in rule["properties"].items()]
    told = [part for part in parts if part]
    return ",".join(told) if len(told) == len(parts) else None


def _part(scene: Scene, column: Column, told: Mapping[str, Any]) -> str | None:
    keyword, value = next(iter(told.items()))
    prefix = str(value).removeprefix("^")
    if len(told) > 1 or keyword not in ("const", "enum", "pattern"):
        return None
    if keyword in ("const", "enum"):
        return scene.one_of(column, *(value if keyword == "enum" else (value,)))
    if prefix.replace("-", "").replace("_", "").isalnum():
        return f"LEFT({scene.place.cell[column.id]},{len(prefix)})={literal(prefix)}"
    return None
