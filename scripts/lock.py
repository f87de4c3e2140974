"""Write requirements/*.txt, exact versions with the hashes of every file of a release, from pyproject.toml.

Needs `uv` on the PATH. `python scripts/lock.py` keeps what is locked and adds what is missing; `--upgrade` takes the
newest releases that pyproject.toml allows.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"

COMPILE = (
    "uv pip compile --quiet --no-config --no-header --no-annotate --universal --python-version 3.11 --generate-hashes"
).split()

# In this order: the first file rules the versions of the others.
FILES = {
    "dev.txt": (
        "What the tests and the checks need; contains run.txt and build.txt.",
        ["--group", "dev", "pyproject.toml"],
    ),
    "run.txt": (
        "What xltrack needs to run, exactly as tested, for Python 3.11 and later on Linux, macOS and Windows.",
        ["pyproject.toml", "--constraint", "requirements/dev.txt"],
    ),
    "build.txt": (
        "What an install of xltrack from the checkout needs beside run.txt.",
        ["--group", "build", "--constraint", "requirements/dev.txt"],
    ),
}


def lock(name: str, title: str, sources: list[str], upgrade: list[str]) -> None:
    """Resolve `sources` and write requirements/`name` with `title` as its first line."""
    path = REQUIREMENTS / name
    subprocess.run([*COMPILE, *sources, *upgrade, "--output-file", str(path)], cwd=ROOT, check=True)
    lines = path.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    head = [f"# {title}", "# Made by `make lock` from pyproject.toml: do not edit."]
    path.write_text("\n".join([*head, *pins]) + "\n", encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> None:
    """Write the three files; the only argument understood is `--upgrade`."""
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    for name, (title, sources) in FILES.items():
        lock(name, title, sources, upgrade if name == "dev.txt" else [])


if __name__ == "__main__":
    main(sys.argv[1:])
