"""Proves a worksheet plain, and counts it without visiting each cell.

Nearly every worksheet of a real return is written in one of a few regular ways. Where one expression matches all its
rows there is nothing in them that two readers could take differently, and only the rows that have something to tell
are gone through element by element. Whatever is not proven plain goes the careful way; both ways say the same.
"""

import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final, NamedTuple

from xltrack.intake.alike import Alike, read_alike, strides
from xltrack.intake.grammar import (
    FORMULAS,
    IS_SOUND,
    SIMPLE,
    START,
    STRINGS,
    Span,
    plain_rows,
    rows_within,
    strings_within,
)
from xltrack.intake.markup import decoded, resolved
from xltrack.intake.model import Refused, SheetFacts
from xltrack.intake.places import LETTERS_OF
from xltrack.intake.strings import LETTERS, SPACE, Strings, read_strings
from xltrack.intake.styles import Format, Marks, format_of
from xltrack.intake.values import Values
from xltrack.intake.walk import Cell, Walk, walk_worksheet
from xltrack.intake.worksheet import AREA, COLUMNS, ROWS, Vocabulary, facts_around, scan_worksheet

_COLUMN: Final = {b"": 0} | {name.encode(): number for number, name in enumerate(LETTERS_OF[:COLUMNS], 1)}
_PLACES: Final = re.compile(rb' r="([A-Z]*)')
_FILLED: Final = re.compile(rb'<c r="([A-Z]+)[^>]*(?<!/)>(?!</c>)')

_STYLE: Final = re.compile(rb' s="([0-9]+)"')
_STYLED: Final = re.compile(rb'<c r="([A-Z0-9]+)"(?: s="([0-9]+)")?[^>]*(?<!/)>(?!</c>)')
_STRING: Final = re.compile(rb't="s"><v>([0-9]+)')
_OTHERS: Final = 50_000
_SAMPLE: Final = b"<si><t>a</t></si>"
_BARE: Final = (b"<si><t>", b"</t></si>")
_NO_TEXT: Final = bytes(byte for byte in range(32) if byte not in b"\t\n") + b"<>&"
# Errors; formulas that were never calculated, or give an empty text.
_TELLING: Final = (b' t="e"', b"<v></v>", b"<v/>", b"<v />", b"</f></c>", b"/></c>")

_FORMULA: Final = re.compile(b"<f")
_CALCULATED_ZERO: Final = re.compile(rb"(?:</f>|/>)<v>-?[0.]+(?:[eE]-?[0-9]+)?</v>")


class Plain(NamedTuple):
    """A plain worksheet: its facts, and its values, columns as far as they have any, if they were taken on the way."""

    facts: SheetFacts
    values: Values | None


def read_plain_strings(xml: bytes) -> Strings | None:
    """Return what `read_strings` says of the shared strings `xml`; None unless nearly all are plain."""
    start, end = within = strings_within(xml)
    if not (IS_SOUND and START.match(xml) and start <= end) or _has_long_text(xml, within):
        return None
    try:
        texts, others = _texts(xml, within)
        found = read_strings(b"".join((xml[:start], *others.values(), _SAMPLE, xml[end:])))
    except (Refused, ValueError):
        return None  # the careful way says why
    if found.count != len(others) + 1:  # what stands there is no list of strings
        return None
    numbers = [*others]
    for number, text in zip(numbers, found.texts, strict=False):
        texts[number] = text
    blank = frozenset(number for number, text in enumerate(texts) if not text.strip())
    return Strings(texts, blank, {numbers[at]: runs for at, runs in found.rich.items()})


def scan_plain(xml: bytes, vocabulary: Vocabulary) -> Plain | None:
    """Return what `scan_worksheet` says of the worksheet `xml`; None unless it is plain and in order."""
    sheet = _prove(xml, vocabulary) if vocabulary.is_plain else None
    if sheet is None or _has_negative_dates(sheet, vocabulary):
        return None
    try:
        facts = _count(sheet, vocabulary)
    except Refused:
        return None  # the careful way says where
    return Plain(facts, sheet.alike.columns() if sheet.alike else None) if facts else None


class _Sheet(NamedTuple):
    """A worksheet whose rows, which have their place in it, are plain; and their attributes.

    In a simple one there are no formulas, errors or negative numbers. `filled` counts the values and texts. `alike` is
    what is known if most of its rows are alike.
    """

    xml: bytes
    rows: Span
    attributes: set[bytes]
    is_simple: bool
    filled: int
    alike: Alike | None = None

    def holding(self, rows: bytes) -> bytes:
        """Return the worksheet with `rows` in place of its own."""
        start, end = self.rows
        return b"".join((self.xml[:start], rows, self.xml[end:]))


