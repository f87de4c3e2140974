"""What the documents tell people to type is typed here."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = re.compile(r"^\$ xltrack (.+)$", re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
RETURNED = 1


def blocks(page: str, pattern: re.Pattern[str]) -> list[str]:
    return pattern.findall((ROOT / page).read_text(encoding="utf-8"))


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def obey(command: str, folder: Path) -> None:
    done = run(["-m", "xltrack", *shlex.split(command)], folder)
    # Blank workbooks and the demonstration's honest mistakes are "something wrong in what was received".
    assert done.returncode in {0, RETURNED}, f"{command}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr


def test_the_commands_of_the_readmes_run_one_after_the_other(tmp_path):
    """What the second page says in the same words as the first has been done in the folder already."""
    typed: set[str] = set()
    for page in ("README.vi.md", "README.md"):
        commands = [line for block in blocks(page, CONSOLE) for line in COMMAND.findall(block)]
        assert len(commands) >= 5
        for command in commands:
            if command not in typed:
                obey(command, tmp_path)
        typed.update(commands)
        assert (tmp_path / "toan-quoc.xlsx").stat().st_size > 20_000
        for program in blocks(page, PYTHON):
            (tmp_path / "program.py").write_text(program, encoding="utf-8")
            done = run(["program.py"], tmp_path)
            assert done.returncode == 0, done.stderr
            assert "accepted" in done.stdout


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
