"""The status of a round for people at a terminal and for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from xltrack.excel.heads import Cell, Head
from xltrack.excel.status_words import FILES, FILES_TITLE, UNITS, file_rows, sentences, title, unit_rows
from xltrack.forms import Schemas
from xltrack.hanoi import clock
from xltrack.language import Lang
from xltrack.store import Completeness, UnitStatus

SCHEMA_VERSION = "1.0"
_RIGHT = frozenset({"number"})


def status_text(found: Completeness, schemas: Schemas, lang: Lang, width: int) -> str:
    """Return the status as lines of at most `width` characters: sentences, a table of units, a table of files."""
    parts = [title(found, schemas).to(lang), *(line.to(lang) for line in sentences(found, schemas)), ""]
    parts.append(_table(UNITS, unit_rows(found, schemas, lang), lang, width))
    if found.status.files:
        parts += [FILES_TITLE.to(lang), _table(FILES, file_rows(found, schemas, lang), lang, width)]
    return "\n".join(parts).rstrip()


def status_json(found: Completeness) -> str:
    """Return the status as JSON: the round, its units with the ids of sheets without a row, files, double cover."""
    status = found.status
    document = {
        "schema_version": SCHEMA_VERSION,
        "as_of": found.as_of.isoformat(timespec="seconds") if found.as_of else None,
        "round": asdict(status.round),
        "units": [_unit(unit, found) for unit in status.units],
        "files": [asdict(file) for file in status.files],
        "double_cover": [asdict(pair) for pair in status.double_cover],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=_plain)


def _table(heads: Sequence[Head], rows: Sequence[Sequence[Cell]], lang: Lang, width: int) -> str:
    """Return a table without the columns in which nothing stands."""
    kept = [at for at, _ in enumerate(heads) if any(row[at] not in (None, 0) for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at in kept:
        table.add_column(heads[at].title.to(lang), justify="right" if heads[at].kind in _RIGHT else "left")
    for row in rows:
        table.add_row(*(_shown(row[at]) for at in kept))
    console = Console(file=StringIO(), width=width, color_system=None, markup=False, highlight=False)
    with console.capture() as shown:
        console.print(table)
    return "\n".join(line.rstrip() for line in shown.get().splitlines()) + "\n"


def _shown(value: Cell) -> str:
    if isinstance(value, datetime):
        return clock(value)
    return "" if value in (None, 0) else str(value)


def _unit(unit: UnitStatus, found: Completeness) -> dict[str, Any]:
    facts = asdict(unit) | {"name": {"vi": unit.name.vi, "en": unit.name.en}}
    return facts | {"empty_sheets": found.empty_sheets.get(unit.unit_code, ())}


def _plain(value: Any) -> str:
    return str(value.isoformat())
