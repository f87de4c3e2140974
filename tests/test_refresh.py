"""A workbook of somebody's own gets current rows: its pivots show them, and all else in it stays byte for byte."""

import io
import re
import sys
import zipfile
from itertools import pairwise

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner
from openxml_audit import OpenXmlValidator
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol

from tests.own_workbook import CACHE, HEADINGS, OLD, Own
from tests.rollup_stores import store_of
from xltrack.cli.main import cli
from xltrack.errors import UnknownName, WorkbookRefused
from xltrack.excel.opc import Package
from xltrack.excel.pivot import Table
from xltrack.excel.refresh import Refused, with_current_rows
from xltrack.pipeline import refresh

pytestmark = pytest.mark.filterwarnings(
    "ignore:Sparkline Group extension"
)  # openpyxl says what it would drop
FIXED = (
    "Tổng quan", "Theo đơn vị", "Theo công cụ", "Quy mô - ngành", "Kinh phí", "Chỉ tiêu", "Kế hoạch 36", "Vướng mắc",
    "Độ phủ", "Chất lượng", "Đối chiếu", "Ghi chú",
)  # fmt: skip
NEW = pl.DataFrame(
    [
        ("Hà Nội", "2024", 10),
        ("Huế", "2025", 20),
        ("=1+1", "2025", 30),
        ("Cà Mau", "2025", 40),
        (None, "2025", 2),
    ],
    HEADINGS,
    orient="row",
)


@pytest.fixture(scope="module")
def own():
    return Own().table().bells_and_whistles().saved()


def fresh(content, rows=NEW):
    return with_current_rows(content, {"dl_thu": [Table("dl_thu", rows)]}).content


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def faults(content, path):
    path.write_bytes(content)
    return [str(one) for one in OpenXmlValidator().validate(path).errors]


def shown(content, area="B3:F20"):
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Số liệu"]
    rows = [[cell.value for cell in row] for row in sheet[area]]
    return [row for row in rows if any(row)]


def test_only_what_must_change_changes(own, tmp_path):
    before, after = parts(own), parts(fresh(own))
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {
        "xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/sharedStrings.xml",
        "xl/pivotCache/pivotCacheDefinition1.xml",
    }  # fmt: skip
    assert faults(own, tmp_path / "own.xlsx") == faults(fresh(own), tmp_path / "fresh.xlsx") == []


def test_the_table_holds_the_new_rows_as_text_and_numbers_and_what_is_beside_it_stays(own):
    book = openpyxl.load_workbook(io.BytesIO(fresh(own)))
    sheet = book["Số liệu"]
    assert sheet.tables["dl_thu"].ref == "B3:D8"
    assert shown(fresh(own)) == [
        [*HEADINGS, None, None], ["Hà Nội", "2024", 10, None, "bên cạnh"], ["Huế", "2025", 20, None, None],
        ["=1+1", "2025", 30, None, None], ["Cà Mau", "2025", 40, None, None], [None, "2025", 2, None, None],
    ]  # fmt: skip
    assert sheet["B6"].data_type != "f"
    assert {sheet[f"D{row}"].number_format for row in range(4, 9)} == {"#,##0"}
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["D4:D8"]
    assert book.defined_names["vung"].attr_text == "'Số liệu'!$D$4:$D$8"


def test_a_cell_with_nothing_stays_so_among_cells_that_all_say_the_same(own):
    columns = (pl.Series(["Huế", None, "Huế"], dtype=pl.Enum(["Hà Nội", "Huế"])), ["2025"] * 3, [None, 7, 7])
    assert shown(fresh(own, pl.DataFrame(dict(zip(HEADINGS, columns, strict=True))))) == [
        [*HEADINGS, None, None], ["Huế", "2025", None, None, "bên cạnh"], [None, "2025", 7, None, None],
        ["Huế", "2025", 7, None, None],
    ]  # fmt: skip


