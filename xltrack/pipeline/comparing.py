"""Compares two files, or what stood on two days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xltrack.errors import UnknownName
from xltrack.excel.difference_book import write_difference
from xltrack.forms import Form, Schemas, load_schemas
from xltrack.hanoi import clock, until
from xltrack.language import Lang, Text
from xltrack.pipeline.naming import one_unit
from xltrack.pipeline.validation import examining
from xltrack.store import open_store
from xltrack.store.cells import find_submission
from xltrack.store.difference import Difference, difference
from xltrack.store.sides import Side, side_as_of, side_of_submission, side_of_workbook


@dataclass(frozen=True)
class Within:
    """Whose rows are compared between two days: of a `unit` (a code or name) and a `year`; None: of all."""

    unit: str | None = None
    year: int | None = None


def diff(
    old: Path | str | date,
    new: Path | str | date,
    store: Path | str,
    output: Path | str | None = None,
    *,
    within: Within | None = None,
    lang: Lang = "vi",
    schemas: Path | None = None,
) -> Difference:
    """Return what differs between `old` and `new`, two files or two days; write it to `output` (.xlsx) if it is named.

    A file is a path, or names a submission of the store (its file name, or how its SHA-256 begins); a file at a path is
    read, so it need not have been merged. Two days (to their ends in Hà Nội, or moments) compare what stood in the
    store on each, of a unit and its predecessors or of the nation. Raises UnknownName, StoreError, OutputError.
    """
    declared = load_schemas(schemas)
    if isinstance(old, date) and isinstance(new, date):
        sides = [_on(day, Path(store), declared, within or Within()) for day in (old, new)]
    elif isinstance(old, date) or isinstance(new, date):
        hint = Text("Nêu hai tệp, hoặc hai ngày.", "Name two files, or two days.")
        raise UnknownName(
            kind=Text("cách so sánh", "comparison of"), name=f"{_called(old)} – {_called(new)}", hint=hint
        )
    else:
        sides = [_of_file(str(one), Path(store), declared) for one in (old, new)]
    found = difference(sides[0], sides[1], _form(declared))
    if output:
        write_difference(found, declared, Path(output), lang)
    return found


def _called(side: Path | str | date) -> str:
    return clock(until(side)) if isinstance(side, date) else str(side)


def _form(declared: Schemas) -> Form:
    return declared.form()


def _on(day: date, store: Path, declared: Schemas, within: Within) -> Side:
    moment = until(day)
    units: Sequence[str] = ()
    if within.unit:
        unit = one_unit(within.unit, declared)
        units = (unit.code, *declared.units.predecessors.get(unit.code, ()))
    with open_store(store, declared, read_only=True, as_of=moment) as opened:
        return side_as_of(opened, clock(moment), units, [within.year] if within.year else [])


def _of_file(name: str, store: Path, declared: Schemas) -> Side:
    path = Path(name)
    if path.is_file():
        return _read(path, declared)
    with open_store(store, declared, read_only=True) as opened:
        side = side_of_submission(opened, find_submission(opened, name))
    if not any(frame.height for frame in side.rows.values()):
        hint = Text(
            "Tệp không được chấp nhận nên kho không giữ dòng nào của nó; hãy nêu đường dẫn của chính tệp đó.",
            "It was not accepted, so the store keeps none of its rows; name the path of the file itself.",
        )
        raise UnknownName(kind=Text("dòng nào của tệp", "row of file"), name=name, hint=hint)
    return side


def _read(path: Path, declared: Schemas) -> Side:
    """Return the side of the file at `path`: read anew, so that a file with errors can be compared too."""
    with examining([path], declared.directory, None, rows=True) as read:
        (one,) = read
    if one.workbook is None or one.workbook.form is None:
        hint = Text("Chạy `xltrack validate` để biết vì sao.", "Run `xltrack validate` to know why.")
        raise UnknownName(
            kind=Text("biểu mẫu đọc được trong tệp", "readable form in file"), name=str(path), hint=hint
        )
    return side_of_workbook(one.workbook)
