"""Reads a card: one labelled value below the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xltrack.findings import Finding
from xltrack.findings.masking import masked
from xltrack.forms import Sheet, fold
from xltrack.reading import words
from xltrack.reading.appearance import Shown, appearance_findings, named
from xltrack.reading.cells import BLANK, Cell, raw_text
from xltrack.reading.coerce import Coerced, coerce
from xltrack.reading.extract import Grid, address
from xltrack.reading.headings import Known, match_heading
from xltrack.reading.ledger import Tally
from xltrack.reading.model import Table
from xltrack.reading.table import cell_findings
from xltrack.reading.values import Setting, Value

Place = tuple[int, int]
# A column with fewer than one in four of the labels of the fullest holds values that look like labels.
_FEW = 4


@dataclass(frozen=True)
class Card:
    """Where the parts of a card stand, counted from 0: ids, labels and values by column id."""

    ids: Mapping[str, Place]
    labels: Mapping[str, Place]
    values: Mapping[str, Place]


@dataclass(frozen=True)
class PlacedCard:
    """A card of the form and the worksheet it was found in."""

    sheet: Sheet
    grid: Grid
    card: Card


def find_card(grid: Grid, sheet: Sheet, known: Known) -> Card:
    """Return where the labels of `sheet` stand in `grid`, wherever it was moved, and the cells beside them.

    A label is known by the id left of it or by its text; its value stands in the next column to the right
    that is used for values.
    """
    ids = _ids(grid, sheet)
    labels = _labels(grid, sheet, known)
    for column_id, (row, column) in ids.items():
        if labels.get(column_id, (row,))[0] != row or column_id not in labels:
            labels[column_id] = (row, column + 1)
    offsets = _offsets(grid, sheet, labels)
    return Card(
        ids, labels, {column_id: (row, offsets[column]) for column_id, (row, column) in labels.items()}
    )


def cells_of(grid: Grid, card: Card) -> dict[str, Cell]:
    """Return the value cells of `card` by column id."""
    return {column_id: _cell(grid, place) for column_id, place in card.values.items()}


def value_of(placed: PlacedCard, column_id: str, setting: Setting) -> Value:
    """Return what the card says in the column `column_id`, as `read_card` reads it; None if it says nothing."""
    columns = tuple(column for column in placed.sheet.columns if column.id == column_id)
    alone = replace(placed, sheet=replace(placed.sheet, columns=columns))
    found = _coerced(alone, 1, setting).frame
    return found[column_id][0] if column_id in found.columns else None


def read_card(placed: PlacedCard, setting: Setting, tally: Tally) -> tuple[Table, list[Finding]]:
    """Return the card as a table of one row with what was found, and enter all its cells into `tally`."""
    sheet, grid, card = placed.sheet, placed.grid, placed.card
    findings = _tally(placed, tally)
    row = min((place[0] for place in card.labels.values()), default=0) + 1
    coerced = _coerced(placed, row, setting)
    addresses = {column_id: address(*place) for column_id, place in card.values.items()}
    table = Table(sheet, grid.tab, coerced.frame, coerced.raw, addresses)
    findings += [
        Finding(
            "XLT203" if column.required else "XLT204",
            grid.tab,
            column=column.id,
            facts={"title": column.title},
        )
        for column in sheet.columns
        if column.id not in addresses
    ]
    shown = {place: sheet.by_id[column_id] for column_id, place in card.values.items()}
    findings += appearance_findings(Shown(grid, card=shown))
    return table, [*findings, *cell_findings(table, coerced.oddities)]


def _coerced(placed: PlacedCard, row: int, setting: Setting) -> Coerced:
    grid = placed.grid
    cells = {column_id: [cell] for column_id, cell in cells_of(grid, placed.card).items()}
    addresses = {column_id: address(*place) for column_id, place in placed.card.values.items()}
    marks = {
        column_id: {0: grid.facts.marks[at]} for column_id, at in addresses.items() if at in grid.facts.marks
    }
    return coerce(placed.sheet, [row], cells, setting, marks)


def _cell(grid: Grid, place: Place) -> Cell:
    row, column = place
    return grid.columns[column][row] if row < len(grid.rows) and column < grid.width else BLANK


def _ids(grid: Grid, sheet: Sheet) -> dict[str, Place]:
    found: dict[str, Place] = {}
    columns: Counter[int] = Counter()
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if type(cell) is str and cell in sheet.by_id and cell not in found:
                found[cell] = (row, column)
                columns[column] += 1
    usual = columns.most_common(1)[0][0] if columns else None
    return {column_id: place for column_id, place in found.items() if place[1] == usual}


def _labels(grid: Grid, sheet: Sheet, known: Known) -> dict[str, Place]:
    """Return the labels by column id: from the columns that hold many; a value may read like a label ("Năm")."""
    found: dict[int, dict[str, Place]] = {}
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if cell not in sheet.by_id and (column_id := match_heading(cell, known)):
                found.setdefault(column, {}).setdefault(column_id, (row, column))
    most = max(map(len, found.values()), default=0)
    labels: dict[str, Place] = {}
    for _, places in sorted(found.items(), key=lambda item: -len(item[1])):
        if len(places) * _FEW >= most:
            labels = places | labels
    return labels


def _offsets(grid: Grid, sheet: Sheet, labels: Mapping[str, Place]) -> dict[int, int]:
    """Return for each column of labels the column of their values: the next one that is not wholly blank or help."""
    helps = _helps(sheet)
    offsets = {}
    for column in {place[1] for place in labels.values()}:
        rows = [place[0] for place in labels.values() if place[1] == column]
        used = (
            at
            for at in range(column + 1, grid.width)
            if any(_is_value(_cell(grid, (row, at)), helps) for row in rows)
        )
        offsets[column] = next(used, column + 1)
    return offsets


def _helps(sheet: Sheet) -> set[str]:
    return {fold(text) for column in sheet.columns for text in (*column.help, "".join(column.help))}


def _is_value(cell: Cell, helps: set[str]) -> bool:
    return cell != BLANK and not (isinstance(cell, str) and fold(cell) in helps)


def _tally(placed: PlacedCard, tally: Tally) -> list[Finding]:
    """Enter all cells into `tally`; return what to say of those beside and below the card that are not read."""
    reasons = dict.fromkeys(placed.card.labels.values(), "heading") | dict.fromkeys(
        placed.card.ids.values(), "id_row"
    )
    values = set(placed.card.values.values())
    helps = _helps(placed.sheet)
    rows = [place[0] for place in placed.card.labels.values()] or [len(placed.grid.rows)]
    strangers: list[Place] = []
    for row, cells in enumerate(placed.grid.rows):
        for column, cell in enumerate(cells):
            if cell == BLANK:
                continue
            if (row, column) in values:
                tally.mapped += 1
                continue
            reason = reasons.get((row, column)) or _rest(cell, row < min(rows), row > max(rows), helps)
            tally.ignore_cell(reason, row, column)
            if reason == "outside_table":
                strangers.append((row, column))
    return [_strangers(placed, strangers)] if strangers else []


def _rest(cell: Cell, is_above: bool, is_below: bool, helps: set[str]) -> str:
    if isinstance(cell, str) and fold(cell) in helps:
        return "help"
    if is_above:
        return "title"
    is_signed = is_below and isinstance(cell, str) and (words.is_signature(cell) or words.is_person(cell))
    return "footer" if is_signed else "outside_table"


def _strangers(placed: PlacedCard, cells: Sequence[Place]) -> Finding:
    row, column = cells[0]
    value = masked(raw_text(placed.grid.columns[column][row]))
    facts = {"count": len(cells), "cells": named(cells)}
    return Finding("XLT231", placed.grid.tab, row + 1, address(row, column), None, value, facts)
