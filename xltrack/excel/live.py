"""What a workbook finds wrong while it is filled in, derived from the schema: one check per column and way to be wrong.

Every check has the finding code of `xltrack validate` and a condition, from which both the verdict on the sheet
"Kiểm tra" and the highlighting of cells are made. Conditions keep to what all spreadsheet programs have understood
since 2010: plain functions, no array constants, no references to table columns, other sheets only through names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from xltrack.checking.codes import WEIGHTS
from xltrack.checking.keys import added_up
from xltrack.checking.wording import Wording as Sayings
from xltrack.checking.wording import joined
from xltrack.excel.choices import Choice, Choices
from xltrack.excel.conditions import (
    Surroundings,
    blank,
    cell,
    clean_key,
    column_name,
    every,
    filled_row,
    given,
    key_name,
    literal,
    no,
    some,
)
from xltrack.excel.pattern_formulas import matches
from xltrack.excel.places import Place
from xltrack.excel.wording import DIGITS, Wording
from xltrack.findings import catalogue
from xltrack.forms import Column, Form, Sheet
from xltrack.reading.text import NOTHING

Mark = Literal["wrong", "doubtful", "missing", "whole"]
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_415
"""1 January 1990 and 31 December 2100, the dates that reading accepts: others are slips of the keyboard."""
FORMULA_LIMIT = 200
"""Excel's dialogue takes formulas of 255 characters, among them the name of the verdict before the condition."""
WHOLE = "is_whole"
"""The name of the condition that the return holds all its rows: no correction, not one part of several."""
LARGE = 1_000
"""Rows of a table beyond which nothing is asked whose cost grows with their square and that would take seconds."""
_MISSING = ("XLT401", "XLT409")


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong in the cells of `column`: finding code, condition, facts for what is said of it.

    The cells of the columns `beside` in the same row are highlighted as well.
    """

    code: str
    column: str
    condition: str
    facts: Mapping[str, object] = field(default_factory=dict)
    beside: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark:
        """Return how cells are highlighted for which the condition holds."""
        if self.code in _MISSING:
            return "missing"
        return "wrong" if catalogue()[self.code].severity == "error" else "doubtful"


@dataclass(frozen=True)
class Scene:
    """What the formulas of one sheet need to know about their surroundings."""

    form: Form
    sheet: Sheet
    place: Place
    choices: Choices
    wording: Wording

    @property
    def surroundings(self) -> Surroundings:
        """Return what turns conditions into formulas of this sheet."""
        return Surroundings(self.sheet.id, self.sheet.tab, self.place)

    @property
    def is_large(self) -> bool:
        """Return whether the table is too long for what compares every row with every other."""
        return self.place.last - self.place.first >= LARGE

    def at(self, column: str) -> str:
        """Return what conditions write for the cell of `column`."""
        return cell(self.sheet.id, column)

    def one_of(self, column: Column, *values: object) -> str:
        """Return a condition: the cell of `column` in this row holds one of `values`, as its code or its text."""
        return some(*(f"({self.at(column.id)}={text})" for text in self.spellings(column, *values)))

    def spellings(self, column: Column, *values: object) -> list[str]:
        """Return how `values` stand in cells of `column`, as they are written in formulas."""
        return [text for value in values for text in self._spellings(column, value)]

    def _spellings(self, column: Column, value: object) -> list[str]:
        if isinstance(value, bool):
            return [literal(self.wording.yes_no[0 if value else 1])]
        if not isinstance(value, str):
            return [str(value)]
        return [literal(text) for text in dict.fromkeys((self.wording.shown(column, value), value))]

    def blank(self, column: Column) -> str:
        """Return the condition that the cell of `column` says nothing; in a list "Không" may be an entry."""
        at, codes = self.at(column.id), self.wording.schemas.codes_of(column)
        words = [word for word in sorted(NOTHING) if codes and codes.find(word)]
        return every(blank(at), *(f"(LOWER(TRIM({at}))<>{literal(word)})" for word in words))

    def choice(self, column: Column) -> Choice | None:
        """Return the dropdown of `column`, None if it has none."""
        if column.type == "boolean":
            return self.choices.yes_no
        return self.choices.of.get((self.sheet.id, column.id))


def is_long(scene: Scene, check: Check) -> bool:
    """Return whether the condition of `check` needs a name, to be opened and read in Excel's dialogue."""
    return len(scene.surroundings.in_row(check.condition)) > FORMULA_LIMIT


