"""The environment of the peers: what others would use instead of xltrack, in the versions of requirements.txt."""

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks import workbooks

_WANTED = Path(__file__).resolve().parent / "requirements.txt"


def environment() -> Path:
    """Return the Python of the environment with the peers, made if it is not there yet."""
    folder = workbooks.CACHE / f"peers-{hashlib.sha256(_WANTED.read_bytes()).hexdigest()[:8]}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    made = folder / "made"
    if not made.exists():
        print("Installing the peers into an environment of their own …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(_WANTED)], check=True)
        made.touch()
    return python


def versions(python: Path) -> list[str]:
    """Return the peers with the versions that are asked for, and the Python that runs them."""
    lines = _WANTED.read_text(encoding="utf-8").splitlines()
    asked = [line.replace("==", " ") for line in lines if line and not line.startswith("#")]
    told = subprocess.run([str(python), "--version"], capture_output=True, text=True, check=True).stdout
    return [*asked, told.strip()]
