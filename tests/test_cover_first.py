"""One wrong cell of the cover is told once, at that cell, and not again at every row that depends on it."""

import openpyxl
import pytest

from tests.messes.truth import write_truth
from tests.received import read
from xltrack.checking import cover_first
from xltrack.findings import Finding, catalogue, message, severity
from xltrack.pipeline import validate


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """A return without errors, for 2025, in million đồng."""
    return write_truth(tmp_path_factory.mktemp("gửi") / "a.xlsx")


def found_of(right, tmp_path, **cells):
    """Return what is found in that return after `cells` were typed on its cover."""
    book = openpyxl.load_workbook(right)
    for cell, typed in cells.items():
        book["BIA"][cell] = typed
    book.save(tmp_path / "a.xlsx")
    (file,) = validate([tmp_path / "a.xlsx"]).files
    return file.findings


def errors(findings):
    return [(one.code, one.cell) for one in findings if severity(one) == "error"]


WRONG: dict[str, tuple[dict[str, int | str], tuple[str, str], str]] = {
    "another year": ({"C12": 2024}, ("XLT125", "C12"), "XLT407"),
    "no such year": ({"C12": 20255}, ("XLT123", "C12"), "XLT506"),
    "another period": ({"C11": "6 tháng"}, ("XLT125", "C12"), "XLT122"),
    "another money unit": ({"C20": "đồng"}, ("XLT132", "C20"), "XLT310"),
    "a larger money unit": ({"C20": "tỷ đồng"}, ("XLT132", "C20"), "XLT327"),
    "so large a unit that amounts cannot be": ({"C20": "tỷ đồng"}, ("XLT132", "C20"), "XLT404"),
    "no money unit": ({"C20": "USD"}, ("XLT306", "C20"), "XLT310"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_of_the_cover_is_one_error_and_what_follows_is_counted_there(name, right, tmp_path):
    cells, error, held_back = WRONG[name]
    before = {(one.code, one.sheet, one.cell) for one in found_of(right, tmp_path)}
    found = found_of(right, tmp_path, **cells)
    assert errors(found) == [error]
    (waiting,) = (one for one in found if one.code == "XLT133")
    assert (waiting.sheet, waiting.cell) == ("BIA", error[1])
    assert held_back in message(waiting, "vi")
    told = {(one.code, one.sheet, one.cell) for one in found}
    assert told - before <= {(error[0], "BIA", error[1]), ("XLT133", "BIA", error[1])}


def test_the_cover_and_all_headings_are_named_where_their_money_units_differ(right, tmp_path):
    (found,) = (one for one in found_of(right, tmp_path, C20="đồng") if one.code == "XLT132")
    assert message(found, "vi").startswith(
        "Đơn vị tiền ở trang bìa là đồng; tiêu đề các cột tiền ở mọi trang ghi triệu đồng"
    )
    assert "KINH_PHI!H4" in message(found, "vi")


def test_one_heading_that_names_another_money_unit_is_told_at_its_own_place(right, tmp_path):
    book = openpyxl.load_workbook(right)
    heading = book["KINH_PHI"]["H4"]
    heading.value = heading.value.replace("triệu đồng", "đồng")
    book.save(tmp_path / "b.xlsx")
    (file,) = validate([tmp_path / "b.xlsx"]).files
    assert ("XLT128", "H4") in errors(file.findings)
    assert "XLT133" not in {one.code for one in file.findings}


def test_what_does_not_depend_on_the_cover_is_told_beside_its_error(right, tmp_path):
    """She mends both before she sends the file again."""
    book = openpyxl.load_workbook(right)
    book["BIA"]["C12"], book["DOANH_NGHIEP"]["B5"] = 2024, None
    book.save(tmp_path / "c.xlsx")
    (file,) = validate([tmp_path / "c.xlsx"]).files
    assert {("XLT125", "C12"), ("XLT401", "B5")} <= set(errors(file.findings))


@pytest.mark.parametrize("column", ["year", "period_kind", "currency_unit"])
def test_an_error_at_the_wrong_cell_itself_is_never_held_back(right, column):
    workbook = read(right)
    for code, declared in catalogue().items():
        if declared.severity == "error":
            facts = {"heading": "đồng", "cover": "triệu đồng"}
            own = Finding(code, "BIA", 12, "C12", column, None, facts)
            elsewhere = Finding("XLT310", "KINH_PHI", 7, "H7", "amount")
            assert own in cover_first((own, elsewhere), workbook), code
