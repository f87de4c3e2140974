"""A workbook in a running Excel gets current rows: in an order that can be taken back, and whatever fails, tidily."""

import copy
import io
import sys
from contextlib import contextmanager
from functools import partial
from threading import Event

import openpyxl
import polars as pl
import pytest
import xlwings
from click.testing import CliRunner
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from tests.excel_double import NOBODY, SETTINGS, App, Excel, Formula, Native, Pivot, Sheet, Table, Trouble
from tests.own_workbook import Own
from tests.rollup_stores import store_of
from xltrack.cli.main import cli
from xltrack.errors import ExcelMissing
from xltrack.excel.desktop import desktop_excel, refresh_closed, refresh_open, refresh_unsaved, waiting
from xltrack.excel.desktop.running import ExcelDesktop
from xltrack.excel.pivot.spec import Table as Rows
from xltrack.excel.refresh import NativeTable, Refused
from xltrack.pipeline import Manner, refreshing

pytestmark = pytest.mark.filterwarnings(
    "ignore:.* extension is not supported"
)  # openpyxl says what it would drop
HEADINGS = ("Đơn vị", "Mã số thuế", "Số tiền")
BIG = 1_234_567_890_123_456
NEW = pl.DataFrame(
    [("Hà Nội", "0100233488", 10), ("=1+1", "0314409058", 20), (None, "1/2", 30), ("", "SEP2", None)],
    HEADINGS,
    orient="row",
)


OLD = dict(zip(((2, 1), (2, 2), (2, 3)), HEADINGS, strict=True)) | {
    (3, 1): "Mật",
    (3, 2): "0101",
    (3, 3): 5.0,
}


def sheets(more=(), area="B3:D4", pivots=(("pv", "dl_thu"), ("khác", "dl_khac")), **options):
    data = Sheet("Số liệu", OLD | dict(more), [Table("dl_thu", area, **options)])
    return [data, Sheet("Báo cáo", {}, pivots=[Pivot(*pivot) for pivot in pivots])]


@pytest.fixture
def desk(monkeypatch, tmp_path):
    """Return a function that makes a desk with Excel, with the workbook so.xlsx on its disk."""
    (tmp_path / "so.xlsx").touch()  # xlwings looks; what it holds only the double knows

    def made(content=None, fails_at=None):
        excel = Excel(fails_at)
        engine = xlwings.Engine(impl=excel)
        monkeypatch.setattr(xlwings.main.engines, "engines", [engine])
        monkeypatch.setattr(xlwings.main.engines, "active", engine)
        excel.disk["so.xlsx"] = content or sheets()
        return excel

    return made


def closed(excel, path, rows=NEW):
    given = {"dl_thu": [Rows("dl_thu", rows)]}
    return refresh_closed(ExcelDesktop(Native(excel)).opened(path), given, scrub=True)


def opened(excel, path):
    """Open the workbook as its owner does, and return it as xltrack finds it."""
    app = App(excel)
    excel.running.append(app)
    app.books.open(path)
    excel.calls.clear()
    return ExcelDesktop(Native(excel)).find(path)


def refresh(book, folder):
    given = {"dl_thu": [Rows("dl_thu", NEW)]}
    return refresh_open(book, folder / "so.xlsx.bak", given, scrub=True)


def below_headings(content):
    return {spot: value for spot, value in content[0].cells.items() if spot[0] > 2}


def settings(excel):
    """Return the settings of the owner's Excel."""
    return {name: getattr(excel.running[0], name) for name in SETTINGS}


def calls_of(refresh, desk):
    """Return the calls of a refresh in which nothing fails."""
    excel = desk()
    refresh(excel)
    return excel.calls


def test_texts_stay_texts_and_numbers_numbers(desk, tmp_path):
    content = sheets()
    excel = desk(content)
    fresh = closed(excel, tmp_path / "so.xlsx")
    assert below_headings(content) == {
        (3, 1): "Hà Nội", (3, 2): "0100233488", (3, 3): 10, (4, 1): "=1+1", (4, 2): "0314409058", (4, 3): 20,
        (5, 2): "1/2", (5, 3): 30, (6, 1): "", (6, 2): "SEP2",
    }  # fmt: skip
    assert not any(isinstance(value, Formula) for value in content[0].cells.values())
    assert (fresh.changes[0].before, fresh.changes[0].after, fresh.pivots) == (1, 4, 1)
    assert fresh.tabs == ("Số liệu", "Báo cáo")


