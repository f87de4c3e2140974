"""What a workbook says about itself to xltrack: document properties, and a sheet that nobody sees."""

from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook

from xltrack.excel.formats import Formats
from xltrack.excel.places import CARD_FIRST, CARD_LABELS, HEADER, Place
from xltrack.forms import Form, Round, Schemas, Unit

TAB = "_xltrack"
_ASKED = ("unit", "year", "period")
"""What formulas compare the cover with."""


def manifest(form: Form, schemas: Schemas, unit: Unit | None, round_: Round | None) -> Mapping[str, str]:
    """Return the facts: form, version, unit, year, period, schema; "" where nothing was filled in beforehand."""
    return {
        "form": form.id,
        "version": form.version,
        "unit": unit.code if unit else "",
        "year": str(round_.year) if round_ else "",
        "period": round_.period_kind if round_ else "",
        "schema": schemas.fingerprint,
    }


def own_name(fact: str) -> str:
    """Return the name under which formulas know a fact of `manifest`."""
    return f"own_{fact}"


def write_manifest(
    book: Workbook, facts: Mapping[str, str], sheets: Sequence[Sequence[str]], formats: Formats
) -> None:
    """Write `facts` as properties `xltrack_…` and, with one row per sheet, to the very hidden sheet `_xltrack`.

    Neither survives every spreadsheet program; together they nearly always do.
    """
    sheet = book.get_worksheet_by_name(TAB)
    for row, (name, value) in enumerate(facts.items()):
        if name in _ASKED:
            book.define_name(own_name(name), f"={TAB}!$B${row + 1}")
        if value:
            book.set_custom_property(f"xltrack_{name}", value, "text")
        sheet.write_string(row, 0, name, formats["help"])
        sheet.write_string(row, 1, value)
    for row, entry in enumerate(sheets, len(facts)):
        for column, text in enumerate(entry):
            sheet.write_string(row, column, text)
    sheet.set_column(0, 5, 18)
    sheet.protect()
    sheet.very_hidden()


def sheet_rows(form: Form, places: Mapping[str, Place]) -> list[list[str]]:
    """Return one row per sheet: "sheet", id, tab, header row, first column, last column (rows counted from 1).

    On the cover the header row is that of its first line, the columns are those of labels and help.
    """
    rows = []
    for sheet in form.sheets:
        card = sheet.layout == "card"
        first = "ABCD"[CARD_LABELS] if card else "A"
        header = CARD_FIRST + 1 if card else HEADER + 1
        rows.append(["sheet", sheet.id, sheet.tab, str(header), first, places[sheet.id].end])
    return rows
