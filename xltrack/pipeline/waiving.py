"""Waives findings, and says of the findings of files which are waived."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.files import reason_of
from xltrack.findings import Waiver
from xltrack.forms import Schemas, load_schemas
from xltrack.hanoi import HANOI
from xltrack.language import Text
from xltrack.pipeline.model import FileResult
from xltrack.pipeline.naming import one_unit
from xltrack.store import (
    Meant,
    Sender,
    Standing,
    add_waiver,
    end_waiver,
    is_of_whole_files,
    number_meant,
    open_store,
    waived,
    waivers,
)


@dataclass(frozen=True)
class Wish:
    """The findings that an operator wants to waive, in words of hers.

    `code` is what `explain` knows, `file` a path, `unit` a code or name, `sheet` a tab, `value` what a cell says.
    """

    code: str
    file: Path | None = None
    unit: str | None = None
    year: int | None = None
    period: str | None = None
    sheet: str | None = None
    row: int | None = None
    value: str | None = None


def waive(
    wish: Wish, store: Path | str, *, reason: str, by: str, until: date, schemas: Path | None = None
) -> tuple[Standing, int | None]:
    """Write into the store that nothing needs to be done about the findings of `wish`, and why; made if missing.

    Returns the waiver and how many findings in the store it is for, None where the store keeps none. Raises UnknownName
    for a code or unit that does not exist, for the code of an error, which must be mended, and for a value where a code
    speaks of whole files; OutputError for a file that cannot be read; StoreError.
    """
    declared = load_schemas(schemas)
    meant = _meant(wish, declared)
    with open_store(Path(store), declared, create=True) as opened:
        standing = add_waiver(opened, meant, Waiver(0, reason, by, until))
        return standing, number_meant(opened, meant)


def standing_waivers(
    store: Path | str, *, schemas: Path | None = None
) -> tuple[tuple[Standing, int | None], ...]:
    """Return every waiver of the store with the number of findings it is for, those too that hold no longer.

    Raises StoreError.
    """
    with open_store(Path(store), load_schemas(schemas), read_only=True) as opened:
        return tuple((standing, number_meant(opened, standing.meant)) for standing in waivers(opened))


def unwaive(number: int, store: Path | str, *, schemas: Path | None = None) -> Standing:
    """End the waiver `number` with yesterday, and return it; raises UnknownName and StoreError."""
    with open_store(Path(store), load_schemas(schemas)) as opened:
        return end_waiver(opened, number, today() - timedelta(1))


def with_waivers(file: FileResult, standing: Sequence[Standing]) -> FileResult:
    """Return `file` with the waivers of `standing` that hold today at its findings; it loses none of these."""
    year, _, period = (file.round or "").partition("-")
    sender = Sender(file.sha256, file.unit, int(year) if year else None, period or None)
    return replace(file, findings=waived(file.findings, sender, standing, today()))


def today() -> date:
    """Return the day in Hà Nội."""
    return datetime.now(HANOI).date()


def _meant(wish: Wish, schemas: Schemas) -> Meant:
    from xltrack.report.explained import find_code

    code = find_code(wish.code)
    if code.severity == "error":
        hint = Text(
            "Lỗi thì phải sửa: dòng có lỗi không được tính.",
            "An error is to be mended: its row does not count.",
        )
        raise UnknownName(kind=Text("mã miễn trừ được", "code that can be waived"), name=code.code, hint=hint)
    if wish.value is not None and is_of_whole_files(code.code):
        hint = Text(
            "Phát hiện này nói về cả tệp, không về ô nào: bỏ --value.",
            "This finding is about a whole file, no cell of it: leave --value out.",
        )
        raise UnknownName(
            kind=Text("mã có giá trị của ô", "code with the value of a cell"), name=code.code, hint=hint
        )
    return Meant(
        code=code.code,
        submission=_hash(wish.file) if wish.file else None,
        unit=one_unit(wish.unit, schemas).code if wish.unit else None,
        year=wish.year,
        period=wish.period,
        sheet=wish.sheet,
        row=wish.row,
        value=wish.value,
    )


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
