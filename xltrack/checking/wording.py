"""How values, columns and conditions are said in a message, in both languages."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from xltrack.forms import Column, Schemas, Sheet
from xltrack.language import Text
from xltrack.reading.privacy import sayable

YES, NO = Text("Có", "Có (yes)"), Text("Không", "Không (no)")
_BEGINS = re.compile(r"\^([\w -]+)")
_LIMITS = {
    "minimum": Text("từ {} trở lên", "at least {}"),
    "exclusiveMinimum": Text("lớn hơn {}", "more than {}"),
    "maximum": Text("không quá {}", "at most {}"),
    "exclusiveMaximum": Text("nhỏ hơn {}", "less than {}"),
    "minLength": Text("dài ít nhất {} ký tự", "at least {} characters long"),
    "maxLength": Text("dài không quá {} ký tự", "at most {} characters long"),
}


def number(value: float) -> Text:
    """Return a number as people write it: 1.234.567,5 in Vietnamese, 1,234,567.5 in English."""
    english = f"{value:,}"
    return Text(english.translate(str.maketrans(",.", ".,")), english)


def count(value: float) -> Text:
    """Return a number that may be a year or an ordinal: not grouped below ten thousand."""
    return number(value) if abs(value) >= 10_000 or value != int(value) else Text(str(value), str(value))


def day(value: date) -> Text:
    """Return a date as dd/mm/yyyy, in both languages as the form asks for it."""
    shown = f"{value.day:02}/{value.month:02}/{value.year:04}"
    return Text(shown, shown)


def joined(texts: Iterable[Text], vi: str = ", ", en: str = ", ") -> Text:
    """Return the texts one after another."""
    found = list(texts)
    return Text(vi.join(text.vi for text in found), en.join(text.en for text in found))


def quoted(text: Text) -> Text:
    """Return a column's heading as messages quote it."""
    return Text(f"«{text.vi}»", f"“{text.en}”")


class Wording:
    """Says values and conditions of one sheet: codes by their labels, columns by their headings."""

    def __init__(self, sheet: Sheet, schemas: Schemas) -> None:
        self.sheet = sheet
        self.schemas = schemas

    def value(self, column: Column, value: Any) -> Text:
        """Return a typed value (or its JSON form) as the sender knows it."""
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, int | float):
            return number(value) if column.money else count(value)
        if isinstance(value, date):
            return day(value)
        if column.code_list is not None:
            entry = self.schemas.code_lists[column.code_list].by_code.get(value)
            return Text(value, value) if entry is None else entry.label
        return (
            day(date.fromisoformat(value))
            if column.type == "date" and _is_date(value)
            else Text(value, value)
        )

    def limit(self, column: Column, keyword: str, bound: float) -> Text:
        """Return what a limit asks for: "từ 0 trở lên", "at least 0"."""
        amount = number(bound) if column.money else count(int(bound) if bound == int(bound) else bound)
        unit = " đồng" if column.money else ""
        return _filled(_LIMITS[keyword], Text(f"{amount.vi}{unit}", f"{amount.en}{unit}"))

    def one_of(self, column: Column, values: Iterable[Any], most: int = 6) -> Text:
        """Return the allowed values, at most `most` of them."""
        listed = list(values)
        more = [Text("…", "…")] if len(listed) > most else []
        return joined([*(self.value(column, value) for value in listed[:most]), *more], "; ", "; ")

    def title(self, column_id: str) -> Text:
        """Return the quoted heading of a column; the id where the form has none."""
        column = self.sheet.by_id.get(column_id)
        return quoted(column.title if column else Text(column_id, column_id))

    def titles(self, column_ids: Iterable[str]) -> Text:
        """Return the quoted headings of several columns."""
        return joined(self.title(name) for name in column_ids)

    def condition(self, schema: Mapping[str, Any] | bool) -> Text:
        """Return what `schema` demands of a row: "«Chương trình» là “Chương trình 1322”"."""
        if isinstance(schema, bool):
            return Text("luôn luôn", "always") if schema else Text("không bao giờ", "never")
        said = [text for word, value in schema.items() for text in self._demand(word, value, schema)]
        return joined(said, " và ", " and ") if said else Text("luôn luôn", "always")

    def _demand(self, keyword: str, value: Any, schema: Mapping[str, Any]) -> list[Text]:
        if keyword == "properties":
            return [self._property(name, sub) for name, sub in value.items()]
        if keyword == "required":
            plain = [name for name in value if name not in schema.get("properties", {})]
            return [_filled(Text("{} có giá trị", "{} is filled"), self.title(name)) for name in plain]
        if keyword == "allOf":
            return [self.condition(sub) for sub in value]
        if keyword == "anyOf":
            return [joined((self.condition(sub) for sub in value), " hoặc ", " or ")]
        if keyword == "not":
            return [_filled(Text("không phải ({})", "not ({})"), self.condition(value))]
        return []

    def _property(self, name: str, schema: Mapping[str, Any] | bool) -> Text:
        column = self.sheet.by_id.get(name)
        title = self.title(name)
        if column is None or isinstance(schema, bool):
            blank = schema is False
            return _filled(
                Text("{} để trống", "{} is blank") if blank else Text("{} có giá trị", "{} is filled"), title
            )
        demands = [self._says(column, word, value) for word, value in schema.items()]
        return Text(
            f"{title.vi} {' và '.join(text.vi for text in demands)}",
            f"{title.en} {' and '.join(text.en for text in demands)}",
        )

    def _says(self, column: Column, keyword: str, value: Any) -> Text:
        if keyword in ("const", "enum"):
            values = [value] if keyword == "const" else value
            said = [self.value(column, one) for one in values]
            marked = joined((Text(f"“{one.vi}”", f"“{one.en}”") for one in said), " hoặc ", " or ")
            return _filled(Text("là {}", "is {}"), marked)
        if keyword == "not":
            inner = joined(self._says(column, word, sub) for word, sub in value.items())
            return _filled(Text("không {}", "not {}"), inner)
        if keyword in _LIMITS:
            return self.limit(column, keyword, value)
        if keyword == "pattern":
            return _form(value)
        return Text(f"{keyword} {value}", f"{keyword} {value}")


def _filled(template: Text, inner: Text) -> Text:
    return Text(template.vi.format(inner.vi), template.en.format(inner.en))


def _form(pattern: str) -> Text:
    begins = _BEGINS.fullmatch(pattern)
    if begins:
        return Text(f"bắt đầu bằng “{begins[1]}”", f"begins with “{begins[1]}”")
    return Text(f"có dạng {pattern}", f"has the form {pattern}")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def said_key(key: Mapping[str, object], wording: Wording) -> Text:
    """Return a key, values by column id, as messages say it; blanks are left out, personal numbers hidden."""

    def part(name: str, value: object) -> Text:
        column = wording.sheet.by_id[name]
        said = wording.value(column, value)
        title = wording.title(name)
        return Text(f"{title.vi} “{sayable(column, said.vi)}”", f"{title.en} “{sayable(column, said.en)}”")

    return joined(part(name, value) for name, value in key.items() if value is not None)
