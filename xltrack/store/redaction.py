"""Takes contacts out of the store, from rows, findings and received files, and leaves all figures as they are."""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from xltrack.errors import OutputError
from xltrack.files import reason_of
from xltrack.language import Text
from xltrack.store.chain import Event, append, digest
from xltrack.store.connection import Store
from xltrack.store.failures import named_failures
from xltrack.store.originals import remove_originals
from xltrack.store.schema import present_columns, quoted

_FILES = "CAST($files AS VARCHAR[])"
_MINE = f"list_contains({_FILES}, _submission)"
_NOT_WHOLE = f"""
SELECT sha256 FROM submission JOIN original USING (sha256)
WHERE list_contains({_FILES}, sha256) AND verdict <> 'accepted' AND size > 0
"""
_FINDINGS = f"""
UPDATE finding SET value = NULL
WHERE list_contains({_FILES}, submission) AND list_contains($columns, column_id)
"""


def redact(store: Store, submissions: Sequence[str], *, reason: str, by: str) -> Mapping[str, int]:
    """Remove from the files `submissions` (SHA-256) every contact, and return how many cells of each held one.

    Contacts are the columns that the form declares as personal. Their cells are emptied, what findings quote of them
    too, and the received bytes, which hold them as well, are removed; their hash stays. The chain records what was
    removed from which file, who asked and why as a hash, and still holds: contacts are in nothing that it seals, and no
    figure reads them. Raises StoreError.

    What is removed stands in free pages of the file until `rewrite` has made it anew.
    """
    asked = {"files": list(submissions)}
    columns = sorted({name for sheet in store.sheets.values() for name in sheet.contacts})
    with store.transaction():
        cells = _cells(store, asked)
        for name in store.sheets:
            _empty(store, name, asked)
        store.rows(_FINDINGS, {**asked, "columns": columns})
        remove_originals(store.connection, submissions)
        facts = {"columns": columns, "said_sha256": digest([reason, by])}
        append(store.connection, [Event("redaction", sha256, facts) for sha256 in submissions])
    return {sha256: cells[sha256] for sha256 in submissions}


def with_contacts(store: Store, submissions: Sequence[str]) -> tuple[str, ...]:
    """Return those of `submissions` (SHA-256) that hold contacts, or may.

    A file all of whose rows are in the store, and none of them with a contact, holds none; one whose rows are not (it
    was rejected, or taken in part) may hold some as long as its bytes are kept.
    """
    asked = {"files": list(submissions)}
    cells = _cells(store, asked)
    not_whole = {sha256 for (sha256,) in store.rows(_NOT_WHOLE, asked)}
    return tuple(sha256 for sha256 in submissions if cells[sha256] or sha256 in not_whole)


def _cells(store: Store, asked: dict[str, list[str]]) -> Counter[str]:
    filled: Counter[str] = Counter()
    for name in store.sheets:
        filled.update(dict(_filled(store, name, asked)))
    return filled


def rewrite(path: Path) -> None:
    """Write the store at `path` anew without free pages, in which removed values may still stand.

    It is replaced as a whole or not at all; nobody may have it open. Raises StoreLocked, StoreDamaged and OutputError.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            fresh = Path(folder) / "fresh"
            with named_failures(path), duckdb.connect(":memory:") as connection:
                for name, file, mode in (("old", path, "(READ_ONLY)"), ("fresh", fresh, "")):
                    literal = str(file).replace("'", "''")
                    connection.execute(f"ATTACH '{literal}' AS {name} {mode}")
                connection.execute("COPY FROM DATABASE old TO fresh")
            fresh.chmod(path.stat().st_mode & 0o777)
            fresh.replace(path)
    except OSError as failure:
        raise OutputError(path=path, reason=_not_rewritten(reason_of(failure))) from failure


def _not_rewritten(reason: Text) -> Text:
    return Text(
        f"{reason.vi}. Thông tin đã được xóa khỏi kho nhưng còn trong phần trống của tệp: đóng các chương trình đang "
        "mở kho rồi chạy lại lệnh",
        f"{reason.en}. What was to go is gone from the store, but still stands in free pages of its file: close the "
        "programs that have it open and run the command again",
    )


def _contacts(store: Store, sheet: str) -> list[str]:
    present = present_columns(store.connection).get(sheet, {})
    return [quoted(name) for name in sorted(store.sheets[sheet].contacts) if name in present]


def _filled(store: Store, sheet: str, asked: dict[str, list[str]]) -> list[tuple[str, int]]:
    """Return in how many cells of `sheet` each file has a contact."""
    names = _contacts(store, sheet)
    if not names:
        return []
    filled = " + ".join(f"count({name})" for name in names)
    return store.rows(
        f"SELECT _submission, {filled} FROM {quoted(sheet)} WHERE {_MINE} GROUP BY _submission", asked
    )


def _empty(store: Store, sheet: str, asked: dict[str, list[str]]) -> None:
    emptied = ", ".join(f"{name} = NULL" for name in _contacts(store, sheet))
    if emptied:
        store.rows(f"UPDATE {quoted(sheet)} SET {emptied} WHERE {_MINE}", asked)
