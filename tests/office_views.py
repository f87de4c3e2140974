"""Describe a workbook that LibreOffice has open, as a person could find it out by looking. Used by ``office_uno.py``.

All functions take UNO objects and return plain data ready for JSON, in the shapes that ``office.py`` declares.
"""

# LibreOffice's own Python on Windows and macOS may be as old as 3.8.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests import office_sheets as sheets
else:
    import office_sheets as sheets

FORMULA_RESULTS = {1: "value", 2: "text", 4: "error"}  # com.sun.star.sheet.FormulaResult
FROZEN = 2  # SplitMode in the view settings of a sheet
CONDITION_KINDS = ["condition", "color scale", "data bar", "icon set", "date"]  # ConditionEntryType
CONDITIONS = {  # com.sun.star.sheet.ConditionFormatOperator
    0: "equal",
    1: "less",
    2: "greater",
    3: "less_equal",
    4: "greater_equal",
    5: "not_equal",
    6: "between",
    7: "not_between",
    8: "duplicate",
    9: "unique",
    24: "formula",
}


def pivots(document: Any) -> dict[str, dict[str, Any]]:
    """Name -> sheet, range and content of each pivot, refreshed."""
    found: dict[str, dict[str, Any]] = {}
    for sheet in document.Sheets:
        tables = sheet.getDataPilotTables()
        for name in tables.ElementNames:
            tables.getByName(name).refresh()
            area = tables.getByName(name).OutputRange
            ends = (area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
            content = sheet.getCellRangeByPosition(*ends).getDataArray()
            found[name] = {
                "sheet": sheet.Name,
                "range": sheets.range_name(area),
                "cells": [list(row) for row in content],
            }
    return found


def cells(document: Any, addresses: dict[str, list[str]], recalculate: bool) -> dict[str, dict[str, Any]]:
    """Tab -> address -> what the cell shows and holds; ranges are taken apart into cells."""
    if recalculate:
        document.calculateAll()
    seen: dict[str, dict[str, Any]] = {}
    for tab, wanted in addresses.items():
        sheet = sheets.sheet_of(document, tab)
        found = (pair for address in wanted for pair in sheets.cells_of(sheet, address))
        seen[tab] = {address: _cell(document, cell) for address, cell in found}
    return seen


def _cell(document: Any, cell: Any) -> dict[str, Any]:
    kind = cell.Type.value
    formula = None
    if kind == "FORMULA":
        formula = "=" + sheets.excel_formula(
            document, cell.getFormula()[1:], cell.CellAddress, cell.CellAddress
        )
        kind = FORMULA_RESULTS[cell.FormulaResultType2].upper()
    value = {"VALUE": cell.Value, "TEXT": cell.String}.get(kind)
    return {
        "text": cell.String,
        "value": value,
        "formula": formula,
        "error": cell.String if cell.getError() else None,
    }


def inspect(document: Any, tabs: list[str] | None = None, aspects: list[str] | None = None) -> dict[str, Any]:
    """The workbook as a person could find it out by clicking: see `office.Workbook` for the keys."""
    properties = document.DocumentProperties.UserDefinedProperties
    return {
        "sheets": {
            tab: _sheet(document, sheets.sheet_of(document, tab), aspects or list(ASPECTS))
            for tab in tabs or document.Sheets.ElementNames
        },
        "names": _names(document, document.NamedRanges),
        "properties": {
            made.Name: str(properties.getPropertyValue(made.Name))
            for made in properties.getPropertySetInfo().getProperties()
        },
    }


def _sheet(document: Any, sheet: Any, aspects: list[str]) -> dict[str, Any]:
    used = sheet.createCursor()
    used.gotoEndOfUsedArea(True)
    return {aspect: ASPECTS[aspect](document, sheet, used) for aspect in aspects}


def _hidden(used: Any, axis: str) -> list[int]:
    """Numbers, from 1, of the rows or columns of the used area that are hidden."""
    areas = used.queryVisibleCells().RangeAddresses
    shown: set[int] = set()
    for area in areas:
        shown.update(range(getattr(area, f"Start{axis}"), getattr(area, f"End{axis}") + 1))
    return [place + 1 for place in range(getattr(used.RangeAddress, f"End{axis}") + 1) if place not in shown]


def _frozen(document: Any, sheet: Any) -> dict[str, int]:
    views = document.getViewData()
    settings = {item.Name: item.Value for item in views.getByIndex(0)} if views and views.Count else {}
    tables = settings.get("Tables")
    if tables is None or not tables.hasByName(sheet.Name):
        return {"rows": 0, "columns": 0}
    view = {item.Name: item.Value for item in tables.getByName(sheet.Name)}
    rows = view["PositionBottom"] if view["VerticalSplitMode"] == FROZEN else 0
    columns = view["PositionRight"] if view["HorizontalSplitMode"] == FROZEN else 0
    return {"rows": rows, "columns": columns}


def _validations(document: Any, sheet: Any) -> list[dict[str, Any]]:
    """One entry per rule; cells of different format or text that share a rule are brought together."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    formats = sheet.getUniqueCellFormatRanges()
    for number in range(formats.Count):
        ranges = formats.getByIndex(number)
        if ranges.Validation.Type.value != "ANY":
            rule = _validation(document, ranges.Validation)
            known = found.setdefault(tuple(rule.values()), dict(rule, ranges=[]))
            known["ranges"] += [sheets.range_name(area) for area in ranges.RangeAddresses]
    return list(found.values())


def _validation(document: Any, rule: Any) -> dict[str, Any]:
    at, operator = rule.getSourcePosition(), rule.getOperator().value
    kind = rule.Type.value
    pair = kind not in ("LIST", "CUSTOM") and operator in ("BETWEEN", "NOT_BETWEEN")
    return {
        "kind": kind.lower(),
        "operator": "" if kind in ("LIST", "CUSTOM") else operator.lower(),
        "formula1": sheets.excel_formula(document, rule.getFormula1(), at, at),
        "formula2": sheets.excel_formula(document, rule.getFormula2(), at, at) if pair else "",
        "seen_from": sheets.cell_name(at.Column, at.Row),
        "dropdown": kind == "LIST" and bool(rule.ShowList),
        "alert": rule.ErrorAlertStyle.value.lower() if rule.ShowErrorMessage else None,
        "error_title": rule.ErrorTitle,
        "error_message": rule.ErrorMessage,
        "input_title": rule.InputTitle if rule.ShowInputMessage else "",
        "input_message": rule.InputMessage if rule.ShowInputMessage else "",
    }


def _conditional_formats(document: Any, sheet: Any) -> list[dict[str, Any]]:
    return [
        {
            "ranges": [sheets.range_name(area) for area in made.Range.RangeAddresses],
            "entries": [_condition(document, made, made.getByIndex(number)) for number in range(made.Count)],
        }
        for made in sheet.ConditionalFormats.getConditionalFormats()
    ]


def _condition(document: Any, made: Any, entry: Any) -> dict[str, Any]:
    kind = CONDITION_KINDS[entry.getType()]
    if kind != "condition":
        return {"kind": kind, "operator": "", "formula1": "", "formula2": "", "background": None}
    at = _corner(document, made.Range.RangeAddresses)
    operator = CONDITIONS.get(entry.Operator, "other")
    pair = operator in ("between", "not_between")
    color = document.StyleFamilies.getByName("CellStyles").getByName(entry.StyleName).CellBackColor
    return {
        "kind": kind,
        "operator": operator,
        "formula1": sheets.excel_formula(document, entry.Formula1, at, at),
        "formula2": sheets.excel_formula(document, entry.Formula2, at, at) if pair else "",
        "background": f"#{color:06X}" if color >= 0 else None,
    }


def _corner(document: Any, areas: tuple[Any, ...]) -> Any:
    """Cell address of the top left cell of all areas, from which the formulas of a conditional format are seen."""
    column, row = min(area.StartColumn for area in areas), min(area.StartRow for area in areas)
    return document.Sheets.getByIndex(areas[0].Sheet).getCellByPosition(column, row).CellAddress


def _tables(document: Any, sheet: Any) -> dict[str, dict[str, Any]]:
    ranges = (document.DatabaseRanges.getByName(name) for name in document.DatabaseRanges.ElementNames)
    return {
        found.Name: {
            "range": sheets.range_name(found.DataArea),
            "header": bool(found.ContainsHeader),
            "filter_buttons": bool(found.AutoFilter),
        }
        for found in ranges
        if found.DataArea.Sheet == sheet.RangeAddress.Sheet
    }


def _names(document: Any, names: Any) -> dict[str, str]:
    found = (names.getByName(name) for name in names.ElementNames)
    return {
        name.Name: sheets.excel_formula(
            document, name.Content, name.ReferencePosition, name.ReferencePosition
        )
        for name in found
    }


def _print_settings(document: Any, sheet: Any) -> dict[str, Any]:
    style = document.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
    rows = sheet.getTitleRows()
    return {
        "landscape": bool(style.IsLandscape),
        "paper_mm": [round(style.Width / 100), round(style.Height / 100)],
        "pages_wide": style.ScaleToPagesX,
        "pages_high": style.ScaleToPagesY,
        "repeat_rows": [rows.StartRow + 1, rows.EndRow + 1] if sheet.getPrintTitleRows() else None,
        "areas": [sheets.range_name(area) for area in sheet.getPrintAreas()],
    }


ASPECTS = {  # the keys of `office.Sheet`; conditional formats take by far the longest
    "visible": lambda _document, sheet, _used: bool(sheet.IsVisible),
    "used": lambda _document, _sheet, used: sheets.range_name(used.RangeAddress),
    "protected": lambda _document, sheet, _used: bool(sheet.isProtected()),
    "hidden_rows": lambda _document, _sheet, used: _hidden(used, "Row"),
    "hidden_columns": lambda _document, _sheet, used: [
        sheets.column_name(column - 1) for column in _hidden(used, "Column")
    ],
    "frozen": lambda document, sheet, _used: _frozen(document, sheet),
    "validations": lambda document, sheet, _used: _validations(document, sheet),
    "conditional_formats": lambda document, sheet, _used: _conditional_formats(document, sheet),
    "tables": lambda document, sheet, _used: _tables(document, sheet),
    "names": lambda document, sheet, _used: _names(document, sheet.NamedRanges),
    "print": lambda document, sheet, _used: _print_settings(document, sheet),
}
