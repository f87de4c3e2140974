"""However a file tells which cache a pivot shows, `refresh` puts the right figures there, or leaves it and says so."""

import io
from functools import partial

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from tests.own_workbook import HEADINGS, OLD, Own
from tests.rollup_stores import store_of
from xltrack.cli.main import cli
from xltrack.excel.opc import MAIN, OFFICE, Package
from xltrack.excel.pivot import Measure, Pivot, Place, Table, add_pivots
from xltrack.excel.refresh import with_current_rows
from xltrack.excel.workbook_xml import WorkbookXml, shared_texts, text_of

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # it says what it would drop
PIVOTS = (
    "pv_chi_tieu", "pv_cong_cu", "pv_do_phu", "pv_don_vi_34", "pv_don_vi_63", "pv_kinh_phi", "pv_nguon_von",
    "pv_vuong_mac",
)  # fmt: skip
RETURNS = "unit | year | received\nT63-24 | 2024 | 2025-11-28T02:00:00"
FUNDING = "unit | year | of | figure_kind | amount\nT63-24 | 2024 | 2024 | disbursed | 1000000"
TOOLS = "unit | year | tax_code | tool_code\nT63-24 | 2024 | A | 5S\nT63-24 | 2024 | B | LEAN"
TARGETS = "unit | year | period | target_value | actual_value\nT63-24 | 2024 | 2024 | 40 | 41"
OBSTACLES = "unit | year | obstacle\nT63-24 | 2024 | Thiếu vốn\nT63-24 | 2024 | Thiếu người"


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Return two stores: in the second one more unit has reported for the same year."""
    place = tmp_path_factory.mktemp("stores")
    one = {"funding": FUNDING, "applications": TOOLS, "targets": TARGETS, "obstacles": OBSTACLES}
    more = {
        "funding": "T63-27 | 2024 | 2024 | disbursed | 2000000",
        "applications": "T63-27 | 2024 | C | 5S",
        "targets": "T63-27 | 2024 | 2024 | 7 | 5",
        "obstacles": "T63-27 | 2024 | Thiếu vốn",
    }
    two = {name: f"{rows}\n{more[name]}" for name, rows in one.items()}
    later = f"{RETURNS}\nT63-27 | 2024 | 2025-12-02T02:00:00"
    return store_of(place / "one.duckdb", RETURNS, **one), store_of(place / "two.duckdb", later, **two)


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def national(store, path):
    assert run("rollup", "--store", store, "-o", path).exit_code == 0
    return path


@pytest.fixture(scope="module")
def made(stores, tmp_path_factory):
    """Return the national workbook of the first store, and that of the second."""
    place = tmp_path_factory.mktemp("made")
    return [national(store, place / f"{number}.xlsx") for number, store in enumerate(stores)]


@pytest.fixture(scope="module")
def wanted(made, office):
    """Return what the pivots of the second workbook show, as written and in LibreOffice."""
    return shown(made[1]), sums(office, made[1])


def pivots_of(package):
    """Return the part and the root of each pivot by its name."""
    parts = [name for name in package.names() if name.startswith("xl/pivotTables/pivotTable")]
    roots = ((part, package.tree(part)) for part in parts)
    return {root.get("name"): (part, root) for part, root in roots}


def listed(package):
    """Return the part of each cache by its number in the list of the workbook."""
    leads = {one.id: one.target for one in package.relations(package.main())}
    entries = package.tree(package.main()).iter(f"{{{MAIN}}}pivotCache")
    return [(one.get("cacheId"), leads[one.get(f"{{{OFFICE}}}id")]) for one in entries]


def cache_over(package, table):
    """Return number and part of the cache that reads `table`."""
    named = f'name="{table}"'.encode()
    return next((number, part) for number, part in listed(package) if named in package.read(part))


def led(package, pivot, *, number=None, table=None):
    """Give a pivot another number, or have its relationship lead to the cache of another table ("" for none)."""
    part, root = pivots_of(package)[pivot]
    if number is not None:
        root.set("cacheId", str(number))
        package.write_tree(part, root)
    if table is not None:
        for relation in package.relations(part):
            package.leave(part, relation.target)
        if table:
            package.relate(part, f"{OFFICE}/pivotCacheDefinition", cache_over(package, table)[1])


def number_of(package, table):
    return cache_over(package, table)[0]


def another_source(package):
    led(package, "pv_kinh_phi", table="dl_ap_dung")


def no_source(package):
    led(package, "pv_kinh_phi", table="")


def another_number(package):
    led(package, "pv_kinh_phi", number=number_of(package, "dl_ap_dung"))


def a_number_of_none(package):
    led(package, "pv_kinh_phi", number=99)


def two_sources_swapped(package):
    """Both tables have as many columns."""
    led(package, "pv_chi_tieu", table="dl_vuong_mac")
    led(package, "pv_vuong_mac", table="dl_chi_tieu")


def two_numbers_swapped(package):
    targets, obstacles = number_of(package, "dl_chi_tieu"), number_of(package, "dl_vuong_mac")
    led(package, "pv_chi_tieu", number=obstacles)
    led(package, "pv_vuong_mac", number=targets)


def one_number_for_two(package):
    funding, applications = number_of(package, "dl_kinh_phi"), number_of(package, "dl_ap_dung")
    root = package.tree(package.main())
    for entry in root.iter(f"{{{MAIN}}}pivotCache"):
        if entry.get("cacheId") == funding:
            entry.set("cacheId", applications)
    package.write_tree(package.main(), root)
    for name in ("pv_kinh_phi", "pv_nguon_von"):
        led(package, name, number=applications)


def numbers_as_of_excel(package):
    """Excel numbers caches as it likes, and lists them as it likes."""
    numbers = {number: str(7 * int(number) + 10) for number, _ in listed(package)}
    root = package.tree(package.main())
    caches = root.find(f"{{{MAIN}}}pivotCaches")
    caches[:] = reversed(caches)
    for entry in caches:
        entry.set("cacheId", numbers[entry.get("cacheId")])
    package.write_tree(package.main(), root)
    for name, (_, pivot) in pivots_of(package).items():
        led(package, name, number=numbers[pivot.get("cacheId")])


def another_heading(package):
    """Somebody types over the heading of a filter, as any program but Excel lets him."""
    sheet = next(sheet.part for sheet in WorkbookXml(package).sheets if sheet.tab == "Pivot công cụ")
    root = package.tree(sheet)
    cell = next(cell for cell in root.iter(f"{{{MAIN}}}c") if cell.get("r") == "A5")
    assert text_of(cell, shared_texts(package)) == "Kỳ"
    cell.set("t", "str")
    cell.find(f"{{{MAIN}}}v").text = "Kỳ báo cáo"
    package.write_tree(sheet, root)


def with_own_pivot(package):
    """Put a pivot over a table of one's own on the first sheet, whose cache so becomes the first."""
    table = Table("cua_toi", OLD)
    pivot = Pivot("cua toi", table, ("Kỳ",), Measure("Số tiền", "Cộng", "#,##0"))
    add_pivots(package, [Place(pivot, "Tổng quan", (200, 0))], "vi")


