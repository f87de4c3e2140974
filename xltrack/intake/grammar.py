"""How programs write plain rows: the expression that a worksheet must match to be counted without visiting its cells.

Excel, LibreOffice, Google Sheets, WPS and the common libraries write cells in these ways. Left out, and so read the
careful way, are texts of several runs, dates of ISO 8601, numbers that a double does not hold to the last digit, texts
that may be blank, comments, and whatever else XML allows and no such program writes.
"""

import re
import sys
from functools import cache, lru_cache
from typing import Final, NamedTuple

Span = tuple[int, int]
"""Where something begins and ends in the bytes it is part of."""
IS_SOUND: Final = sys.version_info >= (3, 11, 5)
"""Before, a possessive group could match what it should not (CPython issue 106052), and nothing would be proven."""

# Characters up to U+C34F without those that XML 1.0 forbids.
_REFERENCE: Final = (
    rb"(?:#(?:[1-9][0-9]{2,3}|[1-4][0-9]{4}|3[2-9]|[4-9][0-9]|9|10|13)|amp|lt|gt|quot|apos"
    rb"|#x(?:[1-9a-cA-C][0-9a-fA-F]{3}|[1-9a-fA-F][0-9a-fA-F]{2}|[2-9a-fA-F][0-9a-fA-F]|[9aAdD]))"
)
_TEXT: Final = rb"[^<>&\x00-\x08\x0b-\x1f]*+(?:&" + _REFERENCE + rb";[^<>&\x00-\x08\x0b-\x1f]*+)*+"
# Not of white space alone, which is what str.strip takes off: in UTF-8, as a reference, as an escape.
_SEEN: Final = (
    rb"(?!(?:[\t\n ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
    rb"|&#[0-9a-fA-Fx]+;|_x[0-9a-fA-F]{4}_)*+<)"
)
_VISIBLE: Final = _SEEN + _TEXT
_KEPT: Final = rb' xml:space="preserve"'
_T: Final = rb"<t(?:" + _KEPT + rb")?+>"
_ATTRIBUTES: Final = rb'(?: [a-zA-Z0-9:]+="[^"<>&\x00-\x1f]*")*+'
# At most fifteen digits before the point and no positive exponent: a double holds such a number.
# Alternatives take less time than what may be there or not: for each of those, Python finds memory.
_AMOUNT: Final = rb"[0-9]{1,15}+(?:\.[0-9]{1,20}+(?:[eE]-[0-9]{1,3}|)|[eE]-[0-9]{1,3}|)"
_NUMBER: Final = rb"-?" + _AMOUNT
_STYLE: Final = rb"[0-9]{1,5}"
_ERROR: Final = rb"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)"
_FORMULA: Final = rb"<f" + _ATTRIBUTES + rb"(?:/>|>" + _TEXT + rb"</f>)"
_NOTHING: Final = rb"(?:<v></v>|<v ?/>)"
_AS_STRING: Final = rb' t="s"><v>', rb"[0-9]{1,7}", rb"</v></c>"
# For who goes by a list of the numbers there are.
_AS_ANY_STRING: Final = b' t="s"><v>', rb"[^<]++", b"</v></c>"
_AS_NUMBER: Final = rb'(?: t="n"|)><v>', _AMOUNT, rb"</v></c>"
_BLANK: Final = rb'(?: t="(?:n|s|str|inlineStr)")?+(?: ?/>|></c>)'
_SIMPLE: Final = rb"".join((
    *_AS_STRING, rb"|", *_AS_NUMBER, rb"|", _BLANK, rb'| t="inlineStr"><is>', _T, _VISIBLE, rb"</t></is></c>",
))  # fmt: skip
# Excel 365 marks formulas of whole ranges, and errors that say more.
_MORE: Final = rb'(?: cm="[0-9]{1,5}")?+(?: vm="[0-9]{1,5}")?+>'
_OTHER: Final = rb"".join((
    rb'(?: t="n")?+', _MORE, rb"(?:<v>", _NUMBER, rb"</v>",
    rb"|", _FORMULA, rb"(?:<v>", _NUMBER, rb"</v>|", _NOTHING, rb")?+)</c>",
    rb'| t="str"', _MORE, rb"(?:<v>", _VISIBLE, rb"</v>",
    rb"|", _FORMULA, rb"(?:<v>", _VISIBLE, rb"</v>|", _NOTHING, rb")?+)</c>",
    rb'| t="b"', _MORE, rb"(?:", _FORMULA, rb")?+<v>[01]</v></c>",
    rb'| t="e"', _MORE, rb"(?:", _FORMULA, rb")?+<v>", _ERROR, rb"</v></c>",
))  # fmt: skip


