"""Keeps merged cells within bounds: one range over a whole worksheet hangs programs that visit each of its cells."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import Final

from xltrack.intake.model import damaged, too_many
from xltrack.intake.places import Range, range_of

MERGES: Final = 20_000
AREA: Final = 500_000


def require_few(merges: Sequence[str]) -> None:
    """Raise Refused for more merged ranges than can be held against each other."""
    if len(merges) > MERGES:
        raise too_many(MERGES, "vùng gộp ô", "merged ranges")


def require_sound(merges: Sequence[str]) -> None:
    """Raise Refused for merged ranges that are too large, no ranges, or lie over each other."""
    ranges = [_range(ref) for ref in merges]
    if sum(found.area for found in ranges) > AREA:
        largest = merges[max(range(len(ranges)), key=lambda at: ranges[at].area)]
        raise too_many(
            AREA,
            f"ô trong các vùng gộp, lớn nhất là {largest}; hãy bỏ gộp vùng này (Home > Merge & Center > Unmerge Cells)",
            f"cells in merged ranges, the largest {largest}; unmerge it (Home > Merge & Center > Unmerge Cells)",
        )
    _require_apart(ranges)


def _range(ref: str) -> Range:
    found = range_of(ref)
    if found is None:
        raise damaged(f"vùng gộp ô lạ: {ref}", f"a merged range with an odd name: {ref}")
    return found


def _require_apart(ranges: Sequence[Range]) -> None:
    """Go down the rows and keep the ranges that are open, by their columns; a new one must fit between two."""
    events = [(found.top, 1, found) for found in ranges] + [(found.bottom + 1, 0, found) for found in ranges]
    open_ranges: list[tuple[int, int]] = []
    for _, begins, found in sorted(events):
        columns = (found.left, found.right)
        at = bisect_left(open_ranges, columns)
        if not begins:
            open_ranges.pop(at)
            continue
        before = open_ranges[at - 1][1] if at else 0
        after = open_ranges[at][0] if at < len(open_ranges) else found.right + 1
        if before >= found.left or after <= found.right:
            raise damaged("có hai vùng gộp ô đè lên nhau", "two merged ranges overlap")
        insort(open_ranges, columns)
