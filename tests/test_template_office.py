"""What a person meets in LibreOffice: live dropdowns, refusals, highlighting, tables."""

import re
from datetime import date

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from stdnum.vn import mst

from tests.office import Refused
from xltrack.excel.formats import MARKS
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.forms import load_schemas

pytestmark = [pytest.mark.office, pytest.mark.slow]

MARK_OF = {MARKS[mark]["bg_color"].replace("#", "FF"): mark for mark in ("wrong", "doubtful", "missing")}


def column_letter(sheet, column):
    ids = [c.id for c in load_schemas().form().by_id[sheet].columns]
    return get_column_letter(1 + ids.index(column))


def at(sheet, column, row=5):
    """Return the address of a column in a row of a table, the first row if not said otherwise."""
    return f"{column_letter(sheet, column)}{row}"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    schemas = load_schemas()
    path = tmp_path_factory.mktemp("template") / "bac-ninh.xlsx"
    unit, round_ = schemas.units.by_code["T34-24"], schemas.units.round(2025, "annual")
    write_template(path, schemas.form(), schemas, TemplateOptions(unit=unit, round=round_))
    return path


def test_every_table_is_native_protected_and_keeps_its_heading_in_sight(office, template):
    form = load_schemas().form()
    seen = office.inspect(template, aspects=["tables", "protected", "hidden_rows", "frozen"])["sheets"]
    for sheet in form.tables:
        tab = seen[sheet.tab]
        table = tab["tables"][f"tbl_{sheet.id}"]
        last = f"{get_column_letter(len(sheet.columns))}504"
        assert (table["range"], table["filter_buttons"]) == (f"A4:{last}", True)
        assert (tab["protected"], tab["hidden_rows"], tab["frozen"]["rows"]) == (True, [3], 4)


def test_dropdowns_offer_vietnamese_texts(office, template):
    cell = at("funding", "source")
    offered = office.choices(template, {"KINH_PHI": [cell]})["KINH_PHI"][cell]
    assert "Ngân sách địa phương" in offered


def test_every_dropdown_offers_its_whole_list(office, template):
    schemas = load_schemas()
    listed = [
        (sheet, column)
        for sheet in schemas.form().tables
        for column in sheet.columns
        if column.code_list and column.code_list != "units"
    ]
    wanted: dict[str, list[str]] = {}
    for sheet, column in listed:
        wanted.setdefault(sheet.tab, []).append(at(sheet.id, column.id))
    offered = office.choices(template, wanted)
    for sheet, column in listed:
        codes = schemas.code_lists[column.code_list or ""]
        shown = {codes.shown(entry) for entry in codes.codes}
        assert set(offered[sheet.tab][at(sheet.id, column.id)]) == shown, column.id


def test_a_dependent_dropdown_follows_its_parent(office, template, tmp_path):
    parent, child = at("enterprises", "province_code"), at("enterprises", "former_province_code")
    before = office.choices(template, {"DOANH_NGHIEP": [child]})["DOANH_NGHIEP"][child]
    chosen = office.fill(template, {"DOANH_NGHIEP": {parent: "T34-24 – Bắc Ninh"}}, tmp_path / "chosen.xlsx")
    after = office.choices(chosen, {"DOANH_NGHIEP": [child]})["DOANH_NGHIEP"][child]
    assert len(before) == 63
    assert after == ["T63-24 – Bắc Giang", "T63-27 – Bắc Ninh"]


def test_a_reference_offers_what_the_other_sheet_holds_by_kind(office, template, tmp_path):
    kinds = {5: "Nhiệm vụ", 6: "Đào tạo, truyền thông", 7: "Khác"}
    entries = {
        "NHIEM_VU": {at("tasks", "task_id", 5): "NV-01", at("tasks", "task_id", 6): "NV-02"},
        "KINH_PHI": {at("funding", "subject_kind", row): kind for row, kind in kinds.items()},
    }
    filled = office.fill(template, entries, tmp_path / "filled.xlsx")
    cells = [at("funding", "subject_id", row) for row in kinds]
    offered = office.choices(filled, {"KINH_PHI": cells})["KINH_PHI"]
    assert [[text for text in offered[cell] if text] for cell in cells] == [["NV-01", "NV-02"], [], []]


