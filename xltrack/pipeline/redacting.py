"""Removes contacts and personal numbers from the store at the wish of whom they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xltrack.errors import UnknownName
from xltrack.forms import load_schemas
from xltrack.language import Text
from xltrack.store import Store, open_store, redact, rewrite
from xltrack.store.party_redaction import redact_party

_SHORTEST = 8
_HEX = frozenset("0123456789abcdef")
_TAX_CODES = (10, 12)
_IN_STORE = Text("tệp nào trong kho của", "file in the store of")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was redacted: the `files` by their names, and how many `cells` with contacts they had."""

    files: tuple[str, ...]
    cells: int


def redact_contacts(
    store: Path | str, what: str, *, reason: str, by: str, schemas: Path | None = None
) -> Redaction:
    """Remove the contacts from all files of a unit (`what`: its code or name), or from one (the start of its SHA-256).

    Where `what` is a tax code, of an enterprise (ten digits) or a household (twelve), what is personal in its rows
    goes, from the files of all units (`xltrack.store.party_redaction`). The store is then written anew, so that
    nothing of them is left in its file (`xltrack.store.redact`). Copies and
    exports made before still have them. Raises UnknownName for what is neither, and StoreError.
    """
    path = Path(store)
    with open_store(path, load_schemas(schemas)) as opened:
        if what.isdecimal() and len(what) in _TAX_CODES:
            found, cells = redact_party(opened, what, reason=reason, by=by)
            files = _names(opened, found)
        else:
            files = _meant(opened, what)
            cells = redact(opened, list(files), reason=reason, by=by)
    rewrite(path)
    if not files:  # Told after the store is written anew: a former run may have come no further.
        hint = Text("Không có dòng nào của mã số thuế này.", "There are no rows with this tax code.")
        raise UnknownName(kind=_IN_STORE, name=what, hint=hint)
    return Redaction(tuple(files.values()), cells)


def _names(store: Store, files: Sequence[str]) -> dict[str, str]:
    query = (
        "SELECT sha256, file_name FROM submission WHERE sha256 IN (SELECT unnest($files)) ORDER BY chain_no"
    )
    return dict(store.rows(query, {"files": list(files)}))


def _meant(store: Store, what: str) -> dict[str, str]:
    """Return the files meant, names by SHA-256."""
    if len(what) >= _SHORTEST and set(what.casefold()) <= _HEX:
        asked, condition = [what.casefold()], "starts_with(sha256, ?)"
    else:
        units = [unit.code for unit in store.schemas.units.find(what)]
        if len(units) > 1:
            hint = Text(f"Có thể là: {', '.join(units)}.", f"It may be {', '.join(units)}.")
            raise UnknownName(kind=Text("đơn vị duy nhất", "single unit"), name=what, hint=hint)
        asked, condition = units, "unit_code = ?"
    query = f"SELECT sha256, file_name FROM submission WHERE {condition} ORDER BY chain_no"
    found = store.rows(query, asked) if asked else []
    if not found:
        hint = Text(
            "Nêu mã đơn vị như T34-24, mã số thuế, hoặc từ 8 ký tự đầu của SHA-256.",
            "Give a unit's code as T34-24, a tax code, or the first 8 digits of a SHA-256 or more.",
        )
        raise UnknownName(kind=_IN_STORE, name=what, hint=hint)
    return dict(found)
