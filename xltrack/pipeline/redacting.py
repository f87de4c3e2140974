"""Removes contacts and personal numbers from the store at the wish of whom they belong to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xltrack.cache import forget
from xltrack.errors import UnknownName
from xltrack.forms import load_schemas
from xltrack.language import Text
from xltrack.pipeline.seeking import seek
from xltrack.pipeline.watching import Watch, silent
from xltrack.reading.identifiers import PERSONAL
from xltrack.store import Store, open_store, redact, rewrite, with_contacts
from xltrack.store.party_redaction import files_of, redact_party

_SHORTEST = 8
_HEX = frozenset("0123456789abcdef")
_TAX_CODES = (10, 12)
_FEWEST_DIGITS = 8
"""After its zeros: what has fewer is no code, and could stand in any file."""
_IN_STORE = Text("tệp nào trong kho của", "file in the store of")


@dataclass(frozen=True, slots=True)
class Redacted:
    """One file that lost its original as it came, by name, and how many `cells` of its rows were emptied or masked."""

    name: str
    cells: int


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was done: the files that were `redacted`, those `left` as they are because nothing was to be removed.

    `closed` are the names and hashes of those of which nobody knows, because they cannot be looked into.
    """

    redacted: tuple[Redacted, ...]
    left: tuple[str, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of the files from which something was removed."""
        return tuple(one.name for one in self.redacted)

    @property
    def cells(self) -> int:
        """Return how many cells with contacts or personal data they had."""
        return sum(one.cells for one in self.redacted)


def redact_contacts(
    store: Path | str,
    what: str,
    *,
    reason: str,
    by: str,
    schemas: Path | None = None,
    watch: Watch = silent,
) -> Redaction:
    """Remove the contacts from all files of a unit (`what`: its code or name), or from one (the start of its SHA-256).

    Where `what` is a tax code, of an enterprise (ten digits) or a household (twelve), what is personal in its rows
    goes, from the files of all units (`xltrack.store.party_redaction`), and the originals of the files that hold it
    and have no row of it in the store, as the rejected ones. A file with nothing personal is left as it is, unless it
    is named by its hash: somebody wants that very file gone. The store is then written anew, so that nothing of what
    was removed is left in its file (`xltrack.store.redact`); nor is anything in the cache of the user who does this.
    Copies and exports made before still have it.

    Raises UnknownName for what is neither, StoreError, and OutputError for a cache that cannot be emptied.
    """
    path = Path(store)
    with open_store(path, load_schemas(schemas)) as opened:
        if _is_tax_code(what):
            done, is_known = _of_party(opened, what, (reason, by), watch)
        else:
            files, is_known = _meant(opened, what), True
            wanted = list(files) if _is_hash(what) else with_contacts(opened, list(files))
            done = _done(files, redact(opened, wanted, reason=reason, by=by), files)
    rewrite(path)
    forget()
    if not is_known:  # Told after the store is written anew: a former run may have come no further.
        hint = Text("Không có dòng nào của mã số thuế này.", "There are no rows with this tax code.")
        raise UnknownName(kind=_IN_STORE, name=what, hint=hint)
    return done


def _of_party(store: Store, code: str, said: tuple[str, str], watch: Watch) -> tuple[Redaction, bool]:
    """Redact the enterprise or household `code`; return what was done, and whether anything of it was there."""
    names = dict(store.rows("SELECT sha256, file_name FROM submission ORDER BY chain_no"))
    found = seek(store, code, _beside_rows(store, code), watch)
    holding = [sha256 for sha256, one in found.items() if one == "holds"]
    mine, (reason, by) = files_of(store, code), said
    cells = redact_party(store, code, holding, reason=reason, by=by)
    closed = tuple((names[sha256], sha256) for sha256, one in found.items() if one == "closed")
    return replace(_done(names, cells, mine), closed=closed), bool(mine or cells)


def _beside_rows(store: Store, code: str) -> Mapping[str, str]:
    """Return the files that may hold `code` where no row in the store says so, names by SHA-256.

    Of an enterprise those of which not all rows are in the store; a household's number is personal wherever it stands.
    """
    wanted = "verdict <> 'accepted'" if len(code) < PERSONAL else "TRUE"
    return dict(store.rows(f"SELECT sha256, file_name FROM submission WHERE {wanted} ORDER BY chain_no"))


def _done(names: Mapping[str, str], cells: Mapping[str, int], asked: Iterable[str]) -> Redaction:
    """Return what was done to the files `asked` and to those that lost `cells`, by their `names`."""
    redacted = tuple(Redacted(names[sha256], number) for sha256, number in cells.items())
    return Redaction(redacted, tuple(names[sha256] for sha256 in asked if sha256 not in cells))


def _is_tax_code(what: str) -> bool:
    is_number = what.isascii() and what.isdecimal() and len(what) in _TAX_CODES
    return is_number and len(what.lstrip("0")) >= _FEWEST_DIGITS


def _is_hash(what: str) -> bool:
    return len(what) >= _SHORTEST and set(what.casefold()) <= _HEX


def _meant(store: Store, what: str) -> dict[str, str]:
    """Return the files meant, names by SHA-256."""
    if _is_hash(what):
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
