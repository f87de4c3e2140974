"""What the documents tell people to type is typed here."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import ROOT, xltrack, xltrack_process
from tests.made_once import quick_demo
from xltrack.cache import VARIABLE
from xltrack.cli import cli

pytestmark = pytest.mark.slow

COMMAND = re.compile(r"^\$ xltrack (.+)$", re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
RETURNED = 1


def blocks(page: str, pattern: re.Pattern[str]) -> list[str]:
    return pattern.findall((ROOT / page).read_text(encoding="utf-8"))


def obey(words: list[str], folder: Path) -> None:
    # Blank workbooks and the demonstration's honest mistakes are "something wrong in what was received".
    done = (xltrack_process if "--lang" in words else xltrack)(*words, folder=folder)
    assert done.returncode in {0, RETURNED}, f"{words}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr


def meant(words: list[str], folder: Path) -> str:
    """Return what `words` ask for, which however it is said: with the defaults, and dates as dates."""
    if words[0] not in cli.commands:
        return repr(words)
    with contextlib.chdir(folder):
        asked = cli.commands[words[0]].make_context(words[0], words[1:]).params
        return f"{words[0]} {sorted(asked.items())}"


def test_the_commands_of_the_readmes_run_one_after_the_other(tmp_path, tmp_path_factory, monkeypatch):
    """What the second page asks for as the first did has been done in the folder already; so has the demonstration.

    A file is read once, as by whoever has a cache.
    """
    monkeypatch.setenv(VARIABLE, str(tmp_path_factory.mktemp("cache")))
    shutil.copytree(quick_demo(tmp_path_factory).directory, tmp_path / "thu")
    done = {meant(["demo", "--quick", "--dir", "thu"], tmp_path)}
    for page in ("README.vi.md", "README.md"):
        commands = [shlex.split(line) for block in blocks(page, CONSOLE) for line in COMMAND.findall(block)]
        assert len(commands) >= 5
        known = frozenset(done)
        for words in commands:
            wish = meant(words, tmp_path)
            if wish not in known:
                obey(words, tmp_path)
            done.add(wish)
        assert (tmp_path / "toan-quoc.xlsx").stat().st_size > 20_000
        for program in blocks(page, PYTHON):
            (tmp_path / "program.py").write_text(program, encoding="utf-8")
            ran = subprocess.run(
                [sys.executable, "program.py"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
                capture_output=True, encoding="utf-8", check=False,
            )  # fmt: skip
            assert ran.returncode == 0, ran.stderr
            assert "accepted" in ran.stdout


def test_every_link_of_the_documents_leads_to_a_file():
    link = re.compile(r"\]\(([^)#:]+)\)")
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in link.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
