"""What a command and a worker load before they do anything; every file a person checks waits for it."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from xltrack.cli import cli

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {
    "docx",
    "duckdb",
    "jsonschema",
    "lxml",
    "openpyxl",
    "polars",
    "python_calamine",
    "rich",
    "xlsxwriter",
}


def loaded_by(program: str) -> set[str]:
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(answer.stdout.split())


@pytest.mark.parametrize(
    ("program", "module"),
    [
        ("import xltrack", "xltrack.pipeline"),
        ("import xltrack.cli", "xltrack.cli.main"),
        ("from xltrack.cli import cli; list(cli.commands.values())", "xltrack.cli.restore"),
    ],
)
def test_starting_up_loads_nothing_heavy(program, module):
    loaded = loaded_by(program)
    assert module in loaded
    assert sorted(HEAVY.intersection(loaded)) == []


def test_a_command_loads_none_of_the_others():
    loaded = loaded_by("from xltrack.cli import cli; cli.commands['validate']")
    commands = {f"xltrack.cli.{name}" for name in cli.commands}
    assert commands & loaded == {"xltrack.cli.validate"}


NOT_IN_A_WORKER = {
    "click",
    "jsonschema",
    "multiprocessing",
    "rapidfuzz",
    "xltrack.intake.sandbox.process",
}
"""What costs a worker time before its first file, and few files need or only the main process does."""


def test_a_worker_starts_without_what_most_files_do_not_need():
    loaded = loaded_by("import xltrack.intake.sandbox.worker, xltrack.pipeline.examining")
    assert "xltrack.reading.workbook" in loaded
    assert sorted(NOT_IN_A_WORKER & loaded) == []


ONLY_IN_A_WORKER = {"polars", "xltrack.intake.gate", "xltrack.mail.inbox", "xltrack.checking.check"}


def test_the_main_process_of_a_validation_loads_nothing_that_only_workers_need():
    loaded = loaded_by("from xltrack.pipeline import validate; import xltrack.pipeline.among")
    assert "xltrack.pipeline.validation" in loaded
    assert sorted(ONLY_IN_A_WORKER & loaded) == []


NOT_FOR_A_STATUS = {
    "polars",
    "xlsxwriter",
    "lxml",
    "xltrack.rollup",
    "xltrack.checking.rows",
    "xltrack.store.merge",
}


def test_a_status_loads_nothing_that_writes_workbooks_or_checks_rows():
    loaded = loaded_by("from xltrack.pipeline import status; import xltrack.report.status")
    assert "xltrack.store.connection" in loaded
    assert sorted(NOT_FOR_A_STATUS & loaded) == []


NOT_FOR_A_MERGE = {"rapidfuzz", "stdnum", "xltrack.checking.rows", "xltrack.reading.extract"}


def test_a_merge_of_what_was_read_before_loads_nothing_that_reads_or_checks_rows():
    loaded = loaded_by(
        "from xltrack.pipeline import merge; import xltrack.pipeline.passage, xltrack.report.text\n"
        "from xltrack.store.history import history_book; history_book()"
    )
    assert "xltrack.store.records" in loaded
    assert sorted(NOT_FOR_A_MERGE & loaded) == []


PACKAGES = [path.parent for path in (ROOT / "xltrack").rglob("__init__.py")]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_no_package_offers_a_name_that_is_one_of_its_modules(package):
    """Once that module is imported, the package has it by this name, and whoever asks gets what he did not mean."""
    name = ".".join(package.relative_to(ROOT).parts)
    offered = vars(importlib.import_module(name)).get("__all__", ())
    beside = {path.stem for path in package.iterdir()}
    if "xltrack.late" in (package / "__init__.py").read_text(encoding="utf-8"):
        assert sorted(beside & set(offered)) == []