def test_what_is_no_code_no_number_no_yes_is_stopped(office, template, tmp_path):
    wrong = {
        at("enterprises", "legal_form"): "Tập đoàn",
        at("enterprises", "insured_workers"): "bốn mươi",
        at("enterprises", "women_led"): "đúng",
        at("enterprises", "tax_code"): "123",
    }
    with pytest.raises(Refused) as refused:
        office.fill(template, {"DOANH_NGHIEP": wrong}, tmp_path / "never.xlsx")
    assert {cell.partition("!")[2] for cell in refused.value.cells} == set(wrong)


@pytest.mark.parametrize(
    ("tab", "cell"), [("DOANH_NGHIEP", "A4"), ("DOANH_NGHIEP", "X5"), ("BIA", "C7"), ("BIA", "C20")]
)
def test_what_is_not_to_be_filled_in_is_locked(office, template, tmp_path, tab, cell):
    with pytest.raises(Refused):
        office.fill(template, {tab: {cell: "x"}}, tmp_path / "never.xlsx")


def test_the_examples_of_the_form_pass_every_rule(office, tmp_path):
    schemas = load_schemas()
    form = schemas.form()
    path = tmp_path / "examples.xlsx"
    rows = {sheet.id: [_examples(sheet)] for sheet in form.sheets}
    currency = form.cover.by_id["currency_unit"].example
    write_template(path, form, schemas, TemplateOptions(rows=rows, currency=str(currency)))
    # An indicator of one's own is in no list: its dropdown warns, and lets it pass.
    assert office.invalid_cells(path) == {"CHI_TIEU": [at("targets", "indicator_code")]}


def _examples(sheet):
    given = {column.id: column.example for column in sheet.columns if column.example is not None}
    dates = {column.id for column in sheet.columns if column.type == "date"}
    return {name: date.fromisoformat(value) if name in dates else value for name, value in given.items()}


def enterprise(number, **changes):
    """Return a row with nothing wrong, whose tax code has a right check digit."""
    code = str(10_100_000 + number).zfill(9)
    right = {"tax_code": code + mst.calc_check_digit(code), "enterprise_name": "Công ty TNHH Ví Dụ"}
    return right | {"province_code": "T34-24", "vsic_version": "2018", "vsic_code": "C"} | changes


def funding(year, **changes):
    kinds = {"subject_kind": "other", "source": "local_budget", "figure_kind": "disbursed"}
    return {"year": year, "amount": 5_000_000} | kinds | changes


def task(number, **changes):
    kinds = {"programme": "36", "task_kind": "assigned", "level": "province"}
    return {"task_id": f"NV-{number}", "task_name": "Tập huấn", "lead_agency": "Sở KH&CN"} | kinds | changes


def step(number, **changes):
    kinds = {"programme": "36", "milestone_kind": "draft", "due_kind": "none"}
    return {"sequence": number, "content": "Dự thảo"} | kinds | changes


def goal(code, **changes):
    return {"programme": "36", "period_kind": "annual", "period": "2025", "indicator_code": code} | changes


