"""The inbox: letters as they came, the workbooks in them, who may send what, and what became of each."""

from xltrack.mail.inbox import Inbox, is_inbox
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
