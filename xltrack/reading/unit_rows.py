"""Compares the money unit of the cover with those in rows of units and of headings between the records."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from xltrack.findings import Finding
from xltrack.forms import Code
from xltrack.reading.body import Body, Line
from xltrack.reading.extract import address
from xltrack.reading.headings import money_unit
from xltrack.reading.values import Setting

# "(5)", "B", "(3)=(1)+(2)" number a column.
_NUMBERS = re.compile(r"[\d\s()\[\]=+*/:×–-]+|\(?[A-Z]\)?(?:\s*=.*)?")


def unit_row_findings(
    body: Body, ignored: Mapping[int, str], tab: str, setting: Setting
) -> Iterator[Finding]:
    """Yield where a row passed over names another money unit than the cover (XLT128), or an unknown one (XLT260).

    Each row is told once. Nothing is turned from one unit into the other.
    """
    for at, reason in ignored.items():
        if reason in ("numbering", "heading"):
            yield from islice(_in_row(Line.of(body, at), reason == "heading", tab, setting), 1)


def _in_row(line: Line, is_heading: bool, tab: str, setting: Setting) -> Iterator[Finding]:
    row = line.body.layout.first_row + line.at
    for place, text in line.texts.items():
        column = line.body.mapped.get(place)
        if column is None or not column.money or _NUMBERS.fullmatch(text):
            continue
        unit = money_unit(text if is_heading else f"({text.strip('() ')})", setting.currencies)
        facts: dict[str, object] = {"title": column.title}
        if unit is None and not is_heading:
            yield Finding("XLT260", tab, row + 1, address(row, place), column.id, text, facts)
        if unit and _differ(unit, setting.currency):
            facts |= {"heading": unit.label, "cover": setting.currency.label if setting.currency else None}
            yield Finding("XLT128", tab, row + 1, address(row, place), column.id, unit.label.vi, facts)


def _differ(unit: Code, cover: Code | None) -> bool:
    return cover is not None and unit.code != cover.code
