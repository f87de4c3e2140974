"""The hidden sheet of code lists, and the names by which dropdowns and formulas use it."""

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from xltrack.excel.choices import Choice, Choices
from xltrack.excel.formats import Formats
from xltrack.reading.text import NOTHING

TAB = "DANH_MUC"
_INVISIBLE = ("\u00a0", "\u200b", "\ufeff", "\u200b\u200b", "\u00ad", "\u200e", "\u200f", "\u2060")
"""What a cell holds that looks blank: TRIM leaves no-break spaces and characters without width."""
FIRST = 2
"""The first row of codes, counted from 0, below the title and the name of the range."""


def write_lists(book: Workbook, choices: Choices, formats: Formats) -> None:
    """Write every list to the sheet DANH_MUC of `book`, and define its names.

    `list_x` are the texts of list x, `code_x` its codes, `known_x` both; for a dependent list `parent_x` and `child_x`
    are the texts sorted by parent, `first_x` the first child. `no_choice` is one blank cell, `nothing` the words that
    mean a blank.
    """
    sheet = book.get_worksheet_by_name(TAB)
    book.define_name("no_choice", f"={TAB}!$A${FIRST + 1}")
    number = 1
    for choice in choices.every:
        columns = _columns(choice)
        sheet.write_string(0, number, choice.title.vi, formats["subtitle"])
        for name, texts in columns.items():
            sheet.write_string(1, number, name, formats["help"])
            for row, text in enumerate(texts, FIRST):
                sheet.write_string(row, number, text)
            letter = xl_col_to_name(number)
            last = FIRST + max(len(texts), 1)
            book.define_name(name, f"={TAB}!${letter}${FIRST + 1}:${letter}${last}")
            if name.startswith("code_"):
                before = xl_col_to_name(number - 1)
                book.define_name(f"known_{choice.name}", f"={TAB}!${before}${FIRST + 1}:${letter}${last}")
            if name.startswith("child_"):
                book.define_name(f"first_{choice.name}", f"={TAB}!${letter}${FIRST + 1}")
            number += 1
    _write_nothing(book, sheet, number, formats)
    sheet.set_column(0, number, 24)
    sheet.freeze_panes(FIRST, 0)
    sheet.protect()
    sheet.hide()


def _write_nothing(book: Workbook, sheet: Worksheet, column: int, formats: Formats) -> None:
    """Write the words that reading takes for a blank cell, in one cell: FIND knows no wildcards, MATCH does."""
    sheet.write_string(0, column, "Coi như để trống", formats["subtitle"])
    sheet.write_string(1, column, "nothing", formats["help"])
    words = sorted({*NOTHING, *(f"{word}." for word in NOTHING), *_INVISIBLE})
    sheet.write_string(FIRST, column, "||" + "|".join(words) + "|")
    book.define_name("nothing", f"={TAB}!${xl_col_to_name(column)}${FIRST + 1}")


def _columns(choice: Choice) -> dict[str, Sequence[str]]:
    columns: dict[str, Sequence[str]] = {
        f"list_{choice.name}": choice.shown,
        f"code_{choice.name}": choice.codes,
    }
    if choice.pairs:
        columns[f"parent_{choice.name}"] = [parent for parent, _ in choice.pairs]
        columns[f"child_{choice.name}"] = [child for _, child in choice.pairs]
    return columns
