"""The library's front door: the same functions as the command line, for scripts and notebooks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_HOMES = {
    "Desk": "processing",
    "Processed": "processing",
    "process": "processing",
    "Mailing": "posting",
    "Posted": "posting",
    "Reminded": "reminding",
    "remind": "reminding",
    "Replied": "replying",
    "reply": "replying",
    "Fetched": "fetching",
    "Wanted": "fetching",
    "fetch": "fetching",
    "decide_messages": "mailing",
    "inbox_standings": "mailing",
    "Edition": "reporting",
    "write_blank_report": "reporting",
    "write_report": "reporting",
    "Outfit": "templates",
    "Prefill": "templates",
    "decide_enterprises": "enterprises",
    "review_enterprises": "enterprises",
    "redact_contacts": "redacting",
    "FileResult": "model",
    "Filled": "refreshing",
    "Manner": "refreshing",
    "Merge": "model",
    "Migration": "model",
    "Refreshed": "refreshing",
    "Returns": "model",
    "Validation": "model",
    "Wish": "waiving",
    "fill_template": "refreshing",
    "export": "backing_up",
    "restore": "backing_up",
    "diff": "comparing",
    "history": "recalling",
    "hit_counts": "counting",
    "merge": "merging",
    "migrate": "migrating",
    "refresh": "refreshing",
    "refresh_open_book": "refreshing",
    "rebuild": "rebuilding",
    "Rebuilt": "rebuilding",
    "rehearse": "merging",
    "count_with_spark": "rolling",
    "roll_up": "rolling",
    "roll_up_unit": "rolling",
    "status": "standing",
    "standing_waivers": "waiving",
    "trace": "tracing",
    "trace_cell": "tracing",
    "unwaive": "waiving",
    "validate": "validation",
    "verify": "verifying",
    "Verification": "verifying",
    "waive": "waiving",
    "write_packs": "packing",
    "write_templates": "templates",
}


def __getattr__(name: str) -> Any:
    """Import the module of `name` at its first use, so that `xltrack --help` need not wait for polars."""
    if name in _HOMES:
        return getattr(import_module(f"xltrack.pipeline.{_HOMES[name]}"), name)
    raise AttributeError(name)
