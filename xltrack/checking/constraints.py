"""Checks rows against the JSON Schema of their sheet: codes XLT401–406, 409 and 410."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from xltrack.checking.faults import Fault, faults
from xltrack.checking.prescreen import Part, parts
from xltrack.checking.questions import Question
from xltrack.checking.rows import AT, Located, Rows
from xltrack.checking.wording import Wording
from xltrack.forms import ColumnType, Schemas, Sheet

_PARTS: dict[int, tuple[Sheet, tuple[Part, ...]]] = {}


def check_constraints(rows: Rows, schemas: Schemas) -> Iterator[Question]:
    """Yield a question for every part of the schema of `rows`: it finds what jsonschema does.

    jsonschema is the contract. Polars tells first which rows may break which part of the schema, and rows that
    agree in the columns of that part share one verdict of jsonschema. A cell that reading already refused is
    not reported again, nor is a condition that depends on it.
    """
    wording = Wording(rows.sheet, schemas)
    for part in screen_of(rows.sheet):
        yield Question(part.flag, partial(_broken, rows, part, wording))


def _broken(rows: Rows, part: Part, wording: Wording) -> Iterator[Located]:
    for at, fault in _faults(rows, part, wording):
        if not _silenced(rows, at, fault):
            yield rows.places[at][0], rows.finding(fault.code, at, fault.column, fault.facts)


def screen_of(sheet: Sheet) -> tuple[Part, ...]:
    """Return the parts of the sheet's row schema, compiled once per sheet."""
    known = _PARTS.get(id(sheet))
    if known is None:
        types = {column.id: column.type for column in sheet.columns}
        known = _PARTS[id(sheet)] = (sheet, parts(sheet.row_schema, types))
    return known[1]


def errors_of(
    part: Part, frame: pl.DataFrame, types: Mapping[str, ColumnType]
) -> Iterator[tuple[int, list[Any]]]:
    """Yield the position (`_at`) and the errors of jsonschema for every row of `frame` that `part` refuses."""
    # Of most workbooks no row is flagged, and it takes long to import.
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415

    validator = Draft202012Validator(part.schema, format_checker=FormatChecker(["date"]))
    columns = [
        pl.col(name).dt.to_string("%Y-%m-%d") if types[name] == "date" else pl.col(name)
        for name in part.columns
    ]
    verdicts: dict[tuple[Any, ...], list[Any]] = {}
    for at, *values in frame.filter(part.flag).select(AT, *columns).iter_rows():
        key = tuple(values)
        if key not in verdicts:
            instance = {n: v for n, v in zip(part.columns, values, strict=True) if v is not None}
            verdicts[key] = list(validator.iter_errors(instance))
        if verdicts[key]:
            yield at, verdicts[key]


def _faults(rows: Rows, part: Part, wording: Wording) -> Iterator[tuple[int, Fault]]:
    types = {column.id: column.type for column in rows.sheet.columns}
    said: dict[int, list[Fault]] = {}
    for at, errors in errors_of(part, rows.frame, types):
        if id(errors) not in said:
            found = (fault for error in errors for fault in faults(error, part, wording))
            said[id(errors)] = list({(fault.code, fault.column): fault for fault in found}.values())
        for fault in said[id(errors)]:
            yield at, fault


def _silenced(rows: Rows, at: int, fault: Fault) -> bool:
    """Return whether reading has already said what is wrong: it refused a cell, or the whole column is missing."""
    if fault.code == "XLT401" and rows.lacking(at, fault.column):
        return True
    return any(rows.unread(at, column) for column in fault.involved)
