"""What an installed wheel can do, far from the checkout."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, folder: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "XLTRACK_SCHEMAS"}}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder, env={**environment, "PYTHONUTF8": "1"}, capture_output=True, text=True, encoding="utf-8",
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A fresh environment with the wheel alone; its libraries are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    site = Path(next((folder / "env").rglob("site-packages")))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    scripts = "Scripts" if os.name == "nt" else "bin"
    return folder / "env" / scripts / Path(sys.executable).name


def test_the_wheel_brings_schemas_and_blank_workbooks(installed, tmp_path):
    program = (
        "import xltrack; from xltrack.forms import shipped, load_schemas;"
        "print(xltrack.__file__); print(load_schemas().form().id);"
        "print(*sorted(p.name for p in shipped('templates_xlsx').glob('*.xlsx')))"
    )
    where, form, templates = run(installed, "-c", program, folder=tmp_path).splitlines()
    assert ROOT not in Path(where).parents
    assert form == "XLT-1322"
    assert templates.split() == sorted(path.name for path in (ROOT / "templates_xlsx").glob("*.xlsx"))


def test_the_wheel_writes_and_checks_a_workbook_and_takes_other_schemas(installed, tmp_path):
    run(installed, "-m", "xltrack", "template", "T34-40", "--year", "2025", "--dir", "out", folder=tmp_path)
    (workbook,) = (tmp_path / "out").glob("*.xlsx")
    assert workbook.stat().st_size > 20_000
    arguments = ("template", "T34-40", "--year", "2025", "--dir", "own", "--schemas", ROOT / "schemas")
    run(installed, "-m", "xltrack", *arguments, folder=tmp_path)
    assert (tmp_path / "own" / workbook.name).is_file()
