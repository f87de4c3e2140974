"""Exports a store and restores it."""

from pathlib import Path

from xltrack.forms import load_schemas
from xltrack.store import open_store
from xltrack.store.backup import Manifest, export_store, restore_store


def export(store: Path | str, folder: Path | str, *, schemas: Path | None = None) -> Manifest:
    """Write the store at the path `store` into `folder` as Parquet, with the received files and a manifest.

    Raises StoreError, SchemaError, and OutputError if the folder is not empty.
    """
    with open_store(Path(store), load_schemas(schemas), read_only=True) as opened:
        return export_store(opened, Path(folder))


def restore(folder: Path | str, store: Path | str, *, schemas: Path | None = None) -> Manifest:
    """Make at the path `store`, where nothing may be, the store that was exported to `folder`.

    Raises what `restore_store` raises, and SchemaError.
    """
    return restore_store(Path(folder), Path(store), load_schemas(schemas))