def checks(scene: Scene) -> tuple[Check, ...]:
    """Return what is checked on the sheet of `scene`, at most once for each column and finding code."""
    sayings = Sayings(scene.sheet, scene.wording.schemas)
    found: dict[tuple[str, str], Check] = {}
    columns = (check for column in scene.sheet.columns for check in _of_column(scene, column, sayings))
    for check in (*columns, *_required_here(scene, sayings)):
        same = found.get((check.column, check.code))
        condition = some(same.condition, check.condition) if same else check.condition
        found[check.column, check.code] = replace(check, condition=condition)
    return tuple(found.values())


def _of_column(scene: Scene, column: Column, sayings: Sayings) -> Iterator[Check]:
    at, name = scene.at(column.id), column.id
    yield Check("XLT308", name, f"ISERROR({at})")
    if column.required:
        yield Check("XLT401", name, every(filled_row(scene.sheet.id), scene.blank(column)))
    yield from _of_type(column, at, scene.wording)
    yield from _of_limits(column, at, scene.wording, sayings)
    if "maxLength" in column.schema:
        yield Check(
            "XLT405", name, f"(LEN({at})>{column.schema['maxLength']})", {"limit": column.schema["maxLength"]}
        )
    choice = scene.choice(column)
    yield from _of_choice(scene, column, choice) if choice else _of_pattern(column, at)
    yield from _of_reference(scene, column)
    if name in scene.sheet.key[:1]:
        yield from _of_key(scene, sayings)
    if column.checksum:
        yield from _of_tax_code(scene, column)


def _of_type(column: Column, at: str, wording: Wording) -> Iterator[Check]:
    is_number, other = f"ISNUMBER({at})", every(given(at), f"(1-ISNUMBER({at}))")
    if column.type == "date":
        yield Check("XLT303", column.id, other)
        outside = some(f"({at}<{FIRST_SERIAL})", f"({at}>={LAST_SERIAL + 1})")
        yield Check("XLT317", column.id, every(is_number, outside))
    if column.type not in ("integer", "number"):
        return
    yield Check("XLT301", column.id, other)
    yield Check("XLT352", column.id, every(is_number, f"(ABS({at})>=1E{DIGITS})"))
    if column.money:
        dong = at if wording.factor == 1 else f"{at}*{wording.factor}"
        yield Check(
            "XLT310", column.id, every(is_number, f"(ABS({dong}-ROUND({dong},0))>ABS({dong})*1E-{DIGITS})")
        )
    elif column.type == "integer":
        yield Check("XLT302", column.id, every(is_number, f"({at}<>INT({at}))"))


def _of_limits(column: Column, at: str, wording: Wording, sayings: Sayings) -> Iterator[Check]:
    """Yield the limits of numbers; one with too many digits, or an unwanted fraction, has another fault."""
    kinds = (("minimum", "<", "XLT403"), ("exclusiveMinimum", "<=", "XLT403"), ("maximum", ">", "XLT404"))
    for keyword, sign, code in kinds:
        if keyword in column.schema:
            limit = column.schema[keyword]
            beyond = f"({at}{sign}{wording.amount(limit) if column.money else limit})"
            facts = {"limit": sayings.limit(column, keyword, limit)}
            yield Check(code, column.id, every(readable(column, at), beyond), facts)


def _of_choice(scene: Scene, column: Column, choice: Choice) -> Iterator[Check]:
    """Yield: not in the list, as text or as code; and, for dependent lists, not below its parent."""
    at, facts = scene.at(column.id), {"list": choice.title, "help": column.help}
    absent = f"(COUNTIF(known_{choice.name},TRIM({at}))=0)"
    if any(len(code) == 1 for code in choice.codes):  # COUNTIF takes "?" for any one character
        absent = some(absent, f'(TRIM({at})="?")')
    unknown = every(given(at), absent)
    if column.type == "boolean":
        yield Check("XLT305", column.id, unknown)
    elif not column.code_open:
        yield Check("XLT306", column.id, unknown, facts)
    elif form := matches(column.schema["pattern"], at):
        yield Check("XLT402", column.id, every(unknown, no(form)), facts)
    if choice.pairs:
        above = scene.sheet.by_id[column.code_parent or ""]
        stray = every(_listed(scene, above), _strays(at, scene.at(above.id), choice.name))
        yield Check("XLT408", column.id, stray, {"parent_title": above.title})