def test_a_number_that_excel_would_round_is_a_text(desk, tmp_path):
    content = sheets()
    amounts = pl.Series("Số tiền", [BIG, 7_000_000_000, None, 0])
    closed(desk(content), tmp_path / "so.xlsx", NEW.with_columns(amounts))
    assert [content[0].cells.get((row, 3)) for row in range(3, 7)] == [str(BIG), 7_000_000_000, None, 0]


def test_an_excel_of_our_own_is_unseen_runs_no_macros_and_goes_again(desk, tmp_path):
    excel = desk()
    closed(excel, tmp_path / "so.xlsx")
    names = excel.names
    assert names.index("start") < names.index("forbid macros") < names.index("open")
    steps = [name for name in names if name in ("resize", "write", "refresh pivots", "calculate", "save")]
    assert steps == ["resize", "write", "refresh pivots", "calculate", "save"], "one block, one refresh"
    assert names[-2:] == ["close", "quit"]
    assert excel.running == []


def restoring(calls):
    """Return the numbers of the calls that give settings back: their failure is no failure of the refresh."""
    calculated = calls.index(("calculate",)) + 1
    return range(calculated + 1, calculated + 1 + len(SETTINGS))


def test_whatever_fails_an_excel_of_our_own_goes_and_nothing_half_is_saved(desk, tmp_path):
    path = tmp_path / "so.xlsx"
    calls = calls_of(lambda excel: closed(excel, path), desk)
    saved = calls.index(("save",)) + 1
    ending = [place for place, (name, *_) in enumerate(calls, 1) if name in ("close", "quit")]
    for number in (*restoring(calls), *ending):
        assert closed(desk(fails_at=number), path).pivots == 1, "what fails then does no harm"
    for number, (name, *_) in enumerate(calls[:saved], 1):
        if number in restoring(calls):
            continue
        excel = desk(fails_at=number)
        with pytest.raises(Refused, match=f"Excel reported: call {name}"):
            closed(excel, path)
        assert excel.running == [], f"after {name} failed"
        assert ("save" in excel.names) == (name == "save")


def test_a_workbook_that_its_owner_has_open_is_saved_and_stays_open_as_it_was(desk, tmp_path):
    excel = desk()
    book = opened(excel, tmp_path / "so.xlsx")
    assert refresh(book, tmp_path).pivots == 1
    assert excel.names.index("calculate") < excel.names.index("save")
    assert not {"close", "quit", "start", "open"} & set(excel.names)
    assert settings(excel) == SETTINGS
    kept = openpyxl.load_workbook(io.BytesIO((tmp_path / "so.xlsx.bak").read_bytes()))
    assert kept["Số liệu"]["B4"].value == "Mật", "the copy was made before"


def test_changes_that_the_owner_has_not_saved_are_left_to_the_owner(desk, tmp_path):
    excel = desk()
    book = opened(excel, tmp_path / "so.xlsx")
    excel.running[0].books[0].is_saved = False
    told = refresh(book, tmp_path).warnings
    assert "save it in Excel" in told[0].en
    assert "save" not in excel.names


def test_whatever_fails_an_owners_excel_gets_its_settings_back_and_the_owner_is_told(desk, tmp_path):
    path = tmp_path / "so.xlsx"
    calls = calls_of(lambda excel: refresh(opened(excel, path), tmp_path), desk)
    changing, calculated = calls.index(("set", "display_alerts", False)) + 1, calls.index(("calculate",)) + 1
    for number, (name, *_) in enumerate(calls[: calls.index(("save",)) + 1], 1):
        excel = desk()
        book = opened(excel, path)
        excel.fails_at = number
        if number in restoring(calls):
            refresh(book, tmp_path)
            continue
        with pytest.raises(Refused) as refused:
            refresh(book, tmp_path)
        assert settings(excel) == SETTINGS, f"after {name} failed"
        assert ("half changed" in str(refused.value)) == (changing <= number <= calculated)
        assert not {"close", "quit"} & set(excel.names)
        assert name == "save" or "save" not in excel.names


