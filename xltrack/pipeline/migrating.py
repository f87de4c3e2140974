"""Moves what stands in a received workbook into a fresh one of its form."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.excel.formats import LOOKS
from xltrack.excel.relocate import Fresh, write_relocated
from xltrack.files import add_files
from xltrack.forms import Form, Round, Schemas, load_schemas
from xltrack.intake import Received, receive
from xltrack.intake.sandbox import Ask, Garbled, Limits, Order, Parcel, Stopped, run_all, unpack
from xltrack.language import Lang, Text
from xltrack.pipeline.model import Migration, unread
from xltrack.pipeline.moving import Moving
from xltrack.pipeline.validation import of_file, unopened, what_stopped
from xltrack.report.migration import listing

MOVER = "xltrack.pipeline.moving:mover"
LIMITS = Limits()
SUFFIX = Text("_bieu-mau-moi", "_new-form")
"""What the name of a received file gets behind it in a new workbook that nobody named."""
DONG = "dong"
_MOST_ROWS = 1_000_000


def migrate(
    path: Path | str, output: Path | str | None = None, *, lang: Lang = "vi", schemas: Path | None = None
) -> Migration:
    """Move the workbook at `path` into a fresh one of its form in the version of today, and say where each cell went.

    It is written to `output`, else beside the received file under a name that is free; all cells are listed in a CSV
    file of the same name. The received file is only read, and only as every received file is. A file that
    lies where one of the two is to go stays, and nothing is written. Raises UnknownName for a path that is no file,
    OutputError, SchemaError; never for what a sender sent.
    """
    source = Path(path)
    if not source.is_file():
        hint = Text("Kiểm tra lại đường dẫn.", "Check the path.")
        raise UnknownName(kind=Text("tệp", "file"), name=source, hint=hint)
    target = Path(output) if output else _free_name(source, lang)
    _check_apart(source, target)
    declared = load_schemas(schemas)
    order = Order(MOVER, {"schemas": declared.directory}, LIMITS)
    (moving,) = run_all(order, partial(_read, declared), [source])
    form = declared.forms.get(moving.result.form or "")
    if form is None or not moving.moved:
        return Migration(moving.result, stayed=moving.stayed)
    contents: dict[Path, bytes] = {}
    fresh = _fresh(form, moving, declared)
    moves = write_relocated(target, fresh, moving.moved, declared, put=contents.__setitem__)
    beside = target.with_suffix(".csv")
    add_files({**contents, beside: listing(moves, moving.stayed, lang)})
    return Migration(moving.result, target, beside, moves, moving.stayed)


def _free_name(source: Path, lang: Lang) -> Path:
    return next(
        path for path in _names(source, lang) if not path.exists() and not path.with_suffix(".csv").exists()
    )


def _names(source: Path, lang: Lang) -> Iterator[Path]:
    name = f"{source.stem}{SUFFIX.to(lang)}"
    yield source.with_name(f"{name}.xlsx")
    number = 1
    while True:
        number += 1
        yield source.with_name(f"{name} ({number}).xlsx")


def _check_apart(source: Path, target: Path) -> None:
    if target.suffix.lower() != ".xlsx":
        raise OutputError(
            path=target, reason=Text("tên phải kết thúc bằng .xlsx", "its name must end in .xlsx")
        )
    if source.resolve() in (target.resolve(), target.with_suffix(".csv").resolve()):
        raise OutputError(path=target, reason=Text("đó là tệp nhận được", "it is the received file"))


def _read(declared: Schemas, path: Path, ask: Ask) -> Moving:
    """Have one file read in order to be moved: what it is made of is a stranger's."""
    try:
        file = receive(path)
    except OSError as failure:
        return Moving(unopened(path, failure))
    try:
        return ask(file, partial(_unpacked, declared, file))
    except Stopped as stopped:
        return Moving(unread(path, file.sha256 or None, (what_stopped(stopped),)))


def _unpacked(declared: Schemas, file: Received, parcel: Parcel) -> Moving:
    """Return what the worker says of `file`; raises Garbled where that cannot be moved anywhere."""
    moving: Moving = unpack(parcel, Moving)
    form = declared.forms.get(moving.result.form or "")
    for one in moving.moved:
        sheet = form.by_id.get(one.sheet) if form else None
        is_known = sheet is not None and one.column in sheet.by_id and one.look in LOOKS
        if not is_known or not 0 <= one.record < _MOST_ROWS or not isinstance(one.value, str | int | float):
            raise Garbled(f"{one.sheet} {one.column} {one.record} {one.look}")
    return replace(moving, result=of_file(moving.result, file))


def _fresh(form: Form, moving: Moving, declared: Schemas) -> Fresh:
    result = moving.result
    unit = declared.units.by_code.get(result.unit or "")
    return Fresh(form, unit, _round(result.round, declared), moving.currency or DONG)


def _round(name: str | None, declared: Schemas) -> Round | None:
    year, _, kind = (name or "").partition("-")
    return next((r for r in declared.units.rounds if (str(r.year), r.period_kind) == (year, kind)), None)
