"""The mail server through which letters go out (SMTP): reached with TLS, and asked letter by letter."""

import base64
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from xltrack.errors import MailError
from xltrack.language import Text
from xltrack.mail.secret import password_of

PASSWORD: Final = "XLTRACK_SMTP_PASSWORD"  # noqa: S105  # the name of the variable
TOKEN: Final = "XLTRACK_SMTP_TOKEN"  # noqa: S105  # likewise
_PORTS: Final = {"smtp": 587, "smtps": 465}
_PATIENCE: Final = 60.0
"""Seconds that a server may take for one answer."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_UNREACHED: Final = Text("không liên lạc được ({said})", "it cannot be reached ({said})")
_NO_TLS: Final = Text(
    "máy chủ không mã hóa đường truyền (STARTTLS), nên không gửi gì",
    "it does not encrypt the connection (STARTTLS), so nothing is sent",
)
_NOT_LET_IN: Final = Text(
    "tên người dùng hoặc mật khẩu không được chấp nhận ({said})",
    "the user or the password is not accepted ({said})",
)
_NO_MAILBOX: Final = 553
_TEMPORARY: Final = range(400, 500)


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server: TLS from the first byte (`implicit_tls`) or by STARTTLS; without any only on this machine.

    Without `user` nobody logs in. The user is proved by `password`, or by a `token` with XOAUTH2.
    """

    host: str
    port: int
    implicit_tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def relay_of(address: str) -> Relay:
    """Return the server at `address`: smtps://USER@HOST:PORT (TLS) or smtp:// (STARTTLS), with what proves the user.

    That is the variable XLTRACK_SMTP_TOKEN (XOAUTH2) or XLTRACK_SMTP_PASSWORD, else what the system's keyring holds for
    "xltrack" and USER@HOST. Without a user nobody logs in. Raises MailError for what is no such address, for one with a
    password in it, and where a password is missing.
    """
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        told = "smtps://USER@HOST"
        raise MailError(place=parts.hostname, reason=Text(f"ghi theo dạng {told}", f"write it as {told}"))
    if parts.password:
        vi, en = (
            f"không ghi mật khẩu vào lệnh; đặt biến {PASSWORD}",
            f"no password in a command; set {PASSWORD}",
        )
        raise MailError(place=parts.hostname, reason=Text(vi, en))
    user = unquote(parts.username or "")
    token = os.environ.get(TOKEN, "") if user else ""
    password = password_of(user, parts.hostname, PASSWORD, TOKEN) if user and not token else ""
    return Relay(
        parts.hostname, parts.port or _PORTS[parts.scheme], parts.scheme == "smtps", user, password, token
    )


class Refused(Exception):
    """The server did not take a letter, for now or for good; `words` are its own."""

    def __init__(self, code: int, words: bytes | str) -> None:
        """Keep what the server said."""
        self.words = f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
        self.for_now = code in _TEMPORARY
        super().__init__(self.words)


class Lost(Exception):
    """The connection broke while the server was asked."""


class Line:
    """A connection to a mail server, on which it is asked one thing after the other."""

    def __init__(self, client: smtplib.SMTP) -> None:
        """Speak through `client`."""
        self._client = client

    def announce(self, sender: str, to: str, size: int) -> None:
        """Say from whom and to whom a letter of `size` bytes is to go; raises Refused and Lost."""
        options = [f"size={size}"] if self._client.has_extn("size") else []
        with _named():
            for code, words in (self._client.mail(sender, options), self._client.rcpt(to)):
                if code not in (250, 251):
                    with suppress(smtplib.SMTPException, OSError):
                        self._client.rset()
                    raise Refused(code, words)

    def hand_over(self, message: bytes) -> None:
        """Hand over the letter that was announced. It is taken if nothing is raised; after Lost nobody knows.

        Raises Refused and Lost.
        """
        with _named():
            try:
                code, words = self._client.data(message)
            except smtplib.SMTPDataError as refusal:
                raise Refused(refusal.smtp_code, refusal.smtp_error) from refusal
            if code != 250:
                raise Refused(code, words)


@contextmanager
def connected(relay: Relay) -> Iterator[Line]:
    """Connect to `relay` and log in; raises MailError."""
    client = _opened(relay)
    try:
        yield Line(client)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            client.quit()


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPServerDisconnected, OSError) as failure:
        raise Lost(str(failure)) from failure
    except UnicodeEncodeError as failure:
        raise Refused(_NO_MAILBOX, "an address of other letters than ASCII") from failure


def _opened(relay: Relay) -> smtplib.SMTP:
    try:
        client = _reached(relay)
    except (smtplib.SMTPException, OSError) as failure:
        raise _unusable(relay, _UNREACHED, failure) from failure
    try:
        _log_in(client, relay)
    except (smtplib.SMTPException, OSError) as failure:
        client.close()
        raise _unusable(relay, _NOT_LET_IN, failure) from failure
    return client


def _reached(relay: Relay) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if relay.implicit_tls:
        client: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=_PATIENCE, context=trusted)
        client.ehlo_or_helo_if_needed()
        return client
    client = smtplib.SMTP(relay.host, relay.port, timeout=_PATIENCE)
    client.ehlo_or_helo_if_needed()
    if client.has_extn("starttls"):
        client.starttls(context=trusted)
        client.ehlo()
    elif relay.host not in _LOOPBACK:
        client.close()
        raise MailError(place=relay.host, reason=_NO_TLS)
    return client


def _log_in(client: smtplib.SMTP, relay: Relay) -> None:
    """Prove the user; not by `smtplib`, which takes no password beyond ASCII, unless nothing else is offered."""
    if not relay.user:
        return
    if relay.token:
        _prove(client, "XOAUTH2", f"user={relay.user}\1auth=Bearer {relay.token}\1\1")
    elif "PLAIN" in client.esmtp_features.get("auth", "").split():
        _prove(client, "PLAIN", f"\0{relay.user}\0{relay.password}")
    else:
        client.login(relay.user, relay.password)


def _prove(client: smtplib.SMTP, way: str, proof: str) -> None:
    code, words = client.docmd("AUTH", f"{way} {base64.b64encode(proof.encode()).decode()}")
    if code == 334:
        # A server that refuses a token says why, and waits for an empty line.
        code, words = client.docmd("")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def _unusable(relay: Relay, reason: Text, failure: Exception) -> MailError:
    words = failure.smtp_error if isinstance(failure, smtplib.SMTPResponseException) else str(failure)
    said = " ".join((words.decode("utf-8", "replace") if isinstance(words, bytes) else words).split())
    return MailError(place=relay.host, reason=Text(reason.vi.format(said=said), reason.en.format(said=said)))