def test_fewer_rows_leave_nothing_of_the_old_ones_behind(own):
    less = fresh(own, NEW.head(1))
    assert shown(less) == [[*HEADINGS, None, None], ["Hà Nội", "2024", 10, None, "bên cạnh"]]
    everything = b"".join(parts(less).values()).decode("utf-8", "replace")
    sheets = "".join(text.decode() for name, text in parts(less).items() if "pivot" not in name)
    assert "Mật" not in sheets
    assert "pivotCacheRecords" not in everything
    assert shown(fresh(own, NEW.head(0))) == [[*HEADINGS, None, None], [None, None, None, None, "bên cạnh"]]


def test_refreshing_again_and_again_changes_nothing_more(own):
    once = fresh(own)
    assert parts(fresh(once)) == parts(once)


def test_libreoffice_shows_the_new_totals(own, office, tmp_path):
    (tmp_path / "fresh.xlsx").write_bytes(fresh(own))
    pivot = office.pivots(tmp_path / "fresh.xlsx")["pv"]
    assert [row[1] for row in pivot["cells"][1:]] == [10.0, 92.0, 102.0]
    assert office.cells(tmp_path / "fresh.xlsx", {"Báo cáo": ["A22"]})["Báo cáo"]["A22"]["value"] == 102.0


def test_a_pivot_that_libreoffice_cut_from_the_table_is_joined_to_it_again(own):
    package = Package(own)
    cut = package.read(CACHE).replace(
        b'<worksheetSource name="dl_thu"/>', '<worksheetSource ref="B3:D6" sheet="Số liệu"/>'.encode()
    )
    package.write(CACHE, cut)
    assert b'<worksheetSource name="dl_thu"/>' in parts(fresh(package.to_bytes()))[CACHE]


def test_a_pivot_of_ours_that_nobody_saved_since_shows_the_new_figures_at_once(tmp_path):
    untouched = fresh(Own().table().saved(author="xltrack"))
    assert faults(untouched, tmp_path / "ours.xlsx") == []
    sheet = openpyxl.load_workbook(tmp_path / "ours.xlsx")["Báo cáo"]
    rows = [[cell.value for cell in row] for row in sheet["A4:B8"]]
    assert rows == [["Kỳ", "Cộng"], ["2024", 10], ["2025", 92], ["Tổng cộng", 102], [None, None]]
    annotated = Own().table()
    annotated.report.write("A30", "của tôi")
    kept = openpyxl.load_workbook(io.BytesIO(fresh(annotated.saved(author="xltrack"))))["Báo cáo"]
    assert (kept["A30"].value, kept["B5"].value) == ("của tôi", 13)


def test_a_row_of_totals_moves_down_and_a_calculated_column_is_kept(tmp_path):
    rows = OLD.with_columns(pl.lit(0).alias("Gấp đôi"))
    content = (
        Own()
        .table(
            rows,
            total_row=True,
            headings=[
                {"total_string": "Cộng"},
                {},
                {"total_function": "sum"},
                {"formula": "=dl_thu[[#This Row],[Số tiền]]*2"},
            ],
        )
        .saved()
    )
    written = fresh(content)
    assert faults(written, tmp_path / "totals.xlsx") == []
    sheet = openpyxl.load_workbook(io.BytesIO(written))["Số liệu"]
    assert sheet.tables["dl_thu"].ref == "B3:E9"
    assert [sheet["B9"].value, sheet["D9"].value] == ["Cộng", "=SUBTOTAL(109,[Số tiền])"]
    assert {sheet[f"E{row}"].value for row in range(4, 9)} == {"=dl_thu[[#This Row],[Số tiền]]*2"}


def test_rows_under_another_prefix_are_understood(own):
    package = Package(own)
    sheet = package.read("xl/worksheets/sheet2.xml").decode()
    prefixed = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", sheet).replace("xmlns=", "xmlns:x=", 1)
    package.write("xl/worksheets/sheet2.xml", prefixed.encode())
    assert shown(fresh(package.to_bytes())) == shown(fresh(own))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda own: own.data.write("C7", "dưới bảng"), "would grow over Số liệu!C7"),
        (lambda own: own.data.write_comment("C5", "ở trong"), "comment at Số liệu!C5"),
        (lambda own: own.data.write_url("C5", "https://example.vn", string="2024"), "links at Số liệu!C5"),
    ],
)
def test_what_cannot_be_done_safely_is_refused_with_the_place(spoil, reason):
    made = Own().table()
    spoil(made)
    with pytest.raises(Refused, match=reason):
        fresh(made.saved())


