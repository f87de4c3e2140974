"""The same refresh in Microsoft Excel itself. No machine of the project's CI has it: run these on Windows or macOS.

Run `pytest -m excel`. Excel must be allowed to be driven by other programs.
"""

import openpyxl
import polars as pl
import pytest

from tests.own_workbook import Own
from xltrack.excel.desktop import desktop_excel, refresh_closed, refresh_open
from xltrack.excel.pivot.spec import Table
from xltrack.excel.refresh import with_current_rows

pytestmark = [pytest.mark.excel, pytest.mark.filterwarnings("ignore")]  # openpyxl says what it would drop
NEW = pl.DataFrame(
    [("Hà Nội", "0101", 10), ("=1+1", "1/2", 20), (None, "SEP2", 30)],
    ("Đơn vị", "Kỳ", "Số tiền"),
    orient="row",
)
GIVEN = {"dl_thu": [Table("dl_thu", NEW)]}


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "sổ tính.xlsx"
    made.write_bytes(Own().table().bells_and_whistles().saved())
    return made


def shown(path):
    """Return the rows of the table and the total that the pivot shows, as Excel saved them."""
    book = openpyxl.load_workbook(path, data_only=True)
    rows = [[cell.value for cell in row] for row in book["Số liệu"]["B4:D6"]]
    return rows, [cell.value for cell in book["Báo cáo"]["B"] if cell.value is not None]


def test_excel_shows_the_new_figures_and_keeps_texts_as_they_are(path):
    fresh = refresh_closed(desktop_excel().opened(path), GIVEN, scrub=True)
    rows, figures = shown(path)
    assert rows == [["Hà Nội", "0101", 10], ["=1+1", "1/2", 20], [None, "SEP2", 30]]
    assert 60 in figures
    assert fresh.pivots == 1


def test_a_workbook_that_is_open_stays_open_with_its_settings(path):
    import xlwings

    with xlwings.App(visible=False, add_book=False) as app:
        app.books.open(str(path))
        found = desktop_excel().find(path)
        assert found is not None
        refresh_open(found, path.with_name("sổ tính.xlsx.bak"), GIVEN, scrub=True)
        assert (app.display_alerts, app.enable_events, app.calculation) == (True, True, "automatic")
        assert len(app.books) == 1
    assert 60 in shown(path)[1]


def test_what_xltrack_edits_by_itself_opens_and_refreshes_in_excel(path):
    import xlwings

    path.write_bytes(with_current_rows(path.read_bytes(), GIVEN).content)
    with xlwings.App(visible=False, add_book=False) as app:
        app.books.open(str(path)).save()
    assert 60 in shown(path)[1]
