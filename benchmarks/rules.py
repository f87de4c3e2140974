"""What the rules cost: a round at once, one workbook alone, and a workbook that grows."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.workbooks import Order, Row, tables_of
from xltrack.checking.relations import batch_relations
from xltrack.checking.rows import gather
from xltrack.checking.rule import Rule
from xltrack.checking.rules import check_rules
from xltrack.checking.scratch import Scratch, scratch
from xltrack.forms import Schemas, Sheet, load_schemas
from xltrack.reading.account import Ledger
from xltrack.reading.filled import Texts
from xltrack.reading.model import DTYPES, ROW, Cover, Table, Workbook

_MILLION = 1_000_000
_UNITS, _ROWS_A_SHEET = 63, 3_325
_GOAL = 5.0
_RUNS = 3
_SHOWN = 8


@dataclass(frozen=True)
class Cost:
    """What one check took: seconds by the clock and of all processors, and how many findings it gave."""

    wall: float
    processor: float
    findings: int


def report() -> Iterator[str]:
    """Yield the report: all rules over a round, each rule over half a round and a whole, and workbooks that grow."""
    schemas = load_schemas()
    half, whole = (_round(rows, schemas) for rows in (_ROWS_A_SHEET // 2, _ROWS_A_SHEET))
    rows = sum(table.frame.height for book in whole for table in book.tables.values())
    cost, asked = _middle(whole, schemas), scratch(schemas.form(), schemas).asked
    yield from (
        "",
        f"{len(asked)} rules over {_UNITS} workbooks at once: {rows:,} rows; median of {_RUNS}.",
        "",
    )
    yield from ("| | seconds | processor seconds | findings |", "|---|--:|--:|--:|")
    yield f"| all rules | {cost.wall:.1f} | {cost.processor:.1f} | {cost.findings:,} |"
    alone = [_once([book], schemas) for book in whole]
    walls, processors = (sum(one) for one in zip(*((c.wall, c.processor) for c in alone), strict=True))
    yield (
        f"| one workbook after the other, in one process | {walls:.1f} | {processors:.1f} "
        f"| {sum(c.findings for c in alone):,} |"
    )
    # A machine with other work to do says nothing by the clock; with none, the clock shows no more than the processors.
    seconds = min(cost.wall, cost.processor)
    reached = "reached" if seconds <= _GOAL else "MISSED"
    yield from ("", f"Goal: under {_GOAL:.0f} s on two processors: {reached} ({seconds:.1f} s).{_busy()}", "")
    yield from _by_rule(half, whole, schemas)
    yield from _growing(schemas)


def _busy() -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    if load <= (os.cpu_count() or 1) + 1:
        return ""
    return f" Other programs kept the machine busy (load {load:.0f}): what counts is the processor seconds."


def _round(rows: int, schemas: Schemas) -> list[Workbook]:
    return [workbook(Order(_UNITS, rows), number, schemas) for number in range(_UNITS)]


def workbook(order: Order, number: int, schemas: Schemas) -> Workbook:
    """Return the workbook `number` of `order` as reading gives it."""
    form = schemas.form()
    written = tables_of(order, number)
    unit = [one for one in schemas.units.all if one.scheme == "34"][number % 34]
    round_ = schemas.units.round(2025, "annual")
    assert round_ is not None
    cover = Cover(unit, round_, "actual", 1, "full", 1, 1, "million", False)
    card: Row = {
        "unit_code": unit.code,
        "year": 2025,
        "period_kind": "annual",
        "cut_off_date": round_.cut_off,
    }
    tables = {sheet.id: _table(sheet, written.get(sheet.id, ())) for sheet in form.tables}
    tables[form.cover.id] = _table(form.cover, [{**card, "figures_kind": "actual"}])
    return Workbook(Path(f"{number}.xlsx"), str(number), form, cover, tables, (), Ledger(0, 0, {}))


def _table(sheet: Sheet, rows: Sequence[Row]) -> Table:
    types = {ROW: pl.Int32(), **{column.id: DTYPES[column.type] for column in sheet.columns}}
    frame = pl.DataFrame([{ROW: at, **row} for at, row in enumerate(rows, 5)], schema=types, orient="row")
    money = [column.id for column in sheet.columns if column.money]
    frame = frame.with_columns(pl.col(money) * _MILLION) if money else frame
    place = "A5" if sheet.layout == "card" else "A"
    return Table(sheet, sheet.tab, frame, Texts(), dict.fromkeys(sheet.by_id, place))


def _middle(books: Sequence[Workbook], schemas: Schemas) -> Cost:
    costs = [_once(books, schemas) for _ in range(_RUNS)]
    return Cost(median(c.wall for c in costs), median(c.processor for c in costs), costs[0].findings)


def _once(books: Sequence[Workbook], schemas: Schemas) -> Cost:
    sheets, form = gather(books), schemas.form()
    wall, processor = time.perf_counter(), time.process_time()
    found = sum(1 for _ in check_rules(books, sheets, form, schemas))
    return Cost(time.perf_counter() - wall, time.process_time() - processor, found)


def _by_rule(half: Sequence[Workbook], whole: Sequence[Workbook], schemas: Schemas) -> Iterator[str]:
    before, after = _each(half, schemas), _each(whole, schemas)
    yield "The dearest rules by themselves, over half as many rows and over all: processor milliseconds, the least of"
    yield from (
        f"{_RUNS}. A rule that compared every row with every other would take four times as long.",
        "",
    )
    yield from ("| rule | half | whole | times |", "|---|--:|--:|--:|")
    dearest = sorted(after, key=lambda code: -after[code])
    yield from (f"| {code} | {_ratio(before[code], after[code])} |" for code in dearest[:_SHOWN])
    others = (sum(cost[code] for code in dearest[_SHOWN:]) for cost in (before, after))
    yield from (f"| the other {len(dearest) - _SHOWN} together | {_ratio(*others)} |", "")


def _ratio(before: float, after: float) -> str:
    return f"{before * 1e3:.0f} | {after * 1e3:.0f} | {after / before:.1f}"


def _each(books: Sequence[Workbook], schemas: Schemas) -> dict[str, float]:
    """Return the processor seconds of each rule over `books`."""
    sheets, database = gather(books), scratch(schemas.form(), schemas)
    database.fill({**{name: rows.frame for name, rows in sheets.items()}, **batch_relations(books, sheets)})
    return {rule.code: min(_took(database, rule) for _ in range(_RUNS)) for rule in database.asked}


def _took(database: Scratch, rule: Rule) -> float:
    begun = time.process_time()
    database.find(rule)
    return time.process_time() - begun


def _growing(schemas: Schemas) -> Iterator[str]:
    yield "One workbook alone, twice as long each time; alike: every row says the same, but for its key."
    yield from (
        "",
        "| rows a sheet | milliseconds | µs a row | alike: milliseconds | µs a row |",
        "|--:|--:|--:|--:|--:|",
    )
    for rows in (50, 5_000, 10_000, 20_000):
        plain = workbook(Order(1, rows), 7, schemas)
        costs = [_middle([book], schemas).wall for book in (plain, _alike(plain))]
        cells = (cell for wall in costs for cell in (f"{wall * 1e3:.0f}", f"{wall / rows / 4 * 1e6:.1f}"))
        yield f"| {rows:,} | {' | '.join(cells)} |"


def _alike(book: Workbook) -> Workbook:
    tables: Mapping[str, Table] = {name: _levelled(table) for name, table in book.tables.items()}
    return Workbook(book.path, book.sha256, book.form, book.cover, tables, (), book.ledger)


def _levelled(table: Table) -> Table:
    kept = {ROW, *table.sheet.key, *(c.id for c in table.sheet.columns if c.references)}
    others = [name for name in table.frame.columns if name not in kept]
    level = table.frame.with_columns(pl.col(others).first()) if table.frame.height else table.frame
    return Table(table.sheet, table.tab, level, Texts(), table.addresses)
