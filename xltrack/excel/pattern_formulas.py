"""Regular expressions of a schema as formulas, where formulas can say them.

Those are expressions without open repetitions: finitely many shapes, each with a fixed character or class of characters
at each place ("^[0-9]{10}(-[0-9]{3})?$" has two). A longer list of shapes is left to `xltrack validate`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, product

from xltrack.excel.conditions import literal, some

_TOKEN = re.compile(r"\[([^\]^]+)\]|\\([.\-/])|\{(\d+)(?:,(\d+))?\}|([()|?])|([\w\-/ ])")
_DIGIT = "0-9"
_MOST_SHAPES = 12
Shape = tuple[str, ...]
"""One text per place: a character, or the inside of a class ("0-9", "A-V")."""


def matches(pattern: str, at: str) -> str | None:
    """Return the condition that the text of the cell `at` has the form `pattern`; None where none is short enough."""
    shapes = _shapes(pattern)
    if shapes is None:
        return None
    digits = [len(shape) for shape in shapes if set(shape) == {_DIGIT}]
    conditions = [_shape(shape, at) for shape in shapes if set(shape) != {_DIGIT}]
    if digits:
        lengths = some(*(f"LEN({at})={length}" for length in digits))
        all_digits = _digits(at + '&""', f'REPT("0",LEN({at}))', at)
        conditions.insert(0, f"{_bracketed(lengths)}*{all_digits}")
    return some(*conditions)


def _shapes(pattern: str) -> list[Shape] | None:
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    tokens, end = [], 1
    while end < len(pattern) - 1:
        token = _TOKEN.match(pattern, end)
        if token is None:
            return None
        tokens.append(token)
        end = token.end()
    tokens.reverse()
    shapes = _alternatives(tokens)
    return None if tokens or len(shapes) > _MOST_SHAPES else shapes


def _alternatives(tokens: list[re.Match[str]]) -> list[Shape]:
    """Return the shapes up to the end or a closing bracket; `tokens` is used up from its end."""
    found: list[Shape] = []
    parts: list[list[Shape]] = []
    while tokens and tokens[-1][5] != ")":
        token = tokens.pop()
        if token[5] == "|":
            found += _joined(parts)
            parts = []
        elif token[5] == "(":
            parts.append(_alternatives(tokens))
            if tokens:
                tokens.pop()
        elif token[5] == "?":
            parts.append([(), *parts.pop()])
        elif token[3]:
            parts.append(_repeated(parts.pop(), int(token[3]), int(token[4] or token[3])))
        else:
            parts.append([(token[1] or token[2] or token[6],)])
    return found + _joined(parts)


def _joined(parts: Sequence[Sequence[Shape]]) -> list[Shape]:
    return [sum(chosen, ()) for chosen in product(*parts)]


def _repeated(shapes: Sequence[Shape], least: int, most: int) -> list[Shape]:
    return [shape for times in range(least, most + 1) for shape in _joined([shapes] * times)]


def _shape(shape: Shape, at: str) -> str:
    return "*".join([f"(LEN({at})={len(shape)})", *_places(shape, at)])


def _places(shape: Shape, at: str) -> Iterator[str]:
    start = 1
    for kind, run in groupby(shape, key=lambda place: place if len(place) > 1 else ""):
        places = list(run)
        part = f"MID({at},{start},{len(places)})"
        if kind == _DIGIT:
            yield _digits(part, literal("0" * len(places)), part)
        elif kind:
            letters = literal(_members(kind))
            yield from (f"ISNUMBER(FIND(MID({at},{start + n},1),{letters}))" for n in range(len(places)))
        else:
            yield f"EXACT({part},{literal(''.join(places))})"
        start += len(places)


def _digits(part: str, zeros: str, number: str) -> str:
    """Return the condition that `part` has nothing but digits: read as a number and written again, it is the same."""
    return f"IFERROR(TEXT(--{number},{zeros})={part},FALSE)"


def _members(kind: str) -> str:
    """Return the characters of a class: "A-C_" is "ABC_"."""
    return re.sub(r"(.)-(.)", lambda span: "".join(map(chr, range(ord(span[1]), ord(span[2]) + 1))), kind)


def _bracketed(condition: str) -> str:
    return condition if condition.startswith("(") else f"({condition})"
