"""Takes together rows that differ in nothing but numerals, as nearly all rows of a return do.

One row of each kind is held against the grammar. Written anew with the numerals of each of the others it must give them
as they stand in the file: then they are as plain as the one, as far as their numerals are, and their values are these.
Rows of which that is not so are proven, and read, in another way.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from typing import Final, NamedTuple

from xltrack.intake.grammar import AMOUNTS, CELLS, DIGITS_OF_STRING, SIMPLE, STYLE
from xltrack.intake.places import NUMBER_OF
from xltrack.intake.styles import Moment, format_of
from xltrack.intake.values import Value, Values, as_moment
from xltrack.intake.worksheet import Vocabulary

_ROW: Final = b"<row "
_NUMERALS: Final = b".0123456789"
_NUMERAL: Final = re.compile(rb"[.0-9]+")
_SPACED: Final = bytes(byte if byte in _NUMERALS else ord(" ") for byte in range(256))
_STRIDE: Final = 2**17
_BEGINNING: Final = 50_000
_FEW: Final = 30
_MOST: Final = 500
_KNOWN: Final = 20_000


class Block(NamedTuple):
    """Rows that were read together: their numbers, and the values in each column that has some, by its number."""

    numbers: Sequence[int]
    columns: Mapping[int, Sequence[Value]]


@dataclass
class Alike:
    """What rows of a few kinds say: their numbers in their order, and in `blocks` the values of those that have any.

    Further their different lists of attributes, the styles of their cells, the last column, the number of values, and
    whether one of these is a string that is blank or has runs (`tells`).
    """

    numbers: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    attributes: set[bytes] = field(default_factory=set)
    styles: set[bytes] = field(default_factory=set)
    width: int = 0
    filled: int = 0
    tells: bool = False

    def columns(self) -> Values:
        """Return the columns from the first on, each down to the last row with a value; "" stands for a blank cell."""
        numbers = [number for block in self.blocks for number in block.numbers]
        # What is taken from behind the last value is blank.
        places = [len(numbers)] * max(numbers, default=0)
        for place, number in enumerate(numbers):
            places[number - 1] = place
        width = max((column for block in self.blocks for column in block.columns), default=0)
        columns = map(self._column, range(1, width + 1))
        if places == [*range(len(numbers))]:
            return [*columns]
        return [[*map([*column, ""].__getitem__, places)] for column in columns]

    def _column(self, at: int) -> list[Value]:
        """Return the values of one column in the order in which they were read."""
        return [
            *chain.from_iterable(block.columns.get(at) or ("",) * len(block.numbers) for block in self.blocks)
        ]


def read_alike(body: bytes, vocabulary: Vocabulary) -> Alike | None:
    """Return what the rows `body` say; None unless they are of a few kinds, and each is a row of `SIMPLE`."""
    if not _are_alike(body[:_BEGINNING]):
        return None
    reader = _Reader(vocabulary)
    try:
        for stride in strides(body, _ROW):
            reader.read(stride)
    except (_Other, LookupError, TypeError, ValueError):
        return None
    return reader.found


def _are_alike(body: bytes) -> bool:
    kinds = body.translate(None, _NUMERALS).split(_ROW)
    return len(set(kinds)) <= max(_FEW, len(kinds) // 2)


def strides(body: bytes, mark: bytes) -> Iterator[bytes]:
    """Yield `body` in pieces that end before a `mark`: what is made of one at a time does not fill the memory."""
    start = 0
    while start < len(body):
        end = body.find(mark, start + _STRIDE)
        end = len(body) if end < 0 else end
        yield body[start:end]
        start = end


class _Other(Exception):
    """A row is not what the others of its kind are, or of no kind that is known here."""


class _Cell(NamedTuple):
    """A cell: its column, and at which places its row, style and value are among the numerals; 0 without one."""

    column: int
    row: int
    style: int
    value: int
    is_text: bool


class _Kind(NamedTuple):
    """A row with gaps for numerals, and how many; the list of its attributes likewise, and its cells."""

    row: bytes
    gaps: int
    attributes: bytes
    cells: tuple[_Cell, ...]


class _Reader:
    """What was found in the rows so far, and their kinds by what is left of them without numerals."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.found = Alike()
        self._vocabulary = vocabulary
        self._strings, self._telling = vocabulary.strings.texts, vocabulary.strings.telling
        self._kinds: dict[bytes, _Kind] = {}
        # What refers to itself would keep all rows until somebody looks for garbage.
        self._number = lru_cache(_KNOWN)(partial(_number, vocabulary))

    def read(self, stride: bytes) -> None:
        """Take the rows in `stride`; raises _Other and its like where they are not proven."""
        before, *rows = stride.split(_ROW)
        _, *names = stride.translate(None, _NUMERALS).split(_ROW)
        if before or len(names) != len(rows):
            raise _Other
        places: dict[bytes, list[int]] = defaultdict(list)
        for at, name in enumerate(names):
            places[name].append(at)
        numbers = [0] * len(rows)
        for name, ats in places.items():
            found = self._read_alike(self._kind(name, rows[ats[0]]), [rows[at] for at in ats])
            for at, number in zip(ats, found, strict=True):
                numbers[at] = number
        self.found.numbers += numbers

    def _kind(self, name: bytes, row: bytes) -> _Kind:
        if name not in self._kinds:
            if len(self._kinds) == _MOST:
                raise _Other
            kind = self._kinds[name] = _kind_of(row)
            self.found.width = max([self.found.width, *(cell.column for cell in kind.cells)])
        return self._kinds[name]

    def _read_alike(self, kind: _Kind, rows: Sequence[bytes]) -> list[int]:
        """Take `rows` of one kind; return their numbers."""
        columns = _columns(kind, rows)
        numbers = [int(number) for number in columns[0]]
        self._note_attributes(kind, columns)
        values = {cell.column: self._values(cell, columns) for cell in kind.cells if cell.value}
        if values:
            self.found.filled += len(rows) * len(values)
            self.found.blocks.append(Block(numbers, values))
        return numbers

    def _note_attributes(self, kind: _Kind, columns: Sequence[Sequence[bytes]]) -> None:
        """Note the attributes of rows, whatever they are, and the styles of cells; raises _Other for what is none."""
        within = columns[1 : kind.cells[0].row if kind.cells else kind.gaps]
        self.found.attributes |= {kind.attributes % one for one in set(zip(*within, strict=True)) or {()}}
        styles = set[bytes]().union(*(columns[cell.style] for cell in kind.cells if cell.style))
        if not all(map(STYLE.fullmatch, styles)):
            raise _Other
        self.found.styles |= styles

    def _values(self, cell: _Cell, columns: Sequence[Sequence[bytes]]) -> list[Value]:
        """Return the values of `cell` in each row."""
        written = columns[cell.value]
        if cell.is_text:
            return self._texts(written)
        if not AMOUNTS.fullmatch(b" ".join(set(written))):
            raise _Other
        styles = columns[cell.style] if cell.style else ()
        if not any(_moment(self._vocabulary, style) for style in set(styles)):
            return [*map(float, written)]
        return [*map(self._number, styles, written)]

    def _texts(self, written: Sequence[bytes]) -> list[Value]:
        if max(map(len, written)) > DIGITS_OF_STRING:
            raise _Other
        numbers = [*map(int, written)]
        self.found.tells = self.found.tells or bool(self._telling and not self._telling.isdisjoint(numbers))
        return [*map(self._strings.__getitem__, numbers)]