def _listed(scene: Scene, column: Column) -> str:
    choice = scene.choice(column)
    return f"(COUNTIF(known_{choice.name},TRIM({scene.at(column.id)}))>0)" if choice else "1"


def _strays(at: str, parent: str, name: str) -> str:
    """Return: chosen from the dependent list, but not below the parent; something may stand below itself."""
    below = f"(COUNTIFS(parent_{name},{parent},child_{name},{at})=0)"
    return every(f"ISNUMBER(MATCH({at},child_{name},0))", f"({at}<>{parent})", below)


def _of_pattern(column: Column, at: str) -> Iterator[Check]:
    form = matches(column.schema["pattern"], at) if "pattern" in column.schema else None
    if form:
        yield Check("XLT402", column.id, every(given(at), no(form)), {"help": column.help})


def _of_reference(scene: Scene, column: Column) -> Iterator[Check]:
    """Yield: the code is not on the sheet referred to. Not asked of returns that do not hold all their rows."""
    reference = column.references
    if reference is None:
        return
    at = scene.at(column.id)
    lost = [
        every(*_stated(scene, reference.by, value), no(_there(at, *target)))
        for value, target in reference.targets.items()
    ]
    tabs = [scene.form.by_id[sheet].tab for sheet, _ in reference.targets.values()]
    titles = [scene.form.by_id[sheet].by_id[name].title for sheet, name in reference.targets.values()]
    facts = {"target_tab": ", ".join(tabs), "target_title": joined(titles, " / ", " / ")}
    yield Check("XLT502", column.id, every(WHOLE, given(at), some(*lost)), facts)


def _stated(scene: Scene, by: str | None, value: str) -> list[str]:
    return [] if by is None else [scene.one_of(scene.sheet.by_id[by], value)]


def _there(at: str, sheet: str, column: str) -> str:
    return f"(COUNTIF({column_name(sheet, column)},TRIM({at}))>0)"


def _of_key(scene: Scene, sayings: Sayings) -> Iterator[Check]:
    """Yield: another row has the same key; and, where rows stand for amounts, has it with another amount.

    Keys are the same but for blanks around them where the rows are not too many. A row of whose key something is
    missing or cannot be read has a finding for that already.
    """
    name, *beside = scene.sheet.key
    facts = {"key": joined(sayings.title(one) for one in scene.sheet.key)}
    there = [_in_key(scene, scene.sheet.by_id[one]) for one in scene.sheet.key]
    count = _as_typed if scene.is_large else _as_read
    alike, amount = count(scene), added_up(scene.sheet)
    if amount is None:
        yield Check("XLT501", name, every(*there, f"({alike}>1)"), facts, tuple(beside))
        return
    same = count(scene, amount.id)
    yield Check("XLT501", name, every(*there, f"({alike}>1)", f"({alike}={same})"), facts, tuple(beside))
    yield Check("XLT579", name, every(*there, f"({alike}>{same})"), facts, (*beside, amount.id))


def _as_read(scene: Scene, *further: str) -> str:
    """Return the number of rows with the key, and the columns `further`, of this row: all rows are compared with it."""
    sheet = scene.sheet
    own, keys = clean_key([scene.at(name) for name in sheet.key]), key_name(sheet.id)
    for name in further:
        own, keys = (
            f'{text}&"|"&IFERROR({at}&"","")'
            for text, at in ((own, scene.at(name)), (keys, column_name(sheet.id, name)))
        )
    return f"MMULT(--({own}=TRANSPOSE({keys})),ROW({column_name(sheet.id, sheet.key[0])})^0)"


def _as_typed(scene: Scene, *further: str) -> str:
    """Return that number as COUNTIFS knows it, which finds blank cells by "", so each becomes text."""
    names = (*scene.sheet.key, *further)
    same = ",".join(f'{column_name(scene.sheet.id, name)},{scene.at(name)}&""' for name in names)
    return f"COUNTIFS({same})"


