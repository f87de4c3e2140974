"""Turns one error of jsonschema into the findings it stands for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xltrack.checking.prescreen import Part
from xltrack.checking.wording import Wording, joined
from xltrack.forms import Column
from xltrack.language import Text
from xltrack.reading.identifiers import is_tax_code

if TYPE_CHECKING:
    from jsonschema import ValidationError

_LETTER = re.compile(r"[^\W\d_]")
_TAX_CODE = 10
_NUMBERS = re.compile(r"(?<![0-9])(?:[0-9]{8}|[0-9]{10})(?![0-9-])")
"""What may be a tax code, whole or without two zeros; nine digits may be somebody's identity card."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding without its place: the row is known to the caller.

    `involved` are the columns that decide about it: where one of them could not be read, nothing is known.
    """

    code: str
    column: str
    facts: Mapping[str, object]
    involved: frozenset[str]


def faults(error: "ValidationError", part: Part, wording: Wording) -> Iterator[Fault]:
    """Yield what `error`, found by the schema of `part`, says about which cells."""
    path, columns = list(error.absolute_path), part.columns
    condition = _condition(error, part.schema, wording)
    if error.validator == "required" and not path:
        yield from _missing(error, columns, condition)
    elif error.validator == "dependentRequired" and not path:
        yield from _dependent(error, columns, wording)
    elif path and str(path[0]) in wording.sheet.by_id:
        yield _cell_fault(error, str(path[0]), columns, condition, wording)
    else:
        yield _row_fault(error, part, condition, wording)


def _missing(error: "ValidationError", columns: tuple[str, ...], condition: Text | None) -> Iterator[Fault]:
    demand: Any = error.validator_value
    for name in (name for name in demand if name not in _row(error)):
        if condition is None:
            yield Fault("XLT401", name, {}, frozenset({name}))
        else:
            yield Fault("XLT409", name, {"condition": condition}, frozenset(columns))


def _row(error: "ValidationError") -> Mapping[str, Any]:
    return error.instance  # type: ignore[return-value]  # a row is an object


def _dependent(error: "ValidationError", columns: tuple[str, ...], wording: Wording) -> Iterator[Fault]:
    demand: Any = error.validator_value
    for name, needed in demand.items():
        for other in needed:
            if name in _row(error) and other not in _row(error):
                filled = wording.condition({"required": [name]})
                yield Fault("XLT409", other, {"condition": filled}, frozenset(columns))


def _cell_fault(
    error: "ValidationError", name: str, columns: tuple[str, ...], condition: Text | None, wording: Wording
) -> Fault:
    if condition is not None:
        title = wording.title(name)
        what = Text(f"{title.vi} không phù hợp", f"{title.en} does not fit")
        return Fault("XLT410", name, {"reason": _when(what, condition)}, frozenset(columns))
    demand: Any = error.validator_value
    code, facts = _said(str(error.validator), demand, error.instance, wording.sheet.by_id[name], wording)
    return Fault(code, name, facts, frozenset(columns))


_Said = tuple[str, Mapping[str, object]]


def _said(keyword: str, demand: Any, value: Any, column: Column, wording: Wording) -> _Said:
    """Return the code and the facts for a value that breaks `keyword`: `demand` is what the schema says there."""
    match keyword:
        case "pattern" | "minLength" | "anyOf":  # anyOf: an open code list, a code or what its pattern allows
            letters = _no_digits(demand, value) if keyword == "pattern" else ""
            meant = _tax_code(value) if keyword == "pattern" and column.checksum else ""
            return "XLT402", {"help": column.help, "letters": letters, "suggestions": meant}
        case "minimum" | "exclusiveMinimum":
            return "XLT403", {"limit": wording.limit(column, keyword, demand)}
        case "maximum" | "exclusiveMaximum":
            return "XLT404", {"limit": wording.limit(column, keyword, demand)}
        case "maxLength":
            return "XLT405", {"limit": demand, "length": len(value)}
        case "enum" | "const":
            return "XLT406", {"allowed": wording.one_of(column, demand if keyword == "enum" else [demand])}
    title = wording.title(column.id)
    return "XLT410", {
        "reason": Text(f"giá trị của {title.vi} không được nhận", f"the value of {title.en} is not accepted")
    }


def _no_digits(pattern: str, value: str) -> Text | str:
    """Return the letters of `value`, each with its place, in whose stead `pattern` asks for digits; else nothing."""
    if not re.search(pattern, _LETTER.sub("0", value)) or re.search(pattern, _LETTER.sub("A", value)):
        return ""
    places = [(letter.start() + 1, letter[0]) for letter in _LETTER.finditer(value)]
    return joined(Text(f"“{one}” (ký tự thứ {at})", f"“{one}” (character {at})") for at, one in places)


def _tax_code(value: str) -> str:
    """Return the tax code that stands in `value` beside words, or lacks zeros at its beginning there; else nothing.

    Its check digit has to agree: it is offered, never taken.
    """
    found = _NUMBERS.findall(value)
    code = found[0].rjust(_TAX_CODE, "0") if len(found) == 1 else ""
    return code if is_tax_code(code) else ""


def _row_fault(error: "ValidationError", part: Part, condition: Text | None, wording: Wording) -> Fault:
    """Return the fault of a demand on several columns; it stands at the first of those that the demand names."""
    demand = error.validator_value
    named = _required_by(error.validator, demand)
    titles = wording.titles(named or part.columns)
    if error.validator == "anyOf" and named:
        what = Text(
            f"phải điền ít nhất một trong các cột {titles.vi}", f"at least one of {titles.en} must be filled"
        )
    elif error.validator == "not" and len(named) == 1:
        what = Text(f"{titles.vi} phải để trống", f"{titles.en} must be blank")
    elif error.validator == "not" and named:
        what = Text(f"không được cùng điền các cột {titles.vi}", f"{titles.en} must not be filled together")
    elif error.validator in ("anyOf", "not"):
        wanted = wording.condition({str(error.validator): demand})
        what = Text(f"phải thỏa điều kiện: {wanted.vi}", f"it must hold that {wanted.en}")
    else:
        what = Text(
            f"giá trị của các cột {titles.vi} không hợp nhau", f"the values of {titles.en} do not go together"
        )
    at = next(iter(named or part.columns), wording.sheet.columns[0].id)
    return Fault("XLT410", at, {"reason": _when(what, condition)}, frozenset(part.columns))


def _required_by(keyword: object, demand: Any) -> tuple[str, ...]:
    """Return the columns that an `anyOf` or `not` made of nothing but `required` names."""
    subs = demand if keyword == "anyOf" else [demand] if keyword == "not" else []
    if not all(isinstance(sub, Mapping) and set(sub) == {"required"} for sub in subs):
        return ()
    return tuple(dict.fromkeys(name for sub in subs for name in sub["required"]))


def _when(what: Text, condition: Text | None) -> Text:
    if condition is None:
        return what
    return Text(f"{what.vi} khi {condition.vi}", f"{what.en} when {condition.en}")


def _condition(error: "ValidationError", schema: Any, wording: Wording) -> Text | None:
    """Return the conditions under which the failed demand of `schema` stands, None if it always does."""
    met: list[Text] = []
    for step in list(error.absolute_schema_path):
        if isinstance(schema, Mapping) and step in ("then", "else") and "if" in schema:
            said = wording.condition(schema["if"])
            met.append(said if step == "then" else Text(f"không phải ({said.vi})", f"not ({said.en})"))
        try:
            schema = schema[step]
        except (KeyError, IndexError, TypeError):
            break
    return joined(met, " và ", " and ") if met else None
