"""A workbook of what differs: one sheet per sheet with differences, changed cells coloured."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from xltrack.excel.difference_words import CHANGE_NAMES, Words, changed_columns
from xltrack.excel.formats import PALE
from xltrack.excel.heads import Head
from xltrack.excel.national_page import Look, Page
from xltrack.excel.saving import CREATED, new_workbook
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.store.difference import CHANGE, CHANGES, NEW, OLD, Difference, SheetDifference

_COLOURS = {"changed": "#FFF2CC", "added": "#E2F0D9", "removed": "#FBE5E1"}
_TITLE = Text("Khác nhau giữa hai bản", "What differs between two versions")
_CHANGE = Text("Thay đổi", "Change")
_BEFORE, _AFTER = Text("Ở bản trước", "Before, at"), Text("Ở bản sau", "After, at")
_CARD = (
    Head(Text("Mục", "Field"), "long", 40), Head(Text("Trước", "Before"), "long", 40),
    Head(Text("Sau", "After"), "long", 40), Head(_BEFORE, width=14), Head(_AFTER, width=14),
)  # fmt: skip
_WIDTH = 20
_LINE = 15

_Cell = tuple[str, str | None]
"""A text and its colour."""


def write_difference(found: Difference, schemas: Schemas, path: Path, lang: Lang = "vi") -> None:
    """Write `found` to `path`: a sheet of counts, then one per sheet that differs. Raises OutputError.

    A changed cell says "old → new" and is coloured; added rows are green, removed rows red. The same difference gives
    the same bytes.
    """
    words = Words(found, schemas, lang)
    with new_workbook(path) as book:
        book.set_properties({"title": _TITLE.to(lang), "created": CREATED})
        look = Look(book)
        _counts(book, look, found, lang)
        for one in found.sheets:
            write = _card if one.sheet.layout == "card" else _table
            write(Page(book, look, lang, Text(one.sheet.tab, one.sheet.tab), one.sheet.title), one, words)


def _counts(book: Workbook, look: Look, found: Difference, lang: Lang) -> None:
    page = Page(book, look, lang, Text("Tóm tắt", "Summary"), _TITLE)
    page.note(
        Text(f"Bản trước: {found.old.name}", f"Before: {found.old.name}"),
        Text(f"Bản sau: {found.new.name}", f"After: {found.new.name}"),
    )
    if not found.sheets:
        page.note(Text("Không có gì khác nhau.", "Nothing differs."))
    page.row += 1
    heads = [
        Head(Text("Trang", "Sheet"), width=34),
        *(Head(CHANGE_NAMES[change], "number") for change in CHANGES),
    ]
    page.table(heads, [[one.sheet.tab, *(one.count(change) for change in CHANGES)] for one in found.sheets])
    page.close()


def _card(page: Page, one: SheetDifference, words: Words) -> None:
    """Write one row per field of a card that differs: each has a cell of its own."""
    rows = []
    for row in one.rows.to_dicts():
        for name in changed_columns(one, row):
            old, new = (words.shown(one, name, row[f"{side}{name}"]) for side in (OLD, NEW))
            cells = (words.cell(one, row, side, name) for side in (OLD, NEW))
            rows.append([words.title(one, name), old, new, *cells])
    page.row += 1
    page.table(_CARD, rows)
    page.close()


def _table(page: Page, one: SheetDifference, words: Words) -> None:
    """Write the rows that differ, without the columns in which nothing stands."""
    page.row += 1
    rows = [_cells(one, row, words) for row in one.rows.to_dicts()]
    titles = [_CHANGE.to(words.lang), _BEFORE.to(words.lang), _AFTER.to(words.lang)]
    titles += [words.title(one, name) for name in (*one.key, *one.columns)]
    kept = [at for at, _ in enumerate(titles) if at < 1 or any(row[at][0] for row in rows)]
    for column, at in enumerate(kept):
        page.sheet.write_string(page.row, column, titles[at], page.look.head())
    page.sheet.set_row(page.row, 2 * _LINE)
    page.sheet.freeze_panes(page.row + 1, 1)
    page.sheet.autofilter(page.row, 0, page.row + len(rows), len(kept) - 1)
    page.sheet.set_column(0, len(kept) - 1, _WIDTH)
    for line, row in enumerate(rows, page.row + 1):
        _line(page, line, [row[at] for at in kept])


def _cells(one: SheetDifference, row: Mapping[str, Any], words: Words) -> list[_Cell]:
    """Return what stands in a row of the table: what happened, where, and the columns."""
    change = row[CHANGE]
    changed = changed_columns(one, row)
    whole = None if change == "changed" else _COLOURS[change]
    cells: list[_Cell] = [(CHANGE_NAMES[change].to(words.lang), _COLOURS[change])]
    cells += [(words.place(row, side) or "", whole) for side in (OLD, NEW)]
    cells += [(words.shown(one, name, row[name]), whole) for name in one.key]
    for name in one.columns:
        old, new = (words.shown(one, name, row[f"{side}{name}"]) for side in (OLD, NEW))
        is_changed = name in changed
        text = f"{old or '–'} → {new or '–'}" if is_changed else new or old
        cells.append((text, _COLOURS["changed"] if is_changed else whole))
    return cells


def _line(page: Page, line: int, cells: Sequence[_Cell]) -> None:
    base = {"valign": "top", "text_wrap": True, "num_format": 49, "bottom": 1, "bottom_color": PALE}
    lines = max(-(-len(text) // (_WIDTH - 2)) or 1 for text, _ in cells)
    page.sheet.set_row(line, _LINE * min(lines, 20) + 2)
    for column, (text, colour) in enumerate(cells):
        format_ = page.look.of(**base, **({"bg_color": colour} if colour else {}))
        page.sheet.write_string(line, column, text, format_)
