"""Removes contacts from the store at the wish of whom they belong to."""

from dataclasses import dataclass
from pathlib import Path

from xltrack.errors import UnknownName
from xltrack.forms import load_schemas
from xltrack.language import Text
from xltrack.store import Store, open_store, redact, rewrite

_SHORTEST = 8
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was redacted: the `files` by their names, and how many `cells` with contacts they had."""

    files: tuple[str, ...]
    cells: int


def redact_contacts(
    store: Path | str, what: str, *, reason: str, by: str, schemas: Path | None = None
) -> Redaction:
    """Remove the contacts from all files of a unit (`what`: its code or name), or from one (the start of its SHA-256).

    The store is then written anew, so that nothing of them is left in its file (`xltrack.store.redact`). Copies and
    exports made before still have them. Raises UnknownName for what is neither, and StoreError.
    """
    path = Path(store)
    with open_store(path, load_schemas(schemas)) as opened:
        files = _meant(opened, what)
        cells = redact(opened, list(files), reason=reason, by=by)
    rewrite(path)
    return Redaction(tuple(files.values()), cells)


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
            "Nêu mã đơn vị như T34-24, hoặc từ 8 ký tự đầu của SHA-256.",
            "Give a unit's code as T34-24, or the first 8 digits of a SHA-256 or more.",
        )
        raise UnknownName(kind=Text("tệp nào trong kho của", "file in the store of"), name=what, hint=hint)
    return dict(found)
