"""The library's front door: the same functions as the command line, for scripts and notebooks."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.pipeline.backing_up import export, restore
    from xltrack.pipeline.comparing import diff
    from xltrack.pipeline.counting import hit_counts
    from xltrack.pipeline.enterprises import decide_enterprises, review_enterprises
    from xltrack.pipeline.fetching import Fetched, Wanted, fetch
    from xltrack.pipeline.mailing import decide_messages, inbox_standings
    from xltrack.pipeline.merging import merge, rehearse
    from xltrack.pipeline.migrating import migrate
    from xltrack.pipeline.model import FileResult, Merge, Migration, Returns, Validation
    from xltrack.pipeline.packing import write_packs
    from xltrack.pipeline.posting import Mailing, Posted
    from xltrack.pipeline.processing import Desk, Processed, process
    from xltrack.pipeline.rebuilding import Rebuilt, rebuild
    from xltrack.pipeline.recalling import history
    from xltrack.pipeline.redacting import redact_contacts
    from xltrack.pipeline.refreshing import (
        Filled,
        Manner,
        Refreshed,
        fill_template,
        refresh,
        refresh_open_book,
    )
    from xltrack.pipeline.reminding import Reminded, remind
    from xltrack.pipeline.replying import Replied, reply
    from xltrack.pipeline.reporting import Edition, write_blank_report, write_report
    from xltrack.pipeline.rolling import count_with_spark, roll_up, roll_up_unit
    from xltrack.pipeline.standing import status
    from xltrack.pipeline.templates import Outfit, Prefill, write_templates
    from xltrack.pipeline.tracing import trace, trace_cell
    from xltrack.pipeline.validation import validate
    from xltrack.pipeline.verifying import Verification, verify
    from xltrack.pipeline.waiving import Wish, standing_waivers, unwaive, waive

__all__ = [
    "Desk",
    "Edition",
    "Fetched",
    "FileResult",
    "Filled",
    "Mailing",
    "Manner",
    "Merge",
    "Migration",
    "Outfit",
    "Posted",
    "Prefill",
    "Processed",
    "Rebuilt",
    "Refreshed",
    "Reminded",
    "Replied",
    "Returns",
    "Validation",
    "Verification",
    "Wanted",
    "Wish",
    "count_with_spark",
    "decide_enterprises",
    "decide_messages",
    "diff",
    "export",
    "fetch",
    "fill_template",
    "history",
    "hit_counts",
    "inbox_standings",
    "merge",
    "migrate",
    "process",
    "rebuild",
    "redact_contacts",
    "refresh",
    "refresh_open_book",
    "rehearse",
    "remind",
    "reply",
    "restore",
    "review_enterprises",
    "roll_up",
    "roll_up_unit",
    "standing_waivers",
    "status",
    "trace",
    "trace_cell",
    "unwaive",
    "validate",
    "verify",
    "waive",
    "write_blank_report",
    "write_packs",
    "write_report",
    "write_templates",
]

__getattr__ = offered(
    __name__,
    backing_up=("export", "restore"),
    comparing=("diff",),
    counting=("hit_counts",),
    enterprises=("decide_enterprises", "review_enterprises"),
    fetching=("Fetched", "Wanted", "fetch"),
    mailing=("decide_messages", "inbox_standings"),
    merging=("merge", "rehearse"),
    migrating=("migrate",),
    model=("FileResult", "Merge", "Migration", "Returns", "Validation"),
    packing=("write_packs",),
    posting=("Mailing", "Posted"),
    processing=("Desk", "Processed", "process"),
    rebuilding=("Rebuilt", "rebuild"),
    recalling=("history",),
    redacting=("redact_contacts",),
    refreshing=("Filled", "Manner", "Refreshed", "fill_template", "refresh", "refresh_open_book"),
    reminding=("Reminded", "remind"),
    replying=("Replied", "reply"),
    reporting=("Edition", "write_blank_report", "write_report"),
    rolling=("count_with_spark", "roll_up", "roll_up_unit"),
    standing=("status",),
    templates=("Outfit", "Prefill", "write_templates"),
    tracing=("trace", "trace_cell"),
    validation=("validate",),
    verifying=("Verification", "verify"),
    waiving=("Wish", "standing_waivers", "unwaive", "waive"),
)
