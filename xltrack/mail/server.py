"""Reads a mailbox by IMAP: what is there, whole messages without marking them, and into which folder they go."""

import imaplib
import os
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from xltrack.errors import MailError
from xltrack.language import Text
from xltrack.mail.opening import HEADER_BYTES, MESSAGE_BYTES
from xltrack.mail.secret import password_of
from xltrack.mail.sources import Incoming

PASSWORD: Final = "XLTRACK_IMAP_PASSWORD"  # noqa: S105  # the name of the variable
TOKEN: Final = "XLTRACK_IMAP_TOKEN"  # noqa: S105  # likewise
_SECONDS: Final = 60
_MOVED_AT_ONCE: Final = 100
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_FACTS: Final = re.compile(rb'(?i)INTERNALDATE "([^"]+)"')
_SIZE: Final = re.compile(rb"(?i)RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a mailbox is: imaps://USER@HOST:PORT/FOLDER (TLS), imap:// (STARTTLS; without it on this machine alone)."""

    scheme: str
    host: str
    port: int
    user: str
    folder: str

    @property
    def name(self) -> str:
        """Return the address without its user."""
        return f"{self.scheme}://{self.host}/{self.folder}"


def is_address(source: str) -> bool:
    """Return whether `source` is the address of a mailbox and no path."""
    return source.lower().startswith(("imaps://", "imap://"))


def address_of(source: str) -> Address:
    """Return the address that `source` writes; raises MailError for one without a user or with a password."""
    try:
        parts = urlsplit(source)
        port = parts.port
    except ValueError as failure:
        raise MailError(place=source.partition("@")[2], reason=Text(str(failure), str(failure))) from failure
    if parts.password:
        vi, en = (
            f"không ghi mật khẩu vào lệnh; đặt biến {PASSWORD}",
            f"no password in a command; set {PASSWORD}",
        )
        raise MailError(place=parts.hostname, reason=Text(vi, en))
    if not parts.hostname or not parts.username:
        told = "imaps://USER@HOST/INBOX"
        raise MailError(place=source, reason=Text(f"ghi theo dạng {told}", f"write it as {told}"))
    folder = unquote(parts.path.strip("/")) or "INBOX"
    scheme = parts.scheme.lower()
    default = 993 if scheme == "imaps" else 143
    return Address(scheme, parts.hostname, port or default, unquote(parts.username), folder)


class Server:
    """A mailbox that is open; every call raises MailError where the server does not do what it is asked."""

    def __init__(self, box: BaseMailBox, address: Address) -> None:
        """Use a `box` that is logged in."""
        self._box, self._address = box, address
        # Before the login a server may say less of what it can; moving in one step is wanted.
        _, told = box.client.capability()
        box.client.capabilities = tuple(told[-1].decode("ascii", "replace").upper().split())
        self._validity = box.folder.status(address.folder, ["UIDVALIDITY"])["UIDVALIDITY"]

    def uids(self) -> Sequence[str]:
        """Return the UIDs of all messages, the oldest first."""
        with _told(self._address):
            return self._box.uids("ALL")

    def source(self, uid: str) -> str:
        """Return how a message is called in records."""
        return f"imap:{self._address.folder};{self._validity};{uid}"

    def read(self, uid: str) -> Incoming | None:
        """Return a message without marking it as read, None if it is gone; of one too large the headers."""
        with _told(self._address):
            facts = self._ask(uid, "(INTERNALDATE RFC822.SIZE)")
            if not facts:
                return None
            size = int(_found(_SIZE, facts))
            part = "BODY.PEEK[]" if size <= MESSAGE_BYTES else f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"
            content = next((one[1] for one in self._ask(uid, f"({part})") if isinstance(one, tuple)), None)
            if content is None:
                return None
            return Incoming(
                content, max(size, len(content)), self.source(uid), None, _moment(_found(_FACTS, facts))
            )

    def move(self, uids: Sequence[str], folder: str) -> None:
        """Move messages into `folder`, which is made if it is missing."""
        if not uids:
            return
        with _told(self._address):
            if not self._box.folder.exists(folder):
                self._box.folder.create(folder)
            self._box.move(uids, folder, chunks=_MOVED_AT_ONCE)

    def _ask(self, uid: str, what: str) -> list[Any]:
        kind, answer = self._box.client.uid("FETCH", uid, what)
        if kind != "OK":
            raise imaplib.IMAP4.error(str(answer))
        return [one for one in answer if one and one != b")"]


@contextmanager
def connected(address: Address) -> Iterator[Server]:
    """Open the mailbox at `address`; raises MailError, in words that never hold the password."""
    with _told(address):
        box = _logged_in(address)
    try:
        with _told(address):
            server = Server(box, address)
        yield server
    finally:
        _leave(box)


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except (ImapToolsError, imaplib.IMAP4.error, OSError):
        # What was asked for is done; a server that has gone needs no goodbye.
        box.client.shutdown()


def _logged_in(address: Address) -> BaseMailBox:
    box = _box(address)
    try:
        return _login(box, address)
    except BaseException:
        box.client.shutdown()
        raise


def _login(box: BaseMailBox, address: Address) -> BaseMailBox:
    if token := os.environ.get(TOKEN):
        return box.xoauth2(address.user, token, address.folder)
    # Not every server takes a password in UTF-8; what it takes it says.
    login = box.login_utf8 if "AUTH=PLAIN" in box.client.capabilities else box.login
    return login(address.user, password_of(address.user, address.host, PASSWORD, TOKEN), address.folder)


def _box(address: Address) -> BaseMailBox:
    if address.scheme == "imaps":
        return MailBox(address.host, address.port, timeout=_SECONDS, ssl_context=ssl.create_default_context())
    if address.host in _LOOPBACK:
        return MailBoxUnencrypted(address.host, address.port, timeout=_SECONDS)
    return MailBoxStartTls(
        address.host, address.port, timeout=_SECONDS, ssl_context=ssl.create_default_context()
    )


@contextmanager
def _told(address: Address) -> Iterator[None]:
    try:
        yield
    except (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError, LookupError) as failure:
        # Words of the library may quote a command; the last line is the server's own.
        own = str(failure).strip().rstrip(".").splitlines()[-1:] or [type(failure).__name__]
        raise MailError(place=address.name, reason=Text(own[0][:200], own[0][:200])) from failure


def _found(pattern: "re.Pattern[bytes]", facts: Sequence[Any]) -> bytes:
    parts = (one if isinstance(one, bytes) else one[0] for one in facts)
    return next(found[1] for part in parts if (found := pattern.search(part)))


def _moment(raw: bytes) -> datetime:
    """Return the moment of an INTERNALDATE ("17-Jul-2025 02:44:25 +0700")."""
    return parsedate_to_datetime(raw.decode("ascii").strip().replace("-", " ", 2))
