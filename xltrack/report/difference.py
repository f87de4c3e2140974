"""What differs between two files or days, for people and programs."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from xltrack.excel.difference_words import CHANGE_NAMES, Words, changed_columns
from xltrack.findings.masking import masked, visible
from xltrack.forms import Schemas
from xltrack.language import Lang, Text
from xltrack.rollup.summary import number
from xltrack.store.difference import CHANGE, CHANGES, NEW, OLD, Difference, SheetDifference

SCHEMA_VERSION = "1.0"
MOST = 200
"""So many rows of a sheet are listed in text; the workbook and the JSON have all."""


def difference_text(found: Difference, schemas: Schemas, lang: Lang) -> str:
    """Return sheet by sheet what was added, removed and changed, with the addresses on both sides."""
    words = Words(found, schemas, lang)
    lines = [f"{visible(found.old.name)} → {visible(found.new.name)}"]
    if not found.sheets:
        lines.append(Text("Không có gì khác nhau.", "Nothing differs.").to(lang))
    for one in found.sheets:
        counts = ", ".join(
            f"{CHANGE_NAMES[change].to(lang).lower()} {number(one.count(change), lang)}"
            for change in CHANGES
            if one.count(change)
        )
        lines += ["", f"{one.sheet.tab}: {counts}"]
        rows = one.rows.head(MOST).to_dicts()
        lines += [line for row in rows for line in _row(one, row, words)]
        if one.rows.height > MOST:
            more = number(one.rows.height - MOST, lang)
            lines.append(
                Text(f"  … và {more} dòng nữa (-o FILE.xlsx)", f"  … and {more} more rows (-o FILE.xlsx)").to(
                    lang
                )
            )
    return "\n".join(lines)


def difference_json(found: Difference) -> str:
    """Return every row that differs: its key, its place on both sides, and the cells old and new, codes as they are."""
    sheets = [
        {"sheet": one.sheet.id, "rows": [_plain_row(found, one, row) for row in one.rows.to_dicts()]}
        for one in found.sheets
    ]
    names = {"schema_version": SCHEMA_VERSION, "old": found.old.name, "new": found.new.name}
    return json.dumps({**names, "sheets": sheets}, ensure_ascii=False, indent=1, default=_plain)


def _row(one: SheetDifference, row: Mapping[str, Any], words: Words) -> Iterator[str]:
    sign = {"added": "+", "removed": "-", "changed": "~"}[row[CHANGE]]
    where = " → ".join(place for side in (OLD, NEW) if (place := words.place(row, side)))
    place = "" if one.sheet.layout == "card" else f"  ({visible(where)})"
    yield f"  {sign} {visible(words.key(one, row))}{place}"
    for name in changed_columns(one, row):
        old, new = (visible(words.shown(one, name, row[f"{side}{name}"])) or "–" for side in (OLD, NEW))
        cells = " → ".join(cell for side in (OLD, NEW) if (cell := words.cell(one, row, side, name)))
        yield f"      {words.title(one, name)}: {old} → {new}{f'  ({cells})' if cells else ''}"


def _plain_row(found: Difference, one: SheetDifference, row: Mapping[str, Any]) -> dict[str, Any]:
    names = changed_columns(one, row) or one.columns
    cells = {
        name: {
            f"{word}{what}": value
            for word, side in (("old", OLD), ("new", NEW))
            for what, value in (
                ("", _said(one, name, row[f"{side}{name}"])),
                ("_cell", _cell(found, one, row, side, name)),
            )
        }
        for name in names
        if row[f"{OLD}{name}"] is not None or row[f"{NEW}{name}"] is not None
    }
    places = {f"{word}_place": _place(row, side) for word, side in (("old", OLD), ("new", NEW))}
    key = {name: _said(one, name, row[name]) for name in one.key}
    return {CHANGE: row[CHANGE], "key": key, **places, "cells": cells}


def _cell(
    found: Difference, one: SheetDifference, row: Mapping[str, Any], side: str, name: str
) -> str | None:
    of = found.old if side == OLD else found.new
    return of.cell(one.sheet.id, row[f"{side}_submission"], row[f"{side}_row"], name)


def _place(row: Mapping[str, Any], side: str) -> dict[str, Any] | None:
    names = {"file": "_file_name", "sha256": "_submission", "sheet": "_sheet", "row": "_row"}
    return None if row[f"{side}_row"] is None else {name: row[f"{side}{at}"] for name, at in names.items()}


def _said(one: SheetDifference, name: str, value: Any) -> Any:
    column = one.sheet.by_id.get(name)
    if column is not None and column.personal and value is not None:
        return f"{value[:2]}…"
    return masked(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)
