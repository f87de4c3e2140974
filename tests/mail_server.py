"""A real mail server on this machine that receives what is sent to it, with TLS, logins, and moods."""

import asyncio
import base64
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD, TOKEN = "van-thu", "rất bí mật", "một-thẻ"
BREAKS_OFF = "breaks off"
"""What a server in this mood answers: nothing, after it took the letter."""


@dataclass
class MailServer:
    """The server: what it took, in order, and to whom it went; `mood` gives another answer than that it was taken."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    encrypted: set[bool] = field(default_factory=set)
    users: list[str] = field(default_factory=list)
    unwanted: dict[str, str] = field(default_factory=dict)
    mood: Callable[[EmailMessage], str | None] = lambda letter: None

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"

    @property
    def ids(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options):  # noqa: N802
        if address in self.unwanted:
            return self.unwanted[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):  # noqa: N802
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        answer = self.mood(letter)
        if answer in (None, BREAKS_OFF):
            self.letters.append(letter)
            self.recipients += envelope.rcpt_tos
            self.encrypted.add(session.ssl is not None)
        if answer == BREAKS_OFF:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer or "250 taken"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        said = base64.b64decode(args[1]).decode()
        user = said.partition("\1")[0].removeprefix("user=")
        self.users.append(user)
        return AuthResult(success=f"Bearer {TOKEN}" in said, handled=False)

    def login(self, server, session, envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        self.users.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@contextmanager
def mail_server(folder: Path, *, tls: bool = True, login: bool = False) -> Iterator[MailServer]:
    """Run a server on a free port; the certificate of who vouches for it is `folder`/ca.pem."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = MailServer(port)
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=port,
        tls_context=context if tls else None,
        require_starttls=tls,
        auth_required=login,
        authenticator=server.login,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
