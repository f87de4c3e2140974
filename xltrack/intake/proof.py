"""Proves a worksheet plain, and counts it without visiting each cell.

Nearly every worksheet of a real return is written in one of a few regular ways. Where one expression matches all its
rows there is nothing in them that two readers could take differently, and only the rows that have something to tell
are gone through element by element. Whatever is not proven plain goes the careful way; both ways say the same.
"""

import operator
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from string import ascii_uppercase
from typing import Final, NamedTuple

from xltrack.intake.grammar import (
    FORMULAS,
    IS_SOUND,
    PLAIN,
    SIMPLE,
    START,
    STRINGS,
    TELLING_STRINGS,
    rows_within,
    strings_within,
)
from xltrack.intake.model import Refused, SheetFacts
from xltrack.intake.places import LETTERS_OF
from xltrack.intake.strings import LETTERS, Strings, read_strings
from xltrack.intake.styles import Format, Marks, format_of
from xltrack.intake.walk import Cell, walk_worksheet
from xltrack.intake.worksheet import AREA, COLUMNS, ROWS, Vocabulary, scan_worksheet

_COLUMN: Final = {b"": 0} | {name.encode(): number for number, name in enumerate(LETTERS_OF[:COLUMNS], 1)}
_NO_SHAPE: Final = bytes(set(range(256)) - set(b"<wvft") - set(ascii_uppercase.encode()))
_PLACES: Final = re.compile(rb' r="([A-Z]*)')
_BEGINNING: Final = 50_000
_CELLS: Final = re.compile(rb"<(?:w|([A-Z]+))")
_FILLED: Final = re.compile(rb'<c r="([A-Z]+)[^>]*(?<!/)>(?!</c>)')

_STYLE: Final = re.compile(rb' s="([0-9]+)"')
_STYLED: Final = re.compile(rb'<c r="([A-Z0-9]+)"(?: s="([0-9]+)")?[^>]*(?<!/)>(?!</c>)')
_STRING: Final = re.compile(rb't="s"><v>([0-9]+)')
_SAMPLE: Final = b"<si><t>a</t></si>"
# Errors; formulas that were never calculated, or give an empty text.
_TELLING: Final = (b' t="e"', b"<v></v>", b"<v/>", b"<v />", b"</f></c>", b"/></c>")

_CALCULATED_ZERO: Final = re.compile(rb"(?:</f>|/>)<v>-?[0.]+(?:[eE]-?[0-9]+)?</v>")


def read_plain_strings(xml: bytes) -> Strings | None:
    """Return what `read_strings` says of the shared strings `xml`; None unless nearly all are plain."""
    start, end = strings_within(xml)
    body = xml[start:end]
    if not (IS_SOUND and START.match(xml) and start <= end and STRINGS.fullmatch(body) and _is_utf8(body)):
        return None
    if _has_long_text(body):
        return None
    numbers, telling = _telling_strings(body)
    try:
        found = read_strings(b"".join((xml[:start], *telling, _SAMPLE, xml[end:])))
    except Refused:
        return None  # the careful way says why
    if found.count != len(numbers) + 1:  # what stands there is no list of strings
        return None
    rich = {numbers[at]: runs for at, runs in found.rich.items()}
    return Strings(body.count(b"<si"), frozenset(numbers[at] for at in found.blank), rich)


def scan_plain(xml: bytes, vocabulary: Vocabulary) -> SheetFacts | None:
    """Return what `scan_worksheet` says of the worksheet `xml`; None unless it is plain and in order."""
    sheet = _prove(xml) if vocabulary.is_plain else None
    if sheet is None or _has_negative_dates(sheet, vocabulary):
        return None
    try:
        return _count(sheet, vocabulary)
    except Refused:
        return None  # the careful way says where


class _Sheet(NamedTuple):
    """A worksheet that consists of plain rows, what stands before and behind them, and the attributes of the rows.

    In a simple one there are no formulas, errors or negative numbers. `filled` counts the values and texts.
    """

    head: bytes
    body: bytes
    tail: bytes
    attributes: set[bytes]
    is_simple: bool
    filled: int

    def holding(self, rows: bytes) -> bytes:
        """Return the worksheet with `rows` in place of its own."""
        return b"".join((self.head, rows, self.tail))


class _Cells(NamedTuple):
    """The columns of cells, row by row with a 0 before each row; of how many rows; the values and texts in all rows."""

    columns: list[int]
    rows: int
    filled: int