LIVE: dict[str, list] = {
    # Rows below each other, each with the columns looked at and how they are highlighted.
    "enterprises": [
        (enterprise(1), {"tax_code": None, "enterprise_name": None, "vsic_code": None, "address": None}),
        ({}, {"tax_code": None, "enterprise_name": None}),
        (enterprise(2, enterprise_name=None), {"enterprise_name": "missing"}),
        (enterprise(3, enterprise_name=" "), {"enterprise_name": "missing"}),
        (enterprise(0, tax_code="0101248142"), {"tax_code": "doubtful"}),
        (enterprise(0, tax_code="0101248142-001"), {"tax_code": "doubtful"}),
        (enterprise(0, tax_code="0101248143", tax_code_confirmed=True), {"tax_code": None}),
        (enterprise(0, tax_code="101248141"), {"tax_code": "wrong"}),
        (enterprise(4), {"tax_code": "wrong"}),
        (enterprise(4), {"tax_code": "wrong"}),
        (enterprise(5, legal_form="Tập đoàn"), {"legal_form": "wrong"}),
        (enterprise(6, legal_form="Hợp tác xã"), {"legal_form": None}),
        (enterprise(7, former_province_code="T63-27"), {"former_province_code": None}),
        (enterprise(8, former_province_code="T63-01"), {"former_province_code": "wrong"}),
        (enterprise(9, vsic_version=None), {"vsic_version": "missing"}),
        (enterprise(10, vsic_code="10209"), {"vsic_code": None}),
        (enterprise(11, insured_workers=-1), {"insured_workers": "wrong"}),
        (enterprise(12, insured_workers=1.5), {"insured_workers": "wrong"}),
        (enterprise(13, insured_workers="45 người"), {"insured_workers": "wrong"}),
        (enterprise(14, size_year=2205), {"size_year": "wrong"}),
        (enterprise(15, size_year=2024), {"size_year": None}),
        (enterprise(16, commune="x" * 101), {"commune": "wrong"}),
        (enterprise(17, women_led="đúng"), {"women_led": "wrong"}),
        (enterprise(18, women_led=True), {"women_led": None}),
        (enterprise(19, product_id="SP-99"), {"product_id": "wrong"}),
    ],
    "funding": [
        (funding(2011), {"subject_id": None, "year": None}),
        (funding(2012, subject_kind="task"), {"subject_id": "missing"}),
        (funding(2013, subject_kind="task", subject_id="NV-99"), {"subject_id": "wrong"}),
        (funding(2014, subject_kind="task", subject_id="NV-1"), {"subject_id": None}),
        (funding(2015, subject_id="NV-99"), {"subject_id": None}),
        (funding(2016), {"year": "wrong", "programme": "wrong"}),
        (funding(2016), {"year": "wrong"}),
        (funding(2016, spending_item="Đi lại khác"), {"year": None, "spending_item": "wrong"}),
        (funding(2017, amount=-5_000_000), {"amount": "wrong"}),
    ],
    "tasks": [
        (task(1), {"task_group": None, "start_date": None}),
        (task(2, programme="1322"), {"task_group": "missing"}),
        (task(3, start_date="tháng 3"), {"start_date": "wrong"}),
        (task(4, start_date=date(1905, 3, 1)), {"start_date": "wrong"}),
        (task(5, start_date=date(2025, 3, 1)), {"start_date": None}),
    ],
    "milestones": [
        (step(1), {"due_date": None}),
        (step(2, due_kind="before"), {"due_date": "missing"}),
    ],
    "targets": [
        (goal("DP-01"), {"indicator_name": "missing", "indicator_code": None}),
        (goal("DP-02", indicator_name="Tên"), {"indicator_name": None}),
    ],
}


def test_highlighting_is_live(office, tmp_path):
    schemas = load_schemas()
    form = schemas.form()
    path = tmp_path / "live.xlsx"
    rows = {sheet: [row for row, _ in cases] for sheet, cases in LIVE.items()}
    write_template(path, form, schemas, TemplateOptions(rows=rows))
    book = openpyxl.load_workbook(path)
    probes = {}
    for sheet, cases in LIVE.items():
        looked_at = [at(sheet, column, 5 + n) for n, (_, marks) in enumerate(cases) for column in marks]
        probes[form.by_id[sheet].tab] = _probe(book[form.by_id[sheet].tab], looked_at)
    book.save(path)
    worked = office.cells(path, {tab: list(cells) for tab, cells in probes.items()})
    for sheet, cases in LIVE.items():
        tab = form.by_id[sheet].tab
        true = [told for probe, told in probes[tab].items() if worked[tab][probe]["text"] == "x"]
        seen = [{c: _gravest(true, at(sheet, c, 5 + n)) for c in marks} for n, (_, marks) in enumerate(cases)]
        assert seen == [marks for _, marks in cases]


def _probe(tab, cells):
    """Write every highlighting formula of `cells` beside the table: {address: (cell, mark)}."""
    probes: dict[str, tuple[str, str]] = {}
    for cell in cells:
        for held in tab.conditional_formatting:
            if cell not in held.sqref:
                continue
            anchor = min(held.sqref.ranges, key=lambda area: area.min_col).coord.partition(":")[0]
            for rule in held.rules:
                mark = MARK_OF.get(rule.dxf.fill.bgColor.rgb) if rule.dxf.fill else None
                if mark:
                    formula = Translator(f"={rule.formula[0]}", anchor).translate_formula(cell)
                    formula = _spelt_out(formula, tab.parent, cell)
                    probe = f"ZZ{1000 + len(probes)}"
                    tab[probe] = f'=IF({formula[1:]},"x","")'
                    probes[probe] = (cell, mark)
    return probes


def _spelt_out(formula, book, cell):
    """Return `formula` with what its names for conditions say in the row of `cell`."""

    def said(match):
        return (
            "(" + Translator(f"={book.defined_names[match[0]].value}", "A1").translate_formula(cell)[1:] + ")"
        )

    return re.sub(r"\brow_\w+", said, formula)


def _gravest(true, cell):
    return next((mark for mark in ("wrong", "doubtful", "missing") if (cell, mark) in true), None)
