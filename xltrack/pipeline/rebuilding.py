"""Makes a store again from its originals."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xltrack.errors import PlaceTaken
from xltrack.forms import Schemas, load_schemas
from xltrack.language import Text
from xltrack.pipeline.rereading import reread, stored
from xltrack.pipeline.watching import Watch, silent
from xltrack.store import Store, merge_workbooks, open_store, store_hash
from xltrack.store.carry import carry_decisions, carry_files, carry_times
from xltrack.store.verify import removed


@dataclass(frozen=True)
class Rebuilt:
    """A store made again: how many `files`, which are read otherwise today (names), and the hashes before and after.

    The hashes are those of `store_hash`: over the facts and rows of all files.
    """

    path: Path
    files: int
    differing: tuple[str, ...]
    hash_before: str
    hash_after: str

    @property
    def in_order(self) -> bool:
        """Return whether the new store says what the old one says."""
        return self.hash_before == self.hash_after


def rebuild(
    store: Path | str, into: Path | str, *, schemas: Path | None = None, watch: Watch = silent
) -> Rebuilt:
    """Make at `into`, where nothing may be, the store again from the originals that the one at `store` holds.

    Every file is read and checked anew, with its arrival and source; the chain, waivers and other decisions are carried
    over, and what is read otherwise today is recorded after them. The old store is left as it is. Raises StoreError,
    SchemaError, and PlaceTaken if something is at `into`.
    """
    declared, path = load_schemas(schemas), Path(into)
    if path.exists():
        raise PlaceTaken(
            path=path,
            reason=Text("đã có tệp ở đó, nên được giữ nguyên", "a file is there, and left as it is"),
        )
    with (
        open_store(Path(store), declared, read_only=True) as source,
        open_store(path, declared, create=True) as target,
    ):
        _fill(source, target, declared, watch)
        files = stored(source)
        differing = tuple(_differing(source, target))
        return Rebuilt(path, len(files), differing, store_hash(source), store_hash(target))


def _fill(source: Store, target: Store, schemas: Schemas, watch: Watch) -> None:
    left_out = removed(source)
    files = [file for file in stored(source) if file.sha256 not in left_out]
    with target.transaction():
        carry_decisions(source, target)
        carry_files(source, target, left_out)
    merge_workbooks(target, reread(source, files, schemas, watch))
    with target.transaction():
        carry_times(source, target)


def _differing(source: Store, target: Store) -> Iterator[str]:
    """Yield the names of the files that are read otherwise today."""
    query = "SELECT sha256, file_name, verdict, content_sha256 FROM submission ORDER BY file_name, sha256"
    now = {row[0]: row for row in target.rows(query)}
    yield from (row[1] for row in source.rows(query) if now.get(row[0]) != row)
