"""The hash of a store: equal for two stores that hold the same business rows."""

import hashlib

from xltrack.store.connection import Store
from xltrack.store.digest import digest_query
from xltrack.store.schema import LINEAGE, is_link, present_columns

# When and by which xltrack a file was merged, and from where and under which name it came, is no business fact.
_NOT_BUSINESS = {
    "merged_at", "tool_version", "schemas_version", "file_name", "source_kind", "source", "chain_no", "control_totals",
    "findings_sha256", "entry_no", "_entry",
}  # fmt: skip


def store_hash(store: Store) -> str:
    """Return the SHA-256 (hex) over the facts of all submissions and the rows of all sheets; raises StoreDamaged.

    Rows count as a set: neither the order in which files were merged nor how often changes the hash, nor does a column
    added by newer schemas and still empty. See `digest_query` for how a row counts.
    """
    digest = hashlib.sha256()
    for table, columns in sorted(present_columns(store.connection).items()):
        if table == "submission" or columns.keys() >= LINEAGE.keys():
            business = [name for name in columns if name not in _NOT_BUSINESS and not is_link(name)]
            digest.update(f"{table} {store.rows(digest_query(table, [business]))}\n".encode())
    return digest.hexdigest()
