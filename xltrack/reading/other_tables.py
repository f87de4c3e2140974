"""Tells where another table begins below that of the form, on the same worksheet."""

from dataclasses import dataclass

from xltrack.language import Text
from xltrack.reading import words
from xltrack.reading.body import Body, Line
from xltrack.reading.cells import BLANK
from xltrack.reading.headings import match_heading

_MOST_GAPS = 300
_FEWEST_HEADINGS = 3


@dataclass(frozen=True)
class OtherTable:
    """Where a further table begins below the first; `title` is that of the sheet of the form whose headings it has."""

    at: int
    title: Text | None


def other_table(body: Body, starts: frozenset[int]) -> OtherTable | None:
    """Return the first row, below a blank one, from which on another table stands; None if there is none."""
    for at in body.below_gaps[:_MOST_GAPS]:
        line = Line.of(body, at)
        alone = next(iter(line.texts.values())) if len(line.cells) == len(line.texts) == 1 else ""
        title = _headed_sheet(body, at) or (_headed_sheet(body, at + 1) if alone else None)
        is_start = at in starts and not line.is_heading
        is_named = words.is_table_title(alone) and _is_foreign(body, at)
        if title or is_start or is_named or _has_its_own(body, at + 1 if alone else at):
            return OtherTable(at, title)
    return None


def _has_its_own(body: Body, at: int) -> bool:
    """Return whether headings of another table stand in the row at `at`, below it figures, and nothing like a record.

    Where the headings fill all that makes a record, numbers must stand where records have words.
    """
    heads = Line.of(body, at) if at < len(body.rows) else None
    if heads is None or not _are_heads(heads):
        return False
    below = [Line.of(body, row) for row in body.filled if row > at]
    if any(_resembles_record(row, at) for row in below):
        return False
    has_figures = any(len(row.texts) < len(row.cells) for row in below)
    return has_figures and (not heads.is_whole or any(row.counts_for_words(at) for row in below))


def _are_heads(line: Line) -> bool:
    """Return whether the row holds nothing but words, neither this table's headings nor those of people who sign."""
    texts = line.texts.values()
    are_bare = len(texts) == len(line.cells) > 1 and all(map(words.is_bare, texts))
    are_signed = any(map(words.is_signature, texts)) or all(map(words.is_person, texts))
    return are_bare and not are_signed and not line.is_heading


def _resembles_record(line: Line, end: int) -> bool:
    """Return whether the row may be one of those above `end`: `_is_record`, or half of what a record needs."""
    needed = line.body.needed
    is_half = 2 * sum(place in line.cells for place in needed) >= len(needed)
    return line.is_heading or (is_half and not line.counts_for_words(end))


def _is_foreign(body: Body, title: int) -> bool:
    """Return whether headings of another table follow the row at `title`, and no row below could be a record.

    A title alone only divides this table: what goes on below it by the same columns is read.
    """
    below = [Line.of(body, at) for at in body.filled if at > title]
    if not below:
        return True
    heads, *rows = below
    return _are_heads(heads) and not any(_is_record(row, title) for row in rows)


def _is_record(line: Line, title: int) -> bool:
    """Return whether the row may be one of those above `title`: these very headings, or all that makes a record."""
    return line.is_heading or (line.is_whole and not line.counts_for_words(title))


def _headed_sheet(body: Body, at: int) -> Text | None:
    """Return the title of the sheet whose headings stand in the row at `at`, unless they are this table's own again."""
    cells = [cell for cell in body.rows[at] if cell != BLANK] if at < len(body.rows) else []
    if len(cells) < _FEWEST_HEADINGS or not all(isinstance(cell, str) for cell in cells):
        return None
    if Line.of(body, at).is_heading:
        return None
    for known in (body.known, *body.others):
        heads = {found for cell in cells if (found := match_heading(cell, known))}
        if len(heads) >= _FEWEST_HEADINGS and len(heads) * 2 > len(cells):
            return known.title
    return None