def test_other_columns_a_signature_and_no_workbook_are_refused(own):
    with pytest.raises(Refused, match=r"columns that the store lacks: Kỳ; .* lost the formula of the column"):
        fresh(own, NEW.drop("Kỳ"))
    signed = Package(own)
    signed.add("_xmlsignatures/sig{}.xml", b"<a/>", "application/xml")
    with pytest.raises(Refused, match="signed"):
        fresh(signed.to_bytes())
    with pytest.raises(Refused, match="password"):
        fresh(b"\xd0\xcf\x11\xe0 something")
    with pytest.raises(Refused, match="none of the tables dl_khac"):
        with_current_rows(own, {"dl_khac": [Table("dl_khac", NEW)]})


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    place = tmp_path_factory.mktemp("stores")
    rows = "unit | year | of | amount\nT63-24 | 2024 | 2024 | 1000000"
    first = "unit | year | received\nT63-24 | 2024 | 2025-11-28T02:00:00"
    one = store_of(place / "one.duckdb", first, funding=rows)
    more = f"{rows}\nT63-27 | 2024 | 2024 | 2000000"
    return one, store_of(place / "two.duckdb", f"{first}\nT63-27 | 2024 | 2025-12-02T02:00:00", funding=more)


def pivots_of(path):
    book = openpyxl.load_workbook(path)
    sheets = [sheet for sheet in book if sheet.title.startswith("Pivot")]
    return {
        sheet.title: [[(cell.value, cell.number_format) for cell in row] for row in sheet] for sheet in sheets
    }


def misplaced(path):
    """Return the cells that stand in a sheet twice or out of their order, for which Excel repairs a file."""
    found = []
    for name, content in parts(path.read_bytes()).items():
        if name.startswith("xl/worksheets/sheet"):
            places = [xl_cell_to_rowcol(cell) for cell in re.findall(r'<c r="([A-Z]+\d+)"', content.decode())]
            found += [(name, after) for before, after in pairwise(places) if before >= after]
    return found


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def ages(path):
    """Return for each page of fixed figures what it says of refreshed tables, where it says something."""
    book = openpyxl.load_workbook(path)
    lines = [
        (sheet.title, str(cell.value).partition(" — trang này")) for sheet in book for cell in sheet["A"]
    ]
    return {title: told for title, (_, told, _) in lines if told}


def dated(path):
    """Return the lines of a workbook that say to which day its figures go."""
    book = openpyxl.load_workbook(path)
    lines = [str(cell.value) for tab in ("Tổng quan", "Ghi chú") for cell in book[tab]["A"]]
    return [line for line in lines if line.startswith(("Số liệu đến", "Tệp nhận đến"))]


def test_pages_of_fixed_figures_say_to_which_day_tables_go_only_where_they_have_other_figures(
    stores, tmp_path
):
    path = tmp_path / "so.xlsx"
    run("rollup", "--store", stores[0], "-o", path)
    as_made = dated(path)
    assert len(as_made) == 2
    assert run("refresh", path, "--store", stores[0]).exit_code == 0
    assert dated(path) == as_made, "nothing was merged"
    for _ in range(2):
        assert run("refresh", path, "--store", stores[1]).exit_code == 0
        told = " — trang này giữ số khi lập sổ; các bảng dl_… và PivotTable đã làm mới, số liệu đến 02/12/2025 09:00"
        assert dated(path) == [line + told for line in as_made]
        assert set(FIXED) <= set(ages(path))
    openpyxl.load_workbook(path).save(path)
    assert run("refresh", path, "--store", stores[0]).exit_code == 0
    assert (dated(path), ages(path)) == (as_made, {}), "tables and pages have the same figures again"


