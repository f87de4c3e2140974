"""Act as a person with LibreOffice: fill a workbook, look at it, try its dropdowns, save it in another format.

A test asks for the fixture `office` and gets the one LibreOffice of the session, without window and with a
throw-away profile of its own. It is started by the first question asked of it.
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self, TypedDict

import pytest

from tests.office_process import OfficeError, Server, office_available

ANSWER_SECONDS = 120
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xls": "MS Excel 97", ".ods": "calc8"}

Locale = Literal["vi-VN", "en-US"]
Addresses = Mapping[str, Sequence[str]]
"""Tab -> addresses of cells; `Office.cells` takes ranges such as ``A5:C9`` too."""


class Typed(TypedDict):
    """Keys pressed in a cell: LibreOffice decides, by locale and cell format, if that is a number or a date."""

    typed: str


Entry = str | int | float | Decimal | date | Typed | None
"""What goes into a cell: text as it stands, a number, a date (the cell's format stays), keys, or None to clear."""


class Cell(TypedDict):
    """One cell: what it shows, what it holds, its formula if any, its error (``#N/A``) if any."""

    text: str
    value: str | float | None
    formula: str | None
    error: str | None


class Validation(TypedDict):
    """One validation rule; its formulas are written as seen from the cell `seen_from`.

    `alert` is stop, warning, info or macro; None if anything may be typed.
    """

    ranges: list[str]
    kind: str
    operator: str
    formula1: str
    formula2: str
    seen_from: str
    dropdown: bool
    alert: str | None
    error_title: str
    error_message: str
    input_title: str
    input_message: str


class Condition(TypedDict):
    """One entry of a conditional format; `background` is the colour it gives, such as ``#FFC7CE``."""

    kind: str
    operator: str
    formula1: str
    formula2: str
    background: str | None


class ConditionalFormat(TypedDict):
    """The entries that apply to the same cells, first one first."""

    ranges: list[str]
    entries: list[Condition]


class Table(TypedDict):
    """A native table: its cells with the heading, whether it has a heading, whether that has filter buttons."""

    range: str
    header: bool
    filter_buttons: bool


class Frozen(TypedDict):
    """Rows and columns that stay in sight."""

    rows: int
    columns: int


class Pivot(TypedDict):
    """A PivotTable: its sheet, the cells that it fills, and their content row by row."""

    sheet: str
    range: str
    cells: list[list[str | float]]


class PrintSettings(TypedDict):
    """How a sheet is printed; 0 pages wide or high means: as many as needed."""

    landscape: bool
    paper_mm: list[int]
    pages_wide: int
    pages_high: int
    repeat_rows: list[int] | None
    areas: list[str]


class Sheet(TypedDict):
    """One sheet as a person sees it; hidden rows and columns are those of the used area."""

    visible: bool
    used: str
    protected: bool
    hidden_rows: list[int]
    hidden_columns: list[str]
    frozen: Frozen
    validations: list[Validation]
    conditional_formats: list[ConditionalFormat]
    tables: dict[str, Table]
    names: dict[str, str]
    print: PrintSettings


class Workbook(TypedDict):
    """All sheets in their order, the names of the workbook with what they stand for, the custom properties."""

    sheets: dict[str, Sheet]
    names: dict[str, str]
    properties: dict[str, str]


class Refused(OfficeError):
    """A person could not have done that; `cells` names where, as in ``BIA!C7``."""

    def __init__(self, message: str, cells: Sequence[str]) -> None:
        super().__init__(message)
        self.cells = tuple(cells)


class Office:
    """One LibreOffice, started when first needed and ended by `close` or at the end of the `with` block."""

    def __init__(self, locale: Locale = "vi-VN") -> None:
        self._locale: Locale = locale
        self._server: Server | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fill(
        self,
        path: Path,
        entries: Mapping[str, Mapping[str, Entry]],
        out: Path,
        *,
        locale: Locale | None = None,
        pasted: bool = False,
    ) -> Path:
        """Type `entries`, tab -> address -> entry, into the workbook `path`; save it as `out` (xlsx, xls, ods).

        Raises Refused for cells that are locked on a protected sheet, for hidden sheets, and for what a validation
        stops. Validations are asked when all is typed, and not at all with `pasted`: pasting goes round them.
        """
        keys = {tab: {at: _encoded(entry) for at, entry in typed.items()} for tab, typed in entries.items()}
        target = {"out": _text(out), "filter_name": _filter(out)}
        self._ask("fill", path, locale, entries=keys, obey=not pasted, **target)
        return out

    def inspect(
        self, path: Path, *, tabs: Sequence[str] | None = None, aspects: Sequence[str] | None = None
    ) -> Workbook:
        """What a person could find out by clicking through the workbook, or through `tabs` of it.

        `aspects`, keys of `Sheet`, are all that is looked at where they are named: to look at all takes long.
        """
        asked: dict[str, Any] = {"tabs": tabs and list(tabs), "aspects": aspects and list(aspects)}
        workbook: Workbook = self._ask("inspect", path, **asked)
        return workbook

    def cells(
        self, path: Path, addresses: Addresses, *, locale: Locale | None = None, recalculate: bool = True
    ) -> dict[str, dict[str, Cell]]:
        """Tab -> address -> cell; all formulas are worked out afresh unless `recalculate` is false."""
        seen: dict[str, dict[str, Cell]] = self._ask(
            "cells", path, locale, addresses=_lists(addresses), recalculate=recalculate
        )
        return seen

    def choices(self, path: Path, addresses: Addresses) -> dict[str, dict[str, list[str]]]:
        """Tab -> address -> what the cell's dropdown offers, in its order; [] for a list that yields nothing.

        Raises Refused for a cell without dropdown.
        """
        offered: dict[str, dict[str, list[str]]] = self._ask("choices", path, addresses=_lists(addresses))
        return offered

    def invalid_cells(self, path: Path) -> dict[str, list[str]]:
        """Tab -> addresses of the filled cells that break their validation (at most 1,000 of a sheet)."""
        found: dict[str, list[str]] = self._ask("invalid_cells", path)
        return found

    def pivots(self, path: Path) -> dict[str, Pivot]:
        """Name -> what each PivotTable shows after it has been refreshed."""
        found: dict[str, Pivot] = self._ask("pivots", path)
        return found

    def step(self, path: Path, step: str, **arguments: Any) -> Any:
        """Do one step of `office_steps.py` in a workbook that stays open until the step "leave"."""
        return self._ask("step", path, step=step, **arguments)

    def save_as(self, path: Path, out: Path, tab: str | None = None) -> Path:
        """Save the workbook as `out`, whose suffix says the format: xlsx, xls, ods, or csv of the sheet `tab`."""
        if out.suffix == ".csv":
            if tab is None:
                raise ValueError("a csv file holds one sheet: name its tab")
            self._ask("save_csv", path, out=_text(out), tab=tab)
        else:
            self._ask("save_as", path, out=_text(out), filter_name=_filter(out))
        return out

    def picture(
        self, path: Path, out_dir: Path, sheets: Sequence[str] | None = None, pages: int = 3
    ) -> list[Path]:
        """Print the first `pages` pages of each visible sheet, or of `sheets`, to PNG files in `out_dir`.

        Raises OfficeError without `pdftoppm`, Refused for a hidden sheet. A sheet with nothing on it gives no file.
        """
        pdftoppm = shutil.which("pdftoppm")
        if pdftoppm is None:
            raise OfficeError("pictures need `pdftoppm` (Debian package poppler-utils)")
        seen = self.inspect(path, aspects=["visible"])["sheets"]
        out_dir.mkdir(parents=True, exist_ok=True)
        made: list[Path] = []
        for tab in sheets or [tab for tab, sheet in seen.items() if sheet["visible"]]:
            pdf = out_dir / f"{tab}.pdf"
            self._ask("print_sheet", path, tab=tab, out=_text(pdf))
            made += _pages(pdftoppm, pdf, pages)
        return made

    def close(self) -> None:
        """End LibreOffice and remove its profile; the next question would start another one."""
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _ask(self, operation: str, path: Path, locale: Locale | None = None, **arguments: Any) -> Any:
        server = self._running(locale or self._locale)
        try:
            reply = server.ask({"do": operation, "path": _text(path), **arguments}, ANSWER_SECONDS)
        except OfficeError as error:
            self.close()
            raise OfficeError(f"{operation} {path}: {error}") from error
        if "error" not in reply:
            return reply["ok"]
        if reply["error"] == "refused":
            raise Refused(reply["message"], reply["cells"])
        raise OfficeError(reply["message"])

    def _running(self, locale: Locale) -> Server:
        # A running LibreOffice does not take over another locale completely: percent and date formats stay.
        if self._server is not None and self._server.locale != locale:
            self.close()
        if self._server is None:
            self._server = Server(locale)
        return self._server


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """The LibreOffice of this test session. Skips, with the reason, where there is none."""
    reason = office_available()
    if reason:
        pytest.skip(reason)
    with Office() as running:
        yield running


def _encoded(entry: Entry) -> dict[str, Any]:
    match entry:
        case None:
            return {"clear": True}
        case bool():
            return {"boolean": entry}
        case int() | float() | Decimal():
            return {"number": float(entry)}
        case date():
            return {"date": entry.isoformat()}
        case str():
            return {"text": entry}
        case {"typed": str(keys)}:
            return {"typed": keys}
    raise TypeError(f"no entry for a cell: {entry!r}")


def _filter(out: Path) -> str:
    if out.suffix not in FILTERS:
        raise ValueError(f"{out.name}: the suffix must be one of {', '.join(FILTERS)}")
    return FILTERS[out.suffix]


def _text(path: Path) -> str:
    return str(path.resolve())


def _lists(addresses: Addresses) -> dict[str, list[str]]:
    return {tab: list(wanted) for tab, wanted in addresses.items()}


def _pages(pdftoppm: str, pdf: Path, pages: int) -> list[Path]:
    stem = pdf.with_suffix("")
    command = [pdftoppm, "-png", "-r", "90", "-l", str(pages), str(pdf), str(stem)]
    subprocess.run(command, check=True, capture_output=True, timeout=ANSWER_SECONDS)
    pdf.unlink()
    return sorted(pdf.parent.glob(f"{stem.name}-*.png"))
