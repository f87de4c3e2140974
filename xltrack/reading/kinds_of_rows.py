"""Tells the rows below a table's headings apart: records, and what people write between and below them.

A row is no record only where the evidence is plain and what makes a record, its key and the texts required, is
blank beside it. Whatever is in doubt is a record, and the checks complain.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from xltrack.forms import Column, fold
from xltrack.language import Text
from xltrack.reading import words
from xltrack.reading.body import Body, Line
from xltrack.reading.cells import BLANK, Cell, ErrorValue, Uncalculated, raw_text
from xltrack.reading.endings import endings
from xltrack.reading.headings import Known, are_mostly_heads, match_heading
from xltrack.reading.sums import sums_up

_TOP, _BOTTOM = 8, 25
_MOST_GAPS = 300
_RARE = 5
_TOTALS = 3
_SAMPLE, _FEW_VALUES, _LOOKED_AT = 100, 50, 3
_SHORT = 6
_FEWEST_HEADINGS = 3
_SIGNERS = 4
_SIGN_TOGETHER, _MANY_TEXTS = 2, 5
_PROSE = ("footer", "remark", "section", "example", "placeholder")
_MONEY_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
_NUMBERED = re.compile(r"\(?(?P<number>\d{1,2}|[A-Z])\)?\s*(?:=.*)?")


@dataclass(frozen=True)
class OtherTable:
    """Where a further table begins below the first; `title` is that of the sheet of the form whose headings it has."""

    at: int
    title: Text | None


@dataclass(frozen=True)
class Kinds:
    """The rows of a body by their places: `records`, those that are none with the reason, and a further table.

    `like_examples` and `like_totals` give for records that call themselves so the place of the cell that says it.
    """

    records: Sequence[int]
    ignored: Mapping[int, str]
    other: OtherTable | None = None
    like_examples: Mapping[int, int] = field(default_factory=dict)
    like_totals: Mapping[int, int] = field(default_factory=dict)


def kinds_of_rows(body: Body, starts: Iterable[int] = ()) -> Kinds:
    """Return what each row of `body` with content in a column of the sheet is.

    `starts` are the places at which the file itself says that another table begins.
    """
    other = _other_table(body, frozenset(starts))
    filled = body.filled if other is None else [at for at in body.filled if at < other.at]
    repeated = _repeated(body)
    first = {*filled[:_TOP], *(at + step for at in repeated for step in (1, 2))}
    lines = {at: Line.of(body, at) for at in _suspects(body, filled, {*first, *repeated})}
    ignored = _kinds(list(lines.values()), first)
    records = [at for at in filled if at not in ignored] if ignored else filled
    read = [line for line in lines.values() if line.at not in ignored]
    examples = _marks([line for line in read if line.at in first], words.marks_example)
    totals = _marks([line for line in read if not line.is_whole], words.is_total)
    return Kinds(records, dict(sorted(ignored.items())), other, examples, totals)


def _kinds(lines: Sequence[Line], first: Collection[int]) -> dict[int, str]:
    """Return the rows among `lines` that are no records, with the reason; those `first` stand right below headings."""
    ignored = {line.at: reason for line in lines if (reason := _kind(line, line.at in first))}
    keys = _keys_of_their_own(lines, ignored | endings(lines, ignored))
    ignored = {at: reason for at, reason in ignored.items() if at not in keys}
    for further in (endings, _placeholders, _numbers_below):
        ignored |= further([line for line in lines if line.at not in ignored], ignored)
    under = _under_records(lines, ignored)
    return {at: reason for at, reason in ignored.items() if at not in under}


def _suspects(body: Body, filled: Sequence[int], further: set[int]) -> list[int]:
    """Return the rows to look at one by one: those without what makes a record, numerals, and `further`.

    At the bottom, where people sign, those with few cells as well.
    """
    texts = len(body.identity)
    needed = max(texts - (_SIGN_TOGETHER if texts >= _MANY_TEXTS else 1), 1)
    sparse, keyless = body.lacking(body.identity, needed), body.lacking(body.key, len(body.key))
    bottom = (at for at in filled[-_BOTTOM:] if len(body.rows[at]) - body.rows[at].count(BLANK) <= _SIGNERS)
    return sorted((sparse | keyless | further).union(_numerals(body), bottom).intersection(filled))


def _repeated(body: Body) -> list[int]:
    """Return the rows where a column of few different values has its own heading, or its id, for a value."""
    found: set[int] = set()
    by_variety = sorted(body.mapped, key=lambda at: len(set(body.columns[at][:_SAMPLE])))
    for at in by_variety[:_LOOKED_AT]:
        values = set(body.columns[at])
        if len(values) <= _FEW_VALUES:
            own = {value for value in values if _is_head(value, body.mapped[at].id, body.known)}
            found |= {row for row, value in enumerate(body.columns[at]) if value in own} if own else set()
    return sorted(found) if _is_rare(found, body) else []


def _is_rare(rows: Collection[int], body: Body) -> bool:
    """Return whether `rows` are so few that they may stand between records; what is everywhere is a record."""
    return len(rows) * _RARE <= max(len(body.rows), _RARE * _FEW_VALUES)


def _numerals(body: Body) -> list[int]:
    """Return the rows whose first column holds "I", "II.", "A": the first of a section, perhaps."""
    first = body.columns[min(body.mapped)]
    numerals = {
        value
        for value in set(first)
        if isinstance(value, str) and len(value) < _SHORT and words.is_numeral(value)
    }
    found = [at for at, value in enumerate(first) if value in numerals] if numerals else []
    return found if _is_rare(found, body) else []


def _is_head(cell: Cell, column_id: str, known: Known) -> bool:
    return isinstance(cell, str) and (cell.strip() == column_id or match_heading(cell, known) == column_id)


def _kind(line: Line, is_first: bool) -> str | None:
    """Return why `line` is no record, None if it may be one; `is_first` says that it stands right below headings."""
    kinds = _KINDS if is_first else _KINDS_ANYWHERE
    return next((reason for reason, is_kind in kinds.items() if is_kind(line)), None)


def _is_nothing(line: Line) -> bool:
    return not line.cells


def _is_heading(line: Line) -> bool:
    own = sum(
        1
        for place, text in line.texts.items()
        if place in line.body.mapped and _heads_own(line.body, place, text)
    )
    return own > 1 and own * 2 >= len(line.cells)


def _heads_own(body: Body, place: int, text: str) -> bool:
    return _is_head(text, body.mapped[place].id, body.known)


def _is_numbering(line: Line) -> bool:
    """Return whether the cells number the columns, "(1)", "(3)=(1)+(2)", "A", or name their units, "(người)"."""
    return _counts_columns(line) or _is_units(line)


def _counts_columns(line: Line) -> bool:
    found = map(_NUMBERED.fullmatch, map(raw_text, line.cells.values()))
    tokens = [match["number"] for match in takewhile(bool, found) if match]
    letters = [token for token in tokens if not token.isdecimal()]
    numbers = [int(token) for token in tokens if token.isdecimal()]
    if len(tokens) < len(line.cells) or len(tokens) < _FEWEST_HEADINGS:
        return False
    in_order = letters == sorted(set(letters)) and all(
        after - before == 1 for before, after in pairwise(numbers)
    )
    return in_order and tokens == [*letters, *map(str, numbers)]


def _is_units(line: Line) -> bool:
    """Return whether all cells are texts in parentheses, or words where numbers belong: the units of the columns."""
    texts = line.texts
    if len(texts) < len(line.cells) or any(map(words.is_signed, texts.values())):
        return False
    are_bracketed = len(texts) > 1 and all(text[0] == "(" and text[-1] == ")" for text in texts.values())
    return are_bracketed or all(
        place in line.body.added and words.is_bare(text) for place, text in texts.items()
    )


def _is_help(line: Line) -> bool:
    """Return whether most cells repeat what the form asks for in their columns."""
    mapped = line.body.mapped
    said = [
        fold(text) in map(fold, mapped[place].help) for place, text in line.texts.items() if place in mapped
    ]
    return sum(said) * 2 > len(line.cells)


def _is_example(line: Line) -> bool:
    """Return whether the row says that it is an example and has no key, or is the whole one that the form declares.

    A key that says so itself is none; neither is one behind "VD" in place of the number of the row.
    """
    marked = _mark(line, words.marks_example)
    if marked is None or _is_declared_example(line):
        return marked is not None or _is_declared_example(line)
    keys = [line.texts.get(place, "") for place in line.body.key if place in line.cells]
    is_first = marked < min(line.body.mapped)
    return is_first or not keys or any(map(words.marks_example, keys))


def _mark(line: Line, says: Callable[[str], bool]) -> int | None:
    """Return the place of the text by which the row `says` what it is, None if it does not."""
    places = {*line.body.identity, *(place for place in line.cells if place not in line.body.mapped)}
    return next((at for at, text in line.texts.items() if at in places and says(text)), None)


def _marks(lines: Iterable[Line], says: Callable[[str], bool]) -> dict[int, int]:
    found = ((line, _mark(line, says)) for line in lines)
    return {line.at: place for line, place in found if place is not None and place in line.body.mapped}


def _is_declared_example(line: Line) -> bool:
    # A part of the example may be anybody's.
    declared = {at: column for at, column in line.body.mapped.items() if column.example is not None}
    return len(declared) > 1 and all(
        at in line.cells and _has_example(column, line.cells[at]) for at, column in declared.items()
    )


def _has_example(column: Column, cell: Cell) -> bool:
    """Return whether `cell` holds the example of `column`; codes and truth values have too many spellings to say no."""
    example = column.example
    if isinstance(example, bool) or column.code_list is not None:
        return True
    if isinstance(example, str):
        shown = "/".join(reversed(example.split("-"))) if column.type == "date" else example
        return fold(raw_text(cell)) == fold(shown)
    return isinstance(cell, int | float) and any(cell * unit == example for unit in _MONEY_UNITS)


def _is_total(line: Line) -> bool:
    texts = line.texts
    said = (texts.get(place, "") for place in line.named)
    is_headed = all(words.is_numeral(text) or words.is_total(text) for text in said)
    return is_headed and any(map(words.is_total, texts.values()))


def _is_section(line: Line) -> bool:
    """Return whether a text alone heads the rows below: "I. …", a numeral beside a text, a text across columns."""
    places = list(line.texts)
    if len(places) == 1:
        alone = line.texts[places[0]]
        is_headed = words.is_section(alone) or words.is_table_title(alone)
        return line.has_only(*places) and (is_headed or line.at in line.body.bands)
    if len(places) != 2 or not words.is_numeral(line.texts[places[0]]):
        return False
    column = line.body.mapped.get(places[1])
    return line.has_only(*places) and (
        column is None or (column.type == "string" and column.code_list is None)
    )


def _keys_of_their_own(lines: Sequence[Line], ignored: Mapping[int, str]) -> set[int]:
    """Return the rows taken for headings of groups that no record with a key follows: "A", "B" are the keys then."""
    doubtful = [
        line for line in lines if line.has_key and ignored.get(line.at) == "section" and not _is_band(line)
    ]
    if not doubtful:
        return set()
    body = doubtful[0].body
    keyed = (at for at in reversed(body.filled) if at not in ignored and Line.of(body, at).has_key)
    last = next(keyed, -1)
    return {line.at for line in doubtful if line.at > last}


def _is_band(line: Line) -> bool:
    return line.at in line.body.bands


def _under_records(lines: Sequence[Line], ignored: Mapping[int, str]) -> set[int]:
    """Return the rows that lie under a merged cell of a record: they belong to the same thing, and are records too."""
    tops = {line.at: line.body.joined[line.at] for line in lines if line.at in line.body.joined}
    filled = set(lines[0].body.filled) if tops else set()
    return {
        at for at, top in tops.items() if ignored.get(at) in _PROSE and top in filled and top not in ignored
    }


_KINDS_ANYWHERE: Mapping[str, Callable[[Line], bool]] = {
    "nothing": _is_nothing,
    "heading": _is_heading,
    "total": _is_total,
    "section": _is_section,
}
_KINDS: Mapping[str, Callable[[Line], bool]] = {
    **{reason: _KINDS_ANYWHERE[reason] for reason in ("nothing", "heading")},
    "help": _is_help,
    "numbering": _is_numbering,
    "example": _is_example,
    **_KINDS_ANYWHERE,
}


def _placeholders(lines: Sequence[Line], _: Mapping[int, str]) -> dict[int, str]:
    """Return the rows without key that say nothing: a row number alone, FALSE and 0, choices that other rows repeat."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for line in (line for line in lines if not all(place in line.cells for place in line.body.identity)):
        said = {place: cell for place, cell in line.cells.items() if _says_something(line.body, place, cell)}
        are_formulas = all(isinstance(cell, ErrorValue | Uncalculated) for cell in said.values())
        if are_formulas or all(_may_be_preset(line.body, place, cell) for place, cell in said.items()):
            groups[tuple(f"{place} {_pattern(cell)}" for place, cell in said.items())].append(line.at)
    return {
        at: "placeholder" for said, places in groups.items() for at in places if len(places) > 1 or not said
    }