def by_openpyxl(content, times=1):
    for _ in range(times):
        saved = io.BytesIO()
        openpyxl.load_workbook(io.BytesIO(content)).save(saved)
        content = saved.getvalue()
    return content


def edited(content, edit):
    package = Package(content)
    edit(package)
    return package.to_bytes()


def joins(content):
    """Return for each pivot the tables that its number and its relationship lead to."""
    package = Package(content)
    sources = {part: next(package.tree(part).iter("{*}worksheetSource")) for _, part in listed(package)}
    over = {part: source.get("name") for part, source in sources.items()}
    numbers = dict(listed(package))
    assert len(numbers) == len(over), "each cache has a number of its own"
    return {
        name: (over[numbers[root.get("cacheId")]], *(over[one.target] for one in package.relations(part)))
        for name, (part, root) in pivots_of(package).items()
    }


def shown(path):
    sheets = [sheet for sheet in openpyxl.load_workbook(path) if sheet.title.startswith("Pivot")]
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in sheets}


def sums(office, path):
    """Return what LibreOffice shows in our pivots after it has refreshed them."""
    return {name: one["cells"] for name, one in office.pivots(path).items() if name in PIVOTS}


def saved_three_times(content):
    return by_openpyxl(content, times=3)


def saved_behind_a_cache_of_ones_own(content):
    return by_openpyxl(edited(content, with_own_pivot))


ALL_OF_TWO_CACHES = "pv_cong_cu, pv_don_vi_34, pv_don_vi_63, pv_kinh_phi, pv_nguon_von"


@pytest.mark.parametrize(
    "case",
    [
        (by_openpyxl, "pv_kinh_phi"),
        (saved_three_times, "pv_kinh_phi"),
        (saved_behind_a_cache_of_ones_own, "pv_cong_cu, pv_don_vi_63, pv_kinh_phi"),
        (partial(edited, edit=another_source), "pv_kinh_phi"),
        (partial(edited, edit=no_source), "pv_kinh_phi"),
        (partial(edited, edit=another_number), "pv_kinh_phi"),
        (partial(edited, edit=a_number_of_none), "pv_kinh_phi"),
        (partial(edited, edit=two_sources_swapped), "pv_chi_tieu, pv_vuong_mac"),
        (partial(edited, edit=two_numbers_swapped), "pv_chi_tieu, pv_vuong_mac"),
        (partial(edited, edit=one_number_for_two), ALL_OF_TWO_CACHES),
        (partial(edited, edit=numbers_as_of_excel), ""),
        (partial(edited, edit=another_heading), ""),
    ],
)
def test_a_pivot_whose_source_is_told_wrongly_shows_the_figures_of_its_own_table(
    stores, made, wanted, office, tmp_path, case
):
    spoil, names = case
    path, former = tmp_path / "so.xlsx", made[0].read_bytes()
    path.write_bytes(spoil(former))
    done = run("refresh", path, "--store", stores[1])
    said = [line for line in done.output.splitlines() if "ghi sai nguồn" in line]
    assert (done.exit_code, [line.rpartition(": ")[2] for line in said]) == (0, [names] if names else [])
    assert "PivotTable hiện số mới" in done.output
    ours = {name: led_to for name, led_to in joins(path.read_bytes()).items() if name in PIVOTS}
    assert ours == {name: led_to for name, led_to in joins(former).items() if name in PIVOTS}
    assert (shown(path), sums(office, path)) == wanted


