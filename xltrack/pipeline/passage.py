"""How a workbook that was read travels from a worker to the main process: as values, and as what is declared.

Rows travel as CSV, which polars writes and reads, not in the faster Arrow format: its reader trusts offsets in the
bytes, and one changed byte can end the process that reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO

import polars as pl

from xltrack.forms import Form, Round, Schemas, Sheet, Unit
from xltrack.intake.sandbox import Parcel, Passage, pack, unpack
from xltrack.intake.sandbox.notation import MOST_MEMORY
from xltrack.reading import DTYPES, Workbook
from xltrack.reading.filled import Texts

_DTYPES: Mapping[str, pl.DataType] = {str(dtype): dtype for dtype in (*DTYPES.values(), pl.Int32())}
_CELL = 17
"""The most bytes that a value takes in a frame, beside the letters of a text."""


@dataclass(frozen=True)
class _Columns:
    """A frame: the types of its columns by name, and its rows as CSV, where texts stand in quotes and nulls do not."""

    types: Mapping[str, str]
    rows: bytes


def passages(schemas: Schemas) -> Mapping[type, Passage]:
    """Return how what a workbook consists of travels: what is declared by its name, frames by their columns."""
    return {
        Form: Passage(str, lambda form: form.id, lambda name: schemas.forms[name]),
        Sheet: Passage(str, lambda sheet: _sheet_name(sheet, schemas), lambda name: _sheet(name, schemas)),
        Unit: Passage(str, lambda unit: unit.code, lambda code: schemas.units.by_code[code]),
        Round: Passage(str, lambda round_: round_.name, lambda name: _round(name, schemas)),
        pl.DataFrame: Passage(_Columns, _columns, _frame),
        Texts: Passage(str, lambda _: "", lambda _: Texts()),
    }


def parcel_of(workbook: Workbook, ways: Mapping[type, Passage]) -> Parcel:
    """Return `workbook` as a merge needs it: without what stood in the cells, nor findings, which the result has.

    Raises MemoryError for what would not be taken.
    """
    emptied = {name: replace(table, raw=Texts()) for name, table in workbook.tables.items()}
    return pack(replace(workbook, tables=emptied, findings=()), Workbook, ways)


def workbook_of(parcel: Parcel, schemas: Schemas) -> Workbook:
    """Return the workbook in `parcel`; raises Garbled."""
    workbook: Workbook = unpack(parcel, Workbook, passages(schemas))
    return workbook


def _columns(frame: pl.DataFrame) -> _Columns:
    rows = BytesIO()
    if frame.height:
        frame.write_csv(rows, include_header=False, quote_style="non_numeric")
    columns = _Columns({name: str(dtype) for name, dtype in frame.schema.items()}, rows.getvalue())
    if _memory_of(columns) > MOST_MEMORY:
        raise MemoryError
    return columns


def _frame(columns: _Columns) -> pl.DataFrame:
    types = {name: _DTYPES[word] for name, word in columns.types.items()}
    if not columns.rows:
        return _empty(tuple(types.items()))
    if _memory_of(columns) > MOST_MEMORY:
        raise ValueError(f"rows of {_memory_of(columns)} bytes")
    try:
        return pl.read_csv(columns.rows, has_header=False, schema=types)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as failure:
        raise ValueError(str(failure)) from failure


@lru_cache(maxsize=64)
def _empty(types: tuple[tuple[str, pl.DataType], ...]) -> pl.DataFrame:
    """Return a frame without rows; most sheets have none, and making their columns takes longer than all else."""
    return pl.DataFrame(schema=dict(types))


def _memory_of(columns: _Columns) -> int:
    """Return about how many bytes the frame takes: a line of nothing is a row of nulls all the same."""
    return 2 * len(columns.rows) + _CELL * len(columns.types) * (columns.rows.count(b"\n") + 1)


def _sheet_name(sheet: Sheet, schemas: Schemas) -> str:
    form = next(form for form in schemas.forms.values() if form.by_id.get(sheet.id) is sheet)
    return f"{form.id}/{sheet.id}"


def _sheet(name: str, schemas: Schemas) -> Sheet:
    form, _, sheet = name.rpartition("/")
    return schemas.forms[form].by_id[sheet]


def _round(name: str, schemas: Schemas) -> Round:
    year, _, kind = name.partition("-")
    found = schemas.units.round(int(year), kind)
    if found is None:
        raise LookupError(name)
    return found
