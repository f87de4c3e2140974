"""Says what stands in a cell of a workbook of national figures: a figure, a row with its source, a pivot, words."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import openpyxl
from lxml import etree

from xltrack.excel.national import TABS
from xltrack.excel.opc import MAIN, Package, PackageError
from xltrack.excel.properties_xml import period_kind
from xltrack.excel.refresh import Refused, native_tables
from xltrack.excel.saving import CREATED
from xltrack.excel.spots import Spot, address_of, spot_of
from xltrack.excel.tracing import HEADINGS, read_traced
from xltrack.excel.workbook_xml import WorkbookXml
from xltrack.forms import PeriodKind
from xltrack.hanoi import HANOI
from xltrack.language import Text
from xltrack.rollup.model import DIMENSIONS
from xltrack.rollup.row_tables import RowTable, row_tables
from xltrack.store.cells import no_sheet

_NEAREST = 3
_PROPERTIES = "docProps/core.xml"
_CREATED = "{http://purl.org/dc/terms/}created"
_OF_ROW = ("file", "sheet", "line")
_NOTHING = ["", "", ""]


@dataclass(frozen=True, slots=True)
class FigureAt:
    """The figure in a cell, by the headings of `xltrack.excel.tracing`; `cut` by dimension.

    `value` is the number in the cell, None for one put into words; `received_until` the newest arrival (Hà Nội)
    that it is made of, None if that is not known; `period_kind` the kind of rounds, None if the workbook does not say.
    """

    named: Mapping[str, str]
    cut: Mapping[str, str]
    value: int | None = None
    received_until: datetime | None = None
    period_kind: PeriodKind | None = None


@dataclass(frozen=True, slots=True)
class RowAt:
    """The row of a received file that a row of the workbook stands for, and the id of the column there."""

    file: str
    tab: str
    row: int
    column: str | None


@dataclass(frozen=True, slots=True)
class NoFigure:
    """Why there is no one figure in a cell, and where to look instead."""

    instead: Text


def what_stands(content: bytes, tab: str, address: str) -> FigureAt | RowAt | NoFigure | None:
    """Return what stands at `address` ("C7") of the sheet `tab`; None for a workbook that xltrack did not fill.

    A sheet goes by its name in either language.
    """
    noted, place = read_traced(content), spot_of(address)
    try:
        package = Package(content)
        tab = _in_its_language(tab, WorkbookXml(package).tabs)
        row = _in_table(package, content, tab, place) if place else None
    except (zipfile.BadZipFile, PackageError, etree.XMLSyntaxError, Refused):
        return None
    if isinstance(row, FigureAt):
        return _dated(row, package)
    if row is not None or noted is None:
        return row
    figures = [_figure(listed) for listed in noted]
    named = [one for one in figures if (one.named["sheet"], one.named["cell"]) == (tab, address)]
    if len(named) == 1:
        return _dated(replace(named[0], value=_value(package, named[0])), package)
    if named:
        return NoFigure(_put_together(named, figures))
    missing = no_sheet(tab, [one for one in WorkbookXml(package).tabs if not one.startswith("_")])
    return _pivot(package, tab, place) or NoFigure(missing or _where_figures_stand(figures, tab, place))


def _in_its_language(tab: str, tabs: Sequence[str]) -> str:
    """Return what the sheet `tab` is called in a workbook with these `tabs`, whose language may be the other."""
    named = [name for title in TABS if tab in title for name in title if name in tabs]
    return tab if tab in tabs or not named else named[0]


def _figure(listed: Sequence[str]) -> FigureAt:
    fixed = len(HEADINGS) - 1
    cut = dict(one.split("=", 1) for one in " ".join(listed[fixed:]).split())
    return FigureAt(dict(zip(HEADINGS, listed[:fixed], strict=False)), cut)


def _in_table(package: Package, content: bytes, tab: str, place: Spot) -> FigureAt | RowAt | None:
    """Return what a row of a native table stands for: a figure in the long table, a file's row in a table of rows."""
    found = (table for table in native_tables(package) if table.tab == tab and table.holds(place))
    table = next(found, None)
    if table is None:
        return None
    values = _row(content, tab, place[0])[table.first[1] :]
    said = {name: _text(value) for name, value in zip(table.headings, values, strict=False)}
    if table.headings[0] == "measure":
        value = said.get("value", "")
        cut = {name: said[name] for name in DIMENSIONS if said.get(name)}
        return FigureAt(said, cut, int(value) if value.isdecimal() else None)
    declared = next((one for one in row_tables() if table.name.startswith(one.name)), None)
    return _source(declared, said, table.headings[place[1] - table.first[1]]) if declared else None


