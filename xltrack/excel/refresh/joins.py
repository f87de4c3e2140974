"""Which cache a pivot shows: told by a relationship and by a number, which must lead to the same one.

ISO/IEC 29500-1, 12.3.11 and 18.10.1.73; [MS-XLSB], 2.1.7.38. LibreOffice goes by the number. openpyxl keeps that, and
leads a pivot that shares its cache with one on another sheet to the first cache of the workbook.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xltrack.excel.national_pivots import table_of
from xltrack.excel.opc import MAIN, OFFICE, Element, Package
from xltrack.excel.pivot.cache_xml import AUTHOR
from xltrack.excel.refresh.evidence import columns_of, has_fields_of, shows_headings_of
from xltrack.excel.refresh.native import NativeTable
from xltrack.excel.refresh.sources import Sources
from xltrack.excel.workbook_xml import SheetPart, WorkbookXml, shared_texts
from xltrack.language import Text

_CACHE = "pivotCacheDefinition"
_ID = f"{{{OFFICE}}}id"


@dataclass(frozen=True, slots=True)
class Joined:
    """The pivots over each cache, and those that may be over it: parts, each with that of its sheet.

    `told` says which were put right, and which are left alone.
    """

    users: Mapping[str, Mapping[str, str]]
    doubtful: Mapping[str, Mapping[str, str]]
    told: tuple[Text, ...]


@dataclass(frozen=True)
class _Pivot:
    """A pivot, and the caches that its number and its relationships lead to."""

    part: str
    sheet: SheetPart
    root: Element
    by_number: tuple[str, ...]
    by_relation: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.root.get("name") or ""

    @property
    def caches(self) -> tuple[str, ...]:
        """Return all caches that it leads to, that of its number first."""
        return tuple(dict.fromkeys((*self.by_number, *self.by_relation)))

    @property
    def agrees(self) -> bool:
        """Return whether it says one thing only."""
        return len(self.by_number) == 1 and self.by_number == self.by_relation


def join_pivots(package: Package, tables: Sequence[NativeTable]) -> Joined:
    """Let number and relationship of each pivot over `tables` lead to one cache, as far as it can be told which.

    It is the one whose fields the pivot has and, where number and relationship differ, whose headings its sheet shows.
    Where none or several fit, the pivot keeps what it has and is named: it may show figures of another table.
    """
    caches = _Caches(package, tables)
    chosen = [(pivot, caches.of(pivot)) for pivot in _pivots(package) if caches.concern(pivot)]
    for pivot, cache in chosen:
        if cache and not pivot.agrees:
            _join(package, pivot, cache)
    mended = [pivot for pivot, cache in chosen if cache and not pivot.agrees]
    unclear = [pivot for pivot, cache in chosen if not cache]
    return Joined(
        _by_cache((cache, pivot) for pivot, cache in chosen if cache),
        _by_cache((cache, pivot) for pivot in unclear for cache in pivot.caches),
        (*_told_mended(mended), *map(_told_unclear, unclear)),
    )


def _by_cache(found: Iterable[tuple[str, _Pivot]]) -> Mapping[str, Mapping[str, str]]:
    pivots: dict[str, dict[str, str]] = {}
    for cache, pivot in found:
        pivots.setdefault(cache, {})[pivot.part] = pivot.sheet.part
    return pivots


def _pivots(package: Package) -> Iterator[_Pivot]:
    """Yield the pivots of all sheets."""
    listed = _listed(package)
    names = {cache.casefold(): cache for _, cache in listed}
    for sheet in WorkbookXml(package).sheets:
        for part in _related(package, sheet.part, "pivotTable"):
            root = package.tree(part)
            by_number = [cache for number, cache in listed if number == root.get("cacheId")]
            by_relation = [names.get(one.casefold(), one) for one in _related(package, part, _CACHE)]
            yield _Pivot(
                part, sheet, root, tuple(dict.fromkeys(by_number)), tuple(dict.fromkeys(by_relation))
            )


def _related(package: Package, part: str, kind: str) -> list[str]:
    found = [one.target for one in package.relations(part) if one.kind == kind]
    return [one for one in found if one and one in package]


def _listed(package: Package) -> list[tuple[str, str]]:
    """Return the number and the part of each cache that the workbook lists."""
    main = package.main()
    leads = {one.id: one.target or "" for one in package.relations(main)}
    entries = package.tree(main).iter(f"{{{MAIN}}}pivotCache")
    found = [(one.get("cacheId") or "", leads.get(one.get(_ID) or "", "")) for one in entries]
    return [(number, part) for number, part in found if part in package]


@dataclass(frozen=True)
class _Caches:
    """The caches of a workbook, some of which read `tables`."""

    package: Package
    tables: Sequence[NativeTable]

    @cached_property
    def _roots(self) -> Mapping[str, Element]:
        return {part: self.package.tree(part) for _, part in _listed(self.package)}

    @cached_property
    def _tables(self) -> Mapping[str, str]:
        """Return which table each cache reads that reads one."""
        sources = [Sources(self.package, table, table) for table in self.tables]
        readings = ((part, one.reading(root)) for part, root in self._roots.items() for one in sources)
        return {part: reading.table.casefold() for part, reading in readings if reading}

    @cached_property
    def _texts(self) -> Sequence[str]:
        return shared_texts(self.package)

    def concern(self, pivot: _Pivot) -> bool:
        """Return whether a pivot may be over one of the tables."""
        listed = [cache for cache in pivot.caches if cache in self._roots]
        return not listed or any(cache in self._tables for cache in listed)

    def of(self, pivot: _Pivot) -> str | None:
        """Return the cache that a pivot shows, None where that cannot be told."""
        fit = [cache for cache in pivot.caches if cache in self._roots and self._fits(pivot, cache)]
        return fit[0] if len({self._content(cache) for cache in fit}) == 1 else None

    def _fits(self, pivot: _Pivot, cache: str) -> bool:
        """Return whether a pivot can show `cache`.

        What says one thing only is believed, whatever the sheet shows: anyone may type over a heading. But as long as a
        cache is as we wrote it, it lists all items, and a pivot with a name of ours is over our table.
        """
        root = self._roots[cache]
        is_saved = pivot.agrees and root.get("refreshedBy") != AUTHOR
        if not has_fields_of(pivot.root, root, all_listed=not is_saved):
            return False
        return is_saved or (self._is_home(pivot, cache) and (pivot.agrees or self._shows(pivot, root)))

    def _is_home(self, pivot: _Pivot, cache: str) -> bool:
        """Return whether a pivot that has the name of one of ours is over the table that ours are over."""
        home = table_of(pivot.name)
        return home is None or home == self._tables.get(cache)

    def _shows(self, pivot: _Pivot, cache: Element) -> bool:
        sheet = self.package.tree(pivot.sheet.part)
        return shows_headings_of(pivot.root, cache, sheet, self._texts)

    def _content(self, cache: str) -> tuple[object, ...]:
        """Return what two caches share if it is all the same which of them a pivot shows: table, fields, items."""
        fields = columns_of(self._roots[cache])
        listed = tuple((one.get("name"), *(item.get("v") for item in one.iter("{*}s"))) for one in fields)
        return self._tables.get(cache, cache), listed


def _join(package: Package, pivot: _Pivot, cache: str) -> None:
    """Let relationship and number of a pivot lead to `cache`."""
    number = _number(package, cache, pivot.root.get("cacheId") or "")
    if pivot.root.get("cacheId") != number:
        pivot.root.set("cacheId", number)
        package.write_tree(pivot.part, pivot.root)
    if pivot.by_relation != (cache,):
        for relation in package.relations(pivot.part):
            if relation.kind == _CACHE and relation.target:
                package.leave(pivot.part, relation.target)
        package.relate(pivot.part, f"{OFFICE}/{_CACHE}", cache)


def _number(package: Package, cache: str, former: str) -> str:
    """Return the number of `cache` and of no other: `former` if it is one, a new one if it has none of its own."""
    listed = _listed(package)
    others = {number for number, part in listed if part != cache}
    own = [number for number, part in listed if part == cache and number not in others]
    if own:
        return former if former in own else own[0]
    fresh = str(1 + max(int(number) for number, _ in listed if number.isdecimal()))
    root = package.tree(package.main())
    ids = {one.id for one in package.relations(package.main()) if one.target == cache}
    for entry in root.iter(f"{{{MAIN}}}pivotCache"):
        if entry.get(_ID) in ids:
            entry.set("cacheId", fresh)
    package.write_tree(package.main(), root)
    return fresh


def _told_mended(pivots: Sequence[_Pivot]) -> Iterator[Text]:
    names = ", ".join(sorted(pivot.name for pivot in pivots))
    if names:
        yield Text(
            f"tệp ghi sai nguồn của PivotTable, đã nối lại với nguồn có đúng các cột của nó: {names}",
            f"the file led PivotTables to a wrong source; each was joined to the one whose columns it has: {names}",
        )


def _told_unclear(pivot: _Pivot) -> Text:
    name, tab = pivot.name, pivot.sheet.tab
    return Text(
        f"PivotTable {name} (trang “{tab}”) được giữ nguyên, vì tệp không cho biết chắc nó lấy số từ bảng nào: có thể "
        "hiện số cũ hoặc số của bảng khác; hãy xóa nó rồi dựng lại trên bảng dl_…",
        f'PivotTable {name} (sheet "{tab}") is left as it was, because the file does not tell for sure which table it '
        "reads: it may show former figures or those of another table; delete it and make it anew over a table dl_…",
    )
