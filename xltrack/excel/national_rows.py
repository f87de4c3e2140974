"""The tables of rows in the national workbook: codes as people call them, each column in its order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import polars as pl
from xlsxwriter import Workbook

from xltrack.excel.heads import Head, Kind
from xltrack.excel.national_page import Look, Page
from xltrack.excel.national_source import Names
from xltrack.excel.pivot import Table
from xltrack.excel.rows_xml import Layout, is_exact
from xltrack.excel.states import STATES
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.rollup import Rollup
from xltrack.rollup.labels import OTHER_WORDS
from xltrack.rollup.row_tables import RowColumn, RowTable, row_tables

WORDS: Mapping[str, Mapping[str, Text]] = {
    "budget": {
        "state": Text("Ngân sách nhà nước", "State budget"),
        "other": Text("Ngoài ngân sách", "Outside the state budget"),
    },
    "stated_as": {
        "target": Text("Mục tiêu", "Target"),
        "actual": Text("Thực hiện", "Actual"),
        "estimate": Text("Ước thực hiện", "Estimate"),
    },
    "unit_group": {
        "province": Text("Tỉnh, thành phố", "Provinces"),
        "other": Text("Bộ, ngành", "Ministries and agencies"),
    },
    "state": STATES,
}
_KINDS: Mapping[str, Kind] = {"whole": "number", "money": "number", "decimal": "decimal"}
_WIDTHS = {"text": 26.0, "whole": 11.0, "money": 20.0, "decimal": 14.0, "period": 12.0}
_NUMBERS = frozenset(_KINDS)


@dataclass(frozen=True)
class Rows:
    """One declared table with its rows (`coded`, as `make_rows` gives them) in the language of `names`.

    `units` are those of both views, as in a roll-up; `unit` is the one that the rows are of, None for the nation.
    """

    names: Names
    declared: RowTable
    coded: pl.DataFrame
    units: pl.DataFrame
    unit: str | None = None

    @property
    def name(self) -> str:
        """Return what the table is called: that of one unit names it, so that no refresh takes it for the whole one."""
        own = f"_{self.unit.replace('-', '_')}" if self.unit else ""
        return f"{self.declared.name}{own}"

    def heading(self, column: str) -> str:
        """Return the heading of the column `column` (an id)."""
        return next(one for one in self.declared.columns if one.id == column).title.to(self.names.lang)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Return the rows with headings for ids and names for codes."""
        return pl.DataFrame(
            [
                self._named(column, self.coded).alias(column.title.to(self.names.lang))
                for column in self.declared.columns
            ]
        )

    @cached_property
    def table(self) -> Table:
        """Return what pivots are made over, with the order of each column's texts."""
        orders = {column.title.to(self.names.lang): self._order(column) for column in self.declared.columns}
        return Table(self.name, self.frame, orders)

    @cached_property
    def left_out(self) -> int:
        """Return in how many rows an amount is no number that a cell can hold, and so in no sum of a pivot."""
        amounts = [column for column in self.frame if column.dtype.is_integer()]
        return sum(len(amount) - int(is_exact(amount).fill_null(value=True).sum()) for amount in amounts)

    def _named(self, column: RowColumn, rows: pl.DataFrame) -> pl.Series:
        if column.kind == "period":
            pairs = rows.select(pl.concat_str("period", "figures_kind", separator="|")).to_series()
            return _mapped(pairs, lambda pair: self.names.period_name(*pair.split("|")))
        if column.id == "round":
            pairs = rows.select(pl.concat_str("year", "period_kind", separator="|")).to_series()
            return _mapped(pairs, self._round)
        values = rows[column.id]
        if column.kind in _NUMBERS or column.kind == "text":
            return values
        unknown = OTHER_WORDS["unknown"].to(self.names.lang)
        return _mapped(values, lambda code: self._name(column, code), unknown)

    def _name(self, column: RowColumn, code: str) -> str:
        lang = self.names.lang
        if column.kind in ("unit34", "unit63"):
            return self._units[column.kind[-2:]].get(code, code)
        if column.kind == "unit":
            return self._reporting.get(code, code)
        if column.kind == "word":
            return WORDS[column.id][code].to(lang)
        if code in OTHER_WORDS:
            return OTHER_WORDS[code].to(lang)
        if column.kind == "sector":
            return self.names.name("sector", code) or code
        return self.names.label(column.code_list or "", code) or code

    def _round(self, pair: str) -> str:
        year, kind = pair.split("|")
        return f"{year} · {self.names.label('period_kinds', kind)}"

    @cached_property
    def _units(self) -> Mapping[str, Mapping[str, str]]:
        """Return the names of the units of either view by their codes, in official order."""
        found: dict[str, dict[str, str]] = {"34": {}, "63": {}}
        for unit in self.units.to_dicts():
            found[unit["view"]][unit["unit_code"]] = self.names.named(unit) or unit["unit_code"]
        return found

    @cached_property
    def _reporting(self) -> Mapping[str, str]:
        """Return the names of all units with their codes: two provinces of one name report in different years."""
        every = (*self._units["34"].items(), *self._units["63"].items())
        return {code: f"{name} ({code})" for code, name in every}

    def _order(self, column: RowColumn) -> Sequence[str]:
        lang = self.names.lang
        if column.kind in ("unit34", "unit63"):
            return list(self._units[column.kind[-2:]].values())
        if column.kind == "unit":
            return list(self._reporting.values())
        if column.kind == "word":
            return [word.to(lang) for word in WORDS[column.id].values()]
        if column.code_list:
            return [entry.label.to(lang) for entry in self.names.schemas.code_lists[column.code_list].codes]
        return (
            sorted(self.frame[column.title.to(lang)].drop_nulls().unique()) if column.kind == "period" else ()
        )


