"""Cells of a received worksheet as rows and columns, and as few ranges as hold them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from xlsxwriter.utility import xl_cell_to_rowcol, xl_range, xl_rowcol_to_cell

Spot = tuple[int, int]
"""Row and column of a cell, counted from 0."""

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")


def spot_of(address: str) -> Spot | None:
    """Return the cell at `address` ("C7"; of a range its first), None for what is no address."""
    found = _ADDRESS.match(address)
    if found is None:
        return None
    row, column = xl_cell_to_rowcol(found[1] + found[2])
    return int(row), int(column)


def address_of(spot: Spot) -> str:
    """Return the address of a cell."""
    return str(xl_rowcol_to_cell(*spot))


def shown_at(spots: Iterable[Spot], merges: Iterable[str]) -> dict[Spot, Spot]:
    """Return where each cell is shown: a cell inside one of the merged ranges, at the first cell of that range."""
    places = {spot: spot for spot in spots}
    for area in merges:
        ends = [spot_of(end) for end in area.split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            places.update(dict.fromkeys(_within(places, ends[0], ends[1]), ends[0]))
    return places


def _within(known: Mapping[Spot, Spot], first: Spot, last: Spot) -> list[Spot]:
    """Return the `known` cells that lie in a range, looking at the fewer: at them, or at the cells of the range."""
    if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) < len(known):
        cells = product(range(first[0], last[0] + 1), range(first[1], last[1] + 1))
        return [cell for cell in cells if cell in known]
    return [cell for cell in known if first[0] <= cell[0] <= last[0] and first[1] <= cell[1] <= last[1]]


def ranges_of(spots: Iterable[Spot]) -> Iterator[str]:
    """Yield the ranges ("C5:C9", "D2") that hold these cells and no other: one for cells below each other."""
    run: list[Spot] = []
    for spot in sorted(set(spots), key=lambda one: (one[1], one[0])):
        if run and spot != (run[-1][0] + 1, run[-1][1]):
            yield _range(run)
            run = []
        run.append(spot)
    if run:
        yield _range(run)


def _range(run: list[Spot]) -> str:
    return address_of(run[0]) if len(run) == 1 else str(xl_range(*run[0], *run[-1]))
