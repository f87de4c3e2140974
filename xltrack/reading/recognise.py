"""Says which form a workbook is, and which of its worksheets is which sheet."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xltrack.findings.marking import is_result, is_self_check
from xltrack.forms import Form, Sheet, fold
from xltrack.language import Text
from xltrack.reading.cells import BLANK
from xltrack.reading.extract import Grid
from xltrack.reading.headings import Known, count_headings, count_ids
from xltrack.reading.text import clean, listed

INSTRUCTIONS_TAB = "HUONG_DAN"
CODE_LISTS_TAB = "DANH_MUC"
MANIFEST_TAB = "_xltrack"
# Why the cells of xltrack's own further worksheets are not read.
OWN_TABS: Mapping[str, str] = {
    INSTRUCTIONS_TAB: "instructions",
    CODE_LISTS_TAB: "code_lists",
    MANIFEST_TAB: "manifest",
}
# "X (2)" by Excel and WPS, "X_2" by LibreOffice, "Bản sao của X" and "Copy of X" by Google Sheets, the rest by people.
_COPY = re.compile(
    r"^(?:bản sao của|copy of|copie de)\s+|\s*\(\d+\)$|_\d{1,2}$"
    r"|\s*[-–_ ]\s*(?:copy|bản sao|sao chép)(?:\s*\(?\d+\)?)?$",
    re.IGNORECASE,
)
_PREFIX = "xltrack_"
_FEWEST_COLUMNS = 3
_FIRST_ROWS = 10
_LIST = "list_"
_ALIKE, _SUGGESTIONS = 80, 2


@dataclass(frozen=True)
class Manifest:
    """What the workbook says of itself: "form", "version", "unit", "year", "period", "schema"; and tabs by sheet id."""

    entries: Mapping[str, str]
    tabs: Mapping[str, str]


def read_manifest(properties: Mapping[str, str], grids: Iterable[Grid]) -> Manifest:
    """Return what the worksheet `_xltrack` and, ruling over it, the custom document properties say."""
    entries: dict[str, str] = {}
    tabs: dict[str, str] = {}
    for row in next((grid.rows for grid in grids if grid.tab == MANIFEST_TAB), []):
        words = [clean(str(cell)) for cell in row]
        if words[0] == "sheet" and len(words) > 2:
            tabs[words[1]] = words[2]
        elif len(words) > 1 and words[0]:
            entries[words[0].removeprefix(_PREFIX)] = words[1]
    own = {
        name.removeprefix(_PREFIX): value for name, value in properties.items() if name.startswith(_PREFIX)
    }
    return Manifest(entries | own, tabs)


def own_reason(grid: Grid) -> str | None:
    """Return why the cells of a worksheet that xltrack wrote are not read, None for one that it did not write.

    The sheet of results that a return carries, and that on which a workbook checks itself, are known by their first
    row, whatever their tab and language.
    """
    rows = ([str(cell) for cell in row if cell != BLANK] for row in grid.rows)
    first = next(filter(None, rows), [""])
    if is_self_check(first[0]):
        return "self_check"
    if is_result(first):
        return "result_sheet"
    is_others = grid.tab == CODE_LISTS_TAB and not _holds_lists(grid)
    return None if is_others else OWN_TABS.get(grid.tab)


def _holds_lists(grid: Grid) -> bool:
    """Return whether the names of code lists stand above `grid`, as in the sheet that xltrack writes."""
    cells = (cell for row in grid.rows[:_FIRST_ROWS] for cell in row)
    return any(isinstance(cell, str) and cell.startswith(_LIST) for cell in cells)


def recognise_form(forms: Mapping[str, Form], manifest: Manifest, grids: Sequence[Grid]) -> Form | None:
    """Return the form that the manifest names, else the one most of whose sheets are there by their tabs.

    Where neither tells, a sheet with the ids or headings of the form is enough.
    """
    if manifest.entries.get("form"):
        return forms.get(manifest.entries["form"])
    tabs = {fold(grid.tab) for grid in grids}
    known = {
        form_id: sum(fold(sheet.tab) in tabs for sheet in form.sheets) for form_id, form in forms.items()
    }
    best = max(known, key=lambda form_id: known[form_id], default=None)
    if best is not None and known[best] * 2 > len(forms[best].sheets):
        return forms[best]
    return next((form for form in forms.values() if any(_is_of(form, grid) for grid in grids)), None)


def find_sheets(
    form: Form, manifest: Manifest, grids: Iterable[Grid], known: Mapping[str, Known]
) -> dict[str, Grid]:
    """Return the worksheet of each sheet by the sheet's id.

    It is found by the tab that the manifest or the form gives it, else by title or id, however spelt, else as a copy
    of such a tab, else by its columns. `known` are the headings of each sheet.
    """
    found: dict[str, Grid] = {}
    rest = {grid.tab: grid for grid in grids if own_reason(grid) is None}
    for called in (fold, _copied):
        for names in _ways(manifest):
            for sheet in form.sheets:
                if sheet.id not in found and (tab := _tab(names(sheet), rest, called)):
                    found[sheet.id] = rest.pop(tab)
    for sheet in form.sheets:
        if sheet.id not in found and (tab := _likest(sheet, rest, known[sheet.id])):
            found[sheet.id] = rest.pop(tab)
    return found


def is_called(tab: str, sheet: Sheet, manifest: Manifest) -> bool:
    """Return whether `tab` is a name of `sheet`, and not just that of a worksheet that looks like it."""
    return any(_tab(names(sheet), {tab: None}, fold) for names in _ways(manifest))


def sheets_like(tab: str, sheets: Sequence[Sheet]) -> Text:
    """Return those of `sheets` whose names are spelt like `tab`, as one enumeration of their tabs."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # seldom needed

    names = {
        (at, name): fold(name)
        for at, sheet in enumerate(sheets)
        for name in (sheet.tab, *sheet.title, sheet.id)
    }
    found = process.extract(_copied(tab), names, scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=None)
    alike = [sheets[at].tab for at in dict.fromkeys(at for _, _, (at, _) in found)]
    return listed([Text(name, name) for name in alike[:_SUGGESTIONS]])