def _says_something(body: Body, place: int, cell: Cell) -> bool:
    """Return whether `cell` is more than the number of its row, which may be filled in beforehand, FALSE or 0."""
    column = body.mapped.get(place)
    return column is not None and cell != 0 and not (column.type == "integer" and place in body.key)


def _may_be_preset(body: Body, place: int, cell: Cell) -> bool:
    """Return whether a template may have filled in `cell`: a choice, yes or no, a year, a formula where none is needed.

    A formula that gives what is required was typed by somebody who had something to report.
    """
    column = body.mapped[place]
    if isinstance(cell, ErrorValue | Uncalculated):
        return place not in body.needed
    if isinstance(cell, bool) or column.code_list is not None:
        return True
    return (
        column.type == "integer" and not column.money and isinstance(cell, int | float) and 2000 < cell < 2100
    )


def _pattern(cell: Cell) -> str:
    return "=" if isinstance(cell, ErrorValue | Uncalculated) else raw_text(cell)


def _numbers_below(lines: Sequence[Line], ignored: Mapping[int, str]) -> dict[int, str]:
    """Return the rows below all records that hold only numbers: the sum of what is above, or sums done aside."""
    bare = {line.at: line for line in lines if line.has_only()}
    body = next((line.body for line in bare.values()), None)
    records = [at for at in body.filled if at not in ignored and at not in bare] if body else []
    below = [line for at, line in bare.items() if records and at > records[-1]]
    found = {line.at: "total" for line in below[:_TOTALS] if sums_up(line, records)}
    for line in below:
        if found.get(line.at - 1) == "scratch" or _is_gap(line.body, line.at - 1):
            found.setdefault(line.at, "scratch")
    return found


