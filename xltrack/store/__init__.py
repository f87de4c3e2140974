"""The store: one DuckDB file with every submission, its rows, and what stands now."""

from xltrack.store.carrying import Carried, LastReturn, carried
from xltrack.store.completeness import Completeness, round_completeness
from xltrack.store.connection import Store, open_store
from xltrack.store.enterprises import Decision, decide, decisions
from xltrack.store.hash import store_hash
from xltrack.store.hits import Hits, hits
from xltrack.store.likeness import Listed, Pair, look_alike
from xltrack.store.merge import merge_workbook, merge_workbooks
from xltrack.store.outcome import MergeOutcome, verdicts
from xltrack.store.quality import HeldBack, Told, held_back, quality
from xltrack.store.recorded import Receipt, Recorded, recorded
from xltrack.store.records import rows_said
from xltrack.store.redaction import redact, rewrite, with_contacts
from xltrack.store.rehearsal import rehearsal
from xltrack.store.status import DoubleCover, ListedFile, RoundStatus, UnitState, UnitStatus, round_status
from xltrack.store.submission import Source, State, Submission, Verdict
from xltrack.store.waivers import (
    Meant,
    Sender,
    Standing,
    add_waiver,
    end_waiver,
    is_of_whole_files,
    number_meant,
    read_waivers,
    waived,
    waivers,
)

__all__ = [
    "Carried",
    "Completeness",
    "Decision",
    "DoubleCover",
    "HeldBack",
    "Hits",
    "LastReturn",
    "Listed",
    "ListedFile",
    "Meant",
    "MergeOutcome",
    "Pair",
    "Receipt",
    "Recorded",
    "RoundStatus",
    "Sender",
    "Source",
    "Standing",
    "State",
    "Store",
    "Submission",
    "Told",
    "UnitState",
    "UnitStatus",
    "Verdict",
    "add_waiver",
    "carried",
    "decide",
    "decisions",
    "end_waiver",
    "held_back",
    "hits",
    "is_of_whole_files",
    "look_alike",
    "merge_workbook",
    "merge_workbooks",
    "number_meant",
    "open_store",
    "quality",
    "read_waivers",
    "recorded",
    "redact",
    "rehearsal",
    "rewrite",
    "round_completeness",
    "round_status",
    "rows_said",
    "store_hash",
    "verdicts",
    "waived",
    "waivers",
    "with_contacts",
]
