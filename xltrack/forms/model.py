"""Forms, sheets and columns as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from xltrack.forms.folding import fold
from xltrack.language import Text

ColumnType = Literal["string", "integer", "number", "boolean", "date"]
Layout = Literal["card", "table"]
Contact = Literal["phone", "email"]
PeriodDay = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a column points to: `targets` maps the value of column `by` to (sheet id, column id).

    A plain reference has `by` None and its only target under "".
    """

    by: str | None
    targets: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: `schema` is its JSON Schema with annotations, the rest is read from it.

    `personal_id_where` gives, by column, the values that a row must have for twelve digits to stand here; `period_day`
    the day for which a month or a year typed here stands; `unit_in` the column that names the unit of this number;
    `usual` the amounts in đồng between which the median of a return lies, `plausible` those between which any amount
    lies.
    """

    id: str
    type: ColumnType
    title: Text
    help: Text
    required: bool
    schema: Mapping[str, Any]
    code_list: str | None = None
    code_filter: Mapping[str, tuple[str, ...]] | None = None
    code_parent: str | None = None
    code_open: bool = False
    money: bool = False
    usual: tuple[int, int] | None = None
    plausible: tuple[int, int] | None = None
    references: Reference | None = None
    checksum: str | None = None
    confirmed_by: str | None = None
    personal: bool = False
    personal_id_where: Mapping[str, tuple[str, ...]] | None = None
    contact: Contact | None = None
    period_day: PeriodDay | None = None
    unit_in: str | None = None
    width: int = 16
    example: str | float | bool | None = None
    synonyms: tuple[str, ...] = ()

    def heading(self, currency: Text | None = None) -> Text:
        """Return the heading as written in workbooks: money with its unit, required with " *" in Vietnamese."""
        unit = Text(f" ({currency.vi})", f" ({currency.en})") if self.money and currency else Text("", "")
        star = " *" if self.required else ""
        return Text(f"{self.title.vi}{unit.vi}{star}", f"{self.title.en}{unit.en}")


@dataclass(frozen=True, slots=True)
class Carry:
    """Which rows of a sheet the unit's next workbook begins with, and the ids of the `columns` that it is given.

    A row is carried if the column of `where` has one of its values or is blank, and if what column `until` names (a
    day, or a period as "2021-2025") has not ended before the data of the next round begin; blank: it has not.
    """

    columns: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] | None = None
    until: str | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet of a form. `row_schema` is the JSON Schema of one row, code lists filled in as `enum`.

    `carry` is None where every round begins with an empty sheet.
    """

    id: str
    tab: str
    title: Text
    help: Text
    layout: Layout
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    capacity: int
    row_schema: Mapping[str, Any]
    carry: Carry | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Column]:
        """Return the columns by their ids."""
        return {column.id: column for column in self.columns}

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """Return the id of the column for each folded heading; titles go before synonyms, a shared one names nobody."""
        keys: dict[str, str] = {}
        for spellings in (_titles, _synonyms):
            found: dict[str, set[str]] = {}
            for column in self.columns:
                for spelling in spellings(column):
                    found.setdefault(fold(spelling), set()).add(column.id)
            keys = {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1 and key} | keys
        return keys


def _titles(column: Column) -> tuple[str, ...]:
    return (*column.title, "".join(column.title))


def _synonyms(column: Column) -> tuple[str, ...]:
    return (*column.synonyms, column.id)


@dataclass(frozen=True)
class Form:
    """One form in one version; `accepts` lists the versions that are read as this one."""

    id: str
    version: str
    accepts: tuple[str, ...]
    title: Text
    help: Text
    instructions: tuple[Text, ...]
    sheets: tuple[Sheet, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Sheet]:
        """Return the sheets by their ids."""
        return {sheet.id: sheet for sheet in self.sheets}

    @property
    def cover(self) -> Sheet:
        """Return the sheet that says who reports what: the first card."""
        return next(sheet for sheet in self.sheets if sheet.layout == "card")

    @property
    def tables(self) -> tuple[Sheet, ...]:
        """Return the sheets that hold one row per thing."""
        return tuple(sheet for sheet in self.sheets if sheet.layout == "table")
