"""Reads messages that Outlook saved (.msg): compound files, in which each property is a stream (MS-OXMSG)."""

import io
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from typing import Final

from olefile import OleFileIO
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from xltrack.mail.attached import Attached
from xltrack.mail.parts import read_headers

_HEADERS, _SUBJECT, _BODY, _ID = 0x007D, 0x0037, 0x1000, 0x1035
_SENDER_SMTP, _SENDER, _SENT, _DELIVERED = 0x5D01, 0x0C1F, 0x0039, 0x0E06
_DATA, _LONG_NAME, _SHORT_NAME = 0x3701, 0x3707, 0x3704
# How many bytes stand before the properties of a message, of one within another, of an attachment (MS-OXMSG 2.4.1).
_OUTER, _INNER, _OF_ATTACHMENT = 32, 24, 8
_EMBEDDED: Final = "__substg1.0_3701000D"
_LEVELS: Final = 5


def take_msg(content: bytes, attached: Attached) -> tuple[Message, datetime | None]:
    """Add to `attached` what is in the message; return its headers and when it was delivered.

    Raises what the libraries raise.
    """
    with OleFileIO(io.BytesIO(content)) as file:
        root = Storage.from_ole(file)
    properties = Properties(root, _OUTER)
    _take(root, _OUTER, attached, 0)
    return _head(properties), properties.date_prop_value(_DELIVERED)


def _head(properties: Properties) -> Message:
    """Return the headers as they came, or what the properties tell: mail within one office has no headers."""
    if came := properties.str_prop_value(_HEADERS):
        return read_headers(came.encode("utf-8", "surrogateescape"))
    head = Message()
    sender = properties.str_prop_value(_SENDER_SMTP) or properties.str_prop_value(_SENDER) or ""
    sent = properties.date_prop_value(_SENT)
    told = {
        "From": sender if "@" in sender else "",
        "Subject": properties.str_prop_value(_SUBJECT),
        "Message-ID": properties.str_prop_value(_ID),
        "Date": format_datetime(sent) if sent else "",
    }
    for name, value in told.items():
        if value:
            head[name] = " ".join(value.split())
    return head


def _take(storage: Storage, offset: int, attached: Attached, level: int) -> None:
    attached.write(Properties(storage, offset).str_prop_value(_BODY) or "")
    for place in storage.iter_attachment_storages():
        properties = Properties(place, _OF_ATTACHMENT)
        name = properties.str_prop_value(_LONG_NAME) or properties.str_prop_value(_SHORT_NAME) or ""
        inner = next((one for one in place.storages if one.name == _EMBEDDED), None)
        if inner is not None and level < _LEVELS:
            _take(inner, _INNER, attached, level + 1)
        elif content := properties.binary_prop_value(_DATA):
            attached.add(name, content)
