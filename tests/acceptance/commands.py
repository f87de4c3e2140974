"""The command line as a person uses it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 180

Run = subprocess.CompletedProcess[str]


def xltrack(*arguments: object) -> Run:
    """Run `xltrack` with `arguments` in the project's directory."""
    command = [sys.executable, "-m", "xltrack", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        cwd=ROOT,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def refused(run: Run) -> str:
    """Return the one sentence that the operator was told instead of a result."""
    assert run.returncode == 2, run.stdout + run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    (sentence,) = run.stderr.strip().splitlines()
    return sentence