def _is_gap(body: Body, at: int) -> bool:
    return all(body.columns[place][at] == BLANK for place in body.mapped)


def _other_table(body: Body, starts: frozenset[int]) -> OtherTable | None:
    """Return the first row, below a blank one, from which on another table stands; None if there is none."""
    for at in body.below_gaps[:_MOST_GAPS]:
        line = Line.of(body, at)
        alone = next(iter(line.texts.values())) if len(line.cells) == len(line.texts) == 1 else ""
        title = _headed_sheet(body, at) or (_headed_sheet(body, at + 1) if alone else None)
        is_start = at in starts and not _is_heading(line)
        if title or is_start or (words.is_table_title(alone) and _is_foreign(body, at)):
            return OtherTable(at, title)
    return None


def _is_foreign(body: Body, title: int) -> bool:
    """Return whether headings of another table follow the row at `title`, and no row below could be a record.

    A title alone only divides this table: what goes on below it by the same columns is read.
    """
    below = [Line.of(body, at) for at in body.filled if at > title]
    if not below:
        return True
    heads, *rows = below
    are_heads = len(heads.texts) == len(heads.cells) > 1 and all(map(words.is_bare, heads.texts.values()))
    return are_heads and not _is_heading(heads) and not any(_is_record(row, title) for row in rows)


def _is_record(line: Line, title: int) -> bool:
    """Return whether the row may be one of those above `title`: these very headings, or all that makes a record."""
    return _is_heading(line) or (line.is_whole and not line.counts_for_words(title))


def _headed_sheet(body: Body, at: int) -> Text | None:
    """Return the title of the sheet whose headings stand in the row at `at`, unless they are this table's own again."""
    cells = [cell for cell in body.rows[at] if cell != BLANK] if at < len(body.rows) else []
    if len(cells) < _FEWEST_HEADINGS or not all(isinstance(cell, str) for cell in cells):
        return None
    if _is_heading(Line.of(body, at)):
        return None
    for known in (body.known, *body.others):
        heads = {found for cell in cells if (found := match_heading(cell, known))}
        if are_mostly_heads(len(heads), len(cells)):
            return known.title
    return None
