"""Workbooks to fill in: the front door of the writer, everything derived from the schemas."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from xltrack.excel import lists_sheet, manifest, template_check, template_guide
from xltrack.excel.choices import Choices, Scope, choices_of
from xltrack.excel.cover_checks import cover_checks
from xltrack.excel.formats import Formats
from xltrack.excel.live import Scene, checks
from xltrack.excel.places import card_place, table_place
from xltrack.excel.rule_formulas import rule_checks
from xltrack.excel.saving import CREATED, new_workbook
from xltrack.excel.template_cover import first_open, prefill, write_card, write_cover
from xltrack.excel.template_table import (
    ALLOWED,
    EntrySheet,
    Highlight,
    highlight,
    highlights,
    write_rows,
    write_table,
)
from xltrack.excel.validations import validation
from xltrack.excel.wording import Row, Wording
from xltrack.files import replace_file
from xltrack.forms import Form, Round, Schemas, Sheet, Unit

LARGE = 5_000
"""Rows of each table in a workbook for units with very many enterprises."""
_PERIODS = {"half": "6-thang", "annual": "nam", "five_year": "5-nam"}


@dataclass(frozen=True)
class TemplateOptions:
    """For whom a workbook is made, and what stands in it.

    `rows` maps sheet ids to rows (column id to value: codes, đồng, dates, true and false as Python has them; text
    in a column of another type, and what is `Typed`, is written as it is). `currency` is a code of the list
    `currency_units`; `capacity` the rows of each table, None for what each sheet declares. Without `protected` the
    sheets can be changed freely.
    """

    unit: Unit | None = None
    round: Round | None = None
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    currency: str = "million"
    capacity: int | None = None
    protected: bool = True


@dataclass(frozen=True)
class _Plan:
    """All that is derived from the schemas before a workbook is begun, by sheet id."""

    choices: Choices
    wording: Wording
    scenes: Mapping[str, Scene]
    validations: Mapping[str, Sequence[dict[str, Any]]]
    highlights: Mapping[str, Sequence[Highlight]]
    self_check: template_check.SelfCheck


_plans: dict[tuple[object, ...], _Plan] = {}


def template_name(form: Form, unit: Unit | None, round_: Round | None) -> str:
    """Return the file name, as "XLT-1322_T34-24_Bac-Ninh_2025_nam.xlsx"; "XLT-1322_trong.xlsx" for nobody yet."""
    parts = [form.id]
    if unit:
        parts += [unit.code, plain_name(unit.name.vi)]
    if round_:
        parts += [str(round_.year), _PERIODS[round_.period_kind]]
    return "_".join(parts if len(parts) > 1 else [form.id, "trong"]) + ".xlsx"


def write_template(
    path: Path,
    form: Form,
    schemas: Schemas,
    options: TemplateOptions | None = None,
    *,
    put: Callable[[Path, bytes], None] = replace_file,
) -> None:
    """Write a workbook of `form` and `put` it at `path`; equal arguments give equal bytes.

    Raises OutputError when `path` cannot be written, UnknownName for an unknown currency, ValueError for rows
    that no cell can hold: unknown columns, numbers of more than 15 digits, dates before March 1900.
    """
    options = options or TemplateOptions()
    plan = _plan(form, schemas, options)
    with new_workbook(path, put) as book:
        formats = Formats(book)
        for tab in (template_guide.TAB, *(s.tab for s in form.sheets)):
            book.add_worksheet(tab, EntrySheet)
        book.add_worksheet(template_check.TAB, template_check.CheckSheet)
        for tab in (lists_sheet.TAB, manifest.TAB):
            book.add_worksheet(tab, EntrySheet)
        _describe(book, form, options)
        guide = template_guide.Guide(form, options.unit, options.round, plan.wording)
        template_guide.write_guide(book.get_worksheet_by_name(template_guide.TAB), guide, formats)
        _write_sheets(book, form, plan, options, formats)
        _name_columns(book, form, plan)
        template_check.write_check(book, plan.self_check, formats)
        lists_sheet.write_lists(book, plan.choices, formats)
        facts = manifest.manifest(form, schemas, options.unit, options.round)
        places = {name: scene.place for name, scene in plan.scenes.items()}
        manifest.write_manifest(book, facts, manifest.sheet_rows(form, places), formats)


def _write_sheets(
    book: Workbook, form: Form, plan: _Plan, options: TemplateOptions, formats: Formats
) -> None:
    for entry in form.sheets:
        sheet = book.get_worksheet_by_name(entry.tab)
        scene, rows = plan.scenes[entry.id], options.rows.get(entry.id, ())
        if entry.layout == "card":
            row = prefill(form, options.unit, options.round, options.currency) | dict(rows[0] if rows else {})
            write_cover(sheet, form, scene, plan.validations[entry.id], formats)
            write_card(sheet, scene, row, formats)
            sheet.set_selection(first_open(scene, row))
        else:
            write_table(sheet, scene, plan.validations[entry.id], formats)
            write_rows(sheet, scene, rows, formats)
        highlight(sheet, scene, plan.highlights[entry.id], formats)
        title = f"{form.id} · {entry.tab} · {entry.title.vi}".replace("&", "&&")
        sheet.set_footer(f"&L&9{title}&C&9Trang &P/&N&R&9{options.unit.code if options.unit else ''}")
        if options.protected:
            sheet.protect(options=ALLOWED)


def _name_columns(book: Workbook, form: Form, plan: _Plan) -> None:
    """Name what dropdowns offer of other sheets: `pick_`, a column as far as it is filled."""
    references = (column.references for sheet in form.sheets for column in sheet.columns if column.references)
    for sheet, column in sorted({target for one in references for target in one.targets.values()}):
        area = f"{form.by_id[sheet].tab}!{plan.scenes[sheet].place.area[column]}"
        start = area.partition(":")[0]
        book.define_name(f"pick_{sheet}_{column}", f"={start}:INDEX({area},MAX(1,COUNTA({area})))")


def _describe(book: Workbook, form: Form, options: TemplateOptions) -> None:
    name = f" – {options.unit.name.vi}" if options.unit else ""
    book.set_properties(
        {
            "title": f"{form.title.vi}{name}",
            "subject": f"{form.id} {form.version}",
            "author": "xltrack",
            "comments": form.help.vi,
            "created": CREATED,
        }
    )


def _plan(form: Form, schemas: Schemas, options: TemplateOptions) -> _Plan:
    """Return the plan of `form`; units that see the same lists share one."""
    scheme = options.unit.scheme if options.unit else None
    capacities = tuple(_capacity(sheet, options) for sheet in form.tables)
    key = (
        schemas.directory,
        schemas.fingerprint,
        form.id,
        scheme,
        options.round,
        options.currency,
        capacities,
    )
    if key not in _plans:
        if len(_plans) > 32:
            _plans.clear()
        _plans[key] = _make_plan(form, schemas, options)
    return _plans[key]


def _capacity(sheet: Sheet, options: TemplateOptions) -> int:
    return max(options.capacity or sheet.capacity, len(options.rows.get(sheet.id, ())))


def _make_plan(form: Form, schemas: Schemas, options: TemplateOptions) -> _Plan:
    choices = choices_of(form, Scope(schemas, options.unit, options.round, options.currency))
    wording = Wording(schemas, options.currency)
    scenes = {}
    for sheet in form.sheets:
        card = sheet.layout == "card"
        place = card_place(sheet) if card else table_place(sheet, _capacity(sheet, options))
        scenes[sheet.id] = Scene(form, sheet, place, choices, wording)
    own = {name: checks(scene) for name, scene in scenes.items()}
    own[form.cover.id] += tuple(cover_checks(scenes[form.cover.id]))
    further = rule_checks(scenes, own)
    every = {name: (*found, *further[name]) for name, found in own.items()}
    return _Plan(
        choices,
        wording,
        scenes,
        {
            name: [validation(scene, column) for column in scene.sheet.columns]
            for name, scene in scenes.items()
        },
        {name: highlights(scenes[name], found) for name, found in every.items()},
        template_check.self_check(form, scenes, every),
    )


def plain_name(name: str) -> str:
    """Return `name` in letters that every file system and mail gateway leaves alone."""
    letters = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    ascii_only = "".join(
        c if c.isascii() and c.isalnum() else " " for c in letters if not unicodedata.combining(c)
    )
    return "-".join(ascii_only.split())


__all__ = ["LARGE", "TemplateOptions", "template_name", "write_template"]
