"""The store: one DuckDB file with every submission, its rows, and what stands now."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.store.carrying import Carried, LastReturn, carried
    from xltrack.store.completeness import Completeness, round_completeness
    from xltrack.store.connection import Store, open_store
    from xltrack.store.enterprises import Decision, decide, decisions
    from xltrack.store.hash import store_hash
    from xltrack.store.hitting import Hits, hits
    from xltrack.store.incoming import rows_said
    from xltrack.store.likeness import Listed, Pair, look_alike
    from xltrack.store.merge import merge_workbook, merge_workbooks
    from xltrack.store.outcome import MergeOutcome, verdicts
    from xltrack.store.qualities import HeldBack, Told, held_back, quality
    from xltrack.store.recording import Receipt, Recorded, recorded
    from xltrack.store.redaction import redact, rewrite, with_contacts
    from xltrack.store.rehearsing import rehearsal
    from xltrack.store.status import DoubleCover, ListedFile, RoundStatus, UnitState, UnitStatus, round_status
    from xltrack.store.submission import Source, State, Submission, Verdict
    from xltrack.store.waiving import (
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

__getattr__ = offered(
    __name__,
    carrying=("Carried", "LastReturn", "carried"),
    completeness=("Completeness", "round_completeness"),
    connection=("Store", "open_store"),
    enterprises=("Decision", "decide", "decisions"),
    hash=("store_hash",),
    hitting=("Hits", "hits"),
    incoming=("rows_said",),
    likeness=("Listed", "Pair", "look_alike"),
    merge=("merge_workbook", "merge_workbooks"),
    outcome=("MergeOutcome", "verdicts"),
    qualities=("HeldBack", "Told", "held_back", "quality"),
    recording=("Receipt", "Recorded", "recorded"),
    redaction=("redact", "rewrite", "with_contacts"),
    rehearsing=("rehearsal",),
    status=("DoubleCover", "ListedFile", "RoundStatus", "UnitState", "UnitStatus", "round_status"),
    submission=("Source", "State", "Submission", "Verdict"),
    waiving=(
        "Meant",
        "Sender",
        "Standing",
        "add_waiver",
        "end_waiver",
        "is_of_whole_files",
        "number_meant",
        "read_waivers",
        "waived",
        "waivers",
    ),
)
