"""The rows of one sheet from many workbooks, one below the other, each knowing its cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import polars as pl

from xltrack.findings import Finding, severity
from xltrack.forms import Sheet
from xltrack.reading.appearance import merged_cells
from xltrack.reading.model import ROW, Table, Workbook
from xltrack.reading.privacy import sayable

FILE = "_file"
AT = "_at"


@dataclass(frozen=True)
class Rows:
    """One sheet of all the workbooks that have it.

    `frame` has `_at` (position), `_file` (the number of the workbook in the batch), `_row` (row number in the
    file) and the declared columns, typed. `tables` are the sheets by file number, `refused` the (file, tab, cell)
    that already carry an error from reading: what stands there is unknown.
    """

    sheet: Sheet
    frame: pl.DataFrame
    tables: Mapping[int, Table]
    refused: frozenset[tuple[int, str, str]]

    @cached_property
    def places(self) -> Sequence[tuple[int, int]]:
        """Return the file number and row number of every position."""
        return self.frame.select(FILE, ROW).rows()

    def position(self, file: int, row: int) -> int:
        """Return the position of a row of a file."""
        return self._positions[file, row]

    @cached_property
    def _positions(self) -> Mapping[tuple[int, int], int]:
        return {place: at for at, place in enumerate(self.places)}

    def raw(self, at: int, column: str) -> str | None:
        """Return what stood in the cell, as text; None if it was blank."""
        file, _ = self.places[at]
        return self.tables[file].raw.at(column, at - self._starts[file])

    @cached_property
    def _starts(self) -> Mapping[int, int]:
        """Return the position of the first row of each file."""
        heights = (table.frame.height for table in self.tables.values())
        return dict(zip(self.tables, accumulate(heights, initial=0), strict=False))

    def cell(self, at: int, column: str) -> str | None:
        """Return the address of `column` at the position, None if the file lacks the column."""
        file, row = self.places[at]
        return self.tables[file].cell(column, row)

    def unread(self, at: int, column: str) -> bool:
        """Return whether reading already refused what stands in this cell."""
        if not self.refused:
            return False
        file, _ = self.places[at]
        return (file, self.tables[file].tab, self.cell(at, column) or "") in self.refused

    def lacking(self, at: int, column: str) -> bool:
        """Return whether the file of this position has no such column at all."""
        return column not in self.tables[self.places[at][0]].addresses

    def finding(self, code: str, at: int, column: str, facts: Mapping[str, object]) -> Finding:
        """Return the finding `code` on the cell of `column`; `title`, its heading, joins the facts."""
        file, number = self.places[at]
        table, declared = self.tables[file], self.sheet.by_id[column]
        raw = self.raw(at, column)
        row, cell = table.place(column, number)
        return Finding(
            code=code,
            sheet=table.tab,
            row=row,
            cell=cell,
            column=column,
            value=None if raw is None else sayable(declared, raw),
            facts={"title": declared.title, **facts},
        )


Located = tuple[int, Finding]


def gather(workbooks: Sequence[Workbook]) -> dict[str, Rows]:
    """Return the sheets of `workbooks` (all of one form) by sheet id; a workbook's number is its position."""
    refused = frozenset(_refused(workbooks))
    tables: dict[str, dict[int, Table]] = {}
    for number, workbook in enumerate(workbooks):
        for name, table in workbook.tables.items():
            tables.setdefault(name, {})[number] = table
    return {name: _below_one_another(found, refused) for name, found in tables.items()}


def _refused(workbooks: Sequence[Workbook]) -> Iterator[tuple[int, str, str]]:
    for number, workbook in enumerate(workbooks):
        for finding in workbook.findings:
            if finding.sheet is not None and finding.cell is not None and severity(finding) == "error":
                yield from ((number, finding.sheet, cell) for cell in (finding.cell, *merged_cells(finding)))


def _below_one_another(tables: Mapping[int, Table], refused: frozenset[tuple[int, str, str]]) -> Rows:
    sheet = next(iter(tables.values())).sheet
    filled = [table for table in tables.values() if table.frame.height] or [*tables.values()][:1]
    frame = pl.concat([table.frame for table in filled]).with_row_index(AT)
    return Rows(sheet, frame.insert_column(1, _numbers(tables)), tables, refused)


def _numbers(tables: Mapping[int, Table]) -> pl.Series:
    """Return the file number of every row."""
    found = pl.Series(FILE, [], pl.Int32)
    for number, table in tables.items():
        found.append(pl.Series([number], dtype=pl.Int32).new_from_index(0, table.frame.height))
    return found