def _prove(xml: bytes) -> _Sheet | None:
    """Return the worksheet `xml` if its rows are plain, ascend, and lie within bounds."""
    start, end = rows_within(xml)
    if not (IS_SOUND and START.match(xml) and start <= end):
        return None
    body = xml[start:end]
    if _has_long_text(body):
        return None
    simple = SIMPLE.findall(body)
    is_simple = not (simple and simple[-1][-1])
    rows = simple if is_simple else PLAIN.findall(body)
    if not rows or rows[-1][-1] or not _is_utf8(body):
        return None
    try:
        cells = _cells_by_kind(body) if is_simple and _are_alike(body) else _cells(body, len(rows))
    except KeyError:  # a column that is too far out
        return None
    if not _is_ordered([int(number) for number, _, _ in rows], cells):
        return None
    return _Sheet(xml[:start], body, xml[end:], {text for _, text, _ in rows}, is_simple, cells.filled)


def _are_alike(body: bytes) -> bool:
    """Return whether most rows at the beginning of `body` are alike but for their numbers."""
    kinds = _bared(body[:_BEGINNING])
    return 2 * len(set(kinds)) < len(kinds)


def _bared(body: bytes) -> list[bytes]:
    """Return the rows of `body` without all but capitals and what begins an element.

    `<` before a capital is a cell, `<w` begins or ends a row, and `<v` and `<t` begin or end a value.
    """
    return body.translate(None, _NO_SHAPE).split(b"<w")


def _cells(body: bytes, rows: int) -> _Cells:
    """Return what there is of cells in so many plain rows; raises KeyError for a column that is too far out."""
    columns = list(map(_COLUMN.__getitem__, _PLACES.findall(body)))
    return _Cells(columns, rows, _filled(body))