def _number(vocabulary: Vocabulary, style: bytes, written: bytes) -> Value:
    moment = _moment(vocabulary, style)
    return as_moment(float(written), moment, vocabulary.date_1904) if moment else float(written)


def _moment(vocabulary: Vocabulary, style: bytes) -> Moment:
    return format_of(style.decode(), vocabulary.formats).moment


def _kind_of(row: bytes) -> _Kind:
    """Return the kind of `row`, of which `_ROW` was taken off; raises _Other and its like unless it is of `SIMPLE`."""
    ((_, attributes, other),) = SIMPLE.findall(_ROW + row)
    cells = []
    gaps = 1 + len(_NUMERAL.findall(attributes))
    for letters, style, is_text, value in CELLS.findall(row):
        at_style, at_value = gaps + bool(style), gaps + bool(style) + bool(value)
        places = gaps, at_style if style else 0, at_value if value else 0
        cells.append(_Cell(NUMBER_OF[letters.decode()], *places, bool(is_text)))
        gaps = at_value + 1
    columns = [cell.column for cell in cells]
    if other or not row.isascii() or columns != sorted(set(columns)) or gaps != len(_NUMERAL.findall(row)):
        raise _Other
    return _Kind(_with_gaps(row), gaps, _with_gaps(attributes), tuple(cells))


def _with_gaps(text: bytes) -> bytes:
    return _NUMERAL.sub(b"%b", text.replace(b"%", b"%%"))


def _columns(kind: _Kind, rows: Sequence[bytes]) -> Sequence[list[bytes]]:
    """Return the numerals in `rows`, gap by gap; raises _Other and its like unless they are what makes the rows."""
    joined = b"".join(rows)
    numerals = joined.translate(_SPACED).split()
    if kind.row * len(rows) % tuple(numerals) != joined:
        raise _Other
    columns = [numerals[at :: kind.gaps] for at in range(kind.gaps)]
    if min(columns[0]) < b"1" or any(columns[cell.row] != columns[0] for cell in kind.cells):
        raise _Other
    return columns
