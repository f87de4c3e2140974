"""The national figures: measures as SQL over the current returns, reconciled, in the 63 and the 34 view."""

from xltrack.rollup.compute import roll_up
from xltrack.rollup.export import write_csv, write_json, write_parquet
from xltrack.rollup.model import BOTH, DIMENSIONS, UNALLOCATED, Rollup, View

__all__ = [
    "BOTH",
    "DIMENSIONS",
    "UNALLOCATED",
    "Rollup",
    "View",
    "roll_up",
    "write_csv",
    "write_json",
    "write_parquet",
]