def _cells_by_kind(body: bytes) -> _Cells:
    """Return what there is of cells in simple rows, of those that are alike only once; raises KeyError as above."""
    kinds = Counter(_bared(body))
    columns = list(map(_COLUMN.__getitem__, _CELLS.findall(b"".join(b"<w" + kind for kind in kinds))))
    filled = sum(times * (kind.count(b"<v") + kind.count(b"<t")) for kind, times in kinds.items())
    return _Cells(columns, len(kinds), filled // 2)


def _filled(rows: bytes) -> int:
    return rows.count(b"<v>") + rows.count(b"<is>")


def _is_ordered(rows: list[int], cells: _Cells) -> bool:
    """Return whether the rows and the cells in each ascend, and none lies too far out.

    In the columns of cells only the 0 of a row may follow what is not smaller.
    """
    falls = sum(map(operator.ge, cells.columns, islice(cells.columns, 1, None)))
    return (
        falls + 1 == cells.columns.count(0) == cells.rows
        and all(map(operator.lt, rows, islice(rows, 1, None)))
        and rows[-1] <= ROWS
        and rows[-1] * max(cells.columns) <= AREA
    )


def _telling_strings(body: bytes) -> tuple[list[int], list[bytes]]:
    """Return the shared strings that may be blank or have runs, and their numbers."""
    numbers, telling = [], []
    number = end = 0
    for match in TELLING_STRINGS.finditer(body):
        number += body.count(b"<si", end, match.start())
        end = match.end() if match[0] == b"<si/>" else body.index(b"</si>", match.end()) + len(b"</si>")
        numbers.append(number)
        telling.append(body[match.start() : end])
        number += 1
    return numbers, telling


def _has_long_text(body: bytes) -> bool:
    """Return whether more lies between two tags of `body` than a cell may hold; goes in long strides."""
    at = 0
    while at + LETTERS < len(body):
        at = body.rfind(b"<", at + 1, at + 1 + LETTERS)
        if at < 0:
            return True
    return False


def _is_utf8(body: bytes) -> bool:
    """Return whether `body` is UTF-8 of characters that XML allows, control characters aside."""
    if body.isascii():
        return True
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"\xef\xbf\xbe" not in body and b"\xef\xbf\xbf" not in body


def _has_negative_dates(sheet: _Sheet, vocabulary: Vocabulary) -> bool:
    """Return whether a number before the first day of the calendar has the format of a date; readers disagree on it."""
    if sheet.is_simple:
        return False
    dates = [b"%d" % at for at, found in enumerate(vocabulary.formats) if found.moment]
    dated = rb' s="(?:' + b"|".join(dates) + rb')"[^>]*>(?:<f[^>]*>(?:[^<]*</f>)?)?<v>-'
    return bool(dates) and re.search(dated, sheet.body) is not None


def _count(sheet: _Sheet, vocabulary: Vocabulary) -> SheetFacts | None:
    """Go through the rows that have something to tell, and count the cells of the others; raises Refused."""
    around = _look_around(sheet)
    if around is None:
        return None
    hidden, hides_columns = around
    places = {*_telling_rows(sheet, hidden), *_telling_cells(sheet.body, vocabulary.strings)}
    if vocabulary.recalculates and not sheet.is_simple:
        places |= {match.start() for match in _CALCULATED_ZERO.finditer(sheet.body)}
    telling, rest = _parted(sheet.body, places)
    widest = max(map(_COLUMN.__getitem__, set(_FILLED.findall(rest))), default=0) if hides_columns else 0
    facts = scan_worksheet(sheet.holding(telling), vocabulary, widest)
    return replace(
        facts,
        is_plain=True,
        marks={**facts.marks, **dict(_marks(rest, vocabulary.formats))},
        cells=facts.cells + sheet.filled - _filled(telling),
        formulas=facts.formulas + (0 if sheet.is_simple else rest.count(b"<f")),
    )


def _look_around(sheet: _Sheet) -> tuple[set[bytes], bool] | None:
    """Return which attributes hide a row, and whether any column is hidden; None if the rows are none of a worksheet.

    Each different list of attributes of a row or a formula is put in a row of its own into what stands around the
    rows: names given twice, prefixes without a namespace, or rows within a comment do not pass for plain.
    """
    rows = list(sheet.attributes)
    formulas = set[bytes]() if sheet.is_simple else set(FORMULAS.findall(sheet.body))
    samples = [b'<row r="%d"%s><c/></row>' % (at, text) for at, text in enumerate(rows, 1)]
    samples += [b"<row><c><f%s/></c></row>" % text for text in formulas]
    seen: list[Cell] = []
    walk = walk_worksheet(sheet.holding(b"".join(samples)), seen.append)
    if len(seen) != len(samples):
        return None
    return {rows[at - 1] for at in walk.hidden_rows}, bool(walk.hidden_columns)


def _telling_rows(sheet: _Sheet, hidden: Iterable[bytes]) -> Iterator[int]:
    """Yield places in the rows that are hidden, or have an error or a formula without a value."""
    tokens = [text + end for text in hidden for end in (b">", b"/>")]
    for token in tokens if sheet.is_simple else (*tokens, *_TELLING):
        at = sheet.body.find(token)
        while at >= 0:
            yield at
            at = sheet.body.find(token, at + 1)


def _telling_cells(body: bytes, strings: Strings) -> Iterator[int]:
    """Yield places of the cells whose shared string may be blank, or has runs, or is not there."""
    telling = {*strings.blank, *strings.rich}
    if telling:
        for match in _STRING.finditer(body):
            if int(match[1]) in telling or int(match[1]) >= strings.count:
                yield match.start()
    else:
        for match in re.finditer(rb't="s"><v>(?!(?:' + _below(strings.count) + rb")<)", body):
            yield match.start()


def _marks(rest: bytes, formats: Sequence[Format]) -> Iterator[tuple[str, Marks]]:
    """Yield the address and the marks of the cells with content whose format has any."""
    styles = {
        style: format_of(style.decode() or None, formats).marks for style in {b"", *_STYLE.findall(rest)}
    }
    if any(styles.values()):
        for at, style in _STYLED.findall(rest):
            if marks := styles[style]:
                yield at.decode(), marks


def _below(count: int) -> bytes:
    """Return an expression for the numbers below `count`."""
    digits = str(count)
    ways = [f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    ways += [
        f"{digits[:at]}[0-{int(digit) - 1}]{'[0-9]' * (len(digits) - at - 1)}"
        for at, digit in enumerate(digits)
        if digit != "0"
    ]
    return "|".join(ways or ["(?!)"]).encode()


def _parted(body: bytes, places: Iterable[int]) -> tuple[bytes, bytes]:
    """Return the rows in which one of `places` lies, and the others."""
    telling, rest = [], []
    end = 0
    for at in sorted(places):
        if at >= end:
            start = body.rfind(b"<row ", 0, at + len(b"<row "))
            rest.append(body[end:start])
            end = _end_of_row(body, start)
            telling.append(body[start:end])
    return b"".join(telling), b"".join((*rest, body[end:]))


def _end_of_row(body: bytes, start: int) -> int:
    end = body.index(b">", start) + 1
    return end if body.startswith(b"/>", end - 2) else body.index(b"</row>", end) + len(b"</row>")