def test_what_libreoffice_saved_and_openpyxl_after_it_shows_the_right_figures(stores, made, office, tmp_path):
    saved, again, anew = (tmp_path / name for name in ("lo.xlsx", "lo-openpyxl.xlsx", "anew.xlsx"))
    office.save_as(made[0], saved)
    office.save_as(made[1], anew)
    again.write_bytes(by_openpyxl(saved.read_bytes()))
    done = run("refresh", saved, "--store", stores[1])
    assert (done.exit_code, "nguồn" in done.output) == (0, False), "LibreOffice says one thing only"
    assert "pv_kinh_phi" in run("refresh", again, "--store", stores[1]).output
    for path in (saved, again):
        assert sums(office, path) == sums(office, anew)


def test_a_template_that_openpyxl_saved_is_filled_rightly(stores, made, wanted, office, tmp_path):
    template, filled = tmp_path / "mẫu.xlsx", tmp_path / "theo mẫu.xlsx"
    book = openpyxl.load_workbook(made[0])
    for sheet in [sheet for sheet in book if not sheet.title.startswith(("Pivot", "Dữ liệu"))]:
        book.remove(sheet)
    book.save(template)
    done = run("rollup", "--store", stores[1], "--template", template, "-o", filled)
    assert (done.exit_code, "ghi sai nguồn" in done.output) == (0, True)
    assert (shown(filled), sums(office, filled)) == wanted


def swapped_altogether(package):
    two_sources_swapped(package)
    two_numbers_swapped(package)


def no_source_at_all(package):
    led(package, "pv_kinh_phi", number=99, table="")


@pytest.mark.parametrize(
    ("spoil", "names"),
    [(swapped_altogether, ["pv_chi_tieu", "pv_vuong_mac"]), (no_source_at_all, ["pv_kinh_phi"])],
)
def test_a_pivot_of_ours_that_leads_elsewhere_altogether_is_left_and_named(
    stores, made, tmp_path, spoil, names
):
    path = tmp_path / "so.xlsx"
    path.write_bytes(edited(made[0].read_bytes(), spoil))
    before = Package(path.read_bytes())
    done = run("refresh", path, "--store", stores[1], "--lang", "en")
    said = [line.split()[2] for line in done.output.splitlines() if "is left as it was, because" in line]
    assert (done.exit_code, sorted(said)) == (0, names)
    assert f"{len(PIVOTS) - len(names)} PivotTables show them" in done.output
    after = Package(path.read_bytes())
    parts = [pivots_of(after)[name][0] for name in names]
    assert [after.read(part) for part in parts] == [before.read(part) for part in parts]


def test_two_tables_with_the_same_columns_are_not_guessed_between():
    own = Own().table()
    other = own.book.add_worksheet("Khác")
    other.add_table("A1:C2", {"name": "dl_hai", "columns": [{"header": name} for name in HEADINGS]})
    package = Package(own.saved())
    pivot = Pivot("pv2", Table("dl_hai", OLD), ("Kỳ",), Measure("Số tiền", "Cộng", "#,##0"))
    add_pivots(package, [Place(pivot, "Khác", (9, 0))], "vi")
    led(package, "pv2", table="dl_thu")
    rows = pl.DataFrame([("Huế", "2025", 3)], HEADINGS, orient="row")
    given = {name: [Table(name, rows)] for name in ("dl_thu", "dl_hai")}
    done = with_current_rows(package.to_bytes(), given)
    (told,) = done.fresh.warnings
    assert told.en.startswith('PivotTable pv2 (sheet "Khác") is left as it was')
    assert done.fresh.pivots == 1
    after = Package(done.content)
    part = pivots_of(after)["pv2"][0]
    assert after.read(part) == package.read(part)
    assert after.relations(part) == package.relations(part)


def test_pivots_that_have_nothing_to_do_with_our_tables_stay_as_they_are():
    package = Package(Own().table().saved())
    for name in ("khác 1", "khác 2"):
        pivot = Pivot(name, Table(name.replace(" ", "_"), OLD), ("Kỳ",), Measure("Số tiền", "Cộng", "#,##0"))
        add_pivots(package, [Place(pivot, "Số liệu", (50, 9))], "vi")
    led(package, "khác 2", table="khác_1")
    done = with_current_rows(package.to_bytes(), {"dl_thu": [Table("dl_thu", OLD)]})
    assert (done.fresh.pivots, done.fresh.warnings) == (1, ())
    after = Package(done.content)
    part = pivots_of(after)["khác 2"][0]
    assert after.relations(part) == package.relations(part)
