"""What rules may ask of a batch of workbooks beside the rows of their sheets."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from xltrack.checking import reference
from xltrack.checking.rows import FILE, Rows
from xltrack.findings import severity
from xltrack.forms import Column
from xltrack.reading.model import ROW, Workbook

# Nothing shorter can be a mailbox, a telephone number or a personal identification number.
_SUSPECT = r"@|[0-9]([ .-]?[0-9]){8}"
_TEXTS = {FILE: pl.Int32(), "sheet": pl.String(), ROW: pl.Int32(), "column": pl.String(), "text": pl.String()}
_CONTENTS = {
    FILE: pl.Int32(),
    "sheet": pl.String(),
    ROW: pl.Int32(),
    "column": pl.String(),
    "content": pl.UInt64(),
}
_LEAST_FILLED = 3

Sheets = Mapping[str, Rows]


def is_whole(workbook: Workbook) -> bool:
    """Return whether the workbook holds all rows of its return: no correction, not one part of several."""
    cover = workbook.cover
    return cover is None or (cover.submission_kind != "correction" and cover.part_count <= 1)


def _workbooks(workbooks: Sequence[Workbook], sheets: Sheets) -> pl.DataFrame:  # noqa: ARG001  # as RELATIONS asks
    """Return one row a file: `size` counts its rows, `is_whole` asks for the whole return, `is_read` for all sheets.

    Unit, round and the round's data period are null where the cover is not known. A five-year return speaks of the
    years from `first_year` to `year`, any other of `year` alone.
    """
    schema = {
        FILE: pl.Int32(), "size": pl.Int64(), "is_whole": pl.Boolean(), "is_read": pl.Boolean(),
        "unit_code": pl.String(), "year": pl.Int64(), "first_year": pl.Int64(), "data_from": pl.Date(),
        "last_day": pl.Date(), "figures_kind": pl.String(),
    }  # fmt: skip
    rows = [
        (n, _size(book), is_whole(book), _is_read(book), *_round(book)) for n, book in enumerate(workbooks)
    ]
    return pl.DataFrame(rows, schema, orient="row")


def _round(workbook: Workbook) -> tuple[object, ...]:
    cover = workbook.cover
    if cover is None:
        return (None,) * 6
    round_ = cover.round
    first_year = round_.year - 4 if round_.period_kind == "five_year" else round_.year
    return cover.unit.code, round_.year, first_year, round_.data_from, round_.cut_off, cover.figures_kind


def _size(workbook: Workbook) -> int:
    return sum(table.frame.height for table in workbook.tables.values() if table.sheet.layout == "table")


def _is_read(workbook: Workbook) -> bool:
    """Return whether no sheet or column was missing (XLT2xx errors): there may be rows that nobody saw."""
    return not any(f.code.startswith("XLT2") and severity(f) == "error" for f in workbook.findings)


def _unread(workbooks: Sequence[Workbook], sheets: Sheets) -> pl.DataFrame:  # noqa: ARG001  # as RELATIONS asks
    """Return the columns, by sheet id, with a cell that reading refused: sums over them would be wrong."""
    cells = [
        (number, name, finding.column)
        for number, workbook in enumerate(workbooks)
        for name, table in workbook.tables.items()
        for finding in workbook.findings
        if finding.sheet == table.tab and finding.column is not None and severity(finding) == "error"
    ]
    return pl.DataFrame(
        cells, {FILE: pl.Int32, "sheet": pl.String, "column": pl.String}, orient="row"
    ).unique()


def _suspect_texts(workbooks: Sequence[Workbook], sheets: Sheets) -> pl.DataFrame:  # noqa: ARG001  # as RELATIONS asks
    """Return the free texts that have a mailbox or many digits in them, cell by cell."""
    found = [_texts(name, rows, column) for name, rows in sheets.items() for column in _suspect_columns(rows)]
    return pl.concat([pl.DataFrame(schema=_TEXTS), *found])


def _suspect_columns(rows: Rows) -> list[str]:
    free = [column.id for column in rows.sheet.columns if _is_free_text(column)]
    has = rows.frame.select(pl.col(free).str.contains(_SUSPECT).any())
    return [name for name, suspect in zip(free, has.row(0), strict=True) if suspect] if free else []


def _texts(name: str, rows: Rows, column: str) -> pl.DataFrame:
    text = pl.col(column)
    return rows.frame.filter(text.str.contains(_SUSPECT)).select(
        FILE, pl.lit(name).alias("sheet"), ROW, pl.lit(column).alias("column"), text.alias("text")
    )


def _is_free_text(column: Column) -> bool:
    return (
        column.type == "string"
        and column.code_list is None
        and column.checksum is None
        and "pattern" not in column.schema
    )


def _alike(workbooks: Sequence[Workbook], sheets: Sheets) -> pl.DataFrame:  # noqa: ARG001  # as RELATIONS asks
    """Return the rows that say the same as another row of their file under another key; `content` is a hash of it."""
    return pl.concat([pl.DataFrame(schema=_CONTENTS), *_same_contents(sheets)])


def _same_contents(sheets: Sheets) -> Iterator[pl.DataFrame]:
    for name, rows in sheets.items():
        key = rows.sheet.key
        if len(key) == 1 and rows.frame.height > 1:
            others = [column.id for column in rows.sheet.columns if column.id not in key]
            yield (
                rows.frame.lazy()
                .filter(pl.sum_horizontal(pl.col(others).is_not_null()) >= _LEAST_FILLED)
                .select(
                    FILE, pl.lit(name).alias("sheet"), ROW, pl.lit(key[0]).alias("column"),
                    pl.struct(others).hash().alias("content"),
                )
                .filter(pl.struct(FILE, "content").is_duplicated())
                .collect()
            )  # fmt: skip


_OF_BATCH: Mapping[str, Callable[[Sequence[Workbook], Sheets], pl.DataFrame]] = {
    "workbook": _workbooks,
    "unread": _unread,
    "suspect_text": _suspect_texts,
    "alike_row": _alike,
}
RELATIONS = frozenset({*_OF_BATCH, *reference.TABLES})
"""The names of all that rules may ask for beside sheets."""


def batch_relations(workbooks: Sequence[Workbook], sheets: Sheets) -> Mapping[str, pl.DataFrame]:
    """Return by name what rules may ask of `workbooks`, whose rows are `sheets`."""
    return {name: made(workbooks, sheets) for name, made in _OF_BATCH.items()}
