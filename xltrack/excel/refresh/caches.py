"""The pivot caches over a table: they are told to read it again, and old rows do not stay behind in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xltrack.excel.opc import Package
from xltrack.excel.pivot.spec import Table
from xltrack.excel.refresh.joins import Joined
from xltrack.excel.refresh.native import NativeTable
from xltrack.excel.refresh.own import remake
from xltrack.excel.refresh.scrub import scrub_cache
from xltrack.excel.refresh.sources import Sources
from xltrack.language import Text


@dataclass(frozen=True, slots=True)
class Touched:
    """What was done for one table: how many pivots will show its new rows, and what cannot be promised."""

    pivots: int
    warnings: tuple[Text, ...]


@dataclass(frozen=True)
class Caches:
    """The pivot caches of a workbook, before `table` becomes `now` with `rows`, and which pivots are over them."""

    package: Package
    joined: Joined
    table: NativeTable
    now: NativeTable
    rows: Table

    def tell(self, *, scrub: bool) -> Touched:
        """Have every cache over the table read it when the workbook is opened.

        Pivots that we wrote and nobody saved since are made anew over the rows, with the cells that they show. A cache
        that names the table's cells in place of its name, as LibreOffice saves it, is given the name again. One that
        further pivots may show keeps its items in their order. With `scrub` a cache keeps neither records nor texts
        that the rows do not have.
        """
        pivots, warnings = 0, []
        for part in self._parts():
            root = self.package.tree(part)
            reading = self._sources.reading(root)
            if reading is None:
                continue
            users = self.joined.users.get(part, {})
            doubtful = self.joined.doubtful.get(part, {})
            pivots += len(users)
            if self._same_columns and not doubtful and remake(self.package, part, users, self._same_columns):
                continue
            if reading.by_cells:
                reading.name_table()
            elif reading.falls_short:
                warnings.append(_short(self.table.name, reading.place))
            if root.get("enableRefresh") == "0":
                warnings.append(_locked(self.table.name))
            root.set("refreshOnLoad", "1")
            if scrub:
                scrub_cache(self.package, part, root, (*users, *doubtful), self.rows.frame)
            self.package.write_tree(part, root)
        return Touched(pivots, tuple(warnings))

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self.package, self.table, self.now)

    @cached_property
    def _same_columns(self) -> Table | None:
        """Return the rows with the columns that the table has, None where it has some of its own."""
        if not set(self.table.headings) <= set(self.rows.frame.columns):
            return None
        return Table(self.table.name, self.rows.frame.select(self.table.headings), self.rows.orders)

    def _parts(self) -> Iterator[str]:
        for relation in self.package.relations(self.package.main()):
            if (
                relation.kind == "pivotCacheDefinition"
                and relation.target
                and relation.target in self.package
            ):
                yield relation.target


def _short(table: str, place: str) -> Text:
    return Text(
        f"có PivotTable chỉ đọc các ô {place}, không đọc cả bảng {table}; hãy đổi nguồn của nó thành {table}",
        f"a PivotTable reads the cells {place} only, not all of table {table}; change its source to {table}",
    )


def _locked(table: str) -> Text:
    return Text(
        f"PivotTable trên bảng {table} đang bị khóa cập nhật; mở khóa trong Excel",
        f"PivotTables over table {table} are locked against refreshing; unlock them in Excel",
    )
