"""What stands below the headings of a table, and one row of it that may be no record."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, pairwise

from xltrack.forms import Column, Sheet
from xltrack.reading import words
from xltrack.reading.cells import BLANK, Cell, Rows, raw_text
from xltrack.reading.headings import Known, Layout
from xltrack.reading.text import clean, is_nothing


@dataclass(frozen=True)
class Body:
    """What stands below the headings of a table: `columns`, one per place.

    `bands` are the places of rows with a cell that is merged over several columns, `joined` gives for each row that
    lies under a cell of the key or required, merged downwards, the row of that cell; `known` are the headings of the
    sheet, `others` those of the form's further table sheets.
    """

    sheet: Sheet
    layout: Layout
    columns: Sequence[Sequence[Cell]]
    known: Known
    others: Sequence[Known] = ()
    bands: frozenset[int] = frozenset()
    joined: Mapping[int, int] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        """Return the same by rows."""
        return Rows(self.columns)

    @cached_property
    def mapped(self) -> Mapping[int, Column]:
        """Return the columns of the sheet by their places."""
        return {
            at: self.sheet.by_id[column_id]
            for column_id, at in sorted(self.layout.columns.items(), key=_place)
        }

    @cached_property
    def added(self) -> frozenset[int]:
        """Return the places of the columns that a total adds up: numbers that are no part of the key."""
        return frozenset(
            at
            for at, column in self.mapped.items()
            if column.type in ("integer", "number") and column.id not in self.sheet.key
        )

    @cached_property
    def identity(self) -> tuple[int, ...]:
        """Return the places of the columns without which a row is no record: the key, and the texts required."""
        texts = [at for at in self.mapped if at not in self.added]
        needed = [at for at in texts if self.mapped[at].required or self.mapped[at].id in self.sheet.key]
        return tuple(needed if len(needed) > 1 else texts)

    @cached_property
    def key(self) -> tuple[int, ...]:
        """Return the places of the columns of the key."""
        return tuple(at for at, column in self.mapped.items() if column.id in self.sheet.key)

    @cached_property
    def needed(self) -> frozenset[int]:
        """Return the places of the columns of the key and of those that are required."""
        return frozenset(
            at for at, column in self.mapped.items() if column.required or column.id in self.sheet.key
        )

    @cached_property
    def filled(self) -> Sequence[int]:
        """Return the places of the rows that have content in a column of the sheet."""
        bare = self.lacking(self.mapped, len(self.mapped))
        every = range(len(self.rows))
        return [at for at in every if at not in bare] if bare else every

    @cached_property
    def below_gaps(self) -> list[int]:
        """Return the places of those of them right above which stand rows that have none."""
        if len(self.filled) == len(self.rows):
            return []
        return [after for before, after in pairwise([-1, *self.filled]) if after - before > 1]

    def lacking(self, places: Collection[int], needed: int) -> set[int]:
        """Return the places of the rows in which at least `needed` of the columns at `places` are blank."""
        columns = [self.columns[at] for at in places]
        whole = (column for column in columns if BLANK not in column)
        if len(columns) < needed or any(True for _ in islice(whole, len(columns) - needed, None)):
            return set()
        gaps = [column for column in columns if BLANK in column]
        return {at for at, row in enumerate(zip(*gaps, strict=True)) if row.count(BLANK) >= needed}

    def says_nothing(self, place: int, cell: Cell) -> bool:
        """Return whether `cell` at `place` says that there is nothing; "Không" to a question is an answer."""
        column = self.mapped.get(place)
        is_free = column is not None and column.type == "string"
        is_answer = column is not None and column.type == "boolean"
        return isinstance(cell, str) and is_nothing(cell, is_free=is_free) and not is_answer


def _place(entry: tuple[str, int]) -> int:
    return entry[1]


@dataclass(frozen=True)
class Line:
    """One row of a body: the cells with content from the left to the table's last column, by place."""

    at: int
    body: Body
    cells: Mapping[int, Cell]

    @classmethod
    def of(cls, body: Body, at: int) -> "Line":
        """Return the row at the place `at` of `body`; cells that say "-" or "không có" are as good as blank."""
        row = enumerate(body.rows[at][: max(body.mapped) + 1])
        said = {place: clean(cell) if isinstance(cell, str) else cell for place, cell in row if cell != BLANK}
        return cls(
            at, body, {place: cell for place, cell in said.items() if not body.says_nothing(place, cell)}
        )

    @cached_property
    def texts(self) -> Mapping[int, str]:
        """Return the texts among the cells."""
        return {place: cell for place, cell in self.cells.items() if isinstance(cell, str)}

    @property
    def named(self) -> Iterator[int]:
        """Yield the places with content in the columns of the sheet that no total adds up."""
        return (place for place in self.cells if place in self.body.mapped and place not in self.body.added)

    @property
    def makes_record(self) -> bool:
        """Return whether a column of the key, or one that is required, has content."""
        return not self.body.needed.isdisjoint(self.cells)

    @property
    def has_key(self) -> bool:
        """Return whether a column of the key has content."""
        return any(place in self.cells for place in self.body.key)

    @property
    def is_whole(self) -> bool:
        """Return whether all that makes a record has content: the key and the texts required."""
        return all(place in self.cells for place in self.body.identity)

    def counts_for_words(self, end: int) -> bool:
        """Return whether a number stands where all rows above the place `end` have words without a digit."""
        counts = (place for place in self.body.identity if place in self.cells and place not in self.texts)
        return any(_are_bare(self.body.columns[place][:end]) for place in counts)

    def has_only(self, *places: int) -> bool:
        """Return whether no column of the sheet has content but those at `places` and those that totals add up."""
        return all(place in places for place in self.named)


def _are_bare(cells: Sequence[Cell]) -> bool:
    said = [raw_text(cell) for cell in cells if cell != BLANK]
    return bool(said) and all(map(words.is_bare, said))
