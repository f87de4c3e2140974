"""What every test can count on: where the project is, a quiet environment, and honest skips.

A test that needs something beyond Python says so with a marker: `office` (LibreOffice), `node` (Node.js and the
packages of package.json), `browser` (Chromium), `dovecot` (a mail server), `excel` (a live Microsoft Excel),
`platform("win32")`, `spark` (Java and pyspark). Where that is missing the test is skipped, and the reason is shown.
With XLTRACK_REQUIRE_PROGRAMS set, as in CI, the machine claims to have everything: then a skipped test is a failed
test, unless it belongs to Excel, to another system, or to Spark, which is too large to be asked of every machine.
"""

import gc
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

# Whoever runs the tests has a cache of her own, and what is tested to be read is to be read each time.
os.environ["XLTRACK_CACHE"] = "off"

import tests.one_thread  # noqa: F401 - before anything imports polars
from tests.browser import browser, browser_available  # noqa: F401 - the fixture
from tests.dovecot import dovecot_available, mail_server  # noqa: F401 - the fixture
from tests.javascript import javascript_available
from tests.office import office  # noqa: F401 - the fixture
from tests.office_process import office_available
from xltrack.intake.sandbox import kept_workers

PROGRAMS: dict[str, Callable[[], str | None]] = {
    "browser": browser_available,
    "dovecot": dovecot_available,
    "node": javascript_available,
    "office": office_available,
}
"""By marker the function that says why a program is not to be had."""

ROOT = Path(__file__).resolve().parent.parent

# Thousands of tests and all schemas stay in memory: to look through them for rubbish as often as Python does by default
# takes a twentieth of the time.
gc.set_threshold(50_000, 20, 20)

# A random example that fails once is a riddle: the same examples every time, and no limit on a busy machine.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)
# Other examples every time, and many: for a machine that has an hour, HYPOTHESIS_PROFILE=searching.
hypothesis.settings.register_profile("searching", deadline=None, print_blob=True, max_examples=3_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items):
    """Begin with the files that take long: at the end of a run no process then works at one alone."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


def pytest_runtest_setup(item):
    """Skip what this machine cannot run, saying what is missing."""
    missing = _missing(item)
    if missing:
        pytest.skip(missing)


def _missing(item):
    wanted = item.get_closest_marker("platform")
    if wanted and sys.platform != wanted.args[0]:
        return f"runs on {wanted.args[0]} only"
    if item.get_closest_marker("excel") and not _has_excel():
        return "needs Microsoft Excel and xlwings"
    if item.get_closest_marker("spark") and not _has_spark():
        return "needs Java and pyspark"
    missing = (available() for marker, available in PROGRAMS.items() if item.get_closest_marker(marker))
    return next(filter(None, missing), None)


def _has_spark():
    return shutil.which("java") is not None and importlib.util.find_spec("pyspark") is not None


def _has_excel():
    return sys.platform in ("win32", "darwin") and importlib.util.find_spec("xlwings") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip into a failure where nothing may be skipped."""
    report = yield
    may_skip = any(item.get_closest_marker(name) for name in ("excel", "platform", "spark"))
    if report.skipped and not hasattr(report, "wasxfail") and not may_skip:
        _fail_if_all_is_required(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Do the same for a whole file that skips itself while it is read."""
    report = yield
    if report.skipped:
        _fail_if_all_is_required(report)
    return report


def _fail_if_all_is_required(report):
    if os.environ.get("XLTRACK_REQUIRE_PROGRAMS"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"XLTRACK_REQUIRE_PROGRAMS is set, so nothing may be skipped. {reason}"


@pytest.fixture(autouse=True)
def _no_settings_of_the_person_who_runs_the_tests(monkeypatch):
    for name in [name for name in os.environ if name.startswith("XLTRACK_")]:
        if name not in ("XLTRACK_CACHE", "XLTRACK_REQUIRE_PROGRAMS"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _workers_are_kept():
    """Start a worker not for every test that reads a file, but for the first."""
    with kept_workers():
        yield


@pytest.fixture(scope="session")
def root():
    """Return the directory of the project."""
    return ROOT
