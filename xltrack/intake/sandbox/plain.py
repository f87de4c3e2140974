"""Turns declared values into plain ones and back, so that nothing but data comes out of a worker.

A pickle names what to call when it is opened; this does the opposite: the reader knows the type it expects, the message
has values only, and what does not fit is `Garbled`. Types of other rooms travel as their owners say in a `Passage`.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from xltrack.intake.sandbox.notation import read, written
from xltrack.intake.sandbox.parcel import Garbled, Parcel
from xltrack.language import Text

_PLAIN = (str, int, float, bool)
_ALIKE = (str, int, bool)
"""What JSON tells apart as Python does, so that many are looked at together."""
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
Way = Callable[[Any], Any]


class _Coder:
    """One message while it is packed or unpacked; what is to be done for a type is worked out once."""

    def __init__(self, passages: Passages, blobs: Sequence[bytes] = ()) -> None:
        self.blobs = list(blobs)
        self._passages = passages
        self._untaken = set(range(len(self.blobs)))
        self._packing: dict[Any, Way] = {}
        self._unpacking: dict[Any, Way] = {}

    def let_go(self) -> tuple[bytes, ...]:
        """Return the blobs, and hold them no longer.

        What was worked out refers to itself, so that all of it stays until somebody looks for garbage.
        """
        blobs = tuple(self.blobs)
        self.blobs.clear()
        return blobs

    def plain(self, hint: Any) -> Way:
        """Return what makes JSON of a value of the type `hint`."""
        if hint not in self._packing:
            # What contains its own kind finds this while it is worked out.
            self._packing[hint] = partial(_later, self._packing, hint)
            self._packing[hint] = self._plain_of_one(hint)
        return self._packing[hint]

    def _plain_of_one(self, hint: Any) -> Way:
        if hint in self._passages:
            passage = self._passages[hint]
            through, pack = self.plain(passage.through), passage.pack
            return lambda value: through(pack(value))
        if hint is object:
            return _tagged
        if hint in _WORDS:
            return lambda value: value.isoformat() if isinstance(value, date) else str(value)
        if hint is bytes:
            return self._given
        if isinstance(hint, type) and is_dataclass(hint):
            ways = [(name, self.plain(inner)) for name, inner in _fields(hint)]
            return lambda value: [way(getattr(value, name)) for name, way in ways]
        return self._plain_of_many(hint)

    def _plain_of_many(self, hint: Any) -> Way:
        kind, inner = get_origin(hint), get_args(hint)
        if kind in (Union, types.UnionType):
            way = self.plain(_other_than_none(hint))
            return lambda value: None if value is None else way(value)
        if kind in (tuple, list, Sequence):
            way = self.plain(inner[0])
            return list if way is _as_it_is else lambda value: [way(one) for one in value]
        if kind in (dict, Mapping):
            of_key, of_value = map(self.plain, inner)
            return lambda value: [[of_key(k), of_value(v)] for k, v in value.items()]
        return _as_it_is if kind is Literal or hint in _PLAIN else partial(_stays, hint)

    def _given(self, blob: bytes) -> int:
        self.blobs.append(blob)
        return len(self.blobs) - 1

    def value(self, hint: Any) -> Way:
        """Return what makes a value of the type `hint` of what stands for it; that raises ValueError and its like."""
        if hint not in self._unpacking:
            # What contains its own kind finds this while it is worked out.
            self._unpacking[hint] = partial(_later, self._unpacking, hint)
            self._unpacking[hint] = self._value_of_one(hint)
        return self._unpacking[hint]

    def _value_of_one(self, hint: Any) -> Way:
        if hint in self._passages:
            passage = self._passages[hint]
            through, unpack = self.value(passage.through), passage.unpack
            return lambda plain: unpack(through(plain))
        if hint is object:
            return _untagged
        if hint in _WORDS:
            word = _WORDS[hint]
            return lambda plain: word(_require(plain, str))
        if hint is bytes:
            return lambda plain: self._taken(_require(plain, int))
        if isinstance(hint, type) and is_dataclass(hint):
            ways = [self.value(inner) for _, inner in _fields(hint)]
            return lambda plain: _built(hint, ways, plain)
        return self._value_of_many(hint)

    def _taken(self, number: int) -> bytes:
        """Return a blob, once: were it given twice, a short message could stand for a long one."""
        if number not in self._untaken:
            raise ValueError(f"blob {number}")
        self._untaken.discard(number)
        return self.blobs[number]

    def _value_of_many(self, hint: Any) -> Way:
        kind, inner = get_origin(hint), get_args(hint)
        if kind in (Union, types.UnionType):
            way = self.value(_other_than_none(hint))
            return lambda plain: None if plain is None else way(plain)
        if kind in (tuple, list, Sequence):
            return _sequence(inner[0], self.value(inner[0]), list if kind is list else tuple)
        if kind in (dict, Mapping):
            of_key, of_value = map(self.value, inner)
            return lambda plain: {of_key(k): of_value(v) for k, v in map(_pair, _require(plain, list))}
        if kind is Literal:
            return lambda plain: plain if plain in inner else _require(plain, hint)
        if hint is float:
            return lambda plain: float(plain) if type(plain) is int else _require(plain, float)
        return lambda plain: _require(plain, hint)


def pack(value: Any, hint: Any, passages: Passages = types.MappingProxyType({})) -> Parcel:
    """Return `value`, declared as `hint`, ready to be sent; raises MemoryError for more than `unpack` takes."""
    coder = _Coder(passages)
    text = written(coder.plain(hint)(value))
    return Parcel(text, coder.let_go())


def unpack(parcel: Parcel, hint: Any, passages: Passages = types.MappingProxyType({})) -> Any:
    """Return the value of the declared type `hint` that `parcel` holds; raises Garbled for anything else."""
    coder = _Coder(passages, parcel.blobs)
    try:
        return coder.value(hint)(read(parcel.text))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as failure:
        raise Garbled(f"{hint}: {failure}") from failure
    finally:
        coder.let_go()


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))


def _as_it_is(value: Any) -> Any:
    return value


def _later(ways: Mapping[Any, Way], hint: Any, one: Any) -> Any:
    return ways[hint](one)


def _stays(hint: Any, value: Any) -> Any:
    """Refuse to send what is of a type without a passage: declared it may be, given it may not."""
    raise TypeError(f"{type(value)} for {hint} has no passage")


def _built(kind: Any, ways: Sequence[Way], plain: Any) -> Any:
    """Return a value of a class with fields, which stand in `plain` in their order."""
    given = _require(plain, list)
    if len(given) != len(ways):
        raise ValueError(f"{len(given)} values for {kind}")
    # By position: names would be looked up again for every value.
    return kind(*[way(one) for way, one in zip(ways, given, strict=True)])


def _pair(plain: Any) -> Any:
    key, value = _require(plain, list)
    return key, value


@cache
def _other_than_none(hint: Any) -> Any:
    (kind,) = (one for one in get_args(hint) if one is not types.NoneType)
    return kind


def _require(plain: Any, kind: type) -> Any:
    # A truth value is an int to isinstance, and must not pass for one.
    if type(plain) is not kind:
        raise ValueError(f"{type(plain).__name__} in place of {kind}")
    return plain


def _sequence(kind: Any, way: Way, made: Way) -> Way:
    """Return what makes of a list what is `made` of values of the type `kind`, each of them its own `way`."""
    if kind in _ALIKE:
        return lambda plain: made(_require_all(plain, kind))
    return lambda plain: made([way(one) for one in _require(plain, list)])


def _require_all(plain: Any, kind: type) -> Any:
    others = {*map(type, _require(plain, list))} - {kind}
    if others:
        raise ValueError(f"{others} in place of {kind}")
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
