"""Types commands of xltrack: in this process, as quick as calling a function, or in one of its own, as people do."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from xltrack.cli import main

ROOT = Path(__file__).parent.parent
Done = subprocess.CompletedProcess[str]


def xltrack(*words: str | Path, folder: Path) -> Done:
    """Run a command in `folder` within this process and return its exit code and what it said, in Vietnamese.

    An interpreter and its libraries need longer to start than most commands need for their work.
    """
    typed = ["xltrack", *map(str, words)]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", typed),
    ):
        code = _ended()
    return Done(typed, code, _said(out), _said(err))


def xltrack_process(*words: str | Path, folder: Path, **variables: str) -> Done:
    """Run a command in `folder` as a program with these `variables` of its environment."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        [sys.executable, "-m", "xltrack", *map(str, words)],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    raise AssertionError("the command line has not ended")


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.detach().getvalue()  # type: ignore[attr-defined]
    return content.decode("utf-8").replace("\r\n", "\n")
