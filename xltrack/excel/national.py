"""The national workbook: one page to read, tables to work with, definitions to rely on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from xltrack.errors import OutputError
from xltrack.excel import national_figures, national_lists, national_proof, national_quality
from xltrack.excel.first_page import NAME as OVERVIEW
from xltrack.excel.national_overview import write_overview
from xltrack.excel.national_page import Look
from xltrack.excel.national_pivots import SHEETS as PIVOTS
from xltrack.excel.national_pivots import write_pivots
from xltrack.excel.national_rows import rows_of, write_row_table
from xltrack.excel.national_source import Source
from xltrack.excel.opc import Package
from xltrack.excel.pivot import Place, add_pivots
from xltrack.excel.refresh import Refused, native_tables, replace_rows
from xltrack.excel.saving import CREATED, new_workbook
from xltrack.excel.tracing import write_traced
from xltrack.files import replace_file
from xltrack.findings.outputs import UNIT, WORKBOOK
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.rollup import Rollup
from xltrack.rollup.row_tables import row_tables

_SHEETS = {
    OVERVIEW: write_overview,
    national_figures.BY_UNIT: national_figures.write_by_unit,
    national_figures.BY_TOOL: national_figures.write_by_tool,
    national_figures.BY_SIZE: national_figures.write_by_size,
    national_figures.FUNDING: national_figures.write_funding,
    national_lists.TARGETS: national_lists.write_targets,
    national_lists.PLAN36: national_lists.write_plan36,
    national_lists.OBSTACLES: national_lists.write_obstacles,
    national_proof.COVERAGE: national_proof.write_coverage,
    national_quality.QUALITY: national_quality.write_quality,
    national_proof.RECONCILIATION: national_proof.write_reconciliation,
    national_proof.DATA: national_proof.write_data,
    national_proof.NOTES: national_proof.write_notes,
}
FIXED_TABS = (OVERVIEW, national_figures.BY_UNIT, national_figures.BY_TOOL, national_figures.BY_SIZE)
"""Sheets by which a workbook is known to hold figures that only a new roll-up changes."""
TABS = (*_SHEETS, *(pivot.tab for pivot in PIVOTS), *(table.title for table in row_tables()))
"""What the sheets are called, in both languages."""
_OF_NATION = (national_proof.write_reconciliation,)
"""What a workbook of one unit does not have: it would compare units."""
_OF_UNIT = Text("Chương trình 1322 và Kế hoạch 36", "Programme 1322 and Plan 36")
_TITLE = Text(
    "Tổng hợp quốc gia: Chương trình 1322 và Kế hoạch 36", "National figures: Programme 1322 and Plan 36"
)


def write_national(
    rollup: Rollup, schemas: Schemas, path: Path, lang: Lang = "vi", notice: Text | None = None
) -> None:
    """Write the workbook of `rollup` to `path`; the same roll-up gives the same bytes. `notice` stands on top.

    That of one unit says so in its properties, so that `refresh` gives it the rows of that unit alone.

    Raises OutputError, also where a table has more rows than a worksheet: nothing is written then.

    Text from received files is written as text, never as a formula or a link. Money is kept in đồng and shown in
    millions.
    """
    source = Source(rollup, schemas, lang, notice)
    tables = rows_of(source)
    frames = {rows.declared.title.to(lang): rows.frame for rows in tables.values()}
    frames[national_proof.DATA.to(lang)] = source.long_table
    places: list[Place] = []

    def put(path: Path, content: bytes) -> None:
        try:
            whole = _complete(content, frames, places, lang)
        except Refused as refusal:
            raise OutputError(path=path, reason=refusal.reason) from refusal
        replace_file(path, whole)

    with new_workbook(path, put) as book:
        book.set_custom_property(WORKBOOK, "national", "text")
        if rollup.unit:
            book.set_custom_property(UNIT, rollup.unit, "text")
        title = f"{source.unit_name}: {_OF_UNIT.to(lang)}" if source.unit_name else _TITLE.to(lang)
        book.set_properties({"title": title, "created": rollup.received_until or CREATED})
        look = Look(book, lang)
        for write in _SHEETS.values():
            if rollup.unit is None or write not in _OF_NATION:
                write(book, look, source)
        places += write_pivots(book, look, tables)
        for rows in tables.values():
            write_row_table(book, look, rows)
        write_traced(book, look.traced)


def _complete(
    content: bytes, frames: Mapping[str, pl.DataFrame], places: Sequence[Place], lang: Lang
) -> bytes:
    """Return the workbook `content` with its pivots, and with rows under the table of each tab in `frames`."""
    package = Package(content)
    for table in native_tables(package):
        if table.tab in frames:
            replace_rows(package, table, frames[table.tab])
    if places:
        add_pivots(package, places, lang)
    return package.to_bytes()