def _in_key(scene: Scene, column: Column) -> str:
    at, said = scene.at(column.id), understood(scene, column)
    return said if column.required else some(blank(at), said)


def understood(scene: Scene, column: Column) -> str:
    """Return the condition that reading finds a value of its type in the cell of `column`."""
    at = scene.at(column.id)
    if scene.choice(column) and not column.code_open:
        return _listed(scene, column)
    return given(at) if column.type == "string" else readable(column, at)


def readable(column: Column, at: str) -> str:
    """Return the condition that the cell `at` has a number or day that reading takes as it is."""
    parts = [f"ISNUMBER({at})"]
    if column.type == "date":
        parts += [f"({at}>={FIRST_SERIAL})", f"({at}<{LAST_SERIAL + 1})"]
    elif column.type == "integer" and not column.money:
        parts += [f"({at}=INT({at}))", f"(ABS({at})<1E{DIGITS})"]
    else:
        parts.append(f"(ABS({at})<1E{DIGITS})")
    return f"IFERROR({every(*parts)},0)"  # of a text there is no ABS


def _of_tax_code(scene: Scene, column: Column) -> Iterator[Check]:
    """Yield: twelve digits where no household may stand; and a check digit that does not fit.

    The weighted sum is the rule in common use; no official text of it was found, so it only raises a doubt, which a
    person can settle. A code that refers to a row elsewhere is doubted there.
    """
    at, form = scene.at(column.id), matches(column.schema["pattern"], scene.at(column.id))
    for name, values in (column.personal_id_where or {}).items():
        stated = scene.one_of(scene.sheet.by_id[name], *values)
        yield Check("XLT326", column.id, every(f"(LEN({at})=12)", form or "1", no(stated)))
    total = "+".join(f"MID({at},{place},1)*{weight}" for place, weight in enumerate(WEIGHTS, 1))
    wrong = some(
        f"(10-MOD({total},11)<>--MID({at},10,1))", f'(MID({at},3,7)="0000000")', f'(MID({at},11,4)="-000")'
    )
    parts = [f"(LEN({at})<>12)", form or "1", wrong]
    if column.confirmed_by:
        parts.insert(0, no(f"({scene.at(column.confirmed_by)}={literal(scene.wording.yes_no[0])})"))
    if column.references and column.references.by is None:
        parts.insert(0, no(_there(at, *column.references.targets[""])))
    yield Check("XLT411", column.id, every(*parts))


def _required_here(scene: Scene, sayings: Sayings) -> Iterator[Check]:
    """Yield what dependentRequired, if and then of the schema require in some rows.

    Conditions that no short formula can express are left to `xltrack validate`.
    """
    schema = scene.sheet.row_schema
    for trigger, needed in schema.get("dependentRequired", {}).items():
        facts = {"condition": sayings.condition({"required": [trigger]})}
        for column in needed:
            yield Check(
                "XLT409",
                column,
                every(given(scene.at(trigger)), scene.blank(scene.sheet.by_id[column])),
                facts,
            )
    for rule in (schema, *schema.get("allOf", ())):
        condition = _condition(scene, rule.get("if", {}))
        for column in rule.get("then", {}).get("required", ()) if condition else ():
            facts = {"condition": sayings.condition(rule["if"])}
            yield Check("XLT409", column, every(*condition, scene.blank(scene.sheet.by_id[column])), facts)


def _condition(scene: Scene, rule: Mapping[str, Any]) -> list[str]:
    if set(rule) - {"properties", "required", "$comment"} or not rule.get("properties"):
        return []
    parts = [_part(scene, scene.sheet.by_id[name], told) for name, told in rule["properties"].items()]
    told = [part for part in parts if part]
    return told if len(told) == len(parts) else []


def _part(scene: Scene, column: Column, told: Mapping[str, Any]) -> str | None:
    keyword, value = next(iter(told.items()))
    prefix = str(value).removeprefix("^")
    if len(told) > 1 or keyword not in ("const", "enum", "pattern"):
        return None
    if keyword in ("const", "enum"):
        return scene.one_of(column, *(value if keyword == "enum" else (value,)))
    if prefix.replace("-", "").replace("_", "").isalnum():
        return f"EXACT(LEFT({scene.at(column.id)},{len(prefix)}),{literal(prefix)})"
    return None
