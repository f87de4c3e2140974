"""The workbook as a file: what stands where, what is locked, what is text, and that it is always the same."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openxml_audit import OpenXmlValidator

from xltrack.errors import OutputError, UnknownName
from xltrack.excel.live import FIRST_SERIAL, LAST_SERIAL
from xltrack.excel.template import TemplateOptions, template_name, write_template
from xltrack.excel.wording import serial
from xltrack.forms import load_schemas, shipped
from xltrack.pipeline import write_templates
from xltrack.reading import dates

SCHEMAS = load_schemas()
FORM = SCHEMAS.form()
BAC_NINH = SCHEMAS.units.by_code["T34-24"]
ROUNDS = {round_.name: round_ for round_ in SCHEMAS.units.rounds}
ANNUAL = ROUNDS["2025-annual"]
TABS = [sheet.tab for sheet in FORM.sheets]


def written(path, **options):
    """Write a template to `path` and return it as openpyxl sees it."""
    write_template(path, FORM, SCHEMAS, TemplateOptions(**options))
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("template") / "bac-ninh.xlsx"


@pytest.fixture(scope="module")
def book(path):
    return written(path, unit=BAC_NINH, round=ANNUAL)


def cover_cell(book, column):
    """Return the value cell of a column of the cover, found by the hidden ids."""
    sheet = book[FORM.cover.tab]
    return next(row[2] for row in sheet.iter_rows() if row[0].value == column)


def column_format(sheet, number):
    """Return the format that blank cells of column `number` have."""
    spans = sheet.column_dimensions.values()
    return next(span for span in spans if (span.min or 0) <= number <= (span.max or 0))


def names_in(formula):
    """Return the defined names that a formula uses."""
    return set(
        re.findall(r"\b(?:list|code|known|parent|child|first|col|count|pick|no)_\w+|\bnothing\b", formula)
    )


class TestStructure:
    def test_tabs_stand_in_order_and_helpers_are_hidden(self, book):
        assert book.sheetnames == ["HUONG_DAN", *TABS, "Kiểm tra", "DANH_MUC", "_xltrack"]
        states = {sheet.title: sheet.sheet_state for sheet in book if sheet.sheet_state != "visible"}
        assert states == {"DANH_MUC": "hidden", "_xltrack": "veryHidden"}
        assert book.active.title == "HUONG_DAN"

    @pytest.mark.parametrize("sheet", FORM.tables, ids=lambda sheet: sheet.id)
    def test_a_table_stands_under_a_hidden_row_of_ids(self, book, sheet):
        tab = book[sheet.tab]
        assert [cell.value for cell in tab[3]] == [column.id for column in sheet.columns]
        assert tab.row_dimensions[3].hidden
        assert tab.freeze_panes[-1] == "5"
        table = tab.tables[f"tbl_{sheet.id}"]
        last = get_column_letter(len(sheet.columns))
        assert (table.ref, table.autoFilter.ref) == (f"A4:{last}504", f"A4:{last}504")

    @pytest.mark.parametrize("sheet", FORM.tables, ids=lambda sheet: sheet.id)
    def test_no_column_printed_on_every_page_cuts_the_title(self, book, sheet):
        tab = book[sheet.tab]
        repeated = (range_boundaries(tab.print_title_cols)[2] or 0) if tab.print_title_cols else 0
        top = {cell.coordinate: cell.value for row in tab["1:2"] for cell in row if cell.value}
        start = get_column_letter(repeated + 1)
        assert list(top) == [f"{start}1", f"{start}2"]
        assert top[f"{start}1"] == f"{sheet.title.vi} — {sheet.title.en}"
        assert (repeated > 0) == (tab.page_setup.fitToWidth not in (None, 1))
        assert sheet.title.vi in tab.oddFooter.left.text

    @pytest.mark.parametrize("sheet", FORM.tables, ids=lambda sheet: sheet.id)
    def test_headings_have_both_languages_the_unit_and_a_star(self, book, sheet):
        for cell, column in zip(book[sheet.tab][4], sheet.columns, strict=True):
            vietnamese, english = cell.value.split("\n")
            assert (column.title.vi in vietnamese, column.title.en in english) == (True, True)
            assert vietnamese.endswith(" *") == column.required
            assert ("(triệu đồng)" in vietnamese, "(million VND)" in english) == (column.money,) * 2

    @pytest.mark.parametrize("sheet", FORM.tables, ids=lambda sheet: sheet.id)
    def test_no_text_is_cut_off_at_the_edge_of_its_column(self, book, sheet):
        """An id that is longer than its column would end at the cell beside it, on paper too."""
        for number, column in enumerate(sheet.columns, 1):
            look = column_format(book[sheet.tab], number).alignment
            assert column.type != "string" or look.wrap_text or look.shrink_to_fit, column.id

    @pytest.mark.parametrize("sheet", FORM.tables, ids=lambda sheet: sheet.id)
    def test_blank_rows_are_open_and_typed_without_any_cell(self, book, sheet):
        tab = book[sheet.tab]
        assert tab.max_row == 4
        for number, column in enumerate(sheet.columns, 1):
            blank = column_format(tab, number)
            assert (tab.cell(4, number).protection.locked, blank.protection.locked) == (True, False)
            if column.type == "string":
                assert blank.number_format == "@", column.id
            if column.type == "date":
                assert blank.number_format == "dd/mm/yyyy", column.id
            if column.type == "integer" and not column.money:
                assert blank.number_format in ("0", "#,##0"), column.id

    def test_the_cover_has_heading_labels_and_prefilled_values(self, book):
        sheet = book[FORM.cover.tab]
        texts = [cell.value for row in sheet.iter_rows(max_row=5) for cell in row if cell.value]
        assert texts[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
        assert texts[2].startswith("BÁO CÁO ")
        assert [row[0].value for row in sheet.iter_rows(min_row=7)] == [c.id for c in FORM.cover.columns]
        assert sheet.column_dimensions["A"].hidden
        prefilled = {c.id: cover_cell(book, c.id).value for c in FORM.cover.columns}
        assert {name: value for name, value in prefilled.items() if value is not None} == {
            "form_id": FORM.id,
            "form_version": FORM.version,
            "unit_code": "T34-24 – Bắc Ninh",
            "unit_name": "Bắc Ninh",
            "period_kind": "Năm",
            "year": 2025,
            "data_from": cover_cell(book, "data_from").value,
            "submission_no": 1,
            "submission_kind": "Gửi đầy đủ",
            "part_no": 1,
            "part_count": 1,
            "currency_unit": "triệu đồng",
        }
        assert cover_cell(book, "data_from").value.date() == ANNUAL.data_from

    def test_a_cut_off_after_the_due_date_is_left_to_the_sender(self, book, tmp_path):
        half = ROUNDS["2025-half"]
        other = written(tmp_path / "half.xlsx", unit=SCHEMAS.units.by_code["T63-24"], round=half)
        assert half.cut_off <= half.on_time_until
        assert ANNUAL.cut_off > ANNUAL.on_time_until
        assert cover_cell(other, "cut_off_date").value.date() == half.cut_off
        assert cover_cell(book, "cut_off_date").value is None

    def test_the_workbook_says_what_it_is_twice(self, book):
        facts = {"form": FORM.id, "version": FORM.version, "unit": "T34-24", "year": "2025"}
        facts |= {"period": "annual", "schema": SCHEMAS.fingerprint}
        properties = {prop.name: prop.value for prop in book.custom_doc_props.props}
        assert properties == {f"xltrack_{name}": value for name, value in facts.items()}
        rows = [[cell for cell in row if cell is not None] for row in book["_xltrack"].values]
        assert dict(rows[:6]) == facts
        assert [row[:3] for row in rows[6:]] == [["sheet", sheet.id, sheet.tab] for sheet in FORM.sheets]
        assert rows[6 + TABS.index("DOANH_NGHIEP")][3:] == ["4", "A", "W"]

    def test_the_blank_workbook_names_nobody(self, tmp_path):
        book = written(tmp_path / "blank.xlsx")
        assert cover_cell(book, "unit_code").value is None
        assert {prop.name for prop in book.custom_doc_props.props} == {
            "xltrack_form",
            "xltrack_version",
            "xltrack_schema",
        }

    def test_the_instructions_lead_to_every_sheet_and_say_that_the_form_is_a_proposal(self, book):
        sheet = book["HUONG_DAN"]
        links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        assert links == [f"'{tab}'!A1" for tab in TABS]
        text = " ".join(str(cell) for row in sheet.values for cell in row if cell)
        for words in ("đề xuất", "không phải biểu mẫu chính thức", "T34-24", "29/11/2025"):
            assert words in text

    def test_the_instructions_name_the_sheets_to_fill_in_before_those_to_their_left(self, book):
        references = ((s, c.references) for s in FORM.sheets for c in s.columns if c.references)
        earlier = {
            FORM.by_id[target].tab
            for sheet, reference in references
            for target, _ in reference.targets.values()
            if TABS.index(FORM.by_id[target].tab) > TABS.index(sheet.tab)
        }
        told = [cell for row in book["HUONG_DAN"].values for cell in row if cell]
        for opening in ("Thứ tự điền: ", "Order: "):
            (order,) = (text for text in told if str(text).startswith(opening))
            assert set(re.findall(r"[A-Z]+(?:_[A-Z]+)?\b", order)) & set(TABS) == {"BIA", *earlier}


class TestProtection:
    def test_people_may_sort_filter_and_format_and_nothing_has_a_password(self, book):
        for tab in TABS:
            guard = book[tab].protection
            # In the file a 0 means that it is allowed.
            assert guard.sheet
            assert guard.password is None
            assert not any(
                (guard.sort, guard.autoFilter, guard.formatCells, guard.formatColumns, guard.formatRows)
            )
            assert not any((guard.insertHyperlinks, guard.selectLockedCells, guard.selectUnlockedCells))
            assert guard.insertColumns
            assert guard.deleteColumns

    def test_what_another_workbook_is_needed_for_is_locked_on_the_cover(self, book):
        locked = {c.id for c in FORM.cover.columns if cover_cell(book, c.id).protection.locked}
        assert locked == {"form_id", "form_version", "currency_unit"}

    def test_unprotected_opens_the_entry_sheets_only(self, tmp_path):
        book = written(tmp_path / "open.xlsx", protected=False)
        assert {sheet.title for sheet in book if sheet.protection.sheet} == {
            "Kiểm tra",
            "DANH_MUC",
            "_xltrack",
        }


class TestRules:
    def test_every_column_has_one_validation_with_a_prompt(self, book):
        for sheet in FORM.sheets:
            rules = book[sheet.tab].data_validations.dataValidation
            assert len(rules) == len(sheet.columns)
            for rule, column in zip(rules, sheet.columns, strict=True):
                assert rule.prompt.startswith(column.help.vi)
                assert len(rule.promptTitle.encode("utf-16-le")) <= 2 * 32
                assert (
                    max(len((text or "").encode("utf-16-le")) for text in (rule.prompt, rule.error))
                    <= 2 * 255
                )

    def test_codes_and_answers_are_chosen_from_a_list(self, book):
        for sheet in FORM.sheets:
            rules = book[sheet.tab].data_validations.dataValidation
            chosen = {c.id for rule, c in zip(rules, sheet.columns, strict=True) if rule.type == "list"}
            assert chosen == {
                c.id for c in sheet.columns if c.code_list or c.type == "boolean" or c.references
            }

    def test_only_open_lists_and_references_may_be_overruled(self, book):
        for sheet in FORM.sheets:
            rules = book[sheet.tab].data_validations.dataValidation
            soft = {
                c.id for rule, c in zip(rules, sheet.columns, strict=True) if rule.errorStyle == "warning"
            }
            assert soft == {c.id for c in sheet.columns if c.code_open or c.references}

    def test_formulas_keep_to_what_every_program_understands(self, book):
        formulas = [
            formula
            for sheet in book
            for formula in (
                *(rule.formula1 for rule in sheet.data_validations.dataValidation),
                *(
                    text
                    for held in sheet.conditional_formatting
                    for rule in held.rules
                    for text in rule.formula
                ),
            )
            if formula
        ]
        assert len(formulas) > 200
        assert max(map(len, formulas)) <= 255
        assert not [formula for formula in formulas if set("{[!") & set(re.sub('"[^"]*"', "", formula))]
        assert set().union(*map(names_in, formulas)) <= set(book.defined_names)

    def test_dates_have_the_limits_of_the_reader(self):
        assert (serial(dates.FIRST), serial(dates.LAST)) == (FIRST_SERIAL, LAST_SERIAL)

    def test_every_name_means_cells_of_a_sheet_that_exists(self, book):
        assert "list_tools" in book.defined_names
        for name, defined in book.defined_names.items():
            assert set(re.findall(r"(\w+|(?<=')[^']+)'?!", defined.value)) <= set(book.sheetnames), name

    def test_lists_hold_what_people_see_and_the_codes(self, book):
        column = FORM.by_id["enterprises"].by_id["legal_form"]
        codes = SCHEMAS.code_lists[column.code_list or ""]
        seen = {name: _cells(book, f"{name}_legal_forms") for name in ("list", "code")}
        assert seen == {
            "list": [codes.shown(entry) for entry in codes.codes],
            "code": [entry.code for entry in codes.codes],
        }

    @pytest.mark.parametrize(("currency", "shown"), [("million", "triệu đồng"), ("dong", "đồng")])
    def test_the_cover_offers_no_unit_of_money_but_that_of_the_headings(self, tmp_path, currency, shown):
        book = written(tmp_path / "t.xlsx", currency=currency, protected=False)
        rules = book[FORM.cover.tab].data_validations.dataValidation
        cell = cover_cell(book, "currency_unit")
        (rule,) = (rule for rule in rules if cell.coordinate in rule.sqref)
        assert (rule.formula1, rule.errorStyle) == ("list_currency_units", None)
        assert (cell.value, _cells(book, "list_currency_units")) == (shown, [shown])

    def test_parents_of_a_dependent_list_are_contiguous(self, book):
        for name in (name for name in book.defined_names if name.startswith("parent_")):
            parents = _cells(book, name)
            runs = [parent for n, parent in enumerate(parents) if n == 0 or parents[n - 1] != parent]
            assert len(runs) == len(set(runs)), name


def _cells(book, name):
    tab, _, area = book.defined_names[name].value.replace("$", "").partition("!")
    return [row[0].value for row in book[tab][area]]


class TestUnits:
    @pytest.mark.parametrize(
        ("unit", "year", "period", "scheme", "provinces"),
        [
            ("T34-24", 2025, "annual", "T34", 34),
            ("T63-24", 2025, "annual", "T63", 63),
            ("T63-24", 2025, "half", "T63", 63),
            ("T63-24", 2024, "annual", "T63", 63),
            ("BO-CT", 2025, "annual", "T34", 34),
            ("BO-CT", 2024, "annual", "T63", 63),
        ],
    )
    def test_provinces_are_those_of_the_unit_or_the_round(
        self, tmp_path, unit, year, period, scheme, provinces
    ):
        round_ = SCHEMAS.units.round(year, period)
        book = written(tmp_path / "t.xlsx", unit=SCHEMAS.units.by_code[unit], round=round_)
        codes = _cells(book, "code_units_province")
        assert ({code.partition("-")[0] for code in codes}, len(codes)) == ({scheme}, provinces)

    def test_the_cover_offers_the_units_that_may_send(self, book, tmp_path):
        later = written(tmp_path / "t.xlsx", round=SCHEMAS.units.round(2026, "annual"))
        assert {"T34-24", "T63-24", "BO-CT"} <= set(_cells(book, "code_units"))
        assert "T63-24" not in _cells(later, "code_units")

    @pytest.mark.parametrize(
        ("unit", "round_", "name"),
        [
            ("T34-24", (2025, "annual"), "XLT-1322_T34-24_Bac-Ninh_2025_nam.xlsx"),
            ("T63-66", (2024, "half"), "XLT-1322_T63-66_Dak-Lak_2024_6-thang.xlsx"),
            (None, None, "XLT-1322_trong.xlsx"),
        ],
    )
    def test_the_file_is_named_so_that_mail_lets_it_through(self, unit, round_, name):
        told = SCHEMAS.units.by_code[unit] if unit else None
        assert template_name(FORM, told, SCHEMAS.units.round(*round_) if round_ else None) == name


HOSTILE = [
    "=1+1",
    "+84 24 3791 1630",
    "-1",
    "@SUM(A1)",
    "https://example.vn",
    "mailto:a@b.vn",
    "007",
    "1E5",
    "{=A1}",
]
HOSTILE += ["_x000D_", "<b>&amp;</b>", "a\nb", "'0101", "TRUE", "internal:BIA!A1", "2025-01-01"]


class TestRows:
    def test_text_stays_text(self, tmp_path):
        rows = [{"sequence": n, "obstacle": text} for n, text in enumerate(HOSTILE, 1)]
        book = written(tmp_path / "t.xlsx", rows={"obstacles": rows})
        cells = [row[2] for row in book["VUONG_MAC"].iter_rows(min_row=5)]
        assert [cell.value for cell in cells] == HOSTILE
        assert {cell.data_type for cell in cells} == {"s"}
        assert {cell.hyperlink for cell in cells} == {None}

    def test_values_are_written_as_people_would_enter_them(self, tmp_path):
        row = {
            "tax_code": "0101234567",
            "province_code": "T34-24",
            "vsic_version": "2025",
            "vsic_code": "K",
            "insured_workers": 45,
            "revenue": 38_500_500_000,
            "women_led": True,
            "exporter": False,
            "address": None,
        }
        legal_form = SCHEMAS.code_lists["legal_forms"].codes[0]
        row["legal_form"] = legal_form.code
        book = written(tmp_path / "t.xlsx", rows={"enterprises": [row]})
        ids, _, values = book["DOANH_NGHIEP"].iter_rows(min_row=3, max_row=5, values_only=True)
        seen = dict(zip(ids, values, strict=True))
        vsic = next(e for e in SCHEMAS.code_lists["vsic"].codes if (e.code, e.parent) == ("K", "2025"))
        assert {name: value for name, value in seen.items() if value is not None} == {
            "tax_code": "0101234567",
            "legal_form": legal_form.label.vi,
            "province_code": "T34-24 – Bắc Ninh",
            "vsic_version": "VSIC 2025",
            "vsic_code": f"K – {vsic.label.vi}",
            "insured_workers": 45,
            "revenue": 38500.5,
            "women_led": "Có",
            "exporter": "Không",
        }

    @pytest.mark.parametrize(
        ("currency", "dong", "shown"),
        [
            ("dong", 1_250_000, 1_250_000),
            ("thousand", 1_250_500, 1250.5),
            ("million", 1, 0.000001),
            ("million", 123_456_789_012_345, 123456789.012345),
            ("billion", 1_250_000_000, 1.25),
            ("billion", 0, 0),
        ],
    )
    def test_money_is_exact_in_the_unit_of_the_workbook(self, tmp_path, currency, dong, shown):
        rows = {"funding": [{"amount": dong}]}
        book = written(tmp_path / "t.xlsx", rows=rows, currency=currency)
        column = [c.id for c in FORM.by_id["funding"].columns].index("amount") + 1
        assert book["KINH_PHI"].cell(5, column).value == shown
        assert (
            SCHEMAS.code_lists["currency_units"].by_code[currency].label.vi
            in book["KINH_PHI"].cell(4, column).value
        )

    def test_dates_are_real_dates(self, tmp_path):
        rows = {"tasks": [{"start_date": date(2025, 2, 1)}]}
        book = written(tmp_path / "t.xlsx", rows=rows)
        column = [c.id for c in FORM.by_id["tasks"].columns].index("start_date") + 1
        cell = book["NHIEM_VU"].cell(5, column)
        assert (cell.value.date(), cell.number_format) == (date(2025, 2, 1), "dd/mm/yyyy")

    def test_the_cover_takes_given_values_over_those_prefilled(self, tmp_path):
        rows = {"cover": [{"submission_no": 2, "figures_kind": "actual", "funding_total": 1_500_000}]}
        book = written(tmp_path / "t.xlsx", unit=BAC_NINH, round=ANNUAL, rows=rows)
        assert [cover_cell(book, name).value for name in ("submission_no", "funding_total")] == [2, 1.5]
        assert cover_cell(book, "unit_code").value == "T34-24 – Bắc Ninh"

    def test_a_table_grows_with_its_rows(self, tmp_path):
        rows = {"obstacles": [{"sequence": n} for n in range(1, 8)]}
        book = written(tmp_path / "t.xlsx", rows=rows, capacity=5)
        assert book["VUONG_MAC"].tables["tbl_obstacles"].ref.endswith("11")
        assert book["TIEN_DO"].tables["tbl_milestones"].ref.endswith("9")

    @pytest.mark.parametrize(
        "row",
        [
            {"no_such_column": 1},
            {"amount": 1_234_567_890_123_456_789},
            {"year": 12_345_678_901_234_567},
            {"legal_basis": "x" * 32_768},
        ],
    )
    def test_what_no_cell_can_hold_is_refused(self, tmp_path, row):
        with pytest.raises(ValueError, match=r"\w"):
            written(tmp_path / "t.xlsx", rows={"funding": [row]})
        assert not list(tmp_path.iterdir())

    def test_dates_that_excel_miscounts_are_refused(self, tmp_path):
        with pytest.raises(ValueError, match="1900"):
            written(tmp_path / "t.xlsx", rows={"tasks": [{"start_date": date(1900, 1, 1)}]})


class TestFile:
    def test_office_open_xml_is_valid(self, path, book, tmp_path):
        rows = {
            "obstacles": [{"sequence": 1, "obstacle": "x" * 2000}],
            "tasks": [{"start_date": date(2025, 2, 1)}],
        }
        filled = tmp_path / "filled.xlsx"
        written(filled, rows=rows, protected=False, currency="dong")
        for one in (path, filled):
            assert OpenXmlValidator().validate(one).errors == []

    def test_equal_arguments_give_equal_bytes(self, path, book, tmp_path):
        again = tmp_path / "again.xlsx"
        written(again, unit=BAC_NINH, round=ANNUAL)
        assert again.read_bytes() == path.read_bytes()

    def test_another_run_of_python_gives_equal_bytes(self, tmp_path):
        program = (
            "import sys, pathlib; from xltrack.forms import load_schemas;"
            "from xltrack.excel.template import write_template;"
            "s = load_schemas(); write_template(pathlib.Path(sys.argv[1]), s.form(), s)"
        )
        digests = set()
        for seed in ("1", "2"):
            target = tmp_path / f"{seed}.xlsx"
            settings = os.environ | {"PYTHONHASHSEED": seed}
            subprocess.run([sys.executable, "-c", program, str(target)], check=True, env=settings)
            digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
        assert len(digests) == 1

    def test_the_shipped_workbooks_are_what_the_schemas_give(self, tmp_path):
        shipped_one = shipped("templates_xlsx") / template_name(FORM, None, None)
        write_template(tmp_path / "t.xlsx", FORM, SCHEMAS)
        assert _parts(tmp_path / "t.xlsx") == _parts(shipped_one)

    def test_a_blank_workbook_is_small_enough_for_any_mailbox(self, path, book):
        assert path.stat().st_size < 180_000

    def test_a_place_that_cannot_be_written_is_the_operators_mistake(self, tmp_path):
        (tmp_path / "file").write_text("", encoding="utf-8")
        with pytest.raises(OutputError):
            write_template(tmp_path / "file" / "t.xlsx", FORM, SCHEMAS)

    def test_an_unknown_currency_is_the_operators_mistake(self, tmp_path):
        with pytest.raises(UnknownName):
            written(tmp_path / "t.xlsx", currency="dollar")

    def test_a_name_of_several_units_of_the_round_is_not_called_unknown(self, tmp_path):
        with pytest.raises(UnknownName) as caught:
            write_templates(["Nghệ An"], 2025, "annual", tmp_path)
        told = "Không có một đơn vị duy nhất gửi được trong kỳ mang tên `Nghệ An`. Có thể là: T34-40 Nghệ An, T63-40 "
        assert caught.value.message("vi").startswith(told)


def _parts(path):
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_an_optional_column_added_to_the_schema_needs_no_code(tmp_path):
    directory = tmp_path / "schemas"
    shutil.copytree(shipped("schemas"), directory)
    declared = directory / "forms" / FORM.id / "obstacles.json"
    sheet = json.loads(declared.read_text(encoding="utf-8"))
    sheet["properties"]["saved_hours"] = {
        "title": "Số giờ tiết kiệm",
        "x-title-en": "Hours saved",
        "description": "Số giờ công tiết kiệm được trong kỳ.",
        "x-help-en": "Working hours saved in the period.",
        "type": "integer",
        "minimum": 0,
    }
    declared.write_text(json.dumps(sheet, ensure_ascii=False), encoding="utf-8")
    schemas = load_schemas(directory)
    write_template(tmp_path / "t.xlsx", schemas.form(), schemas)
    tab = openpyxl.load_workbook(tmp_path / "t.xlsx")["VUONG_MAC"]
    number = len(sheet["properties"])
    assert (tab.cell(3, number).value, tab.cell(4, number).value) == (
        "saved_hours",
        "Số giờ tiết kiệm\nHours saved",
    )
    assert tab.tables["tbl_obstacles"].ref == f"A4:{get_column_letter(number)}504"
    assert tab.data_validations.dataValidation[-1].prompt.startswith("Số giờ công tiết kiệm")
    letter = get_column_letter(number)
    rules = [
        rule.formula
        for held in tab.conditional_formatting
        if f"{letter}5" in held.sqref
        for rule in held.rules
    ]
    assert any("ISNUMBER" in formula[0] for formula in rules)


def test_a_workbook_that_somebody_filled_in_is_not_written_over(tmp_path):
    (blank,) = write_templates(["T34-24"], 2025, "annual", tmp_path)
    assert write_templates(["T34-24"], 2025, "annual", tmp_path) == (blank,)
    blank.write_bytes(b"filled in")
    with pytest.raises(OutputError, match="filled in"):
        write_templates(["T34-24"], 2025, "annual", tmp_path)
    assert blank.read_bytes() == b"filled in"
