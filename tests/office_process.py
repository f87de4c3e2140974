"""Find LibreOffice and a Python that can talk to it; start them, ask them, and end them whatever happens."""

import contextlib
import functools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SERVER = Path(__file__).with_name("office_uno.py")
START_SECONDS = 90
STOP_SECONDS = 30


class OfficeError(Exception):
    """LibreOffice could not do what was asked: the message says what, with which file, and why."""


def office_available() -> str | None:
    """Why LibreOffice cannot be used here, or None if it can."""
    if find_soffice() is None:
        return "needs LibreOffice: `soffice` was not found"
    if find_uno_python() is None:
        return "needs a Python that can `import uno` (Debian package python3-uno)"
    return None


@functools.cache
def find_soffice() -> Path | None:
    """The program that starts LibreOffice: on the PATH, else where the installers of each system put it."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    usual = [
        Path("/usr/lib/libreoffice/program/soffice"),
        *Path("/opt").glob("libreoffice*/program/soffice"),
        Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
        Path(os.environ.get("PROGRAMFILES", "/"), "LibreOffice", "program", "soffice.exe"),
    ]
    return next((found for found in [Path(on_path or ""), *usual] if found.is_file()), None)


@functools.cache
def find_uno_python() -> Path | None:
    """A Python that can import `uno`: LibreOffice's own, this one, or the system's."""
    soffice = find_soffice()
    if soffice is None:
        return None
    program = soffice.resolve().parent
    candidates = [
        program / "python.exe",
        program / "python",
        program.parent / "Resources" / "python",
        Path(sys.executable),
        Path("/usr/bin/python3"),
        Path(shutil.which("python3") or ""),
    ]
    return next((found for found in candidates if found.is_file() and _imports_uno(found)), None)


def _imports_uno(python: Path) -> bool:
    command = [str(python), "-c", "import uno"]
    try:
        subprocess.run(command, capture_output=True, timeout=30, env=_environment(), check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _environment() -> dict[str, str]:
    """This environment without what belongs to the Python of the tests."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONWARNINGS")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class Server:
    """The process of `office_uno.py` with its LibreOffice; every question has a time limit."""

    def __init__(self, locale: str) -> None:
        soffice, python = find_soffice(), find_uno_python()
        if soffice is None or python is None:
            raise OfficeError(office_available())
        self.locale = locale
        self.profile = Path(tempfile.mkdtemp(prefix="xltrack-office-"))
        self._replies: queue.SimpleQueue[str] = queue.SimpleQueue()
        command = [str(python), str(SERVER), str(soffice), str(self.profile), locale]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
                env=_environment(),
                start_new_session=True,  # so that all of it can be ended at once
            )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        try:
            self._reply(START_SECONDS)
        except OfficeError:
            self.close()
            raise

    @property
    def _log(self) -> Path:
        return self.profile / "log.txt"

    def ask(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """The reply to a request. Raises OfficeError if none comes in that time, or LibreOffice has gone."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # gone: the missing reply says so
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        return self._reply(seconds)

    def close(self) -> None:
        """End the process and its LibreOffice, by force if they do not go, and remove the profile."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            tidy = self.process.wait(STOP_SECONDS) == 0
        except subprocess.TimeoutExpired:
            tidy = False
        if not tidy:
            kill(self.process)
        self._reader.join(STOP_SECONDS)
        self.process.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _reply(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._replies.get(timeout=seconds)
        except queue.Empty:
            kill(self.process)
            raise OfficeError(f"LibreOffice did not answer within {seconds:g} s") from None
        if not line:
            said = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise OfficeError(f"LibreOffice has ended unexpectedly: {said}")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._replies.put(line)
        self._replies.put("")


def kill(process: subprocess.Popen[str]) -> None:
    """End a process and all that it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_SECONDS)
