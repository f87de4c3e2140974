"""A workbook that another program saved is read as before: LibreOffice, and the libraries of web systems."""

from collections import Counter
from functools import cache

import pytest

from tests.javascript import PACKAGES, Library, javascript_available, run, saved, written
from tests.messes.compare import Reading, read, read_all
from tests.messes.composing import Composed, composable, compose, wrongs
from tests.messes.model import Tab
from tests.messes.package import write_package
from tests.messes.truth import FORM, as_template, write_truth

# What these programs do not know how to write; the odds and ends of packages they write in their own way.
UNKNOWN = {"cell/error-of-newer-excel", "cell/text-too-long", "workbook/text-boxes", "row/formulas-only"}
# What a program does of its own accord: LibreOffice works formulas out while it opens a file.
CALCULATED = "cell/formula-never-calculated"
BOOKS = ("right", "plain", "repaired", "formatted", "told")


@cache
def books() -> dict[str, Composed]:
    """The workbook as it should be, typed without our template, with all that can be repaired, and with what cannot.

    "formatted" has what only fonts and number formats tell: SheetJS does not write them.
    """
    known = [case for case in composable() if case.base == "template" and not case.name.startswith("file/")]
    known = [case for case in known if case.name not in UNKNOWN]
    repaired = [case for case in known if case.rows == "all" and case.verdict == "accepted" and not case.robs]
    told = [case for case in known if case.rows == "told" and case.type and case.name != CALCULATED]
    return {
        "right": compose("template", []),
        "plain": compose("plain", []),
        "repaired": compose("template", [(case, 1) for case in repaired if "styles" not in case.needs]),
        "formatted": compose("template", [(case, 1) for case in repaired if "styles" in case.needs]),
        "told": compose("template", [(case, 1) for case in told]),
    }


def findings(reading: Reading) -> Counter:
    return Counter((finding.code, finding.sheet, finding.cell) for finding in reading.findings)


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("originals")
    return {
        name: write_package(book.expected.book, folder / f"{name}.xlsx") for name, book in books().items()
    }


@pytest.fixture(scope="module")
def before(originals) -> dict[str, Reading]:
    """What was read of the originals."""
    return dict(zip(originals, read_all(list(originals.values())), strict=True))


def test_the_workbooks_hold_many_cases():
    assert tuple(books()) == BOOKS
    assert len(books()["repaired"].applied) > 35
    assert len(books()["told"].applied) > 6
    assert books()["repaired"].is_repairable


def compare(name, before, path):
    after = read(path)
    assert wrongs(books()[name], after) == []
    assert findings(after) == findings(before)
    assert after.values == before.values
    assert after.result.ledger == before.result.ledger


def compare_but_for_the_self_check(before, path):
    """Hold the form that was filled in to the rows typed: beside them it has the formulas that check them."""
    after = read(path)
    assert findings(after) == findings(before)
    assert after.values == before.values
    assert _without_self_check(after) == _without_self_check(before)
    assert after.result.ledger.ignored["self_check"] > 2_000


def _without_self_check(reading: Reading) -> tuple[int, int, dict[str, int]]:
    ledger = reading.result.ledger
    ignored = dict(ledger.ignored)
    return ledger.cells - ignored.pop("self_check"), ledger.mapped, ignored


@pytest.mark.office
@pytest.mark.parametrize("name", BOOKS)
def test_libreoffice_saves_nothing_away(name, office, originals, before, tmp_path):
    compare(name, before[name], office.save_as(originals[name], tmp_path / "saved.xlsx"))


@pytest.mark.node
@pytest.mark.parametrize("library", PACKAGES)
def test_javascript_writes_and_saves_what_is_read_the_same(library: Library, originals, before, tmp_path):
    """One process does all, for starting it takes longer than its work."""
    names = [name for name in originals if name != "formatted" or library == "exceljs"]
    fresh = {name: tmp_path / f"{name} anew.xlsx" for name in names}
    again = {name: tmp_path / f"{name} again.xlsx" for name in names}
    blank, filled = write_truth(tmp_path / "blank.xlsx", {}), tmp_path / "filled.xlsx"
    jobs = [written(books()[name].expected.book, path) for name, path in fresh.items()]
    jobs += [saved(originals[name], path) for name, path in again.items()]
    run(library, [*jobs, saved(blank, filled, entries())])
    for name in names:
        compare(name, before[name], fresh[name])
        compare(name, before[name], again[name])
    compare_but_for_the_self_check(before["right"], filled)


def entries() -> list[Tab]:
    """What is typed into the blank form."""
    forms = [as_template().tab(sheet.id) for sheet in FORM.sheets]
    return [
        Tab(
            tab.key,
            tab.name,
            {place: cell for place, cell in tab.cells.items() if isinstance(cell.label, tuple)},
        )
        for tab in forms
    ]


def test_javascript_is_there_or_its_lack_is_told():
    assert javascript_available() is None or "needs" in str(javascript_available())
