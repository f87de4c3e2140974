"""Finds one cell of a file that the store holds."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process

from xltrack.errors import UnknownName
from xltrack.forms import PeriodKind, fold
from xltrack.language import Text
from xltrack.store.connection import Store
from xltrack.store.places import places_table
from xltrack.store.schema import quoted
from xltrack.store.submission import State

_CELL = re.compile(r"(?:'(?P<quoted>[^']+)'|(?P<tab>[^!]+))!\$?(?P<letters>[A-Za-z]{1,3})\$?(?P<row>\d+)")
_HASH = re.compile(r"[0-9a-fA-F]{6,64}")
_NOWHERE = Text(
    "Ở đây không có, và không tệp nào trong kho có tên ấy. Nêu đường dẫn, tên tệp đã hợp nhất, hoặc đầu mã SHA-256.",
    "It is not here, and no file in the store has that name. Say a path, the name of a merged file, or how its SHA-256 "
    "begins.",
)
_ONLY_ACCEPTED = Text(
    "Kho chỉ giữ các dòng của những tệp được chấp nhận.", "The store keeps the rows of accepted files only."
)


@dataclass(frozen=True)
class StoredCell:
    """A cell in a row of a submission.

    `column` is the id of its column (None: the store does not know which), `value` what stands there as text,
    `file_no` the number of the file among those that count (None: it does not), `counts` whether the row does: a
    correction may have replaced it.
    """

    sha256: str
    file_name: str
    unit_code: str | None
    year: int | None
    period_kind: PeriodKind | None
    state: State
    reason: str | None
    file_no: int | None
    sheet: str
    tab: str
    row: int
    cell: str
    column: str | None
    value: str | None
    counts: bool


def find_submission(store: Store, name: str) -> str:
    """Return the SHA-256 of the submission called `name`, a file name or the beginning of its hash.

    Raises UnknownName if there is none, or more than one, with their hashes.
    """
    query = (
        "SELECT sha256, file_name FROM known_submission WHERE file_name = $name "
        "OR $hash AND starts_with(sha256, lower($name)) ORDER BY received_at, sha256"
    )
    found = store.rows(query, {"name": name, "hash": _HASH.fullmatch(name) is not None})
    if len(found) == 1:
        return str(found[0][0])
    if not found:
        raise UnknownName(kind=Text("tệp", "file"), name=name, hint=_NOWHERE)
    said = ", ".join(f"{file} ({sha256[:12]})" for sha256, file in found)
    several = Text(
        f"Có {len(found)} tệp: {said}. Nêu mã SHA-256.", f"There are {len(found)}: {said}. Name the SHA-256."
    )
    raise UnknownName(kind=Text("một tệp", "one file"), name=name, hint=several)


def find_cell(store: Store, sha256: str, address: str) -> StoredCell:
    """Return the cell `address` ("AP_DUNG!D17") of the submission `sha256`; raises UnknownName without a row there."""
    match = _CELL.fullmatch(address)
    if match is None:
        example = Text("Ví dụ: AP_DUNG!D17.", "For example AP_DUNG!D17.")
        raise UnknownName(kind=Text("ô", "cell"), name=address, hint=example)
    tab, letters, row = match["quoted"] or match["tab"], match["letters"].upper(), int(match["row"])
    for sheet in store.sheets.values():
        if sheet.layout == "table" and _stands(store, sheet.id, sha256, tab, row):
            return _found(store, sheet.id, sha256, tab, letters, row)
    raise UnknownName(
        kind=Text("dòng dữ liệu nào ở ô", "row of data at cell"),
        name=address,
        hint=_held_back(store, sha256, tab, row) or no_sheet(tab, _tabs(store, sha256)) or _ONLY_ACCEPTED,
    )


def find_in_row(store: Store, sha256: str, place: tuple[str, int], column: str | None) -> StoredCell:
    """Return the cell of `column` (an id) in the row at `place` (tab and row) of the submission `sha256`.

    It is the row's first cell where the sheet has no such column, or the store does not know where it stood. Raises
    UnknownName without a row there.
    """
    tab, row = place
    tables = (sheet.id for sheet in store.sheets.values() if sheet.layout == "table")
    sheet = next((one for one in tables if _stands(store, one, sha256, tab, row)), None)
    letters = column_letters(store, sha256, sheet).get(column or "") if sheet else None
    return find_cell(store, sha256, f"{tab}!{letters or 'A'}{row}")


def _held_back(store: Store, sha256: str, tab: str, row: int) -> Text | None:
    """Return why the row was held back (`merge --partial`), None if it was not."""
    query = (
        "SELECT message_vi, message_en FROM finding "
        "WHERE code = 'XLT625' AND submission = $sha256 AND sheet = $tab AND \"row\" = $row"
    )
    found = store.rows(query, {"sha256": sha256, "tab": tab, "row": row})
    if not found:
        return None
    vi, en = found[0]
    return Text(f"Dòng đã được giữ lại: {vi}", f"The row was held back: {en}")


def no_sheet(tab: str, tabs: Sequence[str]) -> Text | None:
    """Return that `tab` is none of the `tabs`, and the nearest of these; None if it is one."""
    if tab in tabs or not tabs:
        return None
    near, _, _ = process.extractOne(tab, tabs, processor=fold)
    return Text(
        f"Tệp không có trang `{tab}` với số liệu. Có phải `{near}` không?",
        f"The file has no sheet `{tab}` with data. Is it `{near}`?",
    )


def _tabs(store: Store, sha256: str) -> list[str]:
    """Return the tabs of the submission that have rows."""
    named = " UNION ".join(
        f"SELECT _sheet FROM {quoted(sheet.id)} WHERE _submission = $sha256"
        for sheet in store.sheets.values()
        if sheet.layout == "table"
    )
    return [tab for (tab,) in store.rows(f"{named} ORDER BY 1", {"sha256": sha256})]


def _stands(store: Store, sheet: str, sha256: str, tab: str, row: int) -> bool:
    query = f"SELECT 1 FROM {quoted(sheet)} WHERE _submission = $sha256 AND _sheet = $tab AND _row = $row"
    return bool(store.rows(query, {"sha256": sha256, "tab": tab, "row": row}))


def _found(store: Store, sheet: str, sha256: str, tab: str, letters: str, row: int) -> StoredCell:
    column = next((name for name, at in column_letters(store, sha256, sheet).items() if at == letters), None)
    facts = (
        "SELECT s.file_name, s.unit_code, s.year, s.period_kind, t.state, t.reason, c.file_no FROM submission AS s "
        "JOIN submission_state AS t USING (sha256) LEFT JOIN current_submission AS c USING (sha256) "
        "WHERE s.sha256 = $sha256"
    )
    ((name, unit, year, period, state, reason, file_no),) = store.rows(facts, {"sha256": sha256})
    here = "WHERE _submission = $s AND _row = $r"
    value = f"SELECT CAST({quoted(column or '_row')} AS VARCHAR) FROM {quoted(sheet)} {here}"
    stands = f"SELECT 1 FROM {quoted(f'current_{sheet}')} {here}"
    place = {"s": sha256, "r": row}
    text = store.rows(value, place)[0][0] if column else None
    counts = bool(store.rows(stands, place))
    file = (sha256, name, unit, year, period, state, reason, file_no)
    return StoredCell(*file, sheet, tab, row, f"{letters}{row}", column, text, counts)


def column_letters(store: Store, sha256: str, sheet: str) -> dict[str, str]:
    """Return by column id the letter in the file, nothing where the store does not know."""
    query = f"SELECT addresses FROM {places_table(store)} WHERE submission = $sha256 AND sheet = $sheet"
    found = store.rows(query, {"sha256": sha256, "sheet": sheet})
    return dict(json.loads(found[0][0])) if found else {}
