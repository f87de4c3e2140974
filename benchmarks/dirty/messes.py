"""What people do to a sheet besides typing values: each mess changes the grid of one sheet, and no value of it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks.dirty.grid import HEADING, Cell, Grid, Line, Typed, label_of
from xltrack.forms import Sheet

Mess = Callable[[Grid, Sheet, random.Random], None]


def rename_tab(grid: Grid, sheet: Sheet, _: random.Random) -> None:
    """Name the tab as people do: its title in words, or what Excel makes of a copy."""
    grid.tab = {"enterprises": "Doanh nghiệp", "funding": "KINH_PHI (2)", "training": "dao tao "}.get(
        sheet.id, f"{sheet.tab}_2025"
    )


def insert_titles(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Put the head of a letter above everything, over merged cells."""
    grid.insert(0, ["ỦY BAN NHÂN DÂN TỈNH"], ["BÁO CÁO KẾT QUẢ NĂM (kèm theo Công văn)"], [])
    grid.banner = True


def edit_headings(grid: Grid, sheet: Sheet, _: random.Random) -> None:
    """Write headings in one's own words, and delete the line of ids."""
    at = grid.heading()
    columns = {column.heading()[0]: column for column in sheet.columns}
    for place, cell in enumerate(grid.lines[at]):
        column = columns.get(str(cell.typed).split("\n")[0].rstrip(" *").split(" (")[0]) if cell else None
        if cell and column and column.synonyms and not column.money:
            grid.lines[at][place] = replace(cell, typed=column.synonyms[0])
    del grid.lines[at - 1]


def move_column(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Move the second column behind the fourth."""
    grid.change_columns(lambda line: [*line[:1], *line[2:4], *line[1:2], *line[4:]])


def insert_column(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Insert a column of one's own, with remarks."""

    def wider(line: Line) -> Line:
        remark = _heading(line, "Ghi chú của Sở") or (Cell("đã rà soát") if label_of(line) else None)
        return [*line[:3], remark, *line[3:]]

    grid.change_columns(wider)


def number_rows(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Insert a first column that counts the rows."""
    numbers = iter(range(1, 1_000_000))
    grid.change_columns(
        lambda line: [_heading(line, "STT") or (Cell(next(numbers)) if label_of(line) else None), *line]
    )


def _heading(line: Line, text: str) -> Cell | None:
    return Cell(text) if any(cell and cell.meaning == HEADING for cell in line) else None


def leave_blank_rows(grid: Grid, _sheet: Sheet, chance: random.Random) -> None:
    """Leave blank rows among the others."""
    for at in sorted(chance.sample(list(grid.rows()), 3), reverse=True):
        grid.insert(at, [], [])


def head_sections(grid: Grid, _sheet: Sheet, chance: random.Random) -> None:
    """Divide the rows into sections with a line of their own above each."""
    rows = list(grid.rows())
    second = chance.randrange(rows[len(rows) // 3], rows[2 * len(rows) // 3])
    grid.insert(second, ["II. Các huyện phía Nam"])
    grid.insert(rows[0], ["I. Các huyện phía Bắc"])


def repeat_headings(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Paste the headings again in the middle, as on a second page."""
    rows, heading = list(grid.rows()), grid.lines[grid.heading()]
    again = [Cell(cell.typed) if cell else None for cell in heading]
    grid.lines.insert(rows[len(rows) // 2], again)


def add_total(grid: Grid, sheet: Sheet, _: random.Random) -> None:
    """Write a line with the totals of money below all rows."""
    line: list[Typed | None] = ["TỔNG CỘNG", *[None] * (len(sheet.columns) - 1)]
    for at, column in enumerate(sheet.columns):
        meant = [cell.meaning for row in grid.rows() if (cell := grid.lines[row][at]) is not None]
        if column.money and meant:
            line[at] = sum(value for value in meant if isinstance(value, int))
    grid.insert(len(grid.lines), line)


def sign(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Write below who made and who signed it."""
    grid.insert(len(grid.lines), [], ["", "Người lập biểu"], ["", "(Ký, ghi rõ họ tên)"])


def hide_rows(grid: Grid, _sheet: Sheet, chance: random.Random) -> None:
    """Hide some rows."""
    grid.hidden_rows |= set(chance.sample(range(len(list(grid.rows()))), 3))


def filter_rows(grid: Grid, sheet: Sheet, chance: random.Random) -> None:
    """Leave a filter on, which hides some rows."""
    hide_rows(grid, sheet, chance)
    grid.filtered = True


def protect(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Protect the sheet with a password."""
    grid.protected = True


def hide_sheet(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Hide the whole sheet."""
    grid.hidden = True


def format_below(grid: Grid, _sheet: Sheet, _: random.Random) -> None:
    """Format many rows that hold nothing."""
    grid.blank_rows = 2_000


MESSES: Sequence[Sequence[Mess]] = (
    (add_total, insert_titles),
    (edit_headings, hide_rows),
    (rename_tab, insert_titles),
    (move_column, leave_blank_rows),
    (insert_column, sign),
    (number_rows, filter_rows),
    (head_sections, protect),
    (repeat_headings, format_below),
    (hide_sheet, insert_titles, leave_blank_rows),
    (add_total, number_rows, sign),
    (edit_headings, insert_titles, move_column),
    (),
)
"""What is done to one sheet, in this order: totals are added before columns move. Every sheet has its turn."""


def messes_of(number: int, at: int) -> Sequence[Mess]:
    """Return what is done to the sheet `at` of the workbook `number`, both counted from 0."""
    return MESSES[(number * 5 + at * 7) % len(MESSES)]