def _value(package: Package, figure: FigureAt) -> int | None:
    """Return the number in the cell of `figure`, None if it is put into words there."""
    part = next(one.part for one in WorkbookXml(package).sheets if one.tab == figure.named["sheet"])
    cells = package.tree(part).iter(f"{{{MAIN}}}c")
    cell = next((one for one in cells if one.get("r") == figure.named["cell"]), None)
    if cell is None or cell.get("t", "n") != "n":
        return None
    number = cell.findtext(f"{{{MAIN}}}v")
    return int(float(number)) if number else None


def _dated(figure: FigureAt, package: Package) -> FigureAt:
    """Return `figure` with what the workbook says of itself: its date, that of its newest return, and its rounds."""
    said = package.tree(_PROPERTIES).findtext(_CREATED) if _PROPERTIES in package else None
    created = datetime.fromisoformat(said).replace(tzinfo=None) if said else None
    known = created if created != CREATED.replace(tzinfo=None) else None
    until = known.replace(tzinfo=HANOI) if known else None
    return replace(figure, received_until=until, period_kind=period_kind(package))


def _source(declared: RowTable, said: Mapping[str, str], heading: str) -> RowAt | None:
    titles = [one.title for one in declared.columns if one.id in _OF_ROW]
    file, tab, line = [
        next((said[name] for name in title if name in said), "") for title in titles
    ] or _NOTHING
    column = next((one.id for one in declared.columns if heading in one.title), None)
    return RowAt(file, tab, int(line), column) if file and line.isdecimal() else None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _row(content: bytes, tab: str, row: int) -> tuple[object, ...]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        return next(book[tab].iter_rows(min_row=row + 1, max_row=row + 1, values_only=True), ())
    finally:
        book.close()


def _pivot(package: Package, tab: str, place: Spot | None) -> NoFigure | None:
    for area, cache in _pivots(package, tab):
        start, _, end = area.partition(":")
        first, last = spot_of(start), spot_of(end or start)
        if place and first and last and first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1]:
            return NoFigure(_of_pivot(cache))
    return None


def _pivots(package: Package, tab: str) -> Iterator[tuple[str, str]]:
    """Yield the range of every pivot on `tab` with the name of the table that it adds up."""
    for sheet in (sheet for sheet in WorkbookXml(package).sheets if sheet.tab == tab):
        for relation in package.relations(sheet.part):
            if relation.kind == "pivotTable" and relation.target:
                location = package.tree(relation.target).find(f"{{{MAIN}}}location")
                cache = package.related(relation.target, "pivotCacheDefinition")
                source = package.tree(cache).find(f".//{{{MAIN}}}worksheetSource") if cache else None
                if location is not None:
                    name = source.get("name") if source is not None else None
                    yield location.get("ref") or "", name or ""


def _of_pivot(table: str) -> Text:
    return Text(
        f"Ô này thuộc bảng tổng hợp, Excel cộng từ các dòng của bảng `{table}`: nhấp đúp vào số để xem các dòng ấy, "
        "rồi truy vết một dòng của bảng.",
        f"The cell belongs to a pivot, which Excel adds up from the rows of the table `{table}`: double-click the "
        "number for these rows, then trace a row of the table.",
    )


def _put_together(parts: Sequence[FigureAt], figures: Sequence[FigureAt]) -> Text:
    """Return of which figures a text is made, each with the cell where it stands by itself, if there is one."""
    spots = Counter((one.named["sheet"], one.named["cell"]) for one in figures)
    alone = {_name(one): one.named for one in figures if spots[one.named["sheet"], one.named["cell"]] == 1}
    told = [_name(part) + _where(alone.get(_name(part))) for part in parts]
    return Text(
        f"Ô này ghép từ nhiều số liệu, hãy truy vết từng số: {'; '.join(told)}.",
        f"The cell is put together from several figures, trace each of them: {'; '.join(told)}.",
    )


def _where(named: Mapping[str, str] | None) -> str:
    return f" ('{named['sheet']}'!{named['cell']})" if named else ""


def _name(figure: FigureAt) -> str:
    own = (value for name, value in figure.named.items() if name not in ("sheet", "cell") and value)
    return " ".join((*own, *(f"{dimension}={code}" for dimension, code in figure.cut.items())))


def _where_figures_stand(figures: Sequence[FigureAt], tab: str, place: Spot | None) -> Text:
    spots = [(spot_of(one.named["cell"]), one) for one in figures if one.named["sheet"] == tab]
    row, column = place or (0, 0)
    known = [spot for spot, _ in spots if spot]
    known.sort(key=lambda spot: (abs(spot[0] - row), abs(spot[1] - column)))
    if not known:
        return Text(
            "Trên trang này không có số liệu được tính trực tiếp.", "No computed figure stands on this sheet."
        )
    near = ", ".join(address_of(spot) for spot in known[:_NEAREST])
    return Text(
        "Ô này không phải một số liệu được tính: là lời văn, ô trống, hay số ghép từ nhiều số liệu. Số liệu gần nhất "
        f"trên trang: {near}.",
        "No one computed figure stands there: the cell has words, is blank, or is put together from several. The "
        f"nearest figures on the sheet: {near}.",
    )
