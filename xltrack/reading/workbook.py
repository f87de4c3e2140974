"""Reads one accepted file into a workbook: who reports what, typed rows, and what was found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from xltrack.findings import Finding
from xltrack.forms import Code, CodeList, Form, Schemas, Sheet
from xltrack.intake import Intake
from xltrack.language import Text
from xltrack.reading.account import Ledger
from xltrack.reading.answered import answers
from xltrack.reading.card import PlacedCard, find_card, read_card, value_of
from xltrack.reading.codes import Viewpoint
from xltrack.reading.copies import Settled, settle_copies
from xltrack.reading.cover import CURRENCY, UNIT, Understood, understand
from xltrack.reading.extract import Grid, Unreadable, extract
from xltrack.reading.file_name import file_name_findings
from xltrack.reading.headings import Known, find_layout, known_headings
from xltrack.reading.ledger import Tally, balance
from xltrack.reading.model import Cover, Table, Workbook
from xltrack.reading.money_units import money_unit_findings
from xltrack.reading.recognise import (
    Manifest,
    find_sheets,
    is_called,
    own_reason,
    read_manifest,
    recognise_form,
    sheets_like,
)
from xltrack.reading.table import Placed, read_table
from xltrack.reading.values import Setting
from xltrack.stages import stage

_SHOWN: Final = 100


@dataclass(frozen=True)
class _Opened:
    """One workbook of a known form while it is read."""

    name: str
    schemas: Schemas
    form: Form
    manifest: Manifest
    known: Mapping[str, Known]
    settled: Settled
    tallies: Mapping[str, Tally]
    setting: Setting
    any_version: bool = False


@dataclass(frozen=True)
class _Read:
    """What was read of it."""

    cover: Cover | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    money: Code | None = None


def read_workbook(
    intake: Intake,
    schemas: Schemas,
    account: Callable[[Grid], Tally] = Tally,
    *,
    any_version: bool = False,
) -> Workbook:
    """Return what `intake` holds, read by the form that it is.

    Whatever the sender did is in the findings; only a fault of xltrack raises (ProgramError). A refused file
    has the gate's findings and no cells. `account` opens the account of each worksheet; with `any_version` a version of
    the form that is not accepted is told, and read nonetheless.
    """
    if intake.verdict != "passed":
        return unread_workbook(intake, intake.findings)
    try:
        with stage("values"):
            grids = extract(intake)
    except Unreadable as failure:
        return unread_workbook(intake, (Finding("XLT102", facts={"reason": failure.reason}),))
    manifest = read_manifest(intake.facts.properties, grids)
    form = recognise_form(schemas.forms, manifest, grids)
    tallies = {grid.tab: account(grid) for grid in grids}
    if form is None:
        read = _Read(
            findings=_ignore_rest(tallies.values(), "unknown_form", _unknown_form(manifest, grids, schemas))
        )
    else:
        opened = _open(intake, schemas, form, manifest, tallies)
        read = _read_form(replace(opened, any_version=any_version))
    found = (*read.findings, *answers(grids, intake.facts.sheets, read.findings))
    ledger = balance(tallies.values())
    return Workbook(
        intake.path,
        intake.sha256,
        form,
        read.cover,
        read.tables,
        (*intake.findings, *found),
        ledger,
        manifest.entries,
        read.money.code if read.money else None,
    )


def unread_workbook(intake: Intake, findings: tuple[Finding, ...]) -> Workbook:
    """Return the workbook of which nothing was read, for what `findings` say."""
    return Workbook(intake.path, intake.sha256, None, None, {}, findings, Ledger(0, 0, {}))


def _open(
    intake: Intake, schemas: Schemas, form: Form, manifest: Manifest, tallies: Mapping[str, Tally]
) -> _Opened:
    column = form.cover.by_id.get(CURRENCY)
    currencies = (schemas.codes_of(column) if column else None) or CodeList("", Text("", ""), "label", ())
    known = {sheet.id: known_headings(sheet, currencies) for sheet in form.sheets}
    found = find_sheets(form, manifest, [tally.grid for tally in tallies.values()], known)
    read = {grid.tab for grid in found.values()}
    rest = [
        tally.grid for tab, tally in tallies.items() if tab not in read and own_reason(tally.grid) is None
    ]
    settled = settle_copies(form, found, rest, known)
    setting = Setting(currencies, schemas.code_lists["yes_no"], date_1904=intake.facts.date_1904)
    return _Opened(intake.path.stem, schemas, form, manifest, known, settled, tallies, setting)


def _read_form(opened: _Opened) -> _Read:
    findings = [*_missing_and_extra(opened), *opened.settled.findings]
    understood, currency, found = _read_cover(opened)
    findings += found
    if understood and understood.cover:
        findings += file_name_findings(opened.name, understood.cover, understood.table, opened.schemas.units)
    wrong = _identity_finding(opened, understood)
    if wrong and opened.any_version and wrong.code == "XLT107":
        findings.append(wrong)
    elif wrong:
        return _Read(findings=_ignore_rest(opened.tallies.values(), "unsupported_version", wrong))
    placed = [_place(opened, sheet) for sheet in opened.form.tables if sheet.id in opened.settled.sheets]
    money = currency or _money_named(placed)
    setting = replace(_setting_of(opened, understood, money), currency=currency)
    tables = {opened.form.cover.id: understood.table} if understood else {}
    for place in placed:
        lists = _lists(opened.schemas, place.sheet)
        table, found = read_table(place, replace(setting, lists=lists), opened.tallies[place.grid.tab])
        findings += [*money_unit_findings(place, currency), *found]
        if table is not None:
            tables[place.sheet.id] = table
    return _Read(understood.cover if understood else None, tables, findings, money)


def _read_cover(opened: _Opened) -> tuple[Understood | None, Code | None, list[Finding]]:
    """Return the cover understood, its money unit, and what was found; None where the sheet is missing."""
    sheet = opened.form.cover
    if sheet.id not in opened.settled.sheets:
        return None, None, []
    grid = opened.settled.sheets[sheet.id]
    card = PlacedCard(sheet, grid, find_card(grid, sheet, opened.known[sheet.id]))
    # The reporting unit is resolved by code and name and round together, not as an entry of a list.
    lists = {name: codes for name, codes in _lists(opened.schemas, sheet).items() if name != UNIT}
    setting = replace(opened.setting, lists=lists)
    currency = setting.currencies.by_code.get(str(value_of(card, CURRENCY, setting)))
    setting = replace(setting, factor=_factor(currency))
    table, findings = read_card(card, setting, opened.tallies[grid.tab])
    understood = understand(table, opened.manifest, opened.schemas)
    return understood, currency, [*findings, *understood.findings]


def _money_named(placed: Iterable[Placed]) -> Code | None:
    """Return the money unit that all headings name: it holds where the cover names none. None where they differ."""
    named = {unit.code: unit for place in placed if place.layout for unit in place.layout.money.values()}
    return next(iter(named.values())) if len(named) == 1 else None


def _setting_of(opened: _Opened, understood: Understood | None, money: Code | None) -> Setting:
    """Return how cells of the tables are to be understood."""
    setting = replace(opened.setting, factor=_factor(money))
    if understood is None or understood.cover is None:
        return setting
    round_, unit = understood.cover.round, understood.cover.unit
    return replace(setting, viewpoint=Viewpoint(round_.data_from, round_.cut_off, unit.scheme))


def _factor(currency: Code | None) -> int:
    return int(currency.extra["factor"]) if currency else 1


def _lists(schemas: Schemas, sheet: Sheet) -> dict[str, CodeList]:
    """Return the code list of each column of codes; yes and no have their own reading."""
    found = {column.id: schemas.codes_of(column) for column in sheet.columns if column.type == "string"}
    return {column_id: codes for column_id, codes in found.items() if codes is not None}


def _place(opened: _Opened, sheet: Sheet) -> Placed:
    grid = opened.settled.sheets[sheet.id]
    known = opened.known[sheet.id]
    others = [opened.known[other.id] for other in opened.form.tables if other is not sheet]
    return Placed(sheet, grid, find_layout(grid, sheet, known), known, others)


def _missing_and_extra(opened: _Opened) -> Iterator[Finding]:
    """Yield what sheets are missing or not of the form, and enter the cells of the latter as ignored."""
    for sheet in opened.form.sheets:
        grid = opened.settled.sheets.get(sheet.id)
        if grid is None:
            yield Finding("XLT201", facts={"tab": sheet.tab, "title": sheet.title})
        elif not is_called(grid.tab, sheet, opened.manifest):
            yield Finding("XLT212", grid.tab, facts={"tab": sheet.tab, "title": sheet.title})
    read = {grid.tab for grid in opened.settled.sheets.values()}
    missing = [sheet for sheet in opened.form.sheets if sheet.id not in opened.settled.sheets]
    for tab, tally in opened.tallies.items():
        if tab not in read:
            own = own_reason(tally.grid)
            is_copy = tab in opened.settled.copies
            cells = tally.ignore_all(own or ("copied_sheet" if is_copy else "extra_sheet"))
            if cells and own is None and not is_copy:
                yield Finding("XLT202", tab, facts={"cells": cells, "suggestions": sheets_like(tab, missing)})


def _unknown_form(manifest: Manifest, grids: Sequence[Grid], schemas: Schemas) -> Finding:
    """Return that the workbook is none of the forms, and what it is: by its own word, its first words, its sheets."""
    words = (cell for grid in grids for row in grid.rows for cell in row if isinstance(cell, str) and cell)
    tabs = ", ".join(grid.tab for grid in grids)
    first = _beginning(next(words, ""))
    begins = Text(first or "(trống)", first or "(blank)")
    told = Text(f"{begins.vi}; các trang: {tabs}", f"{begins.en}; sheets: {tabs}")
    found = _beginning(manifest.entries.get("form", "")) or told
    return Finding("XLT106", facts={"found": found, "expected": ", ".join(schemas.forms)})


def _beginning(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _identity_finding(opened: _Opened, understood: Understood | None) -> Finding | None:
    """Return the finding that the manifest or the cover names another form, or a version that is not accepted."""
    entries, cover = opened.manifest.entries, understood.table if understood else None
    asked = (
        ("XLT106", entries.get("form"), "form_id", (opened.form.id,)),
        ("XLT107", entries.get("version"), "form_version", opened.form.accepts),
    )
    for code, named, column, accepted in asked:
        facts = {"expected": ", ".join(accepted), "accepts": ", ".join(accepted)}
        if named is not None and named not in accepted:
            return Finding(code, facts={"found": named, "version": named, **facts})
        typed = cover.frame[column][0] if cover and column in cover.frame.columns else None
        if cover and typed is not None and typed not in accepted:
            row, cell = cover.place(column, 0)
            facts |= {"found": typed, "version": typed}
            return Finding(code, cover.tab, row, cell, column, typed, facts)
    return None


def _ignore_rest(tallies: Iterable[Tally], reason: str, finding: Finding) -> tuple[Finding]:
    """Enter the worksheets not read so far as ignored for `reason`; return what to say of it."""
    for tally in tallies:
        if not tally.mapped and not tally.ignored:
            tally.ignore_all(reason)
    return (finding,)
