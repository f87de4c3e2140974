"""The workbook of a round's status: unit by unit, and the files that wait for a person."""

from pathlib import Path

from xltrack.excel.national_page import Look, Page
from xltrack.excel.saving import CREATED, new_workbook
from xltrack.excel.states import STATE_COLOURS, STATES
from xltrack.excel.status_words import FILES, FILES_TITLE, UNITS, file_rows, sentences, title, unit_rows
from xltrack.findings.outputs import WORKBOOK
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.store import Completeness


def write_status(found: Completeness, schemas: Schemas, path: Path, lang: Lang = "vi") -> None:
    """Write the status of a round to `path`; the same status gives the same bytes. Raises OutputError."""
    heading = title(found, schemas)
    with new_workbook(path) as book:
        book.set_custom_property(WORKBOOK, "status", "text")
        book.set_properties({"title": heading.to(lang), "created": CREATED})
        look = Look(book)
        page = Page(book, look, lang, Text("Tình trạng", "Status"), heading)
        page.note(*sentences(found, schemas))
        page.row += 1
        rows = page.table(UNITS, unit_rows(found, schemas, lang), freeze=True)
        page.mark(1, rows, {STATES[state].to(lang): colour for state, colour in STATE_COLOURS.items()})
        page.close()
        if found.status.files:
            page = Page(book, look, lang, Text("Tệp cần xem", "Files to look at"), FILES_TITLE)
            page.row += 1
            page.table(FILES, file_rows(found, schemas, lang), freeze=True)
            page.close()
