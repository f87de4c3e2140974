"""Reads what the headers of a message say: who, which thread, when, and whether a person wrote it."""

import re
from datetime import datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from xltrack.hanoi import in_hanoi
from xltrack.mail.model import Letter
from xltrack.mail.names import shown_name
from xltrack.mail.parts import decoded

# No word that is encoded (=?utf-8?q?…?=): in it may stand another address, which is read when an answer is written.
_ADDRESS: Final = re.compile(r"(?!.*=\?)[\w!#$%&'*+/=?^`{|}~.-]+@[\w.-]+", re.ASCII)
_ID: Final = re.compile(r"<[^<>\s]{1,300}>")
_REFERENCES: Final = 30
_SUBJECT: Final = 300
_STAMPS: Final = 50
_ROBOTS: Final = re.compile(r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)(?:[+._-].*)?@.*")


def letter_of(head: Message) -> Letter:
    """Return the letter with these headers, nothing attached yet."""
    sender = _address(head, "From")
    return Letter(
        message_id=next(iter(_ID.findall(_said(head, "Message-ID"))), ""),
        sender=sender,
        answer_to=_address(head, "Reply-To") or sender,
        subject=shown_name(" ".join(decoded(_said(head, "Subject")).split()))[:_SUBJECT],
        sent=_moment(_said(head, "Date")),
        references=_references(head),
        automatic=_automatic(head, sender),
        stamps=_stamps(head),
    )


def arrival_of(head: Message) -> datetime | None:
    """Return when the last server received the message, by the topmost Received header; None if there is none."""
    received = head.get_all("Received")
    return _moment(str(received[0]).rpartition(";")[2]) if received else None


def _said(head: Message, name: str) -> str:
    return str(head.get(name, ""))


def _address(head: Message, name: str) -> str:
    """Return the one address in the headers called `name`, in lower case; "" if there is none, or more than one."""
    values = [str(value) for value in head.get_all(name, [])]
    found = [address for _, address in getaddresses(values) if address]
    # Two readers must not find two senders in one header.
    is_one = len(values) == len(found) == 1 and _ADDRESS.fullmatch(found[0]) is not None
    return found[0].lower() if is_one else ""


def _references(head: Message) -> tuple[str, ...]:
    found = _ID.findall(f"{_said(head, 'References')} {_said(head, 'In-Reply-To')}")
    return tuple(dict.fromkeys(found))[-_REFERENCES:]


def _automatic(head: Message, sender: str) -> str:
    """Return the header by which no answer is wanted (RFC 3834, RFC 2919, and what servers set), "" if none."""
    if _said(head, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return _header(head, "Auto-Submitted")
    if _said(head, "Precedence").strip().lower() in ("bulk", "list", "junk", "auto_reply"):
        return _header(head, "Precedence")
    if re.search(r"(?i)\b(?:all|autoreply)\b", _said(head, "X-Auto-Response-Suppress")):
        return _header(head, "X-Auto-Response-Suppress")
    listed = next((name for name in ("List-Id", "List-Unsubscribe", "List-Post") if name in head), "")
    if listed:
        return _header(head, listed)
    if _said(head, "Return-Path").replace(" ", "") == "<>" or head.get_content_type() == "multipart/report":
        return "Return-Path: <>"
    return f"From: {sender}" if _ROBOTS.fullmatch(sender) else ""


def _header(head: Message, name: str) -> str:
    return f"{name}: {shown_name(_said(head, name)).strip()}"[:100]


def _stamps(head: Message) -> tuple[tuple[str, ...], ...]:
    groups: list[list[str]] = [[]]
    for name, value in head.items()[: 20 * _STAMPS]:
        if name.lower() == "received":
            groups.append([])
        elif name.lower() == "authentication-results":
            groups[-1].append(" ".join(str(value).split()))
    return tuple(tuple(group) for group in groups[:_STAMPS])


def _moment(text: str) -> datetime | None:
    """Return a moment as headers write it, None for what is none, has no zone, or is beyond the years in Hà Nội."""
    try:
        moment = parsedate_to_datetime(text.strip())
        in_hanoi(moment)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None
