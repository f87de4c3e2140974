"""Where the cells of a file went, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ignored:
    """Cells of one worksheet that were not read, for one reason: how many, and in which ranges ("A1:D3").

    Of many ranges the first are named, and `more` says how many further ones there are.
    """

    tab: str
    reason: str
    cells: int
    ranges: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True)
class Ledger:
    """Where every cell with content went: `cells` = `mapped` + the sum of `ignored` (reason to count).

    `places` says the same of the ignored cells worksheet by worksheet.
    """

    cells: int
    mapped: int
    ignored: Mapping[str, int]
    places: tuple[Ignored, ...] = ()