def _rows(contents: bytes) -> re.Pattern[bytes]:
    """Return what finds row after row of cells with `contents`, and in its last group what is no such row.

    No group stands within a repeated one: some versions of Python then mistake its span.
    """
    cell = rb'<c r="[A-Z]{1,3}\1"(?: s="' + _STYLE + rb'")?+(?:' + contents + rb")"
    row = rb'<row r="([1-9][0-9]{0,6})"(' + _ATTRIBUTES + rb")(?:/>|>(?:" + cell + rb")*+</row>)"
    return re.compile(row + rb"|((?s:.+))")


SIMPLE: Final = _rows(_SIMPLE)
"""Finds rows of texts and numbers that are not negative, as (number, attributes, what is no such row)."""


@cache
def plain_rows() -> re.Pattern[bytes]:
    """Return what finds rows that may have formulas, truth values, errors and negative numbers besides, likewise.

    It takes 5 ms to make, and a round often has no such row.
    """
    return _rows(_SIMPLE + rb"|" + _OTHER)


CELLS: Final = re.compile(
    rb'<c r="([A-Z]{1,3})[0-9]+"(?: s="(' + _STYLE + rb')")?(?:( t="s")| t="[a-zA-Z]+")?'
    rb"(?: ?/>|>(?:<v>([.0-9]+)</v>)?</c>)"
)
"""The letters, the style, what says that its value is a string, and the value of each cell of a simple row.

Cells with a text of their own, or a number with an exponent, are left out.
"""


class Column(NamedTuple):
    """A column of simple rows: its letters, its number; whether cells in it have styles, strings, numbers, nothing."""

    letters: bytes
    number: int
    has_styles: bool
    has_strings: bool
    has_numbers: bool
    has_blanks: bool


@lru_cache(100)
def rows_of(columns: tuple[Column, ...]) -> re.Pattern[bytes]:
    """Return what finds row after row with cells in no other than these `columns`, in their order.

    As (number, attributes, what each of the columns has of style, number of a string, number; of another row what
    stands behind its number; what is no row).
    """
    # A group that another stands for, unlike one that may be repeated, has the same span in all versions of Python.
    cells = b"".join(rb"(?:%b|)" % _cell_of(column) for column in columns)
    other = rb"((?:[^<]++|<(?!row ))++)"
    row = (
        rb'<row r="([1-9][0-9]{0,6})"(?:(' + _ATTRIBUTES + rb")(?:/>|>" + cells + rb"</row>)|" + other + rb")"
    )
    return re.compile(row + rb"|((?s:.+))")


def _cell_of(column: Column) -> bytes:
    style = rb'(?: s="(' + _STYLE + rb')"|)' if column.has_styles else b""
    ways = (column.has_strings, _AS_ANY_STRING), (column.has_numbers, _AS_NUMBER)
    contents = [rb"%b(%b)%b" % way for is_there, way in ways if is_there] + [_BLANK] * column.has_blanks
    return rb'<c r="%b\1"' % column.letters + style + rb"(?:" + b"|".join(contents) + rb")"


STRINGS: Final = re.compile(
    "<si><t(" + _KEPT.decode() + ")?+>(" + _TEXT.decode() + ")</t></si>"
    r"|(<si/>|<si>(?:[^<]++|<(?!/?si|[!?]))*+</si>)|((?s:.+))"
)
"""Finds shared strings, one after the other.

As (what says that white space at its ends counts, text, "", ""); of those that consist of more than one text only where
they end is sure: as ("", "", all of it, ""). In the last group is what is none.
"""

FORMULAS: Final = re.compile(rb"<f(" + _ATTRIBUTES + rb")/?>")
"""The attributes of each formula."""

START: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'](?: encoding=["'](?i:utf-8)["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])?\s*\?>)?\s*<(?!\?)"""
)
"""The start of XML in UTF-8."""

_DATA: Final = b"<sheetData>"


def rows_within(xml: bytes) -> Span:
    """Return where the rows of a plain worksheet begin and end; the end is before the start if it is none."""
    start = xml.find(_DATA)
    return (start + len(_DATA), xml.rfind(b"</sheetData>")) if start >= 0 else (0, -1)


def strings_within(xml: bytes) -> Span:
    """Return where the shared strings of a plain part begin and end; the end is before the start if it is none."""
    start = xml.find(b"<sst")
    return (xml.find(b">", start) + 1, xml.rfind(b"</sst>")) if start >= 0 else (0, -1)