def original_of(
    grid: Grid, form: Form, found: Mapping[str, Grid], known: Mapping[str, Known]
) -> Sheet | None:
    """Return the sheet of which `grid` is a copy, by its tab or its columns; None if it is none of those `found`."""
    sheets = [sheet for sheet in form.sheets if sheet.id in found]
    names = {_copied(grid.tab), fold(grid.tab)}
    for sheet in sheets:
        if names & {fold(name) for name in (found[sheet.id].tab, sheet.tab, *sheet.title, sheet.id)}:
            return sheet
    return next((sheet for sheet in sheets if _likest(sheet, {grid.tab: grid}, known[sheet.id])), None)


def _ways(manifest: Manifest) -> tuple[Callable[[Sheet], tuple[str, ...]], ...]:
    return (
        lambda sheet: (manifest.tabs.get(sheet.id, ""),),
        lambda sheet: (sheet.tab,),
        lambda sheet: (sheet.title.vi, sheet.title.en, sheet.id),
    )


def _tab(names: tuple[str, ...], rest: Mapping[str, object], called: Callable[[str], str]) -> str | None:
    keys = {fold(name) for name in names if name}
    return next((tab for tab in rest if called(tab) in keys), None)


def _copied(tab: str) -> str:
    """Return the key of what `tab` is called without what programs and people add to the name of a copy."""
    return fold(_COPY.sub("", clean(tab)))


def _likest(sheet: Sheet, rest: Mapping[str, Grid], known: Known) -> str | None:
    """Return the tab with most of the columns of `sheet`, if that is more than half of them."""
    counts = {tab: _columns_in(grid, sheet, known) for tab, grid in rest.items()}
    best = max(counts, key=lambda tab: counts[tab], default=None)
    needed = max(_FEWEST_COLUMNS, len(sheet.columns) // 2 + 1)
    return best if best is not None and counts[best] >= needed else None


def _columns_in(grid: Grid, sheet: Sheet, known: Known) -> int:
    if sheet.layout == "card":
        cells = {cell for row in grid.rows for cell in row if isinstance(cell, str)}
        return len(cells & set(sheet.by_id))
    return max(count_ids(grid, sheet), count_headings(grid, known))


def _is_of(form: Form, grid: Grid) -> bool:
    return any(count_ids(grid, sheet) * 2 > len(sheet.columns) for sheet in form.tables)
