"""The text report on a terminal: the same words, with colours, and wrapped to the width of the window."""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleRenderable
from rich.console import Group as Lines
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from xltrack.findings import Severity
from xltrack.forms import Schemas, load_schemas
from xltrack.language import Lang
from xltrack.report.alike import Group, groups_by_sheet
from xltrack.report.received import ReceivedFile
from xltrack.report.text import (
    SEVERITIES,
    count_of,
    heading,
    ledger_lines,
    more_of,
    place_of,
    sheet_name,
    summary,
)

COLOURS: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_VERDICTS = {"accepted": "green", "duplicate": "green", "partial": "yellow", "held": "yellow"}
_REFUSED = "bold red"
_MARGIN = 7


def show(
    files: Sequence[ReceivedFile],
    lang: Lang,
    console: Console,
    schemas: Schemas | None = None,
    *,
    ledger: bool = False,
    quiet: bool = False,
) -> None:
    """Print the results of `files` as `as_text` words them, on a terminal."""
    known = schemas or load_schemas()
    for file in files:
        if file.findings or not quiet:
            for part in _file(file, known, lang, ledger):
                console.print(part)
    console.print(Line(summary(files, lang), style="bold"))


def _file(file: ReceivedFile, schemas: Schemas, lang: Lang, ledger: bool) -> Iterator[ConsoleRenderable]:
    path, verdict = heading(file, schemas, lang)
    yield Line(path, style="bold")
    yield _indented(Line(verdict, style=_VERDICTS.get(file.verdict, _REFUSED)), 2)
    for sheet, groups in groups_by_sheet(file.findings, lang):
        yield _indented(Line(sheet_name(sheet, lang), style="bold underline"), 2)
        yield from (_indented(_group(group, lang), 4) for group in groups)
    yield from (Line(line, style="dim") for line in ledger_lines(file, lang, ledger))
    yield Line("")


def _group(group: Group, lang: Lang) -> Table:
    """Return the group: where, what, what to do; a small table where it says several things."""
    title = f"{SEVERITIES[group.severity].to(lang)} {group.code}"
    one = len(group.places) == 1
    where = place_of(group.places[0], lang) if one else count_of(group, lang)
    told = Line.assemble((title, COLOURS[group.severity]), f": {group.message}" if group.message else "")
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=_MARGIN, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(Line(where, style="bold"), told)
    if not one:
        table.add_row("", _places(group, lang))
    table.add_row("", Line(f"→ {group.hint}", style="italic"))
    return table


def _places(group: Group, lang: Lang) -> ConsoleRenderable:
    places = [place_of(place, lang) for place in group.places]
    more = more_of(group, lang)
    if not any(place.words for place in group.places):
        return Line.assemble((", ".join(places), "bold"), f" {more}")
    table = Table.grid(padding=(0, 2))
    if group.marks:
        table.add_row("", *group.marks)
    for at, place in zip(places, group.places, strict=True):
        table.add_row(Line(at, style="bold"), *map(Line, place.words))
    # Below the table: within it, this line would widen the column of places.
    return Lines(table, Line(more)) if more else table


def _indented(part: ConsoleRenderable, by: int) -> Padding:
    return Padding(part, (0, 0, 0, by), expand=False)
