"""One workbook with the mistakes of all cases under tests/cases, typed into the form that a province gets."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from tests.case_files import GOOD_COVER, Case, read_cases
from tests.xml_workbook import Value, write_cells
from xltrack.excel.places import card_place, table_place
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.forms import Column, Form, Schemas, Sheet

TYPED = """
enterprises  | tax_code: 0100109106   | enterprise_name: Công ty A | province_code: T34-24 | exporter: tùy năm
enterprises  | tax_code: 314409058    | enterprise_name: Công ty B | province_code: Hà Bắc | revenue: 5 triệu
enterprises  | tax_code: 0100233488   | enterprise_name: Công ty C | province_code: T34-24 | revenue: 0,5
applications | application_id: HT-X1  | programme: 1322 | tax_code: 0100109106 | tool_code: ISO 9001; 5S | status: doing
training     | course_id: KH-X1       | kind: training  | title: Tập huấn 5S   | end_date: tháng 3/2024  | sessions: 1,5
targets      | programme: 1322        | period_kind: annual | period: 2025 | indicator_code: X | target_value: 1.234
milestones   | programme: 36          | sequence: 1     | milestone_kind: study | due_date: 05/03/1825
"""
"""What people type that is no value of its column, or not quite one."""

COVER = GOOD_COVER | {"unit_name": "Tỉnh Bắc Ninh", "funding_kind": "disbursed", "funding_total": "1"}


def write_mistakes(path: Path, schemas: Schemas) -> Path:
    """Write the rows of every case below each other, under a cover that is in order but for its total."""
    cases = [*(case for case in read_cases() if not case.demands), *_typed_cases(schemas.form())]
    return write_cases(path, schemas, cases, COVER)


def write_cases(path: Path, schemas: Schemas, cases: list[Case], cover: Mapping[str, str]) -> Path:
    """Write the rows of `cases` below each other into the form, under this `cover`."""
    form = schemas.form()
    unit = schemas.units.by_code["T34-24"]
    round_ = schemas.units.round(int(cover["year"]), cover["period_kind"])
    write_template(path, form, schemas, TemplateOptions(unit=unit, round=round_, currency="dong"))
    card = {
        card_place(form.cover).own[name]: _typed(form.cover.by_id[name], text) for name, text in cover.items()
    }
    entries = {sheet.tab: _rows(sheet, cases) for sheet in form.tables}
    return write_cells(path, {form.cover.tab: card, **entries}, path)


def _typed_cases(form: Form) -> Iterator[Case]:
    for line in TYPED.strip().splitlines():
        sheet, *cells = (part.strip() for part in line.split("|"))
        yield Case(line, sheets={form.by_id[sheet].tab: [dict(cell.split(": ", 1) for cell in cells)]})


def _rows(sheet: Sheet, cases: list[Case]) -> Mapping[str, Value]:
    places = table_place(sheet, sheet.capacity).own
    rows = [row for case in cases for row in case.sheets.get(sheet.tab, [])]
    return {
        places[name].replace("5", str(number)): _typed(sheet.by_id[name], text)
        for number, row in enumerate(rows, 5)
        for name, text in row.items()
        if name != "row" and text
    }


def _typed(column: Column, text: str) -> Value:
    """Return what a cell of a spreadsheet program holds after somebody has typed `text` into it."""
    if re.fullmatch(r"-?\d+", text) and (column.type in ("integer", "number") or len(text) == 9):
        return int(text)
    if column.type == "date" and (day := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)):
        try:
            return date(int(day[3]), int(day[2]), int(day[1]))
        except ValueError:
            return text
    return text
