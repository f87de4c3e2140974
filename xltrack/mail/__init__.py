"""The inbox: letters as they came, the workbooks in them, who may send what, and what became of each."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.mail.inbox import Inbox
    from xltrack.mail.mark import is_inbox
    from xltrack.mail.model import Attachment, Decision, Letter, Look, Message, State
    from xltrack.mail.senders import Senders, Trust, read_senders
    from xltrack.mail.standing import Standing, standings

__all__ = [
    "Attachment",
    "Decision",
    "Inbox",
    "Letter",
    "Look",
    "Message",
    "Senders",
    "Standing",
    "State",
    "Trust",
    "is_inbox",
    "read_senders",
    "standings",
]

__getattr__ = offered(
    __name__,
    inbox=("Inbox",),
    mark=("is_inbox",),
    model=("Attachment", "Decision", "Letter", "Look", "Message", "State"),
    senders=("Senders", "Trust", "read_senders"),
    standing=("Standing", "standings"),
)