def test_an_english_workbook_says_it_in_english_and_a_workbook_of_ones_own_says_nothing(stores, tmp_path):
    path, own = tmp_path / "en.xlsx", tmp_path / "own.xlsx"
    run("rollup", "--store", stores[0], "-o", path, "--lang", "en")
    with Workbook(own) as book:
        book.add_worksheet("Kinh phí").write("A1", "Của tôi")
        headings = [{"header": name} for name in ("Kỳ", "Số tiền (đồng)")]
        book.add_worksheet("Khác").add_table("A1:B2", {"name": "dl_kinh_phi", "columns": headings})
    assert run("refresh", path, own, "--store", stores[1]).exit_code == 0
    lines = [str(cell.value) for cell in openpyxl.load_workbook(path)["Overview"]["A"]]
    (line,) = (line for line in lines if line.startswith("Data up to"))
    assert line.endswith("PivotTables were refreshed, data up to 02/12/2025 09:00")
    assert openpyxl.load_workbook(own)["Kinh phí"]["A1"].value == "Của tôi"


def test_the_command_refreshes_keeps_the_former_file_and_fills_templates(stores, tmp_path):
    path = tmp_path / "Toàn quốc.xlsx"
    assert run("rollup", "--store", stores[0], "-o", path).exit_code == 0
    former = path.read_bytes()
    done = run("refresh", path, "--store", stores[1])
    assert (done.exit_code, "dl_kinh_phi: 1 → 2" in done.output) == (0, True)
    assert (tmp_path / "Toàn quốc.xlsx.bak").read_bytes() == former
    anew = tmp_path / "anew.xlsx"
    assert run("rollup", "--store", stores[1], "-o", anew).exit_code == 0
    assert pivots_of(path) == pivots_of(anew), "previews show the new figures"
    own = tmp_path / "Toàn quốc.xlsx.bak"
    own.write_bytes(b"hers")
    assert run("refresh", path, "--store", stores[0]).exit_code == 0
    assert own.read_bytes() == b"hers", "what only xltrack wrote takes no place of hers"
    assert run("refresh", path, "--store", stores[1]).exit_code == 0
    assert misplaced(path) == []
    assert "Tổng quan" in done.output, "the sheets of fixed figures are said to be as they were"
    assert ages(anew) == {}
    gone = run("refresh", tmp_path / "khác.xlsx", "--store", stores[1], "--lang", "en")
    assert (gone.exit_code, "khác.xlsx: there is no such file" in gone.output) == (2, True)


def test_what_openpyxl_saved_is_refreshed_though_it_keeps_no_texts_of_pivots(stores, tmp_path):
    path = tmp_path / "Toàn quốc.xlsx"
    assert run("rollup", "--store", stores[0], "-o", path).exit_code == 0
    openpyxl.load_workbook(path).save(path)
    done = run("refresh", path, "--store", stores[1])
    assert (done.exit_code, "dl_kinh_phi: 1 → 2" in done.output) == (0, True)


def test_a_template_of_ones_own_becomes_the_national_workbook(stores, tmp_path):
    template, filled = tmp_path / "mẫu.xlsx", tmp_path / "theo mẫu.xlsx"
    with Workbook(template) as book:
        headings = [{"header": name} for name in ("Kỳ", "Số tiền (đồng)", "Dòng")]
        sheet = book.add_worksheet("Của tôi")
        sheet.add_table("A1:C2", {"name": "dl_kinh_phi", "columns": headings})
        sheet.add_table("F1:G2", {"name": "dl_kinh_phi2"})
    done = run("rollup", "--store", stores[1], "--template", template, "-o", filled, "--lang", "en")
    assert (done.exit_code, "dl_kinh_phi2" in done.output) == (0, True), "what cannot be promised is told"
    sheet = openpyxl.load_workbook(filled)["Của tôi"]
    assert [[cell.value for cell in row] for row in sheet["A1:B3"]] == [
        ["Kỳ", "Số tiền (đồng)"], ["2024", 1_000_000], ["2024", 2_000_000],
    ]  # fmt: skip
    other = run("rollup", "--store", stores[1], "--template", template, "-o", tmp_path / "theo mẫu.csv")
    assert isinstance(other.exception, UnknownName)
    run("rollup", "--store", stores[0], "-o", template)
    fixed = run("rollup", "--store", stores[1], "--template", template, "-o", filled)
    assert isinstance(fixed.exception, WorkbookRefused)
    assert "sheets of fixed figures" in str(fixed.exception)