def _prove(xml: bytes, vocabulary: Vocabulary) -> _Sheet | None:
    """Return the worksheet `xml` if its rows are plain, ascend, and lie within bounds."""
    start, end = within = rows_within(xml)
    if not (IS_SOUND and START.match(xml) and start <= end) or _has_long_text(xml, within):
        return None
    alike = read_alike(xml, within, vocabulary)
    if alike is None:
        return _prove_each(xml, within)
    if not _ascend(alike.numbers, alike.width):
        return None
    return _Sheet(xml, within, alike.attributes, True, alike.filled, alike)


def _prove_each(xml: bytes, within: Span) -> _Sheet | None:
    """Return the same, row by row."""
    body = xml[slice(*within)]
    simple = SIMPLE.findall(body)
    is_simple = not (simple and simple[-1][-1])
    rows = simple if is_simple else plain_rows().findall(body)
    if not rows or rows[-1][-1]:
        return None
    try:
        _as_utf8(body)
        columns = list(map(_COLUMN.__getitem__, _PLACES.findall(body)))
    except (KeyError, ValueError):  # a column that is too far out, bytes that are no text
        return None
    # In the columns of cells only the 0 of a row may follow what is not smaller.
    falls = sum(map(operator.ge, columns, islice(columns, 1, None)))
    if not falls + 1 == columns.count(0) == len(rows):
        return None
    if not _ascend([int(number) for number, _, _ in rows], max(columns)):
        return None
    return _Sheet(xml, within, {text for _, text, _ in rows}, is_simple, _filled(body))


def _ascend(rows: Sequence[int], width: int) -> bool:
    """Return whether the numbers of `rows`, of which there are some, ascend, and no cell lies too far out."""
    return (
        all(map(operator.lt, rows, islice(rows, 1, None)))
        and bool(rows)
        and rows[-1] <= ROWS
        and width <= COLUMNS
        and rows[-1] * width <= AREA
    )


def _filled(rows: bytes) -> int:
    return rows.count(b"<v>") + rows.count(b"<is>")


def _texts(xml: bytes, within: Span) -> tuple[list[str], dict[int, bytes]]:
    """Return the shared strings `within` as people read them, and by their numbers those that are not one text each.

    Raises ValueError for what is no such string, or if they are many.
    """
    texts: list[str] = []
    others: dict[int, bytes] = {}
    for start, end in strides(xml, within, b"<si"):
        stride = xml[start:end]
        kept = _bare_texts(stride)
        if kept is None:
            kept, more = _texts_one_by_one(stride)
            others |= {len(texts) + at: other for at, other in more.items()}
        if len(others) > _OTHERS:
            raise ValueError("many strings of several texts")
        # An escape may be written with references: &#95;x0041_.
        texts += map(decoded, kept) if b"_x" in stride or b"&" in stride else kept
    return texts, others


def _bare_texts(stride: bytes) -> list[str] | None:
    """Return the same of `stride`, if each string is one text without references, as nearly all are; else None."""
    begin, end = _BARE
    if b"\0" in stride or not (stride.startswith(begin) and stride.endswith(end)):
        return None
    joined = stride[len(begin) : -len(end)].replace(end + begin, b"\0")
    texts = _as_utf8(joined).split("\0")
    if len(joined) - len(joined.translate(None, _NO_TEXT)) >= len(texts):
        return None
    return [text.strip(SPACE) for text in texts]


def _texts_one_by_one(stride: bytes) -> tuple[list[str], dict[int, bytes]]:
    """Return the same, before escapes are resolved; raises ValueError for what is no shared string."""
    found = STRINGS.findall(_as_utf8(stride))
    if found[-1][-1]:
        raise ValueError("no shared strings")
    others = {at: other.encode() for at, (_, _, other, _) in enumerate(found) if other}
    read = ((keeps, resolved(text) if "&" in text else text) for keeps, text, _, _ in found)
    return [text if keeps else text.strip(SPACE) for keeps, text in read], others


def _has_long_text(xml: bytes, within: Span) -> bool:
    """Return whether more lies between two tags `within` than a cell may hold; goes in long strides."""
    at, end = within
    while 0 <= at < end - LETTERS:
        at = xml.rfind(b"<", at + 1, at + 1 + LETTERS)
    return at < 0


def _as_utf8(body: bytes) -> str:
    """Return the text in `body`; raises ValueError if it is not UTF-8 of characters that XML allows, controls aside."""
    text = body.decode()
    if not text.isascii() and ("\ufffe" in text or "\uffff" in text):
        raise ValueError("no character")
    return text


def _has_negative_dates(sheet: _Sheet, vocabulary: Vocabulary) -> bool:
    """Return whether a number before the first day of the calendar has the format of a date; readers disagree on it."""
    if sheet.is_simple:
        return False
    dates = [b"%d" % at for at, found in enumerate(vocabulary.formats) if found.moment]
    dated = rb' s="(?:' + b"|".join(dates) + rb')"[^>]*>(?:<f[^>]*>(?:[^<]*</f>)?)?<v>-'
    return bool(dates) and re.compile(dated).search(sheet.xml, *sheet.rows) is not None


