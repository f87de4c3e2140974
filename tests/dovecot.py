"""A real IMAP server (Dovecot 2.3) on this machine alone, with as many mailboxes as a test wants."""

import os
import pwd  # POSIX only, as the server is
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "mật-khẩu"  # of a server that lives as long as the test
_NOBODY = "nobody"
_START_SECONDS = 30

CONFIG = """
base_dir = {here}/run
state_dir = {here}/state
log_path = {here}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{here}/cert.pem
ssl_key = <{here}/key.pem
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{here}/mail/%u
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={here}/mail/%u
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


def dovecot_available() -> str | None:
    """Return why there is no server to be had, None if there is."""
    if not shutil.which("dovecot") or not shutil.which("openssl"):
        return "needs Dovecot (`dovecot`) and `openssl`"
    told = subprocess.run(["dovecot", "--version"], capture_output=True, encoding="utf-8", check=False).stdout
    return None if told.startswith("2.3") else f"needs Dovecot 2.3, found {told.split()[:1]}"


@dataclass(frozen=True)
class Dovecot:
    """A server that runs; every user name has a mailbox, all with the same password."""

    here: Path
    port: int
    tls_port: int
    owner: tuple[int, int]

    @property
    def certificate(self) -> Path:
        """Return the certificate that speaks for 127.0.0.1."""
        return self.here / "cert.pem"

    def address(self, user: str, folder: str = "INBOX") -> str:
        """Return the address of a mailbox, without TLS: this machine alone."""
        return f"imap://{user}@127.0.0.1:{self.port}/{folder}"

    def deliver(self, user: str, letters: Iterable[tuple[bytes, datetime]]) -> None:
        """Put letters into the mailbox of `user`, each with the moment at which it came."""
        box = self.here / "mail" / user
        for name in ("cur", "new", "tmp"):
            (box / name).mkdir(parents=True, exist_ok=True)
        for number, (content, moment) in enumerate(letters):
            path = (
                box / "new" / f"{int(moment.timestamp())}.M{number}P{os.getpid()}_{time.monotonic_ns()}.test"
            )
            path.write_bytes(content)
            os.utime(path, (moment.timestamp(), moment.timestamp()))
        self._own(box)

    def contents(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Return the letters that lie in a folder, in any order."""
        box = self.here / "mail" / user / ("" if folder == "INBOX" else f".{folder}")
        return [path.read_bytes() for part in ("cur", "new") for path in (box / part).glob("*")]

    def _own(self, box: Path) -> None:
        if os.getuid() == 0:
            for path in (box.parent, box, *box.rglob("*")):
                os.chown(path, *self.owner)


@contextmanager
def running() -> Iterator[Dovecot]:
    """Give a server that is ready; it is gone at the end, with all that was in it."""

    person = pwd.getpwnam(_NOBODY) if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    with tempfile.TemporaryDirectory(prefix="imap") as folder:
        here = Path(folder).resolve()
        here.chmod(0o755)
        server = Dovecot(here, _free_port(), _free_port(), (person.pw_uid, person.pw_gid))
        _write(server, person)
        process = subprocess.Popen([*_as(person), "dovecot", "-F", "-c", str(here / "dovecot.conf")])
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Dovecot]:
    """Give a server that runs as long as the tests do."""
    with running() as server:
        yield server


def _write(server: Dovecot, person: Any) -> None:
    import grp  # POSIX only, as the server is

    here = server.here
    asked = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(here / "key.pem"), "-out", str(here / "cert.pem")]
    subprocess.run([*asked.split(), *files], check=True, capture_output=True)
    names = {"user": person.pw_name, "group": grp.getgrgid(person.pw_gid).gr_name, "password": PASSWORD}
    numbers = {"uid": person.pw_uid, "gid": person.pw_gid, "port": server.port, "tls_port": server.tls_port}
    (here / "dovecot.conf").write_text(CONFIG.format(here=here, **names, **numbers), encoding="utf-8")
    for name in ("run", "state", "mail"):
        (here / name).mkdir()
    if os.getuid() == 0:
        for path in (here, *here.rglob("*")):
            os.chown(path, person.pw_uid, person.pw_gid)


def _as(person: Any) -> list[str]:
    if os.getuid() != 0:
        return []
    return ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as one:
                if re.match(rb"\* OK", one.recv(100)):
                    return
        except OSError:
            time.sleep(0.05)
    log = (server.here / "log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"Dovecot did not start: {log[-2_000:]}")
