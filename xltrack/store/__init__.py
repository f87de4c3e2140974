"""The store: one DuckDB file with every submission, its rows, and what stands now."""

from xltrack.store.completeness import Completeness, round_completeness
from xltrack.store.connection import Store, open_store
from xltrack.store.hash import store_hash
from xltrack.store.merge import merge_workbook, merge_workbooks
from xltrack.store.outcome import MergeOutcome
from xltrack.store.status import DoubleCover, ListedFile, RoundStatus, UnitState, UnitStatus, round_status
from xltrack.store.submission import State, Submission, Verdict

__all__ = [
    "Completeness",
    "DoubleCover",
    "ListedFile",
    "MergeOutcome",
    "RoundStatus",
    "State",
    "Store",
    "Submission",
    "UnitState",
    "UnitStatus",
    "Verdict",
    "merge_workbook",
    "merge_workbooks",
    "open_store",
    "round_completeness",
    "round_status",
    "store_hash",
]
