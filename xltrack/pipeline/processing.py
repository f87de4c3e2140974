"""A deadline day in one step: what came is fetched and merged, answered, and who has reported is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xltrack.errors import NoRound, StoreMissing, XltrackError
from xltrack.mail import Inbox
from xltrack.mail.lock import alone
from xltrack.mail.log import note
from xltrack.pipeline.fetching import Fetched, Wanted, fetch
from xltrack.pipeline.mailing import inbox_standings
from xltrack.pipeline.merging import merge
from xltrack.pipeline.model import FileResult
from xltrack.pipeline.posting import Mailing
from xltrack.pipeline.replying import Replied, reply
from xltrack.pipeline.standing import status
from xltrack.pipeline.watching import Watch, silent
from xltrack.stages import stage
from xltrack.store import Completeness


@dataclass(frozen=True)
class Desk:
    """Where the work is done: the `inbox`, the `store`, and how answers are written.

    `wanted` says how mail is fetched; with `partial` the good rows of files with errors are taken. `status` is the file
    to which it is written who has reported (.xlsx or .json), None: nowhere.
    """

    inbox: Path
    store: Path
    mailing: Mailing
    wanted: Wanted = field(default_factory=Wanted)
    partial: bool = False
    status: Path | None = None


@dataclass(frozen=True)
class Processed:
    """What one run did: what was `fetched`, what became of the files `merged`, what was `replied`.

    `completeness` is the state of the newest round, None while the store has none.
    """

    fetched: Fetched
    merged: tuple[FileResult, ...]
    replied: Replied
    completeness: Completeness | None


def process(
    source: str | Path, desk: Desk, *, schemas: Path | None = None, watch: Watch = silent
) -> Processed:
    """Fetch what is at `source`, merge what is new and may be merged, answer what can be answered, tell the status.

    Each step takes up what an earlier run left, so that a run that is cut off is made good by the next. One run at a
    time works in an inbox. A line of the inbox's log says how many of each there were, and nobody's name. Raises
    MailError if another run is at work, and what the steps raise.
    """
    with alone(desk.inbox, "process"):
        try:
            done = _process(source, desk, schemas, watch)
        except XltrackError as failure:
            note(Inbox(desk.inbox), "process", failed=type(failure).__name__)
            raise
        note(Inbox(desk.inbox), "process", **_counts(done))
        return done


def _process(source: str | Path, desk: Desk, schemas: Path | None, watch: Watch) -> Processed:
    with stage("fetch"):
        fetched = fetch(source, desk.inbox, wanted=desk.wanted, schemas=schemas, watch=watch)
    new = _unmerged(desk, schemas)
    merged: tuple[FileResult, ...] = ()
    if new:
        merged = merge(new, desk.store, schemas=schemas, partial=desk.partial, watch=watch).files
    with stage("reply"):
        replied = reply(desk.inbox, desk.store, desk.mailing, schemas=schemas, watch=watch)
    with stage("status"):
        return Processed(fetched, merged, replied, _status(desk, schemas))


def _status(desk: Desk, schemas: Path | None) -> Completeness | None:
    try:
        return status(desk.store, desk.status, schemas=schemas)
    except (StoreMissing, NoRound):
        return None


def _unmerged(desk: Desk, schemas: Path | None) -> list[Path]:
    """Return the workbooks that may be merged and are not yet: those of earlier runs need not be read again."""
    box = Inbox(desk.inbox)
    asked = [
        box.workbook(one.sha256)
        for standing in inbox_standings(desk.inbox, desk.store, schemas=schemas)
        if standing.is_ready
        for one, verdict in standing.workbooks
        if verdict is None
    ]
    return [path for path in asked if path is not None]


def _counts(done: Processed) -> Mapping[str, object]:
    """Return what a line of the log says: numbers alone."""
    verdicts: Counter[str] = Counter(file.verdict for file in done.merged)
    posted = done.replied.posted
    facts: dict[str, object] = {
        "new": len(done.fetched.new),
        "merged": len(done.merged),
        **dict(sorted(verdicts.items())),
    }
    facts["answers"] = len(posted.written)
    if sent := posted.sent:
        facts |= {"sent": len(sent.sent), "failed": len(sent.failed), "in_doubt": len(sent.in_doubt)}
    return facts
