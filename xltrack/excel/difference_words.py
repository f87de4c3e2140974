"""How rows and values that differ are named, for the workbook and for text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xltrack.findings.masking import masked
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.rollup.summary import number
from xltrack.store.difference import CHANGE, NEW, OLD, Difference, SheetDifference
from xltrack.store.sides import RETURN

CHANGE_NAMES = {
    "changed": Text("Sửa", "Changed"),
    "added": Text("Thêm", "Added"),
    "removed": Text("Bỏ", "Removed"),
}
_RETURN = {
    "return_unit": Text("Đơn vị", "Unit"),
    "return_year": Text("Năm", "Year"),
    "return_period": Text("Kỳ", "Period"),
}
_YEARS = 9999
"""Above it, numbers have separators."""


@dataclass(frozen=True)
class Words:
    """Says what differs in `found`, in `lang`, with the labels of codes that `schemas` know."""

    found: Difference
    schemas: Schemas
    lang: Lang

    def title(self, one: SheetDifference, name: str) -> str:
        """Return the heading of a column."""
        return (_RETURN[name] if name in RETURN else one.sheet.by_id[name].title).to(self.lang)

    def key(self, one: SheetDifference, row: Mapping[str, Any]) -> str:
        """Return the key of a row in words: "T34-24 · 2025 · HT1"; of a card nothing but its name."""
        said = [self.shown(one, name, row[name]) for name in one.key]
        return " · ".join(text for text in said if text) or one.sheet.title.to(self.lang)

    def place(self, row: Mapping[str, Any], side: str) -> str | None:
        """Return where a row stands on a side: "AP_DUNG!7:7", with its file where that is not the side itself."""
        line = row[f"{side}_row"]
        if line is None:
            return None
        place = f"{row[f'{side}_sheet']}!{line}:{line}"
        name = row[f"{side}_file_name"]
        return (
            place if name == (self.found.old if side == OLD else self.found.new).name else f"{name} {place}"
        )

    def cell(self, one: SheetDifference, row: Mapping[str, Any], side: str, name: str) -> str | None:
        """Return the address of a cell on a side, None where it is not known."""
        of = self.found.old if side == OLD else self.found.new
        return of.cell(one.sheet.id, row[f"{side}_submission"], row[f"{side}_row"], name)

    def shown(self, one: SheetDifference, name: str, value: Any) -> str:
        """Return a value as a reader writes it; contacts and personal numbers are masked, and what is blank is ""."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return (Text("có", "yes") if value else Text("không", "no")).to(self.lang)
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        if isinstance(value, int | float):
            return number(value, self.lang) if isinstance(value, float) or abs(value) > _YEARS else str(value)
        return self._text(one, name, str(value))

    def _text(self, one: SheetDifference, name: str, value: str) -> str:
        column = one.sheet.by_id.get(name)
        if column is not None and column.personal:
            return f"{value[:2]}…"
        list_name = (
            "period_kinds" if name == "return_period" else column.code_list if column is not None else None
        )
        codes = self.schemas.code_lists.get(list_name or "")
        entry = codes.by_code.get(value) if codes else None
        return entry.label.to(self.lang) if entry else masked(value)


def changed_columns(one: SheetDifference, row: Mapping[str, Any]) -> list[str]:
    """Return the columns in which a changed row differs."""
    if row[CHANGE] != "changed":
        return []
    return [name for name in one.columns if row[f"{OLD}{name}"] != row[f"{NEW}{name}"]]
