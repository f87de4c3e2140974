"""A browser without a window, in which the tests open the page that xltrack writes.

It is one that lies on the machine: Chromium, Chrome or Edge. A test that needs it has the marker `browser`.
"""

import importlib.util
import shutil
from functools import cache

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge", "msedge")
WITHOUT_A_SANDBOX_OF_ITS_OWN = "--no-sandbox"
"""Root, as which tests run in containers, has none; what is opened is our own page."""


@cache
def browser_available() -> str | None:
    """Return why no page can be opened, None if one can."""
    if importlib.util.find_spec("playwright") is None:
        return "needs playwright, which drives the browser"
    return None if _program() else "needs a browser: Chromium, Chrome or Edge"


def _program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser():
    """Return a running browser, one for the tests of a file: its driver holds the process's event loop meanwhile."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=_program(), args=[WITHOUT_A_SANDBOX_OF_ITS_OWN])
        yield running
        running.close()
