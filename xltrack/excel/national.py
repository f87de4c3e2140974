"""The national workbook: one page to read, tables to work with, definitions to rely on."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from io import BytesIO
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from xltrack.errors import OutputError
from xltrack.excel import national_figures, national_lists, national_proof, national_quality
from xltrack.excel.age import figures_of
from xltrack.excel.national_overview import NAME as OVERVIEW
from xltrack.excel.national_overview import write_overview
from xltrack.excel.national_page import Look
from xltrack.excel.national_pivots import SHEETS as PIVOTS
from xltrack.excel.national_pivots import write_pivots
from xltrack.excel.national_rows import Rows, rows_of, write_row_table
from xltrack.excel.national_source import Names, Source
from xltrack.excel.opc import Package
from xltrack.excel.pivot import Place, add_pivots
from xltrack.excel.properties_xml import seal
from xltrack.excel.refresh import ROWS, Begun, Refused, begin_rows, native_tables, replace_rows
from xltrack.excel.saving import CREATED, new_workbook
from xltrack.excel.threads import threads
from xltrack.excel.tracing import write_traced
from xltrack.files import replace_file
from xltrack.findings.outputs import FIGURES, PERIOD, SEAL, UNIT, WORKBOOK
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
DATED_TABS = tuple(tab for tab in _SHEETS if tab != national_proof.DATA)
"""Sheets of fixed figures that say when tables have others; the long table is too long to be opened for that."""
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
    """Write the workbook of `rollup` to `path`, as `National.write`."""
    with threads() as workers:
        book = National(schemas, lang, workers)
        book.take_rows(rollup.rows, rollup.units, rollup.unit)
        book.write(rollup, path, notice)


class National:
    """The national workbook in the making: its rows are made by `workers` from the moment that they are known."""

    def __init__(self, schemas: Schemas, lang: Lang, workers: Executor) -> None:
        """Begin a workbook without anything in the language `lang`."""
        self._names = Names(schemas, lang)
        self._workers = workers
        self._tables: Mapping[str, Rows] = {}
        self._begun: Mapping[str, Begun] = {}

    def take_rows(
        self, rows: Mapping[str, pl.DataFrame], units: pl.DataFrame, unit: str | None = None
    ) -> None:
        """Take the rows of all tables (`rows`, `units` and `unit` as in a roll-up) and begin to make them."""
        self._tables = rows_of(self._names, rows, units, unit)
        apart = Workbook(BytesIO())
        look = Look(apart, self._names.lang)
        self._begun = {
            table.declared.title.to(self._names.lang): begin_rows(
                table.frame, write_row_table(apart, look, table), self._workers
            )
            for table in self._tables.values()
            if 0 < table.frame.height < ROWS
        }

    def write(self, rollup: Rollup, path: Path, notice: Text | None = None) -> None:
        """Write the workbook of `rollup` to `path`; the same roll-up gives the same bytes. `notice` stands on top.

        That of one unit says so in its properties, so that `refresh` gives it the rows of that unit alone.

        Raises OutputError, also where a table has more rows than a worksheet: nothing is written then.

        Text from received files is written as text, never as a formula or a link. Money is kept in đồng and shown in
        millions.
        """
        source = Source(self._names.schemas, self._names.lang, rollup, notice)
        places: list[Place] = []

        def put(path: Path, content: bytes) -> None:
            try:
                whole = self._complete(content, source, places)
            except Refused as refusal:
                raise OutputError(path=path, reason=refusal.reason) from refusal
            replace_file(path, whole)

        with new_workbook(path, put) as book:
            places += self._written(book, source)

    def _written(self, book: Workbook, source: Source) -> list[Place]:
        """Write all sheets, but for rows and pivots; return where those go."""
        rollup, lang = source.rollup, source.lang
        book.set_custom_property(WORKBOOK, "national", "text")
        book.set_custom_property(SEAL, "-", "text")  # comes when all else is there
        book.set_custom_property(PERIOD, rollup.period_kind, "text")
        if rollup.unit:
            book.set_custom_property(UNIT, rollup.unit, "text")
        else:
            book.set_custom_property(FIGURES, figures_of(rollup), "text")
        title = f"{source.unit_name}: {_OF_UNIT.to(lang)}" if source.unit_name else _TITLE.to(lang)
        book.set_properties({"title": title, "created": rollup.received_until or CREATED})
        look = Look(book, lang)
        for write in _SHEETS.values():
            if rollup.unit is None or write not in _OF_NATION:
                write(book, look, source)
        places = write_pivots(book, look, self._tables)
        for rows in self._tables.values():
            write_row_table(book, look, rows)
        write_traced(book, look.traced)
        return places

    def _complete(self, content: bytes, source: Source, places: Sequence[Place]) -> bytes:
        """Return the workbook `content` with its pivots, and with rows under its tables of rows."""
        frames = {rows.declared.title.to(source.lang): rows.frame for rows in self._tables.values()}
        frames[national_proof.DATA.to(source.lang)] = source.long_table
        package = Package(content)
        for table in native_tables(package):
            if table.tab in frames:
                replace_rows(package, table, frames[table.tab], self._begun.get(table.tab))
        if places:
            add_pivots(package, places, source.lang)
        seal(package)
        return package.to_bytes()
