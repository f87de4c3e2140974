"""Compiles the JSON Schema of a row into polars expressions that find the rows worth a close look.

The expressions are sound, not complete: a row that jsonschema rejects is always flagged; a flagged row may be
fine. Whatever cannot be said exactly (an unknown keyword, a pattern whose dialects differ, a text on which two
regular expression engines may disagree) flags more rows, never fewer.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from xltrack.checking.patterns import Untranslatable, translate
from xltrack.forms import ColumnType

Logic = pl.Expr | bool
ANNOTATIONS = frozenset(
    {
        "$schema",
        "$id",
        "$comment",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
    }
)
_INT64 = 2**63
_TYPES: Mapping[ColumnType, frozenset[str]] = {
    "string": frozenset({"string"}),
    "date": frozenset({"string"}),
    "boolean": frozenset({"boolean"}),
    "integer": frozenset({"integer", "number"}),
    "number": frozenset({"number"}),
}


class Unsupported(Exception):
    """The schema says something that the compiler does not know; jsonschema must see every row."""


@dataclass(frozen=True)
class Part:
    """One independent demand of a schema: `schema` holds of a row unless `flag` is true for it.

    Only `columns` decide about it, so rows that agree in them share one verdict.
    """

    schema: Mapping[str, Any] | bool
    columns: tuple[str, ...]
    flag: pl.Expr


def parts(schema: Mapping[str, Any], types: Mapping[str, ColumnType]) -> tuple[Part, ...]:
    """Return the demands of `schema` on rows with columns of `types`, one part each.

    Demands that no row can fail are left out. A schema with anything unsupported in it becomes one part that
    flags every row.
    """
    try:
        found = [_part(demand, types) for demand in _demands(schema)]
    except Unsupported:
        return (Part(schema, tuple(types), pl.lit(True)),)
    return tuple(part for part in found if part is not None)


def _demands(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Split `schema` into parts that hold together exactly if the whole does: keywords are a conjunction."""
    for keyword, value in schema.items():
        if keyword == "properties":
            yield from ({"properties": {name: sub}} for name, sub in value.items())
        elif keyword == "required":
            yield from ({"required": [name]} for name in value)
        elif keyword == "allOf":
            yield from ({"allOf": [sub]} for sub in value)
        elif keyword == "if":
            yield {word: schema[word] for word in ("if", "then", "else") if word in schema}
        elif keyword == "additionalProperties":
            yield {"properties": dict.fromkeys(schema.get("properties", {}), True), keyword: value}
        elif keyword not in ("then", "else"):
            yield {keyword: value}


def _part(demand: Mapping[str, Any], types: Mapping[str, ColumnType]) -> Part | None:
    compiler = _Compiler(types)
    failed = _not(compiler.row(demand))
    if failed is False:
        return None
    flag = _expression(_any([failed, *compiler.suspects]))
    return Part(demand, tuple(name for name in types if name in compiler.used), flag)


@dataclass
class _Compiler:
    """Turns schemas into expressions that are true where the schema holds; nulls are absent properties."""

    types: Mapping[str, ColumnType]
    used: set[str] = field(default_factory=set)
    suspects: list[pl.Expr] = field(default_factory=list)

    def row(self, schema: Mapping[str, Any] | bool) -> Logic:
        """Return where a row keeps to `schema`."""
        if isinstance(schema, bool):
            return schema
        return _all([self._row_keyword(word, value, schema) for word, value in schema.items()])

    def _row_keyword(self, keyword: str, value: Any, schema: Mapping[str, Any]) -> Logic:
        logical = _logical(keyword, value, schema, self.row)
        if logical is not None:
            return logical
        if keyword == "type":
            return "object" in ([value] if isinstance(value, str) else value)
        if keyword == "required":
            return _all([self._present(name) for name in value])
        if keyword == "properties":
            return _all([self._property(name, sub) for name, sub in value.items()])
        if keyword == "dependentRequired":
            return _all([self._dependent(name, needed) for name, needed in value.items()])
        if keyword == "additionalProperties" and isinstance(value, bool):
            named = schema.get("properties", {})
            return value or _all([_not(self._present(name)) for name in self.types if name not in named])
        raise Unsupported(keyword)

    def _present(self, name: str) -> Logic:
        if name not in self.types:
            return False
        self.used.add(name)
        return pl.col(name).is_not_null()

    def _dependent(self, name: str, needed: list[str]) -> Logic:
        return _any([_not(self._present(name)), _all([self._present(other) for other in needed])])

    def _property(self, name: str, schema: Mapping[str, Any] | bool) -> Logic:
        if name not in self.types:
            return True
        holds = self.value(name, schema)
        if holds is True:
            return True
        return _any([_not(self._present(name)), holds])

    def value(self, name: str, schema: Mapping[str, Any] | bool) -> Logic:
        """Return where the value of column `name`, if there is one, keeps to `schema`."""
        if isinstance(schema, bool):
            return schema
        return _all([self._value_keyword(name, word, value, schema) for word, value in schema.items()])

    def _value_keyword(self, name: str, keyword: str, value: Any, schema: Mapping[str, Any]) -> Logic:
        logical = _logical(keyword, value, schema, lambda sub: self.value(name, sub))
        if logical is not None:
            return logical
        if keyword == "type":
            return self._typed(name, frozenset([value] if isinstance(value, str) else value))
        if keyword in ("enum", "const"):
            return self._one_of(name, value if keyword == "enum" else [value])
        if keyword == "format" and value == "date" and self.types[name] == "date":
            return True
        if keyword in ("pattern", "minLength", "maxLength"):
            return self._text(name, keyword, value) if self.types[name] in ("string", "date") else True
        if keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            return self._bound(name, keyword, value) if self.types[name] in ("integer", "number") else True
        raise Unsupported(keyword)

    def _typed(self, name: str, allowed: frozenset[str]) -> Logic:
        if allowed & _TYPES[self.types[name]]:
            return True
        if self.types[name] == "number" and "integer" in allowed:
            return self._number(name).eq(pl.col(name).floor())
        return False

    def _one_of(self, name: str, values: list[Any]) -> Logic:
        comparable = [same for value in values if (same := _comparable(value, self.types[name])) is not None]
        if not comparable:
            return False
        column = self._number(name) if self.types[name] == "number" else self._string(name)
        return column.eq(comparable[0]) if len(comparable) == 1 else column.is_in(comparable)

    def _string(self, name: str) -> pl.Expr:
        """Return the column as jsonschema is given it: dates as ISO text."""
        return pl.col(name).dt.to_string("%Y-%m-%d") if self.types[name] == "date" else pl.col(name)

    def _number(self, name: str) -> pl.Expr:
        self.suspects.append(~pl.col(name).is_finite())
        return pl.col(name)

    def _text(self, name: str, keyword: str, value: Any) -> Logic:
        text = self._string(name)
        if keyword == "minLength":
            return text.str.len_chars().ge(math.ceil(value))
        if keyword == "maxLength":
            return text.str.len_chars().le(math.floor(value))
        try:
            pattern, doubtful = translate(value)
        except Untranslatable as failure:
            raise Unsupported(keyword) from failure
        self.suspects.append(text.str.contains(doubtful))
        return text.str.contains(pattern)

    def _bound(self, name: str, keyword: str, limit: float) -> Logic:
        if self.types[name] == "integer":
            return _integer_bound(pl.col(name), keyword, limit)
        if float(limit) != limit:
            raise Unsupported(keyword)
        return _COMPARE[keyword](self._number(name), float(limit))


