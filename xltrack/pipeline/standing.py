"""Tells who has reported in a round, and writes it where it is wanted."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from xltrack.errors import NoRound, UnknownName
from xltrack.files import replace_file
from xltrack.forms import PeriodKind, Round, Schemas, load_schemas
from xltrack.hanoi import until
from xltrack.language import Lang, Text
from xltrack.report.status import status_json
from xltrack.store import Completeness, Store, open_store, round_completeness

_NEWEST = (
    "SELECT year, period_kind FROM known_submission WHERE period_kind = coalesce(?, period_kind) "
    "AND year = coalesce(?, year) ORDER BY year DESC, period_kind LIMIT 1"
)


def status(
    store: Path | str,
    output: Path | str | None = None,
    *,
    year: int | None = None,
    period: PeriodKind | None = None,
    lang: Lang = "vi",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> Completeness:
    """Return who has reported in a round; write it to `output` (.xlsx in the language `lang`, or .json) if it is named.

    The round is that of `year` and `period`; where one is not said, the newest that a file in the store names.
    With `as_of`, a day (to its end in Hà Nội) or a moment, it is what had come by then.

    Raises UnknownName for another ending or a round that is not declared, StoreError and OutputError.
    """
    write = _writer(Path(output), lang) if output else None
    declared = load_schemas(schemas)
    with open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None) as opened:
        found = round_completeness(opened, _round(opened, year, period))
    if write and output:
        write(found, declared, Path(output))
    return found


Write = Callable[[Completeness, Schemas, Path], None]


def _writer(output: Path, lang: Lang) -> Write:
    writers: Mapping[str, Write] = {
        ".xlsx": partial(_write_workbook, lang),
        ".json": lambda found, _, path: replace_file(path, status_json(found).encode()),
    }
    if output.suffix.lower() not in writers:
        hint = Text(f"Dùng một trong: {', '.join(writers)}.", f"Use one of {', '.join(writers)}.")
        kind = Text("dạng kết quả", "form of result")
        raise UnknownName(kind=kind, name=output.suffix or output.name, hint=hint)
    return writers[output.suffix.lower()]


def _write_workbook(lang: Lang, found: Completeness, schemas: Schemas, path: Path) -> None:
    from xltrack.excel.status_book import write_status

    write_status(found, schemas, path, lang)


def _round(store: Store, year: int | None, period: PeriodKind | None) -> Round:
    """Return the round asked for."""
    units = store.schemas.units
    if year is not None and period is not None:
        named: tuple[int, str] | None = (year, period)
    else:
        named = next(iter(store.rows(_NEWEST, [period, year])), None)
    if named is None:
        raise NoRound(path=store.path)
    found = units.round(*named)
    if found is None:
        known = ", ".join(round_.name for round_ in units.rounds)
        raise UnknownName(kind=Text("kỳ báo cáo", "round"), name=f"{named[0]}-{named[1]}", hint=known)
    return found
