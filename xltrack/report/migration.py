"""Tells where the cells of a workbook went that was moved into a fresh one: in words, and cell by cell as CSV."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from xltrack.excel.relocate import Move
from xltrack.findings.masking import masked, visible
from xltrack.forms import Form, Schemas
from xltrack.intake.places import NUMBER_OF
from xltrack.language import Lang, Text
from xltrack.reading.moves import Stayed, is_of_structure
from xltrack.reading.reasons import LEFT_BEHIND, REASONS_TO_STAY
from xltrack.report.about import about
from xltrack.report.csv_result import safe
from xltrack.report.received import ReceivedFile
from xltrack.report.text import by_sheet

FIELDS = (
    "from_sheet",
    "from_cell",
    "value",
    "to_sheet",
    "to_cell",
    "column",
    "stays_because",
    "reason",
    "formula",
)
"""The columns of the list of cells; `stays_because` is a reason of the ledger or one that moving adds.

`formula` is the formula whose result stands in the new workbook, "=" where the cell shares that of another.
"""
SHOWN = 10
"""So many cells of one reason are shown for each sheet; the list has them all."""

_LONGEST = 60
_MOVED = Text("Đã chuyển", "Moved")
_CALCULATED = Text("Công thức, chỉ chuyển kết quả", "Formulas, of which the result was moved")
_LEFT = Text("Không chuyển được, cần xem lại", "Not moved, please look")
_OTHER = Text("Không phải số liệu, không chuyển", "No figures, not moved")
_HIDDEN = Text("Biểu mẫu mới không còn cho thấy", "What the new workbook no longer shows")
_ALL = Text("Không còn gì phải xem lại.", "Nothing is left to look at.")


def moves_text(
    file: ReceivedFile, schemas: Schemas, moves: Sequence[Move], stayed: Sequence[Stayed], lang: Lang
) -> str:
    """Return what went where by columns, what did not go and why, and what the old workbook showed beside."""
    left = [one for one in stayed if one.reason in LEFT_BEHIND]
    other = [one for one in stayed if one.reason not in LEFT_BEHIND]
    shown = [finding for finding in file.findings if is_of_structure(finding)]
    return "\n".join(
        [
            visible(str(file.path)),
            f"  {about(file, schemas, lang)}",
            f"  {_sum(len(moves), len(stayed), lang)}",
            f"  {_MOVED.to(lang)}",
            *_columns(moves, schemas.form(file.form), lang),
            *_titled(_CALCULATED, _calculated(moves, lang), lang),
            *_titled(_LEFT, _left(left, lang), lang),
            *_titled(_HIDDEN, [f"  {line}" for line in by_sheet(shown, lang)], lang),
            *_titled(_OTHER, _other(other, lang), lang),
            *([] if left or shown else [f"  {_ALL.to(lang)}"]),
        ]
    )


def listing(moves: Iterable[Move], stayed: Iterable[Stayed], lang: Lang) -> bytes:
    """Return a line for each cell with content below the names of FIELDS: RFC 4180, UTF-8 with the mark of Excel.

    Text that a spreadsheet program would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for move in moves:
        one = move.moved
        writer.writerow(
            map(safe, (one.tab, one.cell, one.text, move.tab, move.cell, one.column, "", "", one.formula))
        )
    for cell in stayed:
        why = REASONS_TO_STAY[cell.reason].to(lang)
        writer.writerow(map(safe, (cell.tab, cell.cell, cell.text, "", "", "", cell.reason, why, "")))
    return text.getvalue().encode("utf-8-sig")


def _sum(moved: int, stayed: int, lang: Lang) -> str:
    cells = moved + stayed
    return Text(
        f"{cells} ô có nội dung = {moved} ô đã chuyển + {stayed} ô không chuyển",
        f"cells with content: {cells} = {moved} moved + {stayed} not moved",
    ).to(lang)


def _titled(title: Text, lines: Iterable[str], lang: Lang) -> list[str]:
    known = list(lines)
    return [f"  {title.to(lang)}", *known] if known else []


def _columns(moves: Sequence[Move], form: Form, lang: Lang) -> Iterator[str]:
    """Yield, sheet by sheet, from which cells each column came and where it stands."""
    for (old, new), of_sheet in groupby(moves, key=lambda move: (move.moved.tab, move.tab)):
        yield f"    {visible(old)} → {new}"
        for _, same in groupby(of_sheet, key=lambda move: (move.moved.sheet, move.moved.column)):
            cells = list(same)
            column = form.by_id[cells[0].moved.sheet].by_id[cells[0].moved.column]
            ends = (_span([move.moved.cell for move in cells]), _span([move.cell for move in cells]))
            count = Text(f"{len(cells)} ô", f"{len(cells)} cell{'' if len(cells) == 1 else 's'}").to(lang)
            yield f"      {ends[0]:<12} → {ends[1]:<12} {column.title.to(lang)} ({count})"


def _calculated(moves: Sequence[Move], lang: Lang) -> Iterator[str]:
    """Yield, sheet by sheet, where formulas stood of which the new workbook has the results."""
    formulas = [move.moved for move in moves if move.moved.formula]
    for tab, of_sheet in groupby(formulas, key=lambda one: one.tab):
        cells = list(of_sheet)
        yield f"    {visible(tab)}"
        yield from (f"      {one.cell:<6} {_short(one.formula)}" for one in cells[:SHOWN])
        yield from _beyond(len(cells) - SHOWN, lang)


def _beyond(more: int, lang: Lang) -> Iterator[str]:
    if more > 0:
        yield "              " + Text(f"… và {more} ô nữa", f"… and {more} more").to(lang)


def _span(cells: Sequence[str]) -> str:
    return cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"


def _left(stayed: Sequence[Stayed], lang: Lang) -> Iterator[str]:
    order = sorted(stayed, key=lambda one: (one.tab, one.reason))
    for tab, of_sheet in groupby(order, key=lambda one: one.tab):
        yield f"    {visible(tab)}"
        for reason, same in groupby(of_sheet, key=lambda one: one.reason):
            cells = sorted(same, key=_place)
            yield f"      {len(cells):>7} {REASONS_TO_STAY[reason].to(lang)}"
            yield from (f"              {one.cell:<6} {_short(one.text)}" for one in cells[:SHOWN])
            yield from _beyond(len(cells) - SHOWN, lang)


def _place(one: Stayed) -> tuple[int, int]:
    letters = one.cell.rstrip("0123456789")
    return int(one.cell[len(letters) :]), NUMBER_OF[letters]


def _other(stayed: Iterable[Stayed], lang: Lang) -> Iterator[str]:
    for reason, cells in Counter(one.reason for one in stayed).most_common():
        yield f"    {cells:>7} {REASONS_TO_STAY[reason].to(lang)}"


def _short(text: str) -> str:
    words = masked(visible(" ".join(text.split())))
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
