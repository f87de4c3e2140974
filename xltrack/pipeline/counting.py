"""Counts how often finding codes were met."""

from pathlib import Path

from xltrack.forms import load_schemas
from xltrack.pipeline.waiving import today
from xltrack.store import Hits, open_store
from xltrack.store import hits as hits_of


def hit_counts(store: Path | str, *, schemas: Path | None = None) -> tuple[Hits, ...]:
    """Return every finding code that was met in the files of the store, the most frequent first; raises StoreError.

    Of each are counted the waivers that hold today.
    """
    with open_store(Path(store), load_schemas(schemas), read_only=True) as opened:
        return hits_of(opened, today())