def test_rows_that_are_gone_are_cleared_and_a_row_of_totals_moves(desk, tmp_path):
    content = sheets({(4, 1): "Hai", (5, 1): "Cộng"}, "B3:D6", has_totals=True)
    excel = desk(content)
    assert closed(excel, tmp_path / "so.xlsx", NEW.head(1)).changes[0].before == 2
    assert below_headings(content) == {
        (3, 1): "Hà Nội",
        (3, 2): "0100233488",
        (3, 3): 10,
        (4, 1): "Cộng",
    }
    assert content[0].tables[0].area == ((2, 1), (4, 3))


def test_no_rows_leave_one_blank_row(desk, tmp_path):
    content = sheets()
    closed(desk(content), tmp_path / "so.xlsx", NEW.head(0))
    assert below_headings(content) == {}
    assert content[0].tables[0].area == ((2, 1), (3, 3))


def test_a_calculated_column_is_filled_down_and_never_written_over(desk, tmp_path):
    headings = {(2, 2): "Gấp đôi", (3, 2): Formula("=[@[Số tiền]]*2")}
    content = sheets(headings)
    closed(desk(content), tmp_path / "so.xlsx")
    assert [content[0].cells[row, 2] for row in range(3, 7)] == ["=[@[Số tiền]]*2"] * 4
    assert [content[0].cells.get((row, 3)) for row in range(3, 7)] == [10, 20, 30, None]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (sheets({(5, 2): "dưới bảng"}), "would grow over Số liệu!C6"),
        (sheets({(2, 3): "Cột riêng"}), "columns that the store lacks: Cột riêng"),
        (sheets(is_external=True), "filled by a query"),
        ([Sheet("Trống", {})], "none of the tables dl_thu"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_changes(desk, tmp_path, content, reason):
    excel = desk(copy.deepcopy(content))
    with pytest.raises(Refused, match=reason):
        closed(excel, tmp_path / "so.xlsx")
    assert not {"write", "resize", "show all", "save"} & set(excel.names)


def test_a_workbook_that_opens_for_reading_only_is_left(desk, tmp_path):
    excel = desk()
    book = opened(excel, tmp_path / "so.xlsx")
    excel.running[0].books[0].is_read_only = True
    with pytest.raises(Refused, match="reading only"):
        refresh(book, tmp_path)


def test_a_workbook_of_one_unit_takes_no_rows_of_others(desk, tmp_path):
    excel = desk()
    book = opened(excel, tmp_path / "so.xlsx")
    excel.running[0].books[0].unit = "T34-24"
    with pytest.raises(Refused, match="T34-24"):
        refresh(book, tmp_path)
    with pytest.raises(Refused, match="T34-24"):
        refresh_unsaved(book, {"dl_thu": [Rows("dl_thu", NEW)]}, "annual")
    assert not {"write", "save"} & set(excel.names)


def test_a_macro_puts_no_annual_rows_into_a_half_years_workbook(desk, tmp_path):
    excel = desk()
    book = opened(excel, tmp_path / "so.xlsx")
    excel.running[0].books[0].period = "half"
    with pytest.raises(Refused, match="it is of the rounds `half`, not `annual`"):
        refresh_unsaved(book, {"dl_thu": [Rows("dl_thu", NEW)]}, "annual")
    assert not {"write", "save"} & set(excel.names)
    assert refresh_unsaved(book, {"dl_thu": [Rows("dl_thu", NEW)]}, "half").pivots == 1


def test_a_macro_leaves_saving_to_whoever_called_it(desk, tmp_path):
    excel = desk()
    book = opened(excel, tmp_path / "so.xlsx")
    assert refresh_unsaved(book, {"dl_thu": [Rows("dl_thu", NEW)]}, "annual").pivots == 1
    assert "save" not in excel.names
    assert [path.name for path in tmp_path.iterdir()] == ["so.xlsx"]


def test_an_excel_that_does_not_end_is_ended_and_the_file_is_not_saved(desk, tmp_path, monkeypatch):
    excel, ended = desk(), Event()

    class Hanging(Native):
        def refresh_pivots(self, book, *, scrub):
            assert ended.wait(20), "a dialog that nobody sees"
            raise Trouble("the server is gone")

    monkeypatch.setattr(waiting, "LONGEST", 0.05)
    monkeypatch.setattr("os.kill", lambda process, _: ended.set() if process == NOBODY else None)
    given = {"dl_thu": [Rows("dl_thu", NEW)]}
    with pytest.raises(Refused, match="had not ended after"):
        refresh_closed(ExcelDesktop(Hanging(excel)).opened(tmp_path / "so.xlsx"), given, scrub=True)
    assert "save" not in excel.names
    assert excel.running == []


@pytest.mark.parametrize(("says", "number"), [("hresult", -2147418111), ("errornumber", -1712)])
def test_a_dialog_that_holds_excel_is_named(desk, tmp_path, monkeypatch, says, number):
    refused = Trouble("call was rejected")
    setattr(refused, says, number)
    book = opened(desk(), tmp_path / "so.xlsx")

    def refresh_pivots(*_, **__):
        raise refused

    monkeypatch.setattr(Native, "refresh_pivots", refresh_pivots)
    with pytest.raises(Refused, match=r"a dialog is open.*former one is so\.xlsx\.bak"):
        refresh(book, tmp_path)


def test_an_excel_that_keeps_something_else_is_found_out(desk, tmp_path, monkeypatch):
    excel = desk()
    monkeypatch.setattr(Sheet, "typed", lambda sheet, spot, value: sheet.cells.__setitem__(spot, str(value)))
    with pytest.raises(Refused, match='other values than were written in column "Đơn vị"'):
        closed(excel, tmp_path / "so.xlsx")
    assert "save" not in excel.names


def test_another_workbook_of_the_same_name_is_not_taken_for_it(desk, tmp_path):
    excel = desk()
    opened(excel, tmp_path / "so.xlsx")
    desktop = ExcelDesktop(Native(excel))
    assert desktop.find(tmp_path / "khac" / "so.xlsx") is None
    assert desktop.find(tmp_path / "SO.xlsx") is not None, "Windows and macOS know no case"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    funding = "unit | year | of | amount\nT63-24 | 2024 | 2024 | 1000000"
    path = tmp_path_factory.mktemp("store") / "s.duckdb"
    return store_of(path, "unit | year\nT63-24 | 2024", funding=funding)


def funded(path):
    """Write a workbook with the table of funding, and return it as Excel would have it open."""
    headings = ("Kỳ", "Số tiền (đồng)")
    with Workbook(path) as book:
        book.add_worksheet("S").add_table(
            "A1:B2", {"name": "dl_kinh_phi", "columns": [{"header": name} for name in headings]}
        )
    cells = {(0, place): name for place, name in enumerate(headings)}
    return [Sheet("S", cells, [Table("dl_kinh_phi", "A1:B2")])]


@pytest.mark.parametrize(
    ("asked", "by_excel"),
    [("auto, open", True), ("auto, closed", False), ("excel, closed", True), ("file, closed", False)],
)
def test_excel_does_it_where_it_has_the_workbook_open_or_is_asked(
    desk, tmp_path, store, monkeypatch, asked, by_excel
):
    program, state = asked.split(", ")
    path = tmp_path / "so.xlsx"
    content = funded(path)
    excel = desk(content)
    if state == "open":
        opened(excel, path)
    monkeypatch.setattr(refreshing, "desktop_excel", lambda: ExcelDesktop(Native(excel)))
    (one,) = refreshing.refresh([path], store, manner=Manner(program=program))
    assert one.refusal is None
    assert (content[0].cells.get((1, 1)) == 1_000_000) == by_excel == ("save" in excel.names)
    assert (openpyxl.load_workbook(path)["S"]["B2"].value == 1_000_000) == (not by_excel)
    assert (tmp_path / "so.xlsx.bak").exists()


def test_an_excel_that_does_not_answer_is_passed_over_unless_it_was_asked_for(
    desk, tmp_path, store, monkeypatch
):
    path = tmp_path / "so.xlsx"
    desktop = ExcelDesktop(Native(desk(funded(path))))
    monkeypatch.setattr(refreshing, "desktop_excel", lambda: desktop)
    monkeypatch.setattr(xlwings.main.engines, "active", None)
    (one,) = refreshing.refresh([path], store, manner=Manner(program="excel"))
    assert one.refusal is not None
    assert "Excel reported" in one.refusal.en
    (one,) = refreshing.refresh([path], store)
    assert one.refusal is None


class OfficeBook:
    """A workbook in LibreOffice, driven by the same steps; nothing in it is read-only, unsaved or worked out."""

    name = "so.xlsx"
    is_read_only = has_changes = False
    tabs = ("Báo cáo", "Số liệu")

    def __init__(self, office, path, out):
        self.step, self.out = partial(office.step, path), out

    @contextmanager
    def hushed(self):
        self.step("hush", is_on=True)
        yield
        self.step("hush", is_on=False)

    def tables(self):
        for table in self.step("tables"):
            first, last = (xl_cell_to_rowcol(end) for end in table["area"].split(":"))
            headings = self.values(table["tab"], (first, (first[0], last[1])))[0]
            yield NativeTable(
                name=table["name"], part="", tab=table["tab"], sheet="", first=first, last=last,
                headings=tuple(headings), formulas={}, has_totals=False, is_external=False,
            )  # fmt: skip

    def first_filled(self, tab, area):
        rows = enumerate(self.values(tab, area))
        filled = (
            (row, column) for row, line in rows for column, value in enumerate(line) if value is not None
        )
        return next(((area[0][0] + row, area[0][1] + column) for row, column in filled), None)

    def resize(self, table, last):
        self.step("resize", name=table.name, area=named((table.first, (last, table.last[1]))))
        if last < table.last[0]:
            self.step("clear", tab=table.tab, area=named(((last + 1, table.first[1]), table.last)))

    def write(self, tab, corner, rows):
        end = (corner[0] + len(rows) - 1, corner[1] + len(rows[0]) - 1)
        self.step("write", tab=tab, area=named((corner, end)), rows=rows)

    def values(self, tab, area):
        rows = self.step("read", tab=tab, area=named(area))
        return [[None if value == "" else value for value in row] for row in rows]

    def refresh_pivots(self, _tables, *, scrub):
        return self.step("refresh_pivots")

    def calculate(self):
        self.step("calculate")

    def save(self):
        self.step("save", out=str(self.out))


def named(area):
    return ":".join(xl_rowcol_to_cell(*end) for end in area)


@contextmanager
def in_office(office, path, out):
    try:
        yield OfficeBook(office, path, out)
    finally:
        office.step(path, "leave")


@pytest.mark.parametrize("rows", [NEW, NEW.head(1)])
def test_the_same_steps_refresh_a_pivot_in_libreoffice(office, tmp_path, rows):
    source, target = tmp_path / "so.xlsx", tmp_path / "moi.xlsx"
    source.write_bytes(Own().table().bells_and_whistles().saved())
    renamed = rows.rename({"Mã số thuế": "Kỳ"})
    given = {"dl_thu": [Rows("dl_thu", renamed)]}
    fresh = refresh_closed(in_office(office, source, target), given, scrub=True)
    assert (fresh.pivots, fresh.changes[0].after) == (1, rows.height)
    pivot = office.pivots(target)["pv"]
    assert pivot["cells"][-1][1] == rows["Số tiền"].sum()
    sheet = openpyxl.load_workbook(target)["Số liệu"]
    kept = [[cell.value for cell in row] for row in sheet["B3:D9"]]
    assert kept[1 : 1 + rows.height] == [[value or None for value in row] for row in renamed.rows()]
    assert not any(any(row) for row in kept[1 + rows.height :])


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="Excel may be there")
def test_where_there_is_no_excel_that_is_said(tmp_path):
    with pytest.raises(ExcelMissing, match="Windows and macOS only"):
        desktop_excel()
    asked = CliRunner().invoke(cli, ["refresh", str(tmp_path / "so.xlsx"), "--with", "excel"])
    assert isinstance(asked.exception, ExcelMissing)
