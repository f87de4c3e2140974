"""The cover: the heading of the report, and one line for each fact about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xltrack.excel.formats import Formats
from xltrack.excel.live import Scene
from xltrack.excel.places import CARD_FIRST, CARD_HELP, CARD_IDS, CARD_LABELS, CARD_VALUES
from xltrack.excel.template_table import heading
from xltrack.excel.typed import write_cell
from xltrack.excel.wording import Row, Typed, Value
from xltrack.forms import Form, Round, Unit

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
"""National heading of administrative documents (Decree 30/2020/NĐ-CP, annex I)."""
WIDTHS = (0, 42, 42, 72)
HELP_WIDTH = 92
"""Characters of help that fit on one line."""
FIXED = ("form_id", "form_version", "currency_unit")
"""Who needs others needs another workbook: the headings of money columns name their unit and never change."""


def prefill(form: Form, unit: Unit | None, round_: Round | None, currency: str) -> dict[str, Value]:
    """Return what is known beforehand about a first, whole return of `unit` for `round_`.

    The cut-off date is left to the sender where the round's last day comes after the due date: then the figures
    end earlier, or are an estimate.
    """
    known: dict[str, Value] = {
        "form_id": form.id,
        "form_version": form.version,
        "submission_no": 1,
        "submission_kind": "full",
        "part_no": 1,
        "part_count": 1,
        "currency_unit": currency,
    }
    if unit:
        known |= {"unit_code": unit.code, "unit_name": unit.name.vi}
    if round_:
        known |= {"period_kind": round_.period_kind, "year": round_.year, "data_from": round_.data_from}
        if round_.cut_off <= round_.on_time_until:
            known["cut_off_date"] = round_.cut_off
    return {name: value for name, value in known.items() if name in form.cover.by_id}


def write_cover(
    sheet: Worksheet, form: Form, scene: Scene, validations: Sequence[dict[str, Any]], formats: Formats
) -> None:
    """Write heading, labels, dropdowns and prompts; the values come from `write_card`."""
    sheet.set_column(CARD_IDS, CARD_IDS, 12, formats["id"], {"hidden": True})
    for number in (CARD_LABELS, CARD_VALUES, CARD_HELP):
        sheet.set_column(number, number, WIDTHS[number])
    _write_heading(sheet, form, formats)
    for number, column in enumerate(scene.sheet.columns):
        row = CARD_FIRST + number
        sheet.set_row(row, 6 + 14 * max(2, sum(1 + len(text) // HELP_WIDTH for text in column.help)))
        sheet.write_string(row, CARD_IDS, column.id, formats["id"])
        sheet.write_string(row, CARD_LABELS, heading(scene, column), formats["label"])
        sheet.write_string(row, CARD_HELP, "\n".join(column.help), formats["side help"])
        sheet.data_validation(row, CARD_VALUES, row, CARD_VALUES, validations[number])
    sheet.hide_gridlines(2)
    sheet.set_tab_color("#1F4E78")
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, CARD_LABELS, scene.place.last - 1, CARD_HELP)
    sheet.set_margins(left=0.8, right=0.5, top=0.6, bottom=0.6)


def write_card(sheet: Worksheet, scene: Scene, row: Row, formats: Formats) -> None:
    """Write the values of `row`; every other value cell is left blank and open. Raises ValueError."""
    unknown = set(row) - set(scene.sheet.by_id)
    if unknown:
        raise ValueError(f"sheet {scene.sheet.id} has no column {', '.join(sorted(unknown))}")
    for number, column in enumerate(scene.sheet.columns):
        style = "fixed input" if column.id in FIXED else "input"
        value = scene.wording.cell(scene.sheet, column, {column.id: None} | dict(row))
        look = value.look if isinstance(value, Typed) else "usual"
        cell_format = formats.of_column(style, column, scene.wording.factor == 1, look)
        if value is None:
            sheet.write_blank(CARD_FIRST + number, CARD_VALUES, None, cell_format)
        else:
            write_cell(sheet, (CARD_FIRST + number, CARD_VALUES), value, cell_format)


def first_open(scene: Scene, row: Mapping[str, Value]) -> str:
    """Return the address of the first required cell that `row` leaves blank: where filling in begins."""
    blank = (c.id for c in scene.sheet.columns if c.required and row.get(c.id) is None)
    return scene.place.own[next(blank, scene.sheet.columns[-1].id)]


def _write_heading(sheet: Worksheet, form: Form, formats: Formats) -> None:
    title = form.title.vi.upper()
    lines = (
        (NATION, "nation", 20),
        (MOTTO, "motto", 20),
        ("", "text", 10),
        (title if title.startswith("BÁO CÁO") else f"BÁO CÁO {title}", "report title", 34),
        (form.title.en, "centred help", 18),
    )
    for row, (text, style, height) in enumerate(lines):
        sheet.set_row(row, height)
        if text:
            sheet.merge_range(row, CARD_LABELS, row, CARD_HELP, text, formats[style])
