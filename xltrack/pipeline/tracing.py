"""Traces figures to the cells that they are made of, and cells to the figures that they have a part in."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.excel.national_cells import FigureAt, NoFigure, RowAt, what_stands
from xltrack.files import reason_of
from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.hanoi import until
from xltrack.language import Text
from xltrack.pipeline.naming import one_unit
from xltrack.rollup import UNALLOCATED, View
from xltrack.rollup.absence import check_options, check_zero, kinds_reported, silent_members
from xltrack.rollup.backward import Parts, parts_of
from xltrack.rollup.trace import Figure, InWorkbook, Trace
from xltrack.rollup.trace import trace as trace_figure
from xltrack.store import Store, open_store
from xltrack.store.cells import find_cell, find_in_row, find_submission


@dataclass(frozen=True)
class Asked:
    """A figure in an operator's words: `unit` a code or name, `year` "2025" or "2021-2025"; what is None is left open.

    `figures_kind` None is actual, or estimate where the returns have nothing else; `cut` are dimensions with
    their codes.
    """

    measure: str
    year: str
    unit: str | None = None
    view: View | None = None
    figures_kind: str | None = None
    cut: Mapping[str, str] = field(default_factory=dict)


def trace(
    store: Path | str,
    asked: Asked,
    *,
    period: PeriodKind = "annual",
    as_of: date | None = None,
    schemas: Path | None = None,
) -> Trace:
    """Return the cells that a figure of the store is made of.

    A zero is told only where the returns that it would stand in count. Raises UnknownName for a measure, unit, cut,
    code or period that does not exist, OptionNeeded, NoFigures where nobody has reported, another StoreError, and
    ProgramError if the cells do not make up the figure.
    """
    declared = load_schemas(schemas)
    with _opened(store, declared, as_of) as opened:
        return _traced(opened, declared, asked, period)


def trace_cell(
    store: Path | str,
    file: str,
    cell: str,
    *,
    period: PeriodKind = "annual",
    as_of: date | None = None,
    schemas: Path | None = None,
) -> Trace | Parts:
    """Return what a cell ("AP_DUNG!D17") has to do with figures.

    `period` is of which rounds the figures of a workbook or report are that does not say it itself.

    Of a workbook of national figures: the cells that the figure in it is made of, with what it was in the workbook if
    the store has come to count otherwise; or, in a table of rows, the figures in which that row of a received file
    stands. Of a report in Word ("Số liệu 17"): the cells of that figure. Of a file that the store holds, named by its
    path, its name or the beginning of its SHA-256: the figures in which its row stands. Raises as `trace`.
    """
    declared = load_schemas(schemas)
    standing, said = _standing_in(Path(file), cell) if Path(file).is_file() else (None, None)
    if isinstance(standing, Figure | FigureAt):
        return _of_file(standing, partial(_of_day, store, declared, period=said or period), as_of)
    with _opened(store, declared, as_of) as opened:
        if standing is not None:
            sha256 = find_submission(opened, standing.file)
            place = (standing.tab, standing.row)
            return parts_of(opened, declared, find_in_row(opened, sha256, place, standing.column))
        return parts_of(opened, declared, find_cell(opened, _sha256(opened, file), cell))


def _of_file(standing: Figure | FigureAt, of_day: Callable[..., Trace], as_of: date | None) -> Trace:
    """Return the trace of a figure in a file, and what it was when the file was made where the store counts otherwise.

    A number in words, as on the cards of the first page, is rounded: what it was is asked of the store.
    """
    if isinstance(standing, Figure):
        return of_day(standing, as_of)
    figure, newest = _as_figure(standing), standing.received_until
    found = of_day(figure, as_of)
    days = (newest.date(), newest + timedelta(seconds=1)) if newest else ()
    value = standing.value
    if value is None and days:
        value = of_day(figure, days[-1]).value
    if value is None or value == found.value:
        return found
    then = next((day for day in days if of_day(figure, day).value == value), None)
    return replace(found, in_workbook=InWorkbook(value, then))


def _of_day(
    store: Path | str, declared: Schemas, figure: Figure, as_of: date | None, period: PeriodKind
) -> Trace:
    with _opened(store, declared, as_of) as opened:
        found = trace_figure(opened, declared, figure, period)
        return replace(found, silent=silent_members(opened, figure, period))


def _opened(store: Path | str, declared: Schemas, as_of: date | None) -> Store:
    return open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None)


def _traced(store: Store, declared: Schemas, asked: Asked, period: PeriodKind) -> Trace:
    code = asked.unit if asked.unit in (None, UNALLOCATED) else one_unit(asked.unit or "", declared).code
    is_former = code == UNALLOCATED or (code or "").startswith("T63")
    view: View = asked.view or ("63" if is_former else "34")
    figure = Figure(asked.measure, asked.year, asked.figures_kind or "actual", view, code, asked.cut)
    check_options(figure, declared)
    found = trace_figure(store, declared, figure, period)
    kinds = kinds_reported(store, figure, period)
    if not found.rows.height and asked.figures_kind is None and kinds == ("estimate",):
        found = trace_figure(store, declared, replace(figure, figures_kind="estimate"), period)
    if not found.rows.height:
        check_zero(found.figure, kinds, declared, period)
    return replace(found, kinds=kinds, silent=silent_members(store, found.figure, period))


def _sha256(store: Store, file: str) -> str:
    path = Path(file)
    if not path.is_file():
        return find_submission(store, file)
    try:
        return find_submission(store, hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure


def _standing_in(path: Path, cell: str) -> tuple[Figure | FigureAt | RowAt | None, PeriodKind | None]:
    """Return what stands in `cell` of a workbook of national figures or of a report, None if it is another workbook.

    With it comes of which kind of rounds its figures are, None where the file does not say.
    Raises UnknownName, with where to look instead, for a cell with no one figure.
    """
    tab, _, address = cell.replace("$", "").rpartition("!")
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
    if path.suffix.lower() == ".docx":
        return _figure_of_report(content, cell)
    found = what_stands(content, tab.strip("'"), address.upper())
    if isinstance(found, NoFigure):
        raise UnknownName(kind=Text("số liệu ở ô", "figure in cell"), name=cell, hint=found.instead)
    return found, found.period_kind if isinstance(found, FigureAt) else None


def _figure_of_report(content: bytes, name: str) -> tuple[Figure, PeriodKind | None]:
    # Only a report needs the library that reads Word files.
    from xltrack.pipeline.marked import figure_of_report

    return figure_of_report(content, name)


def _as_figure(found: FigureAt) -> Figure:
    named = found.named
    view: View = "63" if named["view"] == "63" else "34"
    return Figure(
        named["measure"], named["period"], named["figures_kind"], view, named["unit_code"] or None, found.cut
    )
