"""What an installed wheel can do, far from the checkout."""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import openpyxl
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, folder: Path, code: int = 0) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "XLTRACK_SCHEMAS"}}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder, env={**environment, "PYTHONUTF8": "1"}, capture_output=True, text=True, encoding="utf-8",
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The programs of a fresh environment with the wheel installed; its libraries are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    python = programs / Path(sys.executable).name
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, folder=folder)
    site = Path(next((folder / "env").rglob("site-packages")))
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    return programs


def test_the_wheel_brings_schemas_and_blank_workbooks(scripts, tmp_path):
    program = (
        "import xltrack; from xltrack.forms import shipped, load_schemas;"
        "print(xltrack.__file__); print(load_schemas().form().id);"
        "print(*sorted(p.name for p in shipped('templates_xlsx').glob('*.xlsx')))"
    )
    python = scripts / Path(sys.executable).name
    where, form, templates = run(python, "-c", program, folder=tmp_path).splitlines()
    assert ROOT not in Path(where).parents
    assert form == "XLT-1322"
    assert templates.split() == sorted(path.name for path in (ROOT / "templates_xlsx").glob("*.xlsx"))


def test_the_installed_command_works_by_its_own_schemas_or_by_others(scripts, tmp_path):
    schemas = Path(shutil.copytree(ROOT / "schemas", tmp_path / "schemas"))
    sheet = schemas / "forms" / "XLT-1322" / "funding.json"
    declared = json.loads(sheet.read_text(encoding="utf-8"))
    sheet.write_text(json.dumps(declared | {"x-tab": "TIEN_CHI"}, ensure_ascii=False), encoding="utf-8")
    tabs = {}
    choices: dict[str, list[str | Path]] = {"shipped": [], "own": ["--schemas", schemas]}
    for folder, more in choices.items():
        run(
            scripts / "xltrack",
            "template",
            "T34-40",
            "--year",
            "2025",
            "--dir",
            folder,
            *more,
            folder=tmp_path,
        )
        (workbook,) = (tmp_path / folder).glob("*.xlsx")
        found = run(
            scripts / "xltrack", "validate", workbook, "--format", "json", *more, folder=tmp_path, code=1
        )
        assert json.loads(found)["files"][0]["unit"] == "T34-40"
        tabs[folder] = openpyxl.load_workbook(workbook, read_only=True).sheetnames
    assert "KINH_PHI" in tabs["shipped"]
    assert "TIEN_CHI" not in tabs["shipped"]
    assert "TIEN_CHI" in tabs["own"]
