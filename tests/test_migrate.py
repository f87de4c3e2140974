"""A received workbook moved into a fresh one: nothing is lost, nothing repaired, and what is wrong is still told."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xltrack
from tests.command_line import xltrack as run
from tests.messes.cases import base, cases, messed
from tests.messes.compare import Expected
from tests.messes.files import FILES
from tests.messes.writers import WRITERS, CannotWrite
from tests.mistakes import write_mistakes
from tests.received import cover, only, typed, write
from tests.sheets import Styled, rows_of
from tests.test_reading import SCHEMAS
from xltrack.errors import OutputError, UnknownName
from xltrack.excel.relocate import Fresh, Move, write_relocated
from xltrack.findings import Finding
from xltrack.intake import inspect_file, receive
from xltrack.pipeline import Migration
from xltrack.pipeline.examining import read
from xltrack.reading.moves import Moves, find_moves, is_of_structure
from xltrack.reading.reasons import LEFT_BEHIND, REASONS_TO_STAY
from xltrack.report.migration import FIELDS, moves_text

pytestmark = pytest.mark.slow

FORM = SCHEMAS.form()
Place = tuple[str | None, str | None]


def moved_by_hand(path: Path, target: Path) -> tuple[Moves, tuple[Move, ...]]:
    """Do what `migrate` does, in this process: a worker takes a second to start."""
    moves = find_moves(inspect_file(path), SCHEMAS)
    seen = moves.workbook.cover
    fresh = Fresh(
        FORM, seen.unit if seen else None, seen.round if seen else None, moves.workbook.currency or "dong"
    )
    return moves, write_relocated(target, fresh, moves.moved, SCHEMAS)


def told(
    findings: Iterable[Finding], places: Mapping[Place, Place], gone: frozenset[Place] = frozenset()
) -> Counter:
    """Return what is said of values, at the places where they stand in the new workbook."""
    rows = {(tab, _row(cell)): (to, _row(at)) for (tab, cell), (to, at) in places.items()}
    tabs = {tab: to for (tab, _), (to, _) in places.items()}
    found: Counter = Counter()
    for one in findings:
        if is_of_structure(one) or (one.sheet, one.cell) in gone:
            continue
        _, row = rows.get((one.sheet, one.row or 0), (one.sheet, one.row))
        found[one.code, tabs.get(one.sheet, one.sheet), row, one.column, one.value] += 1
    return found


def _row(cell: str | None) -> int:
    return int((cell or "0").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def check(path: Path, target: Path) -> Counter:
    """Assert that no cell of the workbook at `path` is lost on its way to `target`, and that all is told as before.

    Return what is told only of the new workbook.
    """
    moves, arrived = moved_by_hand(path, target)
    before, after = (read(receive(one), SCHEMAS) for one in (path, target))
    cells = {(one.tab, one.cell) for one in moves.moved} | {(one.tab, one.cell) for one in moves.stayed}
    assert len(cells) == len(moves.moved) + len(moves.stayed) == before.result.ledger.cells
    places: dict[Place, Place] = {(one.moved.tab, one.moved.cell): (one.tab, one.cell) for one in arrived}
    assert len(set(places.values())) == len(places)
    gone = frozenset((one.tab, one.cell) for one in moves.stayed)
    old, new = told(before.result.findings, places, gone), told(after.result.findings, {})
    assert old - new == Counter()
    assert not any(is_of_structure(finding) for finding in after.result.findings)
    return new - old


@pytest.mark.parametrize(
    "name",
    [
        "workbook/column-inserted", "workbook/ids-deleted",
        "workbook/other-version", "row/sections", "cell/percent", "cell/dates-from-1904",
        "cell/legacy-font", "cell/error", "cell/digits-rounded", "cell/date-as-number", "cell/looks-like-a-formula",
    ],
)  # fmt: skip
def test_what_was_done_to_a_workbook_is_undone_and_its_values_stay(name, tmp_path):
    (case,) = (case for case in cases() if case.name == name)
    book = messed(Expected(*base(case.base)), case).book
    try:
        path = WRITERS["xml" if "digits" in name else "openpyxl"](book, tmp_path / "a.xlsx")
    except CannotWrite:
        path = WRITERS["xml"](book, tmp_path / "a.xlsx")
    assert check(path, tmp_path / "b.xlsx") == Counter()


def damage(path: Path, target: Path) -> Path:
    """Do to a filled workbook what happens to it within two years in an office; save it with another program."""
    book: Any = openpyxl.load_workbook(path)
    book["DOANH_NGHIEP"].title = "Doanh nghiệp 2025"
    book["AP_DUNG"].insert_cols(3)
    book["AP_DUNG"]["C4"], book["AP_DUNG"]["C5"] = "Ghi chú của phòng", "=xem lại"
    book["DAO_TAO"]["C4"] = "Tên lớp học"
    book["KINH_PHI"].insert_rows(1, 2)
    book["KINH_PHI"]["A1"] = "PHỤ LỤC KINH PHÍ"
    tasks = book["NHIEM_VU"]
    below = max(cell.row for cell in tasks["A"] if cell.value) + 3
    tasks[f"D{below}"], tasks[f"D{below + 1}"] = "NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"
    tasks.delete_rows(3)
    book["SAN_PHAM"]["B5"].comment = openpyxl.comments.Comment("xem công văn", "Phòng QL")
    book["BIA"]["C8"] = "0.9"
    for row in book["_xltrack"].iter_rows():
        if row[0].value == "xltrack_version":
            row[1].value = "0.9"
    for one in book.custom_doc_props.props:
        if one.name == "xltrack_version":
            one.value = "0.9"
    book.save(target)
    return target


@pytest.fixture(scope="module")
def damaged(tmp_path_factory) -> tuple[Path, Path]:
    """A workbook full of mistakes as it should be, and the same damaged."""
    folder = tmp_path_factory.mktemp("cu")
    whole = write_mistakes(folder / "Báo cáo 2025 đủ.xlsx", SCHEMAS)
    return whole, damage(whole, folder / "Báo cáo 2025.xlsx")


@pytest.fixture(scope="module")
def migrated(damaged) -> Migration:
    _, path = damaged
    before = path.read_bytes()
    done = xltrack.migrate(path)
    assert path.read_bytes() == before
    return done


def test_an_old_and_damaged_workbook_has_all_its_mistakes_and_no_other_in_the_fresh_one(damaged, migrated):
    whole, path = damaged
    assert [one.code for one in xltrack.validate([path]).files[0].findings if one.code == "XLT107"] == [
        "XLT107"
    ]
    assert migrated.workbook == path.with_name("Báo cáo 2025_bieu-mau-moi.xlsx")
    first, second = (xltrack.validate([one]).files[0] for one in (whole, migrated.workbook))
    assert len(first.findings) > 60
    assert told(second.findings, {}) == told(first.findings, {})
    assert not any(is_of_structure(finding) for finding in second.findings)
    assert (second.form, second.unit, second.round) == (first.form, first.unit, first.round)


def test_every_cell_is_listed_with_where_it_went_or_why_it_did_not(migrated):
    rows = list(csv.DictReader(io.StringIO(migrated.listing.read_bytes().decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == FIELDS
    assert len(rows) == migrated.file.ledger.cells
    by_place = {(row["from_sheet"], row["from_cell"]): row for row in rows}
    tax_code = by_place["Doanh nghiệp 2025", "A5"]
    assert (tax_code["to_sheet"], tax_code["to_cell"], tax_code["column"]) == (
        "DOANH_NGHIEP",
        "A5",
        "tax_code",
    )
    assert by_place["KINH_PHI", "H7"]["to_cell"] == "H5"
    assert by_place["AP_DUNG", "D5"]["to_cell"] == "C5"
    own = by_place["AP_DUNG", "C5"]
    assert (own["value"], own["stays_because"], own["to_cell"]) == ("'=xem lại", "unknown_column", "")
    assert by_place["BIA", "C8"]["stays_because"] == "replaced"
    signed = next(row for row in rows if row["value"] == "(Ký, ghi rõ họ tên)")
    assert (signed["from_sheet"], signed["stays_because"]) == ("NHIEM_VU", "footer")
    assert all(bool(row["to_cell"]) != bool(row["stays_because"]) for row in rows)


def test_what_is_lost_with_the_old_workbook_is_said_in_words(migrated):
    said = moves_text(migrated.file, SCHEMAS, migrated.moves, migrated.stayed, "vi")
    assert "Doanh nghiệp 2025 → DOANH_NGHIEP" in said
    assert "AP_DUNG" in said.partition("Không chuyển được")[2]
    assert "=xem lại" in said
    assert "XLT107" in said
    assert "“xem công văn”" in said
    assert "XLT501" not in said
    assert not migrated.in_order


@pytest.mark.parametrize("kind", ["strict", "template_format"])
def test_other_kinds_of_the_same_file_are_moved_alike(kind, damaged, tmp_path):
    whole, _ = damaged
    path = tmp_path / ("a.xltx" if kind == "template_format" else "a.xlsx")
    path.write_bytes(FILES[kind](whole.read_bytes()))
    assert check(path, tmp_path / "b.xlsx") == Counter()


MORNING = datetime.fromisoformat("2025-05-06T08:30:00")
HEADINGS = "Mã số thuế | Tên doanh nghiệp | Tỉnh, thành phố |"
COMPANY = "'0100109106 | Công ty A | Bắc Ninh |"
UNDECIDED = {
    "a unit of money other than the cover's": (f"{HEADINGS} Doanh thu (nghìn đồng)\n{COMPANY} 7", {"D3"}),
    "the same column twice": (f"{HEADINGS} Tên doanh nghiệp\n{COMPANY} Công ty B", {"B3", "D3"}),
    "a formula without a result": (f"{HEADINGS} Doanh thu\n{COMPANY} =1+1", {"D3"}),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_only_its_sender_can_decide_stays_and_is_named(name, tmp_path):
    table, places = UNDECIDED[name]
    moves = find_moves(inspect_file(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", table))), SCHEMAS)
    left = {one.cell for one in moves.stayed if one.tab == "DOANH_NGHIEP" and one.reason in LEFT_BEHIND}
    assert left == places


@pytest.mark.parametrize(
    ("title", "amount"),
    [("ĐVT: nghìn đồng", 7), ("BÁO CÁO", Styled(7, '0" tỷ"')), ("BÁO CÁO", Styled(7, "0,"))],
)
def test_an_amount_beside_which_another_unit_stands_stays(title, amount, tmp_path):
    rows = rows_of(f"{HEADINGS} Doanh thu\n{COMPANY}")
    rows[1].append(amount)
    path = write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=[[title], *rows]))
    assert {
        one.cell for one in find_moves(inspect_file(path), SCHEMAS).stayed if one.reason == "undecided"
    } == {"D3"}


def test_a_day_with_an_hour_is_as_narrow_as_its_column_and_notes_above_a_table_are_no_headings(tmp_path):
    rows = rows_of("Mã lớp | Tên lớp | Ngày bắt đầu\nL1 | Kaizen")
    rows[1].append(MORNING)
    path = write(tmp_path / "a.xlsx", only(DAO_TAO=[["Ghi chú: đã kiểm tra"], *rows]))
    moves, arrived = moved_by_hand(path, tmp_path / "b.xlsx")
    (place,) = [one for one in arrived if one.moved.column == "start_date"]
    cell = openpyxl.load_workbook(tmp_path / "b.xlsx")[place.tab][place.cell]
    assert (cell.value, cell.alignment.shrink_to_fit) == (MORNING, True)
    (note,) = [one for one in moves.stayed if one.text.startswith("Ghi chú")]
    assert REASONS_TO_STAY[note.reason].en == "titles and notes above the table"


def test_amounts_without_a_unit_of_money_stay(tmp_path):
    table = rows_of("Mã số thuế | Tên doanh nghiệp | Doanh thu\n'0100109106 | Công ty A | 7")
    path = write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=table, BIA=cover(currency_unit=None)))
    assert {
        one.cell for one in find_moves(inspect_file(path), SCHEMAS).stayed if one.reason == "undecided"
    } == {"C2"}


def test_a_file_that_cannot_be_read_is_told_and_nothing_is_written(tmp_path):
    (tmp_path / "ghi-chu.xlsx").write_text("xin chào", encoding="utf-8")
    done = run("migrate", "ghi-chu.xlsx", folder=tmp_path)
    assert (done.returncode, "XLT101" in done.stdout) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["ghi-chu.xlsx"]


def test_the_command_says_where_the_new_workbook_is_and_overwrites_none(damaged, tmp_path):
    whole, _ = damaged
    (tmp_path / "a.xlsx").write_bytes(whole.read_bytes())
    (tmp_path / "a_bieu-mau-moi.xlsx").write_bytes(b"kept")
    done = run("migrate", "a.xlsx", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == ["a_bieu-mau-moi (2).xlsx", "a_bieu-mau-moi (2).csv"]
    assert (tmp_path / "a_bieu-mau-moi.xlsx").read_bytes() == b"kept"


@pytest.mark.parametrize("taken", ["moi.xlsx", "moi.csv"])
def test_no_file_is_written_over_where_the_new_workbook_is_to_go(taken, damaged, tmp_path):
    (tmp_path / taken).write_bytes(b"kept")
    with pytest.raises(OutputError) as failure:
        xltrack.migrate(damaged[0], tmp_path / "moi.xlsx")
    assert taken in failure.value.message("vi")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {taken: b"kept"}


def test_formulas_whose_results_are_moved_are_listed_and_told(tmp_path):
    table = f"{HEADINGS} Doanh thu\n{COMPANY} {{=3+4 -> 7}}\n'0100233488 | Công ty B | Bắc Ninh | 5"
    path = write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", table))
    done = xltrack.migrate(path)
    assert done.listing
    assert done.workbook
    assert {move.moved.cell: move.moved.formula for move in done.moves if move.moved.formula} == {
        "D3": "=3+4"
    }
    rows = list(csv.DictReader(io.StringIO(done.listing.read_bytes().decode("utf-8-sig"), newline="")))
    assert [(row["from_cell"], row["value"], row["formula"]) for row in rows if row["formula"]] == [
        ("D3", "7", "'=3+4")
    ]
    said = moves_text(done.file, SCHEMAS, done.moves, done.stayed, "vi")
    assert "Công thức, chỉ chuyển kết quả\n    DOANH_NGHIEP\n      D3     =3+4" in said
    book = openpyxl.load_workbook(done.workbook)
    assert book["DOANH_NGHIEP"][next(m.cell for m in done.moves if m.moved.formula)].value == 7


@pytest.mark.parametrize(
    ("source", "output", "failure"),
    [
        ("a.xlsx", "a.xlsx", OutputError),
        ("a.xlsx", "b.csv", OutputError),
        ("khong-co.xlsx", None, UnknownName),
    ],
)
def test_the_received_file_is_never_written_over(source, output, failure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.xlsx").write_bytes(b"a")
    with pytest.raises(failure):
        xltrack.migrate(source, output)
    assert Path("a.xlsx").read_bytes() == b"a"