_COMPARE: Mapping[str, Callable[[pl.Expr, float], pl.Expr]] = {
    "minimum": lambda column, limit: column >= limit,
    "maximum": lambda column, limit: column <= limit,
    "exclusiveMinimum": lambda column, limit: column > limit,
    "exclusiveMaximum": lambda column, limit: column < limit,
}


def _integer_bound(column: pl.Expr, keyword: str, limit: float) -> Logic:
    """Compare whole numbers with whole numbers: a double would round those above 2**53."""
    if keyword in ("minimum", "exclusiveMinimum"):
        least = math.ceil(limit) if keyword == "minimum" else math.floor(limit) + 1
        return column.ge(least) if -_INT64 < least < _INT64 else bool(least <= -_INT64)
    most = math.floor(limit) if keyword == "maximum" else math.ceil(limit) - 1
    return column.le(most) if -_INT64 < most < _INT64 else bool(most >= _INT64)


def _comparable(value: Any, kind: ColumnType) -> str | bool | int | float | None:
    """Return `value` as a value of a column of `kind` that is equal to it as JSON, None if none can be."""
    if isinstance(value, str):
        return value if kind in ("string", "date") else None
    if isinstance(value, bool):
        return value if kind == "boolean" else None
    if not isinstance(value, int | float):
        return None
    if kind == "integer":
        return int(value) if value == int(value) and -_INT64 < value < _INT64 else None
    return float(value) if kind == "number" and float(value) == value else None


def _logical(
    keyword: str, value: Any, schema: Mapping[str, Any], compiled: Callable[[Mapping[str, Any] | bool], Logic]
) -> Logic | None:
    """Return what an annotation or a keyword that joins schemas says, None if `keyword` is neither."""
    if keyword in ANNOTATIONS or keyword.startswith("x-") or keyword in ("then", "else"):
        return True
    if keyword == "allOf":
        return _all([compiled(sub) for sub in value])
    if keyword == "anyOf":
        return _any([compiled(sub) for sub in value])
    if keyword == "not":
        return _not(compiled(value))
    if keyword == "if":
        met = compiled(value)
        then, otherwise = compiled(schema.get("then", True)), compiled(schema.get("else", True))
        return _all([_any([_not(met), then]), _any([met, otherwise])])
    return None


def _all(logics: list[Logic]) -> Logic:
    if any(logic is False for logic in logics):
        return False
    rest = [logic for logic in logics if not isinstance(logic, bool)]
    return True if not rest else rest[0] if len(rest) == 1 else pl.all_horizontal(rest)


def _any(logics: list[Logic]) -> Logic:
    if any(logic is True for logic in logics):
        return True
    rest = [logic for logic in logics if not isinstance(logic, bool)]
    return False if not rest else rest[0] if len(rest) == 1 else pl.any_horizontal(rest)


def _not(logic: Logic) -> Logic:
    return not logic if isinstance(logic, bool) else ~logic


def _expression(logic: Logic) -> pl.Expr:
    return pl.lit(logic) if isinstance(logic, bool) else logic
