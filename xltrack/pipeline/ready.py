"""Which workbooks of inboxes may be merged, and when they came."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xltrack.mail import is_inbox
from xltrack.mail.mark import MARK

if TYPE_CHECKING:
    from xltrack.mail import Inbox, Standing


@dataclass(frozen=True)
class Came:
    """When a workbook arrived (None if nobody said), and where: in a message with this id, or as a file."""

    arrival: datetime | None
    kind: Literal["path", "message"]
    reference: str


def ready_workbooks(paths: Iterable[Path], schemas: Path | None = None) -> Mapping[Path, Came]:
    """Return the workbooks that may be merged of every inbox among or below `paths`, or are named themselves.

    Raises MailError and SchemaError.
    """
    asked = list(paths)
    whole = {mark.parent for path in asked for mark in _marks(path)}
    named = {path: box for path in asked if path.is_file() for box in path.parents if is_inbox(box)}
    found: dict[Path, Came] = {}
    for box in dict.fromkeys((*whole, *named.values())):
        ready = _ready_in(box, schemas)
        found |= {path: came for path, came in ready if box in whole or path in named}
    return found


def _marks(path: Path) -> Iterable[Path]:
    if is_inbox(path):
        return [path / MARK]
    return path.rglob(MARK) if path.is_dir() else []


def _ready_in(inbox: Path, schemas: Path | None) -> Iterator[tuple[Path, Came]]:
    from xltrack.mail import Inbox, standings
    from xltrack.pipeline.mailing import trust_of

    box = Inbox(inbox)
    for standing in standings(box, trust_of(box, schemas), {}):
        yield from _ready(box, standing).items()


def _ready(box: "Inbox", standing: "Standing") -> Mapping[Path, Came]:
    if not standing.is_ready:
        return {}
    message = standing.message
    paths = (box.workbook(one.sha256) for one, _ in standing.workbooks)
    came = Came(message.arrival, "message", message.letter.message_id or message.sha256)
    if message.kind == "file":
        came = Came(message.arrival, "path", message.source)
    return {path: came for path in paths if path is not None}
