"""Turns declared values into plain ones and back, so that nothing but data comes out of a worker.

A pickle names what to call when it is opened; this does the opposite: the reader knows the type it expects, the message
has values only, and what does not fit is `Garbled`. Types of other rooms travel as their owners say in a `Passage`.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from xltrack.intake.sandbox.notation import read, written
from xltrack.intake.sandbox.parcel import Garbled, Parcel
from xltrack.language import Text

_PLAIN = (str, int, float, bool)
_WORDS: Mapping[Any, Callable[[str], Any]] = {
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
    Path: Path,
}


@dataclass(frozen=True)
class Passage:
    """How values of one type travel: `pack` makes a value of the type `through` of them, `unpack` the reverse."""

    through: Any
    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]


Passages = Mapping[type, Passage]


@dataclass
class _Coder:
    """One message while it is packed or unpacked."""

    passages: Passages
    blobs: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._untaken = set(range(len(self.blobs)))

    def plain(self, value: Any, hint: Any) -> Any:
        """Return `value`, which is of the type `hint`, as JSON knows values."""
        if hint in self.passages:
            passage = self.passages[hint]
            return self.plain(passage.pack(value), passage.through)
        if hint is object:
            return _tagged(value)
        if hint in _WORDS:
            return value.isoformat() if isinstance(value, date) else str(value)
        if hint is bytes:
            self.blobs.append(value)
            return len(self.blobs) - 1
        if isinstance(hint, type) and is_dataclass(hint):
            return [self.plain(getattr(value, name), inner) for name, inner in _fields(hint)]
        return self._plain_of_many(value, hint)

    def _plain_of_many(self, value: Any, hint: Any) -> Any:
        kind, inner = get_origin(hint), get_args(hint)
        if kind in (Union, types.UnionType):
            return None if value is None else self.plain(value, _other_than_none(hint))
        if kind in (tuple, list, Sequence):
            return [self.plain(one, inner[0]) for one in value]
        if kind in (dict, Mapping):
            return [[self.plain(k, inner[0]), self.plain(v, inner[1])] for k, v in value.items()]
        if kind is Literal or hint in _PLAIN:
            return value
        raise TypeError(f"{hint} has no passage")

    def value(self, plain: Any, hint: Any) -> Any:
        """Return the value of the type `hint` that `plain` stands for; raises ValueError and its like."""
        if hint in self.passages:
            passage = self.passages[hint]
            return passage.unpack(self.value(plain, passage.through))
        if hint is object:
            return _untagged(plain)
        if hint in _WORDS:
            return _WORDS[hint](_require(plain, str))
        if hint is bytes:
            return self._taken(_require(plain, int))
        if isinstance(hint, type) and is_dataclass(hint):
            given = zip(_fields(hint), _require(plain, list), strict=True)
            return hint(**{name: self.value(one, inner) for (name, inner), one in given})
        return self._value_of_many(plain, hint)

    def _taken(self, number: int) -> bytes:
        """Return a blob, once: were it given twice, a short message could stand for a long one."""
        if number not in self._untaken:
            raise ValueError(f"blob {number}")
        self._untaken.discard(number)
        return self.blobs[number]

    def _value_of_many(self, plain: Any, hint: Any) -> Any:
        kind, inner = get_origin(hint), get_args(hint)
        if kind in (Union, types.UnionType):
            return None if plain is None else self.value(plain, _other_than_none(hint))
        if kind in (tuple, list, Sequence):
            return (list if kind is list else tuple)(
                self.value(one, inner[0]) for one in _require(plain, list)
            )
        if kind in (dict, Mapping):
            pairs = (_require(pair, list) for pair in _require(plain, list))
            return {self.value(k, inner[0]): self.value(v, inner[1]) for k, v in pairs}
        if kind is Literal and plain in inner:
            return plain
        if hint is float and type(plain) is int:
            return float(plain)
        return _require(plain, hint)


def pack(value: Any, hint: Any, passages: Passages = types.MappingProxyType({})) -> Parcel:
    """Return `value`, declared as `hint`, ready to be sent; raises MemoryError for more than `unpack` takes."""
    coder = _Coder(passages)
    plain = coder.plain(value, hint)
    return Parcel(written(plain), tuple(coder.blobs))


def unpack(parcel: Parcel, hint: Any, passages: Passages = types.MappingProxyType({})) -> Any:
    """Return the value of the declared type `hint` that `parcel` holds; raises Garbled for anything else."""
    try:
        return _Coder(passages, list(parcel.blobs)).value(read(parcel.text), hint)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as failure:
        raise Garbled(f"{hint}: {failure}") from failure


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))


@cache
def _other_than_none(hint: Any) -> Any:
    (kind,) = (one for one in get_args(hint) if one is not types.NoneType)
    return kind


def _require(plain: Any, kind: type) -> Any:
    # A truth value is an int to isinstance, and must not pass for one.
    if type(plain) is not kind:
        raise ValueError(f"{type(plain).__name__} in place of {kind}")
    return plain


def _tagged(fact: Any) -> Any:
    """Return a fact of a finding as JSON that still says what it was; what has no word of its own, as it is said."""
    if fact is None or type(fact) in _PLAIN:
        return fact
    if isinstance(fact, Text):
        return {"text": list(fact)}
    if isinstance(fact, list | tuple | set | frozenset):
        return {"all": [_tagged(one) for one in fact]}
    if type(fact) is date:
        return {"date": fact.isoformat()}
    return str(fact)


def _untagged(plain: Any) -> Any:
    if plain is None or type(plain) in _PLAIN:
        return plain
    ((tag, inner),) = _require(plain, dict).items()
    if tag == "text":
        vi, en = inner
        return Text(_require(vi, str), _require(en, str))
    if tag == "all":
        return tuple(_untagged(one) for one in _require(inner, list))
    if tag == "date":
        return date.fromisoformat(_require(inner, str))
    raise ValueError(f"{tag} is no kind of fact")
