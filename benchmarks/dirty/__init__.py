"""A dirty round: the ordinary one as people and programs would have made it, with mistakes whose place is known.

The truth is written by what makes the round, from what it typed where; no checker is asked.
"""

import random
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.dirty.grid import HEADING, ID, Cell, Grid, Label, Line
from benchmarks.dirty.messes import messes_of
from benchmarks.dirty.mistakes import Record, Records, make_mistakes
from benchmarks.dirty.spellings import spell
from benchmarks.dirty.truth import Truth, truth_of
from benchmarks.dirty.writers import WRITERS
from benchmarks.workbooks import Lines, Order, lines_of, tables_of
from xltrack.forms import Sheet, load_schemas


@dataclass(frozen=True)
class DirtyRound:
    """The files of a dirty round, those that add nothing among them, and what is true of them."""

    paths: tuple[Path, ...]
    truth: Truth


def make_dirty(order: Order, folder: Path) -> DirtyRound:
    """Write the round `order`, messed up, to `folder`: the same each time."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        truths = list(pool.map(partial(write_dirty, order, folder), range(order.workbooks)))
    copies = frozenset(_send_again(folder))
    paths = tuple(sorted(folder.iterdir()))
    return DirtyRound(paths, sum(truths, Truth(copies=copies)))


def write_dirty(order: Order, folder: Path, number: int) -> Truth:
    """Write the workbook `number` of `order`, messed up, to `folder`, and return what is true of it."""
    chance = random.Random(f"dirty {number}")
    records = _records(order, number)
    seeds = make_mistakes(records, chance)
    grids = _grids(order, number, records, chance)
    file = f"{number:04}.xlsx"
    WRITERS["openpyxl" if number % 2 else "xlsxwriter"](folder / file, grids)
    return truth_of(file, grids, seeds)


def _send_again(folder: Path) -> Sequence[str]:
    """Add files that add nothing: a copy under another name, one that was cut off, one that Excel left behind."""
    first, second, *_ = sorted(folder.glob("*.xlsx"))
    shutil.copy(first, folder / f"Ban sao {first.name}")
    (folder / "gui lai.xlsx").write_bytes(second.read_bytes()[: second.stat().st_size // 2])
    (folder / f"~${first.name}").write_bytes(b"\x05Lan" + b" " * 161)
    return (f"Ban sao {first.name}", "gui lai.xlsx", f"~${first.name}")


def _records(order: Order, number: int) -> Records:
    """Return the values of the workbook by sheet, row and column: what stands in the cell, and what it means."""
    lines, form = lines_of(order, number), load_schemas().form()
    return {
        name: _of_sheet(form.by_id[name], lines[form.by_id[name].tab], rows)
        for name, rows in tables_of(order, number).items()
    }


def _of_sheet(sheet: Sheet, lines: Lines, rows: Sequence[Mapping[str, object]]) -> list[Record]:
    return [
        {
            column.id: Cell(typed, Label(sheet.id, at, column.id), row[column.id])  # type: ignore[arg-type]
            for column, typed in zip(sheet.columns, line, strict=True)
            if typed is not None
        }
        for at, (row, line) in enumerate(zip(rows, lines[4:], strict=True))
    ]


def _grids(order: Order, number: int, records: Records, chance: random.Random) -> list[Grid]:
    form = load_schemas().form()
    lines = lines_of(order, number)
    grids = [Grid("cover", form.cover.tab, _plain(lines[form.cover.tab]))]
    for at, sheet in enumerate(form.tables):
        grid = Grid(sheet.id, sheet.tab, _head(lines[sheet.tab]))
        if sheet.id in records:
            grid.lines += [_line(sheet, record, chance) for record in records[sheet.id]]
            for mess in messes_of(number, at):
                mess(grid, sheet, chance)
        grids.append(grid)
    notes = Grid("notes", "Ghi chú riêng", _plain([["Gọi lại chị phụ trách"], ["số quyết định?"]]))
    return [*grids, notes] if number % 4 == 1 else grids


def _plain(lines: Lines) -> list[Line]:
    return [[None if value is None else Cell(value) for value in line] for line in lines]


def _head(lines: Lines) -> list[Line]:
    titles, ids, headings = _plain(lines[:2]), _plain(lines[2:3])[0], _plain(lines[3:4])[0]
    return [
        *titles,
        [replace(cell, meaning=ID) if cell else None for cell in ids],
        [replace(cell, meaning=HEADING) if cell else None for cell in headings],
    ]


def _line(sheet: Sheet, record: Record, chance: random.Random) -> Line:
    cells = (record.get(column.id) for column in sheet.columns)
    return [
        cell and replace(cell, typed=spell(cell, column, chance))
        for cell, column in zip(cells, sheet.columns, strict=True)
    ]
