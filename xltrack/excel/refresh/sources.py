"""Which cells a pivot cache reads: a table by its name, a range, or a name for either (ISO/IEC 29500-1, 18.10.1.95)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_cell_to_rowcol

from xltrack.excel.opc import MAIN, OFFICE, Element, Package
from xltrack.excel.refresh.native import NativeTable
from xltrack.excel.spots import address_of

_ID = f"{{{OFFICE}}}id"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d*)(?::\$?([A-Z]{1,3})\$?(\d*))?")
_LAST = 1_048_575


@dataclass(frozen=True, slots=True)
class Reading:
    """A cache that reads some of a table: whether by the exact cells that it had, and whether it misses new rows."""

    source: Element
    table: str
    place: str
    by_cells: bool
    falls_short: bool

    def name_table(self) -> None:
        """Let the cache read the table by its name."""
        for name in ("ref", "sheet"):
            if name in self.source.attrib:
                del self.source.attrib[name]
        self.source.set("name", self.table)


@dataclass(frozen=True)
class Sources:
    """What caches read of `table`, which becomes `now`."""

    package: Package
    table: NativeTable
    now: NativeTable

    def reading(self, cache: Element) -> Reading | None:
        """Return how the cache with this root reads the table, None if it does not."""
        source = cache.find(f"{{{MAIN}}}cacheSource/{{{MAIN}}}worksheetSource")
        if source is None or source.get(_ID):  # a connection, another workbook
            return None
        name = source.get("name")
        if name is None:
            return self._by_range(source, source.get("sheet") or "", source.get("ref") or "", is_named=False)
        if self._is_table(name):
            return Reading(source, self.table.name, name, by_cells=False, falls_short=False)
        text = self._names.get(name.casefold(), "")
        if self._is_table(text):
            return Reading(source, self.table.name, name, by_cells=False, falls_short=False)
        sheet, _, area = text.rpartition("!")
        return self._by_range(source, sheet.strip("'").replace("''", "'"), area, is_named=True)

    def _is_table(self, text: str) -> bool:
        return text.partition("[")[0].casefold() == self.table.name.casefold()

    def _by_range(self, source: Element, sheet: str, area: str, *, is_named: bool) -> Reading | None:
        """Return how a range is read; a name that ends with the table's data ends with it afterwards too."""
        found = _RANGE.fullmatch(area)
        if sheet != self.table.tab or found is None:
            return None
        top, left = xl_cell_to_rowcol(f"{found[1]}{found[2] or 1}")
        bottom, right = xl_cell_to_rowcol(f"{found[3] or found[1]}{found[4] or _LAST + 1}")
        first, last = self.table.first, self.table.last
        if top > last[0] or bottom < first[0] or left > last[1] or right < first[1]:
            return None
        is_whole = area.replace("$", "") in self._whole
        falls_short = not is_whole and (top > first[0] or bottom < self.now.last_data)
        place = f"{sheet}!{area}"
        return Reading(source, self.table.name, place, is_whole and not is_named, falls_short)

    @cached_property
    def _whole(self) -> set[str]:
        """Return the ranges that are the table, with its totals or without."""
        ends = {self.table.last[0], self.table.last_data}
        return {f"{address_of(self.table.first)}:{address_of((row, self.table.last[1]))}" for row in ends}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """Return what the names of the workbook stand for."""
        root = self.package.tree(self.package.main())
        entries = root.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName")
        return {(entry.get("name") or "").casefold(): entry.text or "" for entry in entries}
