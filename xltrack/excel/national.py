"""The national workbook: one page to read, tables to work with, definitions to rely on."""

from pathlib import Path

from xltrack.excel import national_figures, national_lists, national_proof, national_quality
from xltrack.excel.national_overview import write_overview
from xltrack.excel.national_page import Look
from xltrack.excel.national_source import Source
from xltrack.excel.saving import CREATED, new_workbook
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.rollup import Rollup

_SHEETS = (
    write_overview,
    national_figures.write_by_unit,
    national_figures.write_by_tool,
    national_figures.write_by_size,
    national_figures.write_funding,
    national_lists.write_targets,
    national_lists.write_plan36,
    national_lists.write_obstacles,
    national_proof.write_coverage,
    national_quality.write_quality,
    national_proof.write_reconciliation,
    national_proof.write_data,
    national_proof.write_notes,
)
_TITLE = Text(
    "Tổng hợp quốc gia: Chương trình 1322 và Kế hoạch 36", "National figures: Programme 1322 and Plan 36"
)


def write_national(rollup: Rollup, schemas: Schemas, path: Path, lang: Lang = "vi") -> None:
    """Write the workbook of `rollup` to `path`; the same roll-up gives the same bytes. Raises OutputError.

    Text from received files is written as text, never as a formula or a link. Money is kept in đồng and shown in
    millions.
    """
    source = Source(rollup, schemas, lang)
    with new_workbook(path) as book:
        book.set_properties({"title": _TITLE.to(lang), "created": rollup.received_until or CREATED})
        look = Look(book)
        for write in _SHEETS:
            write(book, look, source)
