"""Takes together rows whose columns are written alike, as nearly all rows of a return are.

What the columns of some rows hold makes an expression, the grammar of rows of just these columns: what it finds is
plain, and its groups are the values. Rows of other columns, as headings are, have an expression of their own. Where
something is not found, all rows are proven, and read, in another way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, compress, count
from operator import itemgetter
from typing import Final, NamedTuple

from xltrack.intake.grammar import CELLS, Column, Span, rows_of
from xltrack.intake.places import NUMBER_OF
from xltrack.intake.styles import Moment, format_of
from xltrack.intake.values import Value, Values, as_moment
from xltrack.intake.worksheet import Vocabulary

_ROW: Final = b"<row "
_STRIDE: Final = 2**17
_SAMPLE: Final = 16_000
_FEW: Final = 30
# An expression has at most so many columns, and more than a few only where the rows are long enough that it pays.
_MOST: Final = 100
_CHEAP: Final = 20
_PAID: Final = 20_000
# So many places may be blank, and so many more for each value: two cells in far corners do not fill the memory.
_BLANK: Final = 20_000
_BLANK_EACH: Final = 5
_KNOWN: Final = 20_000


class Block(NamedTuple):
    """Rows that were read together: their numbers, and the values in each column that has some, by its number."""

    numbers: Sequence[int]
    columns: Mapping[int, Sequence[Value]]

    @property
    def end(self) -> int:
        """Return the number of the last row with a value, 0 if there is none."""
        places = range(len(self.numbers) - 1, -1, -1)
        filled = (at for at in places if any(column[at] != "" for column in self.columns.values()))
        return next((self.numbers[at] for at in filled), 0)

    def column(self, at: int) -> Sequence[Value]:
        """Return the values in the column numbered `at`."""
        return self.columns.get(at) or ("",) * len(self.numbers)


@dataclass
class Alike:
    """What rows say: their numbers in their order, and in `blocks` their values.

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

    def columns(self) -> Values | None:
        """Return the columns, from A to the last with a value, down to the last row with one; a blank cell is "".

        None if most of their cells were blank.
        """
        blocks = sorted(self.blocks, key=lambda block: block.numbers[0])
        numbers = [number for block in blocks for number in block.numbers]
        height = max((block.end for block in blocks), default=0)
        width = max((at for block in blocks for at in block.columns), default=0)
        if height * width > _BLANK + (1 + _BLANK_EACH) * self.filled:
            return None
        columns = ([*chain(*(block.column(at) for block in blocks))] for at in range(1, width + 1))
        if numbers == [*range(1, len(numbers) + 1)]:
            return [column if height == len(column) else column[:height] for column in columns]
        places = dict(zip(numbers, count(), strict=False))
        taken = [places.get(number, -1) for number in range(1, height + 1)]
        return [[*map([*column, ""].__getitem__, taken)] for column in columns]


def read_alike(xml: bytes, rows: Span, vocabulary: Vocabulary) -> Alike | None:
    """Return what the `rows` of `xml` say; None unless each is one of `SIMPLE`, its texts shared, its numbers plain."""
    reader = _Reader(vocabulary)
    try:
        reader.read(xml, rows)
    except (_Other, LookupError, ValueError):
        return None
    found = reader.found
    # Strings and numbers are known by their digits; only in attributes could there be bytes that are no text.
    return found if all(map(bytes.isascii, found.attributes)) else None


def strides(xml: bytes, within: Span, mark: bytes) -> Iterator[Span]:
    """Yield the span `within` in pieces that end before a `mark`: what is made of one does not fill the memory."""
    start, end = within
    while start < end:
        at = xml.find(mark, start + _STRIDE, end)
        following = end if at < 0 else at
        yield start, following
        start = following


class _Other(Exception):
    """A row is not like the others, or is none at all."""


class _Across(NamedTuple):
    """What an expression found in some rows, group by group."""

    numbers: Sequence[int]
    attributes: Sequence[bytes]
    groups: Sequence[Sequence[bytes]]
    others: Sequence[bytes]

    @classmethod
    def of(cls, rows: Sequence[Sequence[bytes]]) -> "_Across":
        """Return the same of `rows`, of which there are some; raises ValueError if one is none."""
        numbers, attributes, *groups, others, _ = zip(*rows, strict=True)
        return cls([*map(int, numbers)], attributes, groups, others)