def test_a_workbook_that_is_open_is_left_and_the_others_go_on(stores, tmp_path):
    for name in ("mo.xlsx", "dong.xlsx"):
        run("rollup", "--store", stores[0], "-o", tmp_path / name)
    (tmp_path / "~$mo.xlsx").write_bytes(b"")
    done = run("refresh", tmp_path / "mo.xlsx", tmp_path / "dong.xlsx", "--store", stores[1])
    assert done.exit_code == 2
    assert "~$mo.xlsx" in done.output
    assert (tmp_path / "dong.xlsx.bak").exists()
    assert not (tmp_path / "mo.xlsx.bak").exists()


@pytest.fixture
def small(tmp_path):
    """Return a workbook of one's own with one table of ours."""
    path = tmp_path / "so.xlsx"
    with Workbook(path) as book:
        headings = [{"header": name} for name in ("Kỳ", "Số tiền (đồng)")]
        book.add_worksheet("Của tôi").add_table("A1:B2", {"name": "dl_kinh_phi", "columns": headings})
    return path


def amounts(path):
    return [row[1].value for row in openpyxl.load_workbook(path)["Của tôi"]["A2:B3"]]


def test_a_file_that_another_program_holds_is_named_and_the_others_go_on(
    stores, small, tmp_path, monkeypatch
):
    held = small.with_name("giu.xlsx")
    held.write_bytes(small.read_bytes())
    former, replace = held.read_bytes(), type(held).replace

    def refused(path, target):
        if target == held:
            raise PermissionError(13, "The process cannot access the file")
        return replace(path, target)

    monkeypatch.setattr(type(held), "replace", refused)
    one, other = refresh([held, small], stores[1])
    assert one.refusal is not None
    assert "giu.xlsx cannot be written (no right to write, or the file is open)" in one.refusal.en
    assert (held.read_bytes(), other.refusal, amounts(small)) == (former, None, [1_000_000, 2_000_000])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "giu.xlsx", "giu.xlsx.bak", "so.xlsx", "so.xlsx.bak",
    ]  # fmt: skip


def test_refreshing_twice_keeps_the_former_file(stores, small):
    former = small.read_bytes()
    (one,) = refresh([small, str(small)], stores[1])
    (again,) = refresh([small], stores[1])
    assert (one.backup, again.backup) == (small.with_name("so.xlsx.bak"), None)
    assert small.with_name("so.xlsx.bak").read_bytes() == former
    assert (
        "holds the current figures already"
        in run("refresh", small, "--store", stores[1], "--lang", "en").output
    )


def test_a_read_only_file_is_refused(stores, small):
    small.chmod(0o444)
    (one,) = refresh([small], stores[1])
    assert one.refusal is not None
    assert "read-only" in one.refusal.en
    assert list(small.parent.iterdir()) == [small]


@pytest.mark.skipif(sys.platform == "win32", reason="links and rights are those of POSIX")
def test_a_link_stays_a_link_and_rights_stay_as_they_were(stores, small, tmp_path):
    small.chmod(0o640)
    link = tmp_path / "lien-ket" / "so.xlsx"
    link.parent.mkdir()
    link.symlink_to(small)
    (one,) = refresh([link], stores[1])
    assert (one.path, one.refusal) == (small, None)
    assert (link.is_symlink(), amounts(small)) == (True, [1_000_000, 2_000_000])
    assert {path.stat().st_mode & 0o777 for path in (small, tmp_path / "so.xlsx.bak")} == {0o640}