def _count(sheet: _Sheet, vocabulary: Vocabulary) -> SheetFacts | None:
    """Go through the rows that have something to tell, and count the cells of the others; raises Refused."""
    around = _look_around(sheet)
    if around is None:
        return None
    walk, hidden = around
    places = {*_telling_rows(sheet, hidden)}
    if sheet.alike is None or sheet.alike.tells:
        places |= {*_telling_cells(sheet, vocabulary.strings)}
    if vocabulary.recalculates and not sheet.is_simple:
        places |= {match.start() for match in _CALCULATED_ZERO.finditer(sheet.xml, *sheet.rows)}
    telling, rest = _parted(sheet, places)
    widest = max(map(_COLUMN.__getitem__, set(rest.found(_FILLED))), default=0) if walk.hidden_columns else 0
    facts = (
        scan_worksheet(sheet.holding(telling), vocabulary, widest)
        if telling
        else facts_around(walk, vocabulary, widest)
    )
    styles = sheet.alike.styles if sheet.alike else {*rest.found(_STYLE)}
    marks = _marks(rest.found(_STYLED), styles, vocabulary.formats)
    return replace(
        facts,
        is_plain=True,
        marks={**facts.marks, **dict(marks)},
        cells=facts.cells + sheet.filled - _filled(telling),
        formulas=facts.formulas + (0 if sheet.is_simple else sum(1 for _ in rest.found(_FORMULA))),
    )


def _look_around(sheet: _Sheet) -> tuple[Walk, set[bytes]] | None:
    """Return what stands around the rows, and which attributes hide one; None if the rows are none of a worksheet.

    Each different list of attributes of a row or a formula is put in a row of its own into what stands around the
    rows: names given twice, prefixes without a namespace, or rows within a comment do not pass for plain.
    """
    rows = list(sheet.attributes)
    formulas = set[bytes]() if sheet.is_simple else set(FORMULAS.findall(sheet.xml, *sheet.rows))
    samples = [b'<row r="%d"%s><c/></row>' % (at, text) for at, text in enumerate(rows, 1)]
    samples += [b"<row><c><f%s/></c></row>" % text for text in formulas]
    seen: list[Cell] = []
    walk = walk_worksheet(sheet.holding(b"".join(samples)), seen.append)
    if len(seen) != len(samples):
        return None
    return walk, {rows[at - 1] for at in walk.hidden_rows}


def _telling_rows(sheet: _Sheet, hidden: Iterable[bytes]) -> Iterator[int]:
    """Yield places in the rows that are hidden, or have an error or a formula without a value."""
    tokens = [text + end for text in hidden for end in (b">", b"/>")]
    for token in tokens if sheet.is_simple else (*tokens, *_TELLING):
        start, end = sheet.rows
        while (at := sheet.xml.find(token, start, end)) >= 0:
            yield at
            start = at + 1


def _telling_cells(sheet: _Sheet, strings: Strings) -> Iterator[int]:
    """Yield places of the cells whose shared string may be blank, or has runs, or is not there."""
    if telling := strings.telling:
        for match in _STRING.finditer(sheet.xml, *sheet.rows):
            if int(match[1]) in telling or int(match[1]) >= strings.count:
                yield match.start()
    else:
        other = re.compile(rb't="s"><v>(?!(?:' + _below(strings.count) + rb")<)")
        for match in other.finditer(sheet.xml, *sheet.rows):
            yield match.start()


def _marks(
    filled: Iterable[tuple[bytes, bytes]], styles: Iterable[bytes], formats: Sequence[Format]
) -> Iterator[tuple[str, Marks]]:
    """Yield the address and the marks of the cells with content whose format, one of `styles` or none, has any."""
    known = {style: format_of(style.decode() or None, formats).marks for style in (b"", *styles)}
    if any(known.values()):
        for at, style in filled:
            if marks := known[style]:
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


class _Rest(NamedTuple):
    """The rows of a worksheet that have nothing to tell, by their places."""

    xml: bytes
    spans: Sequence[Span]

    def found(self, pattern: re.Pattern[bytes]) -> Iterator[Any]:
        """Yield what `pattern` finds in them, once somebody asks."""
        return (found for span in self.spans for found in pattern.findall(self.xml, *span))


def _parted(sheet: _Sheet, places: Iterable[int]) -> tuple[bytes, _Rest]:
    """Return the rows in which one of `places` lies, and the others."""
    telling, rest = [], []
    xml, (end, last) = sheet.xml, sheet.rows
    for at in sorted(places):
        if at >= end:
            start = xml.rfind(b"<row ", 0, at + len(b"<row "))
            rest.append((end, start))
            end = _end_of_row(xml, start)
            telling.append(xml[start:end])
    return b"".join(telling), _Rest(xml, (*rest, (end, last)))


def _end_of_row(xml: bytes, start: int) -> int:
    end = xml.index(b">", start) + 1
    return end if xml.startswith(b"/>", end - 2) else xml.index(b"</row>", end) + len(b"</row>")