class _Reader:
    """What was found in the rows so far."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.found = Alike()
        self._vocabulary = vocabulary

    def read(self, xml: bytes, within: Span) -> None:
        """Take all rows `within` a span of `xml`; raises _Other and its like where they are not proven."""
        most = min(_CHEAP + (within[1] - within[0]) // _PAID, _MOST)
        self.found.numbers, others = self._read(xml, within, _columns_in(_middle_of(xml, within), most))
        rest = b"".join(others)
        if rest and self._read(rest, (0, len(rest)), _columns_in(rest, most))[1]:
            raise _Other
        self.found.styles.discard(b"")

    def _read(self, xml: bytes, within: Span, columns: tuple[Column, ...]) -> tuple[list[int], list[bytes]]:
        """Take the rows that have cells in no other than these `columns`; return the numbers of all, and other rows."""
        self.found.width = max([self.found.width, *(column.number for column in columns)])
        numbers: list[int] = []
        others: list[bytes] = []
        for stride in strides(xml, within, _ROW):
            rows = rows_of(columns).findall(xml, *stride)
            across = _Across.of(rows)
            numbers += across.numbers
            if any(across.others):
                others += _others_among(rows)
                rows = [row for row in rows if not row[-2]]
            if rows:
                self._take(columns, across if len(rows) == len(across.numbers) else _Across.of(rows))
        return numbers, others

    def _take(self, columns: Iterable[Column], across: "_Across") -> None:
        """Take the rows `across`, which are of these `columns`."""
        written = iter(across.groups)
        values: dict[int, Sequence[Value]] = {}
        for column in columns:
            styles = next(written) if column.has_styles else ()
            strings = next(written) if column.has_strings else ()
            amounts = next(written) if column.has_numbers else ()
            self.found.styles.update(styles)
            values[column.number] = self._values(styles, strings, amounts)
        self.found.attributes.update(across.attributes)
        self.found.blocks.append(
            Block(across.numbers, {at: column for at, column in values.items() if column})
        )

    def _values(
        self, styles: Sequence[bytes], strings: Sequence[bytes], amounts: Sequence[bytes]
    ) -> Sequence[Value]:
        """Return the values of a column; none if it has none."""
        texts = self._texts(strings) if any(strings) else ()
        numbers = self._numbers(styles, amounts) if any(amounts) else ()
        if texts and numbers:
            return [text or number for text, number in zip(texts, numbers, strict=True)]
        return texts or numbers

    def _texts(self, written: Sequence[bytes]) -> Sequence[Value]:
        self.found.filled += len(written) - written.count(b"")
        strings = self._vocabulary.strings
        if strings.telling and not strings.telling_numerals.isdisjoint(written):
            self.found.tells = True
        return [*map(strings.by_numeral.__getitem__, written)]

    def _numbers(self, styles: Sequence[bytes], written: Sequence[bytes]) -> Sequence[Value]:
        blanks = written.count(b"")
        self.found.filled += len(written) - blanks
        moments = {style: _moment(self._vocabulary, style) for style in {*compress(styles, written)}}
        different, date_1904 = {*moments.values()}, self._vocabulary.date_1904
        if not any(different):
            return (
                [float(number) if number else "" for number in written] if blanks else [*map(float, written)]
            )
        if len(different) == 1:
            return [*map(_said(*different, date_1904).__getitem__, written)]
        return [
            _said(moments[style], date_1904)[number] if number else ""
            for style, number in zip(styles, written, strict=True)
        ]


class _Said(dict[bytes, Value]):
    """What numbers say where they are shown as moments; each different one is made of its digits once."""

    def __init__(self, moment: Moment, date_1904: bool) -> None:
        super().__init__({b"": ""})
        self._moment, self._date_1904 = moment, date_1904

    def __missing__(self, written: bytes) -> Value:
        number = float(written)
        value = as_moment(number, self._moment, self._date_1904) if self._moment else number
        if len(self) > _KNOWN:
            self.clear()
            self[b""] = ""
        self[written] = value
        return value


# Kept from file to file, for all of a round say the same few days.
_said: Final = cache(_Said)


def _moment(vocabulary: Vocabulary, style: bytes) -> Moment:
    return format_of(style.decode() or None, vocabulary.formats).moment


def _middle_of(xml: bytes, within: Span) -> bytes:
    """Return some rows from the middle of a span of `xml`; those at its beginning are headings."""
    start, end = within
    if end - start > _SAMPLE:
        start = xml.find(_ROW, start + (end - start - _SAMPLE) // 2, end)
    last = xml.find(_ROW, start + _SAMPLE, end)
    return xml[start : end if last < 0 else last]


def _others_among(rows: Sequence[Sequence[bytes]]) -> list[bytes]:
    """Return the others among `rows`; raises _Other if these are most of them."""
    others = [b'<row r="%b"%b' % (row[0], row[-2]) for row in rows if row[-2]]
    if len(others) > max(_FEW, len(rows) // 2):
        raise _Other
    _cells_in(b"".join(others))
    return others


def _cells_in(rows: bytes) -> Sequence[Sequence[bytes]]:
    """Return what `CELLS` finds in `rows`; raises _Other unless these are all their cells."""
    cells = CELLS.findall(rows)
    if len(cells) < rows.count(b"<c "):
        raise _Other
    return cells


def _columns_in(rows: bytes, most: int) -> tuple[Column, ...]:
    """Return which columns the cells of `rows` are in, and what they hold; raises _Other if these are over `most`."""
    seen = {
        (letters, bool(style), bool(is_string), bool(value))
        for letters, style, is_string, value in _cells_in(rows)
    }
    numbers = {letters: NUMBER_OF[letters.decode()] for letters, *_ in seen}
    if len(numbers) > most:
        raise _Other
    with_style = {letters for letters, is_styled, _, _ in seen if is_styled}
    with_string = {letters for letters, _, is_string, is_filled in seen if is_string and is_filled}
    with_number = {letters for letters, _, is_string, is_filled in seen if is_filled and not is_string}
    with_blank = {letters for letters, _, _, is_filled in seen if not is_filled}
    having = with_style, with_string, with_number, with_blank
    return tuple(
        Column(letters, number, *(letters in one for one in having))
        for letters, number in sorted(numbers.items(), key=itemgetter(1))
    )
