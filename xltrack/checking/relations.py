"""What rules may ask of a batch of workbooks beside the rows of their sheets."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress

import polars as pl

from xltrack.checking import reference
from xltrack.checking.rows import FILE, Rows
from xltrack.findings import severity
from xltrack.forms import Column
from xltrack.reading.model import ROW, Workbook

# Nothing shorter can be a mailbox, a telephone number or a personal identification number.
_SUSPECT = r"@|[0-9]([ .()-]{0,3}[0-9]){8}"
_LEAST_FILLED = 3
_FIRST = 3

Sheets = Mapping[str, Rows]


def is_whole(workbook: Workbook) -> bool:
    """Return whether the workbook holds all rows of its return: no correction, not one part of several."""
    cover = workbook.cover
    return cover is None or (cover.submission_kind != "correction" and cover.part_count <= 1)


def batch_relations(workbooks: Sequence[Workbook], sheets: Sheets) -> Mapping[str, pl.DataFrame]:
    """Return by name what rules may ask of `workbooks`, whose rows are `sheets`; see SCHEMAS for the columns."""
    unread = pl.DataFrame(_unread(workbooks), dict(SCHEMAS["unread"]), orient="row")
    facts = [(number, *_facts(book)) for number, book in enumerate(workbooks)]
    return {
        "workbook": pl.DataFrame(facts, dict(SCHEMAS["workbook"]), orient="row"),
        "unread": unread,
        "suspect_text": _of("suspect_text", _texts(sheets)),
        "alike_row": _of("alike_row", _same_contents(sheets, unread)),
    }


def _of(name: str, frames: Iterator[pl.LazyFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=SCHEMAS[name]), *pl.collect_all(frames)])


def _facts(workbook: Workbook) -> tuple[object, ...]:
    size = sum(table.frame.height for table in workbook.tables.values() if table.sheet.layout == "table")
    return size, is_whole(workbook), _is_read(workbook), *_round(workbook)


def _is_read(workbook: Workbook) -> bool:
    return not any(f.code.startswith("XLT2") and severity(f) == "error" for f in workbook.findings)


def _round(workbook: Workbook) -> tuple[object, ...]:
    cover = workbook.cover
    if cover is None:
        return (None,) * 5
    round_ = cover.round
    first_year = round_.year - 4 if round_.period_kind == "five_year" else round_.year
    return cover.unit.code, round_.year, first_year, round_.data_from, round_.cut_off


def _unread(workbooks: Sequence[Workbook]) -> list[tuple[int, str, int, str]]:
    found = {
        (number, name, finding.row or 0, finding.column)
        for number, workbook in enumerate(workbooks)
        for name, table in workbook.tables.items()
        for finding in workbook.findings
        if finding.sheet == table.tab and finding.column is not None and severity(finding) == "error"
    }
    return sorted(found)


def _texts(sheets: Sheets) -> Iterator[pl.LazyFrame]:
    for name, rows in sheets.items():
        free = [column.id for column in rows.sheet.columns if _is_free_text(column)]
        if free and rows.frame.height:
            found = rows.frame.select(pl.col(free).str.contains(_SUSPECT).any()).row(0)
            for column in compress(free, found):
                suspect = rows.frame.lazy().filter(pl.col(column).str.contains(_SUSPECT))
                at = (FILE, pl.lit(name).alias("sheet"), ROW, pl.lit(column).alias("column"))
                yield suspect.select(*at, pl.col(column).alias("text"))


def _is_free_text(column: Column) -> bool:
    is_coded = column.code_list is not None or column.checksum is not None or "pattern" in column.schema
    return column.type == "string" and not is_coded


def _same_contents(sheets: Sheets, unread: pl.DataFrame) -> Iterator[pl.LazyFrame]:
    for name, rows in sheets.items():
        key = rows.sheet.key
        if len(key) == 1 and rows.frame.height > 1:
            others = [column.id for column in rows.sheet.columns if column.id not in key]
            # Of most sheets the first of them say that there are none, of most others hashes of all: both cost little.
            if all(_repeat(rows, columns) for columns in (others[:_FIRST], others)):
                yield _alike(rows, others, unread.lazy().filter(pl.col("sheet") == name))


def _repeat(rows: Rows, columns: Sequence[str]) -> bool:
    return bool(rows.frame.select(pl.struct(FILE, *columns).hash().is_duplicated().any()).item())


def _alike(rows: Rows, others: Sequence[str], unread: pl.LazyFrame) -> pl.LazyFrame:
    (key,) = rows.sheet.key
    return (
        rows.frame.lazy()
        .filter(
            pl.sum_horizontal(pl.col(others).is_not_null()) >= _LEAST_FILLED,
            ~pl.struct(FILE, key).is_duplicated(),
        )
        .join(unread, on=[FILE, ROW], how="anti")
        .select(
            FILE, pl.lit(rows.sheet.id).alias("sheet"), ROW, pl.lit(key).alias("column"),
            pl.struct(others).hash().alias("content"),
        )
        .filter(pl.struct(FILE, "content").is_duplicated())
    )  # fmt: skip


_CELL: Mapping[str, pl.DataType] = {
    FILE: pl.Int32(),
    "sheet": pl.String(),
    ROW: pl.Int32(),
    "column": pl.String(),
}
SCHEMAS: Mapping[str, Mapping[str, pl.DataType]] = {
    "workbook": {
        FILE: pl.Int32(), "size": pl.Int64(), "is_whole": pl.Boolean(), "is_read": pl.Boolean(),
        "unit_code": pl.String(), "year": pl.Int64(), "first_year": pl.Int64(), "data_from": pl.Date(),
        "last_day": pl.Date(),
    },
    "unread": {FILE: pl.Int32(), "sheet": pl.String(), ROW: pl.Int32(), "column": pl.String()},
    "suspect_text": {**_CELL, "text": pl.String()},
    "alike_row": {**_CELL, "content": pl.UInt64()},
}  # fmt: skip
"""The columns of what rules may ask of a batch.

workbook: one row a file; `size` counts its rows, `is_whole` says that they are all of its return, `is_read` that no
sheet or column was missing, behind which there may be rows that nobody saw. Unit, round and the round's period of data
are null where the cover is not known; a five-year return speaks of the years from `first_year` to `year`, any other of
`year` alone.
unread: the cells that reading refused (row 0: all of a column): blank here, but nobody knows what stands in them. Sums
over their columns would be wrong.
suspect_text: the cells of free text with a mailbox or many digits in them.
alike_row: the rows that say the same as another row of their file under another key; `content` is a hash of it. Rows
with a cell that was refused say what nobody knows.
"""
RELATIONS = frozenset({*SCHEMAS, *reference.TABLES})
"""The names of all that rules may ask for beside sheets."""
