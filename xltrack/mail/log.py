"""The log of an inbox: what was done, when and how many, without a name, an address or a subject."""

from datetime import datetime

from xltrack.errors import OutputError
from xltrack.files import reason_of
from xltrack.hanoi import HANOI
from xltrack.mail.inbox import Inbox


def note(inbox: Inbox, event: str, **facts: object) -> None:
    """Add a line to the log: the time in Hà Nội, the event, and facts as NAME=VALUE; raises OutputError."""
    path = inbox.path / "log.txt"
    told = " ".join(f"{name}={value}" for name, value in facts.items())
    try:
        with path.open("a", encoding="utf-8", newline="\n") as log:
            log.write(f"{datetime.now(HANOI):%Y-%m-%dT%H:%M:%S%z} {event} {told}\n")
    except OSError as failure:
        raise OutputError(path=path, reason=reason_of(failure)) from failure