def rows_of(
    names: Names, coded: Mapping[str, pl.DataFrame], units: pl.DataFrame, unit: str | None = None
) -> Mapping[str, Rows]:
    """Return the tables by their ids, with the rows that `coded` has for each."""
    return {table.id: Rows(names, table, coded[table.id], units, unit) for table in row_tables()}


def current_rows(rollup: Rollup, schemas: Schemas) -> Mapping[str, Sequence[Table]]:
    """Return the tables by their name in workbooks, with the headings of either language."""
    found: dict[str, list[Table]] = {}
    for lang in get_args(Lang):
        for rows in rows_of(Names(schemas, lang), rollup.rows, rollup.units, rollup.unit).values():
            found.setdefault(rows.declared.name, []).append(rows.table)
    return found


def write_row_table(book: Workbook, look: Look, rows: Rows) -> Layout:
    """Write the sheet of a table with its headings and one blank row; return how the rows are to be put there."""
    page = Page(book, look, rows.names.lang, rows.declared.title, rows.declared.title)
    page.note(*_notes(rows))
    heads = [_head(column) for column in rows.declared.columns]
    page.print_no_rows(heads)
    first, _ = page.table(heads, [[None] * len(heads)], freeze=True, name=rows.name)
    page.close()
    return Layout((first, 0), tuple(look.number(head.kind) for head in heads))


def _notes(rows: Rows) -> Iterator[Text]:
    yield Text(
        "Các PivotTable lấy số từ bảng này; mỗi dòng dẫn về tệp, trang tính và dòng đã gửi.",
        "The PivotTables add up this table; every row leads to the file, sheet and line that was sent.",
    )
    if rows.unit:
        yield Text(
            "Sổ này chỉ có các dòng của một đơn vị: doanh nghiệp được đếm trong phạm vi đơn vị đó.",
            "This workbook has the rows of one unit alone: enterprises are counted within it.",
        )
    for column in rows.declared.columns:
        if column.note:
            yield Text(
                f"“{column.title.vi}”: cộng cột này thì mỗi doanh nghiệp chỉ tính một lần; {column.note.vi}, cách chia "
                "khác xem các trang số liệu.",
                f"“{column.title.en}”: in its sum an enterprise counts once; {column.note.en}, for other cuts see the "
                "sheets of figures.",
            )


def _head(column: RowColumn) -> Head:
    return Head(column.title, _KINDS.get(column.kind, "text"), _WIDTHS.get(column.kind, 22.0))


def _mapped(values: pl.Series, name: Callable[[str], str], blank: str = "") -> pl.Series:
    """Return the name of each of `values`, `blank` where there is none; as an Enum, for rows are many, names few."""
    known = values.drop_nulls().unique()
    names = [name(code) for code in known]
    kind = pl.Enum(list(dict.fromkeys([*names, blank])))
    return values.replace_strict(known, pl.Series(names, dtype=kind), return_dtype=kind).fill_null(blank)
